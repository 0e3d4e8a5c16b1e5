package site_test

import (
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stay is a module after which a learner keeps something.
const stay = `---
title: Stay a while
summary: Two minutes more.
minutes: 3
edition: "2026"
objectives: [Stay]
authors: [A. Educator]
pass: 66
---

## The clock {#clock}

It ticks.

## Your last visit {#last}

` + "```reflect\nWhen did *you* stay?\n```" + `

## Tomorrow {#tomorrow}

` + "```commit\nTake a chair\nLook up\nWait\nSay when I am back\n```" + `

## What first? {#first}

- [x] Stay

  Indeed, as [the clock](#clock) tells.
- [ ] Go

  CLOCKFEEDBACK It [ticks](#clock).

## What then? {#then}

- [x] Look up
- [ ] Type

  They wait.

## And at last? {#end}

- [x] Say goodbye

  RIGHTGOODBYE It costs nothing.
- [ ] Leave

  See [tomorrow](#tomorrow).
`

const stayInSpanish = `---
title: Quédese un rato
summary: Dos minutos más.
objectives: [Quedarse]
---

## El reloj {#clock}

Hace tictac.

## Su última visita {#last}

` + "```reflect\n¿Cuándo se quedó *usted*?\n```" + `

## Mañana {#tomorrow}

` + "```commit\nTomar una silla\nMirar\nEsperar\nDecir cuándo vuelvo\n```" + `

## ¿Qué primero? {#first}

- [x] Quedarse

  En efecto, como dice [el reloj](#clock).
- [ ] Irse

  Hace [tictac](#clock).

## ¿Y luego? {#then}

- [x] Mirar
- [ ] Teclear

  Esperan.

## ¿Y por último? {#end}

- [x] Despedirse

  No cuesta nada.
- [ ] Irse

  Vea [mañana](#tomorrow).
`

const program = "---\ntitle: First 5 Minutes\naudience: Physicians\norder: [stay, hush]\n---\n\nA programme.\n"

const hush = `---
title: Hush
summary: Nothing is asked here.
minutes: 1
edition: "2026"
objectives: [Listen]
authors: [A. Educator]
---

## Quiet {#quiet}

You wait.
`

func shelf(files map[string]string) fstest.MapFS {
	folder := fstest.MapFS{}
	for name, text := range files {
		folder["first-5-minutes/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return folder
}

// staying is a house with the module.
func staying(t *testing.T) *house {
	t.Helper()
	h := newHouse(t)
	h.publish(shelf(map[string]string{"program.md": program, "stay/module.md": stay, "stay/module.es.md": stayInSpanish, "hush/module.md": hush}))
	return h
}

var (
	stays  = url.Values{"q.first": {"stay"}, "q.then": {"look-up"}, "q.end": {"say-goodbye"}}
	leaves = url.Values{"q.first": {"go"}, "q.then": {"look-up"}, "q.end": {"leave"}}
)

// reflects writes to the module's private question.
func (b *browser) reflects(text string) {
	b.t.Helper()
	p := b.get("/modules/stay")
	_, fields := p.form(b.t, "/attempts")
	fields.Set("r.last", text)
	fields.Set("save", "last")
	require.Equal(b.t, 200, b.post("/modules/stay/reflections", fields).status)
}

// again sends the answers of somebody who has begun the module.
func (b *browser) again(answers url.Values) page {
	b.t.Helper()
	return b.send(b.get("/modules/stay"), "/attempts", answers)
}

func TestAfterAModuleALearnerChoosesWhatToTry(t *testing.T) {
	b := staying(t).as(noor)
	asked := b.answer("stay", stays)
	assert.Equal(t, 200, asked.status)
	assert.Equal(t, "no-store", asked.header.Get("Cache-Control"))
	for _, shown := range []string{"Module completed", "Stay a while", "100 %", "3 of 3 right", "66 % completes the module",
		"Completed on", "Mercy Lakes Health can see from now on", "It never sees your answers", "What will you try?", "Look up", "Not now", "Next: Hush 1 minute"} {
		assert.Contains(t, asked.text(), shown)
	}
	assert.Contains(t, asked.body, `href="/modules/stay#clock"`, "links to cards lead into the module")

	later := b.get(asked.link("Not now"))
	assert.NotContains(t, later.text(), "What will you try?")
	assert.Contains(t, later.text(), "Next: Hush")
	assert.Contains(t, b.get(later.link("Choose something to try")).text(), "What will you try?")

	chosen := b.send(asked, "/commitments", url.Values{"c": {"look-up", "wait"}, "own": {"Phone <b>Mr Novak</b>"}})
	assert.Equal(t, asked.url.Path, chosen.url.Path, "back on the result")
	assert.Contains(t, chosen.text(), "You will try: Look up Wait Phone <b>Mr Novak</b>")
	assert.NotContains(t, chosen.text(), "What will you try?")
	assert.NotContains(t, chosen.body, "<b>Mr Novak")
	assert.Contains(t, chosen.text(), "Next: Hush 1 minute")
	certificate := b.get(chosen.link("See the certificate"))
	assert.Contains(t, certificate.text(), "Noor Haddad completed Stay a while")

	form := b.get(chosen.link("Change"))
	assert.Equal(t, 2, strings.Count(form.body, " checked"))
	changed := b.send(form, "/commitments", url.Values{"c": {"take-a-chair"}})
	assert.Equal(t, asked.url.Path, changed.url.Path)
	assert.Contains(t, changed.text(), "You will try: Take a chair It waits")
}

func TestAChoiceThatCanNotBeKeptComesBackWithWhatIsWrong(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	long := strings.Repeat("ward ", 60)
	for name, test := range map[string]struct {
		fields url.Values
		says   string
	}{
		"nothing":       {url.Values{"own": {" "}}, "Nothing is chosen yet. Choose at least one, or write your own."},
		"too many":      {url.Values{"c": {"take-a-chair", "look-up", "wait"}, "own": {"Phone"}}, "That is more than 3."},
		"too long":      {url.Values{"c": {"wait"}, "own": {long}}, "Your own words are longer than 280 characters."},
		"not proposed":  {url.Values{"c": {"wait", "ghost"}}, "The module does not propose that any more."},
		"markup in own": {url.Values{"c": {"take-a-chair", "look-up", "wait"}, "own": {`"><script>`}}, "That is more than 3."},
	} {
		t.Run(name, func(t *testing.T) {
			p := b.send(b.answer1("stay"), "/commitments", test.fields)
			assert.Equal(t, 422, p.status)
			assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
			assert.Contains(t, p.text(), test.says)
			assert.Contains(t, p.body, `id="page_wrong"`)
			assert.Contains(t, p.body, "page_wrong\"", "what is wrong describes the fields")
			for _, id := range test.fields["c"] {
				if id != "ghost" {
					assert.Contains(t, p.body, `value="`+id+`" checked`, "what was chosen is kept")
				}
			}
			assert.NotContains(t, p.body, "<script>alert")
			_, fields := p.form(t, "/commitments")
			assert.NotEmpty(t, fields.Get("return"))
			done := b.send(p, "/commitments", url.Values{"c": {"wait"}})
			assert.Contains(t, done.text(), "You will try: Wait")
		})
	}
	assert.Contains(t, b.get("/learning").text(), "What you mean to do Wait Stay a while")
}

// answer1 returns the page of what to try, of a module that was begun or not.
func (b *browser) answer1(slug string) page {
	b.t.Helper()
	return b.get("/modules/" + slug + "/commitments?edition=2026&return=/modules/" + slug + "/attempts/" + b.attempt(slug))
}

// attempt completes a module and returns the id of the attempt.
func (b *browser) attempt(slug string) string {
	b.t.Helper()
	p := b.get("/modules/" + slug)
	if strings.Contains(p.body, "/begin") {
		p = b.open(slug)
	}
	result := b.send(p, "/attempts", stays)
	return result.url.Path[strings.LastIndex(result.url.Path, "/")+1:]
}

func TestOwnWordsOutliveTheSession(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	asked := b.answer("stay", stays)
	words := url.Values{"own": {"Phone Mr Novak"}}
	h.clock.pass(8 * 24 * time.Hour)

	held := b.send(asked, "/commitments", words)
	assert.Equal(t, 401, held.status)
	assert.Contains(t, held.text(), "You are signed out")
	assert.Contains(t, held.text(), "What you chose is kept in this page.")
	assert.Contains(t, held.body, `target="_blank"`, "signing in leaves the page where it is")
	assert.Contains(t, held.link("Sign in"), "/signin?return=%2Fmodules%2Fstay")
	_, fields := held.form(t, "/commitments")
	assert.Equal(t, "Phone Mr Novak", fields.Get("own"))

	b.signIn(noor, "")
	assert.Contains(t, b.send(held, "/commitments", nil).text(), "You will try: Phone Mr Novak", "from a page of the older session")

	other := h.as(daniel)
	assert.Equal(t, 403, other.send(asked, "/commitments", words).status, "another's page chooses for nobody")
	assert.NotContains(t, other.get("/learning").text(), "Novak")
	fields.Set("page", "forged")
	assert.Equal(t, 403, h.browser().post("/modules/stay/commitments", fields).status)
	assert.Equal(t, 403, b.post("/modules/stay/commitments", fields).status)
}

func TestWhatToTryIsChosenAfterTheModule(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	for _, step := range []struct {
		name string
		do   func()
	}{
		{"not begun", func() {}},
		{"begun", func() { b.open("stay") }},
		{"fallen short", func() { b.again(leaves) }},
	} {
		step.do()
		early := b.get("/modules/stay/commitments?edition=2026")
		assert.Equal(t, 409, early.status, step.name)
		assert.Contains(t, early.text(), "First complete the module", step.name)
		assert.Equal(t, "/modules/stay", early.link("Open the module"), step.name)
	}
	_, fields := b.get("/modules/stay").form(t, "/attempts") // with a ticket, as the form would have one
	fields.Set("own", "Phone Mr Novak")
	early := b.post("/modules/stay/commitments", fields)
	assert.Equal(t, 409, early.status)
	_, kept := early.form(t, "/commitments")
	assert.Equal(t, "Phone Mr Novak", kept.Get("own"))
	assert.NotContains(t, b.get("/learning").text(), "Novak")
	assert.Contains(t, b.in("es", "/modules/stay/commitments").text(), "Primero complete el módulo")

	b.again(stays)
	b.send(early, "/commitments", nil)
	assert.Contains(t, b.get("/learning").text(), "What you mean to do Phone Mr Novak")
}

func TestWhatIsMeantIsDoneUndoneAndTakenAway(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	b.send(b.answer("stay", stays), "/commitments", url.Values{"c": {"look-up", "wait"}})
	p := b.get("/learning")
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	assert.Contains(t, p.text(), "What you mean to do Look up Stay a while")

	done := b.send(p, "/learning/commitments", url.Values{"do": {"done"}}) // the first one
	assert.Contains(t, done.text(), "Done: well tried.")
	assert.Contains(t, done.body, "<s>Look up</s>")
	assert.Less(t, strings.Index(done.body, ">Wait<"), strings.Index(done.body, "<s>Look up</s>"), "what is done stands at the end")

	_, fields := done.form(t, "/learning/commitments")
	fields.Set("text", "Look up")
	fields.Set("do", "undo")
	undone := b.post("/learning/commitments", fields)
	assert.NotContains(t, undone.body, "<s>")
	assert.Contains(t, undone.text(), "It waits for you again.")

	fields.Set("do", "drop")
	dropped := b.post("/learning/commitments", fields)
	assert.Contains(t, dropped.text(), "Taken away.")
	assert.NotContains(t, dropped.text(), "Look up")

	fields.Set("do", "explode")
	assert.Equal(t, 400, b.post("/learning/commitments", fields).status)
	fields.Set("csrf", "forged")
	assert.Equal(t, 403, b.post("/learning/commitments", fields).status)
}

func TestAnotherPersonsRecordChangesNothing(t *testing.T) {
	h := staying(t)
	owner, other := h.as(noor), h.as(daniel)
	owner.send(owner.answer("stay", stays), "/commitments", url.Values{"c": {"wait"}})
	owner.reflects("Mine alone.")
	_, theirs := owner.get("/learning").form(t, "/learning/commitments")
	csrf := func(p page, action string) string { _, f := p.form(t, action); return f.Get("csrf") }(other.get("/learning"), "/signout")

	for _, sent := range []struct {
		path   string
		fields url.Values
	}{
		{"/learning/commitments", url.Values{"do": {"done"}, "text": {"Wait"}}},
		{"/learning/commitments", url.Values{"do": {"drop"}, "text": {"Wait"}}},
		{"/learning/reflections", url.Values{"do": {"one"}, "id": {"last"}}},
		{"/learning/reflections", url.Values{"do": {"all"}}},
	} {
		sent.fields.Set("csrf", csrf)
		sent.fields.Set("record", theirs.Get("record"))
		assert.Equal(t, 200, other.post(sent.path, sent.fields).status)
	}
	assert.NotContains(t, owner.get("/learning").body, "<s>")
	assert.Contains(t, owner.get("/learning").text(), "Wait")
	assert.Contains(t, owner.get("/learning/reflections").text(), "Mine alone.")
	assert.NotContains(t, other.get("/learning/reflections.md").body, "Mine alone.")

	_, fields := owner.get("/modules/stay/commitments").form(t, "/commitments")
	fields.Set("csrf", csrf)
	fields.Set("c", "look-up")
	assert.Equal(t, 403, other.post("/modules/stay/commitments", fields).status, "a page that was made for somebody else serves nobody")
	assert.NotContains(t, other.get("/learning").text(), "Look up")
}

func TestManagersSeeNothingOfWhatALearnerKeeps(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	b.open("stay")
	b.reflects("SECRETTHOUGHT on the ward.")
	b.send(b.again(stays), "/commitments", url.Values{"own": {"SECRETPLAN for Monday"}})
	certificate := b.get("/learning").link("Stay a while")
	require.Contains(t, certificate, "/certificates/")
	require.Contains(t, b.get("/learning/reflections").text(), "SECRETTHOUGHT")
	require.Contains(t, b.get("/learning").text(), "SECRETPLAN")

	for name, viewer := range map[string]*browser{"the manager": h.as(manager), "the teacher": h.as(teacher), "another institution's manager": h.as(others), "a stranger": h.browser()} {
		for _, path := range []string{"/", "/modules", "/modules/stay", "/modules/stay/commitments", "/learning", "/learning/reflections", "/learning/reflections.md",
			"/learning/transcript", "/learning/transcript.csv", "/records", "/records?q=Noor", "/records?q=SECRETPLAN", "/records.csv", "/audit", "/audit.csv", "/studio", "/account", "/search?q=SECRETPLAN", certificate} {
			body := viewer.get(path).body
			for _, own := range []string{"q=SECRETPLAN", "q%3DSECRETPLAN", `value="SECRETPLAN"`, "“SECRETPLAN”"} { // what they searched for themselves
				body = strings.ReplaceAll(body, own, "")
			}
			assert.NotContains(t, body, "SECRET", "%s at %s", name, path)
		}
	}
	assert.NotContains(t, h.log.String(), "SECRET")
}

func TestLearningShowsWhatIsBegunAtItsCard(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	b.open("stay")
	p := b.get("/modules/stay")
	assert.Equal(t, "/modules/stay", b.get("/learning").link("Stay a while"))
	h.clock.pass(time.Second)
	_, fields := p.form(t, "/attempts")
	fields.Set("card", "last")
	b.post("/modules/stay/place", fields)
	assert.Equal(t, "/modules/stay#last", b.get("/learning").link("Stay a while"))
	spanish := b.in("es", "/learning")
	assert.Equal(t, "/modules/stay#last", spanish.link("Quédese un rato"), "by the title in the reader's language")
	assert.Contains(t, spanish.text(), "Empezado Quédese un rato")
}
