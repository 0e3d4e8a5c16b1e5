package storetest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func offices() []test {
	return []test{
		{"come back as they went in", officeComesBack},
		{"are not found before they are saved", officeNotFound},
		{"take one number after the other", officeNumbers},
		{"stand with their events", officeTold},
		{"are of one institution alone", officesApart},
		{"saved at once are saved by one, each time", officesAtOnce},
	}
}

// officeOf returns what an institution's managers keep who keep some of each.
func officeOf(institution app.InstitutionID, text string) app.Office {
	return app.Office{
		Institution: institution, Revision: 1,
		Assignments: []app.Assignment{
			{ID: "second " + text, Maker: app.LearnerID(text), MadeAt: minute(2), People: []string{text, "", "b"}, Module: text, By: text, Because: text, Due: minute(60)},
			{ID: "first", MadeAt: minute(1), Program: "p"},
		},
		Tokens: []app.AccessToken{
			{ID: "t-2", Hash: app.TokenHash(text), Name: text, Scopes: app.Scopes(), Maker: app.LearnerID(text), MadeAt: minute(3), ExpiresAt: minute(90)},
			{ID: "t-1", Scopes: []app.Scope{app.ReadModules}},
		},
		Filters: []app.SavedFilter{{Name: text, Query: "module=" + text}, {}},
	}
}

func (c clinic) office(i app.InstitutionID) app.Office {
	c.Helper()
	o, err := c.store.Office(c.Context(), i)
	require.NoError(c, err)
	return o
}

func officeComesBack(c clinic) {
	for n, text := range anyText() {
		want := officeOf(app.InstitutionID(fmt.Sprint("institution-", n)), text)
		require.NoError(c, c.store.SaveOffice(c.Context(), want))
		assert.Equal(c, want, c.office(want.Institution))
	}
	far := officeOf(mercy, "far")
	far.Assignments[0].Due = time.Date(1936, 2, 29, 0, 0, 0, 1_000_000, time.UTC)
	far.Tokens[0].ExpiresAt = time.Date(2400, 2, 29, 0, 0, 0, 0, time.UTC)
	require.NoError(c, c.store.SaveOffice(c.Context(), far))
	assert.Equal(c, far, c.office(mercy))
	assert.Zero(c, c.office(mercy).Assignments[1].Due, "no day is none")

	none := app.Office{Institution: mercy, Revision: 2}
	require.NoError(c, c.store.SaveOffice(c.Context(), none))
	got := c.office(mercy)
	assert.Equal(c, []int{2, 0, 0, 0}, []int{got.Revision, len(got.Assignments), len(got.Tokens), len(got.Filters)})
}

func officeNotFound(c clinic) {
	for _, i := range []app.InstitutionID{mercy, ""} {
		_, err := c.store.Office(c.Context(), i)
		assert.ErrorIs(c, err, app.ErrNotFound)
	}
}

func officeNumbers(c clinic) {
	o := officeOf(mercy, "first")
	for _, revision := range []int{0, 2, -1} {
		o.Revision = revision
		assert.ErrorIs(c, c.store.SaveOffice(c.Context(), o, event("told", minute(1))), app.ErrConflict)
	}
	_, err := c.store.Office(c.Context(), mercy)
	assert.ErrorIs(c, err, app.ErrNotFound)
	for n := 1; n <= 3; n++ {
		o = officeOf(mercy, fmt.Sprint("number ", n))
		o.Revision = n
		require.NoError(c, c.store.SaveOffice(c.Context(), o))
		for _, revision := range []int{0, 1, n, n + 2} {
			other := officeOf(mercy, "another's")
			other.Revision = revision
			assert.ErrorIs(c, c.store.SaveOffice(c.Context(), other, event("told", minute(1))), app.ErrConflict, "%d after %d", revision, n)
		}
		assert.Equal(c, o, c.office(mercy))
	}
	assert.Empty(c, c.events(app.EventFilter{}), "what is refused is not told")
}

func officeTold(c clinic) {
	first, second := event("first", minute(1)), event("second", minute(2))
	require.NoError(c, c.store.SaveOffice(c.Context(), officeOf(mercy, "a"), first, second))
	assert.Equal(c, []app.Event{second, first}, c.events(app.EventFilter{}))
}

func officesApart(c clinic) {
	ours, theirs := officeOf(mercy, "ours"), officeOf(prairie, "theirs")
	require.NoError(c, c.store.SaveOffice(c.Context(), ours))
	require.NoError(c, c.store.SaveOffice(c.Context(), theirs))
	theirs.Revision, theirs.Filters = 2, nil
	require.NoError(c, c.store.SaveOffice(c.Context(), theirs))
	assert.Equal(c, ours, c.office(mercy))
	assert.Empty(c, c.office(prairie).Filters)
}

func officesAtOnce(c clinic) {
	for revision := 1; revision <= 4; revision++ {
		var mu sync.Mutex
		var won []app.Office
		together(func(n int) {
			o := officeOf(mercy, fmt.Sprint("by manager ", n))
			o.Revision = revision
			err := c.store.SaveOffice(c.Context(), o, event(app.EventID(fmt.Sprint(revision, " by ", n)), minute(n)))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				won = append(won, o)
			case !errors.Is(err, app.ErrConflict):
				assert.NoError(c, err)
			}
		})
		require.Len(c, won, 1, "number %d", revision)
		require.Equal(c, won[0], c.office(mercy))
		require.Len(c, c.events(app.EventFilter{}), revision)
	}
}
