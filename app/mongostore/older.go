package mongostore

import (
	"context"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// attemptDoc is one of the older attempts of a record, in the collection of
// attempts: however often a learner tries, the record stays small.
type attemptDoc struct {
	Key         string            `bson:"_id"` // of the record and the attempt: of two records, each keeps its own
	Institution app.InstitutionID `bson:"institution"`
	Learner     app.LearnerID     `bson:"learner"`
	Record      app.RecordID      `bson:"record"`
	Number      int               `bson:"number"` // 1, 2, 3, … in the record, as they were counted
	Held        heldAttempt       `bson:",inline"`
}

// learnersOwn returns the key of something that a learner has one of by an id.
func learnersOwn(learner app.LearnerID, id app.AttemptID) string {
	return string(learner) + "/" + string(id)
}

const (
	// mostHeld is how many attempts stand in their record before the oldest move.
	mostHeld = 200
	// movedAtOnce is how many move then.
	movedAtOnce = 100
	// moveTries is how many attempts after one that should have moved others the
	// next tries it: of many learners' pages at once not all do.
	moveTries = 16
)

// makeRoom moves the oldest attempts away from a record that holds many. That
// is no part of the step: what fails here is done after a later attempt.
func (s *Store) makeRoom(ctx context.Context, d recordDoc) {
	held := d.Counted - d.Older
	if held > mostHeld && (held-mostHeld-1)%moveTries == 0 {
		_ = s.moveOldest(ctx, d)
	}
}

// moveOldest moves the oldest attempts of a record to the collection of
// attempts: first they are there, and then gone here, so that whoever looks here
// and then there finds each. It changes nothing if others have moved since d was
// read, and so can be repeated.
func (s *Store) moveOldest(ctx context.Context, d recordDoc) error {
	itself := append(d.itself(), bson.E{Key: "older", Value: d.Older})
	var now recordDoc
	// What a majority has: an attempt that a failover took back must not be found
	// among the older ones for ever.
	err := s.db.Collection(records).FindOne(ctx, itself,
		options.FindOne().SetProjection(bson.D{{Key: "attempts", Value: 1}})).Decode(&now)
	if err != nil {
		return err
	}
	oldest := now.Attempts[:min(movedAtOnce, len(now.Attempts))]
	if len(oldest) == 0 {
		return nil
	}
	_, err = s.db.Collection(attempts).InsertMany(ctx, d.olderDocs(oldest), options.InsertMany().SetOrdered(false))
	if err != nil && !allThere(err) {
		return err
	}
	ids, sent := bson.A{}, bson.A{}
	for _, a := range oldest {
		ids, sent = append(ids, a.ID), append(sent, sentAttempt(a.ID))
	}
	_, err = s.db.Collection(records).UpdateOne(ctx, itself, bson.D{
		{Key: "$inc", Value: bson.D{{Key: "older", Value: len(oldest)}}},
		{Key: "$pull", Value: bson.D{
			{Key: "attempts", Value: bson.D{{Key: "id", Value: bson.D{{Key: "$in", Value: ids}}}}},
			{Key: "sent", Value: bson.D{{Key: "$in", Value: sent}}}}},
	})
	return err
}

// olderDocs returns the oldest attempts of the record that stand in it as they
// are to stand among the older ones.
func (d recordDoc) olderDocs(oldest []heldAttempt) []attemptDoc {
	var docs []attemptDoc
	for n, a := range oldest {
		docs = append(docs, attemptDoc{Key: string(d.ID) + "/" + string(a.ID), Institution: d.Institution, Learner: d.Learner,
			Record: d.ID, Number: d.Older + n + 1, Held: a})
	}
	return docs
}
