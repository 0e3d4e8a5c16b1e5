package seed_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
	"first5/app/seed"
	"first5/content"
	"first5/modules"
)

// crowd returns the invented people of a hospital that offers the modules which
// come with the program.
func crowd(t *testing.T) seed.Crowd {
	t.Helper()
	lib, _, err := content.Load(modules.FS)
	require.NoError(t, err)
	c := seed.Crowd{
		Institution: app.Institution{ID: "mercy", Name: "Mercy"},
		Until:       time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC),
	}
	for _, p := range lib.Programs {
		for _, m := range p.Modules {
			c.Editions = append(c.Editions, &app.Module{Module: m, Version: 3})
		}
	}
	return c
}

// all returns everybody, and every record.
func all(c seed.Crowd, records int) (people, made []archive.Item) {
	for b := range c.Batches(records) {
		people = append(people, b.People...)
		made = append(made, b.Records...)
	}
	return people, made
}

func TestAsManyRecordsAreInventedAsAreAskedFor(t *testing.T) {
	c := crowd(t)
	for _, n := range []int{1, 2, 999, 2000} {
		people, records := all(c, n)
		assert.Len(t, records, n)
		known, seen := map[app.LearnerID]bool{}, map[app.RecordID]bool{}
		for _, p := range people {
			assert.False(t, known[p.Person.Learner], "nobody comes twice")
			known[p.Person.Learner] = true
		}
		for _, r := range records {
			assert.False(t, seen[r.Record.ID], "no record comes twice")
			seen[r.Record.ID] = true
			assert.True(t, known[r.Record.Learner], "every record is somebody's")
		}
	}
}

func TestTheSameNumberMakesTheSamePeople(t *testing.T) {
	people, records := all(crowd(t), 500)
	again, recordsAgain := all(crowd(t), 500)
	assert.Equal(t, people, again)
	assert.Equal(t, records, recordsAgain)
	more, _ := all(crowd(t), 2000)
	assert.Equal(t, people[:100], more[:100], "and more of them are the same and others")
}

func TestTwoInstitutionsShareNobody(t *testing.T) {
	c := crowd(t)
	_, records := all(c, 500)
	c.Institution.ID = "harbor"
	_, others := all(c, 500)
	seen := map[string]bool{}
	for _, i := range append(records, others...) {
		ids := []string{string(i.Record.ID)}
		if i.Record.Completion != nil {
			ids = append(ids, string(i.Record.Completion.Certificate))
		}
		for _, a := range i.Record.Attempts {
			ids = append(ids, string(a.ID))
		}
		for _, id := range ids {
			assert.False(t, seen[id], "neither a record nor a certificate nor an attempt")
			seen[id] = true
		}
	}
}

func TestNobodyCouldBeTakenForReal(t *testing.T) {
	people, _ := all(crowd(t), 2000)
	names := map[string]bool{}
	for _, i := range people {
		p := i.Person
		assert.Equal(t, seed.Issuer, p.Issuer)
		assert.True(t, strings.HasSuffix(p.Email, ".invalid"), p.Email)
		assert.Equal(t, app.NewLearnerID(p.Issuer, p.Subject), p.Learner)
		assert.Empty(t, p.Sessions, "nobody is signed in")
		if p.NPI != "" {
			assert.True(t, app.ValidNPI(p.NPI), p.NPI)
			assert.Equal(t, byte('2'), p.NPI[0], "no real one begins so")
		}
		names[p.Name] = true
	}
	assert.Greater(t, len(names), len(people)/2, "most have a name of their own")
}

func TestRecordsAreOfEverySortAndOverTwoYears(t *testing.T) {
	c := crowd(t)
	_, records := all(c, 3000)
	statuses, moduleSlugs, months := map[app.Status]int{}, map[string]int{}, map[string]int{}
	for _, i := range records {
		statuses[status(*i.Record)]++
		moduleSlugs[i.Record.Module]++
		months[i.Record.ActiveAt.Format("2006-01")]++
		assert.True(t, i.Record.ActiveAt.Before(c.Until))
		assert.True(t, i.Record.StartedAt.After(c.Until.AddDate(-2, 0, -1)))
	}
	for _, s := range app.Statuses() {
		assert.Greater(t, statuses[s], 50, s)
	}
	assert.Len(t, moduleSlugs, len(c.Editions))
	assert.GreaterOrEqual(t, len(months), 24)
}

func status(r archive.Record) app.Status {
	if r.Completion == nil {
		return app.InProgress
	}
	return r.Completion.Status
}

func TestRecordsKeepTheRulesOfRealOnes(t *testing.T) {
	c := crowd(t)
	_, records := all(c, 2000)
	for _, i := range records {
		r := i.Record
		at := slices.IndexFunc(c.Editions, func(m *app.Module) bool { return m.Slug == r.Module })
		m := c.Editions[at]
		assert.Equal(t, app.NewRecordID(r.Learner, m.Slug, m.Edition), r.ID)
		best, last := -1, r.StartedAt
		for _, a := range r.Attempts {
			assert.True(t, a.At.After(last), "one after the other")
			last = a.At
			if a.Graded == 0 {
				continue
			}
			grade, err := m.Grade(answered(a))
			require.NoError(t, err, "answers are the module's own")
			assert.Equal(t, content.Grade{Right: a.Right, Graded: a.Graded}, grade)
			best = max(best, grade.Score())
		}
		assert.Equal(t, last, r.ActiveAt)
		assert.Equal(t, best >= 0, r.Score != nil)
		if r.Score != nil {
			assert.Equal(t, best, *r.Score)
		}
		if r.Completion != nil && r.Completion.Score != nil {
			assert.GreaterOrEqual(t, *r.Completion.Score, m.Pass)
		} else {
			assert.Less(t, best, m.Pass, "who reaches the pass mark has passed")
		}
	}
}

func answered(a archive.Attempt) content.Answers {
	answers := content.Answers{}
	for _, of := range a.Answers {
		answers[of.Question] = of.Chosen
	}
	return answers
}
