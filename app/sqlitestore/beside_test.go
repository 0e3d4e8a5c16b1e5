package sqlitestore_test

import (
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/sqlitestore"
	"first5/content"
)

// openBeside opens the store at path, whoever else has it open.
func openBeside(t *testing.T, path string) *sqlitestore.Store {
	t.Helper()
	s, err := sqlitestore.OpenBeside(t.Context(), path)
	require.NoError(t, err)
	return s
}

func TestWhatIsPublishedBesideARunningProgramIsSeenByIt(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	running := open(t, path)
	closeAtEnd(t, running)
	beside := openBeside(t, path)
	p, v := someModules(1, 3)
	require.NoError(t, beside.Publish(t.Context(), p, v, app.Event{ID: "published", At: p.At}))
	require.NoError(t, beside.Close())

	last, err := running.LastPublication(t.Context())
	require.NoError(t, err)
	assert.Equal(t, p, last)
	source, err := running.Source(t.Context(), v[2].VersionRef)
	require.NoError(t, err)
	assert.Equal(t, v[2].Source, source)
	begun(t, running, "rivera")
	_, err = sqlitestore.Open(t.Context(), path)
	assert.ErrorContains(t, err, "another program has it open", "a second one that serves is refused as before")
}

// someModules returns a publication of so many new modules.
func someModules(number, n int) (app.Publication, []app.Version) {
	p := app.Publication{Number: number, At: time.Date(2026, 10, 1, 9, number, 0, 0, time.UTC), Origin: "/modules"}
	var versions []app.Version
	for i := range n {
		source := content.Source{
			{Name: "module.md", Data: fmt.Appendf(nil, "# Module %d of %d", i, number)},
			{Name: "picture.png", Data: make([]byte, 50_000)},
		}
		v := app.Version{
			VersionRef: app.VersionRef{Kind: app.ModuleVersion, Slug: fmt.Sprintf("module-%d-%d", number, i), Number: 1},
			Program:    "first-5-minutes", Hash: source.Hash(), At: p.At, Source: source,
		}
		versions = append(versions, v)
		p.Current = append(p.Current, v.VersionRef)
	}
	return p, versions
}

func TestPublishingBesideARunningProgramLosesNoAnswer(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	running := open(t, path)
	for n := range crashLearners {
		session := app.Session{Hash: app.SessionHash(app.NewToken()), Learner: crashPerson(n).Learner}
		err := running.SignIn(t.Context(), crashPerson(n), session, untold)
		require.NoError(t, err)
	}
	acknowledged := make([][]app.AttemptID, crashLearners)
	var saved atomic.Int64
	var saving sync.WaitGroup
	over := make(chan struct{})
	for n := range crashLearners {
		saving.Go(func() {
			for {
				select {
				case <-over:
					return
				default:
				}
				a := crashAttempt(n, app.AttemptID(app.NewToken()))
				_, err := running.SaveAttempt(t.Context(), crashRecord(n), a)
				if !assert.NoError(t, err, "the running program waits for the other one") {
					return
				}
				acknowledged[n] = append(acknowledged[n], a.ID)
				saved.Add(1)
			}
		})
	}
	beside := openBeside(t, path)
	published := 0
	for number := 1; published < 200; number++ {
		p, v := someModules(number, 50)
		before := saved.Load()
		require.NoError(t, beside.Publish(t.Context(), p, v, app.Event{ID: app.EventID(app.NewToken()), At: p.At}))
		published += len(v)
		require.Eventually(t, func() bool { return saved.Load() > before }, 10*time.Second, time.Millisecond, "answers are saved all the while")
	}
	require.NoError(t, beside.Close())
	close(over)
	saving.Wait()
	versions, err := running.Versions(t.Context())
	require.NoError(t, err)
	assert.Len(t, versions, 200)
	require.NoError(t, running.Close())
	everyAttemptCountsOnce(t, path, acknowledged)
}

func TestOpeningBesideNobodyIsOpening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	s := openBeside(t, path)
	begun(t, s, "rivera")
	_, err := sqlitestore.Open(t.Context(), path)
	assert.ErrorContains(t, err, "another program has it open")
	require.NoError(t, s.Close())
	require.NoError(t, open(t, path).Close())
}

func TestOpeningBesideLeavesAnotherReleasesSchemaAlone(t *testing.T) {
	for has, says := range map[int]string{
		999: "it was made by a newer first5 (its schema is number 999, this program knows 5): use that one",
		0:   "it holds the tables of another program",
	} {
		path := filepath.Join(t.TempDir(), "first5.db")
		running := open(t, path)
		execute(t, path, fmt.Sprint("PRAGMA user_version = ", has))
		s, err := sqlitestore.OpenBeside(t.Context(), path)
		assert.EqualError(t, err, "opening the database "+path+": "+says)
		assert.Nil(t, s)
		require.NoError(t, running.Close())
	}
}
