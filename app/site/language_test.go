package site_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// openIn begins a module and opens it, with a browser that prefers a language.
func (b *browser) openIn(languages, slug string) page {
	b.t.Helper()
	r := b.request("/modules/" + slug)
	r.Header.Set("Accept-Language", languages)
	p := b.do(r)
	if strings.Contains(p.body, "/begin") {
		b.send(p, "/begin", nil)
		p = b.do(r)
	}
	return p
}

func translatedHouse(t *testing.T) *house {
	h := newHouse(t)
	h.publish(os.DirFS("../../content/testdata/full"))
	return h
}

func TestAModuleIsReadInTheLanguageThatTheBrowserPrefers(t *testing.T) {
	h := translatedHouse(t)
	for _, test := range []struct{ languages, title, heading string }{
		{"es-MX,es;q=0.9,en;q=0.5", "Primero el nombre", "La señora Rivera levanta la vista"},
		{"en-US,en;q=0.9,es;q=0.3", "Names first", "Ms Rivera looks up"},
		{"fr,de", "Names first", "Ms Rivera looks up"},
		{"", "Names first", "Ms Rivera looks up"},
		{";;;q=x", "Names first", "Ms Rivera looks up"},
	} {
		p := h.as(noor).openIn(test.languages, "names-first")
		assert.Contains(t, p.text(), test.title, test.languages)
		assert.Contains(t, p.text(), test.heading, test.languages)
	}
}

func TestALanguageThatIsChosenIsRemembered(t *testing.T) {
	b := translatedHouse(t).as(noor)
	p := b.openIn("en", "names-first")
	assert.Contains(t, p.body, `<div lang="en">`)
	assert.Equal(t, "?lang=es", p.link("español"))

	chosen := b.get("/modules/names-first?lang=es")
	assert.Contains(t, chosen.body, `<h1 lang="es">Primero el nombre</h1>`)
	assert.Contains(t, chosen.body, `<div lang="es">`)
	assert.Contains(t, b.openIn("en", "names-first").text(), "Primero el nombre", "also the next time")
	assert.Contains(t, b.get("/modules/names-first?lang=xx").text(), "Primero el nombre", "what is no language changes nothing")
}

func TestAnswersInAnotherLanguageCountTheSame(t *testing.T) {
	b := translatedHouse(t).as(noor)
	b.openIn("en", "names-first")
	p := b.get("/modules/names-first?lang=es")
	result := b.send(p, "/attempts", url.Values{"q.need": {"heard"}, "q.else": {"a-chair"}})
	assert.Equal(t, 200, result.status)
	assert.Contains(t, result.text(), "Sí: contarlo una vez más cansa.", "the feedback is in the language of the answers")
	assert.Contains(t, result.text(), "1 of 2 right")
}
