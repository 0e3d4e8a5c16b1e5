package site_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/demo"
)

// patience is how long First5 waits for a provider in these tests: what is
// never answered ends soon, and what is answered has time on a busy machine.
const patience = time.Second

func TestAHostileProviderSignsNobodyInAndTouchesNobodyElse(t *testing.T) {
	ways := slices.Concat(discoveryWays(), callbackWays(), answerWays(), signatureWays(), claimWays(), wireWays())
	s := newStreet(t)
	var providers []*hostile
	for i, w := range ways {
		p := s.move(app.InstitutionID(fmt.Sprintf("hostile-%d", i)))
		if w.do != nil {
			w.do(p)
		}
		providers = append(providers, p)
	}
	h := newHouseAmong(t, patience, providers...)
	physician := h.as(noor)
	// A group, so that what comes after it waits for all of them.
	t.Run("nobody is signed in", func(t *testing.T) {
		for i, w := range ways {
			t.Run(w.name, func(t *testing.T) {
				t.Parallel()
				h.refused(t, w, providers[i])
				assert.Equal(t, 200, asked(t, physician, "/learning"), "who was signed in elsewhere notices nothing")
			})
		}
	})
	newcomer := h.as(amara)
	assert.Equal(t, "/learning", newcomer.get("/learning").url.Path, "and others sign in as ever")
	h.checkLog(t)
}

// refused checks that nobody is signed in, and what is said of it.
func (h *house) refused(t *testing.T, w way, p *hostile) {
	b := h.browser()
	b.t = t
	visit := w.visit
	if visit == nil {
		visit = func(b *browser, p *hostile) (*browser, page) { return b, b.at(p) }
	}
	b, got := visit(b, p)
	at := cmp.Or(w.at, p.id)

	assert.Contains(t, []int{http.StatusForbidden, http.StatusFailedDependency}, got.status, got.body)
	assert.Equal(t, strings.TrimPrefix(h.url, "http://"), got.url.Host, "the browser is here")
	assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
	assert.NotContains(t, got.body, "SCRAWL", "nothing that a provider wrote stands in the page")
	assert.Equal(t, "/signin/"+string(at), cmp.Or(got.link("Try again"), got.link("Sign in again")), "there is another try")
	assert.Equal(t, "/signin", b.get("/account").url.Path, "nobody is signed in")

	told := h.noted(t, at, app.SignInFailed)
	if w.reason == notBegun {
		require.Empty(t, told, "who has begun nothing writes nothing into the trail")
		return
	}
	if w.at == "" {
		require.Len(t, told, 1, "the audit trail has one line")
	}
	require.NotEmpty(t, told)
	for _, e := range told {
		assert.Equal(t, app.Details{"reason": string(w.reason)}, e.Details)
		assert.Empty(t, e.Learner)
	}
}

// asked returns the status of a page, without following where it leads.
func asked(t *testing.T, b *browser, path string) int {
	t.Helper()
	still := *b.http
	still.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	res, err := still.Get(b.base + path)
	require.NoError(t, err)
	require.NoError(t, res.Body.Close())
	return res.StatusCode
}

// checkLog checks that nothing that a provider wrote has forged or flooded the log.
func (h *house) checkLog(t *testing.T) {
	for line := range strings.Lines(h.log.String()) {
		assert.True(t, json.Valid([]byte(line)), line)
		assert.Less(t, len(line), 2000, "a line is short, whatever a provider wrote")
		assert.NotContains(t, line, hostileSecret)
	}
}

// boast is what a provider can say of a person who does sign in.
type boast struct {
	name  string
	do    func(p *hostile)
	noted string // what the trail says was not taken
	shown string // what stands on the account's page
}

func boasts() []boast {
	claims := func(s said) func(*hostile) { return func(p *hostile) { p.claims = s } }
	long := strings.Repeat("a", 600_000)
	groups := make([]string, 10_000)
	for i := range groups {
		groups[i] = fmt.Sprintf("group-%d", i)
	}
	return []boast{
		{name: "nothing special", do: func(*hostile) {}, shown: "Sam Stone"},
		{name: "more than half a megabyte of name", do: claims(said{"name": long}), noted: "the name is too long and was cut", shown: long[:200]},
		{name: "userinfo with as much", do: func(p *hostile) { p.details["name"] = long }, noted: "the name is too long and was cut", shown: long[:200]},
		{name: "a name with HTML", do: claims(said{"name": scrawl}), shown: scrawl},
		{name: "a template as a name", do: claims(said{"name": "{{.Person.Roles}}"}), shown: "{{.Person.Roles}}"},
		{name: "a name that turns the page around", do: claims(said{"name": "Sam\u202e enotS\r\nRoles: operator"}), noted: "the name holds signs that can't be shown, which were left out", shown: "Sam enotSRoles: operator"},
		{name: "a name that is an object", do: claims(said{"name": said{"first": "Sam"}}), noted: "the name is not a text", shown: "Not told"},
		{name: "an address with HTML", do: claims(said{"email": scrawl}), noted: "the e-mail address is not valid", shown: "Not told"},
		{name: "another hospital's address", do: claims(said{"email": "noor.haddad@mercy-lakes.example"}), shown: "noor.haddad@mercy-lakes.example"},
		{name: "the subject of another hospital's physician", do: func(p *hostile) { p.claims["sub"], p.details["sub"] = "ml-20417", "ml-20417" }, shown: "ml-20417"},
		{name: "an NPI that is none", do: claims(said{"npi": "1234567890"}), noted: "the NPI is not valid"},
		{name: "groups that the mapping does not know", do: claims(said{"groups": []string{"manager", "operator", "educator", "admin", "*"}})},
		{name: "an operator, which this institution may not have", do: claims(said{"groups": []string{demo.GroupOperators}})},
		{name: "an educator, which this institution has not mapped", do: claims(said{"groups": demo.GroupEducators})},
		{name: "a manager's group in an object", do: claims(said{"groups": said{demo.GroupManagers: true}}), noted: "the groups are not a list of texts"},
		{name: "a manager's group in other letters", do: claims(said{"groups": strings.ToUpper(demo.GroupManagers) + " "})},
		{name: "roles of its own", do: claims(said{"roles": []string{"operator"}, "Roles": []string{"operator"}})},
		{name: "10,000 groups", do: claims(said{"groups": groups})},
		{name: "members twice", do: func(p *hostile) {
			p.rewrite = prefixed(`"sub":"s2","nonce":"x","aud":"payroll","groups":["` + demo.GroupManagers + `"],"groups":[]`)
		}},
		{name: "a name of its session with control characters", do: claims(said{"sid": "a\x00b"}), noted: "the provider's name for its session is not valid"},
		{name: "userinfo on a host that is not configured", do: func(p *hostile) { p.document["userinfo_endpoint"] = p.elsewhere.URL + detailsAt }, noted: "the person's details were not asked for, as they are at a host that is not configured", shown: "Not told"},
	}
}

func TestWhatAHostileProviderSaysOfAPersonDoesNoHarm(t *testing.T) {
	s := newStreet(t)
	var providers []*hostile
	for i, c := range boasts() {
		p := s.move(app.InstitutionID(fmt.Sprintf("hostile-%d", i)))
		c.do(p)
		providers = append(providers, p)
	}
	h := newHouseAmong(t, 0, providers...)
	physician := h.as(noor)
	for i, c := range boasts() {
		t.Run(c.name, func(t *testing.T) { h.harmless(t, c, providers[i]) })
	}
	assert.Contains(t, physician.get("/account").text(), "Noor Haddad", "who is somebody else")
	assert.Contains(t, h.as(amara).get("/account").text(), "Harbor Point")
	h.checkLog(t)
}

// harmless checks that somebody is signed in as a learner and as no more.
func (h *house) harmless(t *testing.T, c boast, p *hostile) {
	b := h.browser()
	b.t = t
	require.Equal(t, 200, b.at(p).status)
	account := b.get("/account")
	require.Equal(t, "/account", account.url.Path, "somebody is signed in")
	assert.Contains(t, account.text(), "comes from Hostile "+string(p.id))
	assert.Contains(t, account.text(), c.shown)
	assert.NotContains(t, account.body, "<b ", "what a provider wrote is text")
	assert.Less(t, len(account.body), 16<<10, "and not more of it than a page can bear")
	assert.NotContains(t, account.text(), "Learner,", "a learner and no more")
	for _, path := range []string{"/records", "/records.csv", "/audit", "/studio"} {
		assert.Equal(t, 403, b.get(path).status, path)
	}
	told := h.noted(t, p.id, app.SignedIn)
	require.Len(t, told, 1)
	assert.Equal(t, c.noted, told[0].Details["not_taken"])
	assert.Equal(t, app.NewLearnerID(p.issuer, told[0].Subject), told[0].Learner, "a person of this issuer's alone")
	assert.Empty(t, h.noted(t, p.id, app.RolesChanged))
}

func TestAHostileProviderThatHangsKeepsNobodyElseWaiting(t *testing.T) {
	for at, come := range map[string]int{
		discoveryAt: 1, // one of the twenty asks for all of them
		tokenAt:     20,
	} {
		t.Run(at, func(t *testing.T) {
			s := newStreet(t)
			p := s.move("hostile")
			arrived, release := make(chan struct{}, 40), make(chan struct{})
			letGo := sync.OnceFunc(func() { close(release) })
			t.Cleanup(letGo) // however the test ends, or the provider's server would wait for its answers
			p.answers[at] = func(w http.ResponseWriter, r *http.Request) {
				arrived <- struct{}{}
				<-release
				fails(http.StatusServiceUnavailable)(p)(w, r)
			}
			h := newHouseAmong(t, 0, p)
			waiting := make(chan *http.Response, 20)
			for range cap(waiting) {
				go func(b *browser) {
					res, err := b.http.Get(h.url + "/signin/hostile")
					assert.NoError(t, err)
					waiting <- res
				}(h.browser())
			}
			for range come {
				select {
				case <-arrived:
				case res := <-waiting:
					require.Failf(t, "one who should wait got an answer", "%v", res)
				}
			}
			assert.Equal(t, "/learning", h.as(noor).get("/learning").url.Path, "somebody else signs in meanwhile")
			letGo()
			for range cap(waiting) {
				res := <-waiting
				require.NotNil(t, res)
				assert.Equal(t, http.StatusFailedDependency, res.StatusCode, "and those who waited get a page")
				assert.NoError(t, res.Body.Close())
			}
		})
	}
}

func TestAnInstitutionWithoutAKeyHasNoneToShowAHostileOrAnyOtherVisitor(t *testing.T) {
	s := newStreet(t)
	h := newHouseAmong(t, 0, s.move("hostile"))
	for _, i := range []string{"hostile", "mercy-lakes", "nobody", url.PathEscape("../hostile")} {
		assert.Equal(t, 404, h.browser().get("/signin/"+i+"/keys").status, i)
	}
}
