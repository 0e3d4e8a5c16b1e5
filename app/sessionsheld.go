package app

import (
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
)

// heldSessions keeps sessions that were read a moment ago, and their people, so
// that a page need not read its own. Sessions that end on this replica are
// forgotten at once. The zero value is ready.
type heldSessions struct {
	mu       sync.Mutex
	sessions *lru.Cache[SessionHash, heldSession]
	people   *lru.Cache[LearnerID, Person] // of those sessions, one for all of a person
	ended    int                           // how often something was forgotten
}

// heldSession is a session, and when it was read.
type heldSession struct {
	Session
	readAt time.Time
}

const (
	sessionHeld  = 30 * time.Second // how long it may be before another replica's sign-out counts here
	sessionsHeld = 20_000
)

// get returns a session that was read lately. If there is none, what the caller
// reads goes to put, with ended.
func (h *heldSessions) get(hash SessionHash, now time.Time) (s Session, p Person, ended int, ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.sessions == nil {
		h.sessions, _ = lru.New[SessionHash, heldSession](sessionsHeld) // fails only for a size below 1
		h.people, _ = lru.New[LearnerID, Person](sessionsHeld)
	}
	held, there := h.sessions.Get(hash)
	p, known := h.people.Get(held.Learner)
	age := now.Sub(held.readAt)
	return held.Session, p, h.ended, there && known && age >= 0 && age < sessionHeld
}

// put keeps a session with its person, unless something was forgotten since get:
// it may have been read before it ended.
func (h *heldSessions) put(s Session, p Person, readAt time.Time, ended int) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.ended == ended {
		h.sessions.Add(s.Hash, heldSession{s, readAt})
		h.people.Add(p.Learner, p)
	}
}

// touch sets when a session was last seen.
func (h *heldSessions) touch(hash SessionHash, seen time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	s, ok := h.sessions.Peek(hash)
	if ok {
		s.SeenAt = seen
		h.sessions.Add(hash, s)
	}
}

// forget forgets sessions.
func (h *heldSessions) forget(ended []Session) {
	h.change(func() {
		for _, s := range ended {
			h.sessions.Remove(s.Hash)
		}
	})
}

// forgetPerson forgets what was known of a person: their sessions are read again.
func (h *heldSessions) forgetPerson(learner LearnerID) {
	h.change(func() { h.people.Remove(learner) })
}

// forgetAll forgets everything, where it is not known what has ended.
func (h *heldSessions) forgetAll() { h.change(func() { h.sessions.Purge() }) }

func (h *heldSessions) change(forget func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ended++
	if h.sessions != nil {
		forget()
	}
}
