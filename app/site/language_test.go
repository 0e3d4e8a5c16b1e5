package site_test

import (
	"net/url"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

// cardsIn is how the cards of a module begin that are in a language.
func cardsIn(language string) string { return `id="deck_cards" lang="` + language + `"` }

func TestAProgrammeIsShownInTheLanguageOfItsReader(t *testing.T) {
	h := translatedHouse(t)
	const (
		inEnglish = `<h2 lang="en" dir="ltr">The First 5 Minutes</h2>`
		inSpanish = `<h2 lang="es" dir="ltr">Los primeros 5 minutos</h2>`
	)
	for _, path := range []string{"/", "/modules"} {
		assert.Contains(t, h.as(noor).in("es", path).body, inSpanish, path)
		assert.Contains(t, h.as(noor).in("en", path).body, inEnglish, path)
		assert.Contains(t, h.as(noor).in("fr", path).body, inEnglish, path)
	}
	b := h.as(noor)
	catalogue := b.in("es", "/modules").body
	assert.Contains(t, catalogue, `<div lang="es" dir="ltr"><p>Aprenda a usar los <strong>primeros minutos</strong>`)
	_, picture, shown := strings.Cut(catalogue, `<img src="/assets/`)
	require.True(t, shown)
	picture, _, _ = strings.Cut(picture, `"`)
	assert.Equal(t, 200, b.get("/assets/"+picture).status)

	b.openIn("es", "names-first")
	for path, who := range map[string]string{"/records": manager, "/records/assignments": manager, "/studio": teacher} {
		p := h.as(who).in("es", path)
		assert.Contains(t, p.body, "The First 5 Minutes", path)
		assert.NotContains(t, p.body, "Los primeros 5 minutos", "offices and authors know it by its own title: %s", path)
	}
}

func TestALanguageThatIsChosenIsRemembered(t *testing.T) {
	b := translatedHouse(t).as(noor)
	p := b.openIn("en", "names-first")
	assert.Contains(t, p.body, cardsIn("en"))
	assert.Equal(t, "?lang=es", p.link("español"))

	chosen := b.get("/modules/names-first?lang=es")
	assert.Contains(t, chosen.body, `<h1 lang="es" dir="ltr">Primero el nombre</h1>`)
	assert.Contains(t, chosen.body, cardsIn("es"))
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
	assert.Contains(t, result.text(), "1 de 2 correctas")
}

// in asks for a page with a browser that prefers a language.
func (b *browser) in(languages, path string) page {
	b.t.Helper()
	r := b.request(path)
	r.Header.Set("Accept-Language", languages)
	return b.do(r)
}

const (
	inEnglish = `<html lang="en"`
	inSpanish = `<html lang="es"`
)

func TestTheInterfaceSpeaksTheLanguageThatTheBrowserPrefers(t *testing.T) {
	b := newHouse(t).as(noor)
	for languages, want := range map[string]string{
		"es-MX,es;q=0.9,en;q=0.5": inSpanish,
		"en-US,en;q=0.9,es;q=0.3": inEnglish,
		"fr,es;q=0.5":             inSpanish,
		"fr,de":                   inEnglish,
		"":                        inEnglish,
		";;;q=x":                  inEnglish,
		strings.Repeat("x,", 900): inEnglish,
	} {
		p := b.in(languages, "/account")
		assert.Contains(t, p.body, want, languages)
		assert.Empty(t, p.header.Get("Set-Cookie"), "a preference is not a choice")
	}
	assert.Contains(t, b.in("es", "/account").text(), "Cerrar todas las sesiones")
}

func TestALanguageThatIsChosenHoldsForTheWholeInterface(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	assert.Contains(t, b.in("en", "/account?lang=es").body, inSpanish)
	for _, path := range []string{"/", "/modules", "/modules/greet", "/learning", "/account", "/records", "/signin", "/nowhere", "/audit"} {
		p := b.in("en", path)
		assert.Contains(t, p.body, inSpanish, path)
		assert.Equal(t, path+"?lang=en", p.link("English"), path)
		assert.Empty(t, p.link("español"), path)
	}
	assert.Contains(t, h.browser().get("/").body, inEnglish, "in that browser alone")
	b.get("/learning?lang=en")
	assert.Contains(t, b.in("es", "/records").body, inEnglish, "until another is chosen")
}

func TestWhatIsNoLanguageOfOursChangesNothing(t *testing.T) {
	b := newHouse(t).as(noor)
	for _, absurd := range []string{"xx", "de", "und", "*", "x-klingon", "es,en", "es;q=1", "../../es", "<script>", "es\r\nSet-Cookie: a=b", strings.Repeat("es-", 4000), "\x00", "ñ"} {
		p := b.in("en", "/account?"+url.Values{"lang": {absurd}}.Encode())
		assert.Equal(t, 200, p.status, absurd)
		assert.Contains(t, p.body, inEnglish, absurd)
		assert.Empty(t, p.header.Get("Set-Cookie"), absurd)
		assert.NotContains(t, p.body, "<script>", absurd)
	}
	b.get("/account?lang=es")
	b.get("/account?lang=de")
	assert.Contains(t, b.get("/account").body, inSpanish, "nor does it undo a choice")
}

func TestErrorsAreToldInTheReadersLanguage(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	for path, want := range map[string]string{
		"/nowhere":            "Esa página no existe",
		"/records":            "Esta página no es para su cuenta",
		"/signin/nowhere":     "Esa página no existe",
		"/certificates/xyz":   "Esa página no existe",
		"/modules/not-a-page": "Esa página no existe",
	} {
		p := b.in("es", path)
		assert.Contains(t, p.text(), want, path)
		assert.Contains(t, p.body, inSpanish, path)
		assert.Contains(t, b.in("en", path).body, inEnglish, path)
	}
	m := h.as(manager)
	assert.Contains(t, m.in("es", "/records?from=31.1.2026").text(), "Una fecha se escribe como 2026-01-31, y no «31.1.2026».")
	assert.Contains(t, m.in("es", "/records?status=lost").text(), "No existe el estado «lost».")
	assert.Contains(t, m.in("es", "/audit?from=2026-02-01&to=2026-01-31").text(), "la primera es 2026-02-01 y la última es 2026-01-31")

	b.get("/account?lang=es")
	lost := b.post("/modules/greet/attempts", url.Values{"page": {"x"}, "q.whom": {"the-chart"}})
	assert.Contains(t, lost.body, inSpanish)
	assert.NotContains(t, lost.body, "?lang=")
}

func TestThePageInTheOtherLanguageIsTheSamePage(t *testing.T) {
	b := newHouse(t).as(manager)
	for path, want := range map[string]string{
		"/records?q=a%26b&status=passed": "/records?lang=es&q=a%26b&status=passed",
		"/account?lang=fr":               "/account?lang=es",
		"/signin?return=%2Flearning":     "/signin?lang=es&return=%2Flearning",
		"/nowhere?a=%22%3E%3Cb%3E":       "/nowhere?a=%22%3E%3Cb%3E&lang=es",
		"/learning?did=x&a=b":            "/learning?lang=es", // what is private on a page stands beside nothing of its address
		"/learning/reflections?did=x":    "/learning/reflections?lang=es",
		"/modules/greet?from=x":          "/modules/greet?lang=es",
		"/modules?a=b":                   "/modules?a=b&lang=es",
	} {
		link := b.get(path).link("español")
		assert.Equal(t, want, link, path)
		assert.Contains(t, b.get(link).body, inSpanish, path)
		b.get("/account?lang=en")
	}
	assert.Contains(t, b.get("/records?lang=es&q=Haddad").body, `value="Haddad"`, "with what was asked for")
}

func TestWhatASearchForAnInstitutionAnswersHasNoOtherLanguage(t *testing.T) {
	b := newHouse(t).browser()
	b.get("/?lang=es")
	found := b.post("/signin", url.Values{"find": {"nothing-like-that"}})
	assert.Contains(t, found.text(), "Nada coincide con «nothing-like-that».")
	assert.Empty(t, found.link("English"), "the form would have to be sent again")
}

func TestWhatAProviderSentStandsInNoLink(t *testing.T) {
	p := newHouse(t).browser().in("es", "/signin/mercy-lakes/callback?state=12345678&code=SECRET")
	assert.Contains(t, p.text(), "No se pudo iniciar la sesión")
	assert.NotContains(t, p.body, "SECRET")
}
