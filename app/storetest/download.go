package storetest

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func downloads() []test {
	return []test{
		{"holds every record once, by id", downloadsAll},
		{"holds every record once while learners are active", downloadsWhileActive},
		{"holds what its filter chooses all the while, whatever else moves", downloadsWhileOthersMove},
		{"ends where its reader stops", downloadStopped},
		{"ends with an error when it is cancelled", downloadCancelled},
		{"may be read more than once", downloadTwice},
		{"goes on while another is read", downloadsTogether},
		{"holds up nobody while its reader is slow", downloadsLeftOpen},
	}
}

// many adds so many records of ten learners.
func (c clinic) many(n int) []app.Record {
	c.Helper()
	var people []app.Person
	for i := range 10 {
		people = append(people, c.learner(mercy, fmt.Sprint("learner-", i)))
	}
	all := make([]app.Record, n)
	together(func(m int) {
		for i := m; i < n; i += crowd {
			var err error
			all[i], err = c.store.Begin(c.Context(), recordOf(people[i%10], module(i/10), minute(i%7)))
			assert.NoError(c, err)
		}
	})
	return all
}

// moreThanParts are more records than a store would fetch at once, several times.
const moreThanParts = 2400

func byID(all []app.Record) []app.Record {
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b app.Record) int {
		if a.ID < b.ID {
			return -1
		}
		return 1
	})
	return sorted
}

func downloadsAll(c clinic) {
	all := c.many(moreThanParts)
	c.begin(c.learner(prairie, "theirs"), module(1), minute(0))
	assert.Equal(c, byID(all), c.all(mercy, app.Filter{}))
	f := app.Filter{From: minute(2), To: minute(5), Query: "LEARNER-3"}
	assert.Equal(c, byID(chosen(all, f)), c.all(mercy, f))
}

func downloadsWhileActive(c clinic) {
	all := byID(c.many(300))
	var got []app.RecordID
	for r, err := range c.store.AllRecords(c.Context(), mercy, app.Filter{}) {
		require.NoError(c, err)
		for _, at := range []int{len(got) / 2, len(all) - 1 - len(got)/2} {
			other := all[at]
			c.save(other, earning(attemptAt(other, app.AttemptID(app.NewToken()), 4, minute(20+len(got)))))
		}
		got = append(got, r.ID)
	}
	var want []app.RecordID
	for _, r := range all {
		want = append(want, r.ID)
	}
	assert.Equal(c, want, got)
}

// downloadsWhileOthersMove has half of the records completed while a download
// of those in progress is read: they may be in it or not, by when that happens,
// but the others are.
func downloadsWhileOthersMove(c clinic) {
	all := byID(c.many(400))
	var stay []app.RecordID
	moves := map[app.RecordID]bool{}
	for i, r := range all {
		moves[r.ID] = i%2 == 1
		if i%2 == 0 {
			stay = append(stay, r.ID)
		}
	}
	f := app.Filter{Status: app.InProgress, To: minute(20)}
	seen := map[app.RecordID]int{}
	var got []app.RecordID
	for r, err := range c.store.AllRecords(c.Context(), mercy, f) {
		require.NoError(c, err)
		if len(got) < len(all)/2 {
			other := all[len(all)-1-2*len(got)] // from the end, as the download comes from the beginning
			c.save(other, earning(attemptAt(other, "last", 4, minute(30))))
		}
		seen[r.ID]++
		require.Equal(c, 1, seen[r.ID], "nothing comes twice")
		if !moves[r.ID] {
			got = append(got, r.ID)
		}
	}
	assert.Equal(c, stay, got)
}

func downloadStopped(c clinic) {
	all := byID(c.many(120))
	for range 40 { // more often than a store has connections
		var got []app.Record
		for r, err := range c.store.AllRecords(c.Context(), mercy, app.Filter{}) {
			require.NoError(c, err)
			got = append(got, r)
			if len(got) == 3 {
				break
			}
		}
		assert.Equal(c, all[:3], got)
	}
	assert.Len(c, c.all(mercy, app.Filter{}), 120, "and the store serves the next")
}

func downloadCancelled(c clinic) {
	c.many(120)
	ctx, cancel := context.WithCancel(c.Context())
	defer cancel()
	rows, failures := 0, 0
	for _, err := range c.store.AllRecords(ctx, mercy, app.Filter{}) {
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

	for _, err := range c.store.AllRecords(ctx, mercy, app.Filter{}) {
		assert.ErrorIs(c, err, context.Canceled, "nor does it begin")
	}
	assert.Len(c, c.all(mercy, app.Filter{}), 120, "and the store serves the next")
}

func downloadTwice(c clinic) {
	c.many(20)
	download := c.store.AllRecords(c.Context(), mercy, app.Filter{})
	for range 2 {
		n := 0
		for _, err := range download {
			require.NoError(c, err)
			n++
		}
		assert.Equal(c, 20, n)
	}
}

func downloadsTogether(c clinic) {
	all := byID(c.many(30))
	n := 0
	for r, err := range c.store.AllRecords(c.Context(), mercy, app.Filter{}) {
		require.NoError(c, err)
		assert.Equal(c, all[n], r)
		n++
		assert.Equal(c, all, c.all(mercy, app.Filter{}))
		assert.Equal(c, r, c.record(r.ID), "pages are served meanwhile")
		assert.Len(c, c.listed(mercy, app.Filter{}, app.Cursor{}, 5), 5)
	}
	assert.Equal(c, 30, n)
}

// downloadsLeftOpen begins more downloads than a store has connections and reads
// none of them on, as a slow browser does.
func downloadsLeftOpen(c clinic) {
	all := byID(c.many(300))
	theirs := c.begin(c.learner(prairie, "theirs"), module(1), minute(0))
	ctx, cancel := context.WithTimeout(c.Context(), 20*time.Second) // so that a store that waits for a reader fails
	defer cancel()
	var slow func() (app.Record, error, bool)
	for range 12 {
		next, stop := iter.Pull2(c.store.AllRecords(ctx, mercy, app.Filter{}))
		defer stop()
		first, err, _ := next()
		require.NoError(c, err)
		require.Equal(c, all[0], first)
		slow = next
	}
	var got []app.Record
	for r, err := range c.store.AllRecords(ctx, prairie, app.Filter{}) {
		require.NoError(c, err, "another institution's download")
		got = append(got, r)
	}
	assert.Equal(c, []app.Record{theirs}, got)
	page, err := c.store.Records(ctx, mercy, app.Filter{}, app.Order{}, app.Cursor{}, 5)
	require.NoError(c, err, "a page")
	assert.Len(c, page, 5)
	after, err := c.store.SaveAttempt(ctx, theirs, attemptAt(theirs, "first", 4, minute(5)))
	require.NoError(c, err, "an answer")
	assert.Equal(c, 1, after.Attempts)

	for _, want := range all[1:] {
		r, err, _ := slow()
		require.NoError(c, err)
		require.Equal(c, want, r, "and the slow reader gets all of it")
	}
	_, _, more := slow()
	assert.False(c, more)
}
