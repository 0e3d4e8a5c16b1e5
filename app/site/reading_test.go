package site_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// sitDown is a module with a private question, a conversation's worth of cards,
// a pocket card and one question that counts.
const sitDown = `---
title: Sit down
summary: A chair before the first question.
minutes: 3
edition: "2026"
objectives:
  - Sit
authors: [A. Educator]
pass: 80
---

## The chair {#chair}

It stands by the window.

## Your last visit {#last}

` + "```reflect\nWhen did you last sit?\n```" + `

## Keep this {#keep .pocket}

Sit before you ask.

## What first? {#first}

- [ ] Ask

  Sit first. [The chair](#chair)
- [x] Sit

  Yes.
- [ ] Type

  Later.
`

// reading is a house with the module, and a physician who has begun it.
func reading(t *testing.T) (*house, *browser) {
	t.Helper()
	h := newHouse(t)
	h.publish(fstest.MapFS{
		"first-5-minutes/program.md":         {Data: []byte("---\ntitle: First\naudience: Physicians\norder: [sit-down]\n---\n\nA programme.\n")},
		"first-5-minutes/sit-down/module.md": {Data: []byte(sitDown)},
	})
	b := h.as(noor)
	b.open("sit-down")
	return h, b
}

// told sends the fields of a page and some more as a script of it does.
func (b *browser) told(p page, path string, more url.Values) page {
	b.t.Helper()
	_, fields := p.form(b.t, "/attempts")
	for name, values := range more {
		fields[name] = values
	}
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, strings.NewReader(fields.Encode()))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	r.Header.Set("Origin", b.base)
	r.Header.Set("Accept", "application/json")
	return b.do(r)
}

func TestALearnerGoesOnAtTheCardOnAnotherDevice(t *testing.T) {
	h, phone := reading(t)
	p := phone.get("/modules/sit-down")
	assert.NotContains(t, p.body, "data-card=", "nobody has moved yet")
	assert.Equal(t, 204, phone.told(p, "/modules/sit-down/place", url.Values{"card": {"last"}}).status)

	desk := h.as(noor).get("/modules/sit-down")
	assert.Contains(t, desk.body, `data-card="last"`)
	assert.NotContains(t, h.as(daniel).open("sit-down").body, "data-card=", "somebody else begins at the beginning")

	phone.send(p, "/attempts", url.Values{"q.first": {"ask"}})
	assert.NotContains(t, h.as(noor).get("/modules/sit-down").body, "data-card=", "who has sent their answers begins anew")
}

func TestAPlaceThatCantBeIsNotKept(t *testing.T) {
	h, b := reading(t)
	p := b.get("/modules/sit-down")
	assert.Equal(t, 422, b.told(p, "/modules/sit-down/place", url.Values{"card": {"nowhere"}}).status)
	assert.Equal(t, 403, h.as(daniel).told(p, "/modules/sit-down/place", url.Values{"card": {"last"}}).status, "nor from another's page")
	stranger := h.browser()
	signedOut := stranger.told(p, "/modules/sit-down/place", url.Values{"card": {"last"}})
	assert.Equal(t, 401, signedOut.status)
	assert.Equal(t, "/modules/sit-down/place", signedOut.url.Path, "a script is led nowhere")
	assert.NotContains(t, b.get("/modules/sit-down").body, "data-card=")
}

func TestAReflectionIsSavedWithoutScriptsAndStandsInItsField(t *testing.T) {
	_, b := reading(t)
	p := b.get("/modules/sit-down")
	back := b.sendTo(p, "/modules/sit-down/reflections", url.Values{"r.last": {"Not today.\r\n<b>Tomorrow</b>."}, "save": {"last"}})
	assert.Equal(t, 200, back.status)
	assert.Equal(t, "last", back.url.Fragment, "back at its card")
	assert.Contains(t, back.body, "Not today.\n&lt;b&gt;Tomorrow&lt;/b&gt;.</textarea>")

	b.sendTo(back, "/modules/sit-down/reflections", url.Values{"r.last": {""}, "save": {"last"}})
	assert.NotContains(t, b.get("/modules/sit-down").body, "Tomorrow", "what is emptied is gone")
}

// sendTo sends the form of a module's page to another address, as one of its
// buttons does.
func (b *browser) sendTo(p page, path string, more url.Values) page {
	b.t.Helper()
	_, fields := p.form(b.t, "/attempts")
	for name, values := range more {
		fields[name] = values
	}
	return b.postFrom(b.base, b.base+path, fields)
}

func saved(t *testing.T, p page) (text, mark string) {
	t.Helper()
	require.Equal(t, 200, p.status, p.body)
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	var kept struct{ Text, Mark string }
	require.NoError(t, json.Unmarshal([]byte(p.body), &kept))
	return kept.Text, kept.Mark
}

func TestWhatTwoDevicesWriteAtOnceIsBothKept(t *testing.T) {
	_, b := reading(t)
	phone, desk := b.get("/modules/sit-down"), b.get("/modules/sit-down")
	write := func(p page, text, mark string) page {
		return b.told(p, "/modules/sit-down/reflections", url.Values{"r.last": {text}, "w.last": {mark}, "save": {"last"}})
	}
	text, first := saved(t, write(phone, "On the phone.", ""))
	assert.Equal(t, "On the phone.", text)
	assert.NotEmpty(t, first)

	both, second := saved(t, write(desk, "At the desk.", ""))
	assert.Contains(t, both, "On the phone.")
	assert.Contains(t, both, "At the desk.")
	assert.NotEqual(t, first, second)

	own, _ := saved(t, write(desk, "Only this.", second))
	assert.Equal(t, "Only this.", own, "who has seen what is kept may change it")
}

func TestAReflectionIsNeverWrittenWithoutASession(t *testing.T) {
	h, b := reading(t)
	p := b.get("/modules/sit-down")
	fields := url.Values{"r.last": {"A private thought."}, "save": {"last"}}
	signedOut := h.browser()

	assert.Equal(t, 401, signedOut.told(p, "/modules/sit-down/reflections", fields).status)
	held := signedOut.sendTo(p, "/modules/sit-down/reflections", fields)
	assert.Equal(t, 401, held.status)
	assert.Contains(t, held.text(), "What you wrote is kept in this page.")
	assert.Contains(t, held.body, `target="_blank"`, "signing in leaves the page where it is")
	assert.NotContains(t, b.get("/modules/sit-down").body, "A private thought.")

	signedOut.signIn(noor, "")
	back := signedOut.send(held, "/reflections", nil)
	assert.Contains(t, back.body, "A private thought.", "nothing was lost")

	other := h.as(daniel)
	other.open("sit-down")
	assert.Equal(t, 403, other.sendTo(p, "/modules/sit-down/reflections", fields).status, "another's page writes for nobody")
	assert.NotContains(t, other.get("/modules/sit-down").body, "A private thought.")
}

func TestWhatCantBeSavedStaysInThePageThatSaysSo(t *testing.T) {
	_, b := reading(t)
	p := b.get("/modules/sit-down")
	unknown := b.sendTo(p, "/modules/sit-down/reflections", url.Values{"r.nothing": {"Lost?"}, "q.first": {"ask"}})
	assert.Equal(t, 422, unknown.status)
	_, fields := unknown.form(t, "/reflections")
	assert.Equal(t, "Lost?", fields.Get("r.nothing"))
	assert.Empty(t, fields.Get("q.first"), "answers are no reflection")

	tooLong := strings.Repeat("ä", app.LongestReflection+1)
	long := b.sendTo(p, "/modules/sit-down/reflections", url.Values{"r.last": {tooLong}})
	assert.Equal(t, 422, long.status)
	assert.Contains(t, long.text(), "At most 8,000 characters.")
	_, fields = long.form(t, "/reflections")
	assert.Equal(t, tooLong, fields.Get("r.last"))
	lines := strings.Repeat("\r\n", 100) + strings.Repeat("a", app.LongestReflection-100)
	assert.Equal(t, 200, b.sendTo(p, "/modules/sit-down/reflections", url.Values{"r.last": {lines}}).status, "a line's end is one character")
}

func TestWhatWasWrittenGoesWithTheAnswersWhereNoScriptRuns(t *testing.T) {
	h, b := reading(t)
	fields := url.Values{"r.last": {"A private thought."}, "q.first": {"sit"}}
	p := b.get("/modules/sit-down")
	assert.Equal(t, 200, b.send(p, "/attempts", fields).status)
	assert.Contains(t, b.get("/modules/sit-down").body, "A private thought.</textarea>")

	other := h.as(daniel)
	page := other.open("sit-down")
	gone := h.browser()
	held := gone.send(page, "/attempts", fields)
	assert.Equal(t, 401, held.status)
	assert.Contains(t, held.text(), "Your answers are kept and count as soon as you sign in.")
	gone.signIn(daniel, "")
	assert.Contains(t, gone.send(held, "/reflections", nil).body, "A private thought.</textarea>")
	assert.Len(t, byName(h.as(manager).records()), 2)
	assert.Contains(t, gone.get("/learning").text(), "Sit down", "and the answers counted")
}

func TestWhatTwoDevicesWroteAtLengthIsKeptByThePageThatCameLast(t *testing.T) {
	_, b := reading(t)
	phone, desk := b.get("/modules/sit-down"), b.get("/modules/sit-down")
	here, there := strings.Repeat("p", app.LongestReflection), strings.Repeat("d", app.LongestReflection)
	b.sendTo(phone, "/modules/sit-down/reflections", url.Values{"r.last": {here}})
	held := b.sendTo(desk, "/modules/sit-down/reflections", url.Values{"r.last": {there}})
	assert.Equal(t, 422, held.status)
	assert.Contains(t, held.text(), "Both texts together are too long")
	assert.Contains(t, held.body, `target="_blank"`, "the module opens beside the page that holds it")
	_, fields := held.form(t, "/reflections")
	assert.Equal(t, there, fields.Get("r.last"))
	assert.Equal(t, 422, b.told(desk, "/modules/sit-down/reflections", url.Values{"r.last": {there}}).status)

	b.sendTo(b.get("/modules/sit-down"), "/modules/sit-down/reflections", url.Values{"r.last": {"Shorter."}, "w.last": b.marked("last")})
	both := b.send(held, "/reflections", nil)
	assert.Contains(t, both.body, there+"\n\nShorter.</textarea>")
	assert.Contains(t, both.body, `maxlength="8010"`, "and can be edited whole")
}

// marked returns the mark of what is kept of a question.
func (b *browser) marked(prompt string) []string {
	b.t.Helper()
	_, fields := b.get("/modules/sit-down").form(b.t, "/attempts")
	return fields["w."+prompt]
}

func TestEightThousandCharactersOfAnyWritingAreSaved(t *testing.T) {
	_, b := reading(t)
	for _, letter := range []string{"病", "م", "🩺"} {
		text := strings.Repeat(letter, app.LongestReflection)
		fields := url.Values{"r.last": {text}, "w.last": b.marked("last")}
		back := b.sendTo(b.get("/modules/sit-down"), "/modules/sit-down/reflections", fields)
		require.Equal(t, 200, back.status, letter)
		assert.Contains(t, back.body, "\n"+text+"</textarea>")
		fields = url.Values{"r.last": {text + "."}, "w.last": b.marked("last"), "q.first": {"ask"}}
		held := b.send(b.get("/modules/sit-down"), "/attempts", fields)
		assert.Equal(t, 422, held.status, letter)
	}
}

func TestWhatIsTooLongHoldsUpNoAnswersAndIsNotLost(t *testing.T) {
	h, b := reading(t)
	long := strings.Repeat("ä", app.LongestReflection+1)
	held := b.send(b.get("/modules/sit-down"), "/attempts", url.Values{"r.last": {long}, "r.nothing": {"Lost?"}, "q.first": {"sit"}})
	assert.Equal(t, 422, held.status)
	assert.Contains(t, held.text(), "Your answers are counted. What you wrote is not saved yet.")
	assert.Contains(t, held.text(), "At most 8,000 characters.")
	_, fields := held.form(t, "/reflections")
	assert.Equal(t, long, fields.Get("r.last"))
	assert.Equal(t, "Lost?", fields.Get("r.nothing"))
	assert.Empty(t, fields.Get("q.first"))
	assert.Equal(t, "passed", byName(h.as(manager).records())[0]["status"])
	assert.Contains(t, held.body, `href="/modules/sit-down/attempts/`+fields.Get("attempt")+`" target="_blank"`, "the result opens beside it")
	assert.Contains(t, b.get("/modules/sit-down/attempts/"+fields.Get("attempt")).text(), "Module completed")
}

func TestASaveWithoutAScriptSaysThatItOpensThePageAnew(t *testing.T) {
	_, b := reading(t)
	assert.Contains(t, b.get("/modules/sit-down").body, "<noscript><span class=\"quiet small\">Saving opens the page anew: choose your answers after it.</span></noscript>")
}

func TestNobodyElseReadsAReflection(t *testing.T) {
	h, b := reading(t)
	p := b.get("/modules/sit-down")
	saved(t, b.told(p, "/modules/sit-down/reflections", url.Values{"r.last": {"A private thought."}, "save": {"last"}}))
	boss := h.as(manager)
	boss.open("sit-down")
	for _, path := range []string{"/modules/sit-down", "/records", "/records.csv", "/audit"} {
		assert.NotContains(t, boss.get(path).body, "A private thought.", path)
	}
	assert.NotContains(t, h.log.String(), "A private thought.")
}

func TestWhoKnowsItAlreadyTakesTheQuizAlone(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	quiz := b.get("/modules/greet/quiz")
	assert.Equal(t, 200, quiz.status)
	for _, shown := range []string{"2 questions", "80 % passes", "Whom do you greet?", "What do you say?"} {
		assert.Contains(t, quiz.text(), shown)
	}
	assert.NotContains(t, quiz.text(), "You sit down.", "the cards are left out")
	assert.NotContains(t, quiz.text(), "How was your day?", "and what does not count")
	assert.NotContains(t, quiz.body, "RIGHT")
	assert.Contains(t, b.get("/modules/greet").text(), "Begin", "looking at the questions begins nothing")

	result := b.send(quiz, "/attempts", url.Values{"q.whom": {"the-patient"}, "q.say": {"your-name", "your-role"}})
	assert.Contains(t, result.text(), "100 %")
	assert.Equal(t, "tested_out", byName(h.as(manager).records())[0]["status"])
}

func TestWhoHasReadTheCardsHasPassedAndNotTestedOut(t *testing.T) {
	h, b := reading(t)
	p := b.get("/modules/sit-down")
	require.Equal(t, 204, b.told(p, "/modules/sit-down/place", url.Values{"card": {"keep"}}).status)
	b.send(b.get("/modules/sit-down/quiz"), "/attempts", url.Values{"q.first": {"sit"}})
	assert.Equal(t, "passed", byName(h.as(manager).records())[0]["status"])
}

func TestOnlyTheProgramSaysThatThePageWasTheQuizAlone(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	answers := url.Values{"q.whom": {"the-patient"}, "q.say": {"your-name", "your-role"}, "quiz": {"1"}}
	b.send(b.open("greet"), "/attempts", answers)
	assert.Equal(t, "passed", byName(h.as(manager).records())[0]["status"])

	// The answers of a quiz that were kept while nobody was signed in stay those of a quiz.
	other := h.as(daniel)
	quiz := other.get("/modules/greet/quiz")
	h.browser().send(quiz, "/attempts", answers)
	other.signIn(daniel, "")
	statuses := []string{}
	for _, row := range byName(h.as(manager).records()) {
		statuses = append(statuses, row["status"])
	}
	assert.ElementsMatch(t, []string{"passed", "tested_out"}, statuses)
}

func TestAModuleWithoutQuestionsHasNoQuizAndOneWithoutACardNoPocketPage(t *testing.T) {
	b := newHouse(t).as(noor)
	quiz := b.get("/modules/listen/quiz")
	assert.Equal(t, 404, quiz.status)
	assert.Contains(t, quiz.text(), "This module has no quiz")
	card := b.get("/modules/listen/pocket")
	assert.Equal(t, 404, card.status)
	assert.Contains(t, card.text(), "This module has no pocket card")
	assert.NotContains(t, b.open("listen").body, "/modules/listen/pocket")
	for _, path := range []string{"/modules/nothing/quiz", "/modules/nothing/pocket"} {
		assert.Equal(t, 404, b.get(path).status, path)
	}
}

func TestThePocketCardStandsAlone(t *testing.T) {
	_, b := reading(t)
	assert.Contains(t, b.get("/modules/sit-down").body, `href="/modules/sit-down/pocket"`)
	card := b.get("/modules/sit-down/pocket")
	assert.Equal(t, 200, card.status)
	assert.Contains(t, card.text(), "Sit before you ask.")
	assert.NotContains(t, card.text(), "by the window")
}

func TestTheOptionsStandElsewhereAtTheNextAttempt(t *testing.T) {
	_, b := reading(t)
	values := regexp.MustCompile(`name="q\.first" value="([^"]+)"`)
	shown := func(path string) (order []string) {
		for _, found := range values.FindAllStringSubmatch(b.get(path).body, -1) {
			order = append(order, found[1])
		}
		return order
	}
	before := shown("/modules/sit-down")
	assert.Equal(t, []string{"ask", "sit", "type"}, before, "at first as their author wrote them")
	for range 3 {
		b.send(b.get("/modules/sit-down"), "/attempts", url.Values{"q.first": {"ask"}})
		now := shown("/modules/sit-down")
		assert.NotEqual(t, before, now)
		assert.ElementsMatch(t, before, now)
		assert.Equal(t, now, shown("/modules/sit-down/quiz"), "on both pages alike")
		before = now
	}
}
