package content

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"unicode"
)

// Slug writes a text with nothing but small letters, digits and single hyphens
// between them, for addresses and ids.
func Slug(text string) string {
	var b strings.Builder
	gap := false
	for _, r := range text {
		r = baseLetter(unicode.ToLower(r))
		switch {
		case 'a' <= r && r <= 'z', '0' <= r && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		case r == '\'' || r == '’' || unicode.IsLetter(r) || unicode.IsMark(r):
			// What it stands in should stay one word.
		default:
			gap = true
		}
	}
	return b.String()
}

// baseLetter takes the accent off a letter of Western European languages.
func baseLetter(r rune) rune {
	if r < 'à' || r > 'ÿ' {
		return r
	}
	accented := []rune("àáâãäåçèéêëìíîïñòóôõöøùúûüýÿ")
	base := "aaaaaaceeeeiiiinoooooouuuuyy"
	for i, a := range accented {
		if r == a {
			return rune(base[i])
		}
	}
	return r
}

// IsSlug says whether a name is fit to be an id, or the folder of a module or
// programme, and with it its address: [a-z0-9-]+.
func IsSlug(name string) bool {
	if name == "" {
		return false
	}
	for _, r := range name {
		if !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || r == '-') {
			return false
		}
	}
	return true
}

// makeID makes an id from a text and from nothing else, so that it stays the
// same whatever happens around the text. An id that had to be cut ends in a
// digest of the whole text, because texts often differ only at the end.
func makeID(text string, limit int) string {
	id := Slug(text)
	if id == "" {
		return "x" + digest(text, 8)
	}
	if len(id) <= limit {
		return id
	}
	id = id[:limit-5]
	if i := strings.LastIndexByte(id, '-'); i > 0 {
		id = id[:i]
	}
	return id + "-" + digest(text, 4)
}

func digest(text string, length int) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])[:length]
}

// idSet holds the ids that are taken, and how often each was asked for.
type idSet map[string]int

// take takes an id, or one with a number behind it if that id is taken, and
// says whether it was free.
func (s idSet) take(id string) (taken string, free bool) {
	if s[id] == 0 {
		s[id] = 1
		return id, true
	}
	for {
		s[id]++
		numbered := fmt.Sprintf("%s-%d", id, s[id])
		if s[numbered] == 0 {
			s[numbered] = 1
			return numbered, false
		}
	}
}
