package sqlitestore

import (
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// plan returns how SQLite goes about a query.
func (w ward) plan(query string) []string {
	w.Helper()
	anything := make([]any, 40) // more than any query takes
	rows, err := w.store.lists.QueryContext(w.Context(), "EXPLAIN QUERY PLAN "+query, anything...)
	require.NoError(w, err, query)
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var step string
		require.NoError(w, rows.Scan(&id, &parent, &unused, &step))
		steps = append(steps, step)
	}
	require.NoError(w, rows.Err())
	return steps
}

func TestNoQueryReadsAWholeTable(t *testing.T) {
	w := newWard(t)
	var queries []string
	for _, s := range w.store.writer.stmt.list() {
		queries = append(queries, s.sql)
	}
	for _, s := range w.store.read.list() {
		queries = append(queries, s.sql)
	}
	require.Greater(t, len(queries), 20)
	// The list of versions is read whole, in the order of its key, when there is
	// a new publication, and the last one of these is one step from the end of
	// its table.
	whole := map[string]string{
		lastNumberSQL: "SEARCH publications", lastPublicationSQL: "SCAN publications", versionsSQL: "SCAN versions USING INDEX",
	}
	searched := 0
	for _, query := range queries {
		if len(strings.Fields(query)) < 4 {
			continue // no query
		}
		steps := w.plan(query)
		if begins, ok := whole[query]; ok {
			assert.Contains(t, steps[0], begins)
			continue
		}
		for _, step := range steps {
			assert.NotRegexp(t, `^SCAN`, step, query)
			searched++
		}
	}
	assert.Greater(t, searched, 10)
}

func TestListingsWalkAnIndex(t *testing.T) {
	w := newWard(t)
	byActivity := regexp.MustCompile(`^SEARCH r USING (COVERING )?INDEX records_by_activity \(institution=\?`)
	byID := regexp.MustCompile(`^SEARCH r USING INDEX records_by_id \(institution=\? AND id>\?\)$`)
	for bits := range 1 << 6 {
		f := app.Filter{}
		after := app.Cursor{}
		if bits&1 != 0 {
			f.From = at(0)
		}
		if bits&2 != 0 {
			f.To = at(9)
		}
		if bits&4 != 0 {
			f.Program, f.Module = "p", "m"
		}
		if bits&8 != 0 {
			f.Status = app.Passed
		}
		if bits&16 != 0 {
			f.Query = "q"
		}
		if bits&32 != 0 {
			after = app.Cursor{ActiveAt: at(5), ID: "r"}
		}
		page, all := choose("mercy-lakes", f), choose("mercy-lakes", f)
		page.before(f.To, after)
		all.before(f.To, app.Cursor{})
		count := all.count()
		all.and("r.id > ?", "r")
		for query, index := range map[string]*regexp.Regexp{page.page(): byActivity, all.part(): byID, count: byActivity} {
			steps := w.plan(query)
			assert.Regexp(t, index, steps[0], query)
			for _, step := range steps[1:] {
				assert.Regexp(t, `^SEARCH p USING PRIMARY KEY`, step, "nothing is sorted: %s", query)
			}
		}
	}
}

func TestAPageBeginsWhereTheLastOneEnded(t *testing.T) {
	w := newWard(t)
	for _, to := range []app.Filter{{}, {To: at(9)}} {
		l := choose("mercy-lakes", to)
		l.before(to.To, app.Cursor{ActiveAt: at(5), ID: "r"})
		assert.Contains(t, w.plan(l.page())[0], "(institution=? AND (active_at,id)<(?,?))")
	}
}

func TestACountOfAnInstitutionReadsItsIndexAlone(t *testing.T) {
	w := newWard(t)
	l := choose("mercy-lakes", app.Filter{From: at(0), To: at(9), Program: "p", Module: "m", Status: app.Passed, Query: "q"})
	l.before(at(9), app.Cursor{})
	steps := w.plan(l.count())
	require.Len(t, steps, 2)
	assert.Contains(t, steps[0], "USING COVERING INDEX")
	assert.Contains(t, steps[1], "SEARCH p ", "and the people, where somebody is searched for")
}

func TestTheAuditTrailIsWalkedByAnIndex(t *testing.T) {
	w := newWard(t)
	ends := regexp.MustCompile(`( AND at>\?)? AND \(at,id\)<\(\?,\?\)\)$`)
	for bits := range 1 << 6 {
		f := app.EventFilter{}
		after := app.EventCursor{}
		walks := "SEARCH e USING INDEX events_by_time ("
		if bits&1 != 0 {
			f.Institution = "mercy-lakes"
			walks = "SEARCH e USING INDEX events_by_institution (institution=?"
		}
		if bits&2 != 0 {
			f.Kind = app.SignedIn
			walks = "SEARCH e USING INDEX events_by_kind (kind=?"
		}
		if bits&3 == 3 {
			walks = "SEARCH e USING INDEX events_by_institution_and_kind (institution=? AND kind=?"
		}
		if bits&4 != 0 {
			f.Learner = "rivera"
			walks = "SEARCH e USING INDEX events_by_learner (learner=?"
		}
		if bits&8 != 0 {
			f.From = at(0)
		}
		if bits&16 != 0 {
			f.To = at(9)
		}
		if bits&32 != 0 {
			after = app.EventCursor{At: at(5), ID: "e"}
		}
		query, _ := trail(f, after, 10)
		steps := w.plan(query)
		require.Len(t, steps, 2, "nothing is sorted: %s", query)
		assert.True(t, strings.HasPrefix(steps[0], walks), "%s: %s", steps[0], query)
		if bits&7 == 0 {
			assert.Regexp(t, `INDEX events_by_time \((at>\? AND )?\(at,id\)<\(\?,\?\)\)$`, steps[0], "a page begins where the last one ended")
		} else {
			assert.Regexp(t, ends, steps[0], "a page begins where the last one ended")
		}
		assert.Equal(t, bits&8 != 0, strings.Contains(steps[0], "at>?"), "and goes no further than the filter: %s", steps[0])
		assert.Regexp(t, `^SEARCH p USING PRIMARY KEY \(learner=\?\)`, steps[1])
	}
}

func TestSessionsThatEndAreFoundByWhoTheyAreOf(t *testing.T) {
	w := newWard(t)
	for query, walks := range map[string]string{
		endOfHashSQL:     "PRIMARY KEY (hash=?",
		endOfLearnerSQL:  "sessions_by_learner (learner=?",
		endOfProviderSQL: "sessions_by_provider (provider=?",
		sessionsSQL:      "sessions_by_learner (learner=?",
		endOldSQL:        "sessions_by_creation (created_at<?",
		endIdleSQL:       "sessions_by_sight (seen_at<?",
		forgetOnceSQL:    "once_by_end (until<?",
	} {
		assert.Contains(t, w.plan(query)[0], walks, query)
	}
}

func TestWorkbooksAndCertificatesAreFoundByAnIndex(t *testing.T) {
	w := newWard(t)
	for query, walks := range map[string]string{
		replaceWorkbookSQL: "sqlite_autoindex_workbooks_1 (record=?)",
		workbookSQL:        "sqlite_autoindex_workbooks_1 (record=?)",
		workbooksSQL:       "workbooks_by_learner (learner=?)",
		withdrawnSQL:       "records_by_certificate (certificate=?)",
		withdrawSQL:        "records_by_certificate (certificate=?)",
		certifiedSQL:       "records_by_certificate (certificate=?)",
	} {
		steps := w.plan(query)
		assert.Contains(t, steps[0], walks, query)
		assert.NotContains(t, steps, "USE TEMP B-TREE FOR ORDER BY", "nothing is sorted: %s", query)
	}
	assert.Equal(t, []string{"SCAN workbooks USING INDEX sqlite_autoindex_workbooks_1"}, w.plan(workbookItemsSQL), "they are read in order")
}
