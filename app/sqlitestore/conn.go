package sqlitestore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"

	"modernc.org/sqlite"
)

// conn is a connection that one goroutine has to itself. It does without
// package database/sql, whose pains to share connections would cost the writer
// some percent of its time, with nothing to share.
type conn struct{ driver driver.Conn }

func connect(ctx context.Context, dsn string) (*conn, error) {
	connector, err := sqlite.NewConnector(dsn)
	if err != nil {
		return nil, err
	}
	c, err := connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{driver: c}, nil
}

func (c *conn) prepare(query string) (*statement, error) {
	s, err := c.driver.Prepare(query)
	if err != nil {
		return nil, fmt.Errorf("preparing %q: %w", query, err)
	}
	return &statement{stmt: s}, nil
}

func (c *conn) close() error { return c.driver.Close() }

// statement is a prepared statement of a [conn]. It is brought to its end
// whatever becomes of those who wait for it.
type statement struct {
	stmt driver.Stmt
	args []driver.NamedValue // room for the arguments of a run
}

// run runs a statement that returns no row, and says whether it changed any.
func (s *statement) run(args ...any) (bool, error) {
	result, err := s.stmt.(driver.StmtExecContext).ExecContext(context.Background(), s.bind(args))
	clear(s.args) // a file may be large
	if err != nil {
		return false, err
	}
	n, err := result.RowsAffected()
	return n > 0, err
}

// first runs a query of one column and returns its first row, or
// [sql.ErrNoRows] if there is none.
func (s *statement) first(args ...any) (rowText, error) {
	rows, err := s.stmt.(driver.StmtQueryContext).QueryContext(context.Background(), s.bind(args))
	if err != nil {
		return rowText{}, err
	}
	defer rows.Close() // after one row, which is read whole, nothing is left to fail
	var column [1]driver.Value
	err = rows.Next(column[:])
	if errors.Is(err, io.EOF) {
		return rowText{}, sql.ErrNoRows
	}
	if err != nil {
		return rowText{}, err
	}
	var row rowText
	return row, row.Scan(column[0])
}

// all runs a statement of one column to its end and returns its rows.
func (s *statement) all(args ...any) ([]rowText, error) {
	rows, err := s.stmt.(driver.StmtQueryContext).QueryContext(context.Background(), s.bind(args))
	if err != nil {
		return nil, err
	}
	defer rows.Close() // after an error, or the last row, which nothing follows
	var all []rowText
	for {
		var column [1]driver.Value
		err = rows.Next(column[:])
		if errors.Is(err, io.EOF) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		var row rowText
		err = row.Scan(column[0])
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
}

// bind returns the arguments as the driver takes them.
func (s *statement) bind(args []any) []driver.NamedValue {
	s.args = s.args[:0]
	for i, arg := range args {
		if n, ok := arg.(int); ok {
			arg = int64(n)
		}
		s.args = append(s.args, driver.NamedValue{Ordinal: i + 1, Value: arg})
	}
	return s.args
}

func (s *statement) close() error { return s.stmt.Close() }
