package sqlitestore

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
)

// maxGroup is how many jobs one commit carries at most: a bound on how long the
// first of them waits for the others.
const maxGroup = 256

// writer does all writing, in one goroutine on one connection. It takes every
// job that waits, does them in one transaction, commits once, and only then
// answers: what it costs to bring a commit to the disk is shared.
//
// Each job is atomic by itself. One that fails leaves nothing behind and does
// not touch its neighbours.
//
// A caller whose context ends while its job waits gets the context's error, and
// the job is never done. Once the job is taken up its caller waits for the true
// outcome, which is as near as one commit. An error that wraps
// [app.ErrStoreAway] out of a commit means that the disk failed: the job is not
// done as far as anyone can see, but where power fails in the same moment it
// may come back. Every job can therefore be sent again.
type writer struct {
	conn *conn
	stmt *writes

	maxGroup int

	mu      sync.Mutex
	waiting []*job
	wake    chan struct{} // holds something if waiting has grown; closed at the end
	stopped chan struct{} // closed when the goroutine has ended
}

// job is one atomic step. It may be run twice, the first time being undone.
type job struct {
	run  func(*writes) error
	turn atomic.Int32
	err  error
	done chan struct{}
}

// Whose turn a job is. It changes once.
const (
	waits     = iota
	taken     // by the writer, which will do it
	abandoned // by the caller: nobody will do it
)

// openWriter opens the connection and starts the goroutine. ctx is for opening
// alone.
func openWriter(ctx context.Context, dsn string) (*writer, error) {
	c, err := connect(ctx, dsn)
	if err != nil {
		return nil, err
	}
	w := &writer{conn: c, stmt: &writes{}, maxGroup: maxGroup, wake: make(chan struct{}, 1), stopped: make(chan struct{})}
	err = w.stmt.prepare(c)
	if err != nil {
		return nil, errors.Join(err, w.release())
	}
	go w.loop()
	return w, nil
}

// do runs one job in its turn and returns its outcome; see [writer].
func (w *writer) do(ctx context.Context, run func(*writes) error) error {
	err := ctx.Err()
	if err != nil {
		return err
	}
	j := &job{run: run, done: make(chan struct{})}
	w.add(j)
	select {
	case <-j.done:
	case <-ctx.Done():
		if j.turn.CompareAndSwap(waits, abandoned) {
			return ctx.Err()
		}
		<-j.done
	}
	return j.err
}

// add has the job wait, and wakes the goroutine unless it is woken already.
func (w *writer) add(j *job) {
	w.mu.Lock()
	w.waiting = append(w.waiting, j)
	w.mu.Unlock()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// close ends the goroutine and closes the connection. Nobody waits any more:
// the store has let everyone finish.
func (w *writer) close() error {
	close(w.wake)
	<-w.stopped
	return w.release()
}

// release gives back what the writer has got hold of.
func (w *writer) release() error { return errors.Join(w.stmt.close(), w.conn.close()) }

func (w *writer) loop() {
	defer close(w.stopped)
	for range w.wake {
		for group := w.take(); len(group) > 0; group = w.take() {
			w.commit(group)
			for _, j := range group {
				close(j.done)
			}
		}
	}
}

// take returns the next group: nothing only if nobody waits.
func (w *writer) take() []*job {
	w.mu.Lock()
	defer w.mu.Unlock()
	var group []*job
	for len(w.waiting) > 0 && len(group) < w.maxGroup {
		j := w.waiting[0]
		w.waiting[0] = nil // so that the array does not keep it
		w.waiting = w.waiting[1:]
		if j.turn.CompareAndSwap(waits, taken) {
			group = append(group, j)
		}
	}
	return group
}
