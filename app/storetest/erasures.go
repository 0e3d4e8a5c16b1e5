package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func erasures() []test {
	return []test{
		{"leave of a person what accreditation asks for", erasureLeaves},
		{"take answers, workbooks and sessions away", erasureTakes},
		{"keep the name of a completion for six years", nameKept},
		{"take the name of a completion that is six years old at once", nameNotKept},
		{"touch nobody else", erasedAlone},
		{"happen once, and are told once", erasedOnce},
		{"are of people whom there are", erasedNobody},
		{"end where somebody comes back", cameBack},
		{"are found by the kept name alone, each record by its own", foundByKeptName},
		{"leave what a page begins afterwards a former learner's", begunAfterwards},
		{"keep nothing that comes in afterwards", nothingComesIn},
		{"end with a sign-in, and what comes in is kept again", keptAgain},
		{"are refused of who has signed in since", erasedUnlessBack},
		{"take the reasons of waivers and withdrawals away", reasonsTaken},
		{"are of the records at every institution", erasedEverywhere},
		{"at once with attempts lose none, and leave no name that is not forgotten", erasedAtOnce},
	}
}

// erase erases the learner and returns the event that tells of it.
func (c clinic) erase(learner app.LearnerID, at time.Time) app.Event {
	c.Helper()
	told := app.Event{ID: app.EventID(app.NewToken()), At: at, Kind: app.PersonErased, Institution: mercy, Details: app.Details{"learner": string(learner)}}
	require.NoError(c, c.store.Erase(c.Context(), app.Erasure{Learner: learner, At: at}, told))
	return told
}

func (c clinic) personBy(learner app.LearnerID) app.Person {
	c.Helper()
	p, err := c.store.Person(c.Context(), learner)
	require.NoError(c, err)
	p.Roles = append([]app.Role(nil), p.Roles...)
	return p
}

// left returns what is left of a person.
func left(p app.Person, at time.Time) app.Person {
	return app.Person{Learner: p.Learner, Identity: app.Identity{Institution: p.Institution}, SignedInAt: p.SignedInAt, ErasedAt: at}
}

// erased returns what is left of a record.
func erased(r app.Record, at time.Time) app.Record {
	r.Subject, r.Name, r.Email, r.NPI = "", "", "", ""
	r.Former, r.ChangedAt = true, at
	if r.Completion != nil {
		done := *r.Completion
		done.Reason = ""
		r.Completion = &done
	}
	if r.Withdrawn != nil {
		r.Withdrawn = &app.Withdrawal{At: r.Withdrawn.At}
	}
	return r
}

func erasureLeaves(c clinic) {
	p := person(mercy, "rivera")
	p.Roles, p.SignedInAt = []app.Role{app.Manager}, minute(5)
	c.signIn(p)
	begun := c.begin(p, module(1), minute(0))
	passed := c.certifiedRecord(p, module(2))
	withdrawn := c.withdrawn(c.certifiedRecord(p, module(3)), 7)
	told := c.erase(p.Learner, minute(40))

	assert.Equal(c, left(p, minute(40)), c.personBy(p.Learner))
	for _, r := range []app.Record{begun, passed, withdrawn} {
		want := erased(r, minute(40))
		assert.Equal(c, want, c.record(r.ID))
		assert.Contains(c, c.all(mercy, app.Filter{}), want)
		assert.Contains(c, c.listed(mercy, app.Filter{}, app.Cursor{}, 10), want)
	}
	certified, err := c.store.CertifiedRecord(c.Context(), passed.Completion.Certificate)
	require.NoError(c, err)
	assert.Equal(c, passed.Completion, certified.Completion, "the certificate goes on proving what it proves")
	assert.Empty(c, c.all(mercy, app.Filter{Present: true}))
	assert.Contains(c, c.events(app.EventFilter{}), told)
	attempts, err := c.store.LearnerAttempts(c.Context(), p.Learner)
	require.NoError(c, err)
	assert.Len(c, attempts, 2, "that there were attempts stays")
}

func erasureTakes(c clinic) {
	p := c.learner(mercy, "rivera")
	c.signIn(p)
	r := c.begin(p, module(1), minute(0))
	c.save(r, attemptAt(r, "first", 2, minute(1)))
	c.park(parked(p, "waits", 2))
	c.saveWorkbook(workbookOf(p, module(1)))
	e := eventOf(p, "signed in", minute(1))
	c.add(e)
	c.erase(p.Learner, minute(40))

	assert.Empty(c, c.sessionsOf(p))
	assert.Empty(c, c.parkedBy(p))
	assert.Empty(c, c.workbooksOf(p))
	a, err := c.store.Attempt(c.Context(), p.Learner, "first")
	require.NoError(c, err)
	assert.Empty(c, a.Answers)
	want := attemptAt(r, "first", 2, minute(1))
	want.Answers = a.Answers
	assert.Equal(c, want, a, "the grade stays")
	for _, e := range c.events(app.EventFilter{}) {
		assert.Empty(c, e.Name)
		assert.Empty(c, e.Subject)
	}
	for _, query := range []string{"rivera", "Dr.", "@", p.Email} {
		assert.Empty(c, c.finds(query))
	}
	found, err := c.store.PeopleNamed(c.Context(), mercy, []string{"rivera", p.Email, ""})
	require.NoError(c, err)
	assert.Empty(c, found)
}

func nameKept(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.completed(p, module(1), "Dr. Rivera, on that day", minute(3))
	waived := c.waive(recordOf(p, module(2), minute(0)), minute(8))
	c.erase(p.Learner, minute(40))
	kept := erased(r, minute(40))
	for _, now := range []time.Time{minute(50), minute(3).AddDate(6, 0, 0).Add(-time.Millisecond)} {
		require.NoError(c, c.store.Forget(c.Context(), now))
		assert.Equal(c, kept, c.record(r.ID))
	}
	now := minute(3).AddDate(6, 0, 0)
	for n := range 2 {
		require.NoError(c, c.store.Forget(c.Context(), now.Add(time.Duration(n)*time.Minute)))
		want := erased(r, now)
		done := *r.Completion
		done.Name = ""
		want.Completion = &done
		assert.Equal(c, want, c.record(r.ID), "and nothing else is changed, nor again")
	}
	assert.Equal(c, p.Name, c.record(waived.ID).Completion.Name, "of five minutes later")
	require.NoError(c, c.store.Forget(c.Context(), now.AddDate(1, 0, 0)))
	assert.Empty(c, c.record(waived.ID).Completion.Name)
	assert.Empty(c, c.finds("rivera"))
}

func nameNotKept(c clinic) {
	p := c.learner(mercy, "rivera")
	old := c.completed(p, module(1), "Dr. Rivera", minute(3).AddDate(-6, 0, 0))
	older := c.completed(p, module(2), "Dr. Rivera", minute(3).AddDate(-30, 0, 0))
	late := c.completed(p, module(3), "Dr. Rivera", minute(3).AddDate(-6, 0, 0).Add(time.Millisecond))
	c.erase(p.Learner, minute(3))
	assert.Empty(c, c.record(old.ID).Completion.Name)
	assert.Empty(c, c.record(older.ID).Completion.Name)
	assert.Equal(c, "Dr. Rivera", c.record(late.ID).Completion.Name)
	assert.Equal(c, 1, len(c.finds("rivera")))
}

func erasedAlone(c clinic) {
	p, other, theirs := c.learner(mercy, "rivera"), c.learner(mercy, "okafor"), c.learner(prairie, "rivera")
	var stay []app.Record
	for _, q := range []app.Person{p, other, theirs} {
		r := c.certifiedRecord(q, module(1))
		c.saveWorkbook(workbookOf(q, module(1)))
		c.park(parked(q, "waits", 2))
		if q.Learner != p.Learner {
			stay = append(stay, r)
		}
	}
	c.erase(p.Learner, minute(40))
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(90, 0, 0)))
	for _, r := range stay {
		assert.Equal(c, r, c.record(r.ID))
	}
	for _, q := range []app.Person{other, theirs} {
		assert.Equal(c, q, c.personBy(q.Learner))
		assert.Len(c, c.sessionsOf(q), 1)
		assert.Len(c, c.workbooksOf(q), 1)
		assert.Len(c, c.parkedBy(q), 1)
	}
}

func erasedOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.certifiedRecord(p, module(1))
	told := c.erase(p.Learner, minute(40))
	want, who := c.record(r.ID), c.personBy(p.Learner)
	c.erase(p.Learner, minute(50))
	assert.Equal(c, want, c.record(r.ID))
	assert.Equal(c, who, c.personBy(p.Learner))
	assert.Equal(c, []app.Event{told}, c.events(app.EventFilter{}))
}

func erasedNobody(c clinic) {
	for _, learner := range []app.LearnerID{"", "nobody", person(mercy, "rivera").Learner} {
		err := c.store.Erase(c.Context(), app.Erasure{Learner: learner, At: minute(1)}, event("told", minute(1)))
		assert.ErrorIs(c, err, app.ErrNotFound)
	}
	assert.Empty(c, c.events(app.EventFilter{}))
	assert.NoError(c, c.store.Forget(c.Context(), minute(1)), "that there is nothing to forget is no fault")
}

func cameBack(c clinic) {
	p := c.learner(mercy, "rivera")
	kept, gone := c.certifiedRecord(p, module(1)), c.completed(p, module(2), "Dr. Rivera", minute(3).AddDate(-6, 0, 0))
	c.erase(p.Learner, minute(40))
	p.SignedInAt, p.Name = minute(50), "Dr. Cho"
	before := c.signInAs(p, sessionOf(p, minute(50)))
	before.Roles = append([]app.Role(nil), before.Roles...)
	was := left(p, minute(40))
	was.SignedInAt = minute(0)
	assert.Equal(c, was, before)

	assert.Equal(c, p, c.personBy(p.Learner))
	kept.Name, kept.ChangedAt = "Dr. Cho", minute(50)
	assert.Equal(c, kept, c.record(kept.ID))
	got := c.record(gone.ID)
	assert.Empty(c, got.Completion.Name, "what was forgotten stays so")
	assert.False(c, got.Former)
	assert.Len(c, c.finds("cho"), 2)
	assert.Empty(c, c.finds("that day"))
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(50, 0, 0)))
	assert.Equal(c, kept, c.record(kept.ID), "the name of somebody who is here is not forgotten")
	named, err := c.store.PeopleNamed(c.Context(), mercy, []string{"rivera"})
	require.NoError(c, err)
	assert.Len(c, named, 1)
	assert.Len(c, c.all(mercy, app.Filter{Present: true}), 2)
}

func foundByKeptName(c clinic) {
	p := c.learner(mercy, "rivera")
	first := c.completed(p, module(1), "Ana Éluard", minute(1))
	second := c.completed(p, module(2), "Ana Zorn", minute(2))
	c.begin(p, module(3), minute(0))
	c.certifiedRecord(c.learner(mercy, "okafor"), module(1))
	c.erase(p.Learner, minute(40))
	for query, want := range map[string][]app.RecordID{
		"ana": {first.ID, second.ID}, "éluard": {first.ID}, "ÉLUARD": {first.ID}, "zorn": {second.ID}, "rivera": {}, "eluard": {},
	} {
		got := append([]app.RecordID{}, ids(c.listed(mercy, app.Filter{Query: query}, app.Cursor{}, 10))...)
		assert.ElementsMatch(c, want, got, "%q", query)
		assert.Len(c, c.finds(query), len(want), "%q", query)
	}
	var names []string
	for _, r := range c.inPages(app.Filter{}, app.Order{By: app.OrderName, Up: true}, 1) {
		names = append(names, r.LearnerName())
	}
	assert.Equal(c, []string{"", "Ana Éluard", "Ana Zorn", "Dr. okafor"}, names)
	n, err := c.store.CountRecords(c.Context(), mercy, app.Filter{Query: "ana", Present: true})
	require.NoError(c, err)
	assert.Zero(c, n)
}

func begunAfterwards(c clinic) {
	p := c.learner(mercy, "rivera")
	c.erase(p.Learner, minute(40))
	r := recordOf(p, module(1), minute(41))
	assert.Equal(c, erased(r, minute(41)), c.beginAs(r))
	r = c.save(r, earning(attemptAt(r, "late", 4, minute(42))))
	assert.True(c, r.Former)
	require.NoError(c, c.store.Forget(c.Context(), minute(42).AddDate(6, 0, 0)))
	assert.Empty(c, c.record(r.ID).Completion.Name)
	assert.Empty(c, c.finds("learner, on"))
}

func nothingComesIn(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	c.saveWorkbook(workbookOf(p, module(1)))
	c.erase(p.Learner, minute(40))
	for range 2 {
		first, second := workbookOf(p, module(1)), workbookOf(p, module(1))
		second.Revision = 2
		for _, w := range []app.Workbook{first, second, workbookOf(p, module(2))} {
			assert.NoError(c, c.store.SaveWorkbook(c.Context(), w), "whoever has the page open is not told of a fault")
		}
		c.park(parked(p, "waits", 42))
		after := c.save(r, attemptAt(r, "late", 2, minute(41)))
		assert.Equal(c, 1, after.Attempts, "it counts")
		assert.Empty(c, c.workbooksOf(p))
		assert.Empty(c, c.parkedBy(p))
		require.NoError(c, c.store.Forget(c.Context(), minute(45)))
	}
	a, err := c.store.Attempt(c.Context(), p.Learner, "late")
	require.NoError(c, err)
	assert.Empty(c, a.Answers)
	assert.Equal(c, 2, a.Grade.Right)
	_, err = c.store.Workbook(c.Context(), p.Learner, r.ID)
	assert.ErrorIs(c, err, app.ErrNotFound)
}

func keptAgain(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	c.erase(p.Learner, minute(40))
	require.NoError(c, c.store.SaveWorkbook(c.Context(), workbookOf(p, module(1))))
	p.SignedInAt = minute(50)
	c.signIn(p)
	require.NoError(c, c.store.Forget(c.Context(), minute(51)))
	want := workbookOf(p, module(1))
	c.saveWorkbook(want)
	c.park(parked(p, "waits", 52))
	a := attemptAt(r, "back", 2, minute(53))
	c.save(r, a)
	require.NoError(c, c.store.Forget(c.Context(), minute(54)))
	assert.Equal(c, []app.Workbook{want}, c.workbooksOf(p))
	assert.Len(c, c.parkedBy(p), 1)
	got, err := c.store.Attempt(c.Context(), p.Learner, "back")
	require.NoError(c, err)
	assert.Equal(c, a, got)
}

func erasedUnlessBack(c clinic) {
	p := person(mercy, "rivera")
	p.SignedInAt = minute(20)
	s := c.signIn(p)
	r := c.certifiedRecord(p, module(1))
	for _, before := range []time.Time{minute(0), minute(20)} {
		e := app.Erasure{Learner: p.Learner, At: minute(40), SignedInBefore: before}
		assert.ErrorIs(c, c.store.Erase(c.Context(), e, event("told", minute(40))), app.ErrConflict)
	}
	assert.Equal(c, p, c.personBy(p.Learner))
	assert.Equal(c, r, c.record(r.ID))
	assert.Equal(c, []app.Session{s}, c.sessionsOf(p))
	assert.Empty(c, c.events(app.EventFilter{}))
	e := app.Erasure{Learner: p.Learner, At: minute(40), SignedInBefore: minute(20).Add(time.Millisecond)}
	require.NoError(c, c.store.Erase(c.Context(), e, event("told", minute(40))))
	assert.Equal(c, left(p, minute(40)), c.personBy(p.Learner))
	e.SignedInBefore = minute(0)
	assert.NoError(c, c.store.Erase(c.Context(), e, event("again", minute(41))), "who was erased stays so")
	assert.Len(c, c.events(app.EventFilter{}), 1)
}

func reasonsTaken(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	waived, stays := c.waive(recordOf(p, module(1), minute(1)), minute(1)), c.waive(recordOf(other, module(1), minute(1)), minute(1))
	withdrawn := c.withdrawn(c.certifiedRecord(p, module(2)), 7)
	require.NotEmpty(c, waived.Completion.Reason)
	require.NotEmpty(c, withdrawn.Withdrawn.Reason)
	c.erase(p.Learner, minute(40))
	assert.Empty(c, c.record(waived.ID).Completion.Reason)
	assert.Equal(c, app.Waived, c.record(waived.ID).Status())
	got := c.record(withdrawn.ID).Withdrawn
	require.NotNil(c, got, "it does not hold again")
	assert.Equal(c, app.Withdrawal{At: withdrawn.Withdrawn.At}, *got)
	assert.Equal(c, stays, c.record(stays.ID))
}

func erasedEverywhere(c clinic) {
	p := c.learner(mercy, "rivera")
	old := c.certifiedRecord(p, module(1))
	p = c.move(p, prairie, minute(30))
	now := c.certifiedRecord(p, module(2))
	c.erase(p.Learner, minute(40))
	assert.Equal(c, erased(old, minute(40)), c.record(old.ID))
	assert.Equal(c, erased(now, minute(40)), c.record(now.ID))
	assert.Len(c, c.finds("that day"), 1)
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(7, 0, 0)))
	assert.Empty(c, c.record(old.ID).Completion.Name)
	assert.Empty(c, c.record(now.ID).Completion.Name)
	c.counted("erased everywhere")
}

func erasedAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	together(func(n int) {
		if n == crowd/2 {
			err := c.store.Erase(c.Context(), app.Erasure{Learner: p.Learner, At: minute(40)}, event("told", minute(40)))
			assert.NoError(c, err)
			return
		}
		r := recordOf(p, module(n%8), minute(n%7))
		a := attemptAt(r, attemptNumber(n), 4, minute(n%9))
		if n%3 == 0 {
			a = earning(a)
		}
		_, err := c.store.SaveAttempt(c.Context(), r, a)
		assert.NoError(c, err)
	})
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(7, 0, 0)))
	all := c.all(mercy, app.Filter{})
	require.Len(c, all, 8)
	for _, r := range all {
		assert.True(c, r.Former)
		assert.Empty(c, r.LearnerName())
		assert.Empty(c, r.Subject+r.Email+r.NPI)
	}
	c.counted("erased while active")
	attempts, err := c.store.LearnerAttempts(c.Context(), p.Learner)
	require.NoError(c, err)
	assert.Len(c, attempts, crowd-1)
}
