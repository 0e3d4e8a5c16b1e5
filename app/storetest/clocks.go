package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// clocks are the tests of clocks that are set back, or differ from one replica
// to another.
func clocks() []test {
	return []test{
		{"set back change no order of publications", publishedEarlier},
		{"set back lose no sign-in and no session", signedInEarlier},
		{"set back keep what may happen once from happening twice", usedEarlier},
		{"set back leave a completion as it was", completedEarlier},
		{"set back keep no workbook from being saved", workbookEarlier},
	}
}

func publishedEarlier(c clinic) {
	c.publish(1)
	later := publication(2)
	later.At = minute(-90)
	require.NoError(c, c.store.Publish(c.Context(), later, nil, published(later)))
	assert.Equal(c, later, c.lastPublication())
}

func signedInEarlier(c clinic) {
	p := person(mercy, "rivera")
	p.SignedInAt = minute(50)
	first := c.signIn(p)
	p.SignedInAt, p.Name = minute(20), "Dr. Rivera-Luna"
	before := c.signInAs(p, sessionOf(p, minute(20)))
	assert.Equal(c, minute(50), before.SignedInAt)
	assert.Equal(c, p, c.personOf(first), "the last sign-in counts, not the one with the latest time")

	require.NoError(c, c.store.TouchSession(c.Context(), first.Hash, minute(10)))
	got, _, err := c.store.Session(c.Context(), first.Hash)
	require.NoError(c, err)
	assert.Equal(c, minute(10), got.SeenAt)
	assert.Len(c, c.sessionsOf(p), 2)
}

func usedEarlier(c clinic) {
	require.NoError(c, c.use("state", minute(50)))
	assert.ErrorIs(c, c.use("state", minute(10)), app.ErrConflict)
	require.NoError(c, c.store.Sweep(c.Context(), minute(-90), minute(-90), minute(40)))
	assert.ErrorIs(c, c.use("state", minute(60)), app.ErrConflict, "it is remembered until the time that was said first")
}

func completedEarlier(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(30))
	first := c.save(r, earning(attemptAt(r, "first", 3, minute(40))))
	again := c.save(r, earning(attemptAt(r, "sent where the clock is late", 4, minute(5))))
	want := first
	want.Attempts, want.Score = 2, percent(100)
	assert.Equal(c, want, again)
}

func workbookEarlier(c clinic) {
	p := c.learner(mercy, "rivera")
	w := workbookOf(p, module(1))
	c.saveWorkbook(w)
	w.Revision, w.CardAt = 2, minute(-90)
	c.saveWorkbook(w)
	assert.Equal(c, w, c.workbook(p, module(1)), "the number counts, not the time")
}
