package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// deciding is a change of one record by a manager, made of the record as it was
// read, with the event that tells of it.
type deciding struct {
	store *Store
	id    string // by which the record's Done tells that it was done
	told  []eventDoc
}

func (s *Store) newDeciding(told app.Event) deciding {
	return deciding{store: s, id: app.NewToken(), told: newEventDocs([]app.Event{told})}
}

// decide makes the change, again and again until nobody else changes the record
// between reading and writing it. It can be repeated: the record tells whether it
// was done. change returns what is to be changed of the record, of which the zero
// recordDoc says that there is none: then it returns the record to begin with.
func (c deciding) decide(ctx context.Context, id app.RecordID, change func(recordDoc) (begin *recordDoc, update bson.D, err error)) (recordDoc, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for round := 1; ; round++ {
		is, err := c.store.findToDecide(ctx, id)
		if err != nil && !isNone(err) {
			return recordDoc{}, err
		}
		if slices.Contains(is.Done, c.id) { // and the reply was lost
			c.store.tell(ctx, records, is.itself(), c.told)
			return is, nil
		}
		begin, update, err := change(is)
		if err != nil {
			return recordDoc{}, err
		}
		after, won, err := c.write(ctx, is, begin, update)
		if err != nil {
			return recordDoc{}, err
		}
		if won {
			c.store.tell(ctx, records, after.itself(), c.told)
			return after, nil
		}
		err = pause(ctx, round)
		if err != nil {
			return recordDoc{}, fmt.Errorf("%w: another call is changing the record: %w", app.ErrStoreAway, err)
		}
	}
}

// findToDecide reads what findRecord does, and Done.
func (s *Store) findToDecide(ctx context.Context, id app.RecordID) (recordDoc, error) {
	var d recordDoc
	err := s.db.Collection(records).FindOne(ctx, bson.D{{Key: "_id", Value: id}}, options.FindOne().SetProjection(withoutTold())).Decode(&d)
	return d, err
}

func withoutTold() bson.D {
	return bson.D{{Key: "attempts", Value: 0}, {Key: "sent", Value: 0}, {Key: "told", Value: 0}}
}

// write begins the record, or changes it if it is as it was read.
func (c deciding) write(ctx context.Context, is recordDoc, begin *recordDoc, update bson.D) (after recordDoc, won bool, err error) {
	in := c.store.db.Collection(records)
	if begin != nil {
		begin.Done, begin.Told = []string{c.id}, c.told
		_, err = in.InsertOne(ctx, *begin)
		c.store.tallies.written(*begin, err)
		if isThere(err) {
			return recordDoc{}, false, nil
		}
		return *begin, err == nil, err
	}
	which := append(is.asIs(), bson.E{Key: "completion", Value: bson.D{{Key: "$exists", Value: false}}})
	update = append(update, bson.E{Key: "$push", Value: bson.D{
		{Key: "done", Value: lastOf(bson.A{c.id}, changesKept)},
		{Key: "told", Value: bson.D{{Key: "$each", Value: c.told}}},
	}})
	err = in.FindOneAndUpdate(ctx, which, update, options.FindOneAndUpdate().
		SetReturnDocument(options.After).SetProjection(withoutAttempts())).Decode(&after)
	c.store.tallies.written(is, err)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return recordDoc{}, false, nil
	}
	return after, err == nil, err
}

// Complete implements [app.Store]. One write to the record decides it, and holds
// the event.
func (s *Store) Complete(ctx context.Context, r app.Record, c app.Completion, told app.Event) (app.Record, error) {
	d := s.newDeciding(told)
	return s.writeRecord(ctx, "completing a record", r.ChangedAt, func(ctx context.Context) (recordDoc, error) {
		return d.decide(ctx, r.ID, func(is recordDoc) (*recordDoc, bson.D, error) {
			if is.ID != "" && is.Institution != r.Institution {
				return nil, nil, fmt.Errorf("%w: the record is another institution's", app.ErrNotFound)
			}
			if is.Complete != nil {
				return nil, nil, fmt.Errorf("%w: the record has a completion", app.ErrConflict)
			}
			if is.ID == "" {
				begun := newRecordDoc(r)
				begun.complete(newCompletionDoc(&c))
				return &begun, nil, nil
			}
			is.complete(newCompletionDoc(&c))
			set := append(is.completed(), is.Keys.ofName()...)
			return nil, bson.D{{Key: "$set", Value: set}, latestChange(r.ChangedAt)}, nil
		})
	})
}

// complete gives the record a completion.
func (d *recordDoc) complete(c *completionDoc) {
	d.Complete, d.Status, d.Version, d.Title = c, c.Status, c.Version, c.Title
	d.Keys = d.keyed()
}

// completed returns the fields that complete has changed, but for those of the
// name.
func (d recordDoc) completed() bson.D {
	return append(d.Keys.ofCompletion(),
		bson.E{Key: "completion", Value: d.Complete}, bson.E{Key: "status", Value: d.Status},
		bson.E{Key: "version", Value: d.Version}, bson.E{Key: "title", Value: d.Title})
}

// latestChange returns the change of the time at which a record last changed.
func latestChange(at time.Time) bson.E {
	return bson.E{Key: "$max", Value: bson.D{{Key: "changed_at", Value: whole(at)}}}
}
