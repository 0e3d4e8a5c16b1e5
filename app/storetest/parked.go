package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

func parkedAnswers() []test {
	return []test{
		{"wait for their learner, the oldest first", parkedInOrder},
		{"are kept as they were sent first", parkedOnce},
		{"are not parked once they are counted", parkedAfterCounting},
		{"wait no longer once they are counted", countingTakesParked},
		{"are no attempt yet", parkedIsNoAttempt},
		{"may be of somebody who never signed in here", parkedByStranger},
	}
}

// parked returns answers that the person sent while signed out.
func parked(p app.Person, id app.AttemptID, at int) app.Parked {
	return app.Parked{
		ID:      id,
		Learner: p.Learner,
		Module:  module(1),
		Version: 3,
		Answers: content.Answers{"need": {"heard"}},
		At:      minute(at),
	}
}

func (c clinic) park(p app.Parked) {
	c.Helper()
	require.NoError(c, c.store.Park(c.Context(), p))
}

func (c clinic) parkedBy(p app.Person) []app.Parked {
	c.Helper()
	waiting, err := c.store.ParkedBy(c.Context(), p.Learner)
	require.NoError(c, err)
	return waiting
}

func parkedInOrder(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	assert.Empty(c, c.parkedBy(p))
	third, first, second := parked(p, "a", 9), parked(p, "b", 1), parked(p, "c", 5)
	second.Quiz = true
	for _, k := range []app.Parked{third, first, second, parked(other, "a", 2)} {
		c.park(k)
	}
	assert.Equal(c, []app.Parked{first, second, third}, c.parkedBy(p))
	assert.Equal(c, []app.Parked{parked(other, "a", 2)}, c.parkedBy(other))
}

func parkedOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	first, again := parked(p, "one id", 1), parked(p, "one id", 2)
	again.Answers = content.Answers{"need": {"other"}}
	c.park(first)
	c.park(again)
	assert.Equal(c, []app.Parked{first}, c.parkedBy(p))
}

func parkedAfterCounting(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	sent := attemptAt(r, "one id", 2, minute(4))
	c.save(r, sent)
	c.park(parked(p, "one id", 5))
	assert.Empty(c, c.parkedBy(p))
	got, err := c.store.Attempt(c.Context(), p.Learner, "one id")
	require.NoError(c, err)
	assert.Equal(c, sent, got)
}

func countingTakesParked(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	r := c.begin(p, module(1), minute(0))
	c.park(parked(p, "one id", 1))
	c.park(parked(p, "another id", 2))
	c.park(parked(other, "one id", 3))

	sent := attemptAt(r, "one id", 2, minute(8))
	got := c.save(r, sent)
	assert.Equal(c, 1, got.Attempts)
	assert.Equal(c, []app.Parked{parked(p, "another id", 2)}, c.parkedBy(p))
	assert.Equal(c, []app.Parked{parked(other, "one id", 3)}, c.parkedBy(other))
	kept, err := c.store.Attempt(c.Context(), p.Learner, "one id")
	require.NoError(c, err)
	assert.Equal(c, sent, kept)

	assert.Equal(c, got, c.save(r, sent), "counted once, as any attempt")
}

func parkedIsNoAttempt(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	c.park(parked(p, "one id", 1))
	_, err := c.store.Attempt(c.Context(), p.Learner, "one id")
	assert.ErrorIs(c, err, app.ErrNotFound)
	assert.Equal(c, r, c.record(r.ID))
}

func parkedByStranger(c clinic) {
	p := person(mercy, "rivera")
	c.park(parked(p, "one id", 1))
	c.signIn(p)
	assert.Len(c, c.parkedBy(p), 1)
}
