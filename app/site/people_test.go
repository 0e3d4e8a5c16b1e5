package site_test

import (
	"html"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/demo"
)

// learnerOf returns the id of a person, "institution/subject", who has signed in.
func (h *house) learnerOf(person string) app.LearnerID {
	h.t.Helper()
	institution, subject, _ := strings.Cut(person, "/")
	people, err := h.store.PeopleNamed(h.t.Context(), app.InstitutionID(institution), []string{subject})
	require.NoError(h.t, err)
	require.Len(h.t, people, 1, person)
	return people[0].Learner
}

// personPath returns the path of a person's page.
func (h *house) personPath(person string) string {
	return "/records/people/" + string(h.learnerOf(person))
}

func TestPeopleAppearOnceTheyHaveSignedIn(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	assert.NotContains(t, b.get("/records/people").text(), "Noor Haddad")
	h.as(noor)
	h.as(amara)
	p := b.get("/records/people")
	assert.Equal(t, 200, p.status)
	assert.Contains(t, p.text(), "2 people")
	assert.Contains(t, p.text(), "Noor Haddad noor.haddad@mercy-lakes.example 2073418560")
	assert.NotContains(t, p.text(), "Amara", "who is at another institution")
	assert.Contains(t, p.body, `<a href="`+h.personPath(noor)+`">`)
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	assert.Contains(t, b.in("es", "/records/people").text(), "2 personas")
}

func TestPeopleAreFoundByNameAndByWhatTheyHaveNotBegun(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel)
	b := h.as(manager)
	assert.Contains(t, b.get("/records/people?q=haddad").text(), "1 person like that.")
	assert.Contains(t, b.get("/records/people?q=nobody").text(), "0 people like that.")
	p := b.get("/records/people?not_begun=greet")
	assert.Contains(t, p.text(), "2 people have not begun “Greet first”, edition 2026.")
	assert.NotContains(t, p.text(), "Noor")
	assert.Contains(t, p.text(), "Daniel")
	p = b.get("/records/people?not_begun=greet&edition=2026&q=%00dan%00iel")
	assert.Contains(t, p.text(), "1 person like that.", "as records are searched")
	for path, wrong := range map[string]string{
		"not_begun=nothing":             "There is no module “nothing”. Choose one from the list.",
		"not_begun=greet&edition=2019":  "There never was an edition “2019” of a module “greet”. Choose a module from the list.",
		"not_begun=gone&edition=2026":   "There never was an edition “2026” of a module “gone”.",
		"q=" + strings.Repeat("a", 201): "Search for 200 characters at most.",
		"after=x":                       "The address does not say where the list goes on.",
		"after=.x":                      "The address does not say where the list goes on.",
		"after=x.%FF":                   "The address does not say where the list goes on.",
	} {
		p := b.get("/records/people?" + path)
		assert.Equal(t, 422, p.status, path)
		assert.Contains(t, p.text(), wrong)
	}
}

func TestTheListOfPeopleGoesOnFromPageToPage(t *testing.T) {
	h := newHouse(t)
	for _, name := range manyNames(230) {
		id := app.Identity{Institution: "mercy-lakes", Issuer: "https://idp.example", Subject: name, Name: name}
		p := app.Person{Learner: app.NewLearnerID(id.Issuer, id.Subject), Identity: id, SignedInAt: h.clock.now().UTC()}
		err := h.store.SignIn(t.Context(), p, app.Session{Hash: app.SessionHash(name), Learner: p.Learner}, func(app.Person) []app.Event { return nil })
		require.NoError(t, err)
	}
	b := h.as(manager)
	seen := map[string]bool{}
	p := b.get("/records/people")
	for pages := 1; ; pages++ {
		for _, line := range strings.Split(p.body, `<bdi>`)[1:] {
			name, _, _ := strings.Cut(line, "</bdi>")
			seen[html.UnescapeString(name)] = true
		}
		next := p.link("More people")
		if next == "" {
			assert.Equal(t, 3, pages)
			assert.Equal(t, "/records/people", p.link("From the beginning"))
			break
		}
		p = b.get(next)
	}
	for _, name := range manyNames(230) {
		require.True(t, seen[name], name)
	}
}

// manyNames returns as many names, among them ones that an address must escape.
func manyNames(n int) []string {
	var all []string
	for i := range n {
		all = append(all, strings.Repeat("x", i%7)+" & Søn. "+string(rune('a'+i%26))+"?"+strings.Repeat("é", i/26))
	}
	return all
}

func TestAPersonsPageSaysAllThatManagersSeeAndNoMore(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	b.answer("greet", right())
	learner := h.learnerOf(noor)
	office := h.as(manager)
	p := office.get("/records/people/" + string(learner))
	assert.Equal(t, 200, p.status)
	for _, words := range []string{"Noor Haddad", "noor.haddad@mercy-lakes.example", "2073418560", "ml-20417", "Greet first", "Passed", "100 %",
		"Single answers, reflections and what they plan to do in practice are for them alone", "Not begun"} {
		assert.Contains(t, p.text(), words)
	}
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	rows := office.read(p.link("CSV"))
	require.Len(t, rows, 2, "a header and one record")
	assert.Equal(t, string(learner), byName(rows)[0]["learner_id"])
	assert.Equal(t, 200, office.get(p.link("What the audit trail tells of them")).status)
	assert.Contains(t, office.in("es", "/records/people/"+string(learner)).text(), "Sin empezar")
}

func TestNobodySeesPeopleOfAnotherInstitution(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	own := h.personPath(noor)
	harbor := h.as(others)
	for _, path := range []string{own, "/records/people/nobody"} {
		p := harbor.get(path)
		assert.Equal(t, 404, p.status, path)
		assert.NotContains(t, p.text(), "Noor")
	}
	assert.NotContains(t, harbor.get("/records/people?after=a.a").text(), "Noor")
	assert.NotContains(t, harbor.get("/records/people?q=Noor").text(), "Haddad")
	for who, b := range map[string]*browser{"the learner": h.as(noor), "an educator": h.as(teacher)} {
		assert.Equal(t, 403, b.get(own).status, who)
		assert.Equal(t, 403, b.get("/records/people").status, who)
	}
}

func TestWhoHasLeftKeepsRecordsUnderTheirNameOnThatDayAlone(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	learner := h.learnerOf(noor)
	at := h.training.Now().UTC().Truncate(1e6)
	require.NoError(t, h.store.Erase(t.Context(), app.Erasure{Learner: learner, At: at}, app.Event{ID: "e", At: at, Kind: app.PersonErased}))
	b := h.as(manager)
	assert.NotContains(t, b.get("/records/people").text(), "Noor")
	p := b.get("/records/people/" + string(learner))
	assert.Equal(t, 200, p.status)
	assert.Contains(t, p.text(), "Erased on "+at.Format("2 January 2006")+".")
	assert.Contains(t, p.text(), "Noor Haddad", "the name in the completion")
	assert.Contains(t, p.text(), "Greet first")
	for _, words := range []string{"noor.haddad@", "2073418560", "ml-20417", "Waive"} {
		assert.NotContains(t, p.text(), words)
	}
	b.post("/records/people/"+string(learner)+"/waivers", url.Values{"module": {"listen"}, "reason": {"x"}, "sure": {"1"}})
	assert.Len(t, b.read("/records.csv"), 2)
}

func TestEveryPersonOfTheDemonstrationHasAPage(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	for _, i := range demo.Institutions()[:1] {
		for _, person := range i.People {
			h.as(i.ID + "/" + person.Subject)
			assert.Contains(t, b.get(h.personPath(i.ID+"/"+person.Subject)).text(), person.Email)
		}
	}
}

func TestAnEditionThatWasReplacedIsStillOneToChooseBy(t *testing.T) {
	h := newHouse(t)
	h.publish(nextEdition(t))
	p := h.as(manager).get("/records/people?not_begun=greet&edition=2026")
	assert.Contains(t, p.text(), "1 person has not begun “Greet anew”, edition 2026.")
}
