// Package sqlitestore keeps First5's data in one SQLite file: the default
// store, which needs nothing beside the program.
//
// All writes go through one goroutine that commits them in groups; see
// [writer] for what that means to a caller. Reads have connections of their
// own, which no write blocks. One program at a time serves from the file; others
// may do short work in it meanwhile, see [OpenBeside].
package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"

	"first5/app"
)

// Store is an [app.Store] in one SQLite file. [Open] makes one.
type Store struct {
	writer *writer

	// Reads that last differently long are kept apart, so that none of them
	// waits for a longer one to give back its connection: what a page needs,
	// which takes microseconds; listings, which may search a whole institution;
	// and downloads, which last as long as somebody reads them.
	pages, lists, downloads *sql.DB

	read *reads // prepared on pages

	moves   *sql.DB // writes what is moved into the file; see move
	journal *sql.DB // see emptyJournal

	lock *fileLock

	mu      sync.Mutex
	closed  bool
	running sync.WaitGroup // methods that were called and have not returned
}

var _ app.Store = (*Store)(nil)

// begin makes [Store.Close] wait until [Store.end], unless the store is closed.
func (s *Store) begin(doing string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return fmt.Errorf("%s: %w: the database is closed", doing, app.ErrStoreAway)
	}
	s.running.Add(1)
	return nil
}

func (s *Store) end() { s.running.Done() }

// Ping returns nil if the database answers.
func (s *Store) Ping(ctx context.Context) error {
	const doing = "asking the database"
	err := s.begin(doing)
	if err != nil {
		return err
	}
	defer s.end()
	var one int
	err = s.pages.QueryRowContext(ctx, "SELECT 1 FROM sqlite_schema LIMIT 1").Scan(&one)
	return failed(doing, err)
}

// Close waits for what was begun and lets go of the file. Every call that
// comes later returns an error that wraps [app.ErrStoreAway].
func (s *Store) Close() error {
	s.mu.Lock()
	was := s.closed
	s.closed = true
	s.mu.Unlock()
	if was {
		return nil
	}
	s.running.Wait()
	return s.release()
}

// release gives back whatever the store has got hold of, the lock last. The
// others go before the writer, which leaves no journal if it is the last.
func (s *Store) release() error {
	var errs []error
	for _, db := range []*sql.DB{s.pages, s.lists, s.downloads, s.moves, s.journal} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.writer != nil {
		errs = append(errs, s.writer.close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	err := errors.Join(errs...)
	if err != nil {
		return fmt.Errorf("closing the database: %w", err)
	}
	return nil
}
