package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

const (
	// missingKeys is what is said to be missing while documents may lack the fields
	// that indexes are made of.
	missingKeys = "records.keys"
	// keysAreThere is the id of the note that none does.
	keysAreThere = "keys"
	// keysVersion goes up when there are more such fields, or other ones.
	keysVersion = "1"
	// filledAtOnce is how many documents are sent at once.
	filledAtOnce = 500
)

// keysFilled says whether all documents have had the fields that indexes are made
// of.
func (s *Store) keysFilled(ctx context.Context) (bool, error) {
	var d stateDoc
	err := s.db.Collection(state).FindOne(ctx, bson.D{{Key: "_id", Value: keysAreThere}}).Decode(&d)
	if err != nil && !isNone(err) {
		return false, fmt.Errorf("looking what documents have: %w", err)
	}
	return d.Text == keysVersion, nil
}

// fillKeys gives documents of an earlier First5 the fields that they lack, and
// those that it has changed since the fields that they should have. It can be
// broken off and repeated, and nobody need stop for it: a document that changes
// meanwhile is left as it is, since whoever changes it sees to that.
func (s *Store) fillKeys(ctx context.Context, told func(string)) error {
	n, err := fill(ctx, s, records, withoutAttempts(), recordDoc.fill)
	if err != nil {
		return fmt.Errorf("filling in the keys of records: %w", err)
	}
	m, err := fill(ctx, s, people, withoutSessions(), personDoc.fill)
	if err != nil {
		return fmt.Errorf("filling in the keys of people: %w", err)
	}
	if n+m > 0 {
		told(fmt.Sprintf("filled in what %d documents of an earlier First5 lacked", n+m))
		s.tallies.forget()
	}
	_, err = s.db.Collection(state).ReplaceOne(ctx, bson.D{{Key: "_id", Value: keysAreThere}},
		stateDoc{keysAreThere, keysVersion}, options.Replace().SetUpsert(true))
	if err != nil && !isThere(err) { // another replica may be at it
		return fmt.Errorf("noting what documents have: %w", err)
	}
	return nil
}

// fill walks all documents of a collection, and changes those that lack
// something. It returns how many there were.
func fill[Doc keyed](ctx context.Context, s *Store, collection string, fields bson.D, change func(Doc) mongo.WriteModel) (int, error) {
	n := 0
	var waiting []mongo.WriteModel
	send := func() error {
		if len(waiting) == 0 {
			return nil
		}
		_, err := s.db.Collection(collection).BulkWrite(ctx, waiting, options.BulkWrite().SetOrdered(false))
		n, waiting = n+len(waiting), nil
		return err
	}
	all := download(ctx, s, walk[Doc, Doc]{
		doing:  "reading " + collection,
		from:   s.db.Collection(collection),
		sort:   bson.D{{Key: "_id", Value: 1}},
		fields: fields,
		after: func(last *Doc) bson.D {
			if last == nil {
				return bson.D{}
			}
			return bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: (*last).key()}}}}
		},
		rows: func(_ context.Context, docs []Doc) ([]Doc, error) { return docs, nil },
	})
	for d, err := range all {
		if model := change(d); err == nil && model != nil {
			waiting = append(waiting, model)
		}
		if err == nil && len(waiting) == filledAtOnce {
			err = send()
		}
		if err != nil {
			return n, err
		}
	}
	err := send()
	return n, err
}

// fill returns the change that gives the record what it should have; nil, if it
// has that.
func (d recordDoc) fill() mongo.WriteModel {
	k := d.keyed()
	if k == d.Keys {
		return nil
	}
	set := append(k.all(), bson.E{Key: "former", Value: d.Former})
	return mongo.NewUpdateOneModel().SetFilter(d.asIs()).
		SetUpdate(bson.D{{Key: "$set", Value: set}, latestChange(d.latest())})
}

// fill returns the change that gives the person what they should have; nil, if
// they have that.
func (d personDoc) fill() mongo.WriteModel {
	k := d.keyed()
	if k == d.Keys {
		return nil
	}
	return mongo.NewUpdateOneModel().
		SetFilter(append(idOf(d.Learner), bson.E{Key: "revision", Value: d.Revision})).
		SetUpdate(bson.D{{Key: "$set", Value: k.all()}})
}
