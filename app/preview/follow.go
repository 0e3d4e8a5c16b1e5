package preview

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// gathered is how long what an editor does to save a file may take.
const gathered = 100 * time.Millisecond

// events tells what happens in folders.
type events interface {
	Add(folder string) error
	Close() error
	happened() <-chan fsnotify.Event
	failed() <-chan error
}

// systemEvents are those of the operating system.
type systemEvents struct{ *fsnotify.Watcher }

func newEvents() (events, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("asking for changes: %w", err)
	}
	return systemEvents{w}, nil
}

func (e systemEvents) happened() <-chan fsnotify.Event { return e.Events }
func (e systemEvents) failed() <-chan error            { return e.Errors }

// follower keeps the snapshot up with the folder.
type follower struct {
	*Server
	events events // nil where it looks every so often instead
}

// follow reloads the folder whenever something in it has changed, until ctx
// ends. Where the system does not tell, it looks every second.
func (s *Server) follow(ctx context.Context) {
	f := &follower{Server: s}
	defer f.close()
	var err error
	f.events, err = s.newEvents()
	if err != nil {
		f.lookInstead(err)
	}
	for ctx.Err() == nil {
		// Folders come first: what is saved after this is told, and what was
		// saved before is read.
		f.addFolders()
		f.wait(ctx, s.reload())
	}
}

func (f *follower) close() {
	if f.events != nil {
		_ = f.events.Close() // there is nothing left to tell
		f.events = nil
	}
}

func (f *follower) lookInstead(err error) {
	f.close()
	f.events = nil
	f.say("The system does not tell what is saved (%v), so the preview looks every second.", err)
}

// addFolders asks for what happens in all folders, new ones too.
func (f *follower) addFolders() {
	if f.events == nil {
		return
	}
	folders, err := f.folders()
	if err != nil {
		return // reload has the same trouble, and says so
	}
	for _, folder := range folders {
		err := f.events.Add(folder)
		if err != nil && !isGone(folder) {
			f.lookInstead(err)
			return
		}
	}
}

// wait returns when there is something to read: after a burst of changes or,
// where those are not told or the last reading failed, after a while.
func (f *follower) wait(ctx context.Context, readable bool) {
	var while <-chan time.Time
	if f.events == nil || !readable {
		while = time.After(f.lookEvery)
	}
	if f.events == nil {
		select {
		case <-ctx.Done():
		case <-while:
		}
		return
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-while:
			return
		case err := <-f.events.failed():
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				f.lookInstead(err)
			}
			return
		case e := <-f.events.happened():
			if !isTemporary(filepath.Base(e.Name)) {
				f.gather(ctx)
				return
			}
		}
	}
}

// gather passes over what else happens in the same burst.
func (f *follower) gather(ctx context.Context) {
	over := time.After(gathered)
	for {
		select {
		case <-ctx.Done():
			return
		case <-over:
			return
		case <-f.events.happened():
		}
	}
}

func isHidden(name string) bool { return strings.HasPrefix(name, ".") }

// isTemporary says whether a file is one that an editor makes for itself.
func isTemporary(name string) bool {
	if isHidden(name) || name == "4913" { // with which Vim finds out whether it may write
		return true
	}
	for _, end := range []string{"~", ".swp", ".tmp", ".part", "___"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.HasPrefix(name, "#") || strings.HasPrefix(name, "~$")
}
