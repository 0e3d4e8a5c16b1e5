package paper

import (
	"fmt"
	"io"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/text/language"
)

// sheet is a document that is being drawn. Lengths are in millimetres from the
// upper left corner, sizes of type in points.
type sheet struct {
	pdf             *fpdf.Fpdf
	regular, strong *face
	width, height   float64
	lacks           bool // a text had letters that the faces lack
}

// millimetre is how many of them a point of type is.
const millimetre = 25.4 / 72

func newSheet(width, height float64, lang string) (*sheet, error) {
	regular, err := newFace(regularFont, "")
	if err != nil {
		return nil, err
	}
	strong, err := newFace(strongFont, "B")
	if err != nil {
		return nil, err
	}
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: width, Ht: height}})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetMargins(0, 0, 0)
	pdf.AddUTF8FontFromBytes(family, regular.style, regularFont)
	pdf.AddUTF8FontFromBytes(family, strong.style, strongFont)
	pdf.SetAuthor("First5", true)
	pdf.SetProducer("First5", true)
	timeless(pdf)
	tag, err := language.Parse(lang)
	if err == nil { // a language that nobody knows is left out: it only helps to read aloud
		pdf.SetLang(tag.String())
	}
	return &sheet{pdf: pdf, regular: regular, strong: strong, width: width, height: height}, nil
}

// timeless keeps time and the order of maps out of the bytes. A zero time would
// stand for the present one.
func timeless(pdf *fpdf.Fpdf) {
	pdf.SetCatalogSort(true)
	pdf.SetCreationDate(time.Unix(0, 0).UTC())
	pdf.SetModificationDate(time.Unix(0, 0).UTC())
}

// addPage begins a page of warm white.
func (s *sheet) addPage() {
	s.pdf.AddPage()
	s.fill(warm)
	s.pdf.Rect(0, 0, s.width, s.height, "F")
}

// write writes the document whole, or nothing but an error.
func (s *sheet) write(w io.Writer) error {
	if s.lacks {
		return ErrLetters
	}
	err := s.pdf.Output(w)
	if err != nil {
		return fmt.Errorf("writing it out: %w", err)
	}
	return nil
}

// put sets a line of text whose baseline begins at x, y.
func (s *sheet) put(x, y float64, text string, f *face, size float64, c colour) {
	s.pdf.SetFont(family, f.style, size)
	s.pdf.SetTextColor(c.rgb())
	pieces, _ := f.pieces(text, size)
	for _, p := range pieces {
		s.pdf.Text(x+p.x, y, p.text)
	}
}

// rule draws a level line.
func (s *sheet) rule(x, y, width, weight float64, c colour) {
	s.draw(c, weight)
	s.pdf.Line(x, y, x+width, y)
}

func (s *sheet) fill(c colour) { s.pdf.SetFillColor(c.rgb()) }

func (s *sheet) draw(c colour, weight float64) {
	s.pdf.SetDrawColor(c.rgb())
	s.pdf.SetLineWidth(weight)
}
