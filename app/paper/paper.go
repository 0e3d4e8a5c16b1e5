// Package paper sets certificates and transcripts as PDF documents, for people
// to print, to keep and to send to those who ask for proof.
//
// The same document always gives the same bytes: nothing in it comes from a
// clock or from chance, so whoever keeps one can compare it with a new one.
package paper

import (
	"errors"
	"fmt"
)

// Paper is a size of paper.
type Paper string

// The sizes that offices have.
const (
	A4     Paper = "a4"
	Letter Paper = "letter"
)

// Words translates what a document says in our words: English text with fmt
// verbs in, reader's language out.
type Words func(format string, args ...any) string

// ErrLetters is returned when a text has letters that the fonts of the document
// lack; nothing is written then.
var ErrLetters = errors.New("the typeface of the document lacks letters of this text: print the page itself instead")

// program is a name, so it is the same in every language.
const program = "First 5 Minutes"

// size returns the shorter and the longer side in millimetres.
func (p Paper) size() (short, long float64, err error) {
	switch p {
	case A4:
		return 210, 297, nil
	case Letter:
		return 215.9, 279.4, nil
	}
	return 0, 0, fmt.Errorf("there is no paper %q: choose %s or %s", string(p), A4, Letter)
}
