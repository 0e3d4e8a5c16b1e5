package app

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// Training holds the use cases of First5. Set the fields, call [Training.Load]
// once, and then use it from any number of goroutines.
type Training struct {
	Store        Store
	Institutions []Institution
	Now          func() time.Time // time.Now, unless a test says otherwise

	// How long a session lasts after it was last seen, and in all.
	SessionIdle, SessionLife time.Duration

	published  atomic.Pointer[library] // what learners are served
	publishing sync.Mutex              // held while published is replaced
	older      olderVersions           // what learners were served before
	sessions   heldSessions
	failures   failures
	offices    heldOffices
	tokens     tokenNotes
}

// The defaults for the lengths of sessions.
const (
	DefaultSessionIdle = 12 * time.Hour
	DefaultSessionLife = 7 * 24 * time.Hour
)

// now returns the time as stores keep it: UTC, in whole milliseconds.
func (t *Training) now() time.Time { return t.Now().UTC().Truncate(time.Millisecond) }

// Institution returns the institution with that id, or [ErrNotFound].
func (t *Training) Institution(id InstitutionID) (Institution, error) {
	for _, i := range t.Institutions {
		if i.ID == id {
			return i, nil
		}
	}
	return Institution{}, fmt.Errorf("institution %q: %w", id, ErrNotFound)
}

// Ready returns nil if the program can serve: the database answers and there is
// something published.
func (t *Training) Ready(ctx context.Context) error {
	if t.published.Load() == nil {
		return fmt.Errorf("nothing is published: %w", ErrNotFound)
	}
	err := t.Store.Ping(ctx)
	if err != nil {
		return fmt.Errorf("asking the database: %w", err)
	}
	return nil
}
