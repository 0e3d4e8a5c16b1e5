package storetest

import (
	"time"

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
		{"elsewhere makes one a former learner where they were", signInElsewhere},
		{"elsewhere changes the records alone that it makes others", onlyFormerChanged},
		{"elsewhere takes no work that a page still begins where they were for present", begunWhereTheyWere},
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
	listed, err := c.store.Records(c.Context(), mercy, app.Filter{}, app.Order{}, app.Cursor{}, 10)
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

// move signs somebody in at another institution.
func (c clinic) move(p app.Person, to app.InstitutionID, at time.Time) app.Person {
	c.Helper()
	p.Institution, p.SignedInAt = to, at
	c.signIn(p)
	return p
}

// recordBy returns a record that was begun, as it is while its learner is called so.
func recordBy(r app.Record, p app.Person, former bool, changed time.Time) app.Record {
	r.Subject, r.Name, r.Email, r.NPI = p.Subject, p.Name, p.Email, p.NPI
	r.Former, r.ChangedAt = former, changed
	return r
}

func signInElsewhere(c clinic) {
	p := c.learner(mercy, "rivera")
	passed, begun := c.certifiedRecord(p, module(1)), c.begin(p, module(2), minute(6))
	p.Name, p.Email = "Dr. Cho", "cho@prairie.example"
	p = c.move(p, prairie, minute(40))
	for _, r := range []app.Record{passed, begun} {
		assert.Equal(c, recordBy(r, p, true, minute(40)), c.record(r.ID), "a former learner there, by the name of today")
	}
	theirs := c.begin(p, module(3), minute(41))
	assert.False(c, theirs.Former)
	assert.Empty(c, c.all(mercy, app.Filter{Present: true}))
	assert.Len(c, c.all(prairie, app.Filter{Present: true}), 1)
	assert.Equal(c, []string{"rivera", "rivera"}, c.finds("cho"), "and is found by it")
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(50, 0, 0)))
	assert.Equal(c, passed.Completion, c.record(passed.ID).Completion, "it is not somebody who was erased")
	c.counted("gone elsewhere")

	p = c.move(p, mercy, minute(50))
	for _, r := range []app.Record{passed, begun} {
		assert.Equal(c, recordBy(r, p, false, minute(50)), c.record(r.ID), "and a learner again who has come back")
	}
	assert.Equal(c, recordBy(theirs, p, true, minute(50)), c.record(theirs.ID))
	c.counted("back again")

	c.erase(p.Learner, minute(60))
	p.SignedInAt = minute(60)
	c.move(p, prairie, minute(70))
	assert.True(c, c.record(passed.ID).Former, "nor is one present everywhere who comes back elsewhere")
	assert.False(c, c.record(theirs.ID).Former)
	assert.Empty(c, c.finds("that day"))
	assert.Equal(c, []string{"rivera", "rivera"}, c.finds("cho"))
	c.counted("erased, and gone elsewhere")
}

func onlyFormerChanged(c clinic) {
	p := c.learner(mercy, "rivera")
	c.begin(p, module(1), minute(1))
	p = c.move(p, prairie, minute(40))
	theirs := c.begin(p, module(2), minute(41))
	third := c.move(p, "high-plains", minute(50))
	assert.Equal(c, recordBy(theirs, third, true, minute(50)), c.record(theirs.ID))
	first := app.NewRecordID(p.Learner, module(1), "2026")
	assert.Equal(c, minute(40), c.record(first).ChangedAt, "they had left before")
	c.move(p, prairie, minute(60))
	assert.Equal(c, minute(40), c.record(first).ChangedAt)
	assert.Equal(c, recordBy(theirs, p, false, minute(60)), c.record(theirs.ID))
	c.move(p, prairie, minute(70))
	assert.Equal(c, minute(60), c.record(theirs.ID).ChangedAt, "who signs in as before changes nothing")
}

func begunWhereTheyWere(c clinic) {
	was := c.learner(mercy, "rivera")
	now := c.move(was, prairie, minute(40))
	r := c.beginAs(recordOf(was, module(1), minute(41)))
	assert.Equal(c, recordBy(recordOf(was, module(1), minute(41)), now, true, minute(41)), r)
	r = c.save(r, earning(attemptAt(r, "late", 4, minute(42))))
	assert.True(c, r.Former)
	assert.Equal(c, []string{"rivera"}, c.finds("rivera"))
	assert.Empty(c, c.finds("that day"), "a completion's name finds the erased alone")
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(50, 0, 0)))
	assert.NotEmpty(c, c.record(r.ID).Completion.Name)
	c.counted("begun where they were")
}
