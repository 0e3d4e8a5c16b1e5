package main

import (
	"bufio"
	"context"
	"io"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
	"first5/modules"
)

// startDemo runs "first5 demo" for as long as the test takes, and returns the
// address that it prints.
func startDemo(t *testing.T) string {
	t.Helper()
	base, _ := startDemoIn(t, t.TempDir())
	return base
}

// startDemoIn runs "first5 demo" with its data in a folder, until it is stopped.
func startDemoIn(t *testing.T, folder string) (base string, stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	stopped := make(chan int, 1)
	go func() {
		code := run(ctx, []string{"demo", "--data", folder}, terminal{out: in, err: t.Output(), getenv: func(string) string { return "" }})
		in.Close()
		stopped <- code
	}()
	once := false
	stop = func() {
		if once {
			return
		}
		once = true
		cancel()
		select {
		case code := <-stopped:
			assert.Equal(t, done, code)
		case <-time.After(time.Minute):
			assert.Fail(t, "the demo does not stop")
		}
	}
	t.Cleanup(stop)
	address := regexp.MustCompile(`http://localhost:\d+`)
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if found := address.FindString(lines.Text()); found != "" {
			go io.Copy(io.Discard, out) //nolint:errcheck // the rest of the welcome
			return found, stop
		}
	}
	require.Fail(t, "the demo printed no address")
	return "", stop
}

// rightAnswers returns the right option of each graded question of a module.
func rightAnswers(t *testing.T, slug string) map[string]string {
	t.Helper()
	return answers(t, slug, true)
}

// answers returns, for each graded question of a module, an option that is
// right, or one that is wrong.
func answers(t *testing.T, slug string, right bool) map[string]string {
	t.Helper()
	chosen := map[string]string{}
	for _, q := range builtIn(t, slug).Questions() {
		for _, o := range q.Options {
			if q.Graded() && o.Right == right {
				chosen[q.ID] = o.ID
			}
		}
	}
	require.NotEmpty(t, chosen)
	return chosen
}

// builtIn returns one of the modules that come with the program.
func builtIn(t *testing.T, slug string) *content.Module {
	t.Helper()
	lib, _, err := content.Load(modules.FS)
	require.NoError(t, err)
	for _, p := range lib.Programs {
		for _, m := range p.Modules {
			if m.Slug == slug {
				return m
			}
		}
	}
	require.Fail(t, "there is no module "+slug)
	return nil
}
