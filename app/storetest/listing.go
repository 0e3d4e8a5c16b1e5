package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func listings() []test {
	return []test{
		{"shows each filter and any combination of them alike everywhere", everyFilter},
		{"goes on where it stopped, also within one moment", everyPage},
		{"shows no institution another's records", institutionsApart},
		{"is empty where there is nothing", nothingListed},
		{"stays whole while somebody is active", pagesWhileActive},
	}
}

// population fills the store with records of two institutions that differ in
// all that a filter looks at, many of them active at the same time. It returns
// those of mercy, the last active first.
func (c clinic) population() []app.Record {
	c.Helper()
	names := []string{"Ana Éluard", "Bo Nguyễn", "ÉMILE ZOLA", "Chidi O'Kafor"}
	var all []app.Record
	for n, name := range names {
		for _, institution := range []app.InstitutionID{mercy, prairie} {
			p := person(institution, fmt.Sprintf("subject-%d", n))
			p.Name = name
			c.signIn(p)
			for m := range 6 {
				r := c.populate(p, n, m)
				if institution == mercy {
					all = append(all, r)
				}
			}
		}
	}
	sortByActivity(all)
	return all
}

// populate adds the person's record of one module, in one of five states.
func (c clinic) populate(p app.Person, n, m int) app.Record {
	c.Helper()
	r := recordOf(p, module(m), minute(m%2))
	r.Program = []string{"first-5-minutes", "heart-health"}[m%2]
	switch state := (n + m) % 5; state {
	case 0:
		return c.beginAs(r)
	case 1:
		return c.save(r, earning(attemptAt(r, app.AttemptID(r.Module), 3, minute(2+m%3))))
	default:
		return c.complete(r, completion([]app.Status{app.Read, app.TestedOut, app.Waived}[state-2], minute(4)))
	}
}

func (c clinic) beginAs(r app.Record) app.Record {
	c.Helper()
	got, err := c.store.Begin(c.Context(), r)
	require.NoError(c, err)
	return got
}

func sortByActivity(all []app.Record) {
	slices.SortFunc(all, func(a, b app.Record) int {
		if !a.ActiveAt.Equal(b.ActiveAt) {
			return b.ActiveAt.Compare(a.ActiveAt)
		}
		return strings.Compare(string(b.ID), string(a.ID))
	})
}

// chosen says what a filter means.
func chosen(all []app.Record, f app.Filter) []app.Record {
	var chosen []app.Record
	for _, r := range all {
		if inTime(r, f) && alike(r, f) && scored(r, f) && called(r, f.Query) &&
			(f.ChangedBefore.IsZero() || r.ChangedAt.Before(f.ChangedBefore)) {
			chosen = append(chosen, r)
		}
	}
	return chosen
}

func inTime(r app.Record, f app.Filter) bool {
	at := r.ActiveAt
	if f.Dates == app.ByCompletion {
		if r.Completion == nil {
			return false
		}
		at = r.Completion.At
	}
	return (f.From.IsZero() || !at.Before(f.From)) && (f.To.IsZero() || at.Before(f.To))
}

func alike(r app.Record, f app.Filter) bool {
	return (f.Program == "" || r.Program == f.Program) &&
		(f.Module == "" || r.Module == f.Module) &&
		(f.Edition == "" || r.Edition == f.Edition) &&
		(f.Status == "" || r.Status() == f.Status || f.Status == app.Completed && r.Completion != nil) &&
		(f.Learner == "" || r.Learner == f.Learner) &&
		(!f.Present || !r.Former)
}

func scored(r app.Record, f app.Filter) bool {
	if f.ScoreFrom == 0 && f.ScoreBelow == 0 {
		return true
	}
	return r.Score != nil && *r.Score >= f.ScoreFrom && (f.ScoreBelow == 0 || *r.Score < f.ScoreBelow)
}

// called says whether a search finds the record. Somebody who has left is called
// what the completion keeps, and nothing else.
func called(r app.Record, query string) bool {
	if r.Former {
		return query == "" || r.Completion != nil && contains(r.Completion.Name, query)
	}
	return contains(r.Name, query) || contains(r.Email, query) || contains(r.Subject, query)
}

func contains(text, part string) bool {
	return strings.Contains(strings.ToLower(text), strings.ToLower(part))
}

// everyCombination returns each combination of some values of each filter.
func everyCombination() []app.Filter {
	var filters []app.Filter
	for _, from := range []time.Time{{}, minute(1)} {
		for _, to := range []time.Time{{}, minute(3)} {
			for _, program := range []string{"", "heart-health"} {
				for _, module := range []string{"", module(3)} {
					for _, status := range append(app.Statuses(), "") {
						for _, query := range []string{"", "é", "SUBJECT-1"} {
							filters = append(filters, app.Filter{
								From: from, To: to, Program: program, Module: module, Status: status, Query: query})
						}
					}
				}
			}
		}
	}
	return filters
}

func everyFilter(c clinic) {
	all := c.population()
	some := 0
	for _, f := range everyCombination() {
		want := chosen(all, f)
		some += min(len(want), 1)
		assert.Equal(c, want, c.listed(mercy, f, app.Cursor{}, 1000), "%+v", f)
		assert.Equal(c, want, c.paged(mercy, f, 4), "%+v, in pages", f)
		n, err := c.store.CountRecords(c.Context(), mercy, f)
		require.NoError(c, err)
		assert.Equal(c, len(want), n, "%+v, counted", f)
		assert.ElementsMatch(c, want, c.all(mercy, f), "%+v, downloaded", f)
	}
	assert.Greater(c, some, 60, "the filters choose too little to tell")
}

// listed returns one page of a listing, the last active first.
func (c clinic) listed(institution app.InstitutionID, f app.Filter, after app.Cursor, limit int) []app.Record {
	c.Helper()
	return c.page(institution, f, app.Order{}, after, limit)
}

// paged returns all pages of such a listing, one after the other.
func (c clinic) paged(institution app.InstitutionID, f app.Filter, limit int) []app.Record {
	c.Helper()
	return c.pages(institution, f, app.Order{}, limit)
}

// page returns one page of a listing in an order.
func (c clinic) page(institution app.InstitutionID, f app.Filter, o app.Order, after app.Cursor, limit int) []app.Record {
	c.Helper()
	page, err := c.store.Records(c.Context(), institution, f, o, after, limit)
	require.NoError(c, err)
	require.LessOrEqual(c, len(page), limit)
	return page
}

// pages returns all pages of a listing in an order, one after the other.
func (c clinic) pages(institution app.InstitutionID, f app.Filter, o app.Order, limit int) []app.Record {
	c.Helper()
	var all []app.Record
	after := app.Cursor{}
	for {
		page := c.page(institution, f, o, after, limit)
		all = append(all, page...)
		if len(page) < limit {
			return all
		}
		after = o.After(page[limit-1])
	}
}

func everyPage(c clinic) {
	p := c.learner(mercy, "rivera")
	var want []app.Record
	for n := range 30 {
		want = append(want, c.begin(p, module(n), minute(n/10)))
	}
	sortByActivity(want)
	for _, limit := range []int{1, 2, 7, 10, 29, 30, 31} {
		assert.Equal(c, want, c.paged(mercy, app.Filter{}, limit), "by %d", limit)
		assert.Equal(c, want[10:], c.paged(mercy, app.Filter{To: minute(2)}, limit), "the first two minutes by %d", limit)
	}
	for _, at := range []int{1, 2} {
		late := app.Cursor{At: minute(at), ID: "~"}
		assert.Equal(c, want[20:], c.listed(mercy, app.Filter{To: minute(1)}, late, 100), "from a place after the filter's end")
	}
	end := app.Order{}.After(want[len(want)-1])
	assert.Empty(c, c.listed(mercy, app.Filter{}, end, 10), "after the last one")
	gone := app.Cursor{At: minute(1), ID: "~"}
	assert.Equal(c, want[10:], c.listed(mercy, app.Filter{}, gone, 100), "after a record that is not there")
}

func institutionsApart(c clinic) {
	ours, theirs := c.learner(mercy, "rivera"), c.learner(prairie, "rivera")
	mine, other := c.begin(ours, module(1), minute(0)), c.begin(theirs, module(1), minute(0))
	for institution, want := range map[app.InstitutionID][]app.Record{
		mercy: {mine}, prairie: {other}, "": nil, "mercy": nil, "mercy-lakes-north": nil, "MERCY-LAKES": nil,
	} {
		for _, f := range []app.Filter{{}, {Query: "rivera"}, {Module: module(1)}} {
			assert.Equal(c, want, c.listed(institution, f, app.Cursor{}, 10))
			assert.Equal(c, want, c.all(institution, f))
			n, err := c.store.CountRecords(c.Context(), institution, f)
			require.NoError(c, err)
			assert.Equal(c, len(want), n)
		}
		after := app.Cursor{At: minute(9), ID: other.ID}
		assert.Equal(c, want, c.listed(institution, app.Filter{}, after, 10), "nor by another's cursor")
	}
}

func nothingListed(c clinic) {
	c.learner(mercy, "rivera")
	assert.Empty(c, c.listed(mercy, app.Filter{}, app.Cursor{}, 10))
	assert.Empty(c, c.all(mercy, app.Filter{}))
	n, err := c.store.CountRecords(c.Context(), mercy, app.Filter{})
	require.NoError(c, err)
	assert.Zero(c, n)
}

func pagesWhileActive(c clinic) {
	p := c.learner(mercy, "rivera")
	for n := range 9 {
		c.begin(p, module(n), minute(n))
	}
	first := c.listed(mercy, app.Filter{}, app.Cursor{}, 3)
	r := recordOf(p, module(8), minute(0))
	c.save(r, attemptAt(r, "first", 2, minute(20)))

	rest := c.listed(mercy, app.Filter{}, app.Order{}.After(first[2]), 10)
	var modules []string
	for _, r := range rest {
		modules = append(modules, r.Module)
	}
	assert.Equal(c, []string{module(5), module(4), module(3), module(2), module(1), module(0)}, modules)
}
