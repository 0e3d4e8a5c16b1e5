package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func trails() []test {
	return []test{
		{"shows each filter and any combination of them alike everywhere", everyEventFilter},
		{"goes on where it stopped, also within one moment", everyEventPage},
		{"shows no institution another's events", trailsApart},
		{"is empty where nothing happened", nothingHappened},
		{"stays whole while more happens", pagesWhileMoreHappens},
	}
}

func sortLatestFirst(all []app.Event) {
	slices.SortFunc(all, func(a, b app.Event) int {
		return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.ID, a.ID))
	})
}

// eventful adds events that differ in all that a filter looks at, many of them
// at the same time, and returns them, the latest first.
func (c clinic) eventful() []app.Event {
	c.Helper()
	people := []app.Person{c.learner(mercy, "rivera"), c.learner(mercy, "okafor"), c.learner(prairie, "rivera"), {}}
	var all []app.Event
	for n := range 120 {
		e := eventOf(people[n%4], app.EventID(app.NewToken()), minute(n/2%5))
		e.Kind = app.EventKinds()[n/4%3]
		if n%7 == 0 {
			e.Institution = prairie // where the person has been since
		}
		c.add(e)
		all = append(all, e)
	}
	sortLatestFirst(all)
	return all
}

// chosenEvents says what a filter means.
func chosenEvents(all []app.Event, f app.EventFilter) []app.Event {
	var chosen []app.Event
	for _, e := range all {
		if (f.Institution == "" || e.Institution == f.Institution) &&
			(f.Kind == "" || e.Kind == f.Kind) &&
			(f.Learner == "" || e.Learner == f.Learner) &&
			(f.From.IsZero() || !e.At.Before(f.From)) &&
			(f.To.IsZero() || e.At.Before(f.To)) {
			chosen = append(chosen, e)
		}
	}
	return chosen
}

// everyEventCombination returns each combination of some values of each filter.
func everyEventCombination() []app.EventFilter {
	var filters []app.EventFilter
	for _, institution := range []app.InstitutionID{"", mercy, prairie} {
		for _, kind := range []app.EventKind{"", app.SignedIn, app.SignedOut} {
			for _, learner := range []app.LearnerID{"", person(mercy, "rivera").Learner} {
				for _, from := range []time.Time{{}, minute(1)} {
					for _, to := range []time.Time{{}, minute(3)} {
						filters = append(filters, app.EventFilter{
							Institution: institution, Kind: kind, Learner: learner, From: from, To: to})
					}
				}
			}
		}
	}
	return filters
}

func everyEventFilter(c clinic) {
	all := c.eventful()
	some := 0
	for _, f := range everyEventCombination() {
		want := chosenEvents(all, f)
		some += min(len(want), 1)
		assert.Equal(c, want, c.events(f), "%+v", f)
		assert.Equal(c, want, c.pagedEvents(f, 4), "%+v, in pages", f)
	}
	assert.Greater(c, some, 60, "the filters choose too little to tell")
}

// listedEvents returns one page of the trail.
func (c clinic) listedEvents(f app.EventFilter, after app.EventCursor, limit int) []app.Event {
	c.Helper()
	page, err := c.store.Events(c.Context(), f, after, limit)
	require.NoError(c, err)
	require.LessOrEqual(c, len(page), limit)
	return page
}

// pagedEvents returns all pages of the trail, one after the other.
func (c clinic) pagedEvents(f app.EventFilter, limit int) []app.Event {
	c.Helper()
	var all []app.Event
	after := app.EventCursor{}
	for {
		page := c.listedEvents(f, after, limit)
		all = append(all, page...)
		if len(page) < limit {
			return all
		}
		after = app.AfterEvent(page[limit-1])
	}
}

func everyEventPage(c clinic) {
	var want []app.Event
	for n := range 30 {
		e := event(app.EventID(fmt.Sprint("event-", n*7%30)), minute(n/10))
		c.add(e)
		want = append(want, e)
	}
	sortLatestFirst(want)
	for _, limit := range []int{1, 2, 7, 10, 29, 30, 31} {
		assert.Equal(c, want, c.pagedEvents(app.EventFilter{}, limit), "by %d", limit)
		assert.Equal(c, want[10:], c.pagedEvents(app.EventFilter{To: minute(2)}, limit), "the first two minutes by %d", limit)
	}
	for _, at := range []int{1, 2} {
		late := app.EventCursor{At: minute(at), ID: "~"}
		assert.Equal(c, want[20:], c.listedEvents(app.EventFilter{To: minute(1)}, late, 100), "from a place after the filter's end")
	}
	early := app.EventFilter{From: minute(2)}
	assert.Empty(c, c.listedEvents(early, app.AfterEvent(want[9]), 10), "from a place at the filter's beginning")
	assert.Empty(c, c.listedEvents(app.EventFilter{}, app.AfterEvent(want[29]), 10), "after the last one")
	gone := app.EventCursor{At: minute(1), ID: "~"}
	assert.Equal(c, want[10:], c.listedEvents(app.EventFilter{}, gone, 100), "after an event that is not there")
}

func trailsApart(c clinic) {
	mine := eventOf(c.learner(mercy, "rivera"), "first", minute(1))
	other := eventOf(c.learner(prairie, "rivera"), "second", minute(1))
	ours := event("third", minute(1))
	for _, e := range []app.Event{mine, other, ours} {
		c.add(e)
	}
	for institution, want := range map[app.InstitutionID][]app.Event{
		mercy: {mine}, prairie: {other}, "": {ours, other, mine}, "mercy": nil, "mercy-lakes-north": nil, "MERCY-LAKES": nil,
	} {
		assert.Equal(c, want, c.events(app.EventFilter{Institution: institution}), "%q", institution)
		after := app.EventCursor{At: minute(9), ID: other.ID}
		assert.Equal(c, want, c.listedEvents(app.EventFilter{Institution: institution}, after, 10), "nor by another's cursor")
	}
	assert.Empty(c, c.events(app.EventFilter{Institution: mercy, Learner: other.Learner}), "nor by another's learner")
}

func nothingHappened(c clinic) {
	c.learner(mercy, "rivera")
	assert.Empty(c, c.events(app.EventFilter{}))
	c.add(event("first", minute(1)))
	assert.Empty(c, c.events(app.EventFilter{Institution: mercy}))
	assert.Empty(c, c.events(app.EventFilter{Kind: app.SignedIn}))
}

func pagesWhileMoreHappens(c clinic) {
	var want []app.Event
	for n := range 20 {
		e := event(app.EventID(app.NewToken()), minute(n/4))
		c.add(e)
		want = append(want, e)
	}
	sortLatestFirst(want)
	var got []app.Event
	after := app.EventCursor{}
	for n := 0; len(got) < len(want); n++ {
		page := c.listedEvents(app.EventFilter{}, after, 3)
		require.NotEmpty(c, page)
		got = append(got, page...)
		after = app.AfterEvent(page[len(page)-1])
		c.add(event(app.EventID(app.NewToken()), minute(10+n)))
	}
	assert.Equal(c, want, got)
}
