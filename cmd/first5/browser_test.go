package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// newBrowser starts a headless Chromium, or skips where there is none.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		require.Empty(t, os.Getenv("CI"), "CI has no Chromium")
		t.Skip("Chromium is not installed: the browser tests are skipped")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.NoSandbox, // Chromium refuses its sandbox to root, who runs CI
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, 5*time.Minute)
	t.Cleanup(cancel)
	return ctx
}

// step is something that a person does in the browser.
type step = chromedp.Action[chromedp.Void]

// signIn goes through the provider's page as the named person.
func signIn(base, institution, person string) step {
	return chromedp.Steps(
		chromedp.Navigate(base+"/signin"),
		chromedp.Click(`//a[text()="`+institution+`"]`),
		chromedp.Click(`//button[.//*[text()="`+person+`"]]`),
		chromedp.WaitVisible(chromedp.CSS(`.account`)),
	)
}

func signOut() step {
	return chromedp.Steps(
		chromedp.Click(chromedp.CSS(`.account summary`)),
		chromedp.Click(chromedp.CSS(`.account button`)),
		chromedp.WaitVisible(`//a[text()="Sign in again"]`), // from the institution back again
	)
}

// begin opens a module's cover and begins it.
func begin(base, slug string) step {
	return chromedp.Steps(
		chromedp.Navigate(base+"/modules/"+slug),
		chromedp.Click(`//button[text()="Begin"]`),
		chromedp.WaitVisible(chromedp.CSS(`.card`)),
	)
}

// answer chooses an option for each question, on its own card where a script runs,
// and sends them.
func answer(questions map[string]string) step {
	var steps []step
	for question, option := range questions {
		steps = append(steps, goTo(fmt.Sprintf(`%q`, question)),
			chromedp.Click(chromedp.CSS(fmt.Sprintf(`input[name="q.%s"][value="%s"]`, question, option))))
	}
	steps = append(steps,
		goTo(`[...document.querySelectorAll("#deck_cards > .card")].at(-1).id`),
		chromedp.Click(`//button[text()="Send my answers"]`),
		chromedp.WaitVisible(chromedp.CSS(`.score`)))
	return chromedp.Steps(steps...)
}

// goTo goes to a card of a module, named by an expression, as a link to it does.
func goTo(card string) step {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Run(ctx, chromedp.Evaluate[string](`location.hash = `+card))
		return err
	})
}

// withoutScripts runs the browser without scripts, as some hospitals' do.
func withoutScripts(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	return chromedp.Void{}, err
}

// words returns what a page says, after it has done some steps.
func words(t *testing.T, ctx context.Context, steps ...step) string {
	t.Helper()
	require.NoError(t, chromedp.Do(ctx, steps...))
	text, err := chromedp.Run(ctx, chromedp.Text(chromedp.CSS(`main`)))
	require.NoError(t, err)
	return text
}

func TestAPhysicianCompletesAModuleInABrowserWithoutScripts(t *testing.T) {
	ctx := newBrowser(t)
	base := startDemo(t)
	noor := signIn(base, "Mercy Lakes Health", "Noor Haddad")

	home := words(t, ctx, withoutScripts, chromedp.EmulateViewport(360, 800, chromedp.EmulateMobile), noor)
	assert.Contains(t, home, "Good to see you, Noor Haddad.")
	assert.Contains(t, home, "Names first")

	conversation := words(t, ctx, begin(base, "names-first"),
		chromedp.Click(chromedp.CSS(`details.reply > summary`)),
		chromedp.WaitVisible(chromedp.CSS(`details.reply .branch`)))
	assert.Contains(t, conversation, "Mr Ortiz")

	result := words(t, ctx, answer(rightAnswers(t, "names-first")))
	assert.Contains(t, result, "Module completed")
	assert.Contains(t, result, "100\u00a0%")

	learning := words(t, ctx, signOut(), noor, chromedp.Navigate(base+"/learning"))
	assert.Contains(t, learning, "Completed", "signed out and in again")

	own := words(t, ctx, signOut(), signIn(base, "Mercy Lakes Health", "Grace Whitfield"), chromedp.Navigate(base+"/records"))
	assert.Contains(t, own, "Noor Haddad")
	assert.Contains(t, own, "Passed")

	other := words(t, ctx, signOut(), signIn(base, "Harbor Point Medical Center", "Priya Raghunathan"), chromedp.Navigate(base+"/records"))
	assert.Contains(t, other, "Nobody at Harbor Point Medical Center has begun a module yet.")
}

// widths are those of a phone, a tablet and a desk.
var widths = []int64{320, 360, 768, 1280}

func TestNoPageScrollsSideways(t *testing.T) {
	ctx := newBrowser(t)
	base := startDemo(t)
	_, port, _ := strings.Cut(strings.TrimPrefix(base, "http://"), ":")
	look(t, ctx, base, "/", "/signin", "/signed-out", "/signin?institution=elsewhere", "/signin/mercy-lakes/callback?state=123456789", "/nowhere")

	require.NoError(t, chromedp.Do(ctx, signIn(base, "Mercy Lakes Health", "Noor Haddad")))
	look(t, ctx, base, "/account", "/signin/harbor-point", "/", "/modules", "/modules/let-them-finish", "/learning")
	require.NoError(t, chromedp.Do(ctx, begin(base, "names-first")))
	look(t, ctx, base, "/", "/modules/names-first", "/learning")

	for _, name := range []string{"failed", "passed"} {
		given := answers(t, "names-first", name == "passed")
		require.NoError(t, chromedp.Do(ctx, chromedp.Navigate(base+"/modules/names-first"), answer(given)))
		address, err := chromedp.Run(ctx, chromedp.Location())
		require.NoError(t, err)
		_, path, _ := strings.Cut(address, port)
		lookAs(t, ctx, base, map[string]string{path: "result-" + name})
	}
	certificate, err := chromedp.Run(ctx, chromedp.Evaluate[string](`document.querySelector('a[href^="/certificates/"]').getAttribute("href")`))
	require.NoError(t, err)
	lookAs(t, ctx, base, map[string]string{certificate: "certificate"})
	look(t, ctx, base, "/learning")

	require.NoError(t, chromedp.Do(ctx, signOut(), signIn(base, "Mercy Lakes Health", "Grace Whitfield")))
	require.NoError(t, chromedp.Do(ctx, chromedp.EmulateViewport(360, 800, chromedp.EmulateMobile), chromedp.Click(chromedp.CSS(`.account summary`))))
	picture(t, ctx, "menu-360")
	look(t, ctx, base, "/records", "/records?q=nobody", "/records?status=done", "/audit", "/audit?kind=roles_changed", "/audit?from=x", "/signin")
	require.NoError(t, chromedp.Do(ctx, signOut(), signIn(base, "Mercy Lakes Health", "María José Villanueva")))
	look(t, ctx, base, "/studio", "/studio/guide")
	require.NoError(t, chromedp.Do(ctx, signOut(), signIn(base, "Mercy Lakes Health", "Kenji Arakawa")))
	lookAs(t, ctx, base, map[string]string{"/audit": "audit-operator"})
}

func TestAnInstitutionIsFoundInABrowserAndSignsOutToo(t *testing.T) {
	ctx := newBrowser(t)
	base := startDemo(t)
	found := words(t, ctx, withoutScripts, chromedp.EmulateViewport(360, 800, chromedp.EmulateMobile),
		chromedp.Navigate(base+"/modules/names-first"),
		chromedp.SendKeys(chromedp.CSS(`#page_find`), "samuel@harbor-point.example"),
		chromedp.Click(`//button[text()="Find"]`),
		chromedp.WaitVisible(`//a[text()="Continue to Harbor Point Medical Center"]`))
	assert.Contains(t, found, "That is Harbor Point Medical Center.")
	picture(t, ctx, "signin-found-360")

	module := words(t, ctx, chromedp.Click(`//a[text()="Continue to Harbor Point Medical Center"]`),
		chromedp.Click(`//button[.//*[text()="Samuel Thornquist"]]`),
		chromedp.WaitVisible(`//button[text()="Begin"]`))
	assert.Contains(t, module, "Names first", "the page that was asked for")

	left := words(t, ctx, chromedp.Navigate(base+"/"), signOut())
	assert.Contains(t, left, "You are signed out", "at the institution too, and back")
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // her page would have no such link
	defer cancel()
	backTo(t, ctx, base+"/")
	welcome := words(t, ctx, chromedp.WaitVisible(`//a[text()="Sign in"]`))
	assert.NotContains(t, welcome, "Samuel", "going back shows nobody's page")
	again := words(t, ctx, chromedp.Navigate(base+"/signin"))
	assert.Contains(t, again, "You signed in here last with Harbor Point Medical Center.")
}

// look opens pages at each width and asserts that none scrolls sideways.
func look(t *testing.T, ctx context.Context, base string, paths ...string) {
	t.Helper()
	named := map[string]string{}
	for _, path := range paths {
		named[path] = strings.Trim(strings.NewReplacer("/", "-", "?", "-", "=", "-").Replace(path), "-")
	}
	lookAs(t, ctx, base, named)
}

func lookAs(t *testing.T, ctx context.Context, base string, named map[string]string) {
	t.Helper()
	for path, name := range named {
		for _, width := range widths {
			require.NoError(t, chromedp.Do(ctx,
				chromedp.EmulateViewport(width, 800, chromedp.EmulateMobile),
				chromedp.Navigate(base+path),
			))
			wide, err := chromedp.Run(ctx, chromedp.Evaluate[int64](`document.documentElement.scrollWidth`))
			require.NoError(t, err)
			assert.LessOrEqual(t, wide, width, "%s at %d px", path, width)
			picture(t, ctx, fmt.Sprintf("%s-%d", name, width))
		}
	}
}

// picture writes what the browser shows to the folder that FIRST5_PICTURES
// names, if it names one, in light and in dark.
func picture(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	folder := os.Getenv("FIRST5_PICTURES")
	if folder == "" {
		return
	}
	for _, scheme := range []string{"light", "dark"} {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
		})
		require.NoError(t, err)
		png, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, name+"-"+scheme+".png"), png, 0o644))
	}
}

// backTo goes back, by the browser's own history, to where it was last at an
// address.
func backTo(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	history, err := chromedp.Call(ctx, page.GetNavigationHistory, cdp.Empty{})
	require.NoError(t, err)
	for _, entry := range slices.Backward(history.Entries) {
		if entry.URL == address {
			_, err = chromedp.Call(ctx, page.NavigateToHistoryEntry, page.NavigateToHistoryEntryParams{EntryID: entry.ID})
			require.NoError(t, err)
			return
		}
	}
	require.Fail(t, "the browser was never there")
}
