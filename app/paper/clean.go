package paper

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// The longest texts, in letters, that a document sets in full.
const (
	longText      = 300
	longStatement = 1200
	longCell      = 120
)

const (
	bound = '\u00a0' // the space at which no line breaks
	dots  = "…"
)

// clean makes a text fit to be set on lines: marks stand on their letters,
// spaces and control characters are single spaces, and what has no shape, such
// as a change of direction, is gone. It keeps at most so many letters. A letter
// that the faces lack is noted, and spoils the document.
func (s *sheet) clean(text string, most int) string {
	text = strings.Map(s.letter, norm.NFC.String(text))
	text = strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
	text = strings.TrimSpace(text)
	letters := []rune(text)
	if len(letters) <= most {
		return text
	}
	return strings.TrimSpace(string(letters[:most-1])) + dots
}

func (s *sheet) letter(r rune) rune {
	switch {
	case r == bound || r == '\u202f' || r == '\u2007':
		return bound
	case unicode.IsSpace(r) || unicode.IsControl(r):
		return ' '
	case unicode.Is(unicode.Cf, r):
		return -1
	case r == '\u2011': // a hyphen at which no line breaks: lines break at spaces only
		return '-'
	case !s.regular.has(r) || !s.strong.has(r):
		s.lacks = true
		return '?'
	}
	return r
}
