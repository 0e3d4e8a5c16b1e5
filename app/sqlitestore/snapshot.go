package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	sqlite3 "modernc.org/sqlite/lib"
)

// Snapshot writes the database in the file at path, as it is at one moment, into
// a new file for its owner alone. A program may serve from the database
// meanwhile, and nobody's work is held up.
func Snapshot(ctx context.Context, path, into string) error {
	err := snapshot(ctx, path, into)
	if code(err) == sqlite3.SQLITE_FULL || errors.Is(err, syscall.ENOSPC) { // not where the database is
		return fmt.Errorf("copying the database as it is now: %w: make room in the folder %s", ErrFull, filepath.Dir(into))
	}
	if err != nil {
		return fmt.Errorf("copying the database %s as it is now: %w", path, err)
	}
	return nil
}

func snapshot(ctx context.Context, path, into string) error {
	path, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	into, err = filepath.Abs(into)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return errors.New("there is no such file")
	}
	if err == nil && info.IsDir() {
		return errors.New("it is a folder: name a file in it")
	}
	file, err := os.OpenFile(into, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("there is a file %s already: name another one", into)
	}
	if err != nil {
		return err
	}
	err = file.Close() // SQLite takes an empty file as a new one
	if err == nil {
		err = vacuum(ctx, path, into)
	}
	if err == nil {
		return nil
	}
	switch code(err) {
	case sqlite3.SQLITE_NOTADB:
		err = errors.New("the file is not an SQLite database")
	case sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		err = fmt.Errorf("the file can't be opened: run first5 as the user whose it is (%w)", err)
	}
	return errors.Join(err, os.Remove(into))
}

// vacuum reads the whole database in one transaction. A reader that may write
// leaves no journal behind if nobody else has the file open.
func vacuum(ctx context.Context, path, into string) error {
	db, err := sql.Open("sqlite", dsn(path, "rw", 30*time.Second, "synchronous(full)", "fullfsync(on)", "cache_size(-8192)"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	err = ours(ctx, db)
	if err == nil {
		_, err = db.ExecContext(ctx, "VACUUM INTO ?", into)
	}
	return errors.Join(err, db.Close())
}

// ours makes sure that a database is not another program's.
func ours(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close() // gives it back
	_, err = schemaVersion(ctx, conn)
	return err
}
