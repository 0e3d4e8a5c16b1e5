package mongostore

import (
	"context"
	"iter"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// listing returns the query of the records of one institution that the filter
// chooses, from the cursor on in an order. All bounds of a field stand together,
// so that an index is read between the narrowest of them.
func listing(institution app.InstitutionID, f app.Filter, o app.Order, after app.Cursor) bson.D {
	query := bson.D{{Key: "institution", Value: institution}}
	for _, e := range []struct{ field, value string }{
		{"program", f.Program}, {"module", f.Module}, {"edition", f.Edition}, {"learner", string(f.Learner)},
	} {
		if e.value != "" {
			query = append(query, bson.E{Key: e.field, Value: e.value})
		}
	}
	switch f.Status {
	case "":
	case app.Completed:
		query = append(query, bson.E{Key: "status", Value: bson.D{{Key: "$in", Value: completed()}}})
	default:
		query = append(query, bson.E{Key: "status", Value: f.Status})
	}
	if f.Present {
		query = append(query, bson.E{Key: "former", Value: false})
	}
	if f.Query != "" {
		query = append(query, bson.E{Key: "folded", Value: bson.D{{Key: "$regex", Value: literally(strings.ToLower(f.Query))}}})
	}
	query = append(query, ranges(f)...)
	if after != (app.Cursor{}) {
		query = append(query, bson.E{Key: "$and", Value: beyond(o, after)})
	}
	return query
}

// completed returns the statuses but that of a record in progress.
func completed() []app.Status {
	return slices.DeleteFunc(app.Statuses(), func(s app.Status) bool { return s == app.InProgress })
}

// ranges returns the bounds that a filter sets.
func ranges(f app.Filter) bson.D {
	all := bson.D{}
	times := bson.D{}
	field := "active_at"
	if f.Dates == app.ByCompletion {
		field = "completed_key"
		times = append(times, bson.E{Key: "$gt", Value: time.Time{}})
	}
	if !f.From.IsZero() {
		times = append(times, bson.E{Key: "$gte", Value: f.From})
	}
	if !f.To.IsZero() {
		times = append(times, bson.E{Key: "$lt", Value: f.To})
	}
	if len(times) > 0 {
		all = append(all, bson.E{Key: field, Value: times})
	}
	if f.ScoreFrom > 0 || f.ScoreBelow > 0 {
		scores := bson.D{{Key: "$gte", Value: max(f.ScoreFrom, 0)}}
		if f.ScoreBelow > 0 {
			scores = append(scores, bson.E{Key: "$lt", Value: f.ScoreBelow})
		}
		all = append(all, bson.E{Key: "score_key", Value: scores})
	}
	if !f.ChangedBefore.IsZero() {
		all = append(all, bson.E{Key: "changed_at", Value: bson.D{{Key: "$lt", Value: f.ChangedBefore}}})
	}
	return all
}

// beyond returns what is so of the records after a place in an order. What it says
// of the order's key alone is how far an index need be read.
func beyond(o app.Order, after app.Cursor) bson.A {
	field, key := orderedBy(o, after)
	beyond := "$lt"
	if o.Up {
		beyond = "$gt"
	}
	return bson.A{
		bson.D{{Key: field, Value: bson.D{{Key: beyond + "e", Value: key}}}},
		bson.D{{Key: "$or", Value: bson.A{
			bson.D{{Key: field, Value: bson.D{{Key: beyond, Value: key}}}},
			bson.D{{Key: field, Value: key}, {Key: "_id", Value: bson.D{{Key: beyond, Value: after.ID}}}},
		}}},
	}
}

// orderedBy returns the field that an order goes by, and its value at a place.
func orderedBy(o app.Order, c app.Cursor) (field string, value any) {
	switch o.By {
	case app.OrderCompletion:
		return "completed_key", c.At
	case app.OrderName:
		return "name_key", c.Text
	case app.OrderScore:
		return "score_key", c.Number
	case app.OrderChange:
		return "changed_at", c.At
	}
	return "active_at", c.At
}

func sortedBy(o app.Order) bson.D {
	direction := -1
	if o.Up {
		direction = 1
	}
	field, _ := orderedBy(o, app.Cursor{})
	return bson.D{{Key: field, Value: direction}, {Key: "_id", Value: direction}}
}

// literally returns the pattern that finds the text itself. What means something
// outside of brackets is the same in Go's patterns and in those of databases;
// but no database's may hold a NUL.
func literally(text string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(text), "\x00", `\x00`)
}

// Records implements [app.Store].
func (s *Store) Records(ctx context.Context, institution app.InstitutionID, f app.Filter, o app.Order, after app.Cursor, limit int) ([]app.Record, error) {
	return s.readRecords(ctx, "listing records", listing(institution, f, o, after),
		options.Find().SetSort(sortedBy(o)).SetLimit(int64(limit)))
}

// CountRecords implements [app.Store]. What may be most of an institution's records
// is added up from what is held of it, as in [Store.Counts].
func (s *Store) CountRecords(ctx context.Context, institution app.InstitutionID, f app.Filter) (int, error) {
	var n int64
	err := s.do(ctx, "counting records", func(ctx context.Context) error {
		if isWide(f) {
			all, err := s.tallied(ctx, institution)
			n = int64(sum(all, f))
			return err
		}
		var err error
		n, err = s.db.Collection(records).CountDocuments(ctx, listing(institution, f, app.Order{}, app.Cursor{}))
		return err
	})
	return int(n), err
}

// AllRecords implements [app.Store]. A record's place in the order never changes,
// so it comes once, as it is when its part is read; one that the filter has
// ceased to choose by then is left out.
func (s *Store) AllRecords(ctx context.Context, institution app.InstitutionID, f app.Filter) iter.Seq2[app.Record, error] {
	return download(ctx, s, walk[recordDoc, app.Record]{
		doing:  "reading all records",
		from:   s.downloads.Collection(records),
		again:  s.db.Collection(records), // another secondary may be further behind than the first
		sort:   bson.D{{Key: "_id", Value: 1}},
		along:  bson.D{{Key: "institution", Value: 1}, {Key: "_id", Value: 1}},
		fields: withoutAttempts(),
		after: func(last *recordDoc) bson.D {
			query := listing(institution, f, app.Order{}, app.Cursor{})
			if last != nil {
				query = append(query, bson.E{Key: "_id", Value: bson.D{{Key: "$gt", Value: last.ID}}})
			}
			return query
		},
		rows: func(_ context.Context, docs []recordDoc) ([]app.Record, error) {
			rows := make([]app.Record, len(docs))
			for i, d := range docs {
				rows[i] = d.record()
			}
			return rows, nil
		},
	})
}
