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
		found, err := w.Records(t.Context(), p.Institution, app.Filter{Query: query}, app.Order{}, app.Cursor{}, 10)
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

// everyOrder returns all orders of a listing, in both directions.
func everyOrder() []app.Order {
	var all []app.Order
	for _, by := range append(app.OrderKeys(), app.OrderChange) {
		all = append(all, app.Order{By: by}, app.Order{By: by, Up: true})
	}
	return all
}

func TestEveryOrderIsWalkedWholeWhereverAPageEnds(t *testing.T) {
	w := newWard(t)
	const each = 3 // whose keys are all the same
	for n := range 12 {
		p := learnerNumber(1000 + n/each)
		w.signIn(p)
		r := recordAt(p, fmt.Sprint("module-", n%each))
		r.ChangedAt = at(n / each)
		if n/each > 0 {
			a := attemptNumber(r, n)
			a.At = at(n / each)
			w.save(r, earned(a))
		} else {
			w.begin(r)
		}
	}
	for _, f := range []app.Filter{
		{}, {Present: true}, {Dates: app.ByCompletion, From: at(1), To: at(3)}, {From: at(1), To: at(3)}, {ScoreFrom: 25, ScoreBelow: 75}, {ScoreBelow: 50},
		{ChangedBefore: at(2)}, {Status: app.Completed}, {Edition: "2026", Module: "module-1"}, {Learner: learnerNumber(1001).Learner}, {Query: "number 100"},
	} {
		all, err := w.Records(t.Context(), "mercy-lakes", f, app.Order{}, app.Cursor{}, 100)
		require.NoError(t, err)
		require.NotEmpty(t, all, "%+v", f)
		n, err := w.CountRecords(t.Context(), "mercy-lakes", f)
		require.NoError(t, err)
		assert.Equal(t, len(all), n, "%+v", f)
		for _, o := range everyOrder() {
			whole, err := w.Records(t.Context(), "mercy-lakes", f, o, app.Cursor{}, 100)
			require.NoError(t, err)
			assert.ElementsMatch(t, all, whole, "%+v %+v", f, o)
			for at, r := range whole {
				rest, err := w.Records(t.Context(), "mercy-lakes", f, o, o.After(r), 100)
				require.NoError(t, err)
				require.Equal(t, append([]app.Record{}, whole[at+1:]...), append([]app.Record{}, rest...), "%+v %+v after number %d", f, o, at)
			}
		}
	}
}
