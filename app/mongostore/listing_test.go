package mongostore

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// The server has a language of patterns of its own, which no sign that somebody
// types may reach.
func TestASearchTakesEverySignAsItIs(t *testing.T) {
	w := newWard(t)
	signs := "\u0080éü漢🩺\u2028\ufeff"
	for sign := range rune(128) {
		signs += string(sign)
	}
	var called []string
	for n, sign := range []rune(signs) {
		p := learnerNumber(1000 + n)
		p.Name, p.Email = fmt.Sprintf("a%cb", sign), ""
		w.signIn(p)
		w.begin(recordAt(p, "names-first"))
		called = append(called, p.Name)
	}
	for _, name := range called {
		want := 0
		for _, other := range called {
			if strings.EqualFold(name, other) {
				want++
			}
		}
		n, err := w.CountRecords(t.Context(), w.learner.Institution, app.Filter{Query: name})
		require.NoError(t, err, "%q", name)
		assert.Equal(t, want, n, "%q", name)
	}
}

func TestASearchTakesWordsOfThePatternLanguageAsTheyAre(t *testing.T) {
	w := newWard(t)
	p := learnerNumber(1)
	p.Name = `\Qx\E (*UTF8)(?i)[[:alpha:]] \d{2,} a|b ^end$ #note \x41` + "\nNext line"
	w.signIn(p)
	w.begin(recordAt(p, "names-first"))
	w.begin(recordAt(w.learner, "names-first"))
	for _, query := range append(strings.Fields(p.Name), p.Name, `\e (*u`, "\\x41\nnext", `8)(?I)[[:`) {
		found, err := w.Records(t.Context(), p.Institution, app.Filter{Query: query}, app.Cursor{}, 10)
		require.NoError(t, err, "%q", query)
		if assert.Len(t, found, 1, "%q", query) {
			assert.Equal(t, p.Name, found[0].Name)
		}
	}
}

// FuzzASearchFindsWhatItIsGiven holds a search's pattern against the text itself,
// and against the text with one sign less.
func FuzzASearchFindsWhatItIsGiven(f *testing.F) {
	for _, text := range []string{"rivera", `.*+?()[]{}|^$\`, "\x00\x001", "é🩺", "a\nb", `\Q\E`, " "} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || text == "" {
			t.Skip("no text")
		}
		pattern := literally(text)
		assert.NotContains(t, pattern, "\x00")
		found, err := regexp.Compile(pattern)
		require.NoError(t, err)
		assert.Equal(t, text, found.FindString("before"+text+"after"))
		_, last := utf8.DecodeLastRuneInString(text)
		shorter := text[:len(text)-last]
		assert.Equal(t, strings.Contains(shorter+"~", text), found.MatchString(shorter+"~"))
	})
}
