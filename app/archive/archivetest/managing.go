package archivetest

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

// managed keeps what a store says to all that managers ask.
func (w ward) managed(s app.Store, keep func(what string, answer any, err error)) {
	w.Helper()
	offices := []app.InstitutionID{"mercy-lakes", app.InstitutionID(oddText)}
	for _, i := range offices {
		o, err := s.Office(w.Context(), i)
		keep("office "+string(i), o, err)
	}
	for _, by := range append(app.OrderKeys(), app.OrderChange) {
		for _, up := range []bool{false, true} {
			listed, err := s.Records(w.Context(), "mercy-lakes", app.Filter{}, app.Order{By: by, Up: up}, app.Cursor{}, 100)
			keep(fmt.Sprintf("by %q, up %v", by, up), listed, err)
		}
	}
	for _, f := range []app.Filter{
		{Present: true}, {Status: app.Completed}, {Status: app.Waived}, {Query: "on that day"}, {Query: "gone"}, {ScoreFrom: 60, ScoreBelow: 100},
		{Dates: app.ByCompletion, To: minute(6)}, {ChangedBefore: minute(25)}, {Learner: person("gone").Learner},
	} {
		n, err := s.CountRecords(w.Context(), "mercy-lakes", f)
		keep(fmt.Sprintf("%+v", f), n, err)
	}
	for _, f := range []app.PersonFilter{{}, {Query: "rivera"}, {Query: "gone"}, {NotBegun: app.EditionRef{Module: "read", Edition: "2026"}}} {
		people, err := s.People(w.Context(), "mercy-lakes", f, app.PersonCursor{}, 10)
		keep(fmt.Sprintf("people %+v", f), people, err)
		n, err := s.CountPeople(w.Context(), "mercy-lakes", f)
		keep(fmt.Sprintf("number of people %+v", f), n, err)
	}
	named, err := s.PeopleNamed(w.Context(), "mercy-lakes", []string{"RIVERA@mercy-lakes.example", oddText, "gone", ""})
	keep("people by their names", named, err)
	left, err := s.LeftBefore(w.Context(), "mercy-lakes", minute(1), 10)
	keep("people long away", left, err)
	counts, err := s.Counts(w.Context(), "mercy-lakes")
	slices.SortFunc(counts.Records, func(a, b app.Tally) int { return cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)) })
	keep("counts", counts, err)
}

// manage does something of everything that managers do.
func (w ward) manage(s app.Store) {
	w.Helper()
	told := func(id string) app.Event { return app.Event{ID: app.EventID(id), At: minute(42)} }
	assert.ErrorIs(w, s.SaveOffice(w.Context(), office()), app.ErrConflict, "it was saved twice")
	next := office()
	next.Revision, next.Tokens = 3, next.Tokens[1:]
	require.NoError(w, s.SaveOffice(w.Context(), next, told("token revoked")))

	waived := record(odd(), "waived")
	_, err := s.Complete(w.Context(), waived, waiver(waived, 42), told("nothing"))
	assert.ErrorIs(w, err, app.ErrConflict, "it is waived already")
	another := record(rivera(), "waived later")
	another.ChangedAt = minute(43)
	_, err = s.Complete(w.Context(), another, waiver(another, 43), told("another is waived"))
	require.NoError(w, err)

	gone, err := s.Person(w.Context(), person("gone").Learner)
	require.NoError(w, err)
	require.NoError(w, s.Erase(w.Context(), app.Erasure{Learner: gone.Learner, At: minute(44)}, told("erased again")))
	still, err := s.Person(w.Context(), gone.Learner)
	require.NoError(w, err)
	assert.Equal(w, gone, still, "who was erased already")
	require.NoError(w, s.Erase(w.Context(), app.Erasure{Learner: okafor().Learner, At: minute(44)}, told("okafor erased")))
	later := minute(4).AddDate(6, 0, 0)
	require.NoError(w, s.Forget(w.Context(), later))
	r, err := s.Record(w.Context(), record(person("gone"), "names-first").ID)
	require.NoError(w, err)
	assert.Empty(w, r.LearnerName(), "whose time has come")
	assert.Equal(w, later, r.ChangedAt)
	r, err = s.Record(w.Context(), record(person("gone"), "waived").ID)
	require.NoError(w, err)
	assert.Equal(w, person("gone").Name, r.LearnerName(), "a minute later theirs will")
}

// putErased puts somebody who was erased into the place of the one they were.
func putErased(w ward) {
	from, to := w.filled(), w.open()
	all, before := w.all(from), w.all(from)
	gone := person("gone")
	for n, i := range before[archive.People] {
		if i.Person.Learner == gone.Learner {
			before[archive.People][n].Person = &archive.Person{Learner: gone.Learner, Institution: gone.Institution, Issuer: gone.Issuer,
				Subject: gone.Subject, Name: gone.Name, Email: gone.Email, NPI: gone.NPI, Roles: []app.Role{}, SignedInAt: gone.SignedInAt,
				Sessions: []archive.Session{}}
		}
	}
	for n, i := range before[archive.Records] {
		if i.Record.Learner == gone.Learner {
			was := *i.Record
			was.Former, was.ForgetAt, was.ChangedAt = false, time.Time{}, minute(6)
			before[archive.Records][n].Record = &was
		}
	}
	w.put(to, before, archive.Kinds()...)
	w.same(before, to)
	n, err := to.CountRecords(w.Context(), "mercy-lakes", app.Filter{Query: gone.Email})
	require.NoError(w, err)
	assert.Equal(w, 4, n)
	w.put(to, all, archive.Kinds()...)
	w.same(all, to)
	assert.Equal(w, w.answers(from), w.answers(to))
	n, err = to.CountRecords(w.Context(), "mercy-lakes", app.Filter{Query: gone.Email})
	require.NoError(w, err)
	assert.Zero(w, n, "nobody finds them any more")
}
