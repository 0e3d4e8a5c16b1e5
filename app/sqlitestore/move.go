package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
)

const (
	unfinishedSQL = `SELECT coalesce(max(what), '') FROM unfinished`

	triggersSQL = `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'events'`

	brokenSQL = `SELECT count(*), coalesce(max("table"), ''), coalesce(max(parent), '') FROM pragma_foreign_key_check`
)

// OpenToMove opens the database as [Open] does, to move everything into it or
// out of it: also one into which a move was begun and not finished.
func OpenToMove(ctx context.Context, path string) (*Store, error) {
	return opened(path, func(s *Store, path string) error { return s.open(ctx, path, migrate) })
}

// whole returns a preparation that refuses a database which is not whole.
func whole(prepare preparation) preparation {
	return func(ctx context.Context, conn *sql.Conn, files fs.FS) error {
		err := prepare(ctx, conn, files)
		if err != nil {
			return err
		}
		var what string
		err = conn.QueryRowContext(ctx, unfinishedSQL).Scan(&what)
		if err != nil {
			return fmt.Errorf("reading whether it is whole: %w", err)
		}
		if what != "" {
			return fmt.Errorf("it is not whole, since %q into this database was begun and not finished: run it again", what)
		}
		return nil
	}
}

// Unfinished implements [archive.Store].
func (s *Store) Unfinished(ctx context.Context) (string, error) {
	const doing = "reading whether the database is whole"
	err := s.begin(doing)
	if err != nil {
		return "", err
	}
	defer s.end()
	var what string
	err = s.lists.QueryRowContext(ctx, unfinishedSQL).Scan(&what)
	return what, failed(doing, err)
}

// SetUnfinished implements [archive.Store]. A database in which something refers
// to what is not there is not done.
func (s *Store) SetUnfinished(ctx context.Context, what string) error {
	return s.move(ctx, "noting whether the database is whole", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM unfinished")
		if err != nil {
			return err
		}
		if what == "" {
			return checkReferences(ctx, tx)
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO unfinished (what) VALUES (?)", what)
		return err
	})
}

// checkReferences makes up for foreign keys not being enforced by [Store.move].
func checkReferences(ctx context.Context, tx *sql.Tx) error {
	var broken int
	var from, to string
	err := tx.QueryRowContext(ctx, brokenSQL).Scan(&broken, &from, &to)
	if err != nil {
		return err
	}
	if broken > 0 {
		return fmt.Errorf("%d rows, such as of %s, refer to %s that are not there", broken, from, to)
	}
	return nil
}

// move runs f in a transaction on a connection of its own, on which a row may
// refer to one that is yet to come.
func (s *Store) move(ctx context.Context, doing string, f func(tx *sql.Tx) error) error {
	err := s.begin(doing)
	if err != nil {
		return err
	}
	defer s.end()
	tx, err := s.moves.BeginTx(ctx, nil)
	if err != nil {
		return failed(doing, err)
	}
	defer tx.Rollback() // does nothing once it is committed
	err = f(tx)
	if err == nil {
		err = tx.Commit()
	}
	return failed(doing, err)
}

// Clear implements [archive.Store]. The triggers that guard the events are gone
// within its transaction alone, and nobody sees the database without them.
func (s *Store) Clear(ctx context.Context) error {
	return s.move(ctx, "removing everything", func(tx *sql.Tx) error {
		guards, err := guardsOfEvents(ctx, tx)
		if err != nil {
			return err
		}
		var all []string
		for name := range guards {
			all = append(all, "DROP TRIGGER "+name)
		}
		for _, table := range movedTables() {
			all = append(all, "DELETE FROM "+table)
		}
		for _, create := range guards {
			all = append(all, create)
		}
		for _, query := range all {
			_, err = tx.ExecContext(ctx, query)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// guardsOfEvents returns the triggers that guard the events, and how each was
// created.
func guardsOfEvents(ctx context.Context, tx *sql.Tx) (map[string]string, error) {
	rows, err := tx.QueryContext(ctx, triggersSQL)
	if err != nil {
		return nil, err
	}
	guards := map[string]string{}
	err = each(rows, func(rows *sql.Rows) error {
		var name, create string
		err := rows.Scan(&name, &create)
		guards[name] = create
		return err
	})
	return guards, err
}
