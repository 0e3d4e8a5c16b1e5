package mongostore

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
	"first5/app/archive"
)

func (w ward) counts() app.Counts {
	w.Helper()
	c, err := w.Counts(w.Context(), "mercy-lakes")
	require.NoError(w, err)
	return c
}

// counted returns how many records there are, all in all and of each status.
func (w ward) counted() map[app.Status]int {
	w.Helper()
	n := map[app.Status]int{}
	for _, t := range w.counts().Records {
		n[t.Status] += t.Records
		n[app.Completed] += t.Records
	}
	return n
}

func TestWithNoChangeNothingIsCountedAnew(t *testing.T) {
	w := newWard(t)
	r := w.begin(recordAt(w.learner, "names-first")) // by the clock of a test, long ago
	w.save(r, earned(attemptNumber(r, 1)))
	assert.Equal(t, map[string]int{"aggregate": 2, "find": 1}, w.sent.during(func() { w.counts() }), "people, and records by kind")
	first := w.counts()
	assert.Equal(t, map[string]int{"aggregate": 1, "find": 2}, w.sent.during(func() { assert.Equal(t, first, w.counts()) }), "people, and what has changed")
	w.begin(recordAt(w.learner, "open-questions"))
	assert.Equal(t, map[string]int{"aggregate": 2, "find": 2}, w.sent.during(func() { w.counts() }), "and the one edition")
	assert.Equal(t, map[app.Status]int{app.Passed: 1, app.InProgress: 1, app.Completed: 2}, w.counted())
}

func TestWhatAnotherReplicaWritesIsCounted(t *testing.T) {
	w := newWard(t)
	other := &Store{client: w.client, db: w.db, downloads: w.downloads}
	r := recordAt(w.learner, "names-first")
	assert.Empty(t, w.counts().Records)
	r.ChangedAt = time.Now()
	_, err := other.Begin(t.Context(), r)
	require.NoError(t, err)
	assert.Equal(t, 1, w.counted()[app.InProgress])
	r.ChangedAt = time.Now()
	_, err = other.SaveAttempt(t.Context(), r, earned(attemptNumber(r, 3)))
	require.NoError(t, err)
	assert.Equal(t, map[app.Status]int{app.Passed: 1, app.Completed: 1}, w.counted())

	late := recordAt(w.learner, "open-questions") // of a clock that is far behind
	_, err = other.Begin(t.Context(), late)
	require.NoError(t, err)
	held := w.tallies.of("mercy-lakes")
	held.wholeAt = held.wholeAt.Add(-tallyAgain)
	assert.Equal(t, 1, w.counted()[app.InProgress], "a quarter of an hour later")
}

func TestRecordsThatAnotherProcessPutsHereAreCountedWhateverTheirTimesAre(t *testing.T) {
	from, w := newWard(t), newWard(t)
	from.begin(recordAt(from.learner, "names-first"))
	assert.Empty(t, w.counts().Records)
	other := &Store{client: w.client, db: w.db, downloads: w.downloads}
	for item, err := range from.Items(t.Context(), archive.Records) {
		require.NoError(t, err)
		require.NoError(t, other.Put(t.Context(), []archive.Item{item}))
	}
	assert.Equal(t, 1, w.counted()[app.InProgress])
}

func TestOfManyEditionsEverythingIsCountedAnew(t *testing.T) {
	w := newWard(t)
	w.counts()
	for n := range mostEditions + 1 {
		w.begin(recordAt(w.learner, fmt.Sprint("module-", n)))
	}
	sent := w.sent.during(func() { assert.Equal(t, mostEditions+1, w.counted()[app.InProgress]) })
	assert.Equal(t, 2, sent["aggregate"])
}

// Counting fails in the middle: what was to be counted anew is not forgotten.
func TestACountThatFailedIsNotTakenForOneThatWasDone(t *testing.T) {
	line := &lossy{}
	s := line.open(t)
	d := desk{t, s}
	p := known("rivera")
	_, err := s.Counts(t.Context(), p.Institution)
	require.NoError(t, err)
	d.begin(p)
	line.breakAt(1)
	for range 2 { // the first time over a broken line
		c, err := s.Counts(t.Context(), p.Institution)
		require.NoError(t, err)
		assert.Len(t, c.Records, 1)
	}
	assert.True(t, line.broke())
}

func TestAWriteOfWhichNobodyKnowsLeavesNothingHeld(t *testing.T) {
	w := newWard(t)
	w.counts()
	w.tallies.written(recordDoc{}, assert.AnError)
	_, err := w.db.Collection(records).InsertOne(t.Context(), newRecordDoc(recordAt(w.learner, "names-first")))
	require.NoError(t, err)
	assert.Equal(t, 1, w.counted()[app.InProgress])
}

func TestWhatIsHeldOfInstitutionsIsBounded(t *testing.T) {
	var held tallies
	for n := range 2 * talliesHeld {
		held.of(app.InstitutionID(fmt.Sprint(n)))
		held.changed("0", editionDoc{Module: fmt.Sprint(n)})
	}
	assert.Equal(t, talliesHeld, held.all.Len())
}

// While many complete modules, the numbers add up, and in the end are exact.
func TestManyWhoCountWhileOthersCompleteSeeTheSame(t *testing.T) {
	w := newWard(t)
	const modules = 40
	var wait sync.WaitGroup
	for n := range modules {
		r := w.begin(recordAt(w.learner, fmt.Sprint("module-", n%5, "-", n)))
		wait.Go(func() {
			a := earned(attemptNumber(r, n))
			_, err := w.SaveAttempt(t.Context(), r, a)
			assert.NoError(t, err)
			c, err := w.Counts(t.Context(), r.Institution)
			assert.NoError(t, err)
			found := false
			for _, t := range c.Records {
				found = found || t.Module == r.Module && t.Status == app.Passed
			}
			assert.True(t, found, "whoever has completed one is counted")
		})
	}
	wait.Wait()
	assert.Equal(t, map[app.Status]int{app.Passed: modules, app.Completed: modules}, w.counted())
	n, err := w.db.Collection(records).CountDocuments(t.Context(), bson.D{{Key: "week", Value: app.WeekOf(at(0))}})
	require.NoError(t, err)
	assert.EqualValues(t, modules, n)
}
