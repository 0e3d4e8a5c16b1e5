package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// ward is a store with one learner, whose writer the test can hold up.
type ward struct {
	*testing.T
	store  *Store
	record app.Record
}

func newWard(t *testing.T) ward {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "first5.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	p := app.Person{Learner: "rivera", Identity: app.Identity{Institution: "mercy-lakes"}, SignedInAt: at(0)}
	err = s.SignIn(t.Context(), p, app.Session{Hash: "session", Learner: p.Learner, CreatedAt: at(0), SeenAt: at(0)}, untold)
	require.NoError(t, err)
	r, err := s.Begin(t.Context(), app.Record{ID: "record", Institution: "mercy-lakes", Learner: "rivera", Version: 1, StartedAt: at(0)})
	require.NoError(t, err)
	return ward{T: t, store: s, record: r}
}

// untold is what a sign-in notes where no event is asked for.
func untold(app.Person) []app.Event { return nil }

// hold keeps the writer busy until release is called.
func (w ward) hold() (release func()) {
	busy, free := make(chan struct{}), make(chan struct{})
	go func() {
		err := w.store.write(context.Background(), "keeping the writer busy", func(*writes) error {
			close(busy)
			<-free
			return nil
		})
		assert.NoError(w, err)
	}()
	<-busy
	return func() { close(free) }
}

// group starts the calls one after the other while the writer is busy, so that
// one commit carries them all, and returns their outcomes.
func (w ward) group(calls ...func() error) []error {
	w.Helper()
	release := w.hold()
	outcomes := make([]error, len(calls))
	var wait sync.WaitGroup
	for i, call := range calls {
		wait.Go(func() { outcomes[i] = call() })
		w.untilWaiting(i + 1)
	}
	release()
	wait.Wait()
	return outcomes
}

// untilWaiting waits until so many jobs wait for the writer.
func (w ward) untilWaiting(n int) {
	w.Helper()
	require.Eventually(w, func() bool {
		w.store.writer.mu.Lock()
		defer w.store.writer.mu.Unlock()
		return len(w.store.writer.waiting) == n
	}, 10*time.Second, 100*time.Microsecond)
}

func (w ward) attempt(id app.AttemptID, certificate app.CertificateID) func() error {
	a := app.Attempt{ID: id, Record: w.record.ID, Learner: w.record.Learner, At: at(1)}
	if certificate != "" {
		a.Completion = &app.Completion{Status: app.Passed, Certificate: certificate, Version: 1}
	}
	return func() error {
		_, err := w.store.SaveAttempt(context.Background(), w.record, a)
		return err
	}
}

// otherAttempt returns an attempt at another module that earns the certificate.
func (w ward) otherAttempt(id app.AttemptID, certificate app.CertificateID) func() error {
	w.record.ID = app.RecordID("record of " + id)
	return w.attempt(id, certificate)
}

func (w ward) attempts() int {
	w.Helper()
	r, err := w.store.Record(context.Background(), w.record.ID)
	require.NoError(w, err)
	return r.Attempts
}

// pragma runs a statement on the writer's connection, which is at rest, and
// returns the text that it answers.
func (w ward) pragma(query string) string {
	w.Helper()
	s, err := w.store.writer.conn.prepare(query)
	require.NoError(w, err)
	defer func() { require.NoError(w, s.close()) }()
	if strings.HasPrefix(query, "PRAGMA") {
		_, err = s.run()
		require.NoError(w, err)
		return ""
	}
	row, err := s.first()
	require.NoError(w, err)
	return row.text()
}

func TestWhatFailsLeavesItsNeighboursAlone(t *testing.T) {
	w := newWard(t)
	require.NoError(t, w.otherAttempt("before", "taken")())
	stranger := w
	stranger.record.ID, stranger.record.Learner = "record of a stranger", "stranger"
	outcomes := w.group(
		w.attempt("first", ""),
		stranger.attempt("of a stranger", ""),
		w.attempt("second", "new"),
		w.otherAttempt("with another's certificate", "taken"),
		func() error {
			return w.store.Publish(context.Background(), app.Publication{Number: 7}, nil, app.Event{ID: "published"})
		},
		w.attempt("third", ""),
	)
	for i, fails := range []bool{false, true, false, true, true, false} {
		assert.Equal(t, fails, outcomes[i] != nil, "number %d: %v", i, outcomes[i])
	}
	assert.ErrorIs(t, outcomes[4], app.ErrConflict)
	assert.Equal(t, 3, w.attempts())
	r, err := w.store.CertifiedRecord(t.Context(), "new")
	require.NoError(t, err)
	assert.Equal(t, w.record.ID, r.ID)
}

func TestWhatFailsLeavesNothingBehind(t *testing.T) {
	w := newWard(t)
	require.NoError(t, w.otherAttempt("before", "taken")())
	outcomes := w.group(w.attempt("first", ""), w.otherAttempt("half", "taken"), w.attempt("second", ""))
	require.Error(t, outcomes[1], "its last statement fails, after others have succeeded")

	_, err := w.store.Attempt(t.Context(), w.record.Learner, "half")
	assert.ErrorIs(t, err, app.ErrNotFound)
	_, err = w.store.Record(t.Context(), "record of half")
	assert.ErrorIs(t, err, app.ErrNotFound)
	require.NoError(t, w.otherAttempt("half", "free")(), "so it can be done again")
}

func TestACallerWhoLeavesBeforeItsTurnChangesNothing(t *testing.T) {
	w := newWard(t)
	release := w.hold()
	ctx, cancel := context.WithCancel(t.Context())
	left := make(chan error, 1)
	go func() {
		_, err := w.store.SaveAttempt(ctx, w.record, app.Attempt{ID: "left", Record: w.record.ID, Learner: w.record.Learner})
		left <- err
	}()
	w.untilWaiting(1)
	stays := make(chan error, 1)
	go func() { stays <- w.attempt("stays", "")() }()
	w.untilWaiting(2)
	cancel()
	assert.ErrorIs(t, <-left, context.Canceled, "at once, and not when the writer is free")
	release()
	assert.NoError(t, <-stays)
	assert.Equal(t, 1, w.attempts())
}

func TestACallerWhoLeavesInItsTurnLearnsWhatBecameOfIt(t *testing.T) {
	for _, outcome := range []error{nil, errors.New("the true outcome")} {
		w := newWard(t)
		ctx, cancel := context.WithCancel(t.Context())
		err := w.store.writer.do(ctx, func(*writes) error {
			cancel()
			time.Sleep(10 * time.Millisecond) // long enough for the caller to notice
			return outcome
		})
		assert.Equal(t, outcome, err)
	}
}

func TestAGroupIsBoundedAndHoldsNobodyWhoLeft(t *testing.T) {
	w := &writer{maxGroup: 3}
	for n := range 12 {
		j := &job{}
		if n%3 == 0 {
			j.turn.Store(abandoned)
		}
		w.waiting = append(w.waiting, j)
	}
	for _, size := range []int{3, 3, 2, 0} {
		group := w.take()
		assert.Len(t, group, size)
		for _, j := range group {
			assert.Equal(t, int32(taken), j.turn.Load())
		}
	}
}

func TestTheWriterIsSetUpToLoseNothing(t *testing.T) {
	w := newWard(t)
	for pragma, want := range map[string]string{
		"journal_mode": "wal", "synchronous": "2", "fullfsync": "1", "foreign_keys": "1",
	} {
		assert.Equal(t, want, w.pragma("SELECT json_array(format('%s', "+pragma+")) FROM pragma_"+pragma), pragma)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	w := newWard(t)
	for _, db := range []*sql.DB{w.store.pages, w.store.lists, w.store.downloads} {
		_, err := db.Exec("DELETE FROM records")
		assert.ErrorContains(t, err, "readonly")
	}
}

func TestAFullDiskLosesNothingThatWasAcknowledged(t *testing.T) {
	w := newWard(t)
	limit := func(pages int) {
		w.pragma(fmt.Sprintf("PRAGMA max_page_count = %d", pages))
	}
	limit(1) // SQLite takes it for as many as there are
	saved := 0
	var failure error
	for failure == nil && saved < 10_000 {
		failure = w.attempt(app.AttemptID(fmt.Sprint(saved)), "")()
		if failure == nil {
			saved++
		}
	}
	require.ErrorIs(t, failure, app.ErrStoreAway)
	assert.Equal(t, saved, w.attempts())

	limit(1 << 30)
	require.NoError(t, w.attempt(app.AttemptID(fmt.Sprint(saved)), "")(), "there is room again")
	assert.Equal(t, saved+1, w.attempts())
}

func TestAnotherProgramThatWritesIsWaitedFor(t *testing.T) {
	w := newWard(t)
	w.pragma("PRAGMA busy_timeout = 50")
	path := w.pragma("SELECT json_array(file) FROM pragma_database_list")
	other, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	defer func() { require.NoError(t, other.Close()) }()
	other.SetMaxOpenConns(1)

	_, err = other.Exec("BEGIN IMMEDIATE")
	require.NoError(t, err)
	assert.ErrorIs(t, w.attempt("first", "")(), app.ErrStoreAway)
	assert.Equal(t, 0, w.attempts(), "pages are served meanwhile")
	_, err = other.Exec("ROLLBACK")
	require.NoError(t, err)
	require.NoError(t, w.attempt("first", "")())
	assert.Equal(t, 1, w.attempts())
}

func TestClosingDoesWhatWaits(t *testing.T) {
	w := newWard(t)
	release := w.hold()
	outcome, closed := make(chan error, 1), make(chan error, 1)
	go func() { outcome <- w.attempt("waits", "")() }()
	w.untilWaiting(1)
	go func() { closed <- w.store.Close() }()
	require.Eventually(t, func() bool { return w.store.Ping(t.Context()) != nil }, 10*time.Second, time.Millisecond)
	assert.ErrorIs(t, w.attempt("late", "")(), app.ErrStoreAway, "nothing more is taken")
	release()
	assert.NoError(t, <-outcome)
	assert.NoError(t, <-closed)
}
