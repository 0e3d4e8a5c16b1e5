package sqlitestore

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/seed"
	"first5/content"
)

// million is how many records the portal is measured with.
const million = 1_000_000

// crowdEnds is when the last of them was active.
func crowdEnds() time.Time { return time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC) }

// openMillion returns a store with a million records of one institution.
func openMillion(b *testing.B) *Store {
	b.Helper()
	s := openBench(b)
	crowd := seed.Crowd{Institution: app.Institution{ID: "mercy-lakes", Name: "Mercy Lakes Health"}, Until: crowdEnds()}
	for n := range 30 {
		crowd.Editions = append(crowd.Editions, &app.Module{Version: 1, Module: &content.Module{
			Program: []string{"first-5-minutes", "heart-health", "community"}[n%3],
			Slug:    fmt.Sprintf("module-%02d", n), Title: fmt.Sprint("Module ", n), Edition: "2026", Pass: 80,
		}})
	}
	for batch := range crowd.Batches(million) {
		require.NoError(b, s.Put(b.Context(), batch.People))
		require.NoError(b, s.Put(b.Context(), batch.Records))
	}
	return s
}

// portalFilters are what managers ask for, by name.
func portalFilters() map[string]app.Filter {
	ends := crowdEnds()
	return map[string]app.Filter{
		"All": {}, "Module": {Module: "module-07"}, "Waived": {Module: "module-07", Status: app.Waived}, "Nothing": {Module: "nothing"},
		"Completed": {Present: true, Status: app.Completed}, "LastMonth": {From: ends.AddDate(0, -1, 0)},
		"MonthOfCompletions": {Dates: app.ByCompletion, From: ends.AddDate(0, -3, 3), To: ends.AddDate(0, -2, 0)},
		"FitsAll":            {Query: "mercy-lakes.invalid"}, "FitsMany": {Query: "an"}, "FitsFew": {Query: "zz"}, "FitsNobody": {Query: "nobody at all"},
	}
}

// BenchmarkMillion measures what the portal asks for, of a million records. To put
// those takes minutes.
func BenchmarkMillion(b *testing.B) {
	if testing.Short() {
		b.Skip("it takes minutes to put a million records")
	}
	s := openMillion(b)
	measure := func(name string, ask func() (int, error)) {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				var err error
				n, err = ask()
				require.NoError(b, err)
			}
			b.ReportMetric(float64(n), "found")
		})
	}
	measure("Counts", func() (int, error) {
		c, err := s.Counts(b.Context(), "mercy-lakes")
		return len(c.Records), err
	})
	for name, f := range portalFilters() {
		measure("Count/"+name, func() (int, error) { return s.CountRecords(b.Context(), "mercy-lakes", f) })
		for o, index := range everyOrder() {
			measure(fmt.Sprintf("Page/%s/%s/up=%v", name, index, o.Up), func() (int, error) {
				page, err := s.Records(b.Context(), "mercy-lakes", f, o, app.Cursor{}, 51)
				return len(page), err
			})
		}
	}
	for name, f := range map[string]app.PersonFilter{
		"All": {}, "FitsFew": {Query: "zz"}, "NotBegun": {NotBegun: app.EditionRef{Module: "module-07", Edition: "2026"}},
	} {
		measure("CountPeople/"+name, func() (int, error) { return s.CountPeople(b.Context(), "mercy-lakes", f) })
		measure("People/"+name, func() (int, error) {
			page, err := s.People(b.Context(), "mercy-lakes", f, app.PersonCursor{}, 51)
			return len(page), err
		})
	}
}
