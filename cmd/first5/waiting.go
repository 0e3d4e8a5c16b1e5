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
	now := w.now()
	if w.ended || now.Before(w.next) {
		return
	}
	w.tell("the database does not answer yet", oneLine(w.hide(err)))
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

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }
