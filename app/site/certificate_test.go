package site_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// certified returns the path of the certificate that a person earns with "greet".
func (h *house) certified(person string) string {
	h.t.Helper()
	b := h.as(person)
	require.Contains(h.t, b.answer("greet", right()).text(), "Module completed")
	rows, _ := b.transcript()
	return "/certificates/" + rows[0]["certificate_id"]
}

// given puts a completion of "greet" by a physician of Mercy Lakes into the store,
// whatever its texts, and returns the path of its certificate.
func (h *house) given(c app.Completion) string {
	h.t.Helper()
	id := app.Identity{Institution: "mercy-lakes", Issuer: "https://idp.example", Subject: "given", Name: c.Name}
	p := app.Person{Learner: app.NewLearnerID(id.Issuer, id.Subject), Identity: id}
	err := h.store.SignIn(h.t.Context(), p, app.Session{Hash: "given", Learner: p.Learner}, func(app.Person) []app.Event { return nil })
	require.NoError(h.t, err)
	c.Certificate, c.At, c.Version = app.CertificateID(app.NewToken()), h.clock.now().UTC(), 1
	r := app.Record{
		ID: app.NewRecordID(p.Learner, "greet", "2026"), Institution: id.Institution, Learner: p.Learner,
		Module: "greet", Title: c.Title, Edition: "2026", Version: 1, StartedAt: c.At, ActiveAt: c.At,
	}
	_, err = h.store.SaveAttempt(h.t.Context(), r, app.Attempt{
		ID: "attempt-given", Record: r.ID, Learner: p.Learner, Module: "greet", Version: 1, Grade: content.Grade{}, At: c.At, Completion: &c,
	})
	require.NoError(h.t, err)
	return "/certificates/" + string(c.Certificate)
}

// document reads a PDF that was answered, and returns what it says without spaces.
func (p page) document(t *testing.T) (*pdf.Reader, string) {
	t.Helper()
	require.Equal(t, 200, p.status, p.body)
	require.Equal(t, "application/pdf", p.header.Get("Content-Type"))
	r, err := pdf.NewReader(strings.NewReader(p.body), int64(len(p.body)))
	require.NoError(t, err)
	var said strings.Builder
	for n := 1; n <= r.NumPage(); n++ {
		pdf.Interpret(r.Page(n).V.Key("Contents"), func(stack *pdf.Stack, op string) {
			args := make([]pdf.Value, stack.Len())
			for i := range args {
				args[len(args)-1-i] = stack.Pop()
			}
			if op != "Tj" {
				return
			}
			raw := []byte(args[0].RawString()) // in UTF-16
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			said.WriteString(string(utf16.Decode(units)))
		})
	}
	return r, tight(said.String())
}

func tight(text string) string { return strings.Join(strings.Fields(text), "") }

// width returns that of the paper, in points.
func width(r *pdf.Reader) float64 {
	return r.Page(1).V.Key("Parent").Key("MediaBox").Index(2).Float64()
}

// code returns what the code that is drawn on a page leads to.
func code(t *testing.T, p pdf.Page) string {
	t.Helper()
	var modules []pdf.Rect
	left, low, right, top := math.Inf(1), math.Inf(1), 0.0, 0.0
	for _, r := range p.Content().Rect {
		if r.Max.Y-r.Min.Y < 5 {
			modules = append(modules, r)
			left, low, right, top = min(left, r.Min.X), min(low, r.Min.Y), max(right, r.Max.X), max(top, r.Max.Y)
		}
	}
	const scale, quiet = 5, 40
	picture := image.NewGray(image.Rect(0, 0, int((right-left)*scale)+2*quiet, int((top-low)*scale)+2*quiet))
	for i := range picture.Pix {
		picture.Pix[i] = 255
	}
	for _, r := range modules {
		for y := math.Round((top - r.Max.Y) * scale); y < math.Round((top-r.Min.Y)*scale); y++ {
			for x := math.Round((r.Min.X - left) * scale); x < math.Round((r.Max.X-left)*scale); x++ {
				picture.Set(int(x)+quiet, int(y)+quiet, color.Black)
			}
		}
	}
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	require.NoError(t, err)
	found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	require.NoError(t, err)
	return found.GetText()
}

func TestWhoeverHasItsAddressSeesWhatACertificateProves(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	for who, b := range map[string]*browser{"nobody": h.browser(), "a colleague": h.as(daniel), "somebody elsewhere": h.as(others)} {
		p := b.get(path)
		assert.Equal(t, 200, p.status)
		for _, words := range []string{"Noor Haddad completed Greet first", "Mercy Lakes Health", "edition 2026, version 1", "Passed, score 100 %", h.url + "/certificates/", "This page is the proof"} {
			assert.Contains(t, p.text(), words, who)
		}
		for _, words := range []string{"noor.haddad@", "2073418560", "ml-20417", "attempt"} {
			assert.NotContains(t, p.body, words, "nothing but what it prints")
		}
		assert.NotContains(t, p.text(), "Download as PDF", who)
		assert.NotContains(t, p.text(), "Withdraw this certificate", who)
		assert.Equal(t, "noindex", p.header.Get("X-Robots-Tag"))
		assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
		assert.Empty(t, p.header.Get("First5-Keep"), "no device keeps it")
	}
	assert.Equal(t, 404, h.browser().get("/certificates/nobody").status)
	assert.Equal(t, 404, h.browser().get("/certificates/nobody.pdf").status)
}

func TestTheLearnerFindsTheLikelyPaperFirst(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	b := h.as(noor)
	for languages, letter := range map[string]bool{
		"en-US,en;q=0.9": true, "es-US": true, "es-MX,es;q=0.9": true, "en-CA": true, "en,en-PH;q=0.8": true, "es-419,es-CO;q=0.9": true,
		"en-GB,en-US;q=0.9": false, "es-ES,es;q=0.9": false, "es-AR": false, "es": false, "": false, ";;q=x": false,
	} {
		p := b.in(languages, path)
		a4, letterAt := strings.Index(p.body, ".pdf?paper=a4"), strings.Index(p.body, ".pdf?paper=letter")
		require.Positive(t, a4, languages)
		require.Positive(t, letterAt, languages)
		assert.Equal(t, letter, letterAt < a4, languages)
		document, _ := b.in(languages, path+".pdf").document(t)
		assert.Equal(t, letter, width(document) < 800, "%s: %f points", languages, width(document))
	}
	assert.Contains(t, b.get(path).body, "data-print hidden", "a button that only a script can make useful")
}

func TestACertificateIsPrintedAsItsPageSays(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	for of, wide := range map[string]float64{"a4": 841.89, "letter": 792} {
		p := h.browser().get(path + ".pdf?paper=" + of)
		document, said := p.document(t)
		for _, words := range []string{"This certifies that", "Noor Haddad", "completed", "Greet first", "Mercy Lakes Health", "score 100 %", h.url + path} {
			assert.Contains(t, said, tight(words))
		}
		assert.Equal(t, h.url+path, code(t, document.Page(1)), "a phone's camera finds its page")
		assert.InDelta(t, wide, width(document), 0.1)
		assert.Regexp(t, `^inline; filename="first5-certificate-greet-\d{4}-\d\d-\d\d\.pdf"$`, p.header.Get("Content-Disposition"))
		assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
		assert.Equal(t, "noindex", p.header.Get("X-Robots-Tag"))
	}
	p := h.browser().get(path + ".pdf?paper=a5")
	assert.Equal(t, 422, p.status)
	assert.Contains(t, p.text(), "There is no paper “a5”. Choose A4 or Letter on the page.")
	assert.Empty(t, p.header.Get("Content-Disposition"))
}

func TestACertificateSpeaksItsReadersLanguage(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	assert.Contains(t, h.browser().in("es", path).text(), "Se certifica que Noor Haddad completó Greet first")
	document, said := h.browser().in("es-MX", path+".pdf").document(t)
	for _, words := range []string{"Certificado de finalización", "Se certifica que", "completó", "edición 2026, versión 1", "puntuación: 100 %", "Compruebe este certificado en"} {
		assert.Contains(t, said, tight(words))
	}
	assert.Equal(t, "es", document.Trailer().Key("Root").Key("Lang").RawString())
}

func TestNamesOnACertificateAreTextWhateverTheyAre(t *testing.T) {
	for of, name := range map[string]string{
		"markup": `<script>alert(1)</script>`, "quotes": `Ana "Annie" O'Neill & Søn`, "200 letters": strings.Repeat("Núñez", 40),
		"nothing": "", "line breaks": "Ana\r\nNúñez",
	} {
		t.Run(of, func(t *testing.T) {
			h := newHouse(t)
			path := h.given(app.Completion{Status: app.Read, Name: name, Title: name + " first", Institution: "Mercy & Sons"})
			p := h.browser().get(path)
			assert.Equal(t, 200, p.status)
			assert.NotContains(t, p.body, "<script>alert")
			_, said := h.browser().get(path + ".pdf").document(t)
			shown := name
			if name == "" {
				shown = "A learner of Mercy & Sons"
			}
			assert.Contains(t, tight(p.text()), tight(shown))
			assert.Contains(t, said, tight(shown))
			assert.NotContains(t, p.text(), "score", "nothing was graded")
		})
	}
}

func TestANameInLettersThatThePDFLacksIsPrintedFromThePage(t *testing.T) {
	h := newHouse(t)
	path := h.given(app.Completion{Status: app.Passed, Name: "نور حداد", Title: "Greet first", Institution: "Mercy"})
	assert.Contains(t, h.browser().get(path).text(), "نور حداد")
	p := h.browser().get(path + ".pdf")
	assert.Equal(t, 422, p.status)
	assert.Contains(t, p.header.Get("Content-Type"), "text/html")
	assert.Empty(t, p.header.Get("Content-Disposition"))
	assert.Contains(t, p.text(), "The page itself shows them all: open it, and print it with your browser.")
	assert.Equal(t, path, p.link("Open the page"))
	assert.Contains(t, h.browser().in("es", path+".pdf").text(), "El PDF no puede mostrar todas las letras")
}

func TestManyDocumentsAtOnceAreAllMade(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	answers := make(chan page)
	for range 8 {
		go func() { answers <- h.browser().get(path + ".pdf?paper=a4") }()
	}
	first := <-answers
	for range 7 {
		assert.True(t, bytes.Equal([]byte(first.body), []byte((<-answers).body)), "the same certificate is the same file")
	}
	first.document(t)
}

func TestDocumentsAreLimited(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	b := h.browser()
	for range 60 {
		require.Equal(t, 422, b.get(path+".pdf?paper=none").status)
	}
	p := b.get(path + ".pdf")
	assert.Equal(t, 429, p.status)
	assert.NotEmpty(t, p.header.Get("Retry-After"))
	assert.Equal(t, 200, b.get(path).status, "the page itself is not")
}

// withdraw sends the form that a manager finds on a certificate's page.
func (b *browser) withdraw(path, reason string) page {
	b.t.Helper()
	return b.send(b.get(path), "/withdraw", url.Values{"reason": {reason}})
}

func TestAManagerWithdrawsACertificate(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	b := h.as(manager)
	offered := b.get(path).text()
	assert.Contains(t, offered, "Withdraw this certificate")
	assert.Contains(t, offered, "It can’t be undone.")
	p := b.withdraw(path, "Somebody else took the quiz.")
	assert.Equal(t, 200, p.status)
	assert.Equal(t, path, p.url.Path)
	assert.Equal(t, "/audit?kind=certificate_withdrawn", p.link("Why stands in the audit trail"))
	assert.Contains(t, b.get("/audit?kind=certificate_withdrawn").text(), "Somebody else took the quiz.")

	today := h.training.Now().UTC().Format("2 January 2006")
	for who, b := range map[string]*browser{"nobody": h.browser(), "the learner": h.as(noor), "the manager": b} {
		p := b.get(path)
		assert.Equal(t, 200, p.status, who)
		assert.Contains(t, p.text(), "This certificate was withdrawn Since "+today+" it is no longer valid.", who)
		for _, words := range []string{"This certifies that", "This page is the proof", "Somebody else took", "Withdraw this certificate", "Download as PDF"} {
			assert.NotContains(t, p.text(), words, who)
		}
	}
	_, said := h.browser().get(path + ".pdf").document(t)
	assert.Contains(t, said, tight("This certificate was withdrawn on "+today+". It is no longer valid."))
	assert.NotContains(t, said, tight("Somebody else took"))
	_, said = h.browser().in("es", path+".pdf").document(t)
	assert.Contains(t, said, "Retirado")
	assert.Contains(t, h.browser().in("es", path).text(), "Este certificado fue retirado")
}

func TestACertificateIsWithdrawnOnce(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	b := h.as(manager)
	form := b.get(path)
	require.Equal(t, 200, b.withdraw(path, "The first reason.").status)
	again := b.send(form, "/withdraw", url.Values{"reason": {"The second reason."}})
	assert.Equal(t, 409, again.status)
	assert.Contains(t, again.text(), "It is withdrawn already")
	assert.Equal(t, path, again.link("See the certificate"))
	trail := b.get("/audit?kind=certificate_withdrawn").text()
	assert.Contains(t, trail, "The first reason.")
	assert.NotContains(t, trail, "The second reason.")
}

func TestAWithdrawalWithoutAGoodReasonIsAskedAgain(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	b := h.as(manager)
	for reason, wrong := range map[string]string{
		"":                                       "It is not withdrawn yet: write why, in a few words.",
		" \r\n ":                                 "It is not withdrawn yet: write why, in a few words.",
		"<b>" + strings.Repeat("ñ", 278):         "the reason is too long. Make it shorter. At most 280 characters.",
		"</textarea>" + strings.Repeat("x", 400): "the reason is too long.",
	} {
		p := b.withdraw(path, reason)
		assert.Equal(t, 422, p.status)
		assert.Contains(t, p.text(), wrong)
		assert.NotContains(t, p.body, "<b>ñ", "what was written is text")
		if strings.TrimSpace(reason) != "" {
			assert.Contains(t, p.text(), reason, "and is kept")
		}
		assert.Contains(t, h.browser().get(path).text(), "This page is the proof", "nothing has happened")
	}
	p := b.send(b.in("es", path), "/withdraw", url.Values{"reason": {""}, "lang": {"es"}})
	assert.Equal(t, 422, p.status)
}

func TestAReasonOutlivesTheSession(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	b := h.as(manager)
	form := b.get(path)
	h.clock.pass(8 * 24 * time.Hour)

	held := b.send(form, "/withdraw", url.Values{"reason": {"Somebody else took the quiz."}})
	assert.Equal(t, 401, held.status)
	assert.Contains(t, held.text(), "The reason is kept in this page.")
	assert.Contains(t, held.body, `target="_blank"`, "signing in leaves the page where it is")
	_, fields := held.form(t, "/withdraw")
	assert.Equal(t, "Somebody else took the quiz.", fields.Get("reason"))

	b.signIn(manager, "")
	asked := b.send(held, "/withdraw", nil)
	assert.Equal(t, 403, asked.status, "a page of an older session withdraws nothing by itself")
	assert.Contains(t, asked.text(), "It is not withdrawn yet: the page was older than your session. Read it once more, and send it.")
	assert.Contains(t, asked.body, "Somebody else took the quiz.</textarea>")
	assert.Contains(t, h.browser().get(path).text(), "This page is the proof")
	done := b.send(asked, "/withdraw", url.Values{"reason": {"Somebody else took the quiz."}})
	assert.Equal(t, 200, done.status)
	assert.Contains(t, h.browser().get(path).text(), "This certificate was withdrawn")
	late := b.post(path+"/withdraw", fields)
	assert.Equal(t, 403, late.status, "and once it is, nothing is asked any more")
	assert.NotContains(t, late.body, "<textarea")
}

func TestNobodyElseWithdrawsACertificate(t *testing.T) {
	h := newHouse(t)
	path := h.certified(noor)
	for who, b := range map[string]*browser{"its learner": h.as(noor), "another learner": h.as(daniel), "an educator": h.as(teacher), "another's manager": h.as(others)} {
		assert.NotContains(t, b.get(path).body, "/withdraw", who)
		_, fields := b.get("/account").form(t, "/signout")
		fields.Set("reason", "Spite.")
		p := b.post(path+"/withdraw", fields)
		assert.Equal(t, 403, p.status, who)
	}
	assert.Equal(t, 401, h.browser().post(path+"/withdraw", url.Values{"reason": {"Spite."}}).status)
	_, fields := h.as(manager).get(path).form(t, "/withdraw")
	fields.Set("reason", "Spite.")
	assert.Equal(t, 403, h.as(manager).postFrom("https://evil.example", h.url+path+"/withdraw", fields).status, "nor from another site")
	fields.Set("csrf", "guessed")
	assert.Equal(t, 403, h.as(manager).post(path+"/withdraw", fields).status)
	assert.Contains(t, h.browser().get(path).text(), "This page is the proof")

	b := h.as(manager)
	_, fields = b.get("/account").form(t, "/signout")
	fields.Set("reason", "A reason.")
	assert.Equal(t, 404, b.post("/certificates/nobody/withdraw", fields).status)
}
