package web_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/app"
	"first5/web"
)

// released is the record of somebody without a name whom a manager released.
func released() app.Record {
	r := completed()
	c := *r.Completion
	c.Name, c.Status, c.Score, c.Credit = "", app.Waived, nil, "Carries <b>0.25</b> credits."
	r.Completion = &c
	return r
}

// takenBack is a record whose certificate was withdrawn.
func takenBack() app.Record {
	r := completed()
	c := *r.Completion
	c.Name = "Ana <b>Núñez</b>"
	r.Completion, r.Withdrawn = &c, &app.Withdrawal{At: noon.AddDate(0, 1, 0), Reason: "A secret reason."}
	return r
}

var papers = []web.Link{{Address: "/x.pdf?paper=letter", Words: web.T("Download as PDF, Letter")}, {Address: "/x.pdf?paper=a4", Words: web.T("Download as PDF, A4")}}

func TestAValidCertificateSaysWhatItProves(t *testing.T) {
	page := render(t, pages()["certificate"])
	for _, words := range []string{"This certifies that", "Ana", "completed", "Greet first", "on 4 March 2026", "Mercy", "edition 2026, version 3",
		"Passed, score 100\u00a0%", "Certificate cert", "https://first5.example/certificates/", "This page is the proof"} {
		assert.Contains(t, page, words)
	}
	for _, words := range []string{"ithdrawn on", "Withdraw this certificate", "Download", `class="withdrawn"`} {
		assert.NotContains(t, page, words)
	}
}

func TestAReleaseIsNoPass(t *testing.T) {
	page := render(t, pages()["certificate, own"])
	assert.Contains(t, page, "was released from")
	assert.Contains(t, page, "A learner of Mercy", "who has no name")
	assert.Contains(t, page, "Carries &lt;b&gt;0.25&lt;/b&gt; credits.", "what an author wrote is text")
	assert.NotContains(t, page, "score")
	assert.Less(t, strings.Index(page, "PDF, Letter"), strings.Index(page, "PDF, A4"), "the likely paper comes first")
}

func TestAWithdrawnCertificateNeverLooksValid(t *testing.T) {
	for _, name := range []string{"certificate, withdrawn", "certificate, own, withdrawn", "certificate, withdrawn by the viewer"} {
		page := render(t, pages()[name])
		_, body, _ := strings.Cut(page, "<main")
		assert.Less(t, strings.Index(body, "This certificate was withdrawn"), strings.Index(body, "What it said"), "it says so first")
		assert.Contains(t, body, "Since 4 April 2026 it is no longer valid.")
		for _, of := range []string{"This certifies that", `class="certificate`, "This page is the proof", "Download", "secret"} {
			assert.NotContains(t, body, of, name)
		}
		assert.Equal(t, name == "certificate, withdrawn by the viewer", strings.Contains(body, "/audit?kind=certificate_withdrawn"), name)
		assert.Equal(t, name == "certificate, own, withdrawn", strings.Contains(body, "Do you think that this is a mistake?"), name)
	}
}

func TestAReasonThatCanNotBeTakenComesBackWithWhatIsWrong(t *testing.T) {
	page := render(t, pages()["certificate, to withdraw"])
	assert.Contains(t, page, `<details class="withdraw" open>`)
	assert.Contains(t, page, `aria-invalid="true"`)
	assert.Contains(t, page, `aria-describedby="page_reason_wrong page_reason_hint"`)
	assert.Contains(t, page, "\n&lt;b&gt;Núñez&lt;/b&gt;</textarea>", "after the line break that browsers drop")
	assert.Contains(t, page, `maxlength="280"`)
}

func TestACertificateOfMuchIsSetSmaller(t *testing.T) {
	r := completed()
	assert.False(t, web.CertificatePage{Record: r}.Crowded())
	c := *r.Completion
	c.Name = strings.Repeat("Núñez ", 34)
	r.Completion = &c
	assert.True(t, web.CertificatePage{Record: r}.Crowded())
}

func TestATranscriptMarksWhatWasWithdrawn(t *testing.T) {
	page := render(t, pages()["transcript"])
	assert.Equal(t, 1, strings.Count(page, "Withdrawn on 4 April 2026"))
	assert.Equal(t, 1, strings.Count(page, `<tr class="gone">`))
	assert.Equal(t, 3, strings.Count(page, `href="/certificates/cert"`), "the number leads to the certificate")
	assert.NotContains(t, page, "secret")
	empty := render(t, pages()["transcript, empty"])
	assert.Contains(t, empty, "Nothing is on record yet.")
	assert.NotContains(t, empty, "<table")
	assert.NotContains(t, empty, "PDF")
}
