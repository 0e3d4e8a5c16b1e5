package storetest

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func atOnce() []test {
	return []test{
		{"many attempts at one module all count", attemptsAtOnce},
		{"one attempt sent many times counts once", oneAttemptAtOnce},
		{"one attempt that begins its record counts once", oneAttemptBeginsAtOnce},
		{"answers that are parked and counted are counted", parkedAndCountedAtOnce},
		{"a module begun many times is begun once", beginAtOnce},
		{"of many publications one wins", publishAtOnce},
		{"of many sign-ins each follows another", signInsAtOnce},
		{"a session ended many times ends once", endSessionAtOnce},
		{"a session ended many times on one word ends for one", endOnceAtOnce},
		{"of many who use a key one may", useOnceAtOnce},
		{"one event sent many times is added once", eventAtOnce},
		{"of many who save one workbook one wins, each time", workbookAtOnce},
		{"workbooks of many learners are all saved", workbooksAtOnce},
		{"a certificate withdrawn many times is withdrawn once", withdrawAtOnce},
		{"many learners don't disturb each other", learnersAtOnce},
	}
}

const crowd = 64

// together calls f so many times at once, with the numbers from 0, and waits.
func together(f func(n int)) {
	var ready, done sync.WaitGroup
	start := make(chan struct{})
	for n := range crowd {
		ready.Add(1)
		done.Go(func() {
			ready.Done()
			<-start
			f(n)
		})
	}
	ready.Wait()
	close(start)
	done.Wait()
}

func attemptsAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	var after [crowd]app.Record
	together(func(n int) {
		a := attemptAt(r, app.AttemptID(fmt.Sprint("attempt-", n)), 0, minute(n))
		a.Grade.Right, a.Grade.Graded = n, 100
		score := n
		done := completion(app.Passed, a.At)
		done.Score = &score
		a.Completion = &done
		got, err := c.store.SaveAttempt(c.Context(), r, a)
		assert.NoError(c, err)
		after[n] = got
	})
	got := c.record(r.ID)
	assert.Equal(c, crowd, got.Attempts)
	assert.Equal(c, percent(crowd-1), got.Score)
	assert.Equal(c, minute(crowd-1), got.ActiveAt)
	require.NotNil(c, got.Completion)

	counts := map[int]bool{}
	for _, r := range after {
		counts[r.Attempts] = true
		assert.Equal(c, got.Completion, r.Completion, "everyone saw the one completion")
	}
	assert.Len(c, counts, crowd, "each saw the record as it was after its own attempt")
	certified, err := c.store.CertifiedRecord(c.Context(), got.Completion.Certificate)
	require.NoError(c, err)
	assert.Equal(c, got, certified)
}

func oneAttemptAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	together(func(int) {
		got, err := c.store.SaveAttempt(c.Context(), r, earning(attemptAt(r, "one id", 3, minute(4))))
		assert.NoError(c, err)
		assert.Equal(c, 1, got.Attempts)
	})
	assert.Equal(c, 1, c.record(r.ID).Attempts)
}

func oneAttemptBeginsAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := recordOf(p, module(1), minute(0))
	together(func(int) {
		got, err := c.store.SaveAttempt(c.Context(), r, earning(attemptAt(r, "one id", 3, minute(4))))
		assert.NoError(c, err)
		assert.Equal(c, 1, got.Attempts)
	})
	assert.Equal(c, 1, c.record(r.ID).Attempts)
	assert.Len(c, c.all(mercy, app.Filter{}), 1)
}

func parkedAndCountedAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	together(func(n int) {
		if n%2 == 0 {
			assert.NoError(c, c.store.Park(c.Context(), parked(p, "one id", 4)))
			return
		}
		_, err := c.store.SaveAttempt(c.Context(), r, attemptAt(r, "one id", 3, minute(4)))
		assert.NoError(c, err)
	})
	assert.Equal(c, 1, c.record(r.ID).Attempts)
	assert.Empty(c, c.parkedBy(p))
}

func beginAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	var after [crowd]app.Record
	together(func(n int) {
		r := recordOf(p, module(1), minute(n))
		r.Version = n + 1
		got, err := c.store.Begin(c.Context(), r)
		assert.NoError(c, err)
		after[n] = got
	})
	want := c.record(after[0].ID)
	for _, got := range after {
		assert.Equal(c, want, got)
	}
	assert.Len(c, c.all(mercy, app.Filter{}), 1)
}

func publishAtOnce(c clinic) {
	var mu sync.Mutex
	var won []app.Version
	together(func(n int) {
		v := version(app.ModuleVersion, module(n), 1)
		told := event(app.EventID(v.Slug), v.At)
		err := c.store.Publish(c.Context(), publication(1, v), []app.Version{v}, told)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			won = append(won, v)
		case !errors.Is(err, app.ErrConflict):
			assert.NoError(c, err)
		}
	})
	require.Len(c, won, 1)
	assert.Equal(c, heads(won...), c.versions())
	assert.Equal(c, won[0].Source, c.source(won[0]), "and what lost left no file")
	assert.Equal(c, publication(1, won[0]), c.lastPublication())
	assert.Equal(c, []app.Event{event(app.EventID(won[0].Slug), won[0].At)}, c.events(app.EventFilter{}), "nor an event")
}

func signInsAtOnce(c clinic) {
	var before [crowd]string
	together(func(n int) {
		p := person(mercy, "rivera")
		p.Name = fmt.Sprint("name ", n)
		err := c.store.SignIn(c.Context(), p, sessionOf(p, minute(n)), func(was app.Person) []app.Event {
			before[n] = was.Name
			e := event(app.EventID(p.Name), minute(n))
			e.Details = app.Details{"before": was.Name}
			return []app.Event{e}
		})
		assert.NoError(c, err)
	})
	told := c.events(app.EventFilter{})
	require.Len(c, told, crowd)
	for n, e := range told { // the latest first
		assert.Equal(c, before[crowd-1-n], e.Details["before"], "the last that was asked for counts")
	}
	seen := map[string]bool{}
	for _, name := range before {
		seen[name] = true
	}
	assert.Len(c, seen, crowd, "each saw what another left")
	assert.True(c, seen[""], "one was the first")
	all := c.sessionsOf(person(mercy, "rivera"))
	require.Len(c, all, crowd)
	assert.False(c, seen[c.personOf(all[0]).Name], "one was the last")
}

func endSessionAtOnce(c clinic) {
	s := c.signIn(person(mercy, "rivera"))
	var ended atomic.Int64
	together(func(n int) {
		got, err := c.store.EndSessions(c.Context(), app.SessionFilter{Hash: s.Hash}, app.Once{}, tellEnded(n))
		assert.NoError(c, err)
		ended.Add(int64(len(got)))
	})
	assert.Equal(c, int64(1), ended.Load())
	counts := map[string]int{}
	for _, e := range c.events(app.EventFilter{}) {
		counts[e.Details["ended"]]++
	}
	assert.Equal(c, map[string]int{"1": 1, "0": crowd - 1}, counts, "and each tells what it ended")
}

// tellEnded returns a note with an event of the number that tells how many
// sessions ended.
func tellEnded(n int) func([]app.Session) []app.Event {
	return func(ended []app.Session) []app.Event {
		e := event(app.EventID(fmt.Sprint("ended-", n)), minute(n))
		e.Details = app.Details{"ended": fmt.Sprint(len(ended))}
		return []app.Event{e}
	}
}

func endOnceAtOnce(c clinic) {
	s := c.signIn(person(mercy, "rivera"))
	var ended, conflicts atomic.Int64
	together(func(n int) {
		got, err := c.store.EndSessions(c.Context(), app.SessionFilter{Hash: s.Hash}, app.Once{Key: "word", Until: minute(9)}, tellEnded(n))
		if err == nil {
			assert.Equal(c, []app.Session{s}, got)
			ended.Add(1)
			return
		}
		assert.ErrorIs(c, err, app.ErrConflict)
		conflicts.Add(1)
	})
	assert.Equal(c, int64(1), ended.Load())
	assert.Equal(c, int64(crowd-1), conflicts.Load())
	told := c.events(app.EventFilter{})
	require.Len(c, told, 1)
	assert.Equal(c, "1", told[0].Details["ended"])
}

func useOnceAtOnce(c clinic) {
	var used atomic.Int64
	together(func(n int) {
		err := c.use("state", minute(n))
		if err == nil {
			used.Add(1)
			return
		}
		assert.ErrorIs(c, err, app.ErrConflict)
	})
	assert.Equal(c, int64(1), used.Load())
}

func eventAtOnce(c clinic) {
	together(func(n int) {
		assert.NoError(c, c.store.AddEvent(c.Context(), event("one id", minute(n))))
	})
	added := c.events(app.EventFilter{})
	require.Len(c, added, 1)
	assert.Equal(c, event("one id", added[0].At), added[0], "as one of them was sent")
}

func learnersAtOnce(c clinic) {
	together(func(n int) {
		p := person(mercy, fmt.Sprint("learner-", n))
		s := sessionOf(p, minute(0))
		err := c.store.SignIn(c.Context(), p, s, func(before app.Person) []app.Event {
			assert.Zero(c, before)
			return nil
		})
		assert.NoError(c, err)
		for m := range 5 {
			r := recordOf(p, module(m), minute(m))
			_, err := c.store.Begin(c.Context(), r)
			assert.NoError(c, err)
			got, err := c.store.SaveAttempt(c.Context(), r, attemptAt(r, app.AttemptID(r.Module), n%5, minute(m+1)))
			assert.NoError(c, err)
			assert.Equal(c, 1, got.Attempts)
			assert.Equal(c, percent(n%5*25), got.Score)
			_, who, err := c.store.Session(c.Context(), s.Hash)
			assert.NoError(c, err)
			assert.Equal(c, p, who)
		}
		own, err := c.store.LearnerRecords(c.Context(), p.Learner)
		assert.NoError(c, err)
		assert.Len(c, own, 5)
	})
	assert.Len(c, c.all(mercy, app.Filter{}), 5*crowd)
}

func workbookAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	for revision := 1; revision <= 4; revision++ {
		var mu sync.Mutex
		var won []app.Workbook
		together(func(n int) {
			w := workbookOf(p, module(1))
			w.Revision, w.Title, w.CardAt = revision, fmt.Sprint("by writer ", n), minute(n)
			w.Reflections = w.Reflections[:n%3]
			err := c.store.SaveWorkbook(c.Context(), w)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won = append(won, w)
			case !errors.Is(err, app.ErrConflict):
				assert.NoError(c, err)
			}
		})
		require.Len(c, won, 1, "number %d", revision)
		require.Equal(c, plainly(won[0]), c.workbook(p, module(1)))
	}
}

func workbooksAtOnce(c clinic) {
	var people []app.Person
	for n := range 4 {
		people = append(people, c.learner(mercy, fmt.Sprint("learner-", n)))
	}
	together(func(n int) {
		w := workbookOf(people[n%4], module(n/4))
		for revision := 1; revision <= 3; revision++ {
			w.Revision = revision
			assert.NoError(c, c.store.SaveWorkbook(c.Context(), w))
		}
	})
	for n := range crowd {
		want := workbookOf(people[n%4], module(n/4))
		want.Revision = 3
		assert.Equal(c, want, c.workbook(people[n%4], module(n/4)))
	}
}

func withdrawAtOnce(c clinic) {
	r := c.certifiedRecord(c.learner(mercy, "rivera"), module(1))
	var mu sync.Mutex
	var won []app.Withdrawal
	together(func(n int) {
		if n%4 == 0 {
			_, err := c.store.SaveAttempt(c.Context(), r, attemptAt(r, attemptNumber(n), 1, minute(1)))
			assert.NoError(c, err)
			return
		}
		w, told := withdrawal(r, n)
		told.ID = app.EventID(fmt.Sprint("withdrawn ", n))
		err := c.store.Withdraw(c.Context(), r.Completion.Certificate, w, told)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err == nil:
			won = append(won, w)
		case !errors.Is(err, app.ErrConflict):
			assert.NoError(c, err)
		}
	})
	require.Len(c, won, 1)
	r.Withdrawn, r.ChangedAt, r.Attempts = &won[0], won[0].At, r.Attempts+crowd/4
	c.everywhere(r)
	told := c.events(app.EventFilter{})
	require.Len(c, told, 1)
	assert.Equal(c, won[0].At, told[0].At, "the one that was done is told")
}
