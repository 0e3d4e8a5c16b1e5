// Package preview shows an author the modules of a folder as learners will see
// them, with what is to be mended beside the lines that caused it, and keeps
// open pages up with what is saved.
//
// It listens on loopback only, knows no people and saves nothing. What it shows
// is an immutable snapshot of the folder, made anew whenever something changes.
package preview

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"first5/content"
	"first5/web"
)

// Config is what a preview is made of.
type Config struct {
	Folder   string // of programmes, as content.Load reads it
	Views    *web.Views
	Now      func() time.Time
	Terminal io.Writer // is told, a line each, what became of every save; by more than one goroutine
}

// Server is a preview of one folder.
type Server struct {
	Config
	current atomic.Pointer[snapshot]
	guide   *content.Module

	newEvents func() (events, error)
	lookEvery time.Duration // where changes are not told, or a file can't be read
	heartbeat time.Duration // of the stream to a page
}

const (
	lookEvery = time.Second
	heartbeat = 15 * time.Second
	grace     = 5 * time.Second // for requests that have begun when the preview stops
)

// New reads the folder for the first time. It returns an error if it can't be
// read.
func New(c Config) (*Server, error) {
	s := &Server{Config: c, guide: content.Guide(), newEvents: newEvents, lookEvery: lookEvery, heartbeat: heartbeat}
	first, err := s.load(nil)
	if err != nil {
		return nil, err
	}
	s.current.Store(first)
	return s, nil
}

// Serve answers requests on ln, and follows the folder, until ctx ends. It
// refuses a listener that others than this machine can reach.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	if !isLoopback(ln.Addr().String()) {
		return fmt.Errorf("the preview shows right answers to whoever asks, so it listens on this machine alone, and not on %s", ln.Addr())
	}
	group, running := errgroup.WithContext(ctx)
	server := &http.Server{
		Handler:           s.Handler(),
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    64 << 10,
		BaseContext:       func(net.Listener) context.Context { return running }, // ends the streams
	}
	group.Go(func() error { s.follow(running); return nil })
	group.Go(func() error {
		err := server.Serve(ln)
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return fmt.Errorf("serving the preview: %w", err)
	})
	group.Go(func() error {
		<-running.Done()
		return stop(server)
	})
	return group.Wait()
}

// stop waits for requests that have begun, and then breaks them off.
func stop(server *http.Server) error {
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := server.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close()
	}
	if err != nil {
		return fmt.Errorf("stopping the preview: %w", err)
	}
	return nil
}

// say tells the author a line, with the time of day.
func (s *Server) say(format string, args ...any) {
	// A terminal that is gone must not stop the preview.
	_, _ = fmt.Fprintf(s.Terminal, "%s  %s\n", s.Now().Format(time.TimeOnly), fmt.Sprintf(format, args...))
}
