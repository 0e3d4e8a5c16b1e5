package web

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/text/language"
	"golang.org/x/text/message/catalog"
)

// inLanguage returns the texts of a language by the English ones.
func inLanguage(t *testing.T, name string) map[string]translated {
	files, err := readMessages(name)
	require.NoError(t, err)
	all := map[string]translated{}
	for _, texts := range files {
		maps.Copy(all, texts)
	}
	return all
}

func TestEveryTextIsThereInSpanish(t *testing.T) {
	english, spanish := inLanguage(t, "en"), inLanguage(t, "es")
	for name, texts := range saidIn(t) {
		t.Run(name, func(t *testing.T) {
			for _, s := range texts {
				_, there := spanish[s.text]
				assert.True(t, there, "%q is not in Spanish: add it to messages/es", s.text)
				assert.Len(t, verbs(s.text), s.args, "%q has another number of verbs than arguments", s.text)
				assert.NotContains(t, slices.Collect(maps.Values(verbs(s.text))), "", "%q has a %% that is no verb: write %%%%", s.text)
				if counts(s.text) {
					assert.NotEmpty(t, english[s.text].One, "%q needs forms in messages/en/numbers.yaml", s.text)
					assert.NotEmpty(t, spanish[s.text].One, "%q needs forms in messages/es/numbers.yaml", s.text)
				}
			}
		})
	}
}

// counts says whether a text has a number before a word in the plural.
func counts(text string) bool {
	words := strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && r != '%' })
	for i, word := range words[:max(0, len(words)-1)] {
		if word == "%d" && strings.HasSuffix(words[i+1], "s") {
			return true
		}
	}
	return false
}

func TestOnlyWordsAfterANumberCount(t *testing.T) {
	for text, want := range map[string]bool{
		"%d minutes": true, "about %d minutes left": true, "%d modules fit.": true, "%s has %d records": true,
		"%d": false, "%d of %d done": false, "%d %% passes": false, "minutes": false, "": false,
	} {
		assert.Equal(t, want, counts(text), text)
	}
}

func TestNothingIsTranslatedThatNobodySays(t *testing.T) {
	spoken := map[string]bool{}
	for _, texts := range saidIn(t) {
		for _, s := range texts {
			spoken[s.text] = true
		}
	}
	for _, name := range Languages() {
		files, err := readMessages(name)
		require.NoError(t, err)
		for file, texts := range files {
			t.Run(file, func(t *testing.T) {
				for text := range texts {
					assert.True(t, spoken[text], "no page says %q: take it out", text)
				}
			})
		}
	}
}

func TestATextStandsInOneFile(t *testing.T) {
	for _, name := range Languages() {
		files, err := readMessages(name)
		require.NoError(t, err)
		in := map[string]string{}
		for _, file := range slices.Sorted(maps.Keys(files)) {
			for text := range files[file] {
				assert.Empty(t, in[text], "%q stands in %s too", text, file)
				in[text] = file
			}
		}
	}
}

func TestTextsThatCountHaveTheSameFormsInEveryLanguage(t *testing.T) {
	english, spanish := inLanguage(t, "en"), inLanguage(t, "es")
	for text, en := range english {
		assert.Len(t, spanish[text].forms(), len(en.forms()), text)
	}
	for text, es := range spanish {
		if es.One != "" {
			assert.NotEmpty(t, english[text].One, "%q has forms in Spanish alone", text)
		}
	}
}

func TestATranslationHasTheMarkupOfItsText(t *testing.T) {
	for text, es := range inLanguage(t, "es") {
		for _, form := range es.forms() {
			assert.Equal(t, markup(text), markup(form), text)
		}
	}
}

// markup returns the tags of a text with what is in them: commands stay as they
// are in every language.
func markup(text string) string {
	var all []string
	within := 0
	tokens := html.NewTokenizer(strings.NewReader(text))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		if kind == html.EndTagToken {
			within--
		}
		if kind != html.TextToken || within > 0 {
			all = append(all, tokens.Token().String())
		}
		if kind == html.StartTagToken {
			within++
		}
	}
	return strings.Join(all, "")
}

func TestTemplatesShowNoWordsThatAreNotTranslated(t *testing.T) {
	for _, name := range learnersTemplates(t) {
		t.Run(name, func(t *testing.T) {
			read := readTemplate(t, name)
			for _, text := range slices.Concat(read.bare, shown(read.other.String())) {
				assert.False(t, hasWords(text), "%q is in English alone: say it by t", strings.TrimSpace(text))
			}
		})
	}
}

// names are the same in every language.
var names = strings.NewReplacer("First5", "", "First 5 Minutes", "", "UTC", "", "NPI", "", "CSV", "", "PDF", "", "\u00a0", " ")

// hasWords says whether a text has two letters side by side that are of no name,
// and of no place in braces that a script fills in.
func hasWords(text string) bool {
	for open := strings.Index(text, "{"); open >= 0; open = strings.Index(text, "{") {
		place, rest, _ := strings.Cut(text[open:], "}")
		if strings.ContainsAny(place, " \t\n") {
			return true
		}
		text = text[:open] + " " + rest
	}
	before := ' '
	for _, r := range names.Replace(text) {
		if unicode.IsLetter(before) && unicode.IsLetter(r) {
			return true
		}
		before = r
	}
	return false
}

// shown returns what of a piece of HTML readers see or hear.
func shown(source string) []string {
	var all []string
	tokens := html.NewTokenizer(strings.NewReader(source))
	for kind := tokens.Next(); kind != html.ErrorToken; kind = tokens.Next() {
		tag := tokens.Token()
		if kind == html.TextToken {
			all = append(all, tag.Data)
		}
		for _, a := range tag.Attr {
			switch {
			case slices.Contains([]string{"aria-label", "aria-description", "aria-roledescription", "aria-valuetext", "alt", "placeholder", "title", "data-label"}, a.Key),
				strings.HasPrefix(a.Key, "data-") && strings.Contains(a.Val, " "),
				a.Key == "content" && strings.Contains(tag.String(), `name="description"`),
				a.Key == "value" && tag.Data == "input" && !strings.Contains(tag.String(), `type="hidden"`):
				all = append(all, a.Val)
			}
		}
	}
	return all
}

func TestWordsAreFoundWhereverReadersMeetThem(t *testing.T) {
	for _, source := range []string{
		`<p>Hello</p>`, `<p>` + sign + ` of</p>`, `<button>Go` + sign + `</button>`, `<title>Hello</title>`,
		`<nav aria-label="Main">`, `<img alt="A heart">`, `<td data-label="Name">`, `<input placeholder="Name">`, `<input value="Send">`,
		`<meta name="description" content="Modules">`, `<p data-saved="It is saved">`, `<p>{n} of</p>`, `<p>{ of }</p>`,
	} {
		assert.True(t, slices.ContainsFunc(shown(source), hasWords), source)
	}
	for _, source := range []string{
		`<p class="lead">` + sign + `, ` + sign + `</p>`, `<p>First5 · UTC</p>`, `<nav aria-label="` + sign + `">`, `<!-- a comment -->`,
		`<input type="hidden" value="once">`, `<p data-count="` + sign + ` {of}">`, `<time data-shown="day">`, `<meta name="viewport" content="width=device-width">`,
	} {
		assert.False(t, slices.ContainsFunc(shown(source), hasWords), source)
	}
}

func TestAMessageThatDoesNotFitItsTextStopsTheStart(t *testing.T) {
	add := func(key string, text translated) error {
		return text.addTo(catalog.NewBuilder(), language.Spanish, key)
	}
	for key, text := range map[string]translated{
		"%s of %d":   {Always: "%s de %s"},
		"%d of %s":   {Always: "%s de %d"},
		"%s and %s":  {Always: "%s"},
		"done":       {Always: "%s"},
		"80 %% done": {Always: "80 % de"},
		"%d minutes": {One: "%d minuto"},
		"%d records": {One: "un registro", Other: "%d registros"},
		"minutes":    {One: "minuto", Other: "minutos"},
		"empty":      {},
	} {
		assert.Error(t, add(key, text), "%s: %v", key, text)
	}
	for key, text := range map[string]translated{
		"%s of %s":       {Always: "%[2]s de %[1]s"},
		"%s of %d":       {Always: "%[2]d de %[1]s"},
		"%d %% of %s":    {Always: "%d %% de %s"},
		"%s: %d records": {One: "%s: %d registro", Other: "%s: %d registros"},
	} {
		assert.NoError(t, add(key, text), "%s: %v", key, text)
	}
}

func FuzzVerbs(f *testing.F) {
	for _, text := range []string{"%s of %[1]d", "100 %%", "%", "%[", "%[9]s", "%-5.2f", "%[x]d"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			t.Skip("YAML has no such text")
		}
		for arg, verb := range verbs(text) {
			for _, v := range verb {
				assert.Contains(t, text, string(v), "of argument %d", arg)
			}
		}
		assert.Empty(t, verbs(strings.ReplaceAll(text, "%", "%%")), "what is no verb is none")
		twice := verbs(fmt.Sprintf("%s%s", strings.ReplaceAll(text, "%", "%%"), "%d"))
		assert.Equal(t, map[int]string{1: "d"}, twice, "whatever stands before it")
	})
}
