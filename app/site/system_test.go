package site_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// system is a system of an institution that fetches records, with its token.
type system struct {
	h     *house
	token string
}

// system returns a system with a token that a manager has made on the page.
func (h *house) system(manager string, scopes ...app.Scope) system {
	h.t.Helper()
	b := h.as(manager)
	p := b.send(b.get("/records/tokens"), "/records/tokens", tokenForm("HR, nightly", scopes...))
	require.Equal(h.t, 200, p.status, p.text())
	_, rest, there := strings.Cut(p.body, `translate="no" spellcheck="false">`)
	require.True(h.t, there, p.text())
	text, _, _ := strings.Cut(rest, "<")
	return system{h, text}
}

func tokenForm(name string, scopes ...app.Scope) url.Values {
	form := url.Values{"name": {name}, "days": {"90"}}
	for _, s := range scopes {
		form.Add("scope", string(s))
	}
	return form
}

// answer is what a system is told.
type answer struct {
	page
	to *http.Request
	t  testing.TB
}

// get asks, and holds the answer against the API's document.
func (s system) get(path string) answer {
	s.h.t.Helper()
	a := s.do(http.MethodGet, path, nil)
	s.h.documented(a)
	return a
}

// do asks in any way.
func (s system) do(method, path string, header http.Header) answer {
	s.h.t.Helper()
	r, err := http.NewRequestWithContext(s.h.t.Context(), method, s.h.url+path, nil)
	require.NoError(s.h.t, err)
	if header != nil {
		r.Header = header
	}
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	return answer{(&browser{t: s.h.t, base: s.h.url, http: http.DefaultClient}).do(r), r, s.h.t}
}

// documented fails unless the document says that an address may answer so.
func (h *house) documented(a answer) {
	h.t.Helper()
	p, r := a.page, a.to
	v, err := apiValidator()
	require.NoError(h.t, err)
	res := &http.Response{StatusCode: p.status, Header: p.header, Body: io.NopCloser(strings.NewReader(p.body)), Request: r}
	if p.status == http.StatusOK {
		fits, wrong := v.ValidateHttpRequestSync(r)
		assert.True(h.t, fits, "%s is answered, and not in the document: %v", r.URL, wrong)
	}
	fits, wrong := v.ValidateHttpResponse(r, res)
	var said []string
	for _, w := range wrong {
		said = append(said, fmt.Sprint(w.Message, ": ", w.Reason, w.SchemaValidationErrors))
	}
	assert.True(h.t, fits, "%s %d is not as in the document: %v", r.URL, p.status, said)
}

// apiValidator holds what the program answers against its document.
var apiValidator = sync.OnceValues(func() (validator.Validator, error) {
	source, err := os.ReadFile("openapi.json")
	if err != nil {
		return nil, err
	}
	doc, err := libopenapi.NewDocument(source)
	if err != nil {
		return nil, err
	}
	v, failed := validator.NewValidator(doc)
	if len(failed) > 0 {
		return nil, failed[0]
	}
	return v, nil
})

// list returns the things of an answer, and where it goes on.
func (a answer) list(name string) (all []map[string]any, next, since string) {
	a.t.Helper()
	require.Equal(a.t, 200, a.status, a.body)
	var read map[string]json.RawMessage
	require.NoError(a.t, json.Unmarshal([]byte(a.body), &read))
	require.NoError(a.t, json.Unmarshal(read[name], &all))
	for field, into := range map[string]*string{"next": &next, "since": &since} {
		if len(read[field]) > 0 {
			require.NoError(a.t, json.Unmarshal(read[field], into)) // null leaves it empty
		}
	}
	return all, next, since
}

// all fetches all parts of a listing, with the parameters in its address.
func (s system) all(path, name string) (all []map[string]any, since string) {
	s.h.t.Helper()
	address, next := path, ""
	for {
		var part []map[string]any
		part, next, since = s.get(address).list(name)
		all = append(all, part...)
		if next == "" {
			return all, since
		}
		require.NotEmpty(s.h.t, part, "a part that is not the last has something in it")
		address = path + "&cursor=" + next
	}
}

// problem is an answer as RFC 9457 has it.
func (a answer) problem(status int) (detail, parameter string) {
	a.t.Helper()
	require.Equal(a.t, status, a.status, a.body)
	assert.Equal(a.t, "application/problem+json", a.header.Get("Content-Type"))
	assert.Equal(a.t, "no-store", a.header.Get("Cache-Control"))
	var read struct {
		Type, Title, Detail, Parameter string
		Status                         int
	}
	d := json.NewDecoder(strings.NewReader(a.body))
	d.DisallowUnknownFields()
	require.NoError(a.t, d.Decode(&read))
	assert.Equal(a.t, status, read.Status)
	assert.Equal(a.t, http.StatusText(status), read.Title)
	assert.NotEmpty(a.t, read.Detail)
	return read.Detail, read.Parameter
}

// values returns one column of a list.
func values(all []map[string]any, column string) []string {
	found := []string{}
	for _, one := range all {
		found = append(found, fmt.Sprint(one[column]))
	}
	return found
}

// staff signs in many invented people of an institution, each of whom begins a
// module, and returns them.
func (h *house) staff(i app.InstitutionID, people int) []app.Person {
	h.t.Helper()
	var all []app.Person
	for n := range people {
		_, p, _, err := h.training.SignIn(h.t.Context(), app.Arrival{Identity: app.Identity{
			Institution: i, Issuer: "https://login.example/" + string(i), Subject: fmt.Sprintf("s%03d", n),
			Name: fmt.Sprintf("Person %03d", people-n), Email: fmt.Sprintf("p%d@%s.example", n, i),
		}})
		require.NoError(h.t, err)
		require.NoError(h.t, h.training.Begin(h.t.Context(), p, "greet"))
		if n%3 == 0 {
			h.clock.pass(time.Second)
		}
		all = append(all, p)
	}
	return all
}

// settled moves the clock on to when all changes are told of.
func (h *house) settled() { h.clock.pass(61 * time.Second) }

func jsonLines(t testing.TB, body string) []map[string]any {
	t.Helper()
	var all []map[string]any
	for line := range bytes.Lines([]byte(body)) {
		var one map[string]any
		require.NoError(t, json.Unmarshal(line, &one))
		all = append(all, one)
	}
	return all
}
