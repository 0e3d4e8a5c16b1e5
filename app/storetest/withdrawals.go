package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func withdrawals() []test {
	return []test{
		{"are shown wherever the record is", withdrawalShown},
		{"stand with their event", withdrawalTold},
		{"happen once", withdrawnOnce},
		{"are of certificates that there are", withdrawnNothing},
		{"touch no other certificate", withdrawnAlone},
		{"stay whatever the learner does afterwards", withdrawalStays},
		{"are not begun with a record", withdrawnBeforeBegun},
		{"leave the record among those of its status", withdrawnStillListed},
	}
}

// withdrawal returns a withdrawal, and the event that tells of it.
func withdrawal(r app.Record, n int) (app.Withdrawal, app.Event) {
	told := app.Event{
		ID: app.EventID("withdrawn " + string(r.ID)), At: minute(n), Kind: app.CertificateWithdrawn,
		Institution: r.Institution, Details: app.Details{"certificate": string(r.Completion.Certificate)},
	}
	return app.Withdrawal{At: minute(n), Reason: "It was somebody else's quiz."}, told
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// withdrawn withdraws the record's certificate and returns the record as it is then.
func (c clinic) withdrawn(r app.Record, n int) app.Record {
	c.Helper()
	w, told := withdrawal(r, n)
	require.NoError(c, c.store.Withdraw(c.Context(), r.Completion.Certificate, w, told))
	r.Withdrawn, r.ChangedAt = &w, later(r.ChangedAt, w.At)
	return r
}

// certifiedRecord returns a record of the person's with a completion.
func (c clinic) certifiedRecord(p app.Person, module string) app.Record {
	c.Helper()
	r := c.begin(p, module, minute(0))
	return c.save(r, earning(attemptAt(r, app.AttemptID("completes "+module), 4, minute(1))))
}

// everywhere makes sure that each way to a record of mercy's leads to this one.
func (c clinic) everywhere(want app.Record) {
	c.Helper()
	assert.Equal(c, want, c.record(want.ID))
	certified, err := c.store.CertifiedRecord(c.Context(), want.Completion.Certificate)
	require.NoError(c, err)
	assert.Equal(c, want, certified)
	own, err := c.store.LearnerRecords(c.Context(), want.Learner)
	require.NoError(c, err)
	assert.Contains(c, own, want)
	for _, f := range []app.Filter{{}, {Module: want.Module, Status: want.Status()}, {Query: want.Subject, From: minute(0)}} {
		assert.Contains(c, c.listed(mercy, f, app.Cursor{}, 100), want, "%+v", f)
		assert.Contains(c, c.all(mercy, f), want, "%+v, downloaded", f)
	}
}

func withdrawalShown(c clinic) {
	p := c.learner(mercy, "rivera")
	held := c.certifiedRecord(p, module(1))
	assert.Nil(c, held.Withdrawn)
	c.everywhere(held)
	want := c.withdrawn(held, 30)
	c.everywhere(want)
	assert.Equal(c, held.Completion, c.record(held.ID).Completion, "the completion never changes")
	assert.Equal(c, want, c.begin(p, module(1), minute(40)))
}

func withdrawalTold(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.certifiedRecord(p, module(1))
	w, told := withdrawal(r, 30)
	told.Learner, told.Subject, told.Name = p.Learner, p.Subject, p.Name
	require.NoError(c, c.store.Withdraw(c.Context(), r.Completion.Certificate, w, told))
	for _, f := range []app.EventFilter{{}, {Institution: mercy}, {Kind: app.CertificateWithdrawn}, {Learner: p.Learner}} {
		assert.Equal(c, []app.Event{told}, c.events(f), "%+v", f)
	}
}

func withdrawnOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	want := c.withdrawn(c.certifiedRecord(p, module(1)), 30)
	before := c.events(app.EventFilter{})
	require.Len(c, before, 1)

	again, told := withdrawal(want, 40)
	again.Reason, told.ID = "Another reason.", "withdrawn again"
	for range 2 {
		err := c.store.Withdraw(c.Context(), want.Completion.Certificate, again, told)
		assert.ErrorIs(c, err, app.ErrConflict)
		c.everywhere(want)
		assert.Equal(c, before, c.events(app.EventFilter{}), "nor is it told")
	}
}

func withdrawnNothing(c clinic) {
	p := c.learner(mercy, "rivera")
	begun := c.begin(p, module(2), minute(0))
	want := c.certifiedRecord(p, module(1))
	w, told := withdrawal(want, 30)
	for _, id := range []app.CertificateID{"", "nobody's", app.CertificateID(begun.ID), app.CertificateID(want.ID)} {
		assert.ErrorIs(c, c.store.Withdraw(c.Context(), id, w, told), app.ErrNotFound, "%q", id)
	}
	assert.Equal(c, begun, c.record(begun.ID))
	c.everywhere(want)
	assert.Empty(c, c.events(app.EventFilter{}))
}

func withdrawnAlone(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	mine, second, theirs := c.certifiedRecord(p, module(1)), c.certifiedRecord(p, module(2)), c.certifiedRecord(other, module(1))
	mine = c.withdrawn(mine, 30)
	c.everywhere(mine)
	c.everywhere(second)
	c.everywhere(theirs)
	theirs = c.withdrawn(theirs, 31)
	c.everywhere(mine)
	c.everywhere(theirs)
	assert.Len(c, c.events(app.EventFilter{}), 2)
}

func withdrawalStays(c clinic) {
	p := c.learner(mercy, "rivera")
	held := c.certifiedRecord(p, module(1))
	want := c.withdrawn(held, 30)
	want.Attempts, want.ActiveAt = 2, minute(50)
	assert.Equal(c, want, c.save(held, earning(attemptAt(held, "another", 4, minute(50)))), "also by somebody who does not know of it yet")
	assert.Equal(c, want, c.save(held, earning(attemptAt(held, "another", 4, minute(50)))), "sent twice")
	c.everywhere(want)

	p.Name = "Dr. Rivera-Luna"
	c.signIn(p)
	want.Name = p.Name
	c.everywhere(want)
}

func withdrawnBeforeBegun(c clinic) {
	p := c.learner(mercy, "rivera")
	given := recordOf(p, module(1), minute(0))
	given.Withdrawn = &app.Withdrawal{At: minute(1), Reason: "It is not the store's to take this from a caller."}
	want := recordOf(p, module(1), minute(0))
	assert.Equal(c, want, c.beginAs(given))

	given.ID, given.Module = app.NewRecordID(p.Learner, module(2), "2026"), module(2)
	got := c.save(given, earning(attemptAt(given, "first", 4, minute(2))))
	require.NotNil(c, got.Completion)
	assert.Nil(c, got.Withdrawn)
	c.everywhere(got)
}

func withdrawnStillListed(c clinic) {
	p := c.learner(mercy, "rivera")
	var want []app.Record
	for n := range 4 {
		r := c.certifiedRecord(p, module(n))
		if n%2 == 0 {
			r = c.withdrawn(r, n)
		}
		want = append(want, r)
	}
	sortByActivity(want)
	assert.Equal(c, want, c.paged(mercy, app.Filter{Status: app.Passed}, 3))
	n, err := c.store.CountRecords(c.Context(), mercy, app.Filter{Status: app.Passed})
	require.NoError(c, err)
	assert.Equal(c, 4, n)
}
