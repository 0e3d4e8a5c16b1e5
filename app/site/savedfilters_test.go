package site_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestAManagerSavesAFilterAndComesBackToIt(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel).answer("greet", wrong())
	b := h.as(manager)
	p := b.send(b.get("/records?status=in_progress&sort=name&up=1"), "/records/filters", url.Values{"name": {"  To <b>remind</b> "}})
	assert.Equal(t, 200, p.status)
	assert.Equal(t, "/records?sort=name&status=in_progress&up=1", p.url.RequestURI(), "the page that it was")
	assert.Contains(t, p.text(), "To <b>remind</b>")
	assert.NotContains(t, p.text(), "Save this filter", "it is saved")

	later := h.as(manager).get("/records")
	address := later.saved("To <b>remind</b>")
	assert.Equal(t, []string{"Daniel Ostrowski"}, b.get(address).people())
	assert.NotContains(t, h.as(others).get("/records").text(), "remind")

	gone := b.send(b.get("/records"), "/records/filters/remove", nil)
	assert.Equal(t, "/records", gone.url.RequestURI())
	assert.NotContains(t, gone.text(), "remind")
}

// saved returns the address of the saved filter of that name.
func (p page) saved(name string) string {
	return p.linkTo(func(words string) bool { return words == name })
}

func TestAFilterThatCanNotBeSavedSaysWhyAndKeepsWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	b := h.as(manager)
	b.send(b.get("/records?status=passed"), "/records/filters", url.Values{"name": {"Passed"}})
	for name, says := range map[string]string{
		" ":                     "give it a name",
		strings.Repeat("é", 61): "the name may have 60 characters at most",
		"PASSED":                "another filter has that name",
	} {
		p := b.send(b.get("/records?status=read&q=Haddad"), "/records/filters", url.Values{"name": {name}})
		assert.Equal(t, 422, p.status, name)
		assert.Contains(t, p.text(), says)
		assert.Contains(t, p.body, `name="name" value="`+name+`"`)
		assert.Contains(t, p.body, `value="Haddad"`, "the filter is still there")
	}
}

func TestOnlyWhatAListUnderstandsIsSaved(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	b := h.as(manager)
	form := b.get("/records?status=passed")
	for query, status := range map[string]int{"status=lost": 422, "score_from=x": 422, "%zz": 422, "": 422, "after=active.1.x": 422} {
		p := b.send(form, "/records/filters", url.Values{"name": {"Mine"}, "query": {query}})
		assert.Equal(t, status, p.status, query)
	}
	p := b.send(form, "/records/filters", url.Values{"name": {"Mine"}, "query": {"status=passed&evil=1&up=1"}})
	assert.Equal(t, "/records?status=passed&up=1", p.url.RequestURI(), "what is no part of a filter is left out")
}

func TestAFiltersNameOutlivesASession(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	b := h.as(manager)
	address, fields := b.get("/records?status=passed").form(t, "/records/filters")
	fields.Set("name", "To remind")
	kept := h.browser().post(address, fields)
	assert.Equal(t, 401, kept.status)
	assert.Contains(t, kept.text(), "The filter is not saved yet.")
	_, again := kept.form(t, "/records/filters")
	assert.NotContains(t, again, "csrf", "the other session's is of no use")

	aged := b.post(address, again)
	assert.Equal(t, 403, aged.status, "the page is of no session")
	assert.Contains(t, aged.text(), "the page was older than your session.")
	assert.Contains(t, aged.body, `name="name" value="To remind"`)
	saved := b.send(aged, "/records/filters", url.Values{"name": {"To remind"}})
	assert.Equal(t, "/records?status=passed", saved.url.RequestURI())
}

func TestNobodyElseSavesFilters(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	_, hidden := b.get("/learning").form(t, "/signout")
	for _, path := range []string{"/records/filters", "/records/filters/remove"} {
		fields := url.Values{"csrf": hidden["csrf"], "name": {"Mine"}, "query": {"status=passed"}}
		assert.Equal(t, 403, b.post(path, fields).status, path)
		assert.Equal(t, 403, h.as(manager).post(path, url.Values{"name": {"Mine"}, "query": {"status=passed"}}).status, "without the form's token")
	}
}
