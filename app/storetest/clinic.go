package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// clinic is a store with the people of a test in it.
type clinic struct {
	*testing.T
	store app.Store
}

const (
	mercy   app.InstitutionID = "mercy-lakes"
	prairie app.InstitutionID = "prairie-view"
)

// minute returns a time so many minutes after the clinic has opened.
func minute(n int) time.Time {
	return time.Date(2026, 10, 1, 9, n, 0, 0, time.UTC)
}

// person returns somebody of the institution, not yet signed in.
func person(institution app.InstitutionID, subject string) app.Person {
	issuer := "https://login." + string(institution) + ".example"
	return app.Person{
		Learner: app.NewLearnerID(issuer, subject),
		Identity: app.Identity{
			Institution: institution,
			Issuer:      issuer,
			Subject:     subject,
			Name:        "Dr. " + subject,
			Email:       subject + "@" + string(institution) + ".example",
			NPI:         "1234567890",
		},
		SignedInAt: minute(0),
	}
}

// sessionOf returns a session of the person, by a hash that is new.
func sessionOf(p app.Person, at time.Time) app.Session {
	return app.Session{Hash: app.SessionHash(app.NewToken()), Learner: p.Learner, CreatedAt: at, SeenAt: at}
}

// signIn signs the person in and returns the session.
func (c clinic) signIn(p app.Person) app.Session {
	c.Helper()
	s := sessionOf(p, p.SignedInAt)
	c.signInAs(p, s)
	return s
}

// signInAs signs the person in with the session and returns what was known of
// them before.
func (c clinic) signInAs(p app.Person, s app.Session) app.Person {
	c.Helper()
	var before app.Person
	err := c.store.SignIn(c.Context(), p, s, func(was app.Person) []app.Event {
		before = was
		return nil
	})
	require.NoError(c, err)
	return before
}

// learner returns somebody of the institution who has signed in.
func (c clinic) learner(institution app.InstitutionID, subject string) app.Person {
	c.Helper()
	p := person(institution, subject)
	c.signIn(p)
	return p
}

// recordOf returns what the person has of a module when they begin it.
func recordOf(p app.Person, module string, begun time.Time) app.Record {
	return app.Record{
		ID:          app.NewRecordID(p.Learner, module, "2026"),
		Institution: p.Institution,
		Learner:     p.Learner,
		Subject:     p.Subject,
		Name:        p.Name,
		Email:       p.Email,
		NPI:         p.NPI,
		Program:     "first-5-minutes",
		Module:      module,
		Title:       "The module " + module,
		Edition:     "2026",
		Version:     1,
		StartedAt:   begun,
		ActiveAt:    begun,
		ChangedAt:   begun,
	}
}

// begin begins a module and returns the record.
func (c clinic) begin(p app.Person, module string, at time.Time) app.Record {
	c.Helper()
	r, err := c.store.Begin(c.Context(), recordOf(p, module, at))
	require.NoError(c, err)
	return r
}

// attemptAt returns an attempt at the record's module with so many of its four
// questions right.
func attemptAt(r app.Record, id app.AttemptID, right int, at time.Time) app.Attempt {
	return app.Attempt{
		ID:      id,
		Record:  r.ID,
		Learner: r.Learner,
		Module:  r.Module,
		Version: r.Version,
		Answers: content.Answers{"need": {"heard"}, "next": {"wait", "ask"}},
		Grade:   content.Grade{Right: right, Graded: 4},
		At:      at,
	}
}

// earning returns the attempt with a completion that it earns.
func earning(a app.Attempt) app.Attempt {
	score := a.Grade.Score()
	c := completion(app.Passed, a.At)
	c.Score = &score
	a.Completion = &c
	return a
}

// completion returns a completion with a certificate that is new.
func completion(status app.Status, at time.Time) app.Completion {
	return app.Completion{
		Status:      status,
		At:          at,
		Version:     2,
		Certificate: app.CertificateID(app.NewToken()),
		Name:        "The learner, on that day",
		Title:       "The module, on that day",
		Institution: "The institution, on that day",
		Credit:      "The credit, on that day",
	}
}

// save saves an attempt and returns the record as it is then.
func (c clinic) save(r app.Record, a app.Attempt) app.Record {
	c.Helper()
	after, err := c.store.SaveAttempt(c.Context(), r, a)
	require.NoError(c, err)
	return after
}

// complete saves an attempt that earns the completion, where nothing is graded,
// and returns the record as it is then.
func (c clinic) complete(r app.Record, done app.Completion) app.Record {
	c.Helper()
	a := attemptAt(r, app.AttemptID("completes "+r.Module), 0, r.StartedAt)
	a.Grade = content.Grade{}
	a.Completion = &done
	return c.save(r, a)
}

// record returns the record as the store has it.
func (c clinic) record(id app.RecordID) app.Record {
	c.Helper()
	r, err := c.store.Record(c.Context(), id)
	require.NoError(c, err)
	return r
}

// all returns all of the institution's records that the filter chooses.
func (c clinic) all(institution app.InstitutionID, f app.Filter) []app.Record {
	c.Helper()
	var all []app.Record
	for r, err := range c.store.AllRecords(c.Context(), institution, f) {
		require.NoError(c, err)
		all = append(all, r)
	}
	return all
}

// module returns the name of the module with a number, in order.
func module(n int) string { return fmt.Sprintf("module-%03d", n) }

func percent(n int) *int { return &n }
