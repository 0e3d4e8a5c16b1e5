package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func signIn() []test {
	return []test{
		{"adds the person and the session", signInAdds},
		{"again replaces what was known of the person", signInReplaces},
		{"shows the new name in the person's records", newNameInRecords},
		{"does not change another's records", newNameOfOneAlone},
	}
}

func sessions() []test {
	return []test{
		{"are found by their hash alone", sessionByHash},
		{"remember when they were last seen", sessionTouched},
		{"end once and for all", sessionEnds},
		{"end when they were created or seen too long ago", oldSessionsEnd},
	}
}

// person returns the person of the session.
func (c clinic) personOf(s app.Session) app.Person {
	c.Helper()
	_, p, err := c.store.Session(c.Context(), s.Hash)
	require.NoError(c, err)
	return p
}

func signInAdds(c clinic) {
	p := person(mercy, "rivera")
	p.Roles = []app.Role{app.Manager, app.Educator}
	s := sessionOf(p, minute(1))
	s.SeenAt = minute(2)
	require.NoError(c, c.store.SignIn(c.Context(), p, s))

	gotSession, gotPerson, err := c.store.Session(c.Context(), s.Hash)
	require.NoError(c, err)
	assert.Equal(c, s, gotSession)
	assert.Equal(c, p, gotPerson)
}

func signInReplaces(c clinic) {
	before := person(mercy, "rivera")
	before.Roles = []app.Role{app.Manager}
	first := c.signIn(before)

	after := before
	after.Institution = prairie
	after.Name, after.Email, after.NPI = "Dr. Rivera-Cho", "cho@prairie-view.example", ""
	after.Roles = nil
	after.SignedInAt = minute(30)
	second := c.signIn(after)

	for _, s := range []app.Session{first, second} {
		got := c.personOf(s)
		assert.Empty(c, got.Roles)
		got.Roles = nil
		assert.Equal(c, after, got, "the person is the same in every browser")
	}
}

func newNameInRecords(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	r = c.save(r, earning(attemptAt(r, "first", 4, minute(5))))
	c.begin(p, module(2), minute(6))

	p.Name, p.Email, p.NPI = "Dr. Rivera-Cho", "", "0987654321"
	c.signIn(p)

	certified, err := c.store.CertifiedRecord(c.Context(), r.Completion.Certificate)
	require.NoError(c, err)
	own, err := c.store.LearnerRecords(c.Context(), p.Learner)
	require.NoError(c, err)
	listed, err := c.store.Records(c.Context(), mercy, app.Filter{}, app.Cursor{}, 10)
	require.NoError(c, err)
	all := append(c.all(mercy, app.Filter{}), c.record(r.ID), certified)
	all = append(append(all, own...), listed...)
	require.Len(c, all, 2+1+1+2+2)
	for _, r := range all {
		assert.Equal(c, "Dr. Rivera-Cho", r.Name)
		assert.Empty(c, r.Email)
		assert.Equal(c, "0987654321", r.NPI)
		assert.Equal(c, "rivera", r.Subject)
	}
	assert.Equal(c, "The learner, on that day", certified.Completion.Name, "the certificate keeps the old name")
}

func newNameOfOneAlone(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	r := c.begin(other, module(1), minute(0))
	p.Name = "Dr. Rivera-Cho"
	c.signIn(p)
	assert.Equal(c, "Dr. okafor", c.record(r.ID).Name)
}

func sessionByHash(c clinic) {
	p, other := person(mercy, "rivera"), person(prairie, "rivera")
	s, otherSession := c.signIn(p), c.signIn(other)
	assert.Equal(c, p, c.personOf(s))
	assert.Equal(c, other, c.personOf(otherSession))
	for _, hash := range []app.SessionHash{"", "nobody's", s.Hash[1:], s.Hash + "0"} {
		_, _, err := c.store.Session(c.Context(), hash)
		assert.ErrorIs(c, err, app.ErrNotFound, "%q", hash)
	}
}

func sessionTouched(c clinic) {
	p := person(mercy, "rivera")
	s, other := c.signIn(p), c.signIn(p)
	require.NoError(c, c.store.TouchSession(c.Context(), s.Hash, minute(7)))

	got, _, err := c.store.Session(c.Context(), s.Hash)
	require.NoError(c, err)
	assert.Equal(c, minute(7), got.SeenAt)
	assert.Equal(c, s.CreatedAt, got.CreatedAt)
	got, _, err = c.store.Session(c.Context(), other.Hash)
	require.NoError(c, err)
	assert.Equal(c, other, got, "the other browser was not seen")
}

func sessionEnds(c clinic) {
	p := person(mercy, "rivera")
	s, other := c.signIn(p), c.signIn(p)
	for range 2 {
		require.NoError(c, c.store.EndSession(c.Context(), s.Hash), "ending it twice is no fault")
		require.NoError(c, c.store.TouchSession(c.Context(), s.Hash, minute(9)), "nor is seeing it afterwards")
		_, _, err := c.store.Session(c.Context(), s.Hash)
		assert.ErrorIs(c, err, app.ErrNotFound, "and that does not bring it back")
	}
	assert.Equal(c, p, c.personOf(other), "the other browser stays signed in")
}

func oldSessionsEnd(c clinic) {
	p := person(mercy, "rivera")
	cases := []struct {
		what          string
		created, seen int
		stays         bool
	}{
		{"created before, seen before", 9, 19, false},
		{"created before, seen lately", 9, 59, false},
		{"created in time, seen before", 10, 19, false},
		{"created in time, seen at the bound", 10, 20, true},
		{"created and seen later", 11, 21, true},
	}
	hashes := map[string]app.SessionHash{}
	for _, k := range cases {
		s := sessionOf(p, minute(k.created))
		s.SeenAt = minute(k.seen)
		require.NoError(c, c.store.SignIn(c.Context(), p, s))
		hashes[k.what] = s.Hash
	}
	require.NoError(c, c.store.EndSessionsBefore(c.Context(), minute(10), minute(20)))
	for _, k := range cases {
		_, _, err := c.store.Session(c.Context(), hashes[k.what])
		if k.stays {
			assert.NoError(c, err, k.what)
		} else {
			assert.ErrorIs(c, err, app.ErrNotFound, k.what)
		}
	}
}
