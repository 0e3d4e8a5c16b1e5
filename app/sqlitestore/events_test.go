package sqlitestore

import (
	"database/sql"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// plainly opens the store's file as another program does, which knows nothing
// of how this one sets its connections up.
func (w ward) plainly() *sql.DB {
	w.Helper()
	db, err := sql.Open("sqlite", "file:"+w.pragma("SELECT json_array(file) FROM pragma_database_list"))
	require.NoError(w, err)
	w.Cleanup(func() { require.NoError(w, db.Close()) })
	db.SetMaxOpenConns(1)
	return db
}

func TestNoStatementChangesOrRemovesAnEvent(t *testing.T) {
	w := newWard(t)
	plain := w.plainly()
	var recursive int
	require.NoError(t, plain.QueryRow("PRAGMA recursive_triggers").Scan(&recursive))
	require.Zero(t, recursive, "what replaces a row does not ask the triggers that guard it from being removed")
	byPlain := func(query string) error { _, err := plain.Exec(query); return err }
	byWriter := func(query string) error {
		s, err := w.store.writer.conn.prepare(query)
		require.NoError(t, err)
		_, err = s.run()
		require.NoError(t, s.close())
		return err
	}
	want := app.Event{ID: "first", At: at(1), Kind: app.SignedIn, Institution: "mercy-lakes", Learner: "rivera"}
	require.NoError(t, w.store.AddEvent(t.Context(), want))
	for _, k := range []struct{ query, says string }{
		{"UPDATE events SET kind = 'signed_out'", "events are never changed"},
		{"UPDATE events SET at = at + 1 WHERE id = 'first'", "events are never changed"},
		{"UPDATE OR REPLACE events SET id = 'second'", "events are never changed"},
		{"DELETE FROM events", "events are never removed"},
		{"REPLACE INTO events VALUES ('first', 1, '', '', '', '{}')", ""},
		{"INSERT OR REPLACE INTO events VALUES ('first', 1, '', '', '', '{}')", ""},
		{"INSERT INTO events VALUES ('first', 1, '', '', '', '{}') ON CONFLICT (id) DO UPDATE SET at = 1", ""},
		{"INSERT INTO events VALUES ('first', 1, '', '', '', '{}')", ""},
		{"INSERT OR REPLACE INTO events (rowid, id, at, kind, institution, learner, details) VALUES (1, 'other', 1, '', '', '', '{}')",
			"events are never removed"},
	} {
		for who, run := range map[string]func(string) error{"the writer": byWriter, "another program": byPlain} {
			err := run(k.query)
			if k.says == "" {
				assert.NoError(t, err, "%s: %s", who, k.query)
			} else {
				assert.ErrorContains(t, err, k.says, "%s: %s", who, k.query)
			}
			got, err := w.store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 10)
			require.NoError(t, err)
			require.Equal(t, []app.Event{want}, got, "%s: %s", who, k.query)
		}
	}
	require.NoError(t, byPlain("INSERT INTO events VALUES ('second', 1, '', '', '', '{}'), ('third', 1, '', '', '', '{}')"))
	got, err := w.store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 10)
	require.NoError(t, err)
	assert.Len(t, got, 3, "what is new is added")
}

// refuse makes the database refuse events with the id "refused".
func (w ward) refuse() {
	w.Helper()
	_, err := w.plainly().Exec(`CREATE TRIGGER refuse BEFORE INSERT ON events WHEN new.id = 'refused'
		BEGIN SELECT RAISE(ABORT, 'it is refused'); END`)
	require.NoError(w, err)
}

func TestWhatCannotBeToldIsNotDone(t *testing.T) {
	w := newWard(t)
	w.refuse()
	before, p, err := w.store.Session(t.Context(), "session")
	require.NoError(t, err)
	renamed := p
	renamed.Name = "Dr. Rivera-Cho"
	tells := []app.Event{{ID: "told", At: at(1)}, {ID: "refused", At: at(2)}}
	word := app.Once{Key: "word", Until: at(9)}

	err = w.store.SignIn(t.Context(), renamed, app.Session{Hash: "new", Learner: p.Learner}, func(app.Person) []app.Event { return tells })
	assert.ErrorContains(t, err, "it is refused")
	v := app.Version{VersionRef: app.VersionRef{Kind: app.ModuleVersion, Slug: "names-first", Number: 1}}
	err = w.store.Publish(t.Context(), app.Publication{Number: 1}, []app.Version{v}, tells[1])
	assert.ErrorContains(t, err, "it is refused")
	ended, err := w.store.EndSessions(t.Context(), app.SessionFilter{Learner: p.Learner}, word, func([]app.Session) []app.Event { return tells })
	assert.ErrorContains(t, err, "it is refused")
	assert.Empty(t, ended)

	sessions, err := w.store.Sessions(t.Context(), p.Learner)
	require.NoError(t, err)
	assert.Equal(t, []app.Session{before}, sessions, "none is new, and none has ended")
	_, now, err := w.store.Session(t.Context(), "session")
	require.NoError(t, err)
	assert.Equal(t, p, now)
	_, err = w.store.LastPublication(t.Context())
	assert.ErrorIs(t, err, app.ErrNotFound)
	versions, err := w.store.Versions(t.Context())
	require.NoError(t, err)
	assert.Empty(t, versions)
	events, err := w.store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 10)
	require.NoError(t, err)
	assert.Empty(t, events, "not even the event before the one that is refused")
	assert.NoError(t, w.store.UseOnce(t.Context(), word), "the word was not used")
}

func TestWhatIsDoneTwiceIsToldOnce(t *testing.T) {
	w := newWard(t)
	w.refuse()
	asked := 0
	end := func() error {
		ended, err := w.store.EndSessions(t.Context(), app.SessionFilter{Learner: "rivera"}, app.Once{Key: "word", Until: at(9)},
			func(ended []app.Session) []app.Event {
				asked++
				return []app.Event{{ID: app.EventID(app.NewToken()), At: at(len(ended))}}
			})
		assert.Len(t, ended, 1)
		return err
	}
	refused := func() error { return w.store.AddEvent(t.Context(), app.Event{ID: "refused"}) }
	outcomes := w.group(end, refused)
	require.NoError(t, outcomes[0])
	require.Error(t, outcomes[1])
	assert.Equal(t, 2, asked, "the group was run again for the other one's failure")
	events, err := w.store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 10)
	require.NoError(t, err)
	require.Len(t, events, 1, "what was told at first was undone")
	assert.Equal(t, at(1), events[0].At, "and then the session was there again to end")
}

func TestWhoTriesAKeyAgainHoldsUpNobody(t *testing.T) {
	w := newWard(t)
	word := app.Once{Key: "state", Until: at(9)}
	use := func() error { return w.store.UseOnce(t.Context(), word) }
	end := func() error {
		_, err := w.store.EndSessions(t.Context(), app.SessionFilter{Learner: "rivera"}, word, nil)
		return err
	}
	runs := 0
	counted := func() error {
		return w.store.write(t.Context(), "counting", func(*writes) error { runs++; return nil })
	}
	outcomes := w.group(counted, use, use, end)
	assert.NoError(t, outcomes[0])
	assert.NoError(t, outcomes[1])
	assert.ErrorIs(t, outcomes[2], app.ErrConflict)
	assert.ErrorIs(t, outcomes[3], app.ErrConflict)
	assert.Equal(t, 1, runs, "the group is not run again for what is no failure")
}
