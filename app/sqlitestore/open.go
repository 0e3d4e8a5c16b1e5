package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	_ "modernc.org/sqlite" // the driver "sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// readers is how many connections serve reads of one kind at once. Each has
// some megabytes of memory; a read in excess waits for another to end.
const readers = 4

// Open opens the database in the file at path, and creates it, for its owner
// alone, if it is not there. It takes a lock in a file beside it, named
// path.lock, so that no other program serves from it at the same time. It refuses
// a database into which a move was begun and not finished; see [OpenToMove].
func Open(ctx context.Context, path string) (*Store, error) {
	return opened(path, func(s *Store, path string) error { return s.open(ctx, path, whole(migrate)) })
}

// OpenBeside opens the database as [Open] does if nobody has it open. If another
// program has, it opens the database beside that one, for short work: then it
// leaves the schema as it is, which must be the one that this program knows.
// Each of the two waits while the other one writes.
func OpenBeside(ctx context.Context, path string) (*Store, error) {
	return opened(path, func(s *Store, path string) error {
		err := s.open(ctx, path, whole(migrate))
		if errors.Is(err, errLocked) {
			return s.connect(ctx, path, besideDSN(path), whole(checkSchema))
		}
		return err
	})
}

// opened returns the store that open opens.
func opened(path string, open func(s *Store, path string) error) (*Store, error) {
	s := &Store{}
	file, err := create(path)
	if err == nil {
		err = open(s, file)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("opening the database %s: %w", path, plainly(path, err)), s.release())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context, path string, prepare preparation) error {
	var err error
	s.lock, err = lockFile(path + ".lock")
	if err != nil {
		return err
	}
	return s.connect(ctx, path, writerDSN(path), prepare)
}

// connect opens the connections, after prepare has seen to the schema.
func (s *Store) connect(ctx context.Context, path, writer string, prepare preparation) error {
	err := prepareDatabase(ctx, writer, prepare)
	if err != nil {
		return err
	}
	s.writer, err = openWriter(ctx, writer)
	if err != nil {
		return err
	}
	for _, db := range []**sql.DB{&s.pages, &s.lists, &s.downloads} {
		*db, err = openReaders(readerDSN(path))
		if err != nil {
			return err
		}
	}
	s.moves, err = openOne(movesDSN(path))
	if err != nil {
		return err
	}
	s.journal, err = openOne(journalDSN(path))
	if err != nil {
		return err
	}
	s.journal.SetMaxIdleConns(-1) // it is seldom used
	s.read, err = prepareReads(ctx, s.pages)
	return err
}

// create makes an empty file where there is none; SQLite gives the files that
// it adds beside it the same permissions. It returns the one path by which all
// programs know the file, so that they agree on the lock beside it.
//
// A file that is there is not touched: to close it would end the locks that
// SQLite has on it where this process has it open already.
func create(path string) (string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return "", err
		}
		err = file.Close()
		if err != nil {
			return "", err
		}
	}
	path, err = filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(path)
}

// plainly puts the usual reasons why a database does not open into words.
func plainly(path string, err error) error {
	switch {
	case errors.Is(err, errLocked), code(err) == sqlite3.SQLITE_BUSY:
		return errLocked
	case code(err) == sqlite3.SQLITE_NOTADB:
		return errors.New("the file is not an SQLite database")
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no folder %s to hold it: make one, or name another", filepath.Dir(path))
	case errors.Is(err, syscall.EISDIR):
		return errors.New("it is a folder: name a file in it")
	case code(err) == sqlite3.SQLITE_FULL, errors.Is(err, syscall.ENOSPC):
		return fmt.Errorf("%w: make room in the folder %s", ErrFull, filepath.Dir(path))
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS), code(err) == sqlite3.SQLITE_READONLY,
		code(err) == sqlite3.SQLITE_CANTOPEN:
		return fmt.Errorf("it or its folder %s can't be written: run first5 as the user whose they are, or have it given the right to (%w)",
			filepath.Dir(path), err)
	}
	return err
}

// writerDSN returns how to open the writer's connection.
//
// A commit is on the disk when it returns (synchronous; fullfsync does that on
// macOS). The journal is carried over into the database only every 32 MB: until
// then a page that changes often is written there once. Whatever replaces a row
// asks the triggers that guard it (recursive_triggers). What is removed is
// overwritten (secure_delete), since it may be who somebody was.
func writerDSN(path string) string { return writerAt(path, 5*time.Second) }

// besideDSN is the writer's where another program has the file open. That one
// may write nearly all the time, and SQLite has no queue: whoever waits tries
// again and again, so it takes patience.
func besideDSN(path string) string { return writerAt(path, 30*time.Second) }

func writerAt(path string, patience time.Duration) string {
	return dsn(path, "rwc", patience, append(durably(), "foreign_keys(on)")...)
}

// movesDSN is the writer's, but for what may refer to what: see [Store.move].
func movesDSN(path string) string {
	return dsn(path, "rw", 30*time.Second, append(durably(), "foreign_keys(off)")...) + "&_txlock=immediate"
}

// journalDSN is for [Store.emptyJournal], which may hold up others while it waits.
func journalDSN(path string) string { return dsn(path, "rw", 200*time.Millisecond, durably()...) }

// durably returns the settings of whoever writes.
func durably() []string {
	return []string{"journal_mode(wal)", "synchronous(full)", "fullfsync(on)", "checkpoint_fullfsync(on)",
		"recursive_triggers(on)", "secure_delete(on)", "cache_size(-32768)", "wal_autocheckpoint(8000)", "journal_size_limit(67108864)"}
}

func readerDSN(path string) string {
	return dsn(path, "ro", 5*time.Second, "query_only(on)", "cache_size(-8192)")
}

// dsn returns a data source name of the driver. Its own settings wait for
// another program that writes, reads or copies the file, refuse SQL that damages
// it, and take a word in double quotes for a name only.
func dsn(path, mode string, patience time.Duration, pragmas ...string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive's letter
	}
	settings := url.Values{
		"mode": {mode}, "_pragma": pragmas,
		"_busy_timeout": {strconv.FormatInt(patience.Milliseconds(), 10)},
		"_defensive":    {"true"}, "_dqs": {"false"}, "_error_rc": {"true"},
	}
	return "file://" + (&url.URL{Path: path}).EscapedPath() + "?" + settings.Encode()
}

func openReaders(dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(readers)
	db.SetMaxIdleConns(readers)
	return db, nil
}

// openOne opens a single connection. It is made when it is first used.
func openOne(dsn string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	return db, nil
}
