package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
	"first5/app/mongostore/mongotest"
	"first5/app/sqlitestore"
)

// onEach runs a test on each sort of database.
func onEach(t *testing.T, test func(t *testing.T, h *hospital)) {
	t.Run("SQLite", func(t *testing.T) {
		h := newHospital(t)
		h.env["FIRST5_DATABASE"] = "sqlite:" + filepath.Join(t.TempDir(), "first5.db")
		test(t, h)
	})
	t.Run("MongoDB", func(t *testing.T) {
		h := newHospital(t)
		h.env["FIRST5_DATABASE"] = mongotest.Address(t)
		test(t, h)
	})
}

// run runs a command and returns its exit code and what it says.
func (h *hospital) run(args ...string) (code int, out, err string) {
	h.t.Helper()
	var printed, refused bytes.Buffer
	code = run(h.t.Context(), args, h.terminal(&printed, &refused))
	return code, printed.String(), refused.String()
}

// must runs a command that works out, and returns what it prints.
func (h *hospital) must(args ...string) string {
	h.t.Helper()
	code, out, err := h.run(args...)
	require.Equal(h.t, done, code, err)
	return out
}

func TestAManagerDownloadsAsManyRecordsAsWereSeeded(t *testing.T) {
	onEach(t, func(t *testing.T, h *hospital) {
		out := h.must("seed", "--config", h.file, "--records", "2000", "--institution", "mercy-lakes")
		assert.Regexp(t, `^2000 records of \d+ invented people of mercy-lakes are in `, out)
		defer h.serve()()
		grace := h.signIn("mercy-lakes", "ml-31150")
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(h.get(grace, h.base+"/records.csv"), "\ufeff"))).ReadAll()
		require.NoError(t, err)
		assert.Len(t, rows, 2001, "with the names of the columns")
		h.must("seed", "--config", h.file, "--records", "2010")
		assert.Equal(t, 2011, strings.Count(h.get(grace, h.base+"/records.csv"), "\n"), "also while the program serves")
	})
}

func TestNobodyIsInventedAmongRealPeople(t *testing.T) {
	h := newHospital(t)
	file := filepath.Join(t.TempDir(), "first5.db")
	h.env["FIRST5_DATABASE"] = "sqlite:" + file
	store, err := sqlitestore.Open(t.Context(), file)
	require.NoError(t, err)
	p := app.Person{Identity: app.Identity{Institution: "mercy", Issuer: "https://login.mercy.example", Subject: "1"}}
	p.Learner = app.NewLearnerID(p.Issuer, p.Subject)
	none := func(app.Person) []app.Event { return nil }
	require.NoError(t, store.SignIn(t.Context(), p, app.Session{Hash: "h", Learner: p.Learner}, none))
	require.NoError(t, store.Close())

	code, _, said := h.run("seed", "--records", "10")
	assert.Equal(t, failed, code)
	assert.Equal(t, "first5 seed: the database holds people of institution \"mercy\": trials don't belong among real records, so name another database\n", said)
}

func TestABackupOfARunningProgramHoldsWhatWasThere(t *testing.T) {
	onEach(t, func(t *testing.T, h *hospital) {
		h.must("seed", "--config", h.file, "--records", "300")
		defer h.serve()()
		h.signIn("mercy-lakes", "ml-31150")
		folder := t.TempDir()
		file := filepath.Join(folder, "whole.backup")
		out := h.must("backup", "--config", h.file, file)
		assert.Regexp(t, `(?m)^record +300 +[0-9a-f]{64}$`, out)
		assert.Contains(t, out, "verified: "+file)
		info, err := os.Stat(file)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode(), "for its owner alone")
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		assert.Len(t, left, 1, "nothing else stays")

		restored := "sqlite:" + filepath.Join(t.TempDir(), "first5.db")
		assert.Equal(t, hashes(out), hashes(h.must("restore", "--to", restored, file)))
	})
}

// hashes returns the lines of a table of what was moved.
func hashes(out string) []string {
	var lines []string
	for line := range strings.Lines(out) {
		if !strings.HasPrefix(line, "verified") {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestACopyThatWasInterruptedIsNotServedUntilItIsRunAgain(t *testing.T) {
	h := newHospital(t)
	folder := t.TempDir()
	from, to := "sqlite:"+filepath.Join(folder, "old.db"), "sqlite:"+filepath.Join(folder, "new.db")
	h.env["FIRST5_DATABASE"] = from
	h.must("seed", "--config", h.file, "--records", "300")
	interruptCopy(t, from, to)

	h.env["FIRST5_DATABASE"] = to
	code, _, said := h.run("serve", "--config", h.file)
	assert.Equal(t, failed, code)
	assert.Contains(t, said, `not whole, since "first5 copy --from `+from+`" into `)
	code, _, said = h.run("publish", shelf(t))
	assert.Equal(t, failed, code)
	assert.Contains(t, said, "is not whole")
	code, _, said = h.run("backup", filepath.Join(folder, "half.backup"))
	assert.Equal(t, failed, code)
	assert.Contains(t, said, "is not whole")

	assert.Regexp(t, `(?m)^record +300 `, h.must("copy", "--from", from, "--to", to))
	h.serve()()
}

// interruptCopy leaves a database as a copy does that was killed on its way.
func interruptCopy(t *testing.T, from, to string) {
	t.Helper()
	source, err := sqlitestore.OpenToMove(t.Context(), strings.TrimPrefix(from, "sqlite:"))
	require.NoError(t, err)
	target, err := sqlitestore.OpenToMove(t.Context(), strings.TrimPrefix(to, "sqlite:"))
	require.NoError(t, err)
	require.NoError(t, target.SetUnfinished(t.Context(), "first5 copy --from "+from))
	n := 0
	for item, err := range source.Items(t.Context(), archive.Records) {
		require.NoError(t, err)
		require.NoError(t, target.Put(t.Context(), []archive.Item{item}))
		n++
		if n == 20 {
			break
		}
	}
	require.NoError(t, source.Close())
	require.NoError(t, target.Close())
}

func TestACopyThatIsToldToStopSaysHowToGoOn(t *testing.T) {
	h := newHospital(t)
	folder := t.TempDir()
	from, to := "sqlite:"+filepath.Join(folder, "old.db"), "sqlite:"+filepath.Join(folder, "new.db")
	h.env["FIRST5_DATABASE"] = from
	h.must("seed", "--config", h.file, "--records", "10")
	d, err := readDatabase(to)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	_, err = moveInto(ctx, d, h.terminal(io.Discard, io.Discard), func(store) ([]archive.Count, error) {
		cancel()
		return nil, ctx.Err()
	})
	assert.EqualError(t, err, "interrupted, so that the database "+to+" is not whole: run the same again: context canceled")
	h.must("copy", "--from", from, "--to", to)
}

func TestOneDatabaseByTwoNamesIsNotCopiedIntoItself(t *testing.T) {
	address := mongotest.Address(t)
	h := newHospital(t)
	h.env["FIRST5_DATABASE"] = address
	h.must("seed", "--config", h.file, "--records", "20")
	byAnotherName := newDetour(t, address)
	byAnotherName.open()
	code, _, said := h.run("copy", "--from", address, "--to", byAnotherName.address, "--replace")
	assert.Equal(t, failed, code)
	assert.Equal(t, "first5 copy: both addresses are of the same database: name another one to copy into\n", said)
	defer h.serve()()
	assert.Equal(t, 21, strings.Count(h.get(h.signIn("mercy-lakes", "ml-31150"), h.base+"/records.csv"), "\n"), "nothing is gone")
}

func TestACommandThatIsStoppedWhileItWaitsForTheDatabaseFails(t *testing.T) {
	h := newHospital(t)
	h.env["FIRST5_DATABASE"] = "mongodb://it:geheim@" + freeAddress(t) + "/first5?serverSelectionTimeoutMS=200"
	ctx, cancel := context.WithCancel(t.Context())
	var said lines
	ended := make(chan int, 1)
	go func() { ended <- run(ctx, []string{"indexes"}, h.terminal(io.Discard, &said)) }()
	said.says(t, "the database does not answer yet: ")
	cancel()
	assert.Equal(t, failed, <-ended)
	assert.Contains(t, said.String(), "first5 indexes: waiting for the database: ")
	assert.NotContains(t, said.String(), "geheim")
}
