package sqlitestore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

// miscounted returns how many tallies and heads are not what the records and the
// people make them.
func (w ward) miscounted() int {
	w.Helper()
	var n int
	err := w.plainly().QueryRowContext(w.Context(), `SELECT count(*) FROM (
		SELECT * FROM (SELECT institution, module, edition, program, status, week, former, count(*) FROM records GROUP BY 1, 2, 3, 4, 5, 6, 7
			EXCEPT SELECT institution, module, edition, program, status, week, former, records FROM tallies)
		UNION ALL SELECT * FROM (SELECT institution, module, edition, program, status, week, former, records FROM tallies
			EXCEPT SELECT institution, module, edition, program, status, week, former, count(*) FROM records GROUP BY 1, 2, 3, 4, 5, 6, 7)
		UNION ALL SELECT institution, people, '', '', '', '', '', '' FROM (SELECT institution, people FROM heads
			EXCEPT SELECT institution, count(*) FROM people WHERE erased_at IS NULL GROUP BY 1)
		UNION ALL SELECT institution, '', '', '', '', '', '', '' FROM people
			WHERE erased_at IS NULL AND institution NOT IN (SELECT institution FROM heads))`).Scan(&n)
	require.NoError(w, err)
	return n
}

func TestTalliesAreRightWhateverIsMoved(t *testing.T) {
	w := newWard(t)
	person := func(institution app.InstitutionID, erased bool) archive.Item {
		p := &archive.Person{Learner: "cho", Institution: institution, Name: "Dr. Cho"}
		if erased {
			p.Name, p.ErasedAt = "", at(5)
		}
		return archive.Item{Kind: archive.People, Person: p}
	}
	record := func(id app.RecordID, institution app.InstitutionID, module string, done *archive.Completion) archive.Item {
		return archive.Item{Kind: archive.Records, Record: &archive.Record{ID: id, Institution: institution, Learner: "cho", Module: module, Completion: done}}
	}
	passed := &archive.Completion{Status: app.Passed, At: at(1), Certificate: "c"}
	later := &archive.Completion{Status: app.Passed, At: at(1).AddDate(0, 0, 7), Certificate: "c"}
	for i, items := range [][]archive.Item{
		{record("a", "mercy-lakes", "m", nil), record("b", "mercy-lakes", "m", passed)},
		{person("mercy-lakes", false)},
		{record("a", "mercy-lakes", "m", nil), record("b", "mercy-lakes", "m", later), person("mercy-lakes", false)},
		{record("b", "prairie-view", "n", nil), record("a", "mercy-lakes", "m", passed)},
		{person("prairie-view", false)},
		{person("prairie-view", true)},
		{person("mercy-lakes", true)},
		{person("mercy-lakes", false), record("c", "mercy-lakes", "m", nil)},
	} {
		require.NoError(t, w.store.Put(t.Context(), items))
		assert.Zero(t, w.miscounted(), "step %d", i)
	}
	_, err := w.plainly().Exec("UPDATE OR REPLACE records SET former = 1, status = 'read' WHERE id = 'a'; DELETE FROM records WHERE id = 'c'")
	require.NoError(t, err)
	assert.Zero(t, w.miscounted(), "nor does another program get them wrong")
	require.NoError(t, w.store.Clear(t.Context()))
	assert.Zero(t, w.miscounted())
	for _, institution := range []app.InstitutionID{"mercy-lakes", "prairie-view"} {
		counts, err := w.store.Counts(t.Context(), institution)
		require.NoError(t, err)
		assert.Zero(t, counts)
	}
}

func TestAMovedPersonsRecordsAreFoundInWhateverOrderTheyArePut(t *testing.T) {
	p := archive.Item{Kind: archive.People, Person: &archive.Person{Learner: "cho", Institution: "prairie-view", Name: "Dr. Cho"}}
	r := archive.Item{Kind: archive.Records, Record: &archive.Record{ID: "r", Institution: "mercy-lakes", Learner: "cho", Program: "p"}}
	for _, items := range [][]archive.Item{{p, r}, {r, p}} {
		w := newWard(t)
		require.NoError(t, w.store.Put(t.Context(), items))
		n, err := w.store.CountRecords(t.Context(), "mercy-lakes", app.Filter{Query: "CHO"})
		require.NoError(t, err)
		assert.Equal(t, 1, n)
		got, err := w.store.Records(t.Context(), "mercy-lakes", app.Filter{Query: "CHO"}, app.Order{By: app.OrderName}, app.Cursor{}, 10)
		require.NoError(t, err)
		require.Len(t, got, 1)
		after, err := w.store.Records(t.Context(), "mercy-lakes", app.Filter{Program: "p"}, app.Order{By: app.OrderName}, app.Cursor{Text: "dr. cho", ID: "q"}, 10)
		require.NoError(t, err)
		assert.Empty(t, after, "its key is that of the name")
	}
}
