package paper

import (
	"fmt"
	"io"

	"first5/app"
)

// Certificate is the proof of one completion, as it was on its day.
type Certificate struct {
	Number      string     // the certificate's id
	Name        string     // may be empty: then "A learner of {Institution}"
	Status      app.Status // a waived one "was released from", all others "completed"
	Title       string
	Edition     string
	Version     int
	Score       *int   // in percent; nil where nothing is graded
	Day         string // already formatted for the reader
	Institution string
	Credit      string // the credit statement; may be empty
	Withdrawn   string // the day, formatted; empty if it was not
	Address     string // of the public page that verifies it
	Language    string // BCP 47, of the document
}

// WriteCertificate writes a certificate as a PDF of one landscape page. The same
// certificate gives the same bytes. A withdrawn one says so in large letters and
// has none of a valid one's colours. With ErrLetters, or an address that is empty
// or too long for a code, nothing is written.
func WriteCertificate(w io.Writer, c Certificate, p Paper, say Words) error {
	err := writeCertificate(w, c, p, say)
	if err != nil {
		return fmt.Errorf("setting a certificate: %w", err)
	}
	return nil
}

func writeCertificate(w io.Writer, c Certificate, p Paper, say Words) error {
	short, long, err := p.size()
	if err != nil {
		return err
	}
	rows, err := matrix(c.Address)
	if err != nil {
		return err
	}
	s, err := newSheet(long, short, c.Language)
	if err != nil {
		return err
	}
	d := deed{sheet: s, facts: s.facts(c), say: say, shades: shadesOf(c)}
	d.drawCertificate(rows)
	return s.write(w)
}

// facts returns a certificate whose texts are fit to be set.
func (s *sheet) facts(c Certificate) Certificate {
	for _, text := range []*string{&c.Number, &c.Name, &c.Title, &c.Edition, &c.Day, &c.Institution, &c.Withdrawn} {
		*text = s.clean(*text, longText)
	}
	c.Credit = s.clean(c.Credit, longStatement)
	return c
}

// shades are the colours of a certificate.
type shades struct {
	valid                    bool
	accent, dot, ink, beside colour
}

// shadesOf takes all colour from a certificate that was withdrawn.
func shadesOf(c Certificate) shades {
	if c.Withdrawn != "" {
		return shades{accent: grey, dot: warm, ink: grey, beside: grey}
	}
	return shades{valid: true, accent: teal, dot: coral, ink: ink, beside: quiet}
}
