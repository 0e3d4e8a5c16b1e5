package storetest

import (
	"context"
	"fmt"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func trailDownloads() []test {
	return []test{
		{"holds every event once, the latest first", downloadsTrail},
		{"holds every event once while more happens", downloadsTrailMeanwhile},
		{"ends where its reader stops", trailDownloadStopped},
		{"ends with an error when it is cancelled", trailDownloadCancelled},
		{"may be read more than once", trailDownloadTwice},
		{"goes on while others are read", trailDownloadsTogether},
	}
}

// manyEvents adds so many events, and returns them, the latest first.
func (c clinic) manyEvents(n int) []app.Event {
	c.Helper()
	p := c.learner(mercy, "rivera")
	all := make([]app.Event, n)
	for i := range all {
		all[i] = eventOf(p, app.EventID(app.NewToken()), minute(i%7))
	}
	together(func(m int) {
		for i := m; i < n; i += crowd {
			assert.NoError(c, c.store.AddEvent(c.Context(), all[i]))
		}
	})
	sortLatestFirst(all)
	return all
}

// moreThanAPart are more events than a store would fetch at once, twice.
const moreThanAPart = 1100

func downloadsTrail(c clinic) {
	all := c.manyEvents(moreThanAPart)
	c.add(event("ours", minute(3)))
	assert.Equal(c, all, c.allEvents(app.EventFilter{Institution: mercy}))
	f := app.EventFilter{Institution: mercy, Kind: app.SignedIn, From: minute(2), To: minute(5)}
	assert.Equal(c, chosenEvents(all, f), c.allEvents(f))
}

func downloadsTrailMeanwhile(c clinic) {
	all := c.manyEvents(moreThanAPart)
	there := map[app.EventID]bool{}
	for _, e := range all {
		there[e.ID] = true
	}
	var got []app.Event
	n := 0
	for e, err := range c.store.AllEvents(c.Context(), app.EventFilter{}) {
		require.NoError(c, err)
		if n%20 == 0 { // now, and at a time that is past
			c.add(event(app.EventID(fmt.Sprint("later-", n)), minute(20)))
			c.add(event(app.EventID(fmt.Sprint("late-", n)), minute(n%7)))
		}
		n++
		if there[e.ID] {
			got = append(got, e)
		}
	}
	assert.Equal(c, all, got)
}

func trailDownloadStopped(c clinic) {
	all := c.manyEvents(moreThanAPart)
	for range 40 { // more often than a store has connections
		var got []app.Event
		for e, err := range c.store.AllEvents(c.Context(), app.EventFilter{}) {
			require.NoError(c, err)
			got = append(got, e)
			if len(got) == 3 {
				break
			}
		}
		assert.Equal(c, all[:3], got)
	}
	assert.Len(c, c.allEvents(app.EventFilter{}), moreThanAPart, "and the store serves the next")
}

func trailDownloadCancelled(c clinic) {
	c.manyEvents(120)
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	rows, failures := 0, 0
	for _, err := range c.store.AllEvents(ctx, app.EventFilter{}) {
		require.Zero(c, failures, "an error is the last thing")
		if err != nil {
			assert.ErrorIs(c, err, context.Canceled)
			failures++
			continue
		}
		rows++
		if rows == 3 {
			cancel()
		}
	}
	assert.Equal(c, 1, failures, "what is missing is told")
	assert.Less(c, rows, 120)

	for _, err := range c.store.AllEvents(ctx, app.EventFilter{}) {
		assert.ErrorIs(c, err, context.Canceled, "nor does it begin")
	}
	assert.Len(c, c.allEvents(app.EventFilter{}), 120, "and the store serves the next")
}

func trailDownloadTwice(c clinic) {
	c.manyEvents(20)
	download := c.store.AllEvents(c.Context(), app.EventFilter{})
	for range 2 {
		n := 0
		for _, err := range download {
			require.NoError(c, err)
			n++
		}
		assert.Equal(c, 20, n)
	}
}

func trailDownloadsTogether(c clinic) {
	all := c.manyEvents(30)
	n := 0
	for e, err := range c.store.AllEvents(c.Context(), app.EventFilter{}) {
		require.NoError(c, err)
		assert.Equal(c, all[n], e)
		n++
		assert.Equal(c, all, c.allEvents(app.EventFilter{}))
		assert.Len(c, c.listedEvents(app.EventFilter{}, app.EventCursor{}, 5), 5, "pages are served meanwhile")
	}
	assert.Equal(c, 30, n)
}
