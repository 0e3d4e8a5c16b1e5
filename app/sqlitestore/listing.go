package sqlitestore

import (
	"context"
	"database/sql"
	"math"
	"strings"

	"first5/app"
)

// listing is a query over the records of one institution.
type listing struct {
	conditions
	bounds   []bound // of the keys that the filter names; not among the conditions
	named    bool    // whether a condition is on the people
	empty    bool    // it is known that nothing is chosen
	learners *string // JSON: the list of those whose records alone can be chosen; nil: anybody's
}

// conditions are what a query asks of a row, all of it.
type conditions struct {
	where []string
	args  []any
}

func (c *conditions) and(condition string, args ...any) {
	c.where = append(c.where, condition)
	c.args = append(c.args, args...)
}

// choose returns the listing of what the filter chooses, but for what it says of
// the learners, which [Store.whose] adds.
func choose(institution app.InstitutionID, f app.Filter) *listing {
	l := &listing{bounds: boundsOf(f)}
	l.and("r.institution = ?", string(institution))
	l.alike(f)
	return l
}

// alike asks for what a record has in common with others: what tallies know too.
func (c *conditions) alike(f app.Filter) {
	for _, is := range []struct{ column, value string }{
		{"r.program", f.Program}, {"r.module", f.Module}, {"r.edition", f.Edition},
	} {
		if is.value != "" {
			c.and(is.column+" = ?", is.value)
		}
	}
	switch {
	case f.Status == app.Completed:
		c.and("r.status <> ?", string(app.InProgress))
	case f.Status != "":
		c.and("r.status = ?", string(f.Status))
	}
	if f.Present {
		c.and("r.former = 0")
	}
}

// sql returns the text of a query. The index is named, and with it the order of
// the rows, since the choice between a walk in order and a sort of everything must
// not depend on a guess.
func (l *listing) sql(columns, index string, people bool, rest string) string {
	var b strings.Builder
	b.WriteString("SELECT " + columns + " FROM ")
	if l.learners != nil {
		b.WriteString("json_each(?) l CROSS JOIN records r INDEXED BY records_by_learner ON r.learner = l.value")
	} else {
		b.WriteString("records r INDEXED BY " + index)
	}
	if people || l.named {
		b.WriteString(" CROSS JOIN people p ON p.learner = r.learner")
	}
	b.WriteString(" WHERE " + strings.Join(l.where, " AND ") + rest)
	return b.String()
}

// rows returns the query of whole records in an order, which the index has unless
// they are to be sorted. To be sorted, they are not read whole.
func (l *listing) rows(index, order string, sorted bool) string {
	rest := " ORDER BY " + order + " LIMIT ?"
	if !sorted {
		return l.sql(recordColumn, index, true, rest)
	}
	return "SELECT " + recordColumn + " FROM (" + l.sql("r.rowid AS number", index, false, rest) + ") o" +
		" CROSS JOIN records r ON r.rowid = o.number CROSS JOIN people p ON p.learner = r.learner ORDER BY " + order
}

// sorting returns the index of what is to be sorted in an order, if it is better
// sorted than walked: the records of some learners, which are few, and what was
// active in a time, which the order's index does not know.
func (l *listing) sorting(o app.Order) (index string, sorted bool) {
	column, index := keyOf(o.By)
	active, byActivity := keyOf(app.OrderActivity)
	switch {
	case l.learners != nil:
		return index, true
	case column == active || o.By == app.OrderChange:
		return index, false
	}
	if len(l.bounds) > 0 && l.bounds[0].column() == active {
		return byActivity, true
	}
	return index, false
}

// arguments returns those of the query, with what more it takes at its end.
func (l *listing) arguments(more ...any) []any {
	var all []any
	if l.learners != nil {
		all = append(all, *l.learners)
	}
	return append(append(all, l.args...), more...)
}

// page returns the query of a part of the listing in an order, and its arguments.
func (l *listing) page(o app.Order, after app.Cursor, limit int) (query string, args []any) {
	column, _ := keyOf(o.By)
	index, sorted := l.sorting(o)
	direction := " DESC"
	if o.Up {
		direction = ""
	}
	l.place(o, after)
	return l.rows(index, column+direction+", r.id"+direction, sorted), l.arguments(limit)
}

// part returns the query of a part of the listing, by id, and its arguments.
func (l *listing) part(last app.RecordID, limit int) (query string, args []any) {
	l.bound("")
	l.and("r.id > ?", string(last)) // no id comes before that of no record
	return l.rows("records_by_id", "r.id", l.learners != nil), l.arguments(limit)
}

// count returns the query of its length, and its arguments.
func (l *listing) count() (query string, args []any) {
	index := "records_by_activity"
	if len(l.bounds) > 0 {
		_, index = keyOf(l.bounds[0].by)
	}
	l.bound("")
	return l.sql("count(*)", index, false, ""), l.arguments()
}

// place bounds the order's key by the filter and the cursor. Of two bounds on one
// side, the one that comes first stands alone: an index would use one of them, and
// read on to the other.
func (l *listing) place(o app.Order, after app.Cursor) {
	column, _ := keyOf(o.By)
	l.bound(column)
	b := bound{from: math.MinInt64, below: math.MaxInt64}
	for _, of := range l.bounds {
		if of.column() == column {
			b = of
		}
	}
	key, goesOn := keyAfter(o.By, after), after != app.Cursor{}
	number, _ := key.(int64)
	switch {
	case goesOn && o.Up && number >= b.from:
		b.from = math.MinInt64
		l.and("("+column+", r.id) > (?, ?)", key, string(after.ID))
	case goesOn && !o.Up && number < b.below:
		b.below = math.MaxInt64
		l.and("("+column+", r.id) < (?, ?)", key, string(after.ID))
	}
	b.ask(&l.conditions)
}

// bound asks for the filter's bounds but for those of one column.
func (l *listing) bound(but string) {
	for _, b := range l.bounds {
		if b.column() != but {
			b.ask(&l.conditions)
		}
	}
}

// Records implements [app.Store].
func (s *Store) Records(ctx context.Context, institution app.InstitutionID, f app.Filter, o app.Order, after app.Cursor, limit int) ([]app.Record, error) {
	const doing = "listing records"
	err := s.begin(doing)
	if err != nil {
		return nil, err
	}
	defer s.end()
	l, err := s.whose(ctx, s.lists, institution, f)
	if err != nil || l.empty {
		return nil, failed(doing, err)
	}
	query, args := l.page(o, after, limit)
	records, err := readRecords(ctx, s.lists, query, args...)
	return records, failed(doing, err)
}

func readRecords(ctx context.Context, from *sql.DB, query string, args ...any) ([]app.Record, error) {
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var records []app.Record
	err = each(rows, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		records = append(records, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	return records, nil
}

// CountRecords implements [app.Store]. Where tallies know, they are asked.
func (s *Store) CountRecords(ctx context.Context, institution app.InstitutionID, f app.Filter) (int, error) {
	const doing = "counting records"
	err := s.begin(doing)
	if err != nil {
		return 0, err
	}
	defer s.end()
	query, args, known := tallied(institution, f)
	if !known {
		l, err := s.whose(ctx, s.lists, institution, f)
		if err != nil || l.empty {
			return 0, failed(doing, err)
		}
		query, args = l.count()
		if l.named && len(l.bounds) == 0 && l.learners == nil {
			query, args = countNamed(institution, f)
		}
	}
	var n int
	err = s.lists.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, failed(doing, err)
}
