package mongostore

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"first5/app"
)

const (
	recordsOfPortal = 20_000 // which a server in memory sorts anew for each page; a real one reads them in an index
	modulesOfPortal = 20
	pageOfPortal    = 51
)

// portal fills a store with an institution's records.
func portal(b *testing.B) ward {
	b.Helper()
	w := newWard(b)
	docs := make([]recordDoc, 0, 1000)
	for n := range recordsOfPortal {
		p := learnerNumber(n / modulesOfPortal)
		r := recordAt(p, fmt.Sprint("module-", n%modulesOfPortal))
		d := newRecordDoc(r)
		d.Active, d.Changed = at(n), at(n)
		if n%3 > 0 {
			d.complete(newCompletionDoc(earned(attemptNumber(r, n)).Completion))
		}
		docs = append(docs, d)
		if len(docs) == cap(docs) {
			_, err := w.db.Collection(records).InsertMany(b.Context(), docs)
			require.NoError(b, err)
			docs = docs[:0]
		}
	}
	return w
}

// BenchmarkRecordsPage measures what the first page of a manager's list takes in
// each order, and one from its middle.
func BenchmarkRecordsPage(b *testing.B) {
	w := portal(b)
	for _, by := range app.OrderKeys() {
		o := app.Order{By: by}
		page := func(after app.Cursor) []app.Record {
			found, err := w.Records(b.Context(), "mercy-lakes", app.Filter{Present: true}, o, after, pageOfPortal)
			require.NoError(b, err)
			require.Len(b, found, pageOfPortal)
			return found
		}
		b.Run(fmt.Sprintf("by %q, the first", by), func(b *testing.B) {
			for b.Loop() {
				page(app.Cursor{})
			}
		})
		after := o.After(page(app.Cursor{})[pageOfPortal-1])
		b.Run(fmt.Sprintf("by %q, the next", by), func(b *testing.B) {
			for b.Loop() {
				page(after)
			}
		})
	}
}

// BenchmarkCounts measures what the portal's numbers take: the first time, when
// nothing has changed since, and when one record has.
func BenchmarkCounts(b *testing.B) {
	w := portal(b)
	r := recordAt(w.learner, "module-0")
	for name, before := range map[string]func(n int){
		"all anew":           func(int) { w.tallies.forget() },
		"with no change":     func(int) {},
		"with one completed": func(n int) { w.save(r, attemptNumber(r, n)) },
	} {
		b.Run(name, func(b *testing.B) {
			w.counts()
			n := 0
			for b.Loop() {
				b.StopTimer()
				n++
				before(n)
				b.StartTimer()
				w.counts()
			}
		})
	}
}
