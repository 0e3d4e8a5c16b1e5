package sqlitestore_test

import (
	"os"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
	"first5/app/archive/archivetest"
	"first5/app/sqlitestore"
)

func TestASnapshotHoldsEverything(t *testing.T) {
	for _, served := range []bool{true, false} {
		folder := t.TempDir()
		path, into := filepath.Join(folder, "first5.db"), filepath.Join(folder, "moment.db")
		s := open(t, path)
		require.NoError(t, archivetest.Fill(t.Context(), s))
		want := map[archive.Kind][]archive.Item{}
		for _, kind := range archive.Kinds() {
			want[kind] = itemsOf(t, s, kind)
		}
		if served {
			closeAtEnd(t, s)
		} else {
			require.NoError(t, s.Close())
		}
		require.NoError(t, sqlitestore.Snapshot(t.Context(), path, into))
		info, err := os.Stat(into)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode(), "for its owner alone")
		assert.NoFileExists(t, into+"-journal")
		if !served {
			assert.NoFileExists(t, path+"-wal")
		}

		moment, err := sqlitestore.OpenToMove(t.Context(), into)
		require.NoError(t, err)
		for _, kind := range archive.Kinds() {
			assert.Equal(t, want[kind], itemsOf(t, moment, kind))
		}
		require.NoError(t, moment.Close())
		require.NoError(t, open(t, into).Close(), "it can be served from, too")
	}
}

func TestASnapshotIsOfOneMomentWhileAnswersAreSaved(t *testing.T) {
	folder := t.TempDir()
	s := open(t, filepath.Join(folder, "first5.db"))
	closeAtEnd(t, s)
	for n := range crashLearners {
		session := app.Session{Hash: app.SessionHash(app.NewToken()), Learner: crashPerson(n).Learner}
		require.NoError(t, s.SignIn(t.Context(), crashPerson(n), session, untold))
	}
	acknowledged := make([][]app.AttemptID, crashLearners)
	var first, saving sync.WaitGroup
	over := make(chan struct{})
	for n := range crashLearners {
		first.Add(1)
		saving.Go(func() {
			for {
				a := crashAttempt(n, app.AttemptID(app.NewToken()))
				_, err := s.SaveAttempt(t.Context(), crashRecord(n), a)
				if assert.NoError(t, err, "nobody is held up") {
					acknowledged[n] = append(acknowledged[n], a.ID)
				}
				if len(acknowledged[n]) == 1 || err != nil {
					first.Done()
				}
				select {
				case <-over:
					return
				default:
				}
				if err != nil {
					return
				}
			}
		})
	}
	first.Wait()
	for _, name := range []string{"a.db", "b.db", "c.db"} {
		into := filepath.Join(folder, name)
		require.NoError(t, sqlitestore.Snapshot(t.Context(), filepath.Join(folder, "first5.db"), into))
		countsAgree(t, into)
	}
	close(over)
	saving.Wait()
	last := filepath.Join(folder, "last.db")
	require.NoError(t, sqlitestore.Snapshot(t.Context(), filepath.Join(folder, "first5.db"), last))
	everyAttemptCountsOnce(t, last, acknowledged)
}

func TestASnapshotSaysWhatIsInTheWay(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "first5.db")
	require.NoError(t, open(t, path).Close())
	letter, other := filepath.Join(folder, "letter.txt"), filepath.Join(folder, "other.db")
	require.NoError(t, os.WriteFile(letter, []byte("Dear colleague, this is a letter.\n"), 0o600))
	execute(t, other, "CREATE TABLE letters (body TEXT)")
	for _, c := range []struct{ from, into, says string }{
		{path, letter, "there is a file " + letter + " already: name another one"},
		{path, path, "there is a file " + path + " already: name another one"},
		{filepath.Join(folder, "missing.db"), "new.db", "there is no such file"},
		{folder, "new.db", "it is a folder: name a file in it"},
		{letter, "new.db", "the file is not an SQLite database"},
		{other, "new.db", "it holds the tables of another program"},
		{path, filepath.Join("missing", "new.db"), "no such file or directory"},
	} {
		into := c.into
		if !filepath.IsAbs(into) {
			into = filepath.Join(folder, into)
		}
		err := sqlitestore.Snapshot(t.Context(), c.from, into)
		require.ErrorContains(t, err, "copying the database "+c.from+" as it is now: ")
		assert.ErrorContains(t, err, c.says)
		assert.NoFileExists(t, filepath.Join(folder, "new.db"), "nothing is left behind")
	}
	text, err := os.ReadFile(letter)
	require.NoError(t, err)
	assert.Equal(t, "Dear colleague, this is a letter.\n", string(text))
	assert.NoFileExists(t, filepath.Join(folder, "missing.db"), "nor made by looking for it")
}
