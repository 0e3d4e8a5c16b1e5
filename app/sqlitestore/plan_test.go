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
			assert.NotRegexp(t, `^SCAN`, strings.Replace(step, "SCAN CONSTANT ROW", "", 1), query)
			searched++
		}
	}
	assert.Greater(t, searched, 10)
}

// everyFilter returns each combination of what a filter may ask for.
func everyFilter() []app.Filter {
	var filters []app.Filter
	for bits := range 1 << 8 {
		f := app.Filter{}
		for bit, set := range []func(){
			func() { f.From = at(0) }, func() { f.To = at(9) }, func() { f.Dates = app.ByCompletion },
			func() { f.Program, f.Module, f.Edition, f.Present = "p", "m", "e", true }, func() { f.Status = app.Completed },
			func() { f.ScoreFrom = 50 }, func() { f.ScoreBelow = 90 }, func() { f.ChangedBefore = at(9) },
		} {
			if bits&(1<<bit) != 0 {
				set()
			}
		}
		filters = append(filters, f)
	}
	return filters
}

// everyOrder returns each order of a listing, both ways, and the index that has it.
func everyOrder() map[app.Order]string {
	orders := map[app.Order]string{}
	for _, by := range append(app.OrderKeys(), app.OrderChange) {
		_, index := keyOf(by)
		orders[app.Order{By: by}], orders[app.Order{By: by, Up: true}] = index, index
	}
	return orders
}

func cursorOf(by app.OrderKey) app.Cursor {
	switch by {
	case app.OrderName:
		return app.Cursor{Text: "rivera", ID: "r"}
	case app.OrderScore:
		return app.Cursor{Number: 70, ID: "r"}
	}
	return app.Cursor{At: at(5), ID: "r"}
}

func TestListingsWalkAnIndex(t *testing.T) {
	w := newWard(t)
	sorted := 0
	for _, f := range everyFilter() {
		for o, index := range everyOrder() {
			for _, after := range []app.Cursor{{}, cursorOf(o.By)} {
				query, args := choose("mercy-lakes", f).page(o, after, 10)
				steps := w.plan(query)
				assert.Equal(t, strings.Count(query, "?"), len(args), query)
				if strings.Contains(query, "rowid") {
					assert.Regexp(t, `^SEARCH r USING (COVERING )?INDEX records_by_activity \(institution=\? AND active_at[<>]`, steps[1], query)
					assert.Equal(t, f.ChangedBefore.IsZero(), strings.Contains(steps[1], "COVERING"), query)
					sorted++
					continue
				}
				require.Len(t, steps, 2, "nothing is sorted: %s", query)
				assert.Regexp(t, `^SEARCH r USING INDEX `+index+` \(institution=\?`, steps[0], query)
				assert.Regexp(t, `^SEARCH p USING PRIMARY KEY`, steps[1], query)
			}
		}
		query, _ := choose("mercy-lakes", f).part("r", 10)
		assert.Regexp(t, `^SEARCH r USING INDEX records_by_id \(institution=\? AND id>\?\)$`, w.plan(query)[0], query)
	}
	assert.Equal(t, 3*32*3*2*2, sorted, "what was active in a time, by completion, name and score")
}

func TestListingsOfAFewLearnersAreOfTheirRecordsAlone(t *testing.T) {
	w := newWard(t)
	for o := range everyOrder() {
		l := choose("mercy-lakes", app.Filter{From: at(0), Module: "m"})
		require.NoError(t, l.of([]string{"rivera"}))
		query, args := l.page(o, cursorOf(o.By), 10)
		steps := w.plan(query)
		assert.Regexp(t, `^SCAN l VIRTUAL TABLE`, steps[1])
		assert.Regexp(t, `^SEARCH r USING INDEX records_by_learner \(learner=\?`, steps[2])
		assert.Contains(t, steps, "SEARCH r USING INTEGER PRIMARY KEY (rowid=?)")
		assert.Equal(t, strings.Count(query, "?"), len(args), query)
	}
}

func TestAPageBeginsWhereTheLastOneEnded(t *testing.T) {
	w := newWard(t)
	for o := range everyOrder() {
		column, _ := keyOf(o.By)
		column = strings.TrimPrefix(column, "r.")
		begins := "(institution=? AND (" + column + ",id)<(?,?)"
		if o.Up {
			begins = "(institution=? AND (" + column + ",id)>(?,?)"
		}
		for _, f := range []app.Filter{{}, {Module: "m", Status: app.Passed}} {
			query, _ := choose("mercy-lakes", f).page(o, cursorOf(o.By), 10)
			assert.Contains(t, w.plan(query)[0], begins, query)
		}
	}
	for query, begins := range map[string]string{
		pageOf(app.Filter{To: at(9)}, app.Order{}):                                    "(institution=? AND (active_at,id)<(?,?))",
		pageOf(app.Filter{From: at(0), To: at(9)}, app.Order{}):                       "(institution=? AND active_at>? AND (active_at,id)<(?,?))",
		pageOf(app.Filter{ScoreFrom: 50}, app.Order{By: app.OrderScore}):              "(institution=? AND score_key>? AND (score_key,id)<(?,?))",
		pageOf(app.Filter{ChangedBefore: at(9)}, app.Order{By: "changed", Up: true}):  "(institution=? AND (changed_at,id)>(?,?) AND changed_at<?)",
		pageOf(app.Filter{Dates: "completed", To: at(9)}, app.Order{By: "completed"}): "(institution=? AND done_at>? AND (done_at,id)<(?,?))",
		pageOf(app.Filter{From: at(6)}, app.Order{Up: true}):                          "(institution=? AND active_at>?)",
	} {
		assert.Contains(t, w.plan(query)[0], begins, query)
	}
}

func pageOf(f app.Filter, o app.Order) string {
	query, _ := choose("mercy-lakes", f).page(o, cursorOf(o.By), 10)
	return query
}

func TestCountsReadAnIndexAlone(t *testing.T) {
	w := newWard(t)
	for _, f := range []app.Filter{
		{From: at(0), To: at(9)}, {From: at(0), Dates: app.ByCompletion}, {ScoreFrom: 50}, {From: at(0), ScoreFrom: 50},
		{From: at(0), Dates: app.ByCompletion, ScoreBelow: 50}, {ChangedBefore: at(9)},
	} {
		f.Program, f.Module, f.Edition, f.Status, f.Present = "p", "m", "e", app.Passed, true
		query, args := choose("mercy-lakes", f).count()
		steps := w.plan(query)
		require.Len(t, steps, 1)
		assert.Contains(t, steps[0], "SEARCH r USING COVERING INDEX", query)
		assert.Equal(t, strings.Count(query, "?"), len(args), query)
		_, _, known := tallied("mercy-lakes", f)
		assert.False(t, known)
	}
}

func TestTalliesKnowWhatRecordsHaveInCommon(t *testing.T) {
	w := newWard(t)
	week := app.WeekOf(at(0))
	for _, f := range []app.Filter{
		{}, {Program: "p", Module: "m", Edition: "e", Status: app.Passed, Present: true}, {Status: app.Completed},
		{Dates: app.ByCompletion}, {Dates: app.ByCompletion, From: week, To: week.AddDate(0, 0, 7), Module: "m"},
	} {
		query, args, known := tallied("mercy-lakes", f)
		require.True(t, known)
		steps := w.plan(query)
		require.Len(t, steps, 1)
		assert.Regexp(t, `^SEARCH r USING PRIMARY KEY \(institution=\?`, steps[0], query)
		assert.Equal(t, strings.Count(query, "?"), len(args), query)
	}
	steps := w.plan(countsSQL)
	assert.Contains(t, steps, "SEARCH heads USING PRIMARY KEY (institution=?)")
	assert.Contains(t, steps, "SEARCH tallies USING PRIMARY KEY (institution=?)", "no record is touched")
}

func TestASearchGoesThroughThePeopleFirst(t *testing.T) {
	w := newWard(t)
	for _, query := range []string{foundSQL + " LIMIT ?3", func() string {
		q, _ := countNamed("mercy-lakes", app.Filter{Query: "q", Module: "m"})
		return q
	}()} {
		plan := strings.Join(w.plan(query), "\n")
		assert.Contains(t, plan, "SEARCH people USING COVERING INDEX people_by_name (institution=?)", query)
		assert.Contains(t, plan, "USING COVERING INDEX people_moved", query)
		assert.Contains(t, plan, "SEARCH records USING COVERING INDEX records_kept_names (institution=?)", query)
		assert.NotContains(t, plan, "SCAN r")
	}
	query, _ := countNamed("mercy-lakes", app.Filter{Query: "q"})
	assert.Contains(t, strings.Join(w.plan(query), "\n"), "SEARCH r USING INDEX records_by_learner (learner=?")
}

func TestPeopleAreWalkedByName(t *testing.T) {
	w := newWard(t)
	notBegun := app.EditionRef{Module: "m", Edition: "e"}
	for _, f := range []app.PersonFilter{{}, {Query: "q"}, {NotBegun: notBegun}, {Query: "q", NotBegun: notBegun}} {
		for _, after := range []app.PersonCursor{{}, {Key: "rivera", Learner: "l"}} {
			query, args := peoplePage("mercy-lakes", f, after, 10)
			steps := w.plan(query)
			assert.Regexp(t, `^SEARCH p USING INDEX people_by_name \(institution=\?`, steps[0], query)
			assert.Equal(t, after != app.PersonCursor{}, strings.Contains(steps[0], "(name_key,learner)>(?,?)"), steps[0])
			assert.NotContains(t, strings.Join(steps, "\n"), "TEMP B-TREE", "nothing is sorted: %s", query)
			assert.Equal(t, f.NotBegun != app.EditionRef{}, strings.Contains(strings.Join(steps, "\n"),
				"SEARCH r USING COVERING INDEX records_by_learner (learner=? AND module=? AND edition=? AND institution=?)"), query)
			assert.Equal(t, strings.Count(query, "?"), len(args), query)
		}
		query, args := countPeople("mercy-lakes", f)
		assert.Equal(t, strings.Count(query, "?"), len(args), query)
		if f != (app.PersonFilter{}) {
			assert.Contains(t, strings.Join(w.plan(query), "\n"), "SEARCH p USING COVERING INDEX people_by_name", query)
		}
	}
	steps := strings.Join(w.plan(peopleNamedSQL), "\n")
	assert.Contains(t, steps, "USING COVERING INDEX people_by_email (institution=? AND email_key=?")
	assert.Contains(t, steps, "USING COVERING INDEX people_by_subject (institution=? AND subject=?")
	assert.NotContains(t, steps, "SCAN people")
}

func TestWhoHasLeftAndWhatIsToBeForgottenIsFoundByAnIndex(t *testing.T) {
	w := newWard(t)
	for query, walks := range map[string]string{
		leftBeforeSQL: "SEARCH people USING INDEX people_by_sight (institution=? AND signed_in_at<?)",
		forgetSQL:     "SEARCH records USING INDEX records_to_forget (forget_at<?)",
	} {
		steps := w.plan(query)
		assert.Equal(t, []string{walks}, steps, "nothing is sorted: %s", query)
	}
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
