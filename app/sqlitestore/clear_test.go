package sqlitestore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

// guards returns what guards the events, as another program sees it.
func (w ward) guards() []string {
	w.Helper()
	rows, err := w.plainly().QueryContext(w.Context(), triggersSQL+" ORDER BY name")
	require.NoError(w, err)
	defer rows.Close()
	var all []string
	for rows.Next() {
		var name, create string
		require.NoError(w, rows.Scan(&name, &create))
		all = append(all, name, create)
	}
	require.NoError(w, rows.Err())
	return all
}

func TestClearingLeavesTheEventsGuarded(t *testing.T) {
	w := newWard(t)
	before := w.guards()
	require.Len(t, before, 8)
	require.NoError(t, w.store.AddEvent(t.Context(), app.Event{ID: "first", At: at(1)}))
	require.NoError(t, w.store.Clear(t.Context()))
	assert.Equal(t, before, w.guards())
	require.NoError(t, w.store.AddEvent(t.Context(), app.Event{ID: "second", At: at(2)}))
	for query, says := range map[string]string{
		"DELETE FROM events":        "events are never removed",
		"UPDATE events SET at = 17": "events are never changed",
	} {
		_, err := w.plainly().Exec(query)
		assert.ErrorContains(t, err, says)
	}
	_, err := w.store.moves.ExecContext(t.Context(), "DELETE FROM events")
	assert.ErrorContains(t, err, "events are never removed", "nor does what moves remove one otherwise")
}

func TestClearingThatFailsRemovesNothing(t *testing.T) {
	w := newWard(t)
	require.NoError(t, w.store.AddEvent(t.Context(), app.Event{ID: "first", At: at(1)}))
	require.NoError(t, w.store.UseOnce(t.Context(), app.Once{Key: "state", Until: at(9)}))
	_, err := w.plainly().Exec("CREATE TRIGGER refuse BEFORE DELETE ON once BEGIN SELECT RAISE(ABORT, 'it is refused'); END")
	require.NoError(t, err)
	before := w.guards()
	assert.ErrorContains(t, w.store.Clear(t.Context()), "it is refused")
	assert.Equal(t, before, w.guards())
	events, err := w.store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 10)
	require.NoError(t, err)
	assert.Len(t, events, 1)
}

func TestVersionsOfAnOldDatabaseAreOfTheFirstPublicationThatNamesThem(t *testing.T) {
	path := oldSchema(t, 2, `
		INSERT INTO publications VALUES
			(1, 1000, 'embedded', '[{"Kind":"module","Slug":"names","Number":1},{"Kind":"program","Slug":"names","Number":1}]'),
			(2, 2000, 'nothing', 'null'),
			(3, 3000, 'a folder', '[{"Kind":"module","Slug":"names","Number":2},{"Kind":"program","Slug":"names","Number":1}]');
		INSERT INTO versions (kind, slug, number, program, hash, at) VALUES ('module', 'names', 1, 'p', 'h', 1000),
			('module', 'names', 2, 'p', 'h', 3000), ('program', 'names', 1, 'p', 'h', 1000), ('module', 'hidden', 1, 'p', 'h', 2000);
		INSERT INTO files VALUES ('module', 'names', 1, 0, 'module.md', x'616263')`)
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	v := app.Version{VersionRef: app.VersionRef{Kind: app.ModuleVersion, Slug: "new", Number: 1}}
	require.NoError(t, s.Publish(t.Context(), app.Publication{Number: 4}, []app.Version{v}, app.Event{ID: "published"}))
	var got [][]archive.Ref
	for i, err := range s.Items(t.Context(), archive.Publications) {
		require.NoError(t, err)
		var refs []archive.Ref
		for _, v := range i.Publication.Versions {
			refs = append(refs, v.Ref)
		}
		got = append(got, refs)
	}
	assert.Equal(t, [][]archive.Ref{
		{{Kind: "module", Slug: "names", Number: 1}, {Kind: "program", Slug: "names", Number: 1}}, nil,
		{{Kind: "module", Slug: "hidden", Number: 1}, {Kind: "module", Slug: "names", Number: 2}},
		{{Kind: "module", Slug: "new", Number: 1}},
	}, got, "one that is named nowhere is of the last")
}
