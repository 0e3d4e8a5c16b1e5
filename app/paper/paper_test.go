package paper_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/ledongthuc/pdf"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"

	"first5/app"
	"first5/app/paper"
)

const address = "https://first5.example.org/certificates/k3v9q2m7x4b8n1p6r5t0w3y7z2a9c4d8"

func english(format string, args ...any) string { return fmt.Sprintf(format, args...) }

// wordy says everything 40 % longer, as other languages do.
func wordy(format string, args ...any) string {
	longer := strings.Repeat("nano ", len(format)*4/10/5+1)
	return fmt.Sprintf(longer+format, args...)
}

func ofAna() paper.Certificate {
	score := 92
	return paper.Certificate{
		Number: "k3v9q2m7x4b8n1p6r5t0w3y7z2a9c4d8", Name: "Ana Núñez, MD", Status: app.Passed,
		Title: "Names first", Edition: "2026", Version: 3, Score: &score, Day: "4 March 2026",
		Institution: "Mercy Lakes Health", Credit: "Carries 0.25 credits.",
		Address: address, Language: "en",
	}
}

func certificate(t *testing.T, c paper.Certificate, p paper.Paper, say paper.Words) *pdf.Reader {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, paper.WriteCertificate(&out, c, p, say))
	return opened(t, out.Bytes())
}

func transcript(t *testing.T, one paper.Transcript, p paper.Paper, say paper.Words) *pdf.Reader {
	t.Helper()
	var out bytes.Buffer
	require.NoError(t, paper.WriteTranscript(&out, one, p, say))
	return opened(t, out.Bytes())
}

func opened(t *testing.T, document []byte) *pdf.Reader {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(document), int64(len(document)))
	require.NoError(t, err)
	require.NotZero(t, r.NumPage())
	return r
}

// said is the text of a document without its spaces, of which a reader of such
// files can't tell where they were.
func said(t *testing.T, r *pdf.Reader) string {
	t.Helper()
	var all strings.Builder
	for n := 1; n <= r.NumPage(); n++ {
		all.WriteString(saidOn(r.Page(n)))
	}
	return all.String()
}

func saidOn(page pdf.Page) string {
	var all strings.Builder
	for _, one := range pieces(page) {
		all.WriteString(one.words)
	}
	return tight(all.String())
}

// piece is a run of letters on a page, set from a place in points.
type piece struct {
	words, font string
	size, x, y  float64
	aslant      bool
}

// pieces reads what a page is drawn with. Letters are in UTF-16, as the fonts of
// these documents number them.
func pieces(page pdf.Page) []piece {
	var all []piece
	now, around := piece{}, []piece{}
	pdf.Interpret(page.V.Key("Contents"), func(stack *pdf.Stack, op string) {
		args := make([]pdf.Value, stack.Len())
		for i := range args {
			args[len(args)-1-i] = stack.Pop()
		}
		switch op {
		case "q":
			around = append(around, now)
		case "Q":
			now, around = around[len(around)-1], around[:len(around)-1]
		case "cm":
			now.aslant = true
		case "Tf":
			now.font, now.size = page.Font(args[0].Name()).BaseFont(), args[1].Float64()
		case "Td":
			now.x, now.y = args[0].Float64(), args[1].Float64()
		case "Tj":
			raw := []byte(args[0].RawString())
			units := make([]uint16, len(raw)/2)
			for i := range units {
				units[i] = uint16(raw[2*i])<<8 | uint16(raw[2*i+1])
			}
			now.words = string(utf16.Decode(units))
			all = append(all, now)
		}
	})
	return all
}

func tight(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, text)
}

// box is where something was printed, in points from the lower left corner.
type box struct {
	words                    string
	left, right, low, top, y float64
}

func (b box) meets(other box) bool {
	return b.left < other.right && other.left < b.right && b.low < other.top && other.low < b.top
}

// printed finds each run of letters on a page, but for the word that is written
// across all of it.
func printed(t *testing.T, page pdf.Page) []box {
	t.Helper()
	regular, strong := parsed(t, "fonts/literata-regular.ttf"), parsed(t, "fonts/literata-semibold.ttf")
	var all []box
	for _, one := range pieces(page) {
		if one.aslant {
			continue
		}
		face := regular
		if strings.HasSuffix(one.font, "B") {
			face = strong
		}
		wide := width(t, face, one.words) * one.size
		all = append(all, box{words: one.words, left: one.x, right: one.x + wide, low: one.y, top: one.y + 0.66*one.size, y: one.y})
	}
	return all
}

func parsed(t *testing.T, file string) *sfnt.Font {
	t.Helper()
	data, err := os.ReadFile(file)
	require.NoError(t, err)
	f, err := sfnt.Parse(data)
	require.NoError(t, err)
	return f
}

// sidesOf returns a page's width and height in points.
func sidesOf(page pdf.Page) (wide, high float64) {
	media := page.V.Key("MediaBox")
	if media.IsNull() {
		media = page.V.Key("Parent").Key("MediaBox")
	}
	return media.Index(2).Float64(), media.Index(3).Float64()
}

// within checks that no text is nearer to an edge of the paper than so many
// millimetres, and that none lies on another.
func within(t *testing.T, page pdf.Page, margin float64, what string) {
	t.Helper()
	margin *= 72 / 25.4
	wide, high := sidesOf(page)
	all := printed(t, page)
	require.NotEmpty(t, all)
	for i, b := range all {
		inside := b.left >= margin && b.right <= wide-margin && b.low >= margin && b.top <= high-margin
		assert.True(t, inside, "%s: %q is outside of the margins", what, b.words)
		for _, other := range all[i+1:] {
			overlap := b.y != other.y && b.meets(other)
			assert.False(t, overlap, "%s: %q lies on %q", what, b.words, other.words)
		}
	}
}

// width is in sizes of the type.
func width(t *testing.T, f *sfnt.Font, text string) float64 {
	t.Helper()
	var buf sfnt.Buffer
	sum := 0.0
	for _, r := range text {
		glyph, err := f.GlyphIndex(&buf, r)
		require.NoError(t, err)
		require.NotZero(t, glyph, "no shape for %q", r)
		a, err := f.GlyphAdvance(&buf, glyph, fixed.I(1000), font.HintingNone)
		require.NoError(t, err)
		sum += float64(a) / 64 / 1000
	}
	return sum
}
