package preview_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/preview"
	"first5/web"
)

const (
	cover = `---
title: First
audience: Physicians
order: [greet, listen]
---

The cover's text.
`
	greet = `---
title: Greet first
summary: Say your name.
minutes: 2
edition: "2026"
objectives: [Greet]
authors: [A. Educator]
---

## At the door {#door}

You knock. Then [listen](/modules/listen).

![A chair](chair.svg)

## What comes first? {#first}

- [ ] The chart

  The chart can wait.
- [x] The name

  It is the first gift.
`
	listen = `---
title: Listen
summary: Let them finish.
minutes: 1
edition: "2026"
objectives: [Listen]
authors: [A. Educator]
---

## Wait {#wait}

You say nothing.
`
	chair = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><path d="M0 0h8v8z"/></svg>`
)

// desk is an author at work: a folder that is written in, and a preview of it on
// a real port.
type desk struct {
	t      *testing.T
	folder string
	url    string
	lines  *terminal
	stop   func() // ends the preview, and waits for it
}

// terminal is what the preview has said.
type terminal struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *terminal) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *terminal) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newFolder makes a folder with one programme of two modules.
func newFolder(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for name, text := range map[string]string{
		"first/program.md": cover, "first/greet/module.md": greet, "first/greet/chair.svg": chair, "first/listen/module.md": listen,
	} {
		write(t, folder, name, text)
	}
	return folder
}

func write(t *testing.T, folder, name, text string) {
	t.Helper()
	file := filepath.Join(folder, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

func newPreview(t *testing.T, folder string) (*preview.Server, *terminal) {
	t.Helper()
	views, err := web.New()
	require.NoError(t, err)
	said := &terminal{}
	s, err := preview.New(preview.Config{Folder: folder, Views: views, Now: time.Now, Terminal: said})
	require.NoError(t, err)
	return s, said
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	folder := newFolder(t)
	s, said := newPreview(t, folder)
	return serve(t, s, &desk{t: t, folder: folder, lines: said})
}

func serve(t *testing.T, s *preview.Server, d *desk) *desk {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- s.Serve(ctx, ln) }()
	d.url = "http://" + ln.Addr().String()
	d.stop = sync.OnceFunc(func() {
		cancel()
		select {
		case err := <-ended:
			assert.NoError(t, err)
		case <-time.After(time.Minute):
			assert.Fail(t, "the preview does not stop")
		}
	})
	t.Cleanup(d.stop)
	return d
}

func (d *desk) save(name, text string) { write(d.t, d.folder, name, text) }

// get returns the status and the text at an address.
func (d *desk) get(path string) (int, string) {
	d.t.Helper()
	res, err := http.Get(d.url + path)
	require.NoError(d.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(d.t, err)
	return res.StatusCode, string(body)
}

// page returns the text of a page that is there.
func (d *desk) page(path string) string {
	d.t.Helper()
	status, body := d.get(path)
	require.Equal(d.t, http.StatusOK, status, path)
	return body
}

// ear is an open page's stream of events.
type ear struct {
	t     *testing.T
	lines chan string // closed when the stream ends
}

// listen opens a stream and waits until it has told the present state.
func (d *desk) listen() *ear {
	d.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	d.t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, d.url+"/events", nil)
	require.NoError(d.t, err)
	res, err := http.DefaultClient.Do(r)
	require.NoError(d.t, err)
	require.Equal(d.t, "text/event-stream", res.Header.Get("Content-Type"))
	e := &ear{t: d.t, lines: make(chan string)}
	go func() {
		defer res.Body.Close()
		defer close(e.lines)
		for lines := bufio.NewScanner(res.Body); lines.Scan(); {
			select {
			case e.lines <- lines.Text():
			case <-ctx.Done():
				return
			}
		}
	}()
	e.hear()
	return e
}

// hear waits for the next change and returns its state.
func (e *ear) hear() string {
	e.t.Helper()
	return e.hearLine("data: ")
}

// hearLine waits for the next line that begins so.
func (e *ear) hearLine(begin string) string {
	e.t.Helper()
	patience := time.After(time.Minute)
	for {
		select {
		case line, open := <-e.lines:
			require.True(e.t, open, "the stream has ended")
			if rest, ok := strings.CutPrefix(line, begin); ok {
				return rest
			}
		case <-patience:
			require.Fail(e.t, "nothing is told")
		}
	}
}

// hearUntil waits for changes until a page says something.
func (e *ear) hearUntil(d *desk, path, words string) {
	e.t.Helper()
	for {
		_, body := d.get(path)
		if strings.Contains(body, words) {
			return
		}
		e.hear()
	}
}
