package sqlitestore_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/sqlitestore"
)

func TestOpeningSaysWhatIsInTheWay(t *testing.T) {
	cases := []struct {
		name    string
		prepare func(t *testing.T, folder string) (path string)
		says    string
	}{
		{"no folder", func(t *testing.T, folder string) string {
			return filepath.Join(folder, "missing", "first5.db")
		}, "opening the database PATH: there is no folder FOLDER to hold it: make one, or name another"},
		{"a folder that can't be written", unwritable,
			"opening the database PATH: it or its folder FOLDER can't be written: run first5 as the user whose they are"},
		{"a folder in its place", func(t *testing.T, folder string) string {
			return folder
		}, "opening the database PATH: it is a folder: name a file in it"},
		{"a file that is no database", func(t *testing.T, folder string) string {
			path := filepath.Join(folder, "letter.txt")
			require.NoError(t, os.WriteFile(path, []byte("Dear colleague, this is a letter.\n"), 0o600))
			return path
		}, "opening the database PATH: the file is not an SQLite database"},
		{"another program's database", func(t *testing.T, folder string) string {
			path := filepath.Join(folder, "other.db")
			execute(t, path, "CREATE TABLE letters (body TEXT)")
			return path
		}, "opening the database PATH: it holds the tables of another program"},
		{"a database of a newer program", func(t *testing.T, folder string) string {
			path := filepath.Join(folder, "first5.db")
			require.NoError(t, open(t, path).Close())
			execute(t, path, "PRAGMA user_version = 999")
			return path
		}, "opening the database PATH: it was made by a newer first5 (its schema is number 999, this program knows 5): use that one"},
		{"another first5", func(t *testing.T, folder string) string {
			path := filepath.Join(folder, "first5.db")
			closeAtEnd(t, open(t, path))
			return path
		}, "opening the database PATH: another program has it open: stop it, or name another database"},
		{"another first5, by another name", func(t *testing.T, folder string) string {
			path := filepath.Join(folder, "link.db")
			require.NoError(t, os.Symlink(filepath.Join(folder, "first5.db"), path))
			closeAtEnd(t, open(t, filepath.Join(folder, "first5.db")))
			return path
		}, "opening the database PATH: another program has it open"},
		{"another program that writes it", func(t *testing.T, folder string) string {
			path := filepath.Join(folder, "first5.db")
			require.NoError(t, open(t, path).Close())
			db := raw(t, path)
			t.Cleanup(func() { require.NoError(t, db.Close()) })
			_, err := db.Exec("PRAGMA locking_mode = exclusive; BEGIN EXCLUSIVE; PRAGMA user_version = 1")
			require.NoError(t, err)
			return path
		}, "opening the database PATH: another program has it open"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			path := c.prepare(t, t.TempDir())
			s, err := sqlitestore.Open(t.Context(), path)
			require.Error(t, err)
			assert.Nil(t, s)
			says := strings.NewReplacer("PATH", path, "FOLDER", filepath.Dir(path)).Replace(c.says)
			assert.Contains(t, err.Error(), says)
			assert.NotContains(t, err.Error(), "\n", "one sentence")
		})
	}
}

// unwritable returns a path in a folder in which no file can be made.
func unwritable(t *testing.T, folder string) string {
	if os.Geteuid() == 0 {
		return "/sys/first5.db" // root may write everywhere else
	}
	require.NoError(t, os.Chmod(folder, 0o500))
	return filepath.Join(folder, "first5.db")
}

// raw opens the file as another program would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	return db
}

func execute(t *testing.T, path, query string) {
	t.Helper()
	db := raw(t, path)
	_, err := db.Exec(query)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func closeAtEnd(t *testing.T, s *sqlitestore.Store) {
	t.Cleanup(func() { require.NoError(t, s.Close()) })
}

func TestADatabaseThatWasRefusedIsFree(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	require.NoError(t, open(t, path).Close())
	execute(t, path, "PRAGMA user_version = 999")
	_, err := sqlitestore.Open(t.Context(), path)
	require.Error(t, err)
	assert.NoFileExists(t, path+"-wal", "its connections were closed")
	execute(t, path, "PRAGMA user_version = 5")
	require.NoError(t, open(t, path).Close(), "the lock was let go")
}

func TestWhatWasWrittenIsThereAfterOpeningAgain(t *testing.T) {
	for _, name := range []string{"first5.db", "with blank?and=50%41#é.db", "file:first5.db"} {
		path := filepath.Join(t.TempDir(), name)
		s := open(t, path)
		r := begun(t, s, "rivera")
		require.NoError(t, s.Close())

		again := open(t, path)
		closeAtEnd(t, again)
		got, err := again.Record(t.Context(), r.ID)
		require.NoError(t, err)
		assert.Equal(t, r, got)
		entries, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		for _, e := range entries {
			assert.True(t, strings.HasPrefix(e.Name(), name), "a stray file %s", e.Name())
		}
	}
}

func TestTheDatabaseIsItsOwnersAlone(t *testing.T) {
	folder := t.TempDir()
	s := open(t, filepath.Join(folder, "first5.db"))
	closeAtEnd(t, s)
	begun(t, s, "rivera")
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
		info, err := e.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode(), e.Name())
	}
	assert.Equal(t, []string{"first5.db", "first5.db-shm", "first5.db-wal", "first5.db.lock"}, names)
}

// begun returns the record of somebody who signs in and begins a module.
func begun(t testing.TB, s *sqlitestore.Store, subject string) app.Record {
	t.Helper()
	at := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	p := app.Person{
		Learner:    app.NewLearnerID("https://login.example", subject),
		Identity:   app.Identity{Institution: "mercy-lakes", Issuer: "https://login.example", Subject: subject, Name: "Dr. " + subject},
		SignedInAt: at,
	}
	session := app.Session{Hash: app.SessionHash(app.NewToken()), Learner: p.Learner, CreatedAt: at, SeenAt: at}
	err := s.SignIn(t.Context(), p, session, untold)
	require.NoError(t, err)
	r, err := s.Begin(t.Context(), app.Record{
		ID: app.NewRecordID(p.Learner, "names-first", "2026"), Institution: p.Institution, Learner: p.Learner,
		Program: "first-5-minutes", Module: "names-first", Title: "Names first", Edition: "2026", Version: 1, StartedAt: at,
	})
	require.NoError(t, err)
	return r
}
