package mongostore

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// ends returns a note that tells how many sessions have ended.
func ends(ended []app.Session) []app.Event {
	return []app.Event{happens(app.SignedOut, "", fmt.Sprint(len(ended)))}
}

// word is the word of a provider that somebody has signed out there.
func word() app.Once { return app.Once{Key: "word", Until: after(10)} }

func TestASignOutOverABrokenLineIsOneSignOut(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		p := known("rivera")
		phone := browser(p, "phone", 1)
		d.signIn(p, phone)
		d.signIn(p, browser(p, "desk", 2))
		breaks()
		ended, err := s.EndSessions(t.Context(), app.SessionFilter{Hash: phone.Hash}, app.Once{}, ends)
		require.NoError(t, err)
		assert.Equal(t, []app.Session{phone}, ended)
		assert.Equal(t, []app.SessionHash{"rivera's desk"}, d.browsers(p))
		assert.Contains(t, d.told(), "signed_out 1")
		assert.Len(t, d.told(), 3)
		d.nothingUntold()
	})
}

func TestASignOutOnAProvidersWordOverABrokenLineIsOne(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		rivera, okafor := known("rivera"), known("okafor")
		d.signIn(rivera, browser(rivera, "phone", 1))
		d.signIn(okafor, browser(okafor, "phone", 2)) // two people at one provider's session
		breaks()
		which := app.SessionFilter{Provider: "the provider's phone"}
		ended, err := s.EndSessions(t.Context(), which, word(), ends)
		require.NoError(t, err)
		assert.ElementsMatch(t, []app.Session{browser(rivera, "phone", 1), browser(okafor, "phone", 2)}, ended)
		assert.Empty(t, d.browsers(rivera))
		assert.Empty(t, d.browsers(okafor))
		assert.Contains(t, d.told(), "signed_out 2")
		assert.Len(t, d.told(), 3)
		_, err = s.EndSessions(t.Context(), which, word(), ends)
		assert.ErrorIs(t, err, app.ErrConflict)
		assert.Len(t, d.told(), 3)
		d.nothingUntold()
	})
}

func TestASignOutOfNobodyOverABrokenLineIsToldOnce(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		breaks()
		ended, err := s.EndSessions(t.Context(), app.SessionFilter{Learner: "nobody"}, word(), ends)
		require.NoError(t, err)
		assert.Empty(t, ended)
		assert.Equal(t, []string{"signed_out 0"}, d.told())
	})
}

func TestSessionsOfManyPeopleEndOnceForAllWhoEndThem(t *testing.T) {
	d := atDesk(t)
	var all []app.Session
	for n := range 12 {
		p := known(fmt.Sprint("learner-", n))
		s := browser(p, "phone", n)
		all = append(all, s)
		d.signIn(p, s)
	}
	var mu sync.Mutex
	var ended []app.Session
	told := map[string]int{}
	var done sync.WaitGroup
	for range 8 {
		done.Go(func() {
			got, err := d.store.EndSessions(t.Context(), app.SessionFilter{Provider: "the provider's phone"}, app.Once{}, ends)
			mu.Lock()
			defer mu.Unlock()
			assert.NoError(t, err)
			ended = append(ended, got...)
			told["signed_out "+fmt.Sprint(len(got))]++
		})
	}
	done.Wait()
	assert.ElementsMatch(t, all, ended)
	for _, line := range d.told() {
		told[line]--
	}
	delete(told, "signed_in before: ")
	for line, left := range told {
		assert.Zero(t, left, "each tells what it ended: %s", line)
	}
}

func TestASessionThatWasSweptIsNotEndedOnceMore(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	d.signIn(p, browser(p, "desk", 9))
	asked := 0
	ended, err := d.store.EndSessions(t.Context(), app.SessionFilter{Learner: p.Learner}, app.Once{}, func(ended []app.Session) []app.Event {
		asked++
		if asked == 1 { // between reading the sessions and ending them
			require.NoError(t, d.store.Sweep(t.Context(), after(5), after(0), after(0)))
		}
		return ends(ended)
	})
	require.NoError(t, err)
	assert.Equal(t, []app.Session{browser(p, "desk", 9)}, ended)
	assert.Contains(t, d.told(), "signed_out 1")
}

func TestAWordWhoseCallerDiedCountsForTheNext(t *testing.T) {
	for what, c := range map[string]struct {
		was     onceDoc
		refused error
	}{
		"it is done":                      {onceDoc{At: opened(), Done: true}, app.ErrConflict},
		"it was begun a moment ago":       {onceDoc{At: afterNow(-onceTakes / 2)}, app.ErrStoreAway},
		"it was begun so long ago":        {onceDoc{At: afterNow(-onceTakes)}, nil},
		"it was begun by a hasty clock":   {onceDoc{At: afterNow(onceTakes)}, app.ErrStoreAway},
		"it was done for something else":  {onceDoc{At: afterNow(-onceTakes), Done: true}, app.ErrConflict},
		"it was begun and then forgotten": {onceDoc{Key: "another", At: opened()}, nil},
	} {
		t.Run(what, func(t *testing.T) {
			d := atDesk(t)
			p := known("rivera")
			d.signIn(p, browser(p, "phone", 1))
			if c.was.Key == "" {
				c.was.Key = word().Key
			}
			c.was.Until, c.was.By = word().Until, "another call"
			d.put(once, c.was)
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := d.store.EndSessions(ctx, app.SessionFilter{Learner: p.Learner}, word(), ends)
			if c.refused != nil {
				assert.ErrorIs(t, err, c.refused)
				assert.Len(t, d.browsers(p), 1)
				return
			}
			require.NoError(t, err)
			assert.Empty(t, d.browsers(p))
			assert.Equal(t, 1, d.count(once, bson.D{{Key: "_id", Value: word().Key}, {Key: "done", Value: true}}))
		})
	}
}

func TestAWordThatEndedNothingMayBeSaidAgain(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := d.store.EndSessions(ctx, app.SessionFilter{Learner: p.Learner}, word(), func(ended []app.Session) []app.Event {
		cancel() // the provider did not wait
		return ends(ended)
	})
	require.ErrorIs(t, err, context.Canceled)
	require.Len(t, d.browsers(p), 1)
	ended, err := d.store.EndSessions(t.Context(), app.SessionFilter{Learner: p.Learner}, word(), ends)
	require.NoError(t, err)
	assert.Len(t, ended, 1)
	assert.Equal(t, 1, len(slices.DeleteFunc(d.told(), func(line string) bool { return line != "signed_out 1" })))
}
