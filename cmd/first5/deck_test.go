package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

const inHand = "names-first"

// device is a browser with scripts, on which somebody reads a module.
type device struct {
	t    *testing.T
	ctx  context.Context
	base string
}

// devices returns two, on each of which the same physician has signed in.
func devices(t *testing.T) (phone, desk device) {
	t.Helper()
	phone = newPhone(t)
	ctx, cancel := chromedp.NewContext(phone.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(cancel)
	desk = device{t, ctx, phone.base}
	desk.do(still, chromedp.EmulateViewport(1280, 800), signIn(phone.base, "Mercy Lakes Health", physician))
	return phone, desk
}

// still makes the pages move nothing by themselves, so that what is pressed is
// where it was seen.
func still(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}},
	})
	return chromedp.Void{}, err
}

func newPhone(t *testing.T) device {
	t.Helper()
	d := device{t, newBrowser(t), startDemo(t)}
	d.do(still, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile), signIn(d.base, "Mercy Lakes Health", physician), begin(d.base, inHand))
	return d
}

func (d device) do(steps ...step) {
	d.t.Helper()
	require.NoError(d.t, chromedp.Do(d.ctx, steps...))
}

func (d device) click(selector string) {
	d.t.Helper()
	d.do(chromedp.Click(chromedp.CSS(selector)))
}

func (d device) open(path string) {
	d.t.Helper()
	d.do(chromedp.Navigate(d.base+"/modules/"+inHand+path), chromedp.WaitVisible(chromedp.CSS(`.deck.ready`)))
}

// press presses keys, one after the other, as a person does.
func (d device) press(keys ...string) {
	d.t.Helper()
	for _, key := range keys {
		d.do(chromedp.KeyEvent(key))
	}
}

func (d device) says(script string) string {
	text, err := chromedp.Run(d.ctx, chromedp.Evaluate[string]("String("+script+")"))
	if err != nil {
		return "" // between two pages
	}
	return text
}

// sees waits until a script says something.
func (d device) sees(want, script string) {
	d.t.Helper()
	require.EventuallyWithT(d.t, func(c *assert.CollectT) { assert.Equal(c, want, d.says(script), script) }, time.Minute, 20*time.Millisecond)
}

// What a reader sees of the deck.
const (
	shownCard  = `[...document.querySelectorAll("#deck_cards > .card")].filter(c => c.checkVisibility()).map(c => c.id)`
	fragment   = `location.hash`
	reflection = `document.querySelector(".reflect textarea").value`
	savedOrNot = `document.querySelector(".reflect-state").textContent`
	focus      = `document.activeElement.id`
)

// cardsInHand returns the ids of a module's cards in the order in which they are read,
// and the question that each asks, if it counts.
func cardsInHand(t *testing.T) (ids []string, questions map[string]*content.Question) {
	t.Helper()
	questions = map[string]*content.Question{}
	for _, c := range builtIn(t, inHand).Cards {
		if c.Branch {
			continue
		}
		ids = append(ids, c.ID)
		if c.Question != nil && c.Question.Graded() {
			questions[c.ID] = c.Question
		}
	}
	return ids, questions
}

func TestAPhysicianCompletesAModuleCardByCardWithThePointer(t *testing.T) {
	d := newPhone(t)
	ids, questions := cardsInHand(t)
	right := rightAnswers(t, inHand)
	for i, id := range ids {
		d.sees(id, shownCard)
		assert.Equal(t, fmt.Sprintf("Card %d of %d", i+1, len(ids)), d.says(`document.getElementById("deck_count").textContent`))
		assert.Equal(t, fmt.Sprint(i+1), d.says(`document.getElementById("deck_progress").value`))
		if questions[id] != nil {
			d.click(fmt.Sprintf(`label:has([name="q.%s"][value="%s"])`, id, right[id]))
		}
		if i < len(ids)-1 {
			d.click(`#deck_next`)
		}
	}
	d.sees("Send my answers", `document.getElementById("deck_send").textContent`)
	result := words(t, d.ctx, chromedp.Click(chromedp.CSS(`#deck_send`)), chromedp.WaitVisible(chromedp.CSS(`.score`)))
	assert.Contains(t, result, "100\u00a0%")
}

func TestAPhysicianCompletesAModuleWithKeysAlone(t *testing.T) {
	d := newPhone(t)
	ids, questions := cardsInHand(t)
	for i, id := range ids {
		d.sees(id, shownCard)
		q := questions[id]
		if q == nil {
			d.press(kb.ArrowRight)
			continue
		}
		d.press(kb.Tab) // from the heading to the options
		for n, o := range q.Options {
			if n > 0 {
				d.press(kb.ArrowDown)
			}
			if o.Right {
				break
			}
		}
		d.press(" ")
		d.sees("true", fmt.Sprintf(`document.querySelector('[name="q.%s"][value="%s"]').checked`, id, rightAnswers(t, inHand)[id]))
		d.press(kb.Tab, kb.Tab, kb.Enter) // past Back to Next, or to sending
		if i < len(ids)-1 {
			d.sees(ids[i+1]+"-title", focus)
		}
	}
	d.do(chromedp.WaitVisible(chromedp.CSS(`.score`)))
	assert.Contains(t, words(t, d.ctx), "100\u00a0%")
}

func TestTheAddressFollowsTheCardAndGoesBack(t *testing.T) {
	d := newPhone(t)
	d.click(`#deck_next`)
	d.sees("#pause", fragment)
	d.sees("pause-title", focus)
	d.click(`#deck_next`)
	d.sees("#door", fragment)
	d.do(chromedp.NavigateBack())
	d.sees("pause", shownCard)
	d.do(chromedp.NavigateBack())
	d.sees("room", shownCard)
	d.do(chromedp.NavigateForward())
	d.sees("pause", shownCard)

	d.open("?again=1#full") // a branch, inside of a reply
	d.sees("door", shownCard)
	d.sees("true", `document.getElementById("full").checkVisibility()`)
	d.click(`#full .continue a`)
	cards := builtIn(t, inHand).Cards
	full := slices.IndexFunc(cards, func(c content.Card) bool { return c.ID == "full" })
	d.sees(cards[full].Next, shownCard)
}

func TestASourceOpensOverTheCardAndEscapeGoesBackToItsMark(t *testing.T) {
	d := newPhone(t)
	d.click(`#deck_next`)
	d.click(`#pause a[role=doc-noteref]`)
	d.sees("true", `document.getElementById("deck_note").open`)
	d.sees("true", `document.getElementById("deck_note").innerText.includes("BMJ Open")`)
	d.press(kb.ArrowRight)
	d.press(kb.Escape)
	d.sees("false", `document.getElementById("deck_note").open`)
	d.sees("doc-noteref", `document.activeElement.getAttribute("role")`)
	d.sees("pause", shownCard)
}

func TestAFingerTurnsTheCards(t *testing.T) {
	d := newPhone(t)
	d.swipe(300, 60)
	d.sees("pause", shownCard)
	d.swipe(60, 300)
	d.sees("room", shownCard)
}

// swipe draws a finger across the screen.
func (d device) swipe(from, to float64) {
	d.t.Helper()
	touch := func(kind input.DispatchTouchEventType, x ...float64) {
		points := []*input.TouchPoint{}
		for _, x := range x {
			points = append(points, &input.TouchPoint{X: x, Y: 400})
		}
		_, err := chromedp.Call(d.ctx, input.DispatchTouchEvent, input.DispatchTouchEventParams{Type: kind, TouchPoints: points})
		require.NoError(d.t, err)
	}
	touch(input.DispatchTouchEventTypeTouchStart, from)
	touch(input.DispatchTouchEventTypeTouchMove, (from+to)/2)
	touch(input.DispatchTouchEventTypeTouchMove, to)
	touch(input.DispatchTouchEventTypeTouchEnd)
}

func TestAnUnansweredQuestionIsToldAndShown(t *testing.T) {
	d := newPhone(t)
	ids, questions := cardsInHand(t)
	last := ids[len(ids)-1]
	d.open("?again=1#" + last)
	d.sees(fmt.Sprintf("%d unanswered", len(questions)), `document.getElementById("deck_send").textContent`)
	d.click(`#deck_send`)
	first := ids[len(ids)-len(questions)]
	d.sees(first, shownCard)
	d.sees(fmt.Sprintf("%d unanswered", len(questions)), `document.getElementById("deck_status").textContent`)
}

func TestAModuleBegunOnThePhoneGoesOnAtTheDesk(t *testing.T) {
	phone, desk := devices(t)
	phone.click(`#deck_next`)
	phone.click(`#deck_next`)
	phone.sees("door", shownCard)
	require.EventuallyWithT(t, func(c *assert.CollectT) {
		desk.open("")
		assert.Equal(c, "door", desk.says(shownCard))
	}, time.Minute, 200*time.Millisecond)
}

// privateCard is the card with the private question.
const privateCard = "#think"

func (d device) write(text string) {
	d.t.Helper()
	d.do(chromedp.SendKeys(chromedp.CSS(`.reflect textarea`), text))
}

func TestWhatIsWrittenOnOneDeviceIsOnTheOther(t *testing.T) {
	phone, desk := devices(t)
	phone.open("?again=1" + privateCard)
	phone.write("She asked me twice.")
	phone.sees("Saved", savedOrNot)
	desk.open("?again=1" + privateCard)
	desk.sees("She asked me twice.", reflection)
	desk.sees("false", `document.querySelector(".reflect button").checkVisibility()`)

	phone.write(" On the phone.")
	desk.write(" At the desk.")
	phone.sees("Saved", savedOrNot)
	desk.sees("Saved", savedOrNot)
	desk.open("?again=2" + privateCard)
	both := desk.says(reflection)
	assert.Contains(t, both, "On the phone.")
	assert.Contains(t, both, "At the desk.")
}

func TestWhatCantBeSavedIsKeptOnTheDeviceForItsWriterAlone(t *testing.T) {
	d := newPhone(t)
	d.open("?again=1" + privateCard)
	_, err := chromedp.Call(d.ctx, network.ClearBrowserCookies, cdp.Empty{})
	require.NoError(t, err)
	d.write("A private thought.")
	d.sees("true", savedOrNot+`.includes("kept on this device")`)

	d.do(signIn(d.base, "Mercy Lakes Health", "Daniel Ostrowski"), begin(d.base, inHand))
	d.open("?again=2" + privateCard)
	d.sees("", reflection)
	d.do(chromedp.Navigate(d.base+"/"), signOut(), signIn(d.base, "Mercy Lakes Health", physician))
	d.open("?again=3" + privateCard)
	d.sees("A private thought.", reflection)
	d.sees("Saved", savedOrNot)
	assert.NotContains(t, d.says(`JSON.stringify(localStorage)`), "A private thought.", "what is saved needs no copy")
}

func TestAConversationGoesOnAndAnotherReplyCanBeTried(t *testing.T) {
	d := newPhone(t)
	d.open("?again=1#door")
	replies := `[...document.querySelectorAll("#door .reply")].filter(r => r.checkVisibility()).length`
	d.sees("3", replies)
	d.click(`#door .reply:nth-of-type(1) > summary`)
	d.sees("1", replies)
	d.sees("stand", focus)
	d.sees("true", `document.getElementById("deck_said").textContent.startsWith("You: “Mr Ortiz?")`)

	d.click(`#door .reply[open] > .another`)
	d.sees("3", replies)
	d.sees("false", `document.getElementById("stand").checkVisibility()`)
	d.click(`#door .reply:nth-of-type(3) > summary`)
	d.sees("full", focus)
	d.sees("false", `document.getElementById("stand").checkVisibility()`)
	d.click(`#deck_next`)
	d.click(`#deck_back`)
	d.sees("true", `document.getElementById("full").checkVisibility()`) // what was said stays
}

func TestAnOptionOfPracticeIsAnsweredOnTheSpot(t *testing.T) {
	d := newPhone(t)
	d.open("?again=1#spelling")
	marks, err := json.Marshal([]string{`"✗"`, `"✓"`})
	require.NoError(t, err)
	d.click(`#spelling .option:nth-of-type(1) > summary`)
	d.click(`#spelling .option:nth-of-type(2) > summary`)
	d.sees(string(marks), `JSON.stringify([...document.querySelectorAll("#spelling .option[open] > summary")].map(s => getComputedStyle(s, "::before").content))`)
}

func TestAModuleInArabicIsReadFromRightToLeft(t *testing.T) {
	d := newArabicPhone(t)
	d.sees("rtl", `getComputedStyle(document.querySelector(".deck.ready")).direction`)
	d.sees("door", shownCard)
	d.sees("true", `(() => {
		const card = document.getElementById("door").getBoundingClientRect();
		const bubble = document.querySelector("#door .speech").getBoundingClientRect();
		return card.right - bubble.right < bubble.left - card.left;
	})()`)
	d.press(kb.ArrowRight)
	d.sees("door", shownCard)
	d.press(kb.ArrowLeft)
	d.sees("sit", shownCard)
	d.swipe(60, 300)
	d.sees("last", shownCard)
	d.press(kb.ArrowRight)
	d.sees("sit", shownCard)
}

// Our own words in a module are not read aloud, nor set, as if they were Arabic.
func TestOurOwnWordsInAModuleAreInTheLanguageOfThePage(t *testing.T) {
	d := newArabicPhone(t)
	for _, ours := range []string{".you", ".another", ".reflect-state", "#deck_count bdi", "#deck_left bdi", "#deck_status", "#deck_send"} {
		element := fmt.Sprintf("document.querySelector(%q)", ours)
		assert.Equal(t, "en", d.says(element+`.closest("[lang]").lang`), ours)
		assert.Equal(t, "ltr", d.says(element+`.closest("[dir]").dir`), ours)
	}
}

// newArabicPhone is a phone on which a physician has begun a module in Arabic.
func newArabicPhone(t *testing.T) device {
	t.Helper()
	h := newHospital(t)
	h.env["FIRST5_MODULES"] = "../../web/testdata/modules"
	d := device{t, newBrowser(t), h.base}
	t.Cleanup(h.serve())
	d.do(still, chromedp.EmulateViewport(360, 740, chromedp.EmulateMobile),
		signIn(d.base, "Mercy Lakes Health", physician), begin(d.base, "sit-first"), chromedp.WaitVisible(chromedp.CSS(`.deck.ready`)))
	return d
}

func TestDatesAreAsTheReaderWritesThem(t *testing.T) {
	d := newPhone(t)
	for accepts, written := range map[string]string{
		"en-US":       `^[A-Z][a-z]+ \d+, \d{4}$`,
		"fr-FR,en-US": `^[A-Z][a-z]+ \d+, \d{4}$`,
		"en-AU,en-US": `^\d+ [A-Z][a-z]+ \d{4}$`,
		"fr-FR":       `^\d+ [A-Z][a-z]+ \d{4}$`, // as the page writes them
		"es-MX":       `^\d+ de [a-z]+ de \d{4}$`,
	} {
		_, err := chromedp.Call(d.ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "Mozilla/5.0", AcceptLanguage: accepts})
		require.NoError(t, err)
		d.do(chromedp.Navigate(d.base+"/learning"), chromedp.WaitVisible(chromedp.CSS(`time[data-shown=day]`)))
		shown := ""
		require.EventuallyWithT(t, func(c *assert.CollectT) {
			shown = d.says(`document.querySelector("time[data-shown=day]").textContent`)
			assert.Regexp(c, written, shown, accepts)
		}, 10*time.Second, 50*time.Millisecond)
	}
}
