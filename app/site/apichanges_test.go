package site_test

import (
	"context"
	"fmt"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// away is a store whose database can go away.
type away struct {
	app.Store
	gone atomic.Bool
}

func (a *away) Records(ctx context.Context, i app.InstitutionID, f app.Filter, o app.Order, after app.Cursor, limit int) ([]app.Record, error) {
	if a.gone.Load() {
		return nil, app.ErrStoreAway
	}
	return a.Store.Records(ctx, i, f, o, after, limit)
}

// deaf is a store whose audit trail does not take that a token was used.
type deaf struct{ app.Store }

func (d deaf) AddEvent(ctx context.Context, e app.Event) error {
	if e.Kind == app.TokenUsed {
		return app.ErrStoreAway
	}
	return d.Store.AddEvent(ctx, e)
}

// TestWhoAsksSinceWhenLearnsOfEveryChange makes each change that there is, and asks
// after each for what has changed since the answer before.
func TestWhoAsksSinceWhenLearnsOfEveryChange(t *testing.T) {
	h := newHouse(t)
	others := h.staff("mercy-lakes", 3)
	h.staff("harbor-point", 2)
	h.settled()
	s := h.system(manager, app.ReadRecords)
	_, since := s.all("/api/v1/records?limit=2", "records")
	b := h.as(noor)
	office := h.as(manager)
	told := func() app.Event {
		return app.Event{ID: app.EventID(app.NewToken()), At: h.now(), Institution: "mercy-lakes"}
	}
	newest := func() app.Record {
		r, err := h.store.Records(t.Context(), "mercy-lakes", app.Filter{}, app.Order{By: app.OrderChange}, app.Cursor{}, 1)
		require.NoError(t, err)
		return r[0]
	}
	for _, change := range []struct {
		name string
		make func()
		want map[string]any // of the one that has changed
	}{
		{"a module is begun", func() { b.send(b.get("/modules/greet"), "/begin", nil) }, map[string]any{"status": "in_progress", "name": "Noor Haddad"}},
		{"an attempt that does not pass", func() { b.send(b.get("/modules/greet"), "/attempts", nil) }, map[string]any{"attempts": 1.0, "status": "in_progress"}},
		{"one that does", func() { b.send(b.get("/modules/greet"), "/attempts", right()) }, map[string]any{"attempts": 2.0, "status": "passed", "score": 100.0}},
		{"a better or another one after it", func() { b.send(b.get("/modules/greet"), "/attempts", right()) }, map[string]any{"attempts": 3.0}},
		{"its certificate is withdrawn", func() {
			office.withdraw("/certificates/"+string(newest().Completion.Certificate), "Somebody else answered.")
		}, map[string]any{"certificate_id": nil, "status": "passed"}},
		{"a waiver", func() {
			r, err := h.store.Record(t.Context(), app.NewRecordID(others[0].Learner, "greet", "2026"))
			require.NoError(t, err)
			r.ChangedAt = h.now()
			_, err = h.store.Complete(t.Context(), r, app.Completion{Status: app.Waived, At: h.now(), Version: 1, Title: r.Title, Reason: "Trained elsewhere."}, told())
			require.NoError(t, err)
		}, map[string]any{"status": "waived", "certificate_id": nil}},
		{"another name at the sign-in", func() {
			other := others[1].Identity
			other.Name = "Dr Another Name"
			_, _, _, err := h.training.SignIn(t.Context(), app.Arrival{Identity: other})
			require.NoError(t, err)
		}, map[string]any{"name": "Dr Another Name"}},
		{"somebody leaves", func() {
			require.NoError(t, h.store.Erase(t.Context(), app.Erasure{Learner: others[2].Learner, At: h.now()}, told()))
		}, map[string]any{"learner_id": string(others[2].Learner), "name": nil, "email": nil, "subject": nil}},
		{"and comes back", func() {
			_, _, _, err := h.training.SignIn(t.Context(), app.Arrival{Identity: others[2].Identity})
			require.NoError(t, err)
		}, map[string]any{"name": others[2].Name}},
	} {
		h.clock.pass(time.Minute)
		change.make()
		changed, after := s.all("/api/v1/records?since="+since, "records")
		assert.Empty(t, changed, "%s: told of once it is settled", change.name)
		assert.Equal(t, since, after, "%s: nothing is left out meanwhile", change.name)
		h.settled()
		changed, after = s.all("/api/v1/records?since="+since, "records")
		if assert.Len(t, changed, 1, change.name) {
			assert.Subset(t, changed[0], change.want, change.name)
		}
		assert.NotEqual(t, since, after, change.name)
		since = after
	}
	changed, after := s.all("/api/v1/records?since="+since, "records")
	assert.Empty(t, changed, "and nothing twice")
	assert.Equal(t, since, after)
}

// now returns the time as records have it.
func (h *house) now() time.Time { return h.training.Now().UTC().Truncate(time.Millisecond) }

// TestNothingIsMissedThatChangesWhileRecordsAreFetched writes a change late, by a
// replica whose clock is half a minute behind: it lies before where a listing is that
// has the latest changes, and is found by asking since that listing.
func TestNothingIsMissedThatChangesWhileRecordsAreFetched(t *testing.T) {
	for _, limit := range []int{3, 4, 5, 1000} {
		h := newHouse(t)
		people := h.staff("mercy-lakes", 5)
		h.settled()
		s := h.system(manager, app.ReadRecords)
		rename := func(p app.Person, name string, at time.Time) {
			p.Name, p.SignedInAt = name, at
			require.NoError(t, h.store.SignIn(t.Context(), p, app.Session{Hash: app.SessionHash(app.NewToken()), Learner: p.Learner, CreatedAt: at, SeenAt: at},
				func(app.Person) []app.Event { return nil }))
		}
		rename(people[0], "Just now", h.now())
		rename(people[1], "A moment later", h.now().Add(time.Millisecond))
		path := fmt.Sprintf("/api/v1/records?limit=%d", limit)
		_, next, since := s.get(path).list("records")
		rename(people[2], "Late", h.now().Add(-30*time.Second))
		h.clock.pass(2 * time.Minute)
		for next != "" {
			_, next, since = s.get(path + "&cursor=" + next).list("records")
		}
		h.settled()
		changed, _ := s.all(path+"&since="+since, "records")
		named := values(changed, "name")
		if limit > 3 { // the first part ended among the latest changes
			assert.Contains(t, named, "Late", limit)
		}
		assert.NotContains(t, named, "Person 001", "what has not changed is not told again")
	}
}

func TestSinceATimeHasWhatChangedFromThenOn(t *testing.T) {
	h := newHouse(t)
	h.staff("mercy-lakes", 3)
	h.settled()
	between := h.now()
	h.clock.pass(time.Second)
	h.as(noor).answer("greet", right())
	s := h.system(manager, app.ReadRecords)
	h.settled()
	for since, want := range map[string]int{
		between.Format(time.RFC3339Nano): 1, between.AddDate(0, 0, -1).Format(time.DateOnly): 4, h.now().Format(time.RFC3339Nano): 0,
		between.In(time.FixedZone("", -5*3600)).Format(time.RFC3339Nano): 1, "1970-01-01T00:00:00Z": 4,
	} {
		changed, _ := s.all("/api/v1/records?limit=3&since="+url.QueryEscape(since), "records")
		assert.Len(t, changed, want, since)
	}
	changed, since := s.all("/api/v1/records?module=listen&since=2026-01-01", "records")
	assert.Empty(t, changed)
	assert.NotEmpty(t, since)

	never := s.do("GET", "/api/v1/records?since=9999-12-31", nil)
	assert.Equal(t, 400, never.status, "who asks since a time to come would never learn of anything")
	assert.Contains(t, never.body, "yet to come")
}
