package mongostore

import (
	"context"
	"iter"
	"regexp"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// listing returns the query of the records of one institution that the filter
// chooses, from the cursor on in the order of lastActive. Of two ends it takes
// the one that comes first, so that an index is read no further than it need.
func listing(institution app.InstitutionID, f app.Filter, after app.Cursor) bson.D {
	query := bson.D{{Key: "institution", Value: institution}}
	active := bson.D{}
	if !f.From.IsZero() {
		active = append(active, bson.E{Key: "$gte", Value: f.From})
	}
	switch {
	case goesOn(after, f.To):
		active = append(active, bson.E{Key: "$lte", Value: after.ActiveAt})
		query = append(query, bson.E{Key: "$or", Value: bson.A{
			bson.D{{Key: "active_at", Value: bson.D{{Key: "$lt", Value: after.ActiveAt}}}},
			bson.D{{Key: "active_at", Value: after.ActiveAt}, {Key: "_id", Value: bson.D{{Key: "$lt", Value: after.ID}}}},
		}})
	case !f.To.IsZero():
		active = append(active, bson.E{Key: "$lt", Value: f.To})
	}
	if len(active) > 0 {
		query = append(query, bson.E{Key: "active_at", Value: active})
	}
	return append(query, about(f)...)
}

// goesOn says whether a cursor is a place before the end of a filter's time.
func goesOn(after app.Cursor, to time.Time) bool {
	return after != (app.Cursor{}) && (to.IsZero() || after.ActiveAt.UnixMilli() < to.UnixMilli())
}

// about returns what a filter asks of a record beside its time.
func about(f app.Filter) bson.D {
	query := bson.D{}
	for _, e := range []struct{ field, value string }{
		{"program", f.Program}, {"module", f.Module}, {"status", string(f.Status)},
	} {
		if e.value != "" {
			query = append(query, bson.E{Key: e.field, Value: e.value})
		}
	}
	if f.Query != "" {
		query = append(query, bson.E{Key: "folded", Value: bson.D{{Key: "$regex", Value: literally(strings.ToLower(f.Query))}}})
	}
	return query
}

// literally returns the pattern that finds the text itself. What means something
// outside of brackets is the same in Go's patterns and in those of databases;
// but no database's may hold a NUL.
func literally(text string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(text), "\x00", `\x00`)
}

// Records implements [app.Store].
func (s *Store) Records(ctx context.Context, institution app.InstitutionID, f app.Filter, after app.Cursor, limit int) ([]app.Record, error) {
	return s.readRecords(ctx, "listing records", listing(institution, f, after),
		options.Find().SetSort(lastActive()).SetLimit(int64(limit)))
}

// CountRecords implements [app.Store].
func (s *Store) CountRecords(ctx context.Context, institution app.InstitutionID, f app.Filter) (int, error) {
	var n int64
	err := s.do(ctx, "counting records", func(ctx context.Context) error {
		var err error
		n, err = s.db.Collection(records).CountDocuments(ctx, listing(institution, f, app.Cursor{}))
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
			query := listing(institution, f, app.Cursor{})
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
