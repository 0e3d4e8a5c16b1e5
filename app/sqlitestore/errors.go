package sqlitestore

import (
	"database/sql"
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"first5/app"
)

// ErrFull says that the disk has no room left.
var ErrFull = errors.New("the disk is full")

// failed returns err with what was being done, and as one of the kinds of
// error that package app knows where it is one. It returns nil for nil.
func failed(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return fmt.Errorf("%s: %w", doing, app.ErrNotFound)
	case code(err) == sqlite3.SQLITE_FULL:
		return fmt.Errorf("%s: %w: %w: %w", doing, app.ErrStoreAway, ErrFull, err)
	case isAway(err):
		return fmt.Errorf("%s: %w: %w", doing, app.ErrStoreAway, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// isAway says whether the error is of the machine and not of what was asked:
// the disk is full or fails, or another program keeps the file.
func isAway(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR,
		sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PROTOCOL, sqlite3.SQLITE_NOMEM:
		return true
	}
	return false
}

// code returns SQLite's primary result code of the error, or 0.
func code(err error) int {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return 0
	}
	return e.Code() & 0xff // the rest only says more of the same
}
