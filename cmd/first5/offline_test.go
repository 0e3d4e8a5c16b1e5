package main

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ward is a browser with scripts, and a program behind a line that may fail.
type ward struct {
	*hospital
	t    *testing.T
	ctx  context.Context
	line *line
	stop func() // the program
}

func newWard(t *testing.T) *ward {
	t.Helper()
	w := &ward{t: t, ctx: newBrowser(t), hospital: newHospital(t)}
	w.line = newLine(t, w.hospital)
	w.stop = w.serve()
	t.Cleanup(func() { w.stop() })
	return w
}

func (w *ward) do(steps ...step) {
	w.t.Helper()
	require.NoError(w.t, chromedp.Do(w.ctx, steps...))
}

// says evaluates a script, which may take its time, and returns what it says.
func (w *ward) says(script string) string {
	w.t.Helper()
	text, err := chromedp.Run(w.ctx, chromedp.Evaluate[string]("(async () => String("+script+"))()", chromedp.EvalAwaitPromise))
	if err != nil {
		return "" // between two pages
	}
	return text
}

// sees waits until a script says something that holds a text.
func (w *ward) sees(script, text string) {
	w.t.Helper()
	require.EventuallyWithT(w.t, func(c *assert.CollectT) {
		assert.Contains(c, w.says(script), text, script)
	}, time.Minute, 50*time.Millisecond)
}

const (
	onPage    = `document.querySelector("main").innerText`
	onTop     = `document.getElementById("page_told").innerText`
	bySending = `document.getElementById("page_sending").innerText`
	isKept    = `Boolean(await (await caches.open("first5-pages")).match("/modules/names-first"))`
	atPath    = `location.pathname`
)

// as signs somebody in who begins the module, which the device keeps then.
func (w *ward) reads(person string) {
	w.t.Helper()
	w.do(signIn(w.base, "Mercy Lakes Health", person), begin(w.base, "names-first"))
	w.sees(isKept, "true")
}

func (w *ward) open(path string) {
	w.t.Helper()
	w.do(chromedp.Navigate(w.base + path))
}

// choose answers questions wherever on the cards they are.
func (w *ward) choose(questions map[string]string) {
	w.t.Helper()
	list, err := json.Marshal(questions)
	require.NoError(w.t, err)
	w.sees(`document.readyState`, "complete")
	n := w.says(`Object.entries(` + string(list) + `).filter(([question, option]) => {
		const input = document.querySelector('input[name="q.' + question + '"][value="' + option + '"]');
		if (!input.checked) input.click();
		return input.checked;
	}).length`)
	require.Equal(w.t, strconv.Itoa(len(questions)), n)
}

const press = `document.getElementById("deck_send").click()`

// attempts returns how many attempts the institution's records count for a
// person.
func (w *ward) attempts(subject string) string {
	w.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(w.t, err)
	browser := &http.Client{Jar: jar}
	res, err := browser.Get(w.base + "/signin/mercy-lakes")
	require.NoError(w.t, err)
	login := res.Request.URL.String()
	res.Body.Close()
	request := regexp.MustCompile(`name="authRequestID" value="([^"]+)"`).FindStringSubmatch(w.get(browser, login))
	require.NotNil(w.t, request)
	res, err = browser.PostForm(login, url.Values{"authRequestID": {request[1]}, "person": {"ml-31150"}})
	require.NoError(w.t, err)
	res.Body.Close()
	rows, err := csv.NewReader(strings.NewReader(w.get(browser, w.base+"/records.csv"))).ReadAll()
	require.NoError(w.t, err)
	for _, row := range rows[1:] {
		if row[3] == subject {
			return row[14]
		}
	}
	return ""
}

const (
	noorHaddad = "ml-20417"
)

func TestAModuleOpenedOnceIsReadAndAnsweredWithoutAConnection(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")

	w.line.cut.Store(true)
	w.open("/modules/names-first")
	w.sees(onPage, "Names first")
	w.sees(onTop, "Offline: this is the copy from")
	w.choose(rightAnswers(t, "names-first"))
	w.says(press)
	w.sees(bySending, "No connection. Your answers are kept on this device")

	w.open("/learning")
	w.sees(onPage, "This page is not kept on this device.")
	w.sees(onPage, "Names first")
	w.do(chromedp.Click(`//main//a[text()="Names first"]`))
	w.sees(bySending, "Your answers are kept on this device")

	w.line.cut.Store(false)
	w.do(chromedp.Click(`//button[text()="Try now"]`))
	w.sees(bySending, "Answers that waited were sent.")
	w.do(chromedp.Click(`//*[@id="page_sending"]//a[text()="See the result"]`))
	w.sees(onPage, "100")
	assert.Equal(t, "1", w.attempts(noorHaddad))

	w.open("/learning")
	w.sees(onPage, "Names first")
	assert.Empty(t, w.says(onTop), "who has seen the result is not onTop again")
	assert.Equal(t, int32(1), w.line.posts.Load())
}

func TestAnAnswerWhoseAcknowledgementIsLostCountsOnce(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.choose(rightAnswers(t, "names-first"))
	w.line.mute.Store(true)
	w.says(press)
	w.sees(bySending, "Your answers are kept on this device")
	w.line.mute.Store(false)
	w.sees(atPath, "/attempts/") // by itself
	w.sees(onPage, "100")
	assert.Equal(t, "1", w.attempts(noorHaddad))
	assert.Greater(t, w.line.posts.Load(), int32(1))
}

func TestADoubleTapInABrowserSendsOnce(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.choose(rightAnswers(t, "names-first"))
	w.says(`[1, 2, 3].map(() => ` + press + `)`)
	w.sees(atPath, "/attempts/")
	assert.Equal(t, "1", w.attempts(noorHaddad))
	assert.Equal(t, int32(1), w.line.posts.Load())
}

func TestARestartInTheMiddleOfAQuizLosesNothing(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.choose(rightAnswers(t, "names-first"))
	w.stop()
	w.do(chromedp.Reload())
	w.sees(`document.querySelectorAll("main input:checked").length >= `+`document.querySelectorAll("main fieldset:not([data-kind=poll])").length`, "true")
	w.says(press)
	w.sees(bySending, "are kept on this device")
	w.stop = w.serve()
	w.sees(atPath, "/attempts/")
	w.sees(onPage, "100")
	assert.Equal(t, "1", w.attempts(noorHaddad))
}

// signOutElsewhere ends the session, as time and other browsers do.
func (w *ward) signOutElsewhere() {
	w.t.Helper()
	_, err := chromedp.Call(w.ctx, network.ClearBrowserCookies, cdp.Empty{})
	require.NoError(w.t, err)
}

func TestAnswersOfAnEndedSessionCountAfterSigningIn(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.choose(rightAnswers(t, "names-first"))
	w.signOutElsewhere()
	w.says(press)
	w.sees(onPage, "Your answers are safe")
	w.do(chromedp.Click(`//a[text()="Mercy Lakes Health"]`), chromedp.Click(`//button[.//*[text()="Noor Haddad"]]`))
	w.sees(atPath, "/attempts/")
	w.sees(onPage, "100")
	assert.Equal(t, "1", w.attempts(noorHaddad))
}

func TestWhoeverComesNextSeesNothingOfWhatADeviceKeeps(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.line.cut.Store(true)
	w.choose(rightAnswers(t, "names-first"))
	w.says(press)
	w.sees(bySending, "No connection.")

	w.line.cut.Store(false)
	w.signOutElsewhere()
	w.do(signIn(w.base, "Mercy Lakes Health", "Daniel Ostrowski"))
	w.sees(`(await outbox.all()).length`, "0")
	assert.Empty(t, w.says(onTop), "of answers that are not theirs")
	assert.Equal(t, "0", w.attempts(noorHaddad), "they wait for their learner")
	w.line.cut.Store(true)
	for _, path := range []string{"/modules/names-first", "/"} {
		w.open(path)
		assert.NotContains(t, w.says(`document.documentElement.innerHTML`), "Noor")
	}
	w.open("/modules/names-first")
	w.sees(onPage, "No module is kept on this device yet.")
	w.line.cut.Store(false)

	w.signOutElsewhere()
	w.do(signIn(w.base, "Mercy Lakes Health", "Noor Haddad"))
	assert.Equal(t, "1", w.attempts(noorHaddad))
	w.sees(onTop, "Answers that waited were sent.")
}

// Between the sign-in and the first page that comes for them, nobody knows whose
// browser it is.
func TestAKeptPageIsNotShownToSomebodyWhoSignsIn(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.open("/")
	w.sees(`Boolean(await (await caches.open("first5-pages")).match("/"))`, "true")
	w.signOutElsewhere()
	w.open("/signin")
	w.line.cutAt.Store("/")
	w.do(chromedp.Click(`//a[text()="Mercy Lakes Health"]`), chromedp.Click(`//button[.//*[text()="Daniel Ostrowski"]]`))
	w.sees(onPage, "No module is kept on this device yet.")
	assert.NotContains(t, w.says(`document.documentElement.innerHTML`), "Noor")

	w.line.cutAt.Store("")
	w.do(chromedp.Reload())
	w.sees(onPage, "Daniel Ostrowski")
	w.sees(isKept, "false")
}

func TestAConnectionThatHangsLeadsToTheCopy(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.line.hangAt.Store("/modules/names-first")
	w.open("/modules/names-first")
	w.sees(onPage, "Names first")
	w.sees(onTop, "Offline: this is the copy from")
}

// What can't be mended by waiting is said in the program's own words, and what was
// chosen stays on the device.
func TestAnswersThatAreRefusedAreShownWithAWayOn(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.choose(rightAnswers(t, "names-first"))
	w.says(`document.querySelector("main input:checked").value = "no-such-option"`)
	w.says(press)
	w.sees(bySending, "These answers are not to this module")
	w.sees(bySending, "Your answers stay on this device.")
	w.do(chromedp.Click(`//button[text()="See what can be done"]`))
	w.sees(onPage, "Your answers are kept in this page.")
	w.sees(`(await outbox.all()).length`, "1")
	assert.Equal(t, "0", w.attempts(noorHaddad))
}

// refused has answers on the device that the program does not take.
func (w *ward) refused() {
	w.t.Helper()
	w.choose(rightAnswers(w.t, "names-first"))
	w.says(`document.querySelector("main input:checked").value = "no-such-option"`)
	w.says(press)
	w.sees(bySending, "These answers are not to this module")
}

func TestAnswersThatAreRefusedCanBeDiscarded(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.refused()
	w.open("/modules/names-first")
	w.sees(bySending, "These answers are not to this module")
	w.do(chromedp.Click(`//button[text()="Discard these answers"]`), chromedp.WaitVisible(`//button[text()="Yes, discard"]`))
	assert.Equal(t, "1", w.says(`(await outbox.all()).length`), "it is asked once more")
	w.do(chromedp.Click(`//button[text()="Yes, discard"]`))
	w.sees(bySending, "Those answers are no longer on this device.")
	assert.Equal(t, "0", w.says(`(await outbox.all()).length`))
	assert.Equal(t, "0", w.says(`document.querySelectorAll("main input:checked").length`))
	w.open("/modules/names-first")
	w.sees(shownCard, "room")
	assert.Empty(t, w.says(bySending))
}

func TestAnswersThatCountTakeTheRefusedOnesBeforeThemAlong(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.refused()
	w.open("/modules/names-first")
	w.sees(bySending, "These answers are not to this module")
	w.choose(rightAnswers(t, "names-first"))
	w.says(press)
	w.sees(atPath, "/attempts/")
	w.sees(`(await outbox.all()).length`, "0")
}

func TestTheWayToTheSignInIsNotKeptInThePlaceOfAPage(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.signOutElsewhere()
	w.open("/modules/names-first")
	w.sees(atPath, "/signin")
	w.line.cut.Store(true)
	w.open("/modules/names-first")
	w.sees(onPage, "Names first")
	w.sees(atPath, "/modules/names-first")
}

func TestWhoeverGoesBackFromTheResultSendsAnotherAttempt(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.choose(answers(t, "names-first", false))
	w.says(press)
	w.sees(atPath, "/attempts/")
	w.says(`history.back()`)
	w.sees(atPath+` + Boolean(document.getElementById("page_sending"))`, "/modules/names-firsttrue")
	w.choose(rightAnswers(t, "names-first"))
	w.says(press)
	w.sees(atPath, "/attempts/")
	w.sees(onPage, "100")
	assert.Equal(t, "2", w.attempts(noorHaddad))
}

func TestSigningOutTakesTheKeptPagesAlong(t *testing.T) {
	w := newWard(t)
	w.reads("Noor Haddad")
	w.do(signOut())
	w.line.cut.Store(true)
	w.open("/modules/names-first")
	w.sees(onPage, "No module is kept on this device yet.")
}

func TestAPageOfAnOlderVersionOfTheProgramGoesOn(t *testing.T) {
	w := newWard(t)
	w.line.older.Store(true)
	w.reads("Noor Haddad")
	assert.Contains(t, w.says(`document.querySelector("link[rel=stylesheet]").href`), "/static/older-")
	w.choose(rightAnswers(t, "names-first"))

	w.line.older.Store(false)
	// The worker of the new version is in force at the next page, in another window.
	w.says(`await (await navigator.serviceWorker.ready).update()`)
	w.sees(`(await (await caches.open("first5-files")).keys()).filter((kept) => kept.url.endsWith("first5.css")).length`, "2")
	w.says(`caches.delete("first5-files")`) // and the files of the old one are gone
	w.says(`await new Promise((loaded) => {
		const old = document.querySelector("link[rel=stylesheet]");
		const again = old.cloneNode();
		again.onload = loaded;
		again.href += "?again";
		old.replaceWith(again);
	})`)
	w.sees(`getComputedStyle(document.querySelector(".top")).maxWidth`, "px")
	w.says(press)
	w.sees(atPath, "/attempts/")
	assert.Contains(t, w.says(`document.querySelector("link[rel=stylesheet]").href`), "/static/")
	assert.NotContains(t, w.says(`document.querySelector("link[rel=stylesheet]").href`), "older")
	assert.Equal(t, "1", w.attempts(noorHaddad))
}
