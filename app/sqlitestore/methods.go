package sqlitestore

import (
	"context"
	"database/sql"
)

// write has the writer run a job, and says what was being done if that fails.
func (s *Store) write(ctx context.Context, doing string, run func(*writes) error) error {
	err := s.begin(doing)
	if err != nil {
		return err
	}
	defer s.end()
	return failed(doing, s.writer.do(ctx, run))
}

// readRow hands the one row of a query to scan, or returns [app.ErrNotFound].
//
// It runs the query without the context's end: watching for it would cost as
// much again as the query, which is over in microseconds.
func (s *Store) readRow(ctx context.Context, doing string, q *sql.Stmt, scan func(*sql.Row) error, args ...any) error {
	err := s.begin(doing)
	if err != nil {
		return err
	}
	defer s.end()
	err = ctx.Err()
	if err != nil {
		return failed(doing, err)
	}
	return failed(doing, scan(q.QueryRowContext(context.WithoutCancel(ctx), args...)))
}

// readRows hands each row of a query to scan.
func (s *Store) readRows(ctx context.Context, doing string, q *sql.Stmt, scan func(*sql.Rows) error, args ...any) error {
	err := s.begin(doing)
	if err != nil {
		return err
	}
	defer s.end()
	rows, err := q.QueryContext(ctx, args...)
	if err != nil {
		return failed(doing, err)
	}
	return failed(doing, each(rows, scan))
}

// each hands each row to scan and closes the rows.
func each(rows *sql.Rows, scan func(*sql.Rows) error) error {
	defer rows.Close() // also where scan panics; an error would be that of Err
	for rows.Next() {
		err := scan(rows)
		if err != nil {
			return err
		}
	}
	return rows.Err()
}
