package storetest

import (
	"fmt"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// persistent are the tests of learners who try one module again and again.
func persistent() []test {
	return []test{
		{"have each of hundreds of attempts counted and kept", hundredsOfAttempts},
		{"have an old attempt counted once, as a new one", oldAttemptSentAgain},
		{"have hundreds of attempts at once counted", hundredsAtOnce},
		{"may complete after hundreds of attempts", completedAfterHundreds},
	}
}

// hundreds is more than a store need keep in one place.
const hundreds = 450

func attemptNumber(n int) app.AttemptID { return app.AttemptID(fmt.Sprint("attempt-", n)) }

// tryHundreds has the person try a module so often, and returns the record.
func (c clinic) tryHundreds(p app.Person) app.Record {
	c.Helper()
	r := c.begin(p, module(1), minute(0))
	for n := range hundreds {
		r = c.save(r, attemptAt(r, attemptNumber(n), n%4, minute(n)))
		require.Equal(c, n+1, r.Attempts)
	}
	return r
}

func hundredsOfAttempts(c clinic) {
	p := c.learner(mercy, "rivera")
	want := recordOf(p, module(1), minute(0))
	want.Attempts, want.Score, want.ActiveAt = hundreds, percent(75), minute(hundreds-1)
	assert.Equal(c, want, c.tryHundreds(p))
	for n := range hundreds {
		got, err := c.store.Attempt(c.Context(), p.Learner, attemptNumber(n))
		require.NoError(c, err)
		require.Equal(c, attemptAt(want, attemptNumber(n), n%4, minute(n)), got)
	}
}

func oldAttemptSentAgain(c clinic) {
	p := c.learner(mercy, "rivera")
	want := c.tryHundreds(p)
	c.park(parked(p, attemptNumber(0), 1))
	for n := range hundreds {
		got := c.save(want, earning(attemptAt(want, attemptNumber(n), 4, minute(hundreds+1))))
		require.Equal(c, want, got, "number %d", n)
	}
	assert.Empty(c, c.parkedBy(p), "nor does it wait to be counted")
	assert.Equal(c, want, c.record(want.ID))
}

func hundredsAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	const each = hundreds/crowd + 1
	together(func(n int) {
		for m := range each {
			id := attemptNumber(n*each + m)
			for range 2 { // the page sent it twice
				_, err := c.store.SaveAttempt(c.Context(), r, attemptAt(r, id, 1, minute(m)))
				assert.NoError(c, err)
			}
		}
	})
	assert.Equal(c, crowd*each, c.record(r.ID).Attempts)
	for n := range crowd * each {
		_, err := c.store.Attempt(c.Context(), p.Learner, attemptNumber(n))
		require.NoError(c, err, "number %d", n)
	}
}

func completedAfterHundreds(c clinic) {
	p := c.learner(mercy, "rivera")
	want := c.tryHundreds(p)
	a := earning(attemptAt(want, "at last", 4, minute(hundreds)))
	want.Attempts, want.Score, want.ActiveAt = hundreds+1, percent(100), a.At
	want.Completion, want.Version, want.Title = a.Completion, a.Completion.Version, a.Completion.Title
	assert.Equal(c, want, c.save(want, a))
	assert.Equal(c, want, c.record(want.ID))
}
