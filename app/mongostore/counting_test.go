package mongostore

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/app/mongostore/mongotest"
	"first5/content"
)

// ward is a store with a learner in it.
type ward struct {
	testing.TB
	*Store
	learner app.Person
	sent    *commands
}

// commands counts what is sent to the server, by the command's name.
type commands struct {
	mu     sync.Mutex
	count  map[string]int
	before func(e *event.CommandStartedEvent) // called before one is sent; may be nil
}

func (c *commands) note(_ context.Context, e *event.CommandStartedEvent) {
	c.mu.Lock()
	c.count[e.CommandName]++
	before := c.before
	c.mu.Unlock()
	if before != nil {
		before(e)
	}
}

// meanwhile has f done once, before the first command of a name whose filter has
// a field is sent.
func (c *commands) meanwhile(command, field string, f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.before = func(e *event.CommandStartedEvent) {
		_, err := e.Command.LookupErr("filter", field)
		if e.CommandName != command || err != nil {
			return
		}
		c.mu.Lock()
		c.before = nil
		c.mu.Unlock()
		f()
	}
}

// during returns what is sent while f runs.
func (c *commands) during(f func()) map[string]int {
	c.mu.Lock()
	c.count = map[string]int{}
	c.mu.Unlock()
	f()
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.count
}

// newWard opens a new store and signs somebody in.
func newWard(t testing.TB) ward {
	t.Helper()
	sent := &commands{count: map[string]int{}}
	s, err := Open(mongotest.Address(t), Options{Client: func(o *options.ClientOptions) {
		o.SetMonitor(&event.CommandMonitor{Started: sent.note})
	}})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	require.NoError(t, s.CreateIndexes(t.Context(), func(string) {}))
	w := ward{TB: t, Store: s, learner: learnerNumber(0), sent: sent}
	w.signIn(w.learner)
	return w
}

func learnerNumber(n int) app.Person {
	const issuer = "https://login.mercy-lakes.example"
	subject := fmt.Sprint("subject-", n)
	return app.Person{
		Learner: app.NewLearnerID(issuer, subject),
		Identity: app.Identity{Institution: "mercy-lakes", Issuer: issuer, Subject: subject,
			Name: fmt.Sprint("Learner Number ", n), Email: fmt.Sprintf("learner.%d@mercy-lakes.example", n), NPI: "1234567890"},
		SignedInAt: at(0),
	}
}

func (w ward) signIn(p app.Person) {
	w.Helper()
	session := app.Session{Hash: app.SessionHash(app.NewToken()), Learner: p.Learner, CreatedAt: at(0), SeenAt: at(0)}
	require.NoError(w, w.SignIn(w.Context(), p, session, func(app.Person) []app.Event { return nil }))
}

// at returns a time so many seconds after the ward has opened.
func at(n int) time.Time { return time.Date(2026, 10, 1, 9, 0, n, 0, time.UTC) }

// recordAt returns what the person has of a module when they begin it.
func recordAt(p app.Person, module string) app.Record {
	return app.Record{
		ID: app.NewRecordID(p.Learner, module, "2026"), Institution: p.Institution, Learner: p.Learner,
		Subject: p.Subject, Name: p.Name, Email: p.Email, NPI: p.NPI, Program: "first-5-minutes", Module: module,
		Title: "Names first", Edition: "2026", Version: 1, StartedAt: at(0), ActiveAt: at(0),
	}
}

func attemptNumber(r app.Record, n int) app.Attempt {
	return app.Attempt{
		ID: app.AttemptID(fmt.Sprint("attempt-", n)), Record: r.ID, Learner: r.Learner, Module: r.Module, Version: 1,
		Answers: content.Answers{"need": {"heard"}, "next": {"wait", "ask"}}, Grade: content.Grade{Right: n % 4, Graded: 4}, At: at(n),
	}
}

// earned returns the attempt with a completion.
func earned(a app.Attempt) app.Attempt {
	a.Completion = &app.Completion{Status: app.Passed, At: a.At, Version: 2, Certificate: app.CertificateID(app.NewToken()),
		Name: "The learner", Title: "On that day", Institution: "Mercy Lakes"}
	return a
}

func (w ward) begin(r app.Record) app.Record {
	w.Helper()
	begun, err := w.Begin(w.Context(), r)
	require.NoError(w, err)
	return begun
}

func (w ward) save(r app.Record, a app.Attempt) app.Record {
	w.Helper()
	after, err := w.SaveAttempt(w.Context(), r, a)
	require.NoError(w, err)
	return after
}

// whole returns the record with the attempts that stand in it.
func (w ward) whole(id app.RecordID) recordDoc {
	w.Helper()
	var d recordDoc
	require.NoError(w, w.db.Collection(records).FindOne(w.Context(), bson.D{{Key: "_id", Value: id}}).Decode(&d))
	return d
}

// moved returns the record's attempts that have moved away, in their order.
func (w ward) moved(id app.RecordID) []attemptDoc {
	w.Helper()
	docs, err := findAll[attemptDoc](w.Context(), w.db.Collection(attempts), bson.D{{Key: "record", Value: id}},
		options.Find().SetSort(bson.D{{Key: "number", Value: 1}}))
	require.NoError(w, err)
	return docs
}

// tryOften has the learner try a module so often.
func (w ward) tryOften(module string, times int) app.Record {
	w.Helper()
	r := w.begin(recordAt(w.learner, module))
	for n := range times {
		r = w.save(r, attemptNumber(r, n))
	}
	return r
}

func TestAnAttemptAtAModuleThatWasBegunIsOneWrite(t *testing.T) {
	w := newWard(t)
	r := w.begin(recordAt(w.learner, "names-first"))
	one := map[string]int{"findAndModify": 1}
	assert.Equal(t, one, w.sent.during(func() { w.save(r, earned(attemptNumber(r, 1))) }))
	assert.Equal(t, one, w.sent.during(func() { w.save(r, attemptNumber(r, 2)) }))
}

func TestAnAttemptWhoseReplyWasLostCountsOnce(t *testing.T) {
	for name, begun := range map[string]bool{"in a record that was begun": true, "that begins its record": false} {
		t.Run(name, func(t *testing.T) {
			w := newWard(t)
			r := recordAt(w.learner, "names-first")
			if begun {
				w.begin(r)
			}
			a := earned(attemptNumber(r, 3))
			first, err := w.countAttempt(t.Context(), countingOf(r, a))
			require.NoError(t, err)
			again, err := w.countAttempt(t.Context(), countingOf(r, a))
			require.NoError(t, err)
			assert.Equal(t, first.record().Completion, again.record().Completion)
			assert.Equal(t, 1, again.Counted)
			assert.Len(t, w.whole(r.ID).Attempts, 1)
		})
	}
}

func TestARecordThatIsBegunWithAnAttemptTwiceAtOnceIsBegunOnce(t *testing.T) {
	w := newWard(t)
	r := recordAt(w.learner, "names-first")
	c := countingOf(r, attemptNumber(r, 3))
	_, begun, err := w.beginWith(t.Context(), c)
	require.NoError(t, err)
	assert.True(t, begun)
	for _, other := range []*counting{c, countingOf(r, attemptNumber(r, 4))} {
		_, begun, err = w.beginWith(t.Context(), other)
		require.NoError(t, err)
		assert.False(t, begun)
	}
	assert.Equal(t, 1, w.whole(r.ID).Counted)
}

// Two pages of a learner send the same answers. One looks for the record, the
// other has its answers counted, and then the one looks for the attempt.
func TestAnAttemptThatAnotherPageHasCountedMeanwhileIsInTheRecord(t *testing.T) {
	for name, begun := range map[string]bool{"that was completed before": true, "that was not begun before": false} {
		t.Run(name, func(t *testing.T) {
			w := newWard(t)
			r := recordAt(w.learner, "names-first")
			a := earned(attemptNumber(r, 3))
			want := 1
			if begun {
				w.save(r, earned(attemptNumber(r, 2)))
				want = 2
			}
			w.sent.meanwhile("find", "sent", func() { w.save(r, a) })
			assert.Equal(t, want, w.save(r, a).Attempts)
			assert.Equal(t, want, w.whole(r.ID).Counted)
		})
	}
}

func TestAnIDThatLooksLikeARecordIsAnIDAsAnyOther(t *testing.T) {
	w := newWard(t)
	r := w.begin(recordAt(w.learner, "names-first"))
	other := w.begin(recordAt(w.learner, "open-questions"))
	for n, id := range []string{string(r.ID), sentRecord(r.ID), sentRecord(other.ID), sentAttempt("attempt-0"), string(w.learner.Learner), "a/b", "0"} {
		_, err := w.Attempt(t.Context(), w.learner.Learner, app.AttemptID(id))
		require.ErrorIs(t, err, app.ErrNotFound, id)
		a := attemptNumber(r, n)
		a.ID = app.AttemptID(id)
		assert.Equal(t, n+1, w.save(r, a).Attempts, id)
	}
	assert.Len(t, w.whole(r.ID).Sent, 1+7)
}

// An operator may give an institution another id: what was begun under the old
// one stays there, and counts.
func TestAnAttemptCountsInARecordThatStandsUnderAnotherInstitution(t *testing.T) {
	w := newWard(t)
	old := w.begin(recordAt(w.learner, "names-first"))
	again := recordAt(w.learner, "names-first")
	again.Institution = "mercy-great-lakes"
	assert.Equal(t, old, w.begin(again))

	after := w.save(again, earned(attemptNumber(again, 1)))
	assert.Equal(t, old.Institution, after.Institution)
	assert.Equal(t, 1, after.Attempts)
	assert.Equal(t, 1, w.save(again, attemptNumber(again, 1)).Attempts)
	own, err := w.LearnerRecords(t.Context(), w.learner.Learner)
	require.NoError(t, err)
	assert.Equal(t, []app.Record{after}, own)
}

func TestAnAttemptThatAnotherRecordHoldsIsNotCounted(t *testing.T) {
	w := newWard(t)
	r, other := w.begin(recordAt(w.learner, "names-first")), recordAt(w.learner, "open-questions")
	w.save(r, attemptNumber(r, 1))
	_, err := w.count(t.Context(), countingOf(w.begin(other), attemptNumber(other, 1)))
	assert.True(t, mongo.IsDuplicateKeyError(err), "the index itself guards it: %v", err)
}

func TestParkedAnswersThatWereCountedAreRemoved(t *testing.T) {
	w := newWard(t)
	r := w.begin(recordAt(w.learner, "names-first"))
	a := attemptNumber(r, 1)
	waits := app.Parked{ID: a.ID, Learner: a.Learner, Module: a.Module, Version: 1, Answers: a.Answers, At: a.At}
	for range 2 { // the second time its reply was lost
		require.NoError(t, w.Park(t.Context(), waits))
	}
	w.save(r, a)
	waiting, err := w.ParkedBy(t.Context(), w.learner.Learner)
	require.NoError(t, err)
	assert.Empty(t, waiting)
	left, err := w.db.Collection(parked).CountDocuments(t.Context(), bson.D{})
	require.NoError(t, err)
	assert.Zero(t, left)
}
