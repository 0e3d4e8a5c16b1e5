package mongostore_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/mongostore"
	"first5/app/mongostore/mongotest"
	"first5/content"
)

// fault is something that happens to the line between the program and its
// database.
type fault struct {
	name    string
	disturb func(*mongotest.Line)
}

// faults returns what is done to a line: it is cut at many places of what is
// asked and of what is answered, so that some of them lie before the database
// has the attempt, some after, and some in the middle of a message.
func faults() []fault {
	var all []fault
	for _, d := range []mongotest.Direction{mongotest.Asked, mongotest.Answered} {
		for _, bytes := range []int{0, 1, 15, 16, 60, 200, 400, 600, 800, 1100, 1500, 2500} {
			all = append(all, fault{fmt.Sprintf("cut after %d bytes %s", bytes, d), func(l *mongotest.Line) { l.Cut(d, bytes) }})
		}
		all = append(all,
			fault{fmt.Sprintf("reset %s", d), func(l *mongotest.Line) { l.Reset(d) }},
			fault{fmt.Sprintf("held up %s", d), func(l *mongotest.Line) { l.Delay(d, 1000) }},
			fault{fmt.Sprintf("swallowed %s", d), func(l *mongotest.Line) { l.Swallow(d) }})
	}
	return append(all, fault{"taken away", func(l *mongotest.Line) { l.Down(); l.Up() }})
}

// impatient is how long the tests of faults wait for a call.
const impatient = 700 * time.Millisecond

// TestAFaultInTheMiddleOfAnAttemptEndsInOneAttempt sends an attempt while the
// line is disturbed, and again when it is mended, as the page does.
func TestAFaultInTheMiddleOfAnAttemptEndsInOneAttempt(t *testing.T) {
	for _, begun := range []bool{true, false} {
		for _, f := range faults() {
			t.Run(fmt.Sprintf("%s, record begun %t", f.name, begun), func(t *testing.T) {
				t.Parallel()
				store, line := behind(t)
				r := recordOf(t, store)
				if begun {
					_, err := store.Begin(t.Context(), r)
					require.NoError(t, err)
				}
				a := earnedBy(r)

				f.disturb(line)
				sent, err := impatiently(t, func(ctx context.Context) (app.Record, error) { return store.SaveAttempt(ctx, r, a) })
				if err == nil {
					assert.Equal(t, 1, sent.Attempts)
				} else {
					assert.ErrorIs(t, err, app.ErrStoreAway)
				}
				line.Mend()

				again := eventually(t, func(ctx context.Context) (app.Record, error) { return store.SaveAttempt(ctx, r, a) })
				assert.Equal(t, 1, again.Attempts)
				assert.Equal(t, a.Completion, again.Completion)
				kept, err := store.Attempt(t.Context(), r.Learner, a.ID)
				require.NoError(t, err)
				assert.Equal(t, r.ID, kept.Record)
			})
		}
	}
}

// TestAFaultInTheMiddleOfASignInLeavesOneSession sends a sign-in and its end
// over a line that is disturbed.
func TestAFaultInTheMiddleOfASignInLeavesOneSessionOrNone(t *testing.T) {
	for _, f := range faults() {
		t.Run(f.name, func(t *testing.T) {
			t.Parallel()
			store, line := behind(t)
			p := rivera()
			s := app.Session{Hash: "session", Learner: p.Learner, CreatedAt: opening(), SeenAt: opening()}
			told := func(app.Person) []app.Event {
				return []app.Event{{ID: "signed in", At: opening(), Kind: app.SignedIn, Learner: p.Learner}}
			}

			f.disturb(line)
			_, err := impatiently(t, func(ctx context.Context) (int, error) { return 0, store.SignIn(ctx, p, s, told) })
			line.Mend()

			sessions := eventually(t, func(ctx context.Context) ([]app.Session, error) { return store.Sessions(ctx, p.Learner) })
			events := eventually(t, func(ctx context.Context) ([]app.Event, error) {
				return store.Events(ctx, app.EventFilter{}, app.EventCursor{}, 10)
			})
			assert.Len(t, events, len(sessions), "a session is told of, and nothing is told of none")
			if err == nil {
				assert.Len(t, sessions, 1)
			}
		})
	}
}

// TestADatabaseThatComesBackIsUsedAgain takes the database away and brings it
// back while the program runs.
func TestADatabaseThatComesBackIsUsedAgain(t *testing.T) {
	store, line := behind(t)
	require.NoError(t, store.Ping(t.Context()))
	for range 3 {
		line.Down()
		_, err := impatiently(t, func(ctx context.Context) (app.Record, error) { return store.Record(ctx, "nobody's") })
		assert.ErrorIs(t, err, app.ErrStoreAway)
		line.Up()
		eventually(t, func(ctx context.Context) (int, error) { return 0, store.Ping(ctx) })
	}
}

// TestADownloadGoesOnOverAConnectionThatBreaks breaks the line in the middle of
// a download, which ends whole all the same.
func TestADownloadGoesOnOverAConnectionThatBreaks(t *testing.T) {
	store, line := behind(t)
	want := recordOf(t, store)
	const records = 3000
	for n := range records {
		r := want
		r.Module = fmt.Sprintf("module-%04d", n)
		r.ID = app.NewRecordID(r.Learner, r.Module, r.Edition)
		_, err := store.Begin(t.Context(), r)
		require.NoError(t, err)
	}
	var got []app.RecordID
	for r, err := range store.AllRecords(t.Context(), want.Institution, app.Filter{}) {
		require.NoError(t, err)
		if len(got)%500 == 100 {
			line.Down()
			line.Up()
		}
		got = append(got, r.ID)
	}
	assert.Len(t, got, records)
	assert.IsIncreasing(t, got)
}

// behind returns a store over a line.
func behind(t *testing.T) (*mongostore.Store, *mongotest.Line) {
	t.Helper()
	address, line := mongotest.Behind(t)
	store, err := mongostore.Open(address, mongostore.Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateIndexes(t.Context(), func(string) {}))
	return store, line
}

// impatiently runs a call that is not waited for for long.
func impatiently[Result any](t *testing.T, call func(context.Context) (Result, error)) (Result, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), impatient)
	defer cancel()
	return call(ctx)
}

// eventually runs a call again and again until the database answers.
func eventually[Result any](t *testing.T, call func(context.Context) (Result, error)) Result {
	t.Helper()
	for {
		result, err := impatiently(t, call)
		if err == nil {
			return result
		}
		require.NoError(t, t.Context().Err())
		require.ErrorIs(t, err, app.ErrStoreAway)
	}
}

// opening is when the clinic opens.
func opening() time.Time { return time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC) }

func rivera() app.Person {
	const issuer = "https://login.mercy-lakes.example"
	return app.Person{
		Learner:    app.NewLearnerID(issuer, "rivera"),
		Identity:   app.Identity{Institution: "mercy-lakes", Issuer: issuer, Subject: "rivera", Name: "Dr. Rivera"},
		SignedInAt: opening(),
	}
}

// recordOf signs somebody in and returns a record that they may begin.
func recordOf(t *testing.T, store app.Store) app.Record {
	t.Helper()
	p := rivera()
	s := app.Session{Hash: "of the record", Learner: p.Learner, CreatedAt: opening(), SeenAt: opening()}
	require.NoError(t, store.SignIn(t.Context(), p, s, func(app.Person) []app.Event { return nil }))
	return app.Record{
		ID: app.NewRecordID(p.Learner, "greet", "2026"), Institution: p.Institution, Learner: p.Learner,
		Subject: p.Subject, Name: p.Name, Program: "first-5-minutes", Module: "greet", Title: "Greet", Edition: "2026",
		Version: 1, StartedAt: opening(), ActiveAt: opening(),
	}
}

// earnedBy returns an attempt that completes the record.
func earnedBy(r app.Record) app.Attempt {
	score := 100
	return app.Attempt{
		ID: "attempt", Record: r.ID, Learner: r.Learner, Module: r.Module, Version: 1,
		Answers: content.Answers{"need": {"heard"}}, Grade: content.Grade{Right: 3, Graded: 3}, At: opening(),
		Completion: &app.Completion{Status: app.Passed, At: opening(), Version: 1, Score: &score,
			Certificate: "certificate", Name: r.Name, Title: r.Title, Institution: "Mercy Lakes"},
	}
}
