package site_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/app"
)

// try is a request with something of the first institution, and the same with what
// is nobody's.
type try struct {
	theirs, nobodys attempted
	same            bool // they must be answered alike
}

// attempted is one of the two.
type attempted struct {
	address string
	form    url.Values
	sent    []string // what an answer may repeat
}

// tries returns what is tried on an address.
func (x *theirs) tries(method, path string) []try {
	x.t.Helper()
	nobodys := map[string]string{"slug": "greet"}
	for kind := range x.ids {
		if kind != "slug" {
			nobodys[kind] = app.NewToken()
		}
	}
	for _, name := range parameter.FindAllString(path, -1) {
		require.Contains(x.t, x.ids, name[1:], "%s names something of which the test has none", path)
	}
	of := func(ids map[string]string, query string, sent ...string) attempted {
		a := attempted{address: filled(path, ids) + query, sent: sent}
		for kind, id := range ids {
			if kind != "slug" {
				a.sent = append(a.sent, id)
			}
		}
		if method == http.MethodPost {
			a.form = url.Values{
				"name": {"Their own ward"}, "module": {"greet"}, "reason": {"Spite."}, "query": {"status=passed"}, "because": {"Spite."}, "what": {"module:greet"}, "who": {"everyone"},
				"id": {ids["token"]}, "learner": {ids["learner"]}, "record": {ids["record"]}, "attempt": {ids["attempt"]}, "assignment": {ids["assignment"]}, "institution": {"mercy-lakes"},
			}
		}
		return a
	}
	named := strings.Contains(strings.ReplaceAll(path, ":slug", ""), ":")
	all := []try{{of(x.ids, ""), of(nobodys, ""), named && !strings.HasPrefix(path, "/certificates/")}}
	if method == http.MethodPost {
		return all
	}
	for _, p := range x.places { // a file of everything tells of each time that it was taken
		all = append(all, try{of(x.ids, "?"+p.name+"="+url.QueryEscape(p.theirs[0]), p.theirs[:]...), of(nobodys, "?"+p.name+"="+url.QueryEscape(p.nobodys[0]), p.nobodys[:]...), all[0].same || !named && x.repeats(path, p.name)})
	}
	for _, query := range []string{"?institution=mercy-lakes", "?of=mercy-lakes", "?q=Mercy+Nurse", "?q=noor.haddad", "?filter=Their+own+ward"} {
		all = append(all, try{of(x.ids, query), of(nobodys, query), all[0].same})
	}
	return all
}

// repeats says whether an address answers twice alike: not the trail, which grows by
// each file that is taken, nor a workbook or a place, which have in them by what they
// were chosen, nor a list of people, to whom an id may be a name to go on after.
func (x *theirs) repeats(path, by string) bool {
	return path != "/account/everything.json" && (!strings.HasPrefix(path, "/audit") || by == "learner") && !strings.HasSuffix(path, ".xlsx") && path != "/api/v1/records" && path != "/records/people"
}

// compare sends both, and fails if an answer has anything of theirs or tells whether
// something of that name is there.
func (x *theirs) compare(as stranger, method string, t try) {
	x.t.Helper()
	theirs := x.answered(as, method, t.theirs)
	if !t.same {
		return
	}
	nobodys := x.answered(as, method, t.nobodys)
	assert.Equal(x.t, nobodys.status, theirs.status, "%s: %s %s", as.name, method, t.theirs.address)
	assert.Equal(x.t, bare(x, nobodys, t.nobodys), bare(x, theirs, t.theirs), "%s: %s %s", as.name, method, t.theirs.address)
}

func (x *theirs) answered(as stranger, method string, a attempted) page {
	x.t.Helper()
	body := url.Values{}
	for _, from := range []url.Values{a.form, as.fields} {
		for name, values := range from {
			body[name] = values
		}
	}
	r := as.browser.request(a.address)
	r.Method = method
	if method == http.MethodPost {
		var err error
		r, err = http.NewRequestWithContext(x.t.Context(), method, as.browser.base+a.address, strings.NewReader(body.Encode()))
		require.NoError(x.t, err)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", as.browser.base)
	}
	if as.token != "" {
		r.Header.Set("Authorization", "Bearer "+as.token)
	}
	p := as.browser.do(r)
	assert.Less(x.t, p.status, 500, "%s: %s %s", as.name, method, a.address)
	said := p.body + fmt.Sprint(p.header)
	said += html.UnescapeString(said)
	for secret, what := range x.secrets {
		if strings.Contains(said, secret) && !(secret == "Noor Haddad" && strings.HasPrefix(a.address, "/certificates/")) && !strings.Contains(a.form.Encode(), url.QueryEscape(secret)) {
			assert.Fail(x.t, "something of another institution is told", "%s %q to %s: %s %s", what, secret, as.name, method, a.address)
		}
	}
	return p
}

// What is drawn anew for each answer.
var (
	drawn = regexp.MustCompile(` (value|nonce)="[^"]*"|first5_[a-z-]+_[A-Za-z0-9_-]+`)
)

// bare returns an answer without what was sent to get it, and without what is drawn
// anew each time.
func bare(x *theirs, p page, a attempted) string {
	text := drawn.ReplaceAllString(p.body, "")
	header := p.header.Clone()
	for _, name := range []string{"Date", "Set-Cookie", "Etag", "Content-Length", "Content-Security-Policy"} {
		header.Del(name)
	}
	text += fmt.Sprint(header)
	for _, s := range a.sent {
		for _, written := range []string{s, url.QueryEscape(s), url.QueryEscape(url.QueryEscape(s)), html.EscapeString(s), html.EscapeString(url.QueryEscape(s))} {
			text = strings.ReplaceAll(text, written, "ID")
		}
	}
	return text
}
