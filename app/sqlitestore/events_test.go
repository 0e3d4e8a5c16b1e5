package sqlitestore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestNoStatementChangesOrRemovesAnEvent(t *testing.T) {
	w := newWard(t)
	want := app.Event{ID: "first", At: at(1), Kind: app.SignedIn, Institution: "mercy-lakes", Learner: "rivera"}
	require.NoError(t, w.store.AddEvent(t.Context(), want))
	for query, says := range map[string]string{
		"UPDATE events SET kind = 'signed_out'":                                                          "events are never changed",
		"UPDATE events SET at = at + 1 WHERE id = 'first'":                                               "events are never changed",
		"DELETE FROM events":                                                                             "events are never removed",
		"REPLACE INTO events VALUES ('first', 1, '', '', '', '{}')":                                      "events are never removed",
		"INSERT INTO events VALUES ('first', 1, '', '', '', '{}') ON CONFLICT (id) DO UPDATE SET at = 1": "events are never changed",
	} {
		s, err := w.store.writer.conn.prepare(query)
		require.NoError(t, err)
		_, err = s.run()
		assert.ErrorContains(t, err, says, query)
		require.NoError(t, s.close())
	}
	got, err := w.store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 10)
	require.NoError(t, err)
	assert.Equal(t, []app.Event{want}, got)
}

func TestADownloadOfTheTrailKeepsNoConnection(t *testing.T) {
	w := newWard(t)
	require.NoError(t, w.store.AddEvent(t.Context(), app.Event{ID: "first", At: at(1), Kind: app.SignedIn}))
	rows := 0
	for _, err := range w.store.AllEvents(t.Context(), app.EventFilter{}) {
		require.NoError(t, err)
		assert.Zero(t, w.store.downloads.Stats().InUse, "however long somebody takes to read")
		rows++
	}
	assert.Equal(t, 1, rows)
}

func TestWhoTriesAKeyAgainHoldsUpNobody(t *testing.T) {
	w := newWard(t)
	use := func() error { return w.store.UseOnce(t.Context(), "state", at(9)) }
	end := func() error { _, err := w.store.EndSession(t.Context(), "nobody's"); return err }
	runs := 0
	counted := func() error {
		return w.store.write(t.Context(), "counting", func(*writes) error { runs++; return nil })
	}
	outcomes := w.group(counted, use, use, end)
	assert.NoError(t, outcomes[0])
	assert.NoError(t, outcomes[1])
	assert.ErrorIs(t, outcomes[2], app.ErrConflict)
	assert.ErrorIs(t, outcomes[3], app.ErrNotFound)
	assert.Equal(t, 1, runs, "the group is not run again for what is no failure")
}
