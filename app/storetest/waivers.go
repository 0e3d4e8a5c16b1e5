package storetest

import (
	"fmt"
	"sync"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func waivers() []test {
	return []test{
		{"complete a record that is begun by them", waiverBegins},
		{"complete a record in progress, and leave what was done in it", waiverCompletes},
		{"of a record that is complete are refused", waiverRefused},
		{"of another institution's record are refused", waiverElsewhere},
		{"stand with their events", waiverTold},
		{"keep what they were given", waiverComesBack},
		{"at once are one", waiversAtOnce},
	}
}

// waiver returns what a manager gives who waives a record's module.
func waiver(r app.Record, at time.Time) app.Completion {
	return app.Completion{
		Status: app.Waived, At: at, Version: r.Version, Name: r.Name, Title: r.Title,
		Institution: "Mercy Lakes, on that day", Reason: "Teaches it.",
	}
}

func toldOf(r app.Record, kind app.EventKind, at time.Time) app.Event {
	return app.Event{
		ID: app.EventID(app.NewToken()), At: at, Kind: kind, Institution: r.Institution,
		Details: app.Details{"record": string(r.ID)},
	}
}

// waive waives the record's module and returns the record as it is then.
func (c clinic) waive(r app.Record, at time.Time) app.Record {
	c.Helper()
	r.ChangedAt = at
	got, err := c.store.Complete(c.Context(), r, waiver(r, at), toldOf(r, app.ModuleWaived, at))
	require.NoError(c, err)
	return got
}

func waiverBegins(c clinic) {
	p := c.learner(mercy, "rivera")
	want := recordOf(p, module(1), minute(3))
	done := waiver(want, minute(3))
	got := c.waive(want, minute(3))
	want.Completion = &done
	assert.Equal(c, want, got)
	assert.Equal(c, want, c.record(want.ID))
	assert.Equal(c, []app.Record{want}, c.listed(mercy, app.Filter{Status: app.Waived}, app.Cursor{}, 10))
	_, err := c.store.CertifiedRecord(c.Context(), "")
	assert.ErrorIs(c, err, app.ErrNotFound, "it proves nothing")
}

func waiverCompletes(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	want := c.save(r, attemptAt(r, "first", 1, minute(2)))
	later := recordOf(p, module(1), minute(9)) // which the manager's page made
	done := waiver(later, minute(9))
	done.Version, done.Title = 7, "As it is called now"
	got, err := c.store.Complete(c.Context(), later, done, toldOf(r, app.ModuleWaived, minute(9)))
	require.NoError(c, err)
	want.Completion, want.Version, want.Title, want.ChangedAt = &done, 7, "As it is called now", minute(9)
	assert.Equal(c, want, got)
	assert.Equal(c, want, c.record(r.ID))
	assert.Equal(c, minute(2), got.ActiveAt, "the learner did nothing")

	passed := c.save(r, earning(attemptAt(r, "second", 4, minute(12))))
	assert.Equal(c, &done, passed.Completion, "passing it later changes no completion")
	assert.Equal(c, percent(100), passed.Score)
}

func waiverRefused(c clinic) {
	p := c.learner(mercy, "rivera")
	passed, waived := c.certifiedRecord(p, module(1)), c.waive(recordOf(p, module(2), minute(1)), minute(1))
	before := c.events(app.EventFilter{})
	for _, r := range []app.Record{passed, waived} {
		for range 2 {
			again := r
			again.ChangedAt = minute(30)
			_, err := c.store.Complete(c.Context(), again, waiver(r, minute(30)), toldOf(r, app.ModuleWaived, minute(30)))
			assert.ErrorIs(c, err, app.ErrConflict)
		}
		assert.Equal(c, r, c.record(r.ID))
	}
	assert.Equal(c, before, c.events(app.EventFilter{}), "nor is it told")
}

func waiverElsewhere(c clinic) {
	p := c.learner(mercy, "rivera")
	begun, passed := c.begin(p, module(1), minute(1)), c.certifiedRecord(p, module(2))
	p = c.move(p, prairie, minute(30))
	for _, r := range []app.Record{begun, passed} {
		want := c.record(r.ID)
		here := recordOf(p, r.Module, minute(40))
		_, err := c.store.Complete(c.Context(), here, waiver(here, minute(40)), toldOf(here, app.ModuleWaived, minute(40)))
		assert.ErrorIs(c, err, app.ErrNotFound)
		assert.Equal(c, want, c.record(r.ID))
	}
	assert.Empty(c, c.events(app.EventFilter{}), "nor is it told")
	assert.Equal(c, app.Waived, c.waive(recordOf(p, module(3), minute(41)), minute(41)).Status())
}

func waiverTold(c clinic) {
	p := c.learner(mercy, "rivera")
	r := recordOf(p, module(1), minute(0))
	told := toldOf(r, app.ModuleWaived, minute(1))
	_, err := c.store.Complete(c.Context(), r, waiver(r, minute(1)), told)
	require.NoError(c, err)
	assert.Equal(c, []app.Event{told}, c.events(app.EventFilter{Institution: mercy}))
}

func waiverComesBack(c clinic) {
	p := c.learner(mercy, "rivera")
	for n, text := range append(anyText(), "") {
		r := recordOf(p, module(n), minute(0))
		want := completion(app.Waived, minute(1))
		want.Certificate, want.Reason, want.Attempt, want.Score = "", text, app.AttemptID(text), percent(n)
		want.Name, want.Title, want.Institution, want.Credit = text, text, text, text
		got, err := c.store.Complete(c.Context(), r, want, toldOf(r, app.ModuleWaived, minute(1)))
		require.NoError(c, err)
		assert.Equal(c, &want, got.Completion)
		assert.Equal(c, &want, c.record(r.ID).Completion)
		assert.Nil(c, got.Score, "the record's own score is that of attempts")
	}
	r := recordOf(p, module(99), minute(0))
	a := earning(attemptAt(r, "earns it", 4, minute(1)))
	a.Completion.Attempt = a.ID
	assert.Equal(c, app.AttemptID("earns it"), c.save(r, a).Completion.Attempt)
}

func waiversAtOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := recordOf(p, module(1), minute(0))
	var mu sync.Mutex
	var won []int
	together(func(n int) {
		done := waiver(r, minute(1))
		done.Reason = fmt.Sprint("by manager ", n)
		got, err := c.store.Complete(c.Context(), r, done, toldOf(r, app.ModuleWaived, minute(1)))
		if err != nil {
			assert.ErrorIs(c, err, app.ErrConflict)
			return
		}
		assert.Equal(c, &done, got.Completion)
		mu.Lock()
		defer mu.Unlock()
		won = append(won, n)
	})
	require.Len(c, won, 1)
	assert.Equal(c, fmt.Sprint("by manager ", won[0]), c.record(r.ID).Completion.Reason)
	assert.Len(c, c.events(app.EventFilter{}), 1)
	assert.Len(c, c.all(mercy, app.Filter{}), 1)
}
