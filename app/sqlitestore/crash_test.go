package sqlitestore_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/sqlitestore"
	"first5/content"
)

// crashFile names the database for the process that is going to be killed.
const crashFile = "FIRST5_TEST_CRASH_FILE"

func TestMain(m *testing.M) {
	path := os.Getenv(crashFile)
	if path != "" {
		fmt.Fprintln(os.Stderr, writeUntilKilled(path))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

const crashLearners = 16

// writeUntilKilled saves attempts without end, and writes the id of each one
// that was acknowledged to standard output.
func writeUntilKilled(path string) error {
	s, err := sqlitestore.Open(context.Background(), path)
	if err != nil {
		return err
	}
	failed := make(chan error)
	for n := range crashLearners {
		go func() {
			for {
				a := crashAttempt(n, app.AttemptID(app.NewToken()))
				_, err := s.SaveAttempt(context.Background(), crashRecord(n), a)
				if err != nil {
					failed <- err
				}
				_, err = fmt.Printf("%d %s\n", n, a.ID) // one write, whole or not at all
				if err != nil {
					failed <- err
				}
			}
		}()
	}
	return <-failed
}

func crashPerson(n int) app.Person {
	subject := fmt.Sprint("learner-", n)
	return app.Person{
		Learner:  app.NewLearnerID("https://login.example", subject),
		Identity: app.Identity{Institution: "mercy-lakes", Issuer: "https://login.example", Subject: subject},
	}
}

func crashRecord(n int) app.Record {
	p := crashPerson(n)
	return app.Record{
		ID: app.NewRecordID(p.Learner, "names-first", "2026"), Institution: p.Institution, Learner: p.Learner,
		Program: "first-5-minutes", Module: "names-first", Title: "Names first", Edition: "2026", Version: 1,
	}
}

func crashAttempt(n int, id app.AttemptID) app.Attempt {
	r := crashRecord(n)
	return app.Attempt{
		ID: id, Record: r.ID, Learner: r.Learner, Module: r.Module, Version: 1,
		Answers: content.Answers{"need": {"heard"}}, Grade: content.Grade{Right: 1, Graded: 2}, At: time.Now(),
	}
}

func TestKillingTheProgramLosesNoAcknowledgedAttempt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	s := open(t, path)
	for n := range crashLearners {
		p := crashPerson(n)
		session := app.Session{Hash: app.SessionHash(app.NewToken()), Learner: p.Learner}
		err := s.SignIn(t.Context(), p, session, untold)
		require.NoError(t, err)
	}
	require.NoError(t, s.Close())

	acknowledged := make([][]app.AttemptID, crashLearners)
	for range 5 { // each time on what the last crash has left
		before := 0
		for _, ids := range acknowledged {
			before += len(ids)
		}
		after := before
		for n, ids := range crash(t, path) {
			acknowledged[n] = append(acknowledged[n], ids...)
			after += len(ids)
		}
		require.Greater(t, after, before, "nothing was acknowledged before the crash")
		everyAttemptCountsOnce(t, path, acknowledged)
	}
}

// crash runs a process that saves attempts, kills it at a random moment and
// returns what it had acknowledged, by learner.
func crash(t *testing.T, path string) map[int][]app.AttemptID {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashFile+"="+path)
	child.Stderr = os.Stderr
	out, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	lines := bufio.NewReader(out)
	first, err := lines.ReadString('\n')
	require.NoError(t, err, "it ended before it acknowledged anything")

	moment := time.Duration(rand.IntN(200_000)) * time.Microsecond
	timer := time.AfterFunc(moment, func() { assert.NoError(t, child.Process.Kill()) })
	defer timer.Stop()
	rest, err := io.ReadAll(lines) // until it is dead
	require.NoError(t, err)
	assert.ErrorContains(t, child.Wait(), "killed")

	acknowledged := map[int][]app.AttemptID{}
	for line := range strings.Lines(first + string(rest)) {
		var n int
		var id string
		_, err := fmt.Sscanf(line, "%d %s\n", &n, &id)
		require.NoError(t, err, "%q", line)
		acknowledged[n] = append(acknowledged[n], app.AttemptID(id))
	}
	return acknowledged
}

// everyAttemptCountsOnce opens what a crash has left. All that was
// acknowledged must be there, and each record must count the attempts that are.
func everyAttemptCountsOnce(t *testing.T, path string, acknowledged [][]app.AttemptID) {
	t.Helper()
	s := open(t, path) // the dead have no locks
	for n, ids := range acknowledged {
		for _, id := range ids {
			_, err := s.Attempt(t.Context(), crashPerson(n).Learner, id)
			require.NoError(t, err, "attempt %s was acknowledged", id)
		}
		if len(ids) == 0 {
			continue
		}
		before, err := s.Record(t.Context(), crashRecord(n).ID)
		require.NoError(t, err)
		require.GreaterOrEqual(t, before.Attempts, len(ids))
		again, err := s.SaveAttempt(t.Context(), crashRecord(n), crashAttempt(n, ids[len(ids)-1]))
		require.NoError(t, err)
		require.Equal(t, before, again, "sending it again counts nothing")
	}
	require.NoError(t, s.Close())
	countsAgree(t, path)
}

// countsAgree compares what records count with the attempts that there are.
func countsAgree(t *testing.T, path string) {
	t.Helper()
	db := raw(t, path)
	var check string
	require.NoError(t, db.QueryRow("PRAGMA integrity_check").Scan(&check))
	assert.Equal(t, "ok", check)
	var wrong int
	require.NoError(t, db.QueryRow(`SELECT count(*) FROM records r
		WHERE r.attempts <> (SELECT count(*) FROM attempts a WHERE a.record = r.id)`).Scan(&wrong))
	assert.Zero(t, wrong, "records that count other than the attempts that are there")
	require.NoError(t, db.QueryRow(`SELECT count(*) FROM attempts a
		WHERE NOT EXISTS (SELECT 1 FROM records r WHERE r.id = a.record)`).Scan(&wrong))
	assert.Zero(t, wrong, "attempts without a record")
	require.NoError(t, db.Close())
}
