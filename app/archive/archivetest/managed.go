package archivetest

import (
	"context"
	"errors"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

// waiver returns a completion that nobody has earned.
func waiver(r app.Record, at int) app.Completion {
	return app.Completion{Status: app.Waived, At: minute(at), Version: r.Version, Name: r.Name, Title: r.Title,
		Institution: "Mercy Lakes, on that day", Reason: "Teaches it. " + oddText}
}

func fillWaivers(ctx context.Context, s app.Store) error {
	// Of somebody who has not begun, and of somebody who has.
	for _, r := range []app.Record{record(odd(), "waived"), record(okafor(), "names-first")} {
		r.ChangedAt = minute(21)
		told := app.Event{ID: app.EventID("waived: " + r.ID), At: minute(21), Kind: app.ModuleWaived, Institution: r.Institution, Learner: r.Learner}
		_, err := s.Complete(ctx, r, waiver(r, 21), told)
		if err != nil {
			return err
		}
	}
	return nil
}

func (w ward) readWaivers(store archive.Store) {
	r := record(odd(), "waived")
	got := w.item(store, archive.Records, string(r.ID)).Record
	assert.Equal(w, &archive.Completion{Status: app.Waived, At: minute(21), Version: 1, Name: r.Name, Title: r.Title,
		Institution: "Mercy Lakes, on that day", Reason: "Teaches it. " + oddText}, got.Completion, "without a certificate")
	assert.Equal(w, minute(21), got.ChangedAt)
	begun := w.item(store, archive.Records, string(record(okafor(), "names-first").ID)).Record
	assert.Equal(w, app.Waived, begun.Completion.Status)
	assert.Len(w, begun.Attempts, 1)
	assert.Equal(w, []time.Time{minute(3), minute(21)}, []time.Time{begun.ActiveAt, begun.ChangedAt})
}

// office is what managers keep who keep everything.
func office() app.Office {
	return app.Office{Institution: "mercy-lakes", Revision: 2,
		Assignments: []app.Assignment{
			{ID: "second", Maker: rivera().Learner, MadeAt: minute(3), People: []string{"Zoë@mercy-lakes.example", oddText, "rivera"},
				Module: "names-first", By: oddText, Because: "For " + oddText, Due: minute(500)},
			{ID: "first", Maker: person("gone").Learner, MadeAt: minute(2), Program: "first-5-minutes", By: "The board", Because: "We promised."},
		},
		Tokens: []app.AccessToken{
			{ID: "t-2", Hash: "hash 2", Name: oddText, Scopes: []app.Scope{app.ReadRecords}, Maker: rivera().Learner, MadeAt: minute(5), ExpiresAt: minute(700)},
			{ID: "t-1", Hash: "hash 1", Name: "The warehouse's", Scopes: []app.Scope{app.ReadModules, app.ReadLearners}, Maker: rivera().Learner,
				MadeAt: minute(4), ExpiresAt: minute(6)},
		},
		Filters: []app.SavedFilter{{Name: oddText, Query: "status=completed&q=%F0%9F%A9%BA&sort=name&up=1"}, {Name: "All", Query: ""}},
	}
}

func fillOffices(ctx context.Context, s app.Store) error {
	first := office()
	first.Revision, first.Assignments, first.Tokens = 1, first.Assignments[:1], nil
	told := app.Event{ID: "assigned", At: minute(3), Kind: app.AssignmentMade, Institution: "mercy-lakes", Learner: rivera().Learner}
	made := app.Event{ID: "token made", At: minute(5), Kind: app.TokenMade, Institution: "mercy-lakes", Learner: rivera().Learner}
	return errors.Join(
		s.SaveOffice(ctx, first, told),
		s.SaveOffice(ctx, office(), made),
		s.SaveOffice(ctx, app.Office{Institution: app.InstitutionID(oddText), Revision: 1}),
	)
}

func (w ward) readOffices(store archive.Store) {
	want := &archive.Office{Institution: "mercy-lakes", Revision: 2}
	for _, a := range office().Assignments {
		a.People = append([]string{}, a.People...)
		want.Assignments = append(want.Assignments, archive.Assignment(a))
	}
	for _, t := range office().Tokens {
		want.Tokens = append(want.Tokens, archive.AccessToken(t))
	}
	for _, f := range office().Filters {
		want.Filters = append(want.Filters, archive.SavedFilter(f))
	}
	assert.Equal(w, want, w.item(store, archive.Offices, "mercy-lakes").Office)
	assert.Equal(w, &archive.Office{Institution: app.InstitutionID(oddText), Revision: 1, Assignments: []archive.Assignment{},
		Tokens: []archive.AccessToken{}, Filters: []archive.SavedFilter{}}, w.item(store, archive.Offices, oddText).Office)
}

// long is a time for which nobody asks any more.
func long() time.Time { return minute(0).AddDate(-7, 0, 0) }

// fillErased has somebody do everything, and then leave.
func fillErased(ctx context.Context, s app.Store) error {
	for _, p := range []app.Person{person("gone"), person("gone at once")} {
		err := s.SignIn(ctx, p, session(p, "of "+p.Subject, 1), func(app.Person) []app.Event { return nil })
		if err != nil {
			return err
		}
	}
	gone := person("gone")
	r, old := record(gone, "names-first"), record(gone, "long ago")
	before := earning(attempt(old, "long ago", 4, 0), app.Passed, nil)
	before.At, before.Completion.At = long(), long()
	_, first := s.SaveAttempt(ctx, r, attempt(r, "gone's", 1, 2))
	_, earned := s.SaveAttempt(ctx, r, earning(attempt(r, "gone's, too", 4, 3), app.Passed, nil))
	_, ago := s.SaveAttempt(ctx, old, before)
	_, begun := s.Begin(ctx, record(gone, "only-begun"))
	err := errors.Join(first, earned, ago, begun, s.SaveWorkbook(ctx, workbook(r)), s.Park(ctx, parked(gone, "gone's, and waits", 4)))
	if err != nil {
		return err
	}
	_, err = s.Complete(ctx, record(gone, "waived"), waiver(record(gone, "waived"), 5), app.Event{ID: "waived for gone", At: minute(5), Kind: app.ModuleWaived})
	if err != nil {
		return err
	}
	for _, p := range []app.Person{gone, person("gone at once")} {
		told := app.Event{ID: app.EventID("erased: " + p.Learner), At: minute(30), Kind: app.PersonErased, Institution: p.Institution, Learner: p.Learner}
		err = s.Erase(ctx, app.Erasure{Learner: p.Learner, At: minute(30)}, told)
		if err != nil {
			return err
		}
	}
	return nil
}

func (w ward) readErased(store archive.Store) {
	gone := person("gone")
	assert.Equal(w, &archive.Person{Learner: gone.Learner, Institution: "mercy-lakes", Roles: []app.Role{}, SignedInAt: minute(0),
		ErasedAt: minute(30), Sessions: []archive.Session{}}, w.item(store, archive.People, string(gone.Learner)).Person)
	for _, of := range []struct {
		module string
		name   string
		forget time.Time
	}{
		{"names-first", "The learner, on that day", minute(3).AddDate(6, 0, 0)}, {"waived", gone.Name, minute(5).AddDate(6, 0, 0)}, {"long ago", "", time.Time{}},
	} {
		r := w.item(store, archive.Records, string(record(gone, of.module).ID)).Record
		require.NotNil(w, r.Completion, of.module)
		assert.True(w, r.Former, of.module)
		assert.Equal(w, []any{of.name, of.forget, minute(30)}, []any{r.Completion.Name, r.ForgetAt, r.ChangedAt}, of.module)
		for _, a := range r.Attempts {
			assert.Equal(w, []archive.Answer{}, a.Answers, "what was answered is gone")
		}
	}
	r := w.item(store, archive.Records, string(record(gone, "names-first").ID)).Record
	assert.Len(w, r.Attempts, 2)
	assert.Equal(w, app.CertificateID("certificate of gone's, too"), r.Completion.Certificate)
	begun := w.item(store, archive.Records, string(record(gone, "only-begun").ID)).Record
	assert.Nil(w, begun.Completion)
	assert.True(w, begun.Former)
	assert.Zero(w, begun.ForgetAt, "there is no name in it")
}
