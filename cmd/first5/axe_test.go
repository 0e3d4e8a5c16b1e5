package main

import (
	"context"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
)

// view is how somebody looks at a page.
type view struct {
	name          string
	width, height int64
	scale         float64 // device pixels in a CSS pixel, as zooming makes them; 0 is as it comes
	media         map[string]string
}

func views() []view {
	light, dark := map[string]string{"prefers-color-scheme": "light"}, map[string]string{"prefers-color-scheme": "dark"}
	return []view{
		{name: "light", width: 360, height: 800, media: light},
		{name: "dark", width: 360, height: 800, media: dark},
		{name: "light at a desk", width: 1280, height: 800, media: light},
		{name: "dark at a desk", width: 1280, height: 800, media: dark},
		{name: "320 px", width: 320, height: 640, media: light},
		{name: "forced colours and reduced motion", width: 360, height: 800, media: map[string]string{
			"forced-colors": "active", "prefers-reduced-motion": "reduce", "prefers-color-scheme": "dark",
		}},
	}
}

// show is the step that makes the browser show a page in that way.
func (v view) show(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	media := emulation.SetEmulatedMediaParams{}
	for _, name := range slices.Sorted(maps.Keys(v.media)) {
		media.Features = append(media.Features, &emulation.MediaFeature{Name: name, Value: v.media[name]})
	}
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, media)
	if err != nil {
		return chromedp.Void{}, err
	}
	options := []chromedp.EmulateViewportOption{chromedp.EmulateMobile}
	if v.scale != 0 {
		options = []chromedp.EmulateViewportOption{chromedp.EmulateScale(v.scale)}
	}
	return chromedp.EmulateViewport(v.width, v.height, options...)(ctx, t)
}

// inEveryState brings about one state after the other and looks at each in
// every view. What look finds is reported once, with the views that have it.
func inEveryState(t *testing.T, views []view, look func(t *testing.T, ctx context.Context) []string) {
	ctx := newBrowser(t)
	base := startDemo(t)
	signedIn := nobody
	require.NoError(t, chromedp.Do(ctx)) // the browser lives as long as what starts it
	for _, s := range newTour(t, base).states() {
		way := []step{views[0].show}
		if s.who != signedIn {
			way = append(way, become(base, signedIn, s.who))
			signedIn = s.who
		}
		require.NoError(t, soon(ctx, append(way, s.steps...)...), "%s on the way to %q", s.who, s.name)
		t.Run(s.name, func(t *testing.T) {
			found := map[string][]string{}
			for _, v := range views {
				require.NoError(t, chromedp.Do(ctx, v.show))
				for _, finding := range look(t, ctx) {
					found[finding] = append(found[finding], v.name)
				}
			}
			for _, finding := range slices.Sorted(maps.Keys(found)) {
				t.Errorf("%s: %s (%s)", pathOf(t, ctx), finding, strings.Join(found[finding], "; "))
			}
		})
	}
}

// soon does steps, and gives up where one waits for what the page hasn't.
func soon(ctx context.Context, steps ...step) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	return chromedp.Do(ctx, steps...)
}

func pathOf(t *testing.T, ctx context.Context) string {
	t.Helper()
	location, err := chromedp.Run(ctx, chromedp.Location())
	require.NoError(t, err)
	address, err := url.Parse(location)
	require.NoError(t, err)
	return address.RequestURI()
}

// findings returns what an expression, whose promise is awaited, evaluates to.
// The protocol of the debugger runs it: the pages' own policy lets no script in.
func findings(t *testing.T, ctx context.Context, expression string) []string {
	t.Helper()
	found, err := chromedp.Run(ctx, chromedp.Evaluate[[]string](expression, chromedp.EvalAwaitPromise))
	require.NoError(t, err)
	return found
}

// axeSource returns the library that checks pages against WCAG, or skips.
func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile(filepath.Join("..", "..", "web", "lighthouse", "node_modules", "axe-core", "axe.min.js"))
	if os.IsNotExist(err) {
		require.Empty(t, os.Getenv("CI"), "CI has no axe-core: it is installed by npm ci in web/lighthouse")
		t.Skip("axe-core is not installed (npm ci in web/lighthouse): the pages are not checked for accessibility")
	}
	require.NoError(t, err)
	return string(source)
}

// axeRun returns a line for each element that breaks a rule. What the library
// can't decide by itself begins with a question mark. Where the reader's system
// forces its own colours, the library takes the page's for the text's and so
// finds contrasts that nobody sees: only what refuses those colours counts there.
const axeRun = `(async () => {
	await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
	const forced = matchMedia("(forced-colors: active)").matches;
	const unseen = (rule, node) => forced && rule.id === "color-contrast" && getComputedStyle(node.element).forcedColorAdjust !== "none";
	const results = await axe.run(document, {
		preload: false,
		elementRef: true,
		resultTypes: ["violations", "incomplete"],
		runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
	});
	const lines = mark => rule => rule.nodes.filter(node => !unseen(rule, node)).map(node => mark + rule.id + " at " + node.target.join(" ") + ": " +
		(node.failureSummary ?? rule.help).replace(/\s+/g, " "));
	return [...results.violations.flatMap(lines("")), ...results.incomplete.flatMap(lines("?"))];
})()`

func TestNoPageKeepsAnybodyOutByTheRulesOfWCAG(t *testing.T) {
	source := axeSource(t)
	inEveryState(t, views(), func(t *testing.T, ctx context.Context) []string {
		there, err := chromedp.Run(ctx, chromedp.Evaluate[bool](`typeof axe === "object"`))
		require.NoError(t, err)
		if !there {
			_, err = chromedp.Run(ctx, chromedp.Evaluate[chromedp.Void](source+`;undefined`))
			require.NoError(t, err)
		}
		return slices.DeleteFunc(findings(t, ctx, axeRun), func(line string) bool {
			undecided := strings.HasPrefix(line, "?")
			if undecided && testing.Verbose() {
				t.Logf("for a person to decide: %s", line[1:])
			}
			return undecided
		})
	})
}

// handsAndKeys returns a line for each thing that can be pressed and is smaller
// than 24 by 24 CSS pixels (links in a line of text may be), for each that
// doesn't show that it has the focus, or has it where nobody sees it, and for a
// page that scrolls sideways. Where it is part of something larger, such as its
// label or a row, that counts.
const handsAndKeys = `(() => {
	const found = new Set();
	const say = (what, e) => found.add(what + ": " + e.cloneNode(false).outerHTML + " " + e.textContent.trim().slice(0, 40));
	const within = document.querySelector("dialog:modal") ?? document;
	const all = [...within.querySelectorAll("a[href], area[href], button, input, select, textarea, summary, video[controls], audio[controls], [tabindex]")]
		.filter(e => e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}));
	const hits = (e, x, y) => {
		const there = document.elementFromPoint(x, y);
		return !!there && (e.contains(there) || !!e.closest("label")?.contains(there));
	};
	const inText = e => {
		if (e.tagName !== "A" || getComputedStyle(e).display !== "inline") return false;
		let block = e.parentElement;
		while (getComputedStyle(block).display === "inline") block = block.parentElement;
		return block.textContent.trim() !== e.textContent.trim();
	};
	const around = e => {
		const box = (e.closest("label") ?? e).getBoundingClientRect();
		return {box, x: box.left + box.width / 2, y: box.top + box.height / 2};
	};
	const drawn = e => [e, e.closest("label")].filter(Boolean).map(getComputedStyle)
		.map(s => (s.outlineStyle === "none" ? "" : s.outline) + s.boxShadow).join();

	const before = new Map();
	document.activeElement.blur();
	for (const e of all) before.set(e, drawn(e));
	for (const e of [...all, ...all.toReversed()]) {
		e.focus();
		if (document.activeElement !== e) { say("can't have the focus", e); continue; }
		if (drawn(e) === before.get(e)) say("doesn't show that it has the focus", e);
		const {box, x, y} = around(e);
		const left = Math.max(box.left, 0), right = Math.min(box.right, innerWidth), top = Math.max(box.top, 0), bottom = Math.min(box.bottom, innerHeight);
		const seen = [.02, .25, .5, .75, .98].some(part => [.02, .5, .98].some(down => hits(e, left + part * (right - left), top + down * (bottom - top))));
		if (!seen) say("has the focus where nobody sees it", e);
		if (inText(e) || (box.width > 23.9 && box.height > 23.9)) continue;
		if (![-11.9, 11.9].every(dx => [-11.9, 11.9].every(dy => hits(e, x + dx, y + dy))))
			say("is smaller than 24 by 24 (" + Math.round(box.width) + " by " + Math.round(box.height) + ")", e);
	}
	document.activeElement.blur();
	scrollTo(0, 0);
	const wide = document.documentElement.scrollWidth;
	if (wide > innerWidth) found.add("scrolls sideways: " + wide + " px on " + innerWidth);
	return [...found];
})()`

func TestEverythingCanBePressedByAThumbAndReachedByKeys(t *testing.T) {
	still := map[string]string{"prefers-reduced-motion": "reduce"}
	inEveryState(t, []view{
		{name: "on a phone", width: 360, height: 800, media: still},
		{name: "1280 px wide at 400 %", width: 320, height: 256, scale: 4, media: still},
	}, func(t *testing.T, ctx context.Context) []string {
		// The focus stays in the page, also where the key leads past its last thing.
		_, err := chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		require.NoError(t, err)
		require.NoError(t, chromedp.Do(ctx, chromedp.KeyEvent("\t"))) // from now on by keyboard
		return findings(t, ctx, handsAndKeys)
	})
}
