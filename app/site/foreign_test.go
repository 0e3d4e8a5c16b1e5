package site_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
	"first5/app/site"
)

// TestNothingOfOneInstitutionIsReachedFromAnother tries all that names something of
// one institution, on every address that there is, as everybody of another and as
// nobody.
func TestNothingOfOneInstitutionIsReachedFromAnother(t *testing.T) {
	h := onSQLite(t)
	theirs := newTheirs(t, h)
	visitors := theirs.strangers()
	h.clock.pass(11 * time.Second) // what is held of both is read anew
	theirs.opens()
	before := theirs.dump()
	all, err := views()
	require.NoError(t, err)
	tried := 0
	for _, route := range site.Table(t, all) {
		method, path, _ := strings.Cut(route, " ")
		if open(path) {
			continue
		}
		for _, as := range visitors {
			for _, try := range theirs.tries(method, path) {
				theirs.compare(as, method, try)
				tried++
			}
		}
	}
	assert.Greater(t, tried, 1500)
	h.shutdown() // which finishes what was begun
	after := theirs.dump()
	for key, line := range before {
		assert.Equal(t, line, after[key], "%s is as it was", key)
	}
	for key := range after {
		assert.Contains(t, before, key, "nothing was added")
	}
}

// open says whether an address has nothing of an institution: what everybody gets,
// and signing in and out, which is tested by itself.
func open(path string) bool {
	return strings.HasPrefix(path, "/signin") || strings.HasPrefix(path, "/signout") || strings.HasPrefix(path, "/assets/") || strings.HasPrefix(path, "/static/")
}

// theirs is what the first institution has.
type theirs struct {
	*house
	test    *testing.T
	ids     map[string]string // of one thing of each kind, by what addresses call it
	places  []placed          // in its listings
	secrets map[string]string // what no answer may have, and what it is
	owner   *browser
	learner *browser
	system  system
}

// placed is a parameter with something of the first institution, and one alike that
// is nobody's.
type placed struct {
	name    string
	theirs  [2]string // the whole, and the id in it
	nobodys [2]string
}

func newTheirs(t *testing.T, h *house) *theirs {
	t.Helper()
	h.people("mercy-lakes", "Mercy")
	h.people("harbor-point", "Harbor")
	x := &theirs{house: h, test: t, ids: map[string]string{}, secrets: map[string]string{}, learner: h.as(noor), owner: h.as(manager)}
	attempt := x.learner.answer("greet", right())
	h.as(daniel).answer("greet", wrong())
	for range 2 {
		x.system = h.system(manager, app.Scopes()...)
		made := x.owner.requires(url.Values{"because": {"Their own reason " + app.NewToken()}, "by": {"Their Dean"}, "what": {"module:listen"}, "who": {"list"}, "people": {"ml-20417"}})
		require.Equal(t, 200, made.status)
	}
	_, fields := x.owner.get("/account").form(t, "/signout")
	fields.Set("name", "Their own ward")
	fields.Set("query", "status=passed")
	require.Equal(t, 200, x.owner.post("/records/filters", fields).status)
	require.Equal(t, 200, x.owner.waive(h.personPath(daniel), "listen", "Their own waiver.").status)
	x.owner.records()
	x.system.get("/api/v1/records.jsonl")
	x.name(attempt.url.Path)
	x.list()
	x.hide()
	return x
}

// people signs in invented people, each of whom begins a module.
func (h *house) people(at app.InstitutionID, called string) {
	h.t.Helper()
	for n := range 105 {
		_, p, _, err := h.training.SignIn(h.t.Context(), app.Arrival{Identity: app.Identity{
			Institution: at, Issuer: "https://login.example/" + string(at), Subject: fmt.Sprintf("%s-%04d", called, n),
			Name: fmt.Sprintf("%s Nurse %04d", called, n), Email: fmt.Sprintf("nurse%04d@%s.example", n, called),
		}})
		require.NoError(h.t, err)
		require.NoError(h.t, h.training.Begin(h.t.Context(), p, "greet"))
	}
}

// name finds one of each thing that an address can name.
func (x *theirs) name(attempt string) {
	x.t.Helper()
	learner := x.learnerOf(noor)
	records, err := x.store.LearnerRecords(x.t.Context(), learner)
	require.NoError(x.t, err)
	office, err := x.store.Office(x.t.Context(), "mercy-lakes")
	require.NoError(x.t, err)
	x.ids = map[string]string{
		"learner": string(learner), "record": string(records[0].ID), "certificate": string(records[0].Completion.Certificate),
		"attempt": attempt[strings.LastIndex(attempt, "/")+1:], "assignment": office.Assignments[0].ID, "token": office.Tokens[0].ID, "slug": "greet",
	}
}

// list finds places in all of the institution's listings.
func (x *theirs) list() {
	x.t.Helper()
	x.clock.pass(61 * time.Second)
	add := func(name, text, id string) {
		require.Contains(x.t, text, id)
		nobodys := app.NewToken()
		x.places = append(x.places, placed{name, [2]string{text, id}, [2]string{strings.Replace(text, id, nobodys, 1), nobodys}})
	}
	void := func(name, text string) {
		x.places = append(x.places, placed{name, [2]string{text, text}, [2]string{elsewhere(x.t, text), elsewhere(x.t, text)}})
	}
	for _, order := range []string{"", "sort=name&up=1"} {
		after := x.parameter("/records?"+order, "More records", "after")
		add("after", after, after[strings.LastIndex(after, ".")+1:])
	}
	after := x.parameter("/records/people", "More people", "after")
	add("after", after, after[:strings.Index(after, ".")])
	events, err := x.store.Events(x.t.Context(), app.EventFilter{Institution: "mercy-lakes"}, app.EventCursor{}, 5)
	require.NoError(x.t, err)
	add("after", fmt.Sprintf("%d.%s", events[4].At.UnixMilli(), events[4].ID), string(events[4].ID))
	_, next, _ := x.system.get("/api/v1/records?limit=2").list("records")
	_, people, _ := x.system.get("/api/v1/learners?limit=2").list("learners")
	_, since := x.system.all("/api/v1/records?limit=1000", "records")
	void("cursor", next)
	void("cursor", people)
	void("since", since)
	add("learner", x.ids["learner"], x.ids["learner"])
}

// elsewhere returns a place of the API in a listing that there is not.
func elsewhere(t testing.TB, written string) string {
	t.Helper()
	b, err := base64.RawURLEncoding.DecodeString(written)
	require.NoError(t, err)
	var place map[string]any
	require.NoError(t, json.Unmarshal(b, &place))
	place["c"] = "AAAAAAAAAAAA"
	b, err = json.Marshal(place)
	require.NoError(t, err)
	return base64.RawURLEncoding.EncodeToString(b)
}

func (x *theirs) parameter(path, link, name string) string {
	x.t.Helper()
	u, err := url.Parse(x.owner.get(path).link(link))
	require.NoError(x.t, err)
	require.NotEmpty(x.t, u.Query().Get(name), path)
	return u.Query().Get(name)
}

// hide remembers what no answer may have: all that names people and things of the
// institution, but for what is sent.
func (x *theirs) hide() {
	sent := strings.Join(x.sent(), " ")
	hide := func(what string, texts ...string) {
		for _, s := range texts {
			if len(s) > 4 && !strings.Contains(sent, s) {
				x.secrets[s] = what
			}
		}
	}
	for item := range x.items(archive.People) {
		if p := item.Person; p.Institution == "mercy-lakes" {
			hide("a person", string(p.Learner), p.Subject, p.Name, p.Email, p.NPI)
		}
	}
	for item := range x.items(archive.Records) {
		if r := item.Record; r.Institution == "mercy-lakes" {
			hide("a record", string(r.ID))
			if c := r.Completion; c != nil {
				hide("a completion", string(c.Certificate), string(c.Attempt), c.Reason)
			}
		}
	}
	for item := range x.items(archive.Offices) {
		if item.Office.Institution != "mercy-lakes" {
			continue
		}
		for _, a := range item.Office.Assignments {
			hide("an assignment", a.ID, a.By, a.Because)
		}
		for _, a := range item.Office.Tokens {
			hide("a token", a.ID, string(a.Hash))
		}
	}
	for item := range x.items(archive.Events) {
		if item.Event.Institution != "mercy-lakes" {
			continue
		}
		hide("an event", string(item.Event.ID))
		for _, d := range item.Event.Details {
			if d.Name == "sha256" {
				hide("a download", d.Text)
			}
		}
	}
	hide("a saved filter", "Their own ward")
	require.Greater(x.t, len(x.secrets), 600)
}

// sent returns everything that is tried.
func (x *theirs) sent() (all []string) {
	for kind, id := range x.ids {
		if kind != "slug" {
			all = append(all, id)
		}
	}
	for _, p := range x.places {
		all = append(all, p.theirs[0], p.nobodys[0])
		read, err := base64.RawURLEncoding.DecodeString(p.theirs[0])
		if err == nil {
			all = append(all, string(read))
		}
	}
	return all
}

// dump returns all that the store holds but what is the other institution's.
func (x *theirs) dump() map[string]string {
	x.t.Helper()
	other := map[app.LearnerID]bool{}
	for item := range x.items(archive.People) {
		other[item.Person.Learner] = item.Person.Institution == "harbor-point"
	}
	all := map[string]string{}
	for _, kind := range archive.Kinds() {
		for item := range x.items(kind) {
			if is(item, "harbor-point", other) {
				continue
			}
			line, err := json.Marshal(item)
			require.NoError(x.t, err)
			all[string(kind)+" "+item.Key()] = string(line)
		}
	}
	require.Greater(x.t, len(all), 300)
	return all
}

// is says whether something is an institution's or of its people.
func is(item archive.Item, i app.InstitutionID, people map[app.LearnerID]bool) bool {
	switch item.Kind {
	case archive.People:
		return item.Person.Institution == i
	case archive.Records:
		return item.Record.Institution == i
	case archive.Offices:
		return item.Office.Institution == i
	case archive.Events:
		return item.Event.Institution == i
	case archive.Workbooks:
		return people[item.Workbook.Learner]
	case archive.ParkedAnswers:
		return people[item.Parked.Learner]
	}
	return false
}

// opens proves that what is tried is there: whoever may, gets it.
func (x *theirs) opens() {
	x.t.Helper()
	for _, path := range []string{"/records/people/:learner", "/records/assignments/:assignment", "/records/assignments/:assignment.csv", "/certificates/:certificate"} {
		assert.Equal(x.t, 200, x.owner.get(filled(path, x.ids)).status, path)
	}
	assert.Equal(x.t, 200, x.learner.get(filled("/modules/:slug/attempts/:attempt", x.ids)).status)
	for _, path := range []string{"/api/v1/records/:record", "/api/v1/learners/:learner"} {
		assert.Equal(x.t, 200, x.system.get(filled(path, x.ids)).status, path)
	}
	cursors, since := x.places[len(x.places)-4:len(x.places)-2], x.places[len(x.places)-2]
	for i, path := range []string{"/api/v1/records?limit=2&cursor=", "/api/v1/learners?limit=2&cursor="} {
		assert.Equal(x.t, 200, x.system.get(path+cursors[i].theirs[0]).status, path)
	}
	assert.Equal(x.t, 200, x.system.get("/api/v1/records?since="+since.theirs[0]).status)
}

var parameter = regexp.MustCompile(`:[a-z]+`)

// filled returns a path with ids in it.
func filled(path string, ids map[string]string) string {
	return parameter.ReplaceAllStringFunc(path, func(name string) string { return ids[name[1:]] })
}

// stranger is somebody who is none of the institution's.
type stranger struct {
	name    string
	browser *browser
	token   string
	fields  url.Values // that every form of theirs has
}

// strangers are those of another institution, with the rights that there are, and
// nobody.
func (x *theirs) strangers() []stranger {
	x.t.Helper()
	token := x.house.system(others, app.Scopes()...).token
	_, secret, _ := strings.Cut(token, "harbor-point_")
	all := []stranger{
		{name: "a system", browser: x.browser(), token: token},
		{name: "a system that says it is theirs", browser: x.browser(), token: "first5_mercy-lakes_" + secret},
		{name: "nobody", browser: x.browser()},
	}
	for name, b := range map[string]*browser{"a manager": x.as(others), "a learner": x.as(amara), "an educator": x.educator()} {
		_, fields := b.get("/account").form(x.t, "/signout")
		all = append(all, stranger{name: name, browser: b, fields: fields})
	}
	for _, s := range all {
		s.browser.still()
	}
	slices.SortFunc(all, func(a, b stranger) int { return strings.Compare(a.name, b.name) })
	return all
}

// educator signs in somebody who writes modules at the other institution.
func (x *theirs) educator() *browser {
	x.t.Helper()
	token, _, _, err := x.training.SignIn(x.t.Context(), app.Arrival{Identity: app.Identity{
		Institution: "harbor-point", Issuer: "https://login.example/harbor-point", Subject: "teacher", Name: "Harbor Teacher", Roles: []app.Role{app.Educator},
	}})
	require.NoError(x.t, err)
	home, err := url.Parse(x.url)
	require.NoError(x.t, err)
	b := x.browser()
	b.http.Jar.SetCookies(home, []*http.Cookie{{Name: "first5_session", Value: string(token)}})
	return b
}
