package site_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnAttemptThatFallsShortSaysWhatToReread(t *testing.T) {
	b := staying(t).as(noor)
	p := b.answer("stay", leaves)
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	for _, shown := range []string{"Not quite there yet", "33 %", "1 of 3 right", "1 more right answer would have completed it.",
		"there is no limit. Next time the options come in another order.", "What to reread The clock Tomorrow Your answers", "CLOCKFEEDBACK"} {
		assert.Contains(t, p.text(), shown)
	}
	assert.Equal(t, "/modules/stay#clock", p.link("The clock"))
	assert.Equal(t, "/modules/stay#tomorrow", p.link("Tomorrow"))
	assert.NotContains(t, p.body, "RIGHTGOODBYE", "what is right, and was not chosen, is not told yet")
	assert.NotContains(t, p.text(), "Say goodbye")
	assert.NotContains(t, p.body, "/certificates/")
	assert.NotContains(t, p.text(), "What will you try?")
	assert.Equal(t, "/modules/stay#first", p.link("Try again"), "at the first question: all cards were on the page")
	assert.Contains(t, b.again(stays).text(), "Module completed")
}

func TestWhoTookTheQuizAloneMayReadOrTakeItAgain(t *testing.T) {
	b := staying(t).as(noor)
	p := b.send(b.get("/modules/stay/quiz"), "/attempts", leaves)
	assert.Equal(t, "/modules/stay", p.link("Read the module first"))
	assert.Equal(t, "/modules/stay/quiz", p.link("Take the quiz again"))
	assert.Empty(t, p.link("Try again"))

	again := b.send(b.get("/modules/stay/quiz"), "/attempts", stays)
	assert.Contains(t, again.text(), "Completed: you knew it already")
	b.send(again, "/commitments", url.Values{"c": {"wait"}})
	assert.Contains(t, b.get("/learning").text(), "known already")
	assert.NotContains(t, b.again(stays).text(), "you knew it already", "only of the attempt that completed it")
}

func TestAModuleThatIsReadHasNoScore(t *testing.T) {
	b := staying(t).as(noor)
	p := b.answer("hush", nil)
	assert.Contains(t, p.text(), "Module completed Hush Completed on")
	assert.Contains(t, p.text(), "can see from now on that you completed it, and when.")
	assert.NotContains(t, p.text(), "%")
	assert.NotContains(t, p.text(), "Your answers")
	assert.NotContains(t, p.text(), "What will you try?", "it proposes nothing")
	assert.Contains(t, p.text(), "Next: Stay a while")
}

func TestNoResultIsADeadEnd(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	failed := b.answer("stay", leaves)
	passed := b.again(stays)
	later := b.again(leaves)
	assert.Contains(t, later.text(), "Not quite there yet")
	assert.Contains(t, later.text(), "The module stays completed.")
	assert.Contains(t, later.link("See the certificate"), "/certificates/")

	h.publish(shelf(map[string]string{"program.md": program, "stay/module.md": strings.Replace(stay, `"2026"`, `"2027"`, 1), "hush/module.md": hush}))
	for _, p := range []page{failed, passed, later} {
		again := b.get(p.url.Path)
		require.Equal(t, 200, again.status, "an older edition's")
		assert.Equal(t, 200, b.get("/modules/stay").status)
	}
	assert.Contains(t, b.get(passed.url.Path+"?later=1").text(), "Next: Hush", "the next one, of whatever is left")

	h.publish(shelf(map[string]string{"program.md": strings.Replace(program, "stay, ", "", 1), "hush/module.md": hush}))
	for _, p := range []page{failed, passed, later} {
		again := b.get(p.url.Path)
		assert.Equal(t, 200, again.status, "a withdrawn module's")
		assert.Equal(t, 200, b.get("/modules/stay").status, "which may still be read")
	}
	chosen := b.send(b.get(passed.url.Path), "/commitments", url.Values{"own": {"Sit"}})
	assert.Contains(t, chosen.text(), "You will try: Sit")
	assert.Equal(t, 200, b.get(chosen.link("Change")).status)

	b.send(b.get("/modules/hush"), "/begin", nil)
	last := b.send(b.get("/modules/hush"), "/attempts", nil)
	assert.Equal(t, "/learning", last.link("My learning"), "after the last one")
}

func TestAResultIsForItsLearnerAlone(t *testing.T) {
	h := staying(t)
	p := h.as(noor).answer("stay", leaves)
	for _, person := range []string{daniel, manager, teacher} {
		assert.Equal(t, 404, h.as(person).get(p.url.Path).status)
	}
	assert.Contains(t, h.browser().get(p.url.Path).url.Path, "/signin")
}

func TestAResultSpeaksTheReadersLanguage(t *testing.T) {
	b := staying(t).as(noor)
	path := b.answer("stay", stays).url.Path
	p := b.in("es", path)
	for _, shown := range []string{"Módulo completado", "Quédese un rato", "3 de 3 correctas", "¿Qué intentará?", "Mirar", "Ahora no"} {
		assert.Contains(t, p.text(), shown)
	}
	done := b.send(p, "/commitments", url.Values{"c": {"look-up"}})
	assert.Contains(t, done.text(), "You will try: Mirar", "as it was read when it was chosen")
}
