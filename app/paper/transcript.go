package paper

import (
	"fmt"
	"io"
	"strings"
)

// Transcript is everything that one learner has done, on one day.
type Transcript struct {
	Name        string // may be empty: then "A learner of {Institution}"
	Institution string
	Day         string // of printing, formatted for the reader
	Rows        []TranscriptRow
	Language    string // BCP 47, of the document
}

// TranscriptRow is one record. Status and Day are in the reader's words.
type TranscriptRow struct {
	Title, Edition, Status, Day string
	Score                       *int   // in percent; nil where nothing is graded
	Number                      string // of the certificate; empty where there is none
	Address                     string // of the page that verifies it
	Withdrawn                   bool   // says so instead of the status
}

// WriteTranscript writes a transcript as a PDF of as many portrait pages as it
// takes, each of which says whose it is and how many there are. The same
// transcript gives the same bytes. With ErrLetters nothing is written.
func WriteTranscript(w io.Writer, t Transcript, p Paper, say Words) error {
	err := writeTranscript(w, t, p, say)
	if err != nil {
		return fmt.Errorf("setting a transcript: %w", err)
	}
	return nil
}

func writeTranscript(w io.Writer, t Transcript, p Paper, say Words) error {
	short, long, err := p.size()
	if err != nil {
		return err
	}
	s, err := newSheet(short, long, t.Language)
	if err != nil {
		return err
	}
	t.Name, t.Institution, t.Day = s.clean(t.Name, longText), s.clean(t.Institution, longText), s.clean(t.Day, longText)
	l := ledger{sheet: s, of: t, say: say}
	if t.Name == "" {
		l.of.Name = l.words("A learner of %s", t.Institution)
	}
	l.drawPages()
	return s.write(w)
}

// common returns what all addresses of certificates begin with, if each is that
// and the certificate's number; else nothing.
func common(rows []TranscriptRow) string {
	base := ""
	for _, row := range rows {
		if row.Number == "" {
			continue
		}
		begin, ok := strings.CutSuffix(row.Address, row.Number)
		if !ok || base != "" && begin != base {
			return ""
		}
		base = begin
	}
	return base
}
