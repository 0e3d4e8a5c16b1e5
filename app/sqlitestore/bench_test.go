package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

const (
	writers  = 64
	learners = 2048 // who send one attempt after the other, each to a record of their own
	round    = 4096 // attempts to one store before it is the other's turn
)

// BenchmarkAttempts measures attempts of 64 learners at once, each acknowledged
// when it is on the disk. In the same run it measures a bare group commit of one
// plain row each: of-bare is how many attempts there are for one of its rows.
func BenchmarkAttempts(b *testing.B) {
	s := openBench(b)
	records := population(b, s)
	plain := openBare(b)
	var ours, bare time.Duration
	sent := 0
	for b.Loop() {
		attempts := attemptsFrom(records, sent)
		bare += inTurns(round, func(i int) { require.NoError(b, plain.insert(attempts[i])) })
		ours += inTurns(round, func(i int) { require.NoError(b, save(s, records, attempts, i)) })
		sent += round
	}
	b.ReportMetric(float64(sent)/ours.Seconds(), "attempts/s")
	b.ReportMetric(float64(sent)/bare.Seconds(), "bare-rows/s")
	b.ReportMetric(bare.Seconds()/ours.Seconds(), "of-bare")
}

// BenchmarkGroupCommit measures how many times faster attempts are than with
// a transaction for each.
func BenchmarkGroupCommit(b *testing.B) {
	grouped, single := openBench(b), openBench(b)
	single.writer.maxGroup = 1
	records := population(b, grouped)
	require.Equal(b, records, population(b, single))
	var together, each time.Duration
	sent := 0
	for b.Loop() {
		attempts := attemptsFrom(records, sent)
		together += inTurns(round, func(i int) { require.NoError(b, save(grouped, records, attempts, i)) })
		each += inTurns(round, func(i int) { require.NoError(b, save(single, records, attempts, i)) })
		sent += round
	}
	b.ReportMetric(each.Seconds()/together.Seconds(), "times-faster")
}

// BenchmarkReads measures the two reads of every page.
func BenchmarkReads(b *testing.B) {
	s := openBench(b)
	records := population(b, s)
	ctx, cancel := context.WithCancel(b.Context()) // as a request's ends
	defer cancel()
	b.Run("Session", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			_, _, err := s.Session(ctx, app.SessionHash(records[i%learners].Learner))
			require.NoError(b, err)
		}
	})
	b.Run("Record", func(b *testing.B) {
		b.ReportAllocs()
		for i := 0; b.Loop(); i++ {
			_, err := s.Record(ctx, records[i%learners].ID)
			require.NoError(b, err)
		}
	})
	b.Run("RecordInParallel", func(b *testing.B) {
		var i atomic.Int64
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				_, err := s.Record(ctx, records[i.Add(1)%learners].ID)
				if err != nil {
					b.Error(err)
				}
			}
		})
	})
}

func openBench(b *testing.B) *Store {
	b.Helper()
	s, err := Open(b.Context(), filepath.Join(b.TempDir(), "first5.db"))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s
}

// population signs learners in, each with a session by the name of the learner,
// and has each begin a module.
func population(b *testing.B, s *Store) []app.Record {
	b.Helper()
	records := make([]app.Record, learners)
	inTurns(learners, func(i int) {
		p := app.Person{SignedInAt: at(i), Identity: app.Identity{
			Institution: "mercy-lakes", Issuer: "https://login.mercy-lakes.example", Subject: fmt.Sprint("subject-", i),
			Name: fmt.Sprint("Learner Number ", i), Email: fmt.Sprintf("learner.%d@mercy-lakes.example", i), NPI: "1234567890",
		}}
		p.Learner = app.NewLearnerID(p.Issuer, p.Subject)
		session := app.Session{Hash: app.SessionHash(p.Learner), Learner: p.Learner, CreatedAt: at(i), SeenAt: at(i)}
		require.NoError(b, s.SignIn(b.Context(), p, session, untold))
		r, err := s.Begin(b.Context(), app.Record{
			ID: app.NewRecordID(p.Learner, "names-first", "2026"), Institution: p.Institution, Learner: p.Learner,
			Program: "first-5-minutes", Module: "names-first", Title: "Names first", Edition: "2026", Version: 1, StartedAt: at(i),
		})
		require.NoError(b, err)
		records[i] = r
	})
	return records
}

func at(i int) time.Time { return time.UnixMilli(1_790_000_000_000 + int64(i)).UTC() }

// attemptsFrom returns a round of attempts of the learners in their turns.
func attemptsFrom(records []app.Record, sent int) []app.Attempt {
	attempts := make([]app.Attempt, round)
	for i := range attempts {
		r := records[i%learners]
		attempts[i] = app.Attempt{
			ID: app.AttemptID(app.NewToken()), Record: r.ID, Learner: r.Learner, Module: r.Module, Version: 1,
			Answers: content.Answers{"need": {"heard"}, "rivera": {"listen", "ask"}, "next": {"wait"}},
			Grade:   content.Grade{Right: i % 4, Graded: 4}, At: at(learners + sent + i),
		}
	}
	return attempts
}

func save(s *Store, records []app.Record, attempts []app.Attempt, i int) error {
	_, err := s.SaveAttempt(context.Background(), records[i%learners], attempts[i])
	return err
}

// inTurns calls f with the numbers below n, by 64 writers at once, and returns
// how long that took.
func inTurns(n int, f func(i int)) time.Duration {
	var next atomic.Int64
	var wait sync.WaitGroup
	began := time.Now()
	for range writers {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	wait.Wait()
	return time.Since(began)
}

// bare is the least that keeps rows and knows them again: a table with a key
// and a plain group commit.
type bare struct {
	db   *sql.DB
	rows chan *bareRow
}

type bareRow struct {
	values []any
	done   chan error
}

func openBare(b *testing.B) *bare {
	b.Helper()
	db, err := sql.Open("sqlite", writerDSN(filepath.Join(b.TempDir(), "bare.db")))
	require.NoError(b, err)
	db.SetMaxOpenConns(1)
	_, err = db.Exec(`CREATE TABLE plain (learner TEXT NOT NULL, id TEXT NOT NULL, record TEXT, module TEXT NOT NULL,
		version INTEGER NOT NULL, answers TEXT NOT NULL, right INTEGER NOT NULL, graded INTEGER NOT NULL,
		at INTEGER NOT NULL, PRIMARY KEY (learner, id)) STRICT`)
	require.NoError(b, err)
	w := &bare{db: db, rows: make(chan *bareRow, writers)}
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		w.loop(b)
	}()
	b.Cleanup(func() {
		close(w.rows)
		<-stopped
		require.NoError(b, db.Close())
	})
	return w
}

func (w *bare) insert(a app.Attempt) error {
	answers, err := toJSON(a.Answers)
	if err != nil {
		return err
	}
	r := &bareRow{done: make(chan error, 1), values: []any{string(a.Learner), string(a.ID), string(a.Record), a.Module,
		a.Version, answers, a.Grade.Right, a.Grade.Graded, a.At.UnixMilli()}}
	w.rows <- r
	return <-r.done
}

func (w *bare) loop(b *testing.B) {
	stmt, err := w.db.Prepare(`INSERT INTO plain VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		b.Error(err)
		return
	}
	defer stmt.Close()
	for first := range w.rows {
		group := []*bareRow{first}
		for len(w.rows) > 0 && len(group) < maxGroup {
			group = append(group, <-w.rows)
		}
		err := w.commit(stmt, group)
		for _, r := range group {
			r.done <- err
		}
	}
}

func (w *bare) commit(stmt *sql.Stmt, group []*bareRow) error {
	tx, err := w.db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	stmt = tx.Stmt(stmt)
	for _, r := range group {
		_, err = stmt.Exec(r.values...)
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}
