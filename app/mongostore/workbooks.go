package mongostore

import (
	"context"
	"fmt"
	"reflect"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// workbookDoc is an [app.Workbook], in the collection workbooks: so one write
// saves all of it.
type workbookDoc struct {
	Record      app.RecordID    `bson:"_id"`
	Learner     app.LearnerID   `bson:"learner"`
	Module      string          `bson:"module"`
	Edition     string          `bson:"edition"`
	Title       string          `bson:"title"`
	Revision    int             `bson:"revision"`
	Card        string          `bson:"card"`
	CardAt      time.Time       `bson:"card_at,omitempty"`
	Read        bool            `bson:"read"`
	Reflections []reflectionDoc `bson:"reflections"`
	Commitments []commitmentDoc `bson:"commitments"`
}

// reflectionDoc is an [app.Reflection].
type reflectionDoc struct {
	ID     string    `bson:"id"`
	Prompt string    `bson:"prompt"`
	Text   string    `bson:"text"`
	At     time.Time `bson:"at"`
}

// commitmentDoc is an [app.Commitment].
type commitmentDoc struct {
	Text   string    `bson:"text"`
	At     time.Time `bson:"at"`
	DoneAt time.Time `bson:"done_at,omitempty"`
}

func newWorkbookDoc(w app.Workbook) workbookDoc {
	d := workbookDoc{Record: w.Record, Learner: w.Learner, Module: w.Module, Edition: w.Edition, Title: w.Title,
		Revision: w.Revision, Card: w.Card, CardAt: whole(w.CardAt), Read: w.Read,
		Reflections: []reflectionDoc{}, Commitments: []commitmentDoc{}}
	for _, r := range w.Reflections {
		d.Reflections = append(d.Reflections, reflectionDoc{ID: r.ID, Prompt: r.Prompt, Text: r.Text, At: whole(r.At)})
	}
	for _, c := range w.Commitments {
		d.Commitments = append(d.Commitments, commitmentDoc{Text: c.Text, At: whole(c.At), DoneAt: whole(c.DoneAt)})
	}
	return d
}

func (d workbookDoc) workbook() app.Workbook {
	w := app.Workbook{Record: d.Record, Learner: d.Learner, Module: d.Module, Edition: d.Edition, Title: d.Title,
		Revision: d.Revision, Card: d.Card, CardAt: d.CardAt, Read: d.Read}
	for _, r := range d.Reflections {
		w.Reflections = append(w.Reflections, app.Reflection(r))
	}
	for _, c := range d.Commitments {
		w.Commitments = append(w.Commitments, app.Commitment(c))
	}
	return w
}

// workbookOf names the shard key, too: a learner's workbooks lie side by side.
func workbookOf(learner app.LearnerID, record app.RecordID) bson.D {
	return bson.D{{Key: "_id", Value: record}, {Key: "learner", Value: learner}}
}

// Workbook implements [app.Store].
func (s *Store) Workbook(ctx context.Context, learner app.LearnerID, record app.RecordID) (app.Workbook, error) {
	var found workbookDoc
	err := s.do(ctx, "reading a workbook", func(ctx context.Context) error {
		var err error
		found, err = s.findWorkbook(ctx, learner, record)
		return err
	})
	if err != nil {
		return app.Workbook{}, err
	}
	return found.workbook(), nil
}

func (s *Store) findWorkbook(ctx context.Context, learner app.LearnerID, record app.RecordID) (workbookDoc, error) {
	var d workbookDoc
	err := s.db.Collection(workbooks).FindOne(ctx, workbookOf(learner, record)).Decode(&d)
	return d, err
}

// Workbooks implements [app.Store].
func (s *Store) Workbooks(ctx context.Context, learner app.LearnerID) ([]app.Workbook, error) {
	var docs []workbookDoc
	err := s.do(ctx, "reading a learner's workbooks", func(ctx context.Context) error {
		var err error
		docs, err = findAll[workbookDoc](ctx, s.db.Collection(workbooks), bson.D{{Key: "learner", Value: learner}},
			options.Find().SetSort(bson.D{{Key: "_id", Value: 1}}))
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []app.Workbook
	for _, d := range docs {
		all = append(all, d.workbook())
	}
	return all, nil
}

// savingWorkbook is one call of [Store.SaveWorkbook].
type savingWorkbook struct {
	store *Store
	doc   workbookDoc
}

// SaveWorkbook implements [app.Store]. To save what stands there already, revision
// and all, is no conflict but done: so it is where a reply was lost, and whoever
// did not hear of it asks again.
func (s *Store) SaveWorkbook(ctx context.Context, w app.Workbook) error {
	c := savingWorkbook{store: s, doc: newWorkbookDoc(w)}
	return s.do(ctx, "saving a workbook", func(ctx context.Context) error {
		erased, err := s.isErased(ctx, w.Learner)
		if err != nil || erased {
			return err
		}
		return c.run(ctx)
	})
}

// run saves the workbook if it is the next revision, by what a majority has:
// nobody is told of a conflict with what a failover may take back.
func (c savingWorkbook) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for round := 1; ; round++ {
		won, err := c.write(ctx)
		if won || err != nil {
			return err
		}
		settled, err := c.settle(ctx)
		if settled || err != nil {
			return err
		}
		err = pause(ctx, round)
		if err != nil {
			return fmt.Errorf("%w: another call is saving the workbook: %w", app.ErrStoreAway, err)
		}
	}
}

// write adds the workbook if it is the first, or puts it in the place of the one
// before. It returns false if that is not what is there.
func (c savingWorkbook) write(ctx context.Context) (won bool, err error) {
	in := c.store.db.Collection(workbooks)
	if c.doc.Revision == 1 {
		_, err = in.InsertOne(ctx, c.doc)
		if isThere(err) {
			return false, nil
		}
		return err == nil, err
	}
	before := append(workbookOf(c.doc.Learner, c.doc.Record), bson.E{Key: "revision", Value: c.doc.Revision - 1})
	result, err := in.ReplaceOne(ctx, before, c.doc)
	if err != nil {
		return false, err
	}
	return result.MatchedCount == 1, nil
}

// settle finds out why nothing was written. It returns false where the workbook
// before is there and yet was not found by the write: a majority does not have
// yet what has come after it.
func (c savingWorkbook) settle(ctx context.Context) (settled bool, err error) {
	is, err := c.store.findWorkbook(ctx, c.doc.Learner, c.doc.Record)
	switch {
	case err != nil && !isNone(err):
		return false, err
	case reflect.DeepEqual(is, c.doc):
		return true, nil
	case is.Revision == c.doc.Revision-1: // 0 where there is none
		return false, nil
	}
	return true, fmt.Errorf("%w: revision %d, after revision %d", app.ErrConflict, c.doc.Revision, is.Revision)
}
