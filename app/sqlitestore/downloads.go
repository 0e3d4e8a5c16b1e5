package sqlitestore

import (
	"context"
	"iter"

	"first5/app"
)

// How many rows a download reads at once. It begins with few, so that the first
// ones come soon also where a filter chooses hardly any, and then reads as many
// as make the beginning of each part cheap.
const (
	firstPart = 64
	wholePart = 1024
)

// AllRecords implements [app.Store]. It reads the records in parts, each for
// itself: however long somebody takes to read, no connection is kept and the
// journal can be emptied. A record's place in the order never changes, so it comes
// once, as it is when its part is read; one that the filter has ceased to choose
// by then is left out.
func (s *Store) AllRecords(ctx context.Context, institution app.InstitutionID, f app.Filter) iter.Seq2[app.Record, error] {
	return download(ctx, s, "reading all records", func(last app.Record, limit int) ([]app.Record, error) {
		l, err := s.whose(ctx, s.downloads, institution, f)
		if err != nil || l.empty {
			return nil, err
		}
		query, args := l.part(last.ID, limit)
		return readRecords(ctx, s.downloads, query, args...)
	})
}

// AllEvents implements [app.Store]. It reads the trail in parts as [Store.AllRecords]
// does, and nothing that is in it ever changes.
func (s *Store) AllEvents(ctx context.Context, f app.EventFilter) iter.Seq2[app.Event, error] {
	return download(ctx, s, "reading all events", func(last app.Event, limit int) ([]app.Event, error) {
		return readEvents(ctx, s.downloads, f, app.AfterEvent(last), limit)
	})
}

// download yields all rows, of which read returns at most limit that come after
// the last one; the zero row stands before the first.
func download[Row any](ctx context.Context, s *Store, doing string, read func(last Row, limit int) ([]Row, error)) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var none Row
		err := s.begin(doing)
		if err != nil {
			yield(none, err)
			return
		}
		defer s.end()
		err = inParts(ctx, read, func(r Row) bool { return yield(r, nil) })
		if err != nil {
			yield(none, failed(doing, err))
		}
	}
}

// inParts hands each row to yield, until that returns false.
func inParts[Row any](ctx context.Context, read func(last Row, limit int) ([]Row, error), yield func(Row) bool) error {
	var last Row
	for limit := firstPart; ; limit = min(2*limit, wholePart) {
		part, err := read(last, limit)
		if err != nil {
			return err
		}
		for _, r := range part {
			if !yield(r) {
				return nil
			}
			err = ctx.Err() // which the next part alone would notice
			if err != nil {
				return err
			}
		}
		if len(part) < limit {
			return nil
		}
		last = part[len(part)-1]
	}
}
