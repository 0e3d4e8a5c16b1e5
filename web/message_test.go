package web_test

import (
	"bytes"
	"errors"
	"html/template"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"golang.org/x/net/html"

	"first5/app"
	"first5/web"
)

func newViews(t *testing.T) *web.Views {
	t.Helper()
	views, err := made()
	require.NoError(t, err)
	return views
}

func TestAMessageIsToldInTheReadersLanguage(t *testing.T) {
	views := newViews(t)
	score := 1234
	for _, test := range []struct {
		m                web.Message
		english, spanish string
	}{
		{web.T("Your account"), "Your account", "Su cuenta"},
		{web.T("%s did not let you in", "Mercy"), "Mercy did not let you in", "Mercy no le permitió entrar"},
		{web.T("You are signed in as %s with %s.", "Ana", "Mercy"), "You are signed in as Ana with Mercy.", "Inició sesión como Ana en Mercy."},
		{web.T("%d records", 0), "0 records", "0 registros"},
		{web.T("%d records", 1), "1 record", "1 registro"},
		{web.T("%d records", 2), "2 records", "2 registros"},
		{web.T("%d records", 1234567), "1,234,567 records", "1,234,567 registros"},
		{web.T("%d %%", &score), "1,234\u00a0%", "1,234\u00a0%"},
		{web.T("That is %s.", web.T("Educator")), "That is Educator.", "Se trata de Docente."},
		{web.T("That is %s.", app.InstitutionID("mercy")), "That is mercy.", "Se trata de mercy."},
		{web.T("That is %s.", "50 %s"), "That is 50 %s.", "Se trata de 50 %s."},
		{web.Verbatim("100 % %d"), "100 % %d", "100 % %d"},
		{web.Message{}, "", ""},
	} {
		assert.Equal(t, test.english, views.Say("en", test.m))
		assert.Equal(t, test.spanish, views.Say("es", test.m))
		assert.Equal(t, test.english, views.Say("tlh", test.m), "who reads another language gets English")
	}
	assert.True(t, web.Message{}.IsZero())
	assert.False(t, web.Verbatim("x").IsZero())
}

func TestADayIsWrittenInTheReadersLanguage(t *testing.T) {
	views := newViews(t)
	for month, want := range map[time.Month][2]string{
		time.January: {"4 January 2026", "4 de enero de 2026"}, time.May: {"4 May 2026", "4 de mayo de 2026"},
		time.September: {"4 September 2026", "4 de septiembre de 2026"}, time.December: {"4 December 2026", "4 de diciembre de 2026"},
	} {
		day := time.Date(2026, month, 4, 23, 59, 0, 0, time.UTC)
		assert.Equal(t, want[0], views.Day("en", day))
		assert.Equal(t, want[1], views.Day("es", day))
		assert.Equal(t, want[1], views.Day("es", day.In(time.FixedZone("", 3600))), "in UTC, whatever the clock's zone")
	}
	page := renderIn(t, "es", pages()["account"])
	assert.Contains(t, page, `Desde el <time datetime="2026-03-04T12:00:00Z" data-shown="moment">4 de marzo de 2026, 12:00 UTC</time>`)
}

type stranger struct{}

func (stranger) String() string { return "<b>" }

func TestWhatIsInAMessageIsText(t *testing.T) {
	text := "<b>"
	for name, arg := range map[string]any{
		"text": text, "a kind of text": app.InstitutionID(text), "a pointer": &text, "an error": errors.New(text), "what says itself": stranger{},
		"texts": []string{text}, "a message's argument": web.T("Continue to %s", text), "a title": web.Verbatim(text),
		"a field": web.Field{Name: text}, "an address": &url.URL{Opaque: text},
	} {
		for _, language := range web.Languages() {
			page := renderIn(t, language, web.ProblemPage{Frame: web.Frame{Title: web.T("%s did not let you in", arg)}, Text: web.T("That is %s.", arg),
				Link: &web.Link{Address: "/", Words: web.T("Continue to %s", arg)}})
			assert.NotContains(t, page, text, name)
			assert.NotContains(t, page, "%!", name)
		}
	}
	page := renderIn(t, "es", web.ProblemPage{Frame: plain, Text: web.T("That is %s.", template.HTML("<b>Mercy</b>"))})
	assert.Contains(t, page, "Se trata de <b>Mercy</b>.", "but what is HTML by its type stays so")
	assert.Equal(t, "Se trata de <b>.", newViews(t).Say("es", web.T("That is %s.", text)), "plain text needs no protection")
}

func TestManyReadersAtOnceGetEachTheirOwnLanguage(t *testing.T) {
	views := newViews(t)
	var wg sync.WaitGroup
	for language, want := range map[string]string{"en": "2 records", "es": "2 registros"} {
		for range 8 {
			wg.Go(func() {
				for range 50 {
					assert.Equal(t, want, views.Say(language, web.T("%d records", 2)))
					var b bytes.Buffer
					assert.NoError(t, views.Render(&b, in(language, pages()["records"])))
					assert.Contains(t, b.String(), want)
				}
			})
		}
	}
	wg.Wait()
}

// in returns a page in a language.
func in(language string, p web.Page) web.Page {
	page := reflect.New(reflect.TypeOf(p)).Elem()
	page.Set(reflect.ValueOf(p))
	page.FieldByName("Frame").FieldByName("Language").SetString(language)
	return page.Interface().(web.Page)
}

func renderIn(t *testing.T, language string, p web.Page) string {
	t.Helper()
	return render(t, in(language, p))
}

// sentences returns the texts of several words that are not the same in Spanish.
func sentences(t *testing.T) []string {
	names, err := filepath.Glob("messages/es/*.yaml")
	require.NoError(t, err)
	var all []string
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		var texts map[string]any
		require.NoError(t, yaml.Unmarshal(data, &texts))
		for text, spanish := range texts {
			if len(strings.Fields(text)) > 2 && text != spanish && !strings.ContainsAny(text, "%<&") {
				all = append(all, text)
			}
		}
	}
	require.NotEmpty(t, all)
	return all
}

func TestAPageInSpanishHasNoEnglishSentence(t *testing.T) {
	english := sentences(t)
	for name, p := range pages() {
		if strings.HasPrefix(name, "preview") {
			continue
		}
		t.Run(name, func(t *testing.T) {
			page := renderIn(t, "es", p)
			assert.Contains(t, page, `<html lang="es" dir="ltr"`)
			assert.NotContains(t, page, "%!", "no formatting went wrong")
			root, err := html.Parse(strings.NewReader(page))
			require.NoError(t, err)
			for n := range root.Descendants() {
				for _, text := range english {
					if n.Type == html.TextNode {
						assert.NotContains(t, n.Data, text)
					}
					for _, a := range n.Attr {
						assert.NotContains(t, a.Val, text)
					}
				}
			}
		})
	}
}

func TestThePreviewShowsItsTexts(t *testing.T) {
	for name, want := range map[string][]string{
		"preview":        {"Save a file, and this page shows what became of it", "Minutes promised", "1 error", "2 warnings", "It has no module yet", "Show the card"},
		"preview, desk":  {"</strong> measured", "minutes promised", "Last good version, from 14:32:10.", "To mend", "And 3 more.", "feedback"},
		"preview, empty": {"There is no programme here yet."},
	} {
		page := render(t, pages()[name])
		for _, text := range want {
			assert.Contains(t, page, text, name)
		}
	}
}

func TestAPageIsDescribedInItsLanguage(t *testing.T) {
	f := plain
	f.Description = web.T("Your account")
	assert.Contains(t, renderIn(t, "es", web.WelcomePage{Frame: f}), `<meta name="description" content="Su cuenta">`)
}

func TestTheOtherLanguagesAreALinkAway(t *testing.T) {
	f := plain
	f.Switch = []web.Switch{{Language: "es", Name: "español", Address: "/learning?lang=es&q=a"}}
	page := render(t, web.WelcomePage{Frame: f})
	assert.NotContains(t, page, `name="description"`, "a page describes itself where there is something to say")
	assert.Contains(t, page, `<a href="/learning?lang=es&amp;q=a" lang="es" hreflang="es">español</a>`)
}
