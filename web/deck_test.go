package web_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/content"
	"first5/web"
)

// arabic is a module that is read from right to left.
func arabic(t *testing.T) *content.Module {
	t.Helper()
	lib, findings, err := content.Load(os.DirFS("testdata/modules"))
	require.NoError(t, err)
	require.Empty(t, findings)
	return lib.Programs[0].Modules[0]
}

// byID returns the element of a page with an id.
func byID(t *testing.T, page, id string) *html.Node {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if hasAttribute(n, "id", id) {
			return n
		}
	}
	require.Failf(t, "no such element", "#%s", id)
	return nil
}

func TestAModuleInArabicIsReadFromRightToLeftOnAPageInEnglish(t *testing.T) {
	m := arabic(t)
	for name, p := range map[string]web.Page{
		"module": web.NewModulePage(frame, m),
		"quiz":   web.QuizPage{ModulePage: web.NewModulePage(frame, m)},
	} {
		page := render(t, p)
		assert.Contains(t, page, `<html lang="en" dir="ltr"`, name)
		for _, id := range []string{"page_deck", "deck_cards"} {
			assert.True(t, hasAttribute(byID(t, page, id), "dir", "rtl"), "%s: %s", name, id)
		}
		assert.True(t, hasAttribute(byID(t, page, "deck_cards"), "lang", "ar"), name)
		for n := byID(t, page, "deck_left"); n.Data != "html"; n = n.Parent {
			assert.False(t, hasAttribute(n, "lang"), "%s: our own words are in the page's language", name)
		}
	}
	pocket := render(t, web.PocketPage{Frame: frame, Module: m})
	assert.Contains(t, pocket, `<div class="pocket-sheet" lang="ar" dir="rtl">`)
}

func TestAProofIsOneLongPage(t *testing.T) {
	page := render(t, web.NewModulePage(proof, arabic(t)))
	assert.NotContains(t, page, "deck.js")
	assert.NotContains(t, page, `class="module deck"`)
	assert.Contains(t, render(t, web.NewModulePage(frame, arabic(t))), `class="module deck"`)
}

func TestTheDeckSaysEverythingInTheReadersLanguage(t *testing.T) {
	p := web.NewModulePage(frame, arabic(t))
	p.Frame.Language, p.Card = "es", "last"
	page := renderIn(t, "es", p)
	for _, said := range []string{
		`data-count="Tarjeta {n} de {of}"`, `data-left="quedan unos {n} min"`, `data-saved="Guardado"`, `data-you="Usted"`,
		`data-card="last"`, `data-place="/modules/sit-first/place"`, `data-open="{n} sin responder"`, `>Siguiente</button>`,
	} {
		assert.Contains(t, page, said)
	}
}

func TestEnterInAFieldSendsNothing(t *testing.T) {
	root, err := html.Parse(strings.NewReader(render(t, web.NewModulePage(frame, arabic(t)))))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if !hasAttribute(n, "data-send") {
			continue
		}
		for in := range n.Descendants() {
			if in.Data == "button" {
				assert.True(t, hasAttribute(in, "disabled"), "the first button is the one that Enter presses")
				return
			}
		}
	}
	require.Fail(t, "there is no form")
}

func TestTheQuizAloneKeepsNoPlace(t *testing.T) {
	p := web.NewModulePage(frame, arabic(t))
	p.Card = "last"
	page := render(t, web.QuizPage{ModulePage: p})
	assert.NotContains(t, page, "data-place")
	assert.NotContains(t, page, "data-card=")
}
