package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// endedOnce are the ends of sessions on somebody's word, which counts once.
func endedOnce() []test {
	return []test{
		{"sessions end once on one word", endOnce},
		{"a word that ends no session is remembered too", endNoneOnce},
		{"a word that was used for something else ends nothing", endOnUsedWord},
		{"a word is remembered until its time, and may then be forgotten", endOnceUntil},
		{"sessions end without a word as often as they are there", endWithoutWord},
	}
}

// endOn ends the sessions that the filter chooses on a word, and tells of it.
func (c clinic) endOn(once app.Once, which app.SessionFilter) ([]app.Session, error) {
	c.Helper()
	return c.store.EndSessions(c.Context(), which, once, func([]app.Session) []app.Event {
		return []app.Event{event(app.EventID(app.NewToken()), minute(1))}
	})
}

// refuses makes sure that the word, being used, ends no session and tells nothing.
func (c clinic) refuses(once app.Once, p app.Person) {
	c.Helper()
	sessions, events := c.sessionsOf(p), c.events(app.EventFilter{})
	require.NotEmpty(c, sessions)
	ended, err := c.endOn(once, app.SessionFilter{Learner: p.Learner})
	assert.ErrorIs(c, err, app.ErrConflict)
	assert.Empty(c, ended)
	assert.Equal(c, sessions, c.sessionsOf(p))
	assert.Equal(c, events, c.events(app.EventFilter{}))
}

func endOnce(c clinic) {
	p := person(mercy, "rivera")
	s := c.signIn(p)
	word := app.Once{Key: "word", Until: minute(10)}
	ended, err := c.endOn(word, app.SessionFilter{Learner: p.Learner})
	require.NoError(c, err)
	assert.Equal(c, []app.Session{s}, ended)
	assert.Len(c, c.events(app.EventFilter{}), 1)

	later := c.signIn(p)
	c.refuses(word, p)
	c.refuses(app.Once{Key: "word", Until: minute(30)}, p)
	assert.ErrorIs(c, c.use("word", minute(10)), app.ErrConflict, "nor does it serve for anything else")
	ended, err = c.endOn(app.Once{Key: "another", Until: minute(10)}, app.SessionFilter{Learner: p.Learner})
	require.NoError(c, err)
	assert.Equal(c, []app.Session{later}, ended)
}

func endNoneOnce(c clinic) {
	p := person(mercy, "rivera")
	c.signIn(p)
	for key, which := range map[app.OnceKey]app.SessionFilter{
		"a stranger's": {Learner: "stranger"}, "nobody's": {Hash: "nobody's"}, "created later": {Learner: p.Learner, CreatedBy: minute(-1)},
	} {
		word := app.Once{Key: key, Until: minute(10)}
		ended, err := c.endOn(word, which)
		require.NoError(c, err, key)
		assert.Empty(c, ended, key)
		c.refuses(word, p)
	}
	assert.Len(c, c.events(app.EventFilter{}), 3)
}

func endOnUsedWord(c clinic) {
	p := person(mercy, "rivera")
	c.signIn(p)
	require.NoError(c, c.use("word", minute(10)))
	c.refuses(app.Once{Key: "word", Until: minute(10)}, p)
}

func endOnceUntil(c clinic) {
	p := person(mercy, "rivera")
	s := c.signIn(p)
	word := app.Once{Key: "word", Until: minute(10)}
	_, err := c.endOn(word, app.SessionFilter{Learner: "stranger"})
	require.NoError(c, err)
	c.sweepAt(minute(10).Add(-time.Millisecond))
	c.refuses(word, p)
	c.sweepAt(minute(10).Add(time.Millisecond))
	ended, err := c.endOn(word, app.SessionFilter{Learner: p.Learner})
	require.NoError(c, err)
	assert.Equal(c, []app.Session{s}, ended)
}

func endWithoutWord(c clinic) {
	p := person(mercy, "rivera")
	for range 3 {
		s := c.signIn(p)
		ended, err := c.endOn(app.Once{}, app.SessionFilter{Learner: p.Learner})
		require.NoError(c, err)
		assert.Equal(c, []app.Session{s}, ended)
	}
	assert.Len(c, c.events(app.EventFilter{}), 3)
}
