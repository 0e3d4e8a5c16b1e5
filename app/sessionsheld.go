package app

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// heldSessions keeps sessions that were read a moment ago, so that a page need
// not read its own. Sessions that end on this replica are forgotten at once.
// The zero value is ready.
type heldSessions struct {
	mu    sync.Mutex
	held  *lru.Cache[SessionHash, heldSession]
	ended int // how often something was forgotten
}

// heldSession is a session with its person, and when they were read.
type heldSession struct {
	Session
	person Person
	readAt time.Time
}

const (
	sessionHeld  = 30 * time.Second // how long it may be before another replica's sign-out counts here
	sessionsHeld = 20_000
)

// get returns a session that was read lately. If there is none, what the caller
// reads goes to put, with ended.
func (h *heldSessions) get(hash SessionHash, now time.Time) (s heldSession, ended int, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held == nil {
		h.held, _ = lru.New[SessionHash, heldSession](sessionsHeld) // fails only for a size below 1
	}
	s, ok = h.held.Get(hash)
	age := now.Sub(s.readAt)
	return s, h.ended, ok && age >= 0 && age < sessionHeld
}

// put keeps a session, unless something was forgotten since get: the session may
// have been read before it ended.
func (h *heldSessions) put(s heldSession, ended int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended == ended {
		h.held.Add(s.Hash, s)
	}
}

// touch sets when a session was last seen.
func (h *heldSessions) touch(hash SessionHash, seen time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.held.Peek(hash)
	if ok {
		s.SeenAt = seen
		h.held.Add(hash, s)
	}
}

// forget forgets the sessions that fit.
func (h *heldSessions) forget(fits func(heldSession) bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended++
	if h.held == nil {
		return
	}
	for _, s := range h.held.Values() {
		if fits(s) {
			h.held.Remove(s.Hash)
		}
	}
}
