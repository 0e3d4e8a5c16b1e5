package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func once() []test {
	return []test{
		{"a key is used once", usedOnce},
		{"keys don't touch each other", usedApart},
		{"a key is remembered until its time, and may then be forgotten", usedUntil},
		{"a key is remembered until the time of its first use", usedUntilFirst},
	}
}

func (c clinic) use(key app.OnceKey, until time.Time) error {
	c.Helper()
	return c.store.UseOnce(c.Context(), app.Once{Key: key, Until: until})
}

// sweepAt removes what has ended at a time, and no session.
func (c clinic) sweepAt(now time.Time) {
	c.Helper()
	require.NoError(c, c.store.Sweep(c.Context(), minute(0), minute(0), now))
}

func usedOnce(c clinic) {
	require.NoError(c, c.use("state", minute(10)))
	for range 3 {
		assert.ErrorIs(c, c.use("state", minute(10)), app.ErrConflict)
	}
}

func usedApart(c clinic) {
	keys := []app.OnceKey{
		"state", "State", "state ", app.NewOnceKey("state", "a"), app.NewOnceKey("state", "b"), app.NewOnceKey("sign-out", "a"),
	}
	for _, key := range keys {
		assert.NoError(c, c.use(key, minute(10)), "%q", key)
	}
	for _, key := range keys {
		assert.ErrorIs(c, c.use(key, minute(10)), app.ErrConflict, "%q", key)
	}
}

func usedUntil(c clinic) {
	s := c.signIn(person(mercy, "rivera"))
	require.NoError(c, c.use("early", minute(10)))
	require.NoError(c, c.use("late", minute(20)))
	c.sweepAt(minute(10).Add(-time.Millisecond))
	assert.ErrorIs(c, c.use("early", minute(10)), app.ErrConflict)
	assert.ErrorIs(c, c.use("late", minute(20)), app.ErrConflict)

	c.sweepAt(minute(10).Add(time.Millisecond))
	assert.NoError(c, c.use("early", minute(30)), "it was forgotten")
	assert.ErrorIs(c, c.use("late", minute(20)), app.ErrConflict)

	c.sweepAt(minute(25))
	assert.ErrorIs(c, c.use("early", minute(30)), app.ErrConflict, "the second use counts as the first did")
	assert.NoError(c, c.use("late", minute(30)))
	assert.Len(c, c.sessionsOf(person(mercy, "rivera")), 1)
	assert.Equal(c, person(mercy, "rivera"), c.personOf(s), "no session was old")
}

func usedUntilFirst(c clinic) {
	require.NoError(c, c.use("state", minute(20)))
	for _, until := range []time.Time{minute(5), minute(40)} {
		require.ErrorIs(c, c.use("state", until), app.ErrConflict)
	}
	c.sweepAt(minute(10))
	assert.ErrorIs(c, c.use("state", minute(20)), app.ErrConflict, "a second use does not shorten it")
	c.sweepAt(minute(30))
	assert.NoError(c, c.use("state", minute(40)), "nor does it lengthen it")
}
