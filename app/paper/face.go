package paper

import (
	_ "embed"
	"fmt"

	"golang.org/x/image/font"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

//go:embed fonts/literata-regular.ttf
var regularFont []byte

//go:embed fonts/literata-semibold.ttf
var strongFont []byte

// family is the name under which a document knows both faces.
const family = "literata"

// display is the size in points from which letters are set closer where their
// shapes ask for it; below it nobody sees the difference.
const display = 14

// face is one weight of the typeface, and measures text in it. It serves one
// document: what it remembers can't be shared.
type face struct {
	font     *sfnt.Font
	style    string
	buf      sfnt.Buffer
	advances map[rune]float64
	kerns    map[[2]rune]float64
}

func newFace(data []byte, style string) (*face, error) {
	f, err := sfnt.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("reading the typeface: %w", err)
	}
	return &face{font: f, style: style, advances: map[rune]float64{}, kerns: map[[2]rune]float64{}}, nil
}

// has reports whether the face has a shape for a letter.
func (f *face) has(r rune) bool {
	return f.glyph(r) != 0
}

func (f *face) glyph(r rune) sfnt.GlyphIndex {
	g, err := f.font.GlyphIndex(&f.buf, r)
	if err != nil {
		return 0 // the shape for a letter that is not there
	}
	return g
}

// thousand makes the font measure in thousandths of the size.
const thousand = fixed.Int26_6(1000 << 6)

// advance is the width of a letter that stands alone.
func (f *face) advance(r rune) float64 {
	known, ok := f.advances[r]
	if ok {
		return known
	}
	a, err := f.font.GlyphAdvance(&f.buf, f.glyph(r), thousand, font.HintingNone)
	if err != nil {
		a = thousand // more than it can be, so that no line runs over
	}
	f.advances[r] = float64(a.Round())
	return f.advances[r]
}

// kern is how much farther two letters stand from each other, mostly less than
// nothing. What can't be seen counts as nothing.
func (f *face) kern(a, b rune) float64 {
	pair := [2]rune{a, b}
	known, ok := f.kerns[pair]
	if ok {
		return known
	}
	k, err := f.font.Kern(&f.buf, f.glyph(a), f.glyph(b), thousand, font.HintingNone)
	if err != nil || k.Round() > -15 && k.Round() < 15 {
		k = 0 // the font tells by an error that it has nothing for a pair
	}
	f.kerns[pair] = float64(k.Round())
	return f.kerns[pair]
}

// piece is a part of a line whose letters stand at their own widths.
type piece struct {
	text string
	x    float64 // from the line's beginning
}

// pieces cuts a line where letters move, and returns the whole line's width.
func (f *face) pieces(text string, size float64) ([]piece, float64) {
	em := size * millimetre / 1000
	var all []piece
	x, from, begin := 0.0, 0, 0.0
	last := rune(0)
	for i, r := range text {
		k := 0.0
		if size >= display && i > 0 {
			k = f.kern(last, r)
		}
		if k != 0 {
			all = append(all, piece{text[from:i], begin})
			x += k * em
			from, begin = i, x
		}
		x += f.advance(r) * em
		last = r
	}
	if text != "" {
		all = append(all, piece{text[from:], begin})
	}
	return all, x
}

func (f *face) width(text string, size float64) float64 {
	_, w := f.pieces(text, size)
	return w
}
