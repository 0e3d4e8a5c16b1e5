package main

import (
	"errors"
	"strings"
	"sync"
	"time"
)

// waiting tells that a database does not answer yet: at once, and then at
// intervals that grow.
type waiting struct {
	tell teller
	now  func() time.Time
	hide func(error) error // hides passwords

	mu       sync.Mutex
	interval time.Duration
	next     time.Time // when to tell again
	ended    bool
	last     error // of the try that failed last
}

const (
	shortestWait = time.Second
	longestWait  = 30 * time.Second
)

// begin tells of a first try that takes long, too: it may be seconds before that
// fails. end must be called in the end.
func (w *waiting) begin() (end func()) {
	late := time.AfterFunc(shortestWait, func() { w.failed(errors.New("there was no answer in the first second")) })
	return func() {
		late.Stop()
		w.mu.Lock()
		defer w.mu.Unlock()
		w.ended = true
	}
}

// failed is told of each try that failed.
func (w *waiting) failed(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last = err
	now := w.now()
	if w.ended || now.Before(w.next) {
		return
	}
	w.tell("the database does not answer yet", cause(w.hide(err)))
	w.interval = min(max(2*w.interval, shortestWait), longestWait)
	w.next = now.Add(w.interval)
}

// over tells that the database answers, if anybody had to wait.
func (w *waiting) over() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.interval > 0 {
		w.tell("the database answers now", "")
	}
}

// why returns the cause of the failure of the last try, if any failed.
func (w *waiting) why() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.last == nil {
		return "there was no answer"
	}
	return cause(w.hide(w.last))
}

// cause returns what was met in the end when no server could be selected, such
// as "connection refused", without what the driver knows of all servers. Of any
// other error it returns all.
func cause(err error) string {
	text := oneLine(err)
	_, servers, found := strings.Cut(text, "current topology: ")
	if !found {
		return text
	}
	at := strings.LastIndex(servers, "Last error: ")
	if at < 0 && strings.Contains(servers, "Type: ReplicaSetNoPrimary") {
		return "the replica set has no primary"
	}
	if at < 0 {
		return "there was no answer"
	}
	last, _, _ := strings.Cut(servers[at:], " }")
	return last[strings.LastIndex(last, ": ")+2:]
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
