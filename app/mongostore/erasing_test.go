package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
	"first5/content"
)

// busy has somebody do something of everything, and returns their record.
func (d desk) busy(p app.Person) app.Record {
	d.Helper()
	d.signIn(p, browser(p, "phone", 1))
	r := recordAt(p, "names-first")
	for n := range mostHeld + 1 { // so that the oldest have moved away
		_, err := d.store.SaveAttempt(d.Context(), r, attemptNumber(r, n))
		require.NoError(d, err)
	}
	return d.busyWith(p, r)
}

func (d desk) busyWith(p app.Person, r app.Record) app.Record {
	d.Helper()
	r, err := d.store.SaveAttempt(d.Context(), r, earned(attemptNumber(r, 999)))
	require.NoError(d, err)
	_, err = d.store.Begin(d.Context(), recordAt(p, "open-questions"))
	require.NoError(d, err)
	require.NoError(d, d.store.SaveWorkbook(d.Context(), workbookAt(p, "names-first")))
	require.NoError(d, d.store.Park(d.Context(), app.Parked{ID: "waits", Learner: p.Learner, Module: "names-first", Version: 1, At: after(1)}))
	return r
}

func (d desk) erase(p app.Person) {
	d.Helper()
	require.NoError(d, d.store.Erase(d.Context(), app.Erasure{Learner: p.Learner, At: after(5)}, happens(app.PersonErased, p.Learner, "erased")))
}

// gone makes sure that nothing is left of who somebody was and what they said.
func (d desk) gone(p app.Person, r app.Record) {
	d.Helper()
	is, err := d.store.Person(d.Context(), p.Learner)
	require.NoError(d, err)
	assert.Equal(d, app.Person{Learner: p.Learner, Identity: app.Identity{Institution: p.Institution}, SignedInAt: p.SignedInAt, ErasedAt: after(5)}, is)
	assert.Empty(d, d.browsers(p))
	for _, collection := range []string{workbooks, parked} {
		assert.Zero(d, d.count(collection, bson.D{}), collection)
	}
	left := d.recordOf(r.ID)
	assert.True(d, left.Former)
	assert.Equal(d, []string{"", "", "", ""}, []string{left.Subject, left.Name, left.Email, left.NPI})
	assert.Equal(d, "The learner", left.LearnerName(), "for six years")
	assert.Equal(d, r.Attempts, left.Attempts)
	assert.True(d, d.recordOf(recordAt(p, "open-questions").ID).Former)
	all, err := d.store.LearnerAttempts(d.Context(), p.Learner)
	require.NoError(d, err)
	assert.Len(d, all, r.Attempts)
	for _, a := range all {
		assert.Equal(d, content.Answers{}, a.Answers)
	}
}

func TestAnErasureOverABrokenLineIsWholeAndToldOnce(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		p := known("rivera")
		d.signIn(p, browser(p, "phone", 1))
		r := d.busyWith(p, recordAt(p, "names-first"))
		breaks()
		d.erase(p)
		d.gone(p, r)
		assert.ElementsMatch(t, []string{"signed_in before: ", "person_erased erased"}, d.told())
		d.nothingUntold()
	})
}

func TestAnErasureTakesTheAnswersOfOlderAttemptsToo(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	r := d.busy(p)
	require.Positive(t, d.count(attempts, bson.D{}))
	d.erase(p)
	d.gone(p, r)
}

// diesErasing takes the write that decides an erasure, and nothing that follows.
func (d desk) diesErasing(p app.Person) {
	d.Helper()
	c := erasing{store: d.store, id: "died after this", e: app.Erasure{Learner: p.Learner, At: after(5)},
		told: newEventDocs([]app.Event{happens(app.PersonErased, p.Learner, "erased")})}
	require.NoError(d, c.write(d.Context(), d.personDoc(p)))
}

func TestAnErasureThatWasBrokenOffIsFinished(t *testing.T) {
	for what, finish := range map[string]func(d desk, p app.Person){
		"by the daily forgetting": func(d desk, p app.Person) { require.NoError(d, d.store.Forget(d.Context(), after(6))) },
		"by erasing again":        func(d desk, p app.Person) { d.erase(p) },
		"before a backup": func(d desk, p app.Person) {
			for _, err := range d.store.Items(d.Context(), "record") {
				require.NoError(d, err)
			}
		},
	} {
		t.Run(what, func(t *testing.T) {
			d := atDesk(t)
			p := known("rivera")
			d.signIn(p, browser(p, "phone", 1))
			r := d.busyWith(p, recordAt(p, "names-first"))
			d.diesErasing(p)
			assert.Equal(t, 1, d.count(workbooks, bson.D{}), "the program died")
			finish(d, p)
			d.gone(p, r)
			assert.ElementsMatch(t, []string{"signed_in before: ", "person_erased erased"}, d.told())
		})
	}
}

func TestWhoeverComesBackFindsTheirRecordsAndNothingThatWasErased(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	r := d.busyWith(p, recordAt(p, "names-first"))
	d.diesErasing(p)
	slow := d.personDoc(p)
	p.SignedInAt = after(7)
	d.signIn(p, browser(p, "desk", 7))
	assert.Zero(t, d.count(workbooks, bson.D{}), "the erasure was finished first")
	is := d.recordOf(r.ID)
	assert.Equal(t, "Dr. rivera", is.Name)
	assert.False(t, is.Former)
	assert.Equal(t, after(7), is.ChangedAt)
	require.NoError(t, d.store.SaveWorkbook(t.Context(), workbookAt(p, "names-first")))

	require.NoError(t, d.store.finishErasure(t.Context(), slow, after(8)), "a slow replica comes last")
	assert.Equal(t, is, d.recordOf(r.ID))
	assert.Equal(t, 1, d.count(workbooks, bson.D{}))
	require.NoError(t, d.store.Forget(t.Context(), after(0).AddDate(10, 0, 0)))
	assert.Equal(t, "The learner", d.recordOf(r.ID).Completion.Name, "and nothing is forgotten of who is there")
}

// A page that was slow begins a module for somebody who was erased meanwhile.
func TestARecordThatIsBegunTooLateIsAFormerLearners(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	d.erase(p)
	r := recordAt(p, "names-first")
	got, err := d.store.SaveAttempt(t.Context(), r, earned(attemptNumber(r, 3)))
	require.NoError(t, err)
	assert.True(t, got.Former)
	assert.Empty(t, got.Email)
	assert.Equal(t, got, d.recordOf(r.ID))
	assert.Equal(t, after(3).AddDate(6, 0, 0).Year(), d.whole(r.ID).ForgetAt.Year())
}

// An attempt was on its way while its learner was erased.
func TestAnAttemptThatComesTooLateLeavesNoAnswers(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	r := recordAt(p, "names-first")
	_, err := d.store.Begin(t.Context(), r)
	require.NoError(t, err)
	d.erase(p)
	got, err := d.store.SaveAttempt(t.Context(), r, earned(attemptNumber(r, 3)))
	require.NoError(t, err)
	assert.Equal(t, app.Passed, got.Status())
	assert.Equal(t, got, d.recordOf(r.ID))
	all, err := d.store.LearnerAttempts(t.Context(), p.Learner)
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Empty(t, all[0].Answers)
	assert.False(t, d.whole(r.ID).ForgetAt.IsZero(), "and its name is forgotten in time")
	assert.Equal(t, d.whole(r.ID).keyed(), d.whole(r.ID).Keys)
}

func (d desk) whole(id app.RecordID) recordDoc {
	d.Helper()
	r, err := findRecord(d.Context(), d.store.db, idIs(id))
	require.NoError(d, err)
	return r
}

func TestNamesAreForgottenWhenTheirTimeHasCome(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		p := known("rivera")
		d.signIn(p, browser(p, "phone", 1))
		r := d.busyWith(p, recordAt(p, "names-first"))
		d.erase(p)
		when := d.whole(r.ID).ForgetAt
		require.NoError(t, s.Forget(t.Context(), when.Add(-1)))
		require.Equal(t, "The learner", d.recordOf(r.ID).LearnerName())
		breaks()
		require.NoError(t, s.Forget(t.Context(), when))
		is := d.recordOf(r.ID)
		assert.Empty(t, is.LearnerName())
		assert.Equal(t, when, is.ChangedAt)
		n, err := s.CountRecords(t.Context(), r.Institution, app.Filter{Query: "learner"})
		require.NoError(t, err)
		assert.Zero(t, n)
	})
}

// What comes in for somebody who was erased was on its way: their page's call
// looked for them before. The next time that names are forgotten it goes.
func TestWhatComesInWhileSomebodyIsErasedIsRemovedLater(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	r := recordAt(p, "names-first")
	_, err := d.store.Begin(t.Context(), r)
	require.NoError(t, err)
	d.erase(p)
	in := d.store.db
	_, err = in.Collection(workbooks).InsertOne(t.Context(), newWorkbookDoc(workbookAt(p, "names-first")))
	require.NoError(t, err)
	_, err = in.Collection(parked).InsertOne(t.Context(), newParkedDoc(app.Parked{ID: "waits", Learner: p.Learner, At: after(4)}))
	require.NoError(t, err)
	_, err = d.store.beginRecord(t.Context(), recordAt(p, "open-questions"))
	require.NoError(t, err)

	require.NoError(t, d.store.Forget(t.Context(), after(6)))
	assert.Zero(t, d.count(workbooks, bson.D{}))
	assert.Zero(t, d.count(parked, bson.D{}))
	late := d.recordOf(recordAt(p, "open-questions").ID)
	assert.True(t, late.Former)
	assert.Empty(t, late.Name)
	assert.Equal(t, after(6), late.ChangedAt)
	assert.Equal(t, after(5), d.recordOf(r.ID).ChangedAt, "it was stripped before")
	assert.False(t, d.personDoc(p).ErasingSince.IsZero(), "something may still come in")

	require.NoError(t, d.store.Forget(t.Context(), after(5).Add(onItsWay)))
	assert.Zero(t, d.personDoc(p).ErasingSince, "and after a while nothing does")
}

// A report asks what has changed since it last asked.
func TestAnErasureThatIsFinishedLateIsSeenByWhoeverAsksWhatHasChanged(t *testing.T) {
	for what, finish := range map[string]func(d desk, p app.Person){
		"by the daily forgetting": func(d desk, p app.Person) { require.NoError(d, d.store.Forget(d.Context(), after(30))) },
		"before they sign in": func(d desk, p app.Person) {
			p.SignedInAt = after(30)
			d.signIn(p, browser(p, "desk", 30))
		},
	} {
		t.Run(what, func(t *testing.T) {
			d := atDesk(t)
			p := known("rivera")
			d.signIn(p, browser(p, "phone", 1))
			r, err := d.store.Begin(t.Context(), recordAt(p, "names-first"))
			require.NoError(t, err)
			d.diesErasing(p)
			finish(d, p)
			assert.Equal(t, after(30), d.recordOf(r.ID).ChangedAt)
		})
	}
}

func TestWhoeverHasSignedInSinceIsNotErased(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	p.SignedInAt = after(2)
	d.signIn(p, browser(p, "phone", 2))
	e := app.Erasure{Learner: p.Learner, At: after(5), SignedInBefore: after(2)}
	told := happens(app.PersonErased, p.Learner, "erased")
	assert.ErrorIs(t, d.store.Erase(t.Context(), e, told), app.ErrConflict)
	assert.Zero(t, d.personDoc(p).ErasedAt)
	assert.NotContains(t, d.told(), "person_erased erased")
	e.SignedInBefore = after(3)
	require.NoError(t, d.store.Erase(t.Context(), e, told))
	assert.False(t, d.personDoc(p).ErasedAt.IsZero())
}

func TestAnErasureTakesTheReasonsOfManagers(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	waived, err := d.store.Complete(t.Context(), recordAt(p, "names-first"),
		app.Completion{Status: app.Waived, At: after(2), Name: p.Name, Reason: "She was on leave"}, happens(app.ModuleWaived, p.Learner, "waived"))
	require.NoError(t, err)
	r := recordAt(p, "open-questions")
	r, err = d.store.SaveAttempt(t.Context(), r, earned(attemptNumber(r, 3)))
	require.NoError(t, err)
	require.NoError(t, d.store.Withdraw(t.Context(), r.Completion.Certificate, app.Withdrawal{At: after(4), Reason: "It was a colleague"},
		happens(app.CertificateWithdrawn, p.Learner, "withdrawn")))
	d.erase(p)
	is := d.recordOf(waived.ID)
	assert.Equal(t, app.Waived, is.Status())
	assert.Empty(t, is.Completion.Reason)
	is = d.recordOf(r.ID)
	require.NotNil(t, is.Withdrawn)
	assert.Empty(t, is.Withdrawn.Reason)
}

// The page of somebody who was erased is still open.
func TestNothingIsKeptForSomebodyWhoWasErasedUntilTheyComeBack(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	d.erase(p)
	send := func() {
		require.NoError(t, d.store.SaveWorkbook(t.Context(), workbookAt(p, "names-first")))
		require.NoError(t, d.store.Park(t.Context(), app.Parked{ID: "waits", Learner: p.Learner, Module: "names-first", Version: 1, At: after(6)}))
	}
	send()
	assert.Zero(t, d.count(workbooks, bson.D{})+d.count(parked, bson.D{}))
	r := recordAt(p, "names-first")
	for n := range 2 { // the second finds the record
		_, err := d.store.countAttempt(t.Context(), countingOf(r, attemptNumber(r, n+1))) // and then the program died
		require.NoError(t, err)
	}
	all, err := d.store.LearnerAttempts(t.Context(), p.Learner)
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Empty(t, all[0].Answers)
	assert.Empty(t, all[1].Answers)

	p.SignedInAt = after(7)
	d.signIn(p, browser(p, "desk", 7))
	send()
	assert.Equal(t, 2, d.count(workbooks, bson.D{})+d.count(parked, bson.D{}))
	_, err = d.store.SaveAttempt(t.Context(), r, attemptNumber(r, 8))
	require.NoError(t, err)
	a, err := d.store.Attempt(t.Context(), p.Learner, attemptNumber(r, 8).ID)
	require.NoError(t, err)
	assert.Equal(t, attemptNumber(r, 8).Answers, a.Answers)
}
