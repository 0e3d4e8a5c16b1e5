package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func changes() []test {
	return []test{
		{"of a record are dated", changesDated},
		{"that change nothing are not dated", notChanged},
		{"of what a person is called are dated in their records alone", calledAnewDated},
		{"never go back in time", changesNeverBack},
		{"come after one another in their order", changesInOrder},
	}
}

func changesDated(c clinic) {
	p := c.learner(mercy, "rivera")
	r := recordOf(p, module(1), minute(0))
	r.ChangedAt = minute(1)
	changed := func(doing string, want time.Time) {
		c.Helper()
		assert.Equal(c, want, c.record(r.ID).ChangedAt, doing)
	}
	c.beginAs(r)
	changed("begun", minute(1))
	r.ChangedAt = minute(3) // by when the answers that were sent at minute 2 came in
	c.save(r, attemptAt(r, "first", 1, minute(2)))
	changed("an attempt", minute(3))
	r.ChangedAt = minute(5)
	passed := c.save(r, earning(attemptAt(r, "second", 4, minute(4))))
	changed("a completion", minute(5))
	c.withdrawn(passed, 7)
	changed("withdrawn", minute(7))
	p.Email, p.SignedInAt = "new@mercy.example", minute(8)
	c.signIn(p)
	changed("a new e-mail address", minute(8))
	c.erase(p.Learner, minute(9))
	changed("erased", minute(9))
	now := minute(0).AddDate(6, 0, 1)
	require.NoError(c, c.store.Forget(c.Context(), now))
	changed("forgotten", now)
	p.SignedInAt = now.Add(time.Hour)
	c.signIn(p)
	changed("back again", now.Add(time.Hour))

	r = recordOf(p, module(2), minute(0))
	c.waive(r, minute(11))
	changed("waived", minute(11))
}

func notChanged(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	r = c.save(r, attemptAt(r, "first", 1, minute(2)))
	again := r
	again.ChangedAt = minute(30)
	c.save(again, earning(attemptAt(r, "first", 4, minute(30))))
	c.beginAs(again)
	p.SignedInAt, p.Roles = minute(31), []app.Role{app.Manager}
	c.signIn(p)
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(50, 0, 0)))
	assert.Equal(c, r, c.record(r.ID), "an attempt sent twice, a module begun twice, a sign-in as ever, names that are not to be forgotten")
}

func calledAnewDated(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	r, s, theirs := c.begin(p, module(1), minute(0)), c.begin(p, module(2), minute(0)), c.begin(other, module(1), minute(0))
	for n, set := range []func(){func() { p.Name = "Dr. Cho" }, func() { p.Email = "" }, func() { p.NPI = "1" }, func() { p.Name = "" }} {
		set()
		p.SignedInAt = minute(10 + n)
		c.signIn(p)
		for _, id := range []app.RecordID{r.ID, s.ID} {
			assert.Equal(c, minute(10+n), c.record(id).ChangedAt)
		}
	}
	assert.Equal(c, theirs, c.record(theirs.ID))
}

func changesNeverBack(c clinic) {
	p := c.learner(mercy, "rivera")
	r := recordOf(p, module(1), minute(0))
	r.ChangedAt = minute(50)
	c.beginAs(r)
	stays := func(doing string) {
		c.Helper()
		assert.Equal(c, minute(50), c.record(r.ID).ChangedAt, doing)
	}
	r.ChangedAt = minute(3)
	passed := c.save(r, earning(attemptAt(r, "first", 4, minute(2))))
	stays("an attempt")
	w, told := withdrawal(passed, 4)
	require.NoError(c, c.store.Withdraw(c.Context(), passed.Completion.Certificate, w, told))
	stays("withdrawn")
	p.Name, p.SignedInAt = "Dr. Cho", minute(5)
	c.signIn(p)
	stays("renamed")
	c.erase(p.Learner, minute(6))
	stays("erased")
	p.SignedInAt = minute(7)
	c.signIn(p)
	stays("back again")
}

// changesInOrder reads what has changed as a system does that comes back again
// and again.
func changesInOrder(c clinic) {
	p := c.learner(mercy, "rivera")
	for n := range 12 {
		c.begin(p, module(n), minute(n/2))
	}
	o := app.Order{By: app.OrderChange, Up: true}
	f := app.Filter{ChangedBefore: minute(4)}
	first := c.inPages(f, o, 3)
	require.Len(c, first, 8)
	r := first[2]
	r.ChangedAt = minute(9)
	c.save(r, attemptAt(r, "first", 2, minute(9)))
	f.ChangedBefore = minute(30)
	rest := c.inOrder(f, o, o.After(first[7]), 100)
	require.Len(c, rest, 5, "what has changed since, and what changed anew")
	assert.Equal(c, r.ID, rest[4].ID)
}
