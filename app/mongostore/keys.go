package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// keysDoc is what records are found and ordered by and what is made of the rest
// of the record. None of it is ever missing, so that an index knows it of all.
type keysDoc struct {
	Folded    string    `bson:"folded"`        // what a search looks in
	Name      string    `bson:"name_key"`      // of what the learner is called
	Completed time.Time `bson:"completed_key"` // zero while in progress
	Week      time.Time `bson:"week"`          // of the completion; zero while in progress
	Score     int       `bson:"score_key"`     // [app.NoScore] where there is none
}

// keyed returns the keys that the record should have.
func (d recordDoc) keyed() keysDoc {
	r := d.record()
	name := r.Name
	if r.Former {
		name = r.LearnerName()
	}
	k := keysDoc{Folded: folded(name, r.Email, r.Subject), Name: r.NameKey(), Score: app.NoScore}
	if r.Score != nil {
		k.Score = *r.Score
	}
	if r.Completion != nil {
		k.Completed, k.Week = r.Completion.At, app.WeekOf(r.Completion.At)
	}
	return k
}

// ofName returns the fields that a change of a name changes.
func (k keysDoc) ofName() bson.D {
	return bson.D{{Key: "folded", Value: k.Folded}, {Key: "name_key", Value: k.Name}}
}

// ofCompletion returns the fields that a completion changes.
func (k keysDoc) ofCompletion() bson.D {
	return bson.D{{Key: "completed_key", Value: k.Completed}, {Key: "week", Value: k.Week}}
}

// all returns all fields.
func (k keysDoc) all() bson.D {
	return append(append(k.ofName(), k.ofCompletion()...), bson.E{Key: "score_key", Value: k.Score})
}

// asIs returns the filter of the record if what its keys are made of is still so.
func (d recordDoc) asIs() bson.D {
	which := append(d.itself(), bson.E{Key: "named", Value: d.Called.Named},
		bson.E{Key: "counted", Value: d.Counted}, bson.E{Key: "status", Value: d.Status})
	if d.Complete != nil {
		which = append(which, bson.E{Key: "completion.name", Value: d.Complete.Name})
	}
	return which
}

// mendKeys gives a record that was just written the keys that it should have. A
// write makes them right itself, but for two records: that of a learner without a
// name who completes a module under one, and one of before there were keys.
func (s *Store) mendKeys(ctx context.Context, d *recordDoc) error {
	k := d.keyed()
	if k == d.Keys {
		return nil
	}
	_, err := s.db.Collection(records).UpdateOne(ctx, d.asIs(), bson.D{{Key: "$set", Value: k.all()}})
	d.Keys = k
	return err
}

// latest returns when a record last changed, as far as its other times tell.
func (d recordDoc) latest() time.Time {
	t := d.Active
	if d.Complete != nil && d.Complete.At.After(t) {
		t = d.Complete.At
	}
	if d.Withdrawn != nil && d.Withdrawn.At.After(t) {
		t = d.Withdrawn.At
	}
	return t
}
