package paper_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"strings"
	"sync"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/paper"
)

func TestACertificateSaysWhoCompletedWhatAndWhen(t *testing.T) {
	text := said(t, certificate(t, ofAna(), paper.A4, english))
	for _, words := range []string{
		"First 5 Minutes", "Certificate of completion", "This certifies that", "Ana Núñez, MD", "completed", "Names first",
		"edition 2026, version 3", "score 92 %", "on 4 March 2026", "Mercy Lakes Health", "Carries 0.25 credits.",
		address, "Certificate k3v9q2m7x4b8n1p6r5t0w3y7z2a9c4d8",
	} {
		assert.Contains(t, text, tight(words))
	}
	assert.NotContains(t, strings.ToLower(text), "withdrawn")
}

func TestACertificateLeavesOutWhatDoesNotApply(t *testing.T) {
	tests := []struct {
		of        string
		change    func(*paper.Certificate)
		says, not string
	}{
		{"someone without a name", func(c *paper.Certificate) { c.Name = "" }, "A learner of Mercy Lakes Health", "Ana"},
		{"a name of spaces only", func(c *paper.Certificate) { c.Name = " \u00a0\u200b\n" }, "A learner of Mercy Lakes Health", "Ana"},
		{"someone whom a manager released", func(c *paper.Certificate) { c.Status = app.Waived }, "was released from", "completedNames"},
		{"someone who tested out", func(c *paper.Certificate) { c.Status = app.TestedOut }, "completed Names first", "released"},
		{"a module without graded questions", func(c *paper.Certificate) { c.Score = nil }, "edition 2026, version 3", "score"},
		{"a programme without credit", func(c *paper.Certificate) { c.Credit = "" }, "version 3", "credits"},
		{"something without versions", func(c *paper.Certificate) { c.Version = 0 }, "edition 2026 · score 92 %", "version"},
		{"something without editions", func(c *paper.Certificate) { c.Edition = "" }, "score 92 %", "edition"},
	}
	for _, test := range tests {
		t.Run(test.of, func(t *testing.T) {
			c := ofAna()
			test.change(&c)
			text := said(t, certificate(t, c, paper.Letter, english))
			assert.Contains(t, text, tight(test.says))
			assert.NotContains(t, text, test.not)
		})
	}
}

func TestAWithdrawnCertificateSaysSoAndLooksSo(t *testing.T) {
	c := ofAna()
	valid := colours(certificate(t, c, paper.A4, english))
	c.Withdrawn = "9 April 2026"
	r := certificate(t, c, paper.A4, english)
	text := said(t, r)
	assert.Contains(t, text, tight("This certificate was withdrawn on 9 April 2026. It is no longer valid."))
	assert.NotContains(t, text, tight("This certifies that"))
	large := 0.0
	for _, one := range pieces(r.Page(1)) {
		if one.aslant {
			large = max(large, one.size)
		}
	}
	assert.Greater(t, large, 80.0, "the word is written across the page")
	const teal = "0.043 0.365 0.369"
	assert.Contains(t, valid, teal)
	assert.NotContains(t, colours(r), teal, "nothing has a valid certificate's colour")
	assert.Contains(t, r.Trailer().Key("Info").Key("Title").Text(), "Withdrawn")
	c.Withdrawn = "\u200b"
	assert.Contains(t, said(t, certificate(t, c, paper.A4, english)), "nolongervalid", "even if nobody can read the day")
}

// colours returns what the first page is drawn with, colours and all.
func colours(r *pdf.Reader) string {
	var all bytes.Buffer
	in := r.Page(1).V.Key("Contents").Reader()
	defer in.Close()
	all.ReadFrom(in)
	return all.String()
}

func TestTheCodeLeadsToTheAddressInWords(t *testing.T) {
	for _, where := range []string{address, "http://localhost:8080/certificates/a", "https://learning.a-hospital-with-a-long-name.example.org/first-five-minutes/certificates/k3v9q2m7x4b8n1p6r5t0w3y7z2a9c4d8?from=paper&language=es-419"} {
		c := ofAna()
		c.Address = where
		r := certificate(t, c, paper.A4, english)
		picture, side := codeOn(t, r.Page(1))
		bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
		require.NoError(t, err)
		found, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
		require.NoError(t, err)
		assert.Equal(t, where, found.GetText())
		assert.GreaterOrEqual(t, side, 24.0, "millimetres")
		link := r.Page(1).V.Key("Annots").Index(0).Key("A").Key("URI").RawString()
		assert.Equal(t, where, link)
	}
}

// codeOn draws the modules that a page is printed with, the only rectangles on
// it that are so small, and says how long a side of the code is in millimetres.
func codeOn(t *testing.T, page pdf.Page) (image.Image, float64) {
	t.Helper()
	var modules []pdf.Rect
	left, low, right, top := math.Inf(1), math.Inf(1), 0.0, 0.0
	for _, r := range page.Content().Rect {
		if r.Max.Y-r.Min.Y < 5 {
			modules = append(modules, r)
			left, low, right, top = min(left, r.Min.X), min(low, r.Min.Y), max(right, r.Max.X), max(top, r.Max.Y)
		}
	}
	require.NotEmpty(t, modules)
	for _, b := range printed(t, page) {
		quiet := 4 * (modules[0].Max.Y - modules[0].Min.Y)
		code := box{left: left - quiet, right: right + quiet, low: low - quiet, top: top + quiet}
		assert.False(t, b.meets(code), "%q lies in the quiet zone", b.words)
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
	return picture, (right - left) * 25.4 / 72
}

func TestAnAddressThatMakesNoCodeMakesNoCertificate(t *testing.T) {
	for _, where := range []string{"", "https://first5.example.org/" + strings.Repeat("a", 400)} {
		c := ofAna()
		c.Address = where
		var out bytes.Buffer
		assert.Error(t, paper.WriteCertificate(&out, c, paper.A4, english))
		assert.Zero(t, out.Len())
	}
}

func TestACertificateLiesOnItsPaper(t *testing.T) {
	for size, sides := range map[paper.Paper][2]float64{paper.A4: {841.89, 595.28}, paper.Letter: {792, 612}} {
		r := certificate(t, ofAna(), size, english)
		assert.Equal(t, 1, r.NumPage())
		wide, high := sidesOf(r.Page(1))
		assert.InDelta(t, sides[0], wide, 0.01)
		assert.InDelta(t, sides[1], high, 0.01)
	}
	var out bytes.Buffer
	assert.ErrorContains(t, paper.WriteCertificate(&out, ofAna(), "a5", english), "choose a4 or letter")
	assert.Zero(t, out.Len())
}

func TestACertificateTellsProgramsWhatItIs(t *testing.T) {
	c := ofAna()
	c.Language = "es-419"
	r := certificate(t, c, paper.A4, english)
	info := r.Trailer().Key("Info")
	assert.Equal(t, "Names first · Certificate of completion", info.Key("Title").Text())
	assert.Equal(t, "First5", info.Key("Author").Text())
	assert.Equal(t, "es-419", r.Trailer().Key("Root").Key("Lang").RawString())
	c.Language = ") /Break (" // what is no language is left out, and can't break the file
	assert.True(t, certificate(t, c, paper.A4, english).Trailer().Key("Root").Key("Lang").IsNull())
}

func TestTheSameCertificateGivesTheSameBytes(t *testing.T) {
	var first bytes.Buffer
	require.NoError(t, paper.WriteCertificate(&first, ofAna(), paper.A4, english))
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			var again bytes.Buffer
			assert.NoError(t, paper.WriteCertificate(&again, ofAna(), paper.A4, english))
			assert.True(t, bytes.Equal(first.Bytes(), again.Bytes()))
		})
	}
	all.Wait()
	c := ofAna()
	c.Name = "Ana Nunez, MD"
	var other bytes.Buffer
	require.NoError(t, paper.WriteCertificate(&other, c, paper.A4, english))
	assert.False(t, bytes.Equal(first.Bytes(), other.Bytes()))
}
