package site_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/app"
)

// ward gives the first institution people with records of every kind: each status,
// an older edition, a module that is offered no longer, and some who have left.
func (h *house) ward(people int) {
	h.t.Helper()
	monday := app.WeekOf(h.clock.now())
	statuses := []app.Status{app.InProgress, app.Passed, app.Read, app.TestedOut, app.Waived}
	editions := []app.EditionRef{{Module: "greet", Edition: "2026"}, {Module: "listen", Edition: "2026"}, {Module: "greet", Edition: "2025"}, {Module: "gone", Edition: "2024"}}
	for i := range people {
		id := app.Identity{Institution: "mercy-lakes", Issuer: "https://idp.example", Subject: fmt.Sprintf("w-%03d", i), Name: fmt.Sprintf("Worker %03d", i), Email: fmt.Sprintf("w%d@mercy.example", i)}
		at := monday.AddDate(0, 0, -7*(i%30)).Add(time.Duration(i) * time.Minute)
		p := app.Person{Learner: app.NewLearnerID(id.Issuer, id.Subject), Identity: id, SignedInAt: at}
		session := app.Session{Hash: app.SessionHash(id.Subject), Learner: p.Learner, CreatedAt: at, SeenAt: at}
		require.NoError(h.t, h.store.SignIn(h.t.Context(), p, session, func(app.Person) []app.Event { return nil }))
		for n, of := range editions[i%3 : min(len(editions), i%3+1+i%2)] {
			h.record(p, of, statuses[(i/3+n)%len(statuses)], at, (i*7)%101)
		}
		if i%9 == 4 {
			gone := app.Event{ID: app.EventID(app.NewToken()), At: h.clock.now().UTC().Truncate(time.Millisecond), Kind: app.PersonErased, Institution: id.Institution, Learner: p.Learner}
			require.NoError(h.t, h.store.Erase(h.t.Context(), app.Erasure{Learner: p.Learner, At: gone.At}, gone))
		}
	}
}

// record gives somebody a record of an edition.
func (h *house) record(p app.Person, of app.EditionRef, s app.Status, at time.Time, score int) {
	h.t.Helper()
	r := app.Record{
		ID: app.NewRecordID(p.Learner, of.Module, of.Edition), Institution: p.Institution, Learner: p.Learner, Subject: p.Subject, Name: p.Name, Email: p.Email,
		Program: "first-5-minutes", Module: of.Module, Title: "About " + of.Module, Edition: of.Edition, Version: 1, StartedAt: at, ActiveAt: at, ChangedAt: at,
	}
	completion := app.Completion{Status: s, At: at, Version: 1, Name: p.Name, Title: r.Title, Institution: "Mercy Lakes Health"}
	var err error
	switch s {
	case app.InProgress:
		_, err = h.store.Begin(h.t.Context(), r)
	case app.Waived:
		completion.Reason = "Knows it already."
		told := app.Event{ID: app.EventID(app.NewToken()), At: at, Kind: app.ModuleWaived, Institution: p.Institution, Learner: p.Learner}
		_, err = h.store.Complete(h.t.Context(), r, completion, told)
	default:
		completion.Score, completion.Certificate = &score, app.CertificateID(app.NewToken())
		a := app.Attempt{ID: app.AttemptID(app.NewToken()), Record: r.ID, Learner: p.Learner, Module: of.Module, Version: 1, At: at, Completion: &completion}
		completion.Attempt = a.ID
		a.Grade.Right, a.Grade.Graded = score, 100
		_, err = h.store.SaveAttempt(h.t.Context(), r, a)
	}
	require.NoError(h.t, err)
}

// counting is a link whose words have a number.
type counting struct {
	words, address string
	number         int
}

// numbers returns the links of the glance that have a number.
func (p page) numbers(t *testing.T) []counting {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.body))
	require.NoError(t, err)
	var all []counting
	for section := range root.Descendants() {
		if attribute(section, "class") != "glance" {
			continue
		}
		for n := range section.Descendants() {
			if n.Data == "a" {
				words := wordsOf(n)
				digits := strings.FieldsFunc(words, func(r rune) bool { return r < '0' || r > '9' })
				require.NotEmpty(t, digits, "a link of the glance has a number: %s", words)
				number, err := strconv.Atoi(digits[len(digits)-1])
				require.NoError(t, err)
				all = append(all, counting{words, attribute(n, "href"), number})
			}
		}
	}
	return all
}

// rows counts the rows of all pages of a list.
func (b *browser) rows(address string) int {
	b.t.Helper()
	n := 0
	for address != "" {
		p := b.get(address)
		require.Equal(b.t, 200, p.status, address)
		n += len(p.people())
		address = p.link("More records") + p.link("More people")
	}
	return n
}

func TestEveryNumberOfTheGlanceLeadsToAsManyRows(t *testing.T) {
	h := newHouse(t)
	h.ward(230)
	b := h.as(manager)
	page := b.get("/records")
	numbers := page.numbers(t)
	counted, sum, people := map[string]int{}, 0, 0
	for _, n := range numbers {
		counted[n.address] = n.number
	}
	for address, n := range counted {
		assert.Equal(t, n, b.rows(address), address)
		if file, is := strings.CutPrefix(address, "/records?"); is {
			assert.Len(t, b.read("/records.csv?"+file), n+1, address)
			assert.Contains(t, b.get(address).text(), plural(n), address)
			sum += n
		} else {
			people += n
		}
	}
	assert.Greater(t, len(counted), 35, "26 weeks, five statuses, and each edition")
	assert.Greater(t, sum, 400)
	assert.Greater(t, people, 200)
	assert.Contains(t, page.text(), strconv.Itoa(b.rows("/records"))+" records")
}

func TestTheNumbersOfAnotherInstitutionAreItsOwn(t *testing.T) {
	h := newHouse(t)
	h.ward(30)
	p := h.as(others).get("/records")
	assert.Empty(t, p.numbers(t))
	assert.Contains(t, p.text(), "No records yet")
	assert.Contains(t, p.text(), "1 person has signed in.", "the manager")
	assert.NotContains(t, p.body, "Worker")
}

func TestWhatIsCompletedByWholeProgrammeIsSaidInWords(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel).answer("greet", wrong())
	page := h.as(manager).get("/records")
	assert.Contains(t, page.text(), "1 of 3 people has completed “Greet first”.")
	assert.Contains(t, page.text(), "1 completed 1 in progress 1 not begun")
	assert.Contains(t, page.text(), "1 so far this week , 0 last week , 0 the week before")
}

func TestARecordOfSomebodyWhoHasLeftIsListedWithoutWhoTheyWere(t *testing.T) {
	h := newHouse(t)
	h.ward(30) // of whom number 4, 13 and 22 have left
	b := h.as(manager)
	everybody, present := b.rows("/records"), b.rows("/records?people=present")
	assert.Less(t, present, everybody)
	page := b.get("/records").text()
	assert.NotContains(t, page, "w4@mercy.example")
	assert.Contains(t, page, "has left", "whose name is kept with a completion for six years")
	assert.NotContains(t, b.get("/records?people=present").text(), "has left")
}

func TestRecordsAreSortedByTheirColumns(t *testing.T) {
	h := newHouse(t)
	h.ward(150)
	b := h.as(manager)
	for column, cell := range map[string]string{"Person": "Person", "Best score": "Best score", "Last active (UTC)": "Last active", "Completed (UTC)": "Completed"} {
		first := b.get("/records")
		address := first.link(column)
		if column == "Last active (UTC)" {
			address = "/records?module=greet"
		}
		p := b.get(address)
		var keys []string
		for {
			keys = append(keys, p.cells(cell)...)
			next := p.link("More records")
			if next == "" {
				break
			}
			p = b.get(next)
		}
		rank := func(a, b string) int { return strings.Compare(sortable(cell, a), sortable(cell, b)) }
		want := slices.Clone(keys)
		slices.SortStableFunc(want, rank)
		if cell != "Person" {
			slices.Reverse(want)
		}
		assert.Equal(t, want, keys, column)
		assert.Greater(t, len(slices.Compact(want)), 5, column)
		assert.Contains(t, b.get(address).body, `aria-sort="`+map[bool]string{true: "ascending", false: "descending"}[cell == "Person"]+`"`)
	}
}

// sortable returns a cell's text as texts are compared.
func sortable(cell, text string) string {
	number, _, percent := strings.Cut(text, "\u00a0%")
	switch {
	case text == "–":
		return ""
	case percent:
		return fmt.Sprintf("%03s", number)
	}
	return strings.ToLower(text)
}

// cells returns the texts of a column of the records.
func (p page) cells(label string) []string {
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return nil
	}
	var all []string
	for n := range root.Descendants() {
		if n.Data == "td" && attribute(n, "data-label") == label && attribute(n.Parent.Parent.Parent, "class") == "records list" {
			all = append(all, firstText(n))
		}
	}
	return all
}

// wordsOf returns the text of an element.
func wordsOf(n *html.Node) string {
	var words []string
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			words = append(words, strings.Fields(d.Data)...)
		}
	}
	return strings.Join(words, " ")
}

func TestAFilterThatCanNotBeUsedSaysWhyAndKeepsWhatWasTyped(t *testing.T) {
	b := newHouse(t).as(manager)
	for query, says := range map[string]string{
		"from=yesterday":                      "A day is written like 2026-01-31, and not “yesterday”.",
		"to=2026-01-31T10:00:00Z":             "A day is written like 2026-01-31",
		"from=0001-01-01":                     "A day is written like 2026-01-31, and not “0001-01-01”.",
		"from=2026-02-01&to=2026-01-31":       "The days are crossed: the first is 2026-02-01",
		"dates=birth":                         "not of “birth”",
		"status=done":                         "There is no status “done”. Choose one from the list.",
		"people=some":                         "not “some”",
		"score_from=many":                     "A score is a whole number from 0 to 100, and not “many”.",
		"score_to=101":                        "A score is a whole number from 0 to 100, and not “101”.",
		"score_from=-1":                       "A score is a whole number from 0 to 100",
		"score_from=80&score_to=79":           "The scores are crossed: the lowest is 80 and the highest is 79",
		"sort=email":                          "not by “email”",
		"up=down":                             "not with up=down",
		"q=" + strings.Repeat("a", 201):       "Search for 200 characters at most.",
		"after=x":                             "does not say where the list goes on",
		"after=active.x.id":                   "does not say where the list goes on",
		"after=active.1.":                     "does not say where the list goes on",
		"after=name-up.QQ.id":                 "sorted otherwise",
		"sort=name&up=1&after=active.1.id":    "sorted otherwise",
		"sort=name&up=1&after=name-up.%2B.id": "does not say where the list goes on",
	} {
		p := b.get("/records?" + query + "&module=greet&edition=1999")
		assert.Equal(t, 422, p.status, query)
		assert.Contains(t, p.text(), says, query)
		assert.Contains(t, p.body, `value="1999"`, "what was typed stays in the form")
		assert.Contains(t, p.body, `<option value="greet" selected>`)
		assert.Equal(t, "/records", p.link("Show all"), query)
		q, err := url.ParseQuery(query)
		require.NoError(t, err)
		if !q.Has("after") && !q.Has("sort") && !q.Has("up") {
			assert.Equal(t, 422, b.get("/records.csv?"+query).status, "no file has other rows than its page")
		}
	}
}

func TestTheFirstAndTheLastScoreOfAFilterAreInIt(t *testing.T) {
	h := newHouse(t)
	h.ward(60)
	b := h.as(manager)
	var all []int
	for _, row := range byName(b.records()) {
		if row["score"] != "" {
			n, err := strconv.Atoi(row["score"])
			require.NoError(t, err)
			all = append(all, n)
		}
	}
	slices.Sort(all)
	require.Greater(t, len(all), 10)
	from, to := all[3], all[len(all)-3]
	want := 0
	for _, n := range all {
		if from <= n && n <= to {
			want++
		}
	}
	query := fmt.Sprintf("score_from=%d&score_to=%d", from, to)
	assert.Equal(t, want, b.rows("/records?"+query))
	assert.Len(t, b.read("/records.csv?"+query), want+1)
	assert.Equal(t, len(all), b.rows("/records?score_to=100"), "what has no score is not chosen by one")
	assert.Contains(t, b.get("/records?"+query).text(), fmt.Sprintf("Score from %d to %d %%", from, to))
}

func TestWhatIsChosenCanBeTakenAwayOneByOne(t *testing.T) {
	h := newHouse(t)
	h.ward(60)
	b := h.as(manager)
	address := "/records?status=completed&module=gone&edition=2024&people=present&dates=completed&from=2020-01-01&score_from=1&q=worker&sort=name&up=1"
	p := b.get(address)
	require.Equal(t, 200, p.status)
	left := 7
	for ; left > 0; left-- {
		without := p.chips()
		require.Len(t, without, left)
		p = b.get(without[0])
		require.Equal(t, 200, p.status, without[0])
	}
	assert.Empty(t, p.chips())
	assert.Equal(t, "sort=name&up=1", p.url.RawQuery, "the order stays")
}

// chips returns the addresses of the list without each of the things chosen.
func (p page) chips() []string {
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return nil
	}
	var all []string
	for n := range root.Descendants() {
		if n.Data == "a" && strings.HasSuffix(wordsOf(n), "×") {
			all = append(all, attribute(n, "href"))
		}
	}
	return all
}

func TestACursorLeadsNobodyIntoAnotherInstitution(t *testing.T) {
	h := newHouse(t)
	h.ward(230)
	h.as(amara).open("greet")
	for _, order := range []string{"", "sort=name&up=1", "sort=score", "sort=completed"} {
		next := h.as(manager).get("/records?" + order).link("More records")
		require.NotEmpty(t, next)
		p := h.as(others).get(next)
		assert.Equal(t, 200, p.status)
		for _, name := range p.people() {
			assert.Equal(t, "Amara Okafor", name, order)
		}
	}
}
