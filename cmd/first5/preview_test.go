package main

import (
	"bufio"
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/modules"
)

// startPreview runs "first5 preview" on a copy of our modules for as long as the
// test takes. It returns the address that it prints, the folder, and what ends it
// and returns all that it printed.
func startPreview(t *testing.T, options ...string) (base, folder string, stop func() string) {
	t.Helper()
	folder = t.TempDir()
	require.NoError(t, os.CopyFS(folder, modules.FS))
	ctx, cancel := context.WithCancel(context.Background())
	out, in := io.Pipe()
	stopped := make(chan int, 1)
	args := append(append([]string{"preview"}, options...), folder)
	go func() {
		code := run(ctx, args, terminal{out: in, err: t.Output(), getenv: func(string) string { return "" }})
		in.Close()
		stopped <- code
	}()
	lines := make(chan string, 1000)
	go func() {
		defer close(lines)
		for read := bufio.NewScanner(out); read.Scan(); {
			lines <- read.Text()
		}
	}()
	said := ""
	stop = sync.OnceValue(func() string {
		cancel()
		select {
		case code := <-stopped:
			assert.Equal(t, done, code)
		case <-time.After(time.Minute):
			assert.Fail(t, "the preview does not stop")
		}
		for line := range lines {
			said += line + "\n"
		}
		return said
	})
	t.Cleanup(func() { stop() })
	address := regexp.MustCompile(`http://127\.0\.0\.1:\d+`)
	for line := range lines {
		said += line + "\n"
		if found := address.FindString(line); found != "" {
			return found, folder, stop
		}
	}
	require.Fail(t, "the preview printed no address")
	return "", "", nil
}

func TestAPreviewSaysWhereItIsAndWhatThereIsToMend(t *testing.T) {
	_, folder, stop := startPreview(t, "--listen", "127.0.0.1:0")
	said := stop()
	assert.Contains(t, said, "to see the modules in "+folder)
	assert.Contains(t, said, "Stop with Ctrl-C.")
	assert.Contains(t, said, "0 errors, 0 warnings\n")
}

func TestAPreviewTakesAnotherPortIfTheUsualOneIsInUse(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:8090")
	if err == nil {
		defer taken.Close()
	} // else somebody else has it
	base, _, _ := startPreview(t)
	assert.NotEqual(t, "http://127.0.0.1:8090", base)
}

// write saves one of our modules with a text in place of another one.
func write(t *testing.T, folder, old, new string) {
	t.Helper()
	const file = "first-5-minutes/names-first/module.md"
	source, err := modules.FS.ReadFile(file)
	require.NoError(t, err)
	require.Contains(t, string(source), old)
	text := strings.Replace(string(source), old, new, 1)
	require.NoError(t, os.WriteFile(filepath.Join(folder, filepath.FromSlash(file)), []byte(text), 0o644))
}

// until waits until an expression is true in the page.
func until(t *testing.T, ctx context.Context, expression string) {
	t.Helper()
	_, err := chromedp.Run(ctx, chromedp.Poll[bool](expression, chromedp.WithPollingTimeout(time.Minute)))
	require.NoError(t, err, expression)
}

// evaluate runs a script whose last value is true.
func evaluate(script string) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.Evaluate[bool](script)(ctx, t)
		return chromedp.Void{}, err
	}
}

func TestAnEducatorSeesASaveWithoutTouchingTheBrowser(t *testing.T) {
	ctx := newBrowser(t)
	base, folder, _ := startPreview(t, "--listen", "127.0.0.1:0")
	const phone = `document.querySelector('iframe[name="phone"]')`
	shows := func(words string) {
		until(t, ctx, phone+`.contentDocument?.readyState === "complete" && `+phone+`.contentDocument.body.innerText.includes("`+words+`")`)
	}
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(base+"/desk/names-first")))
	until(t, ctx, `document.getElementById("page_alive").textContent === "Live"`)
	shows("Outside room 4")
	require.NoError(t, chromedp.Do(ctx, evaluate(`window.same = true`),
		evaluate(phone+`.contentDocument.querySelector("details").open = true`),
		evaluate(phone+`.contentDocument.querySelector("input[type=radio]").checked = true`),
		// Last, since what opens above moves what is seen, and the page along with it.
		evaluate(phone+`.contentWindow.scrollTo({top: 900, behavior: "instant"}); true`)))

	write(t, folder, "Outside room 4", "Outside <b>room</b> 4")
	until(t, ctx, `document.querySelector(".found")?.innerText.includes("HTML is not shown") === true`)
	shows("Last good version")

	write(t, folder, "Outside room 4", "Outside room 40")
	until(t, ctx, `!document.querySelector(".found")`)
	shows("Outside room 40")
	until(t, ctx, phone+`.contentWindow.scrollY === 900`)
	until(t, ctx, phone+`.contentDocument.querySelector("details").open && `+phone+`.contentDocument.querySelector("input[type=radio]").checked`)

	require.NoError(t, chromedp.Do(ctx, chromedp.Click(`//a[text()="Show all feedback"]`)))
	shows("Kind to Peter")
	until(t, ctx, `window.same === true`) // the page itself was never loaded again
}

func TestAPageSaysThatThePreviewHasStopped(t *testing.T) {
	ctx := newBrowser(t)
	base, _, stop := startPreview(t, "--listen", "127.0.0.1:0")
	require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(base+"/")))
	until(t, ctx, `document.getElementById("page_alive").textContent === "Live"`)
	stop()
	until(t, ctx, `document.getElementById("page_alive").textContent.startsWith("The preview has stopped.")`)
}

func TestTheDeskWorksWithoutScripts(t *testing.T) {
	ctx := newBrowser(t)
	base, _, _ := startPreview(t, "--listen", "127.0.0.1:0")
	require.NoError(t, chromedp.Do(ctx, withoutScripts, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(base+"/desk/names-first"),
		chromedp.Click(`//a[text()="Dark"]`), chromedp.WaitVisible(`//a[text()="Dark"][@aria-current]`),
		chromedp.Click(`//a[text()="Show all feedback"]`), chromedp.WaitVisible(`//a[text()="Hide the feedback"]`)))
	until(t, ctx, `document.querySelector("iframe").contentWindow.location.search === "?feedback=1&scheme=dark"`)
}

func TestNoPageOfThePreviewScrollsSideways(t *testing.T) {
	ctx := newBrowser(t)
	base, folder, _ := startPreview(t, "--listen", "127.0.0.1:0")
	look(t, ctx, base, "/desk/names-first", "/desk/names-first?feedback=1&scheme=dark")
	write(t, folder, "Then sit {#sit}\n", "Then sit {#sit}\n\nYou <b>stop</b> outside "+strings.Repeat("withoutanyspace", 40)+". ![](gone.png) "+strings.Repeat("and on ", 40)+"\n")
	until(t, ctx, `document.querySelector(".found") !== null`)
	look(t, ctx, base, "/", "/desk/names-first", "/desk/nowhere", "/modules/names-first")
}
