package mongostore

import (
	"context"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// parkedDoc is an [app.Parked]. Once the attempt of its id is counted it is as
// good as gone, so that counting takes no second write.
type parkedDoc struct {
	Key     string        `bson:"_id"` // see learnersOwn
	Learner app.LearnerID `bson:"learner"`
	ID      app.AttemptID `bson:"id"`
	Module  string        `bson:"module"`
	Version int           `bson:"version"`
	Answers []answerDoc   `bson:"answers"`
	Quiz    bool          `bson:"quiz,omitempty"`
	At      time.Time     `bson:"at"`
}

func newParkedDoc(p app.Parked) parkedDoc {
	return parkedDoc{Key: learnersOwn(p.Learner, p.ID), Learner: p.Learner, ID: p.ID, Module: p.Module,
		Version: p.Version, Answers: newAnswerDocs(p.Answers), Quiz: p.Quiz, At: whole(p.At)}
}

func (d parkedDoc) parked() app.Parked {
	return app.Parked{ID: d.ID, Learner: d.Learner, Module: d.Module, Version: d.Version, Answers: answersOf(d.Answers), Quiz: d.Quiz, At: d.At}
}

// Park implements [app.Store].
func (s *Store) Park(ctx context.Context, p app.Parked) error {
	return s.do(ctx, "parking answers", func(ctx context.Context) error {
		erased, err := s.isErased(ctx, p.Learner)
		if err != nil || erased {
			return err
		}
		counted, err := s.isCounted(ctx, p.Learner, p.ID)
		if err != nil || counted {
			return err
		}
		_, err = s.db.Collection(parked).InsertOne(ctx, newParkedDoc(p))
		if isThere(err) {
			return nil // they were parked before
		}
		return err
	})
}

// ParkedBy implements [app.Store].
func (s *Store) ParkedBy(ctx context.Context, learner app.LearnerID) ([]app.Parked, error) {
	var waiting []app.Parked
	err := s.do(ctx, "reading parked answers", func(ctx context.Context) error {
		docs, err := findAll[parkedDoc](ctx, s.db.Collection(parked), bson.D{{Key: "learner", Value: learner}},
			options.Find().SetSort(bson.D{{Key: "at", Value: 1}, {Key: "id", Value: 1}}))
		if err != nil {
			return err
		}
		waiting, err = s.uncounted(ctx, learner, docs)
		return err
	})
	return waiting, err
}

// uncounted returns those of a learner's parked answers that are not counted,
// and removes the others.
func (s *Store) uncounted(ctx context.Context, learner app.LearnerID, docs []parkedDoc) ([]app.Parked, error) {
	var ids []app.AttemptID
	for _, d := range docs {
		ids = append(ids, d.ID)
	}
	counted, err := s.countedOf(ctx, learner, ids)
	if err != nil {
		return nil, err
	}
	var waiting []app.Parked
	var gone []string
	for _, d := range docs {
		if counted[d.ID] {
			gone = append(gone, d.Key)
			continue
		}
		waiting = append(waiting, d.parked())
	}
	if len(gone) > 0 {
		// What stays is left out the next time, too.
		_, _ = s.db.Collection(parked).DeleteMany(ctx, bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: gone}}}})
	}
	return waiting, nil
}
