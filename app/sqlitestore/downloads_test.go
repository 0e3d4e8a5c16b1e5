package sqlitestore

import (
	"database/sql"
	"fmt"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// addRecords adds records of the one learner until there are n.
func (w ward) addRecords(n int) {
	w.Helper()
	_, err := w.plainly().Exec(`WITH RECURSIVE row (n) AS (SELECT (SELECT count(*) + 1 FROM records) UNION ALL SELECT n + 1 FROM row WHERE n < ?1)
		INSERT INTO records (id, institution, learner, program, module, title, edition, version, attempts, started_at, active_at, status)
			SELECT format('record-%08d', n), 'mercy-lakes', 'rivera', 'p', 'm', 't', 'e', 1, 0, n, n, 'in_progress' FROM row WHERE n <= ?1`, n)
	require.NoError(w, err)
}

func TestADownloadIsWholeWhereverItsPartsEnd(t *testing.T) {
	w := newWard(t)
	for _, n := range []int{firstPart - 1, firstPart, firstPart + 1, 3*firstPart - 1, 3 * firstPart, 3*firstPart + 1, 2*wholePart - firstPart, 3*wholePart - firstPart + 1} {
		w.addRecords(n)
		rows := 0
		last := app.RecordID("")
		for r, err := range w.store.AllRecords(t.Context(), "mercy-lakes", app.Filter{}) {
			require.NoError(t, err)
			require.Less(t, last, r.ID)
			last = r.ID
			rows++
		}
		assert.Equal(t, n, rows)
	}
}

// begun reads the first row of a download, and no more of it.
func begun[Row any](t *testing.T, rows iter.Seq2[Row, error]) {
	t.Helper()
	next, stop := iter.Pull2(rows)
	t.Cleanup(stop)
	_, err, more := next()
	require.NoError(t, err)
	require.True(t, more)
}

func TestADownloadKeepsNoConnectionAndNoJournal(t *testing.T) {
	w := newWard(t)
	w.addRecords(2 * firstPart)
	for n := range 2 * firstPart {
		require.NoError(t, w.store.AddEvent(t.Context(), app.Event{ID: app.EventID(fmt.Sprint(n)), At: at(n), Kind: app.SignedIn}))
	}
	plain := w.plainly()
	for what, begin := range map[string]func(){
		"of records": func() { begun(t, w.store.AllRecords(t.Context(), "mercy-lakes", app.Filter{})) },
		"of events":  func() { begun(t, w.store.AllEvents(t.Context(), app.EventFilter{})) },
	} {
		begin()
		assert.Zero(t, w.store.downloads.Stats().InUse, "%s: however long somebody takes to read", what)
		require.NoError(t, w.attempt(app.AttemptID(what), "")())
		var busy, pages, carried int
		require.NoError(t, plain.QueryRow("PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &pages, &carried))
		assert.Zero(t, busy, "%s: the journal is emptied meanwhile", what)
	}
}

// BenchmarkDownload measures the records that a download yields, of 200,000
// that were begun in another order than that of their ids.
func BenchmarkDownload(b *testing.B) {
	s := openBench(b)
	records := population(b, s)
	plain, err := sql.Open("sqlite", writerDSN(databaseFile(b, s)))
	require.NoError(b, err)
	defer func() { require.NoError(b, plain.Close()) }()
	_, err = plain.Exec(`WITH RECURSIVE row (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM row WHERE n < 200000 - ?1)
		INSERT INTO records (id, institution, learner, program, module, title, edition, version, attempts, score, started_at, active_at, status)
			SELECT lower(hex(randomblob(16))), institution, learner, program, 'module-' || n, title, edition, 1, 3, n % 101,
				started_at, active_at + n, 'in_progress'
			FROM row CROSS JOIN records r ON r.rowid = n % ?1 + 1`, len(records))
	require.NoError(b, err)
	rows := 0
	for b.Loop() {
		for _, err := range s.AllRecords(b.Context(), "mercy-lakes", app.Filter{}) {
			if err != nil {
				b.Fatal(err)
			}
			rows++
		}
	}
	b.ReportMetric(float64(rows)/b.Elapsed().Seconds(), "rows/s")
}

func databaseFile(b *testing.B, s *Store) string {
	b.Helper()
	var path string
	require.NoError(b, s.pages.QueryRow("SELECT file FROM pragma_database_list").Scan(&path))
	return path
}
