package site_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"first5/app"
)

// transcript downloads one's own transcript, and returns its rows by the names of
// their columns.
func (b *browser) transcript() ([]map[string]string, page) {
	b.t.Helper()
	return byName(b.read("/learning/transcript.csv")), b.get("/learning/transcript.csv")
}

func TestATranscriptHasAllThatTheLearnerCompletedTheLatestFirst(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	b.answer("greet", right())
	h.clock.pass(time.Hour)
	b.answer("listen", nil)
	p := b.get("/learning/transcript")
	assert.Equal(t, 200, p.status)
	words := p.text()
	assert.Contains(t, words, "Transcript Noor Haddad Mercy Lakes Health")
	assert.Less(t, strings.Index(words, "Listen on"), strings.Index(words, "Greet first"))
	assert.Contains(t, words, "Passed 100 %")
	assert.Contains(t, words, "Read –", "nothing was graded")
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))

	rows, file := b.transcript()
	assert.Len(t, rows, 2)
	assert.Equal(t, "listen", rows[0]["module"])
	assert.Equal(t, "Noor Haddad", rows[1]["name"])
	assert.Equal(t, "100", rows[1]["score"])
	assert.Equal(t, h.url+"/certificates/"+rows[1]["certificate_id"], rows[1]["certificate_address"])
	assert.Equal(t, "/certificates/"+rows[1]["certificate_id"], p.link(rows[1]["certificate_id"]))
	assert.Regexp(t, `^attachment; filename="first5-transcript-\d{4}-\d\d-\d\d\.csv"$`, file.header.Get("Content-Disposition"))
	assert.Equal(t, "no-store", file.header.Get("Cache-Control"))

	printed := b.get("/learning/transcript.pdf?paper=a4")
	_, said := printed.document(t)
	for _, words := range []string{"Transcript", "Noor Haddad", "Mercy Lakes Health", "Listen on", "Greet first", "Passed", "100 %", rows[0]["certificate_id"], "Page 1 of 1"} {
		assert.Contains(t, said, tight(words))
	}
	assert.Less(t, strings.Index(said, tight("Listen on")), strings.Index(said, tight("Greet first")))
	assert.Regexp(t, `^inline; filename="first5-transcript-\d{4}-\d\d-\d\d\.pdf"$`, printed.header.Get("Content-Disposition"))
	assert.Equal(t, 422, b.get("/learning/transcript.pdf?paper=foolscap").status)
}

func TestATranscriptIsOnesOwnAlone(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	for _, person := range []string{daniel, manager, others} {
		b := h.as(person)
		p := b.get("/learning/transcript?learner=ml-20417")
		assert.Contains(t, p.text(), "Nothing is on record yet.")
		assert.NotContains(t, p.body, "Haddad")
		rows, _ := b.transcript()
		assert.Empty(t, rows)
		_, said := b.get("/learning/transcript.pdf").document(t)
		assert.Contains(t, said, tight("Nothing is on record yet."))
		assert.NotContains(t, said, "Haddad")
	}
	for _, path := range []string{"/learning/transcript", "/learning/transcript.pdf", "/learning/transcript.csv"} {
		assert.Equal(t, "/signin", h.browser().get(path).url.Path, path)
	}
}

func TestATranscriptLeavesOutWhatIsNotComplete(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	b.answer("greet", wrong())
	assert.NotContains(t, b.get("/learning/transcript").text(), "Greet first")
	rows, _ := b.transcript()
	assert.Empty(t, rows)
}

func TestAWithdrawnCertificateIsMarkedInTheTranscript(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	h.as(manager).withdraw(path, "Somebody else took the quiz.")
	b := h.as(noor)
	today := h.training.Now().UTC().Format("2 January 2006")
	p := b.get("/learning/transcript")
	assert.Contains(t, p.text(), "Withdrawn on "+today)
	rows, file := b.transcript()
	assert.NotEmpty(t, rows[0]["withdrawn_at"])
	_, said := b.get("/learning/transcript.pdf").document(t)
	assert.Contains(t, said, "withdrawn")
	for _, told := range []string{p.body, file.body, said} {
		assert.NotContains(t, tight(told), tight("Somebody else took"), "the reason is not for here")
	}
	_, said = b.in("es", "/learning/transcript.pdf").document(t)
	assert.Contains(t, said, tight("Historial académico"))
	assert.Contains(t, said, "retirado")
	assert.Contains(t, b.in("es", "/learning/transcript").text(), "Retirado el")
}

func TestATranscriptInASpreadsheetRunsNothing(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	h.publish(renamed(t, `'=cmd|" /C calc"!A0'`))
	b.answer("greet", right())
	rows, _ := b.transcript()
	assert.Equal(t, `'=cmd|" /C calc"!A0`, rows[0]["title"])
	_, said := b.get("/learning/transcript.pdf").document(t)
	assert.Contains(t, said, tight(`=cmd|" /C calc"!A0`), "on paper it is what it is")
}

func TestATitleInLettersThatThePDFLacksIsPrintedFromThePage(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	h.publish(renamed(t, "你好"))
	b.answer("greet", right())
	assert.Contains(t, b.get("/learning/transcript").text(), "你好")
	p := b.get("/learning/transcript.pdf")
	assert.Equal(t, 422, p.status)
	assert.Equal(t, "/learning/transcript", p.link("Open the page"))
}

func TestWhoWasReleasedDidNotComplete(t *testing.T) {
	for status, word := range map[app.Status]string{app.Passed: "completed", app.Read: "completed", app.TestedOut: "completed", app.Waived: "was released from"} {
		h := newHouse(t)
		path := h.given(app.Completion{Status: status, Name: "Ana", Title: "Greet first", Institution: "Mercy"})
		_, said := h.browser().get(path + ".pdf").document(t)
		assert.Contains(t, said, tight("Ana "+word+" Greet first"), status)
		assert.Contains(t, h.browser().get(path).text(), "Ana "+word+" Greet first", status)
	}
}
