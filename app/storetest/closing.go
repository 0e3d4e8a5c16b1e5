package storetest

import (
	"context"
	"fmt"
	"maps"
	"sync/atomic"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func closing() []test {
	return []test{
		{"an open store answers, a closed one says that it is away", closedIsAway},
		{"waits for what was begun", closeWaits},
		{"waits for a download", closeWaitsForDownload},
		{"waits for a download of the trail", closeWaitsForTrail},
		{"a context that has ended changes nothing", endedContext},
	}
}

// everyMethod calls each method of a store that takes a context.
func everyMethod(store app.Store) map[string]func(context.Context) error {
	every := publicationMethods(store)
	maps.Copy(every, signInMethods(store))
	maps.Copy(every, trailMethods(store))
	maps.Copy(every, recordMethods(store))
	maps.Copy(every, workbookMethods(store))
	maps.Copy(every, managerMethods(store))
	maps.Copy(every, personMethods(store))
	every["Ping"] = store.Ping
	return every
}

func publicationMethods(store app.Store) map[string]func(context.Context) error {
	v := version(app.ModuleVersion, "names-first", 1)
	return map[string]func(context.Context) error{
		"Publish": func(ctx context.Context) error {
			return store.Publish(ctx, publication(1, v), []app.Version{v}, event("published", minute(1)))
		},
		"LastPublication": func(ctx context.Context) error { _, err := store.LastPublication(ctx); return err },
		"Versions":        func(ctx context.Context) error { _, err := store.Versions(ctx); return err },
		"Source":          func(ctx context.Context) error { _, err := store.Source(ctx, v.VersionRef); return err },
	}
}

func signInMethods(store app.Store) map[string]func(context.Context) error {
	p := person(mercy, "rivera")
	s := sessionOf(p, minute(0))
	return map[string]func(context.Context) error{
		"SignIn": func(ctx context.Context) error {
			return store.SignIn(ctx, p, s, func(app.Person) []app.Event { return []app.Event{event("signed in", minute(1))} })
		},
		"Session":      func(ctx context.Context) error { _, _, err := store.Session(ctx, s.Hash); return err },
		"Sessions":     func(ctx context.Context) error { _, err := store.Sessions(ctx, p.Learner); return err },
		"TouchSession": func(ctx context.Context) error { return store.TouchSession(ctx, s.Hash, minute(1)) },
		"EndSessions": func(ctx context.Context) error {
			_, err := store.EndSessions(ctx, app.SessionFilter{Learner: p.Learner, CreatedBy: minute(9)},
				app.Once{Key: "signed out", Until: minute(10)},
				func([]app.Session) []app.Event { return []app.Event{event("signed out", minute(1))} })
			return err
		},
		"Sweep": func(ctx context.Context) error { return store.Sweep(ctx, minute(9), minute(9), minute(9)) },
		"UseOnce": func(ctx context.Context) error {
			return store.UseOnce(ctx, app.Once{Key: "state", Until: minute(10)})
		},
	}
}

func trailMethods(store app.Store) map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"AddEvent": func(ctx context.Context) error { return store.AddEvent(ctx, event("first", minute(1))) },
		"Events": func(ctx context.Context) error {
			_, err := store.Events(ctx, app.EventFilter{}, app.EventCursor{}, 1)
			return err
		},
		"AllEvents": func(ctx context.Context) error {
			for _, err := range store.AllEvents(ctx, app.EventFilter{}) {
				return err
			}
			return nil
		},
	}
}

func recordMethods(store app.Store) map[string]func(context.Context) error {
	p := person(mercy, "rivera")
	r := recordOf(p, module(1), minute(0))
	return map[string]func(context.Context) error{
		"Begin": func(ctx context.Context) error { _, err := store.Begin(ctx, r); return err },
		"SaveAttempt": func(ctx context.Context) error {
			_, err := store.SaveAttempt(ctx, r, attemptAt(r, "first", 1, minute(1)))
			return err
		},
		"Attempt":        func(ctx context.Context) error { _, err := store.Attempt(ctx, p.Learner, "first"); return err },
		"Record":         func(ctx context.Context) error { _, err := store.Record(ctx, r.ID); return err },
		"LearnerRecords": func(ctx context.Context) error { _, err := store.LearnerRecords(ctx, p.Learner); return err },
		"Records": func(ctx context.Context) error {
			_, err := store.Records(ctx, mercy, app.Filter{}, app.Order{}, app.Cursor{}, 1)
			return err
		},
		"AllRecords": func(ctx context.Context) error {
			for _, err := range store.AllRecords(ctx, mercy, app.Filter{}) {
				return err
			}
			return nil
		},
		"CountRecords":    func(ctx context.Context) error { _, err := store.CountRecords(ctx, mercy, app.Filter{}); return err },
		"CertifiedRecord": func(ctx context.Context) error { _, err := store.CertifiedRecord(ctx, "nobody's"); return err },
		"Withdraw": func(ctx context.Context) error {
			return store.Withdraw(ctx, "certificate", app.Withdrawal{At: minute(2)}, event("withdrawn", minute(2)))
		},
		"Park":     func(ctx context.Context) error { return store.Park(ctx, parked(p, "second", 1)) },
		"ParkedBy": func(ctx context.Context) error { _, err := store.ParkedBy(ctx, p.Learner); return err },
	}
}

func managerMethods(store app.Store) map[string]func(context.Context) error {
	r := recordOf(person(mercy, "rivera"), module(1), minute(0))
	return map[string]func(context.Context) error{
		"Complete": func(ctx context.Context) error {
			_, err := store.Complete(ctx, r, waiver(r, minute(1)), event("waived", minute(1)))
			return err
		},
		"Counts": func(ctx context.Context) error { _, err := store.Counts(ctx, mercy); return err },
		"Office": func(ctx context.Context) error { _, err := store.Office(ctx, mercy); return err },
		"SaveOffice": func(ctx context.Context) error {
			return store.SaveOffice(ctx, officeOf(mercy, "closed"), event("kept", minute(3)))
		},
	}
}

func personMethods(store app.Store) map[string]func(context.Context) error {
	p := person(mercy, "rivera")
	return map[string]func(context.Context) error{
		"Person": func(ctx context.Context) error { _, err := store.Person(ctx, p.Learner); return err },
		"People": func(ctx context.Context) error {
			_, err := store.People(ctx, mercy, app.PersonFilter{}, app.PersonCursor{}, 1)
			return err
		},
		"CountPeople": func(ctx context.Context) error {
			_, err := store.CountPeople(ctx, mercy, app.PersonFilter{})
			return err
		},
		"PeopleNamed": func(ctx context.Context) error {
			_, err := store.PeopleNamed(ctx, mercy, []string{"rivera"})
			return err
		},
		"LearnerAttempts": func(ctx context.Context) error { _, err := store.LearnerAttempts(ctx, p.Learner); return err },
		"LeftBefore":      func(ctx context.Context) error { _, err := store.LeftBefore(ctx, mercy, minute(9), 1); return err },
		"Erase": func(ctx context.Context) error {
			return store.Erase(ctx, app.Erasure{Learner: p.Learner, At: minute(9)}, event("erased", minute(9)))
		},
		"Forget": func(ctx context.Context) error { return store.Forget(ctx, minute(9)) },
	}
}

func workbookMethods(store app.Store) map[string]func(context.Context) error {
	w := workbookOf(person(mercy, "rivera"), module(1))
	return map[string]func(context.Context) error{
		"SaveWorkbook": func(ctx context.Context) error { return store.SaveWorkbook(ctx, w) },
		"Workbook":     func(ctx context.Context) error { _, err := store.Workbook(ctx, w.Learner, w.Record); return err },
		"Workbooks":    func(ctx context.Context) error { _, err := store.Workbooks(ctx, w.Learner); return err },
	}
}

func closedIsAway(c clinic) {
	require.NoError(c, c.store.Ping(c.Context()))
	c.learner(mercy, "rivera")
	require.NoError(c, c.store.Close())
	for name, call := range everyMethod(c.store) {
		assert.ErrorIs(c, call(c.Context()), app.ErrStoreAway, name)
	}
	assert.NoError(c, c.store.Close(), "closing twice is no fault")
}

func closeWaits(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	var saved atomic.Int64
	closed := make(chan error, 1)
	together(func(n int) {
		if n == crowd/2 {
			for saved.Load() == 0 {
				time.Sleep(time.Millisecond)
			}
			closed <- c.store.Close()
			return
		}
		for i := range 100 {
			_, err := c.store.SaveAttempt(c.Context(), r, attemptAt(r, app.AttemptID(fmt.Sprint(n, "-", i)), 1, minute(1)))
			if err != nil {
				assert.ErrorIs(c, err, app.ErrStoreAway, "it is either saved or refused")
				return
			}
			saved.Add(1)
		}
	})
	assert.NoError(c, <-closed)
	assert.Positive(c, saved.Load())
}

func closeWaitsForDownload(c clinic) {
	all := byID(c.many(120))
	closed := make(chan error, 1)
	var got []app.Record
	for r, err := range c.store.AllRecords(c.Context(), mercy, app.Filter{}) {
		require.NoError(c, err)
		got = append(got, r)
		if len(got) == 3 {
			go func() { closed <- c.store.Close() }()
			time.Sleep(50 * time.Millisecond) // long enough to close a store that does not wait
			require.Empty(c, closed)
		}
	}
	assert.Equal(c, all, got)
	assert.NoError(c, <-closed)
}

func closeWaitsForTrail(c clinic) {
	all := c.manyEvents(moreThanAPart)
	closed := make(chan error, 1)
	var got []app.Event
	for e, err := range c.store.AllEvents(c.Context(), app.EventFilter{}) {
		require.NoError(c, err)
		got = append(got, e)
		if len(got) == 3 {
			go func() { closed <- c.store.Close() }()
			time.Sleep(50 * time.Millisecond) // long enough to close a store that does not wait
			require.Empty(c, closed)
		}
	}
	assert.Equal(c, all, got)
	assert.NoError(c, <-closed)
}

func endedContext(c clinic) {
	p := c.learner(mercy, "okafor")
	done := completion(app.Passed, minute(1))
	done.Certificate = "certificate"
	held := c.complete(recordOf(p, module(1), minute(0)), done)
	p = c.learner(mercy, "rivera")
	ctx, cancel := context.WithCancel(c.Context())
	cancel()
	for name, call := range everyMethod(c.store) {
		assert.ErrorIs(c, call(ctx), context.Canceled, name)
	}
	assert.Equal(c, []app.Record{held}, c.all(mercy, app.Filter{}), "nothing is begun, counted or withdrawn")
	assert.Empty(c, c.workbooksOf(p))
	assert.Empty(c, c.versions())
	assert.Empty(c, c.parkedBy(p))
	assert.Empty(c, c.events(app.EventFilter{}))
	assert.Len(c, c.sessionsOf(p), 1)
	assert.NoError(c, c.use("state", minute(10)), "nothing was used")
	assert.NoError(c, c.use("signed out", minute(10)))
}
