package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func signIn() []test {
	return []test{
		{"adds the person and the session", signInAdds},
		{"tells what was known of the person before", signInTellsBefore},
		{"again replaces what was known of the person", signInReplaces},
		{"shows the new name in the person's records", newNameInRecords},
		{"does not change another's records", newNameOfOneAlone},
	}
}

// personOf returns the person of the session.
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
	c.signInAs(p, s)

	gotSession, gotPerson, err := c.store.Session(c.Context(), s.Hash)
	require.NoError(c, err)
	assert.Equal(c, s, gotSession)
	assert.Equal(c, p, gotPerson)
}

func signInTellsBefore(c clinic) {
	first := person(mercy, "rivera")
	first.Roles = []app.Role{app.Manager, app.Educator}
	second := first
	second.Name, second.Email, second.NPI = "Dr. Rivera-Cho", "", "0987654321"
	second.Institution, second.Roles, second.SignedInAt = prairie, nil, minute(30)
	c.learner(prairie, "rivera") // who is somebody else

	assert.Zero(c, c.signInAs(first, sessionOf(first, minute(0))), "nothing was known of somebody new")
	assert.Equal(c, first, c.signInAs(second, sessionOf(second, minute(30))))
	before := c.signInAs(first, sessionOf(first, minute(60)))
	assert.Empty(c, before.Roles)
	before.Roles = nil
	assert.Equal(c, second, before)
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
