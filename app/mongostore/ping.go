package mongostore

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// wholeFor is how long the indexes are taken to be there once they were seen.
const wholeFor = time.Minute

// ErrMissingIndex says that the database lacks an index. An error that wraps it
// wraps [app.ErrIncomplete] too.
var ErrMissingIndex = errors.New("missing index")

// missingIndexes is the error for indexes that the database lacks.
type missingIndexes []string

func (m missingIndexes) Error() string {
	if len(m) == 1 {
		return fmt.Sprintf("the index %s is missing: run \"first5 indexes\"", m[0])
	}
	return fmt.Sprintf("the indexes %s are missing: run \"first5 indexes\"", strings.Join(m, ", "))
}

func (m missingIndexes) Unwrap() []error { return []error{ErrMissingIndex, app.ErrIncomplete} }

// completeness is when the database was last seen to have all indexes.
type completeness struct {
	mu   sync.Mutex
	seen time.Time
}

func (c *completeness) isDue() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Since(c.seen) >= wholeFor
}

func (c *completeness) saw() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.seen = time.Now()
}

// moving is the error for a database into which something is being moved.
type moving struct{}

func (moving) Error() string {
	return "something is being moved into the database, or was and is not finished: stop the programs that serve from it, and finish the move"
}

func (moving) Unwrap() error { return app.ErrIncomplete }

// Ping returns nil if the database answers, nothing is being moved into it, and
// it has all indexes. Those it looks
// for once a minute, and each time while one is missing: without it, a page may
// read a whole collection. The error then says what to run.
func (s *Store) Ping(ctx context.Context) error {
	err := s.do(ctx, "asking the database", s.ping)
	if err != nil {
		return err
	}
	begun, err := s.Unfinished(ctx)
	if err != nil {
		return err
	}
	if begun != "" {
		return moving{}
	}
	if !s.whole.isDue() {
		return nil
	}
	missing, err := s.MissingIndexes(ctx)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return missingIndexes(missing)
	}
	s.whole.saw()
	return nil
}

func (s *Store) ping(ctx context.Context) error {
	return s.db.RunCommand(ctx, bson.D{{Key: "ping", Value: 1}}).Err()
}
