package mongostore

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"first5/app"
)

const persistently = 450 // times

func TestOldAttemptsMoveAwayFromTheirRecordInTheirOrder(t *testing.T) {
	w := newWard(t)
	r := w.tryOften("names-first", persistently)
	assert.Equal(t, persistently, r.Attempts)
	d, moved := w.whole(r.ID), w.moved(r.ID)
	assert.Equal(t, persistently, d.Counted)
	assert.Equal(t, 300, d.Older)
	require.Len(t, moved, d.Older)
	require.Len(t, d.Attempts, persistently-d.Older)
	assert.Len(t, d.Sent, 1+len(d.Attempts))
	for n, m := range moved {
		assert.Equal(t, n+1, m.Number)
		assert.Equal(t, newHeldAttempt(attemptNumber(r, n)), m.Held)
		assert.Equal(t, r.Institution, m.Institution)
	}
	for n, held := range d.Attempts {
		assert.Equal(t, newHeldAttempt(attemptNumber(r, d.Older+n)), held)
	}
}

func TestEveryAttemptIsFoundAndCountsOnceWhereverItStands(t *testing.T) {
	w := newWard(t)
	r := w.tryOften("names-first", persistently)
	for n := range persistently {
		want := attemptNumber(r, n)
		got, err := w.Attempt(t.Context(), r.Learner, want.ID)
		require.NoError(t, err)
		require.Equal(t, want, got)
		require.Equal(t, r, w.save(r, earned(want)), "number %d", n)
	}
	assert.Equal(t, 300, w.whole(r.ID).Older)
}

func TestNoAttemptIsLostOrDoubledWhileManyAreSentAndOldOnesMove(t *testing.T) {
	w := newWard(t)
	r := w.tryOften("names-first", mostHeld-10)
	const writers, each = 64, 3
	var wait sync.WaitGroup
	for writer := range writers {
		wait.Go(func() {
			for n := range each {
				for range 2 { // the page sent it twice
					_, err := w.SaveAttempt(t.Context(), r, attemptNumber(r, 1000+each*writer+n))
					assert.NoError(t, err)
				}
				_, err := w.SaveAttempt(t.Context(), r, attemptNumber(r, writer)) // which is old
				assert.NoError(t, err)
			}
		})
	}
	wait.Wait()
	d, moved := w.whole(r.ID), w.moved(r.ID)
	assert.Equal(t, mostHeld-10+writers*each, d.Counted)
	assert.Len(t, moved, d.Older)
	assert.Positive(t, d.Older)
	assert.Less(t, len(d.Attempts), mostHeld+2*moveTries)
	seen := map[app.AttemptID]int{}
	for n, m := range moved {
		assert.Equal(t, n+1, m.Number)
		seen[m.Held.ID]++
	}
	for _, held := range d.Attempts {
		seen[held.ID]++
	}
	assert.Len(t, seen, d.Counted)
	for id, times := range seen {
		assert.Equal(t, 1, times, id)
	}
}

// A program that dies while attempts move leaves them in both places, or in the
// new one alone.
func TestAMoveThatWasBrokenOffIsFinishedAndLosesNothing(t *testing.T) {
	w := newWard(t)
	r := w.tryOften("names-first", 150)
	before := w.whole(r.ID)
	_, err := w.db.Collection(attempts).InsertMany(t.Context(), before.olderDocs(before.Attempts[:70]))
	require.NoError(t, err)
	stillThere := func() {
		t.Helper()
		for _, n := range []int{0, 69, 70, 149} {
			got, err := w.Attempt(t.Context(), r.Learner, attemptNumber(r, n).ID)
			require.NoError(t, err)
			require.Equal(t, attemptNumber(r, n), got)
			require.Equal(t, 150, w.save(r, attemptNumber(r, n)).Attempts, "number %d", n)
		}
	}
	stillThere()
	for range 2 { // the second time its reply was lost
		err = w.moveOldest(t.Context(), before)
		if err != nil {
			assert.ErrorIs(t, err, mongo.ErrNoDocuments)
		}
		d := w.whole(r.ID)
		assert.Equal(t, movedAtOnce, d.Older)
		assert.Len(t, d.Attempts, 150-movedAtOnce)
		assert.Len(t, w.moved(r.ID), movedAtOnce)
		stillThere()
	}
}

// Whoever does not know yet that attempts have moved can't count one of them.
func TestAnAttemptThatMovedIsNotCountedByWhoeverReadTheRecordBefore(t *testing.T) {
	w := newWard(t)
	r := w.tryOften("names-first", 150)
	late := countingOf(r, attemptNumber(r, 5))
	require.NoError(t, w.moveOldest(t.Context(), w.whole(r.ID)))
	_, err := w.count(t.Context(), late)
	assert.ErrorIs(t, err, mongo.ErrNoDocuments)
	is, settled, err := w.settle(t.Context(), late)
	require.NoError(t, err)
	assert.True(t, settled)
	assert.Equal(t, 150, is.Counted)

	fresh := countingOf(r, attemptNumber(r, 500))
	_, err = w.count(t.Context(), fresh)
	assert.ErrorIs(t, err, mongo.ErrNoDocuments, "nor another one, until it is known what has moved")
	_, settled, err = w.settle(t.Context(), fresh)
	require.NoError(t, err)
	assert.False(t, settled)
	after, err := w.count(t.Context(), fresh)
	require.NoError(t, err)
	assert.Equal(t, 151, after.Counted)
}

func TestAnAttemptThatMovedDoesNotBeginAnotherRecord(t *testing.T) {
	w := newWard(t)
	r := w.tryOften("names-first", mostHeld+1)
	require.Equal(t, movedAtOnce, w.whole(r.ID).Older)
	other := recordAt(w.learner, "open-questions")
	_, err := w.SaveAttempt(t.Context(), other, attemptNumber(other, 0))
	assert.ErrorIs(t, err, app.ErrNotFound)
	_, err = w.Record(t.Context(), other.ID)
	assert.ErrorIs(t, err, app.ErrNotFound)
}

func TestParkedAnswersThatWereCountedLongAgoDoNotWait(t *testing.T) {
	w := newWard(t)
	r := w.tryOften("names-first", mostHeld+1)
	for _, n := range []int{0, mostHeld, 999} {
		a := attemptNumber(r, n)
		d := newParkedDoc(app.Parked{ID: a.ID, Learner: a.Learner, Module: a.Module, Version: 1, Answers: a.Answers, At: a.At})
		_, err := w.db.Collection(parked).InsertOne(t.Context(), d) // as if it had been parked before it was counted
		require.NoError(t, err)
	}
	waiting, err := w.ParkedBy(t.Context(), r.Learner)
	require.NoError(t, err)
	require.Len(t, waiting, 1)
	assert.Equal(t, app.AttemptID(fmt.Sprint("attempt-", 999)), waiting[0].ID)
}

func TestAnIdThatMovedAwayFromOneRecordTakesNothingFromAnother(t *testing.T) {
	w := newWard(t)
	first := w.tryOften("names-first", mostHeld+1)
	require.Equal(t, movedAtOnce, w.whole(first.ID).Older)
	second := recordAt(w.learner, "open-questions")
	_, err := w.Begin(t.Context(), second)
	require.NoError(t, err)
	again := attemptNumber(second, 0)
	again.ID = attemptNumber(first, 0).ID // by hand: no page does so
	w.save(second, again)
	for n := 1; n <= mostHeld; n++ {
		a := attemptNumber(second, n)
		a.ID = app.AttemptID(fmt.Sprint("of the second ", n))
		w.save(second, a)
	}
	d := w.whole(second.ID)
	assert.Equal(t, movedAtOnce, d.Older)
	assert.Len(t, w.moved(second.ID), d.Older)
	assert.Len(t, d.Attempts, d.Counted-d.Older, "each is in one place")
}
