package sqlitestore

import (
	"context"
	"database/sql"
	"strings"
	"time"

	"first5/app"
)

// listing is a query over the records of one institution.
type listing struct {
	conditions
	people bool // whether a condition is on the people
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

// choose returns the listing of what the filter chooses, but for the end of
// its time, which [listing.before] adds.
func choose(institution app.InstitutionID, f app.Filter) *listing {
	l := &listing{}
	l.and("r.institution = ?", string(institution))
	if !f.From.IsZero() {
		l.and("r.active_at >= ?", f.From.UnixMilli())
	}
	if f.Program != "" {
		l.and("r.program = ?", f.Program)
	}
	if f.Module != "" {
		l.and("r.module = ?", f.Module)
	}
	if f.Status != "" {
		l.and("r.status = ?", string(f.Status))
	}
	if f.Query != "" {
		l.and("instr(p.folded, ?) > 0", fold(f.Query))
		l.people = true
	}
	return l
}

// before bounds the listing by the filter's end and the cursor, whichever comes
// first: of two bounds an index would use one, and read on to the other.
func (l *listing) before(to time.Time, after app.Cursor) {
	if after == (app.Cursor{}) || !to.IsZero() && to.UnixMilli() <= after.ActiveAt.UnixMilli() {
		if !to.IsZero() {
			l.and("r.active_at < ?", to.UnixMilli())
		}
		return
	}
	l.and("(r.active_at, r.id) < (?, ?)", after.ActiveAt.UnixMilli(), string(after.ID))
}

// sql returns the text of the query. The index is named, and with it the order
// of the rows, since the choice between a walk in order and a sort of
// everything must not depend on a guess.
func (l *listing) sql(columns, index string, people bool, rest string) string {
	var b strings.Builder
	b.WriteString("SELECT " + columns + " FROM records r INDEXED BY " + index)
	if people {
		b.WriteString(" CROSS JOIN people p ON p.learner = r.learner")
	}
	b.WriteString(" WHERE " + strings.Join(l.where, " AND ") + rest)
	return b.String()
}

// page returns the query of a part of the listing, the last active first.
func (l *listing) page() string {
	return l.sql(recordColumn, "records_by_activity", true, " ORDER BY r.active_at DESC, r.id DESC LIMIT ?")
}

// part returns the query of a part of the listing, by id.
func (l *listing) part() string {
	return l.sql(recordColumn, "records_by_id", true, " ORDER BY r.id LIMIT ?")
}

// count returns the query of its length.
func (l *listing) count() string {
	return l.sql("count(*)", "records_by_activity", l.people, "")
}

// Records implements [app.Store].
func (s *Store) Records(ctx context.Context, institution app.InstitutionID, f app.Filter, after app.Cursor, limit int) ([]app.Record, error) {
	const doing = "listing records"
	err := s.begin(doing)
	if err != nil {
		return nil, err
	}
	defer s.end()
	l := choose(institution, f)
	l.before(f.To, after)
	records, err := readRecords(ctx, s.lists, l.page(), append(l.args, limit)...)
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

// CountRecords implements [app.Store].
func (s *Store) CountRecords(ctx context.Context, institution app.InstitutionID, f app.Filter) (int, error) {
	const doing = "counting records"
	err := s.begin(doing)
	if err != nil {
		return 0, err
	}
	defer s.end()
	l := choose(institution, f)
	l.before(f.To, app.Cursor{})
	var n int
	err = s.lists.QueryRowContext(ctx, l.count(), l.args...).Scan(&n)
	return n, failed(doing, err)
}
