package preview

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
	"first5/web"
)

const small = "---\ntitle: M\nsummary: A module.\nminutes: 1\nedition: \"2026\"\nobjectives: [One]\nauthors: [A. Educator]\n---\n\n## One\n\nYou sit.\n"

// newServer returns a preview of a folder with one module, and its file.
func newServer(t *testing.T, terminal io.Writer) (s *Server, file string) {
	t.Helper()
	folder := t.TempDir()
	file = filepath.Join(folder, "p", "m", "module.md")
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(small), 0o644))
	views, err := web.New()
	require.NoError(t, err)
	s, err = New(Config{Folder: folder, Views: views, Now: time.Now, Terminal: terminal})
	require.NoError(t, err)
	return s, file
}

// await waits until the snapshot is replaced by one that satisfies.
func await(t *testing.T, s *Server, satisfies func(*snapshot) bool) {
	t.Helper()
	patience := time.After(time.Minute)
	for n := s.current.Load(); !satisfies(n); n = s.current.Load() {
		select {
		case <-n.replaced:
		case <-patience:
			require.Fail(t, "the save is not seen")
		}
	}
}

func stands(words string) func(*snapshot) bool {
	return func(n *snapshot) bool { return strings.Contains(string(n.modules["m"].Body), words) }
}

// run follows the folder for as long as the test takes.
func run(t *testing.T, s *Server) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() { defer close(ended); s.follow(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
}

func TestWhereTheSystemTellsNothingThePreviewLooks(t *testing.T) {
	said, says := io.Pipe()
	s, file := newServer(t, says)
	s.lookEvery = time.Millisecond
	s.newEvents = func() (events, error) { return nil, errors.New("too many watches") }
	run(t, s)
	line := make([]byte, 200)
	n, err := said.Read(line)
	require.NoError(t, err)
	assert.Contains(t, string(line[:n]), "The system does not tell what is saved (too many watches), so the preview looks every second.")
	go io.Copy(io.Discard, said) //nolint:errcheck // the rest
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(small, "sit", "stand", 1)), 0o644))
	await(t, s, stands("stand"))
}

// fullEvents are those of a system that has no watch to give.
type fullEvents struct{ events }

func (fullEvents) Add(string) error { return errors.New("no space left") }
func (fullEvents) Close() error     { return nil }

func TestAFolderThatCanNotBeWatchedIsLookedAt(t *testing.T) {
	s, file := newServer(t, io.Discard)
	s.lookEvery = time.Millisecond
	s.newEvents = func() (events, error) { return fullEvents{}, nil }
	run(t, s)
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(small, "sit", "stand", 1)), 0o644))
	await(t, s, stands("stand"))
}

func TestReadingTheSameAgainIsNoNews(t *testing.T) {
	s, _ := newServer(t, io.Discard)
	before := s.current.Load()
	assert.True(t, s.reload())
	assert.Same(t, before, s.current.Load())
}

func TestAStreamBeatsSoThatItIsNotTakenForDead(t *testing.T) {
	s, _ := newServer(t, io.Discard)
	s.heartbeat = time.Millisecond
	server := httptest.NewServer(s.Handler())
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, server.URL+"/events", nil)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer res.Body.Close()
	said := ""
	for !strings.Contains(said, ": still here") {
		some := make([]byte, 100)
		n, err := res.Body.Read(some)
		require.NoError(t, err)
		said += string(some[:n])
	}
	assert.Equal(t, 1, strings.Count(said, "data: "), "the state is told once")
}

func TestEditorsOwnFilesAreNoSaves(t *testing.T) {
	for name, own := range map[string]bool{
		"module.md": false, "chair.svg": false, "module.es.md": false, "names-first": false,
		".module.md.swp": true, "module.md~": true, "4913": true, "#module.md#": true, ".git": true, "module.md.tmp": true, "~$program.md": true,
		"module.md___jb_tmp___": true,
	} {
		assert.Equal(t, own, isTemporary(name), name)
	}
}

func TestAnExcerptMarksTheCharacterInItsLine(t *testing.T) {
	long := strings.Repeat("word ", 200)
	for name, c := range map[string]struct {
		text string
		line int
		col  int
		want []web.SourceLine
	}{
		"with the lines around it": {"one\ntwo\nthree\nfour", 2, 2, []web.SourceLine{
			{Number: 1, After: "one"}, {Number: 2, Before: "t", Mark: "w", After: "o"}, {Number: 3, After: "three"}}},
		"the only line":          {"é<b>", 1, 2, []web.SourceLine{{Number: 1, Before: "é", Mark: "<", After: "b>"}}},
		"the end of a line":      {"abc", 1, 4, []web.SourceLine{{Number: 1, Before: "abc", Mark: "¶"}}},
		"tabs can be seen":       {"\ta", 1, 2, []web.SourceLine{{Number: 1, Before: "→\t", Mark: "a"}}},
		"a tab is marked itself": {"\ta", 1, 1, []web.SourceLine{{Number: 1, Mark: "→\t", After: "a"}}},
		"line ends of others":    {"\uFEFFa\r\nb\rc", 2, 1, []web.SourceLine{{Number: 1, After: "a"}, {Number: 2, Mark: "b"}, {Number: 3, After: "c"}}},
		"past the end":           {"a", 7, 1, nil},
		"a long line": {long, 1, 501, []web.SourceLine{{
			Number: 1, Before: "… " + strings.Repeat("word ", 12), Mark: "w", After: "ord " + strings.Repeat("word ", 31) + " …"}}},
	} {
		got := excerpt(content.Lines([]byte(c.text)), content.Finding{Line: c.line, Column: c.col})
		assert.Equal(t, c.want, got, name)
	}
}

func FuzzAnExcerptShowsTheTextAroundAFinding(f *testing.F) {
	f.Add("one\r\ntwo\tthree", 2, 4)
	f.Add(strings.Repeat("é", 500), 1, 300)
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		if line < 1 || column < 1 {
			t.Skip("content counts from 1")
		}
		lines := content.Lines([]byte(text))
		for _, l := range excerpt(lines, content.Finding{Line: line, Column: column}) {
			before := strings.TrimPrefix(l.Before, "… ")
			shown := strings.TrimSuffix(before+strings.TrimSuffix(l.Mark, "¶")+l.After, " …")
			plain := show([]rune(lines[l.Number-1]))
			require.True(t, strings.Contains(plain, shown) || strings.Contains(plain, before), "%q has %q", plain, shown)
			require.LessOrEqual(t, len([]rune(strings.ReplaceAll(shown, "→", ""))), mostShown)
			require.Equal(t, l.Number == line, l.Mark != "")
		}
	})
}
