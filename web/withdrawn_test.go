package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// inside returns what stands between two marks of a page.
func inside(t *testing.T, page, from, to string) string {
	t.Helper()
	_, rest, found := strings.Cut(page, from)
	assert.True(t, found, from)
	part, _, found := strings.Cut(rest, to)
	assert.True(t, found, to)
	return part
}

func TestAWithdrawnCertificateIsNoStepThatIsDone(t *testing.T) {
	home := render(t, pages()["home, one withdrawn"])
	assert.Contains(t, home, "1 of 4 done")
	step := inside(t, home, `<li class="gone">`, "</li>")
	assert.Contains(t, step, `<span class="tag gone">Withdrawn</span>`)
	assert.NotContains(t, step, "Done")
	assert.NotContains(t, home, "You have completed every module", "since one of them counts for nothing")
	assert.Contains(t, home, "There is no module left for you to take.")
	assert.Contains(t, render(t, pages()["home, all done"]), "You have completed every module")

	list := render(t, pages()["catalogue"])
	assert.Equal(t, 1, strings.Count(list, `<span class="tag gone">Withdrawn</span>`))
	assert.Equal(t, 1, strings.Count(list, "Completed <time"))
}

const withdrawnNote = `Your certificate was withdrawn on <time datetime="2026-03-04T12:00:00Z" data-shown="day">4 March 2026</time>. ` +
	"Ask your institution’s office for medical education. Passing this edition again earns no new certificate."

func TestItsLearnerIsToldWhereverTheyMeetIt(t *testing.T) {
	for _, name := range []string{"module, withdrawn", "result, withdrawn", "result, failed since"} {
		page := render(t, pages()[name])
		assert.Contains(t, page, withdrawnNote, name)
		for _, words := range []string{"Module completed", "You completed this module", "stays completed", "Completed on", `class="outcome reached"`, "reached-mark", "cert.pdf", "office alone"} {
			assert.NotContains(t, page, words, name)
		}
	}
	assert.NotContains(t, render(t, pages()["module, withdrawn"]), "/certificates/")
	assert.Contains(t, render(t, pages()["certificate, own, withdrawn"]), "Passing this edition again earns no new certificate.")
	for _, name := range []string{"certificate, withdrawn", "certificate, withdrawn by the viewer", "certificate, own", "module, completed", "result, passed"} {
		assert.NotContains(t, render(t, pages()[name]), "earns no new certificate", name)
	}
	assert.Contains(t, render(t, pages()["result, failed"]), "The module stays completed.")
}

func TestTheOfficeSeesThatACertificateWasWithdrawn(t *testing.T) {
	page := render(t, pages()["records, withdrawn"])
	assert.Equal(t, 1, strings.Count(page, `<span class="tag">Passed</span> <span class="tag gone">Certificate withdrawn</span>`))
	assert.Equal(t, 1, strings.Count(page, `class="tag done"`), "the other one is")
	assert.NotContains(t, page, "secret")
}

func TestWhoTakesTheQuizAtOnceIsToldWhoAsksForItAndWhoSeesWhat(t *testing.T) {
	for _, name := range []string{"cover, required", "quiz, at once"} {
		page := render(t, pages()[name])
		for _, words := range []string{"Required by The &lt;b&gt;office&lt;/b&gt;, to be done by 4 March 2026.", "New staff begin here.", "Mercy &amp; Sons sees",
			"when and how (read, or the quiz at once), your best score and how often you tried.", "Only you are shown"} {
			assert.Contains(t, page, words, name)
		}
	}
	assert.NotContains(t, render(t, pages()["quiz"]), "Only you are shown", "who has begun was told on the cover")
	assert.Contains(t, render(t, pages()["account"]), "when and how (read, or the quiz at once)")
}
