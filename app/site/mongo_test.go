package site_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/mongostore"
	"first5/app/mongostore/mongotest"
)

// newHouseOverALine builds a house whose database is a MongoDB server at the end
// of a line that the test can disturb.
func newHouseOverALine(t *testing.T) (*house, *mongotest.Line) {
	t.Helper()
	address, line := mongotest.Behind(t)
	store, err := mongostore.Open(address, mongostore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateIndexes(t.Context(), func(string) {}))
	return newHouseOn(t, func(app.Store) app.Store { return store }), line
}

// TestAFaultOfTheDatabaseLosesNoAnswer disturbs the line to the database in the
// middle of an attempt, in all the ways that come to a page. The page keeps the
// answers, and its button sends them when the database is back.
func TestAFaultOfTheDatabaseLosesNoAnswer(t *testing.T) {
	h, line := newHouseOverALine(t)
	for _, c := range []struct {
		person, fault string
		disturb       func()
	}{
		{noor, "asking is cut off", func() { line.Cut(mongotest.Asked, 100) }},
		{daniel, "the answer is cut off", func() { line.Cut(mongotest.Answered, 20) }},
		{manager, "asking is reset", func() { line.Reset(mongotest.Asked) }},
		{teacher, "the answer is reset", func() { line.Reset(mongotest.Answered) }},
		{amara, "the database goes away", line.Down},
	} {
		t.Run(c.fault, func(t *testing.T) {
			h := *h
			h.t = t
			b := h.as(c.person)
			address, fields := b.fill("greet", right())
			c.disturb()
			p := b.post(address, fields)
			assert.Equal(t, 503, p.status)
			assert.NotEmpty(t, p.header.Get("Retry-After"))
			assert.Contains(t, p.text(), "Your answers are kept in this page")

			line.Mend()
			if c.person == amara {
				line.Up()
			}
			for p.status == 503 { // until the driver has found it again
				p = b.send(p, "/attempts", nil)
			}
			assert.Contains(t, p.text(), "Module completed", "by the page's own button")
			_, rest, _ := strings.Cut(fields.Get("page"), ".")
			learner, _, _ := strings.Cut(rest, ".")
			records, err := h.store.LearnerRecords(t.Context(), app.LearnerID(learner))
			require.NoError(t, err)
			require.Len(t, records, 1)
			assert.Equal(t, 1, records[0].Attempts, "it counted once")
		})
	}
}
