package site_test

import (
	"encoding/csv"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// right answers the module "greet" as it should be.
func right() url.Values {
	return url.Values{"q.whom": {"the-patient"}, "q.say": {"your-name", "your-role"}, "q.day": {"long"}}
}

// wrong answers one of its two graded questions wrong.
func wrong() url.Values {
	return url.Values{"q.whom": {"the-chart"}, "q.say": {"your-name", "your-role"}}
}

// open begins a module and returns its page.
func (b *browser) open(slug string) page {
	b.t.Helper()
	p := b.send(b.get("/modules/"+slug), "/begin", nil)
	require.Equal(b.t, 200, p.status)
	return p
}

// answer begins a module, answers it and returns the result.
func (b *browser) answer(slug string, answers url.Values) page {
	b.t.Helper()
	return b.send(b.open(slug), "/attempts", answers)
}

func TestAPhysicianCompletesAModuleAndTheInstitutionDownloadsTheRecord(t *testing.T) {
	h := newHouse(t)
	physician := h.as(noor)

	assert.Contains(t, physician.get("/modules").text(), "Greet first")
	cover := physician.get("/modules/greet").text()
	for _, shown := range []string{"5 minutes", "2 questions", "80 %", "Only you are shown which answers you gave", "Awaiting clinical review"} {
		assert.Contains(t, cover, shown, "before the start")
	}

	result := physician.answer("greet", right())
	assert.Equal(t, 200, result.status)
	assert.Contains(t, result.text(), "Module completed")
	assert.Contains(t, result.text(), "100 %")
	assert.Contains(t, result.text(), "RIGHTFEEDBACK")

	rows := h.as(manager).records()
	require.Len(t, rows, 2)
	assert.Equal(t, "record_id,institution,learner_id,subject,name,email,npi,program,module,title,edition,version,"+
		"status,score,attempts,started_at,completed_at,certificate_id", strings.Join(rows[0], ","))
	row := byName(rows)[0]
	assert.Equal(t, "mercy-lakes", row["institution"])
	assert.Equal(t, "ml-20417", row["subject"])
	assert.Equal(t, "Noor Haddad", row["name"])
	assert.Equal(t, "noor.haddad@mercy-lakes.example", row["email"])
	assert.Len(t, row["npi"], 10)
	assert.Equal(t, "first-5-minutes", row["program"])
	assert.Equal(t, "greet", row["module"])
	assert.Equal(t, "1", row["version"])
	assert.Equal(t, "passed", row["status"])
	assert.Equal(t, "100", row["score"])
	assert.Equal(t, "1", row["attempts"])
	at, err := time.Parse(time.RFC3339, row["completed_at"])
	require.NoError(t, err)
	assert.WithinDuration(t, time.Now(), at, time.Minute)

	certificate := h.browser().get("/certificates/" + row["certificate_id"])
	assert.Equal(t, 200, certificate.status)
	assert.Contains(t, certificate.text(), "Noor Haddad completed Greet first")
}

func TestSigningOutAndInAgainFindsEverythingAsItWasLeft(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	b.answer("greet", wrong())
	left := b.send(b.get("/learning"), "/signout", nil)
	assert.Contains(t, left.text(), "You are signed out")
	assert.Contains(t, b.get("/learning").url.Path, "/signin", "signed out is signed out")

	b.signIn(noor, "")
	learning := b.get("/learning").text()
	assert.Contains(t, learning, "Begun Greet first")
	assert.Contains(t, learning, "1 attempt best score 50 %")
	assert.Contains(t, learning, "Waiting Listen on")

	result := b.send(b.get("/modules/greet"), "/attempts", right())
	assert.Contains(t, result.text(), "Module completed")
	done := b.get("/learning").text()
	assert.Contains(t, done, "Done Greet first Completed")
}

func TestAFailedAttemptTellsWhatWasWrongAndNotWhatIsRight(t *testing.T) {
	result := newHouse(t).as(noor).answer("greet", wrong())
	assert.Contains(t, result.text(), "Not quite there yet")
	assert.Contains(t, result.text(), "50 %")
	assert.Contains(t, result.text(), "WRONGFEEDBACK", "the feedback on what was chosen is earned")
	assert.NotContains(t, result.body, "RIGHTFEEDBACK", "the right answer is not")
	assert.NotContains(t, result.body, "The patient")
}

func TestTheModulePageHoldsNoRightAnswerAndNoFeedback(t *testing.T) {
	p := newHouse(t).as(noor).open("greet")
	assert.Contains(t, p.text(), "Whom do you greet?")
	assert.NotContains(t, p.body, "RIGHT")
	assert.NotContains(t, p.body, "WRONG")
}

func TestAModuleThatGradesNothingIsCompletedByReadingIt(t *testing.T) {
	h := newHouse(t)
	assert.Contains(t, h.as(noor).answer("listen", nil).text(), "Module completed")
	row := byName(h.as(manager).records())[0]
	assert.Equal(t, "read", row["status"])
	assert.Empty(t, row["score"])
}

func TestAManagerSeesExactlyTheOwnInstitutionsRecords(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel).answer("greet", wrong())
	h.as(amara).open("greet")

	own := h.as(manager)
	assert.Contains(t, own.get("/records").text(), "2 records")
	assert.NotContains(t, own.get("/records").text(), "Okafor")
	assert.Len(t, own.records(), 3)

	other := h.as(others)
	assert.Contains(t, other.get("/records").text(), "1 record")
	for _, shown := range []string{"Haddad", "Ostrowski"} {
		assert.NotContains(t, other.get("/records").text(), shown)
		assert.NotContains(t, other.get("/records.csv").body, shown)
		assert.Contains(t, other.get("/records?q="+shown).text(), "0 records", "nor by asking for them")
	}
	for _, b := range []*browser{h.as(noor), h.as(teacher)} {
		assert.Equal(t, 403, b.get("/records").status, "only managers see records")
		assert.Equal(t, 403, b.get("/records.csv").status)
	}
	assert.Equal(t, "/signin", h.browser().get("/records.csv").url.Path)
}

func TestTheFilterChoosesTheSameOnThePageAndInTheFile(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(daniel).answer("greet", wrong())
	b := h.as(manager)
	today := h.clock.now().UTC().Format(time.DateOnly)
	for query, want := range map[string]int{
		"?status=passed":                     1,
		"?status=in_progress":                1,
		"?q=ostrowski":                       1,
		"?q=OSTROWSKI&status=passed":         0,
		"?module=greet":                      2,
		"?module=listen":                     0,
		"?program=first-5-minutes":           2,
		"?from=" + today + "&to=" + today:    2,
		"?to=2020-01-01":                     0,
		"?from=2020-01-01&module=greet&q=ad": 1,
	} {
		assert.Len(t, b.read("/records.csv"+query), want+1, query)
		words := b.get("/records" + query).text()
		assert.Contains(t, words, plural(want), query)
	}
	for query, says := range map[string]string{
		"?from=yesterday": `A day is written like 2026-01-31, and not “yesterday”.`,
		"?status=done":    `There is no status “done”.`,
		"?after=x":        "does not say where the list goes on",
	} {
		p := b.get("/records" + query)
		assert.Equal(t, 422, p.status, query)
		assert.Contains(t, p.text(), says, query)
	}
}

func TestALongListOfRecordsGoesOnWithoutGapOrRepeat(t *testing.T) {
	h := newHouse(t)
	want := h.seed(250)
	b := h.as(manager)
	var seen []string
	p := b.get("/records")
	for {
		seen = append(seen, p.people()...)
		next := p.link("More records")
		if next == "" {
			break
		}
		p = b.get(next)
	}
	assert.ElementsMatch(t, want, seen)
	assert.Len(t, b.records(), 251)
}

func TestAnEducatorSeesWhatIsPublished(t *testing.T) {
	h := newHouse(t)
	assert.Contains(t, h.as(teacher).get("/studio").text(), "Greet first greet 2026 1")
	assert.Equal(t, 403, h.as(noor).get("/studio").status)
}

// records downloads the records as a manager does.
func (b *browser) records() [][]string { return b.read("/records.csv") }

func (b *browser) read(path string) [][]string {
	b.t.Helper()
	p := b.get(path)
	require.Equal(b.t, 200, p.status, p.body)
	assert.Contains(b.t, p.header.Get("Content-Type"), "text/csv")
	assert.Contains(b.t, p.header.Get("Content-Disposition"), "attachment")
	file, marked := strings.CutPrefix(p.body, "\ufeff")
	assert.True(b.t, marked, "spreadsheets need the byte-order mark")
	rows, err := csv.NewReader(strings.NewReader(file)).ReadAll()
	require.NoError(b.t, err)
	return rows
}

// byName returns the rows of a file by the names of its columns.
func byName(rows [][]string) []map[string]string {
	var named []map[string]string
	for _, row := range rows[1:] {
		m := map[string]string{}
		for i, column := range rows[0] {
			m[column] = row[i]
		}
		named = append(named, m)
	}
	return named
}

func plural(n int) string {
	if n == 1 {
		return "1 record"
	}
	return strconv.Itoa(n) + " records"
}

// seed gives the first institution records of n people, several of them active
// in the same millisecond, and returns the people's names.
func (h *house) seed(n int) []string {
	h.t.Helper()
	var names []string
	for i := range n {
		name := fmt.Sprintf("Person %03d", i)
		id := app.Identity{Institution: "mercy-lakes", Issuer: "https://idp.example", Subject: name, Name: name}
		at := time.Date(2026, 1, 1, 0, 0, i/7, 0, time.UTC)
		p := app.Person{Learner: app.NewLearnerID(id.Issuer, id.Subject), Identity: id, SignedInAt: at}
		s := app.Session{Hash: app.SessionHash(name), Learner: p.Learner, CreatedAt: at, SeenAt: at}
		err := h.store.SignIn(h.t.Context(), p, s, func(app.Person) []app.Event { return nil })
		require.NoError(h.t, err)
		_, err = h.store.Begin(h.t.Context(), app.Record{
			ID: app.NewRecordID(p.Learner, "greet", "2026"), Institution: id.Institution, Learner: p.Learner,
			Program: "first-5-minutes", Module: "greet", Title: "Greet first", Edition: "2026", Version: 1,
			StartedAt: at, ActiveAt: at,
		})
		require.NoError(h.t, err)
		names = append(names, name)
	}
	return names
}
