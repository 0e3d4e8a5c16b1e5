package mongostore

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/content"
)

// heldAttempt is an [app.Attempt] in the record in which it is counted.
type heldAttempt struct {
	ID      app.AttemptID `bson:"id"`
	Module  string        `bson:"module"`
	Version int           `bson:"version"`
	Answers []answerDoc   `bson:"answers"`
	Right   int           `bson:"right"`
	Graded  int           `bson:"graded"`
	At      time.Time     `bson:"at"`
}

// answerDoc is what was chosen of one question. Answers are a list and no
// document, since a question's id may be what no field can be called.
type answerDoc struct {
	Question string   `bson:"question"`
	Chosen   []string `bson:"chosen"`
}

func newHeldAttempt(a app.Attempt) heldAttempt {
	return heldAttempt{ID: a.ID, Module: a.Module, Version: a.Version, Answers: newAnswerDocs(a.Answers),
		Right: a.Grade.Right, Graded: a.Grade.Graded, At: whole(a.At)}
}

func (h heldAttempt) attempt(learner app.LearnerID, in app.RecordID) app.Attempt {
	return app.Attempt{ID: h.ID, Record: in, Learner: learner, Module: h.Module, Version: h.Version,
		Answers: answersOf(h.Answers), Grade: content.Grade{Right: h.Right, Graded: h.Graded}, At: h.At}
}

// score returns nil where nothing is graded.
func (h heldAttempt) score() *int {
	if h.Graded == 0 {
		return nil
	}
	score := content.Grade{Right: h.Right, Graded: h.Graded}.Score()
	return &score
}

// newAnswerDocs returns the answers, ordered by question.
func newAnswerDocs(answers content.Answers) []answerDoc {
	docs := []answerDoc{}
	for _, question := range slices.Sorted(maps.Keys(answers)) {
		docs = append(docs, answerDoc{question, append([]string{}, answers[question]...)})
	}
	return docs
}

func answersOf(docs []answerDoc) content.Answers {
	answers := content.Answers{}
	for _, d := range docs {
		answers[d.Question] = d.Chosen
	}
	return answers
}

// isCounted says whether the learner has an attempt of that id. What moves away
// from a record is among the older ones first, and so is found in one or the
// other.
func (s *Store) isCounted(ctx context.Context, learner app.LearnerID, id app.AttemptID) (bool, error) {
	counted, err := s.countedOf(ctx, learner, []app.AttemptID{id})
	return counted[id], err
}

// countedOf returns which of the ids are those of attempts of the learner, by
// what a majority has: what is still to be taken back counts for nothing. It
// looks into the records first: what moves away from there is among the older
// ones by then.
func (s *Store) countedOf(ctx context.Context, learner app.LearnerID, ids []app.AttemptID) (map[app.AttemptID]bool, error) {
	counted := map[app.AttemptID]bool{}
	if len(ids) == 0 {
		return counted, nil
	}
	var sent []string
	for _, id := range ids {
		sent = append(sent, sentAttempt(id))
	}
	held, err := findAll[recordDoc](ctx, s.db.Collection(records), ofLearner(learner, "sent", sent),
		options.Find().SetProjection(bson.D{{Key: "attempts.id", Value: 1}}))
	if err != nil {
		return nil, err
	}
	for _, d := range held {
		for _, a := range d.Attempts {
			counted[a.ID] = true
		}
	}
	left := slices.DeleteFunc(slices.Clone(ids), func(id app.AttemptID) bool { return counted[id] })
	if len(left) == 0 {
		return counted, nil
	}
	older, err := findAll[attemptDoc](ctx, s.db.Collection(attempts), ofLearner(learner, "id", left),
		options.Find().SetProjection(bson.D{{Key: "id", Value: 1}}))
	for _, d := range older {
		counted[d.Held.ID] = true
	}
	return counted, err
}

// ofLearner returns the filter of what is the learner's and has one of the
// values in a field.
func ofLearner[Value any](learner app.LearnerID, field string, values []Value) bson.D {
	return bson.D{{Key: "learner", Value: learner}, {Key: field, Value: bson.D{{Key: "$in", Value: values}}}}
}

// Attempt implements [app.Store].
func (s *Store) Attempt(ctx context.Context, learner app.LearnerID, id app.AttemptID) (app.Attempt, error) {
	var found app.Attempt
	err := s.do(ctx, "reading an attempt", func(ctx context.Context) error {
		var err error
		found, err = s.findAttempt(ctx, learner, id)
		return err
	})
	return found, err
}

// findAttempt looks among the older ones last, as isCounted does.
func (s *Store) findAttempt(ctx context.Context, learner app.LearnerID, id app.AttemptID) (app.Attempt, error) {
	var in recordDoc
	which := bson.D{{Key: "learner", Value: learner}, {Key: "sent", Value: sentAttempt(id)}}
	itself := bson.D{{Key: "attempts", Value: bson.D{{Key: "$elemMatch", Value: bson.D{{Key: "id", Value: id}}}}}}
	err := s.db.Collection(records).FindOne(ctx, which, options.FindOne().SetProjection(itself)).Decode(&in)
	if err == nil && len(in.Attempts) > 0 {
		return in.Attempts[0].attempt(learner, in.ID), nil
	}
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return app.Attempt{}, err
	}
	var older attemptDoc
	err = s.db.Collection(attempts).FindOne(ctx, bson.D{{Key: "learner", Value: learner}, {Key: "id", Value: id}}).Decode(&older)
	if err != nil {
		return app.Attempt{}, err
	}
	return older.Held.attempt(learner, older.Record), nil
}
