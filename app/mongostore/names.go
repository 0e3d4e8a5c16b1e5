package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// calledDoc is who somebody is: in the person, and copied into each of their
// records, so that a listing needs no other document.
type calledDoc struct {
	Subject string `bson:"subject"`
	Name    string `bson:"name"`
	Email   string `bson:"email"`
	NPI     string `bson:"npi"`
	Named   int    `bson:"named"` // the revision of the person that this comes from
}

// notCompared is the revision of a record's names that come from whoever began
// it, and were not compared with the person.
const notCompared = -1

// compareNames gives a record that was just begun the names that the person has
// now, since the caller may know older ones, or none if they were erased, and
// makes it a former learner's if they have left its institution. A
// sign-in writes the person first and then changes the names of an earlier
// revision in all records, so whichever comes first, no old name stays.
func (s *Store) compareNames(ctx context.Context, d *recordDoc, at time.Time) error {
	if d.Called.Named != notCompared {
		return nil
	}
	p, err := s.onePerson(ctx, bson.D{{Key: "_id", Value: d.Learner}}, withoutSessions())
	if err != nil || p.Revision == 0 {
		return err // whoever signs in later names the record
	}
	change := d.show(p, at)
	if !p.ErasedAt.IsZero() {
		change = d.erase(p, at)
	}
	older := append(d.itself(), bson.E{Key: "named", Value: bson.D{{Key: "$lt", Value: p.Named}}})
	done, err := s.db.Collection(records).UpdateOne(ctx, older, change)
	if d.Former {
		s.tallies.written(*d, err)
	}
	if err != nil {
		return err
	}
	if done.MatchedCount == 0 { // somebody was first, perhaps with a name that is newer still
		*d, err = findRecord(ctx, s.db, d.itself())
	}
	return err
}

// named gives the record the names that the person has, and returns the fields
// that this changes.
func (d *recordDoc) named(p personDoc) bson.D {
	d.Called = p.called()
	d.Keys = d.keyed()
	return append(d.Called.inRecord(), d.Keys.ofName()...)
}

// inRecord returns the fields of a record that come from its person.
func (c calledDoc) inRecord() bson.D {
	return bson.D{
		{Key: "subject", Value: c.Subject}, {Key: "name", Value: c.Name}, {Key: "email", Value: c.Email}, {Key: "npi", Value: c.NPI},
		{Key: "named", Value: c.Named},
	}
}

// show has the record show who its learner is, who has signed in, and where they
// are. It returns the change that does so, at a time if it shows.
func (d *recordDoc) show(p personDoc, at time.Time) bson.D {
	was, wasFormer, compared := d.Called, d.Former, d.Called.Named != notCompared
	was.Named = p.Named
	d.Former, d.ForgetAt = d.Institution != p.Institution, time.Time{}
	change := bson.D{
		{Key: "$set", Value: append(d.named(p), bson.E{Key: "former", Value: d.Former})},
		{Key: "$unset", Value: bson.D{{Key: "forget_at", Value: ""}}},
	}
	if compared && was == d.Called && wasFormer == d.Former {
		return change
	}
	if at.After(d.Changed) {
		d.Changed = at
	}
	return append(change, latestChange(at))
}

// nameRecords has the records of a person show who the person is, as d has it.
// Those that show a later revision stay as they are, so that of two such calls
// the later person wins, whichever comes last. The records of somebody who was
// erased and has come back are those of somebody who is there, and those of an
// institution that they have left are a former learner's.
func (s *Store) nameRecords(ctx context.Context, p personDoc) error {
	docs, err := findAll[recordDoc](ctx, s.db.Collection(records), showingOlder(p), options.Find().SetProjection(withoutAttempts()))
	if err != nil {
		return fmt.Errorf("the records to name: %w", err)
	}
	if len(docs) == 0 {
		return nil
	}
	var changes []mongo.WriteModel
	for _, d := range docs {
		still := append(d.itself(), bson.E{Key: "named", Value: bson.D{{Key: "$lt", Value: p.Named}}})
		changes = append(changes, mongo.NewUpdateOneModel().SetFilter(still).SetUpdate(d.show(p, whole(p.SignedInAt))))
	}
	_, err = s.db.Collection(records).BulkWrite(ctx, changes, options.BulkWrite().SetOrdered(false))
	for _, d := range docs {
		s.tallies.written(d, err)
	}
	if err != nil {
		return fmt.Errorf("the names in records: %w", err)
	}
	return nil
}

// showingOlder returns the filter of the records that show an earlier revision of
// the person.
func showingOlder(p personDoc) bson.D {
	return bson.D{{Key: "learner", Value: p.Learner}, {Key: "named", Value: bson.D{{Key: "$lt", Value: p.Named}}}}
}

// nameAll has records show who their people are.
func (s *Store) nameAll(ctx context.Context, all []recordDoc, called map[app.LearnerID]personDoc) error {
	var changes []mongo.WriteModel
	for _, d := range all {
		changes = append(changes, mongo.NewUpdateOneModel().SetFilter(d.itself()).
			SetUpdate(bson.D{{Key: "$set", Value: d.named(called[d.Learner])}}))
	}
	if len(changes) == 0 {
		return nil
	}
	_, err := s.db.Collection(records).BulkWrite(ctx, changes, options.BulkWrite().SetOrdered(false))
	return err
}
