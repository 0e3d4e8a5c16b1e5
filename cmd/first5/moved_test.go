package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

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
	for _, c := range []struct {
		begun bool // the move had written something
		stop  bool // it was told to stop; or else it broke
		says  string
	}{
		{false, true, "interrupted before anything was moved: context canceled"},
		{false, false, "the disk is full: make room on it"},
		{true, false, "the database " + to + " is not whole, so run the same again when you can: the disk is full: make room on it"},
		{true, true, "interrupted, so that the database " + to + " is not whole: run the same again: context canceled"},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err = moveInto(ctx, d, h.terminal(io.Discard, io.Discard), moving{what: "first5 copy --from " + from,
			do: func(target store) ([]archive.Count, error) {
				if c.begun {
					require.NoError(t, target.SetUnfinished(ctx, "first5 copy --from "+from))
				}
				if c.stop {
					cancel()
					return nil, ctx.Err()
				}
				return nil, fmt.Errorf("putting items: %w", sqlitestore.ErrFull)
			}})
		assert.EqualError(t, err, c.says)
		cancel()
	}
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

func TestADatabaseThatIsRefusedStaysAsItIs(t *testing.T) {
	h := newHospital(t)
	file := filepath.Join(t.TempDir(), "first5.db")
	h.env["FIRST5_DATABASE"] = "sqlite:" + file
	h.must("seed", "--records", "10")
	backup := file + ".backup"
	h.must("backup", backup)
	for _, sharing := range []bool{false, true} {
		target := mongotest.Address(t)
		h.env["FIRST5_DATABASE"] = target
		h.must("seed", "--records", "20")
		held := h.must("backup", filepath.Join(t.TempDir(), "held.backup"))
		dropIndex(t, target, "records", "by_sent")
		from := "sqlite:" + file
		if sharing {
			from = mongotest.Address(t)
			h.must("copy", "--from", "sqlite:"+file, "--to", from)
		}
		for _, args := range [][]string{{"copy", "--from", from, "--to", target}, {"restore", "--to", target, backup}} {
			code, _, said := h.run(args...)
			assert.Equal(t, failed, code)
			assert.Contains(t, said, "is not empty: use --replace to remove all that it holds, or name another one\n")
		}
		assert.Equal(t, hashes(held), hashes(h.must("backup", filepath.Join(t.TempDir(), "still.backup"))))
		assert.Contains(t, h.must("indexes"), "new ones: 1.", "no index was created in it")
	}
}

func TestOneDatabaseIsFoundOutWithoutMarkingItUnfinished(t *testing.T) {
	address := mongotest.Address(t)
	open := func(address string) store {
		d, err := readDatabase(address)
		require.NoError(t, err)
		s, err := d.openToMove(t.Context(), false, terminal{err: t.Output()})
		require.NoError(t, err)
		t.Cleanup(func() { assert.NoError(t, s.Close()) })
		return s
	}
	one, again, other := open(address), open(address), open(mongotest.Address(t))
	watched := unmarked{one, t}
	full := archive.Target{}
	assert.ErrorIs(t, differ(t.Context(), again, watched, full), errSame)
	assert.NoError(t, differ(t.Context(), other, watched, full))
	empty, err := other.Empty(t.Context())
	require.NoError(t, err)
	assert.True(t, empty, "nothing is written into the source")

	require.NoError(t, watched.Sweep(t.Context(), time.Time{}, time.Time{}, time.Now().Add(2*time.Hour)))
	for _, found := range []archive.Target{{Empty: true}, {Begun: "first5 copy --from elsewhere"}} {
		assert.NoError(t, differ(t.Context(), other, watched, found), "whose source holds something and is whole")
	}
	empty, err = one.Empty(t.Context())
	require.NoError(t, err)
	assert.True(t, empty, "all that was written is forgotten, and nothing more was")
}

// unmarked is a store that must not be marked as unfinished.
type unmarked struct {
	store
	t *testing.T
}

func (u unmarked) SetUnfinished(context.Context, string) error {
	assert.Fail(u.t, "it is marked")
	return nil
}

func TestAnUnfinishedMoveIsNamedToWhoeverMovesSomethingElse(t *testing.T) {
	h := newHospital(t)
	folder := t.TempDir()
	from, to := "sqlite:"+filepath.Join(folder, "old.db"), "sqlite:"+filepath.Join(folder, "new.db")
	h.env["FIRST5_DATABASE"] = from
	h.must("seed", "--records", "100")
	interruptCopy(t, from, to)
	other := filepath.Join(folder, "other.backup")
	h.must("backup", other)
	code, _, said := h.run("restore", "--to", to, other)
	assert.Equal(t, failed, code)
	assert.Contains(t, said, "first5 restore: the database "+to+" is not empty: it holds what \"first5 copy --from "+from+
		"\", begun and not finished, has left; run that again, or use --replace to remove all that it holds\n")
}

func TestACommandWaitsForTheDatabaseOnlySoLong(t *testing.T) {
	folder := t.TempDir()
	address := "mongodb://it:geheim@" + freeAddress(t) + "/first5?serverSelectionTimeoutMS=100"
	file := filepath.Join(folder, "first5.db")
	full := newHospital(t)
	full.env["FIRST5_DATABASE"] = "sqlite:" + file
	full.must("seed", "--records", "10")
	full.must("backup", file+".backup")
	for _, args := range [][]string{
		{"backup", filepath.Join(folder, "new.backup")}, {"copy", "--from", address, "--to", "sqlite:" + filepath.Join(folder, "new.db")},
		{"copy", "--from", "sqlite:" + file, "--to", address}, {"restore", file + ".backup"}, {"publish", shelf(t)},
		{"seed", "--records", "10"}, {"indexes"},
	} {
		var said lines
		h := newHospital(t)
		h.env["FIRST5_DATABASE"] = address
		term := h.terminal(io.Discard, &said)
		term.patience = 300 * time.Millisecond
		assert.Equal(t, failed, run(t.Context(), args, term), args)
		assert.Contains(t, said.String(), "first5 "+args[0]+": the database "+shown(address)+
			" does not answer: connection refused; look whether it runs, and whether that is its address\n")
		assert.NotContains(t, said.String(), "geheim")
		assert.NotContains(t, said.String(), "topology")
	}
}

func TestARestoreThatIsStoppedWhileItReadsItsFileEndsAtOnce(t *testing.T) {
	h := newHospital(t)
	file := filepath.Join(t.TempDir(), "first5.db")
	h.env["FIRST5_DATABASE"] = "sqlite:" + file
	h.must("seed", "--records", "10")
	h.must("backup", file+".backup")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var said lines
	assert.Equal(t, failed, run(ctx, []string{"restore", "--replace", file + ".backup"}, h.terminal(io.Discard, &said)))
	assert.Equal(t, "first5 restore: interrupted while the backup was read: context canceled\n", said.String(), "the database is whole")
}

func TestABackupWithNothingInItReplacesNothing(t *testing.T) {
	h := newHospital(t)
	folder := t.TempDir()
	empty, err := sqlitestore.OpenToMove(t.Context(), filepath.Join(folder, "empty.db"))
	require.NoError(t, err)
	var b bytes.Buffer
	_, err = archive.Write(t.Context(), &b, empty, archive.About{At: time.Now().UTC(), Program: "1", Store: "sqlite"}, nil)
	require.NoError(t, err)
	require.NoError(t, empty.Close())
	file := filepath.Join(folder, "empty.backup")
	require.NoError(t, os.WriteFile(file, b.Bytes(), 0o600))
	code, _, said := h.run("restore", "--replace", "--to", "sqlite:"+filepath.Join(folder, "first5.db"), file)
	assert.Equal(t, failed, code)
	assert.Equal(t, "first5 restore: there is nothing in "+file+": name the backup that holds the data\n", said)
	assert.NoFileExists(t, filepath.Join(folder, "first5.db"))
}

func TestWhatAKilledBackupHasLeftIsRemovedTheDayAfter(t *testing.T) {
	h := newHospital(t)
	folder := t.TempDir()
	h.env["FIRST5_DATABASE"] = "sqlite:" + filepath.Join(t.TempDir(), "first5.db")
	h.must("seed", "--records", "10")
	long := time.Now().Add(-25 * time.Hour)
	for _, c := range []struct {
		name          string
		folder, files time.Time
	}{
		{".first5-backup-old", long, long},
		{".first5-backup-now", time.Now(), time.Now()},
		{".first5-backup-large", long, time.Now()}, // still being written
		{"other", long, long},
	} {
		left := filepath.Join(folder, c.name)
		require.NoError(t, os.Mkdir(left, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(left, "part"), []byte("half of it"), 0o600))
		require.NoError(t, os.Chtimes(filepath.Join(left, "part"), c.files, c.files))
		require.NoError(t, os.Chtimes(left, c.folder, c.folder))
	}
	h.must("backup", filepath.Join(folder, "whole.backup"))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	assert.Equal(t, []string{".first5-backup-large", ".first5-backup-now", "other", "whole.backup"}, names)
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
