package mongostore

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// eventDoc is an event, in the collection events, or on its way there; see
// [toldDoc].
type eventDoc struct {
	ID          app.EventID       `bson:"_id"`
	At          time.Time         `bson:"at"`
	Kind        app.EventKind     `bson:"kind"`
	Institution app.InstitutionID `bson:"institution"`
	Learner     app.LearnerID     `bson:"learner"`
	Details     []detailDoc       `bson:"details"` // ordered by name
}

// detailDoc is one of an event's details.
type detailDoc struct {
	Name string `bson:"name"`
	Text string `bson:"text"`
}

func newEventDoc(e app.Event) eventDoc {
	d := eventDoc{ID: e.ID, At: e.At, Kind: e.Kind, Institution: e.Institution, Learner: e.Learner, Details: []detailDoc{}}
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		d.Details = append(d.Details, detailDoc{name, e.Details[name]})
	}
	return d
}

func newEventDocs(events []app.Event) []eventDoc {
	docs := make([]eventDoc, len(events))
	for n, e := range events {
		docs[n] = newEventDoc(e)
	}
	return docs
}

// event returns the event without who the learner is, which stands in people.
func (d eventDoc) event() app.Event {
	e := app.Event{ID: d.ID, At: d.At, Kind: d.Kind, Institution: d.Institution, Learner: d.Learner}
	if len(d.Details) > 0 {
		e.Details = app.Details{}
	}
	for _, detail := range d.Details {
		e.Details[detail.Name] = detail.Text
	}
	return e
}

// AddEvent implements [app.Store].
func (s *Store) AddEvent(ctx context.Context, e app.Event) error {
	return s.do(ctx, "adding an event", func(ctx context.Context) error {
		return s.insertEvents(ctx, []eventDoc{newEventDoc(e)})
	})
}

// insertEvents adds each of the events, unless there is one with its id.
func (s *Store) insertEvents(ctx context.Context, docs []eventDoc) error {
	if len(docs) == 0 {
		return nil
	}
	_, err := s.db.Collection(events).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	if err != nil && !allThere(err) {
		return fmt.Errorf("the audit trail: %w", err)
	}
	return nil
}

// allThere says whether an insertion failed for nothing but documents that are
// there already.
func allThere(err error) bool {
	var bulk mongo.BulkWriteException
	if !errors.As(err, &bulk) || bulk.WriteConcernError != nil || len(bulk.WriteErrors) == 0 {
		return false
	}
	return !slices.ContainsFunc(bulk.WriteErrors, func(e mongo.BulkWriteError) bool {
		return !mongo.IsDuplicateKeyError(e.WriteError)
	})
}

// trail returns the query of the part of the audit trail that the filter chooses
// after the cursor. All bounds of the time are of one field, so that an index
// is read between the narrowest of them.
func trail(f app.EventFilter, after app.EventCursor) bson.D {
	query := bson.D{}
	if f.Institution != "" {
		query = append(query, bson.E{Key: "institution", Value: f.Institution})
	}
	if f.Kind != "" {
		query = append(query, bson.E{Key: "kind", Value: f.Kind})
	}
	if f.Learner != "" {
		query = append(query, bson.E{Key: "learner", Value: f.Learner})
	}
	at := bson.D{}
	if !f.From.IsZero() {
		at = append(at, bson.E{Key: "$gte", Value: f.From})
	}
	if !f.To.IsZero() {
		at = append(at, bson.E{Key: "$lt", Value: f.To})
	}
	if after != (app.EventCursor{}) {
		at = append(at, bson.E{Key: "$lte", Value: after.At})
		query = append(query, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "at", Value: bson.D{{Key: "$lt", Value: after.At}}}},
			bson.D{{Key: "at", Value: after.At}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: after.ID}}}},
		}})
	}
	if len(at) > 0 {
		query = append(query, bson.E{Key: "at", Value: at})
	}
	return query
}

// latestFirst is the order of the audit trail.
func latestFirst() bson.D { return bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}} }

// Events implements [app.Store].
func (s *Store) Events(ctx context.Context, f app.EventFilter, after app.EventCursor, limit int) ([]app.Event, error) {
	var page []app.Event
	err := s.do(ctx, "listing events", func(ctx context.Context) error {
		err := s.tellAll(ctx)
		if err != nil {
			return err
		}
		found, err := s.db.Collection(events).Find(ctx, trail(f, after),
			options.Find().SetSort(latestFirst()).SetLimit(int64(limit)))
		if err != nil {
			return err
		}
		var docs []eventDoc
		err = found.All(ctx, &docs)
		if err != nil {
			return err
		}
		page, err = withNames(ctx, s.db, docs)
		return err
	})
	return page, err
}

// AllEvents implements [app.Store].
func (s *Store) AllEvents(ctx context.Context, f app.EventFilter) iter.Seq2[app.Event, error] {
	return download(ctx, s, walk[eventDoc, app.Event]{
		doing: "reading all events",
		from:  s.db.Collection(events), // on a secondary those of begin may be missing
		begin: s.tellAll,
		sort:  latestFirst(),
		after: func(last *eventDoc) bson.D {
			if last == nil {
				return trail(f, app.EventCursor{})
			}
			return trail(f, app.EventCursor{At: last.At, ID: last.ID})
		},
		rows: func(ctx context.Context, docs []eventDoc) ([]app.Event, error) {
			return withNames(ctx, s.db, docs)
		},
	})
}

// withNames returns the events, each with who its learner is now.
func withNames(ctx context.Context, from *mongo.Database, docs []eventDoc) ([]app.Event, error) {
	known := map[app.LearnerID]personDoc{}
	for _, d := range docs {
		if d.Learner != "" {
			known[d.Learner] = personDoc{}
		}
	}
	err := readNames(ctx, from, known)
	if err != nil {
		return nil, fmt.Errorf("the names of learners: %w", err)
	}
	var all []app.Event
	for _, d := range docs {
		e := d.event()
		who := known[d.Learner]
		e.Subject, e.Name = who.Subject, who.Name
		all = append(all, e)
	}
	return all, nil
}

// readNames fills in the people who have signed in.
func readNames(ctx context.Context, from *mongo.Database, known map[app.LearnerID]personDoc) error {
	if len(known) == 0 {
		return nil
	}
	found, err := from.Collection(people).Find(ctx,
		bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: slices.Collect(maps.Keys(known))}}}},
		options.Find().SetProjection(bson.D{{Key: "subject", Value: 1}, {Key: "name", Value: 1}}))
	if err != nil {
		return err
	}
	var who []personDoc
	err = found.All(ctx, &who)
	for _, d := range who {
		known[d.Learner] = d
	}
	return err
}
