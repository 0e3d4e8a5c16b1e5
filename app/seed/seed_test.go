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
	assert.Equal(t, people[:50], more[:50], "and more of them are the same and others")
}

func TestTwoInstitutionsShareNobody(t *testing.T) {
	c := crowd(t)
	_, records := all(c, 500)
	c.Institution.ID = "harbor"
	_, others := all(c, 500)
	seen := map[string]bool{}
	for _, i := range append(records, others...) {
		ids := []string{string(i.Record.ID)}
		if status(*i.Record) != app.InProgress && status(*i.Record) != app.Waived {
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
		assert.Empty(t, p.Sessions, "nobody is signed in")
		if !p.ErasedAt.IsZero() {
			continue // of whom nothing is known
		}
		assert.Equal(t, seed.Issuer, p.Issuer)
		assert.True(t, strings.HasSuffix(p.Email, ".invalid"), p.Email)
		assert.Equal(t, app.NewLearnerID(p.Issuer, p.Subject), p.Learner)
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
		assert.False(t, i.Record.ChangedAt.After(c.Until))
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
			sent := content.Grade{Right: a.Right, Graded: a.Graded}
			if !r.Former {
				grade, err := m.Grade(answered(a))
				require.NoError(t, err, "answers are the module's own")
				assert.Equal(t, sent, grade)
			}
			best = max(best, sent.Score())
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

func TestARecordChangedWhenTheLastThingHappenedToIt(t *testing.T) {
	people, records := all(crowd(t), 2000)
	erased := map[app.LearnerID]time.Time{}
	for _, i := range people {
		erased[i.Person.Learner] = i.Person.ErasedAt
	}
	for _, i := range records {
		last := []time.Time{i.Record.StartedAt, i.Record.ActiveAt, erased[i.Record.Learner]}
		if i.Record.Completion != nil {
			last = append(last, i.Record.Completion.At)
		}
		assert.Equal(t, slices.MaxFunc(last, time.Time.Compare), i.Record.ChangedAt)
	}
}

func TestAWaiverIsNobodysAttemptAndProvesNothing(t *testing.T) {
	_, records := all(crowd(t), 2000)
	for _, i := range records {
		c := i.Record.Completion
		switch status(*i.Record) {
		case app.InProgress:
		case app.Waived:
			assert.Empty(t, c.Certificate)
			assert.Empty(t, c.Attempt)
			assert.Nil(t, c.Score)
			assert.True(t, strings.HasSuffix(c.Reason, "."), "it is one sentence: %q", c.Reason)
			assert.LessOrEqual(t, len(c.Reason), app.LongestOfficeText)
		default:
			assert.NotEmpty(t, c.Certificate)
			assert.Empty(t, c.Reason)
			by := slices.IndexFunc(i.Record.Attempts, func(a archive.Attempt) bool { return a.ID == c.Attempt })
			require.GreaterOrEqual(t, by, 0, "an attempt has earned it")
			assert.Equal(t, c.At, i.Record.Attempts[by].At)
		}
	}
}

func TestSomePeopleHaveLeftAndTheirRecordsStay(t *testing.T) {
	c := crowd(t)
	people, records := all(c, 3000)
	left := map[app.LearnerID]time.Time{}
	for _, i := range people {
		p := i.Person
		if p.ErasedAt.IsZero() {
			continue
		}
		left[p.Learner] = p.ErasedAt
		assert.Equal(t, &archive.Person{Learner: p.Learner, Institution: "mercy", Roles: []app.Role{}, SignedInAt: p.SignedInAt,
			ErasedAt: p.ErasedAt, Sessions: []archive.Session{}}, p, "nothing is known of who they were")
		assert.False(t, p.ErasedAt.After(c.Until))
		assert.True(t, p.ErasedAt.After(p.SignedInAt.AddDate(0, 11, 0)), "they had been away for long")
	}
	assert.Greater(t, len(left), len(people)/50)
	assert.Less(t, len(left), len(people)/5, "a few")
	complete := 0
	for _, i := range records {
		r := i.Record
		at, former := left[r.Learner]
		assert.Equal(t, former, r.Former)
		if !former || r.Completion == nil {
			assert.Zero(t, r.ForgetAt)
			continue
		}
		complete++
		assert.NotEmpty(t, r.Completion.Name, "accreditation may ask who it was")
		assert.Equal(t, r.Completion.At.AddDate(6, 0, 0), r.ForgetAt)
		assert.True(t, r.ForgetAt.After(at))
		for _, a := range r.Attempts {
			assert.Empty(t, a.Answers)
		}
	}
	assert.Positive(t, complete)
}

func TestMoreAndMoreIsCompletedAndLittleInQuietWeeks(t *testing.T) {
	c := crowd(t)
	_, records := all(c, 20_000)
	before, after, holidays, weekend := 0, 0, map[int]int{}, 0
	for _, i := range records {
		if i.Record.Completion == nil {
			continue
		}
		at, begun := i.Record.Completion.At, i.Record.StartedAt.Weekday()
		if at.Before(c.Until.AddDate(-1, 0, 0)) {
			before++
		} else {
			after++
		}
		if at.Month() == time.December && at.Day() > 24 {
			holidays[at.Year()]++
		}
		if begun == time.Saturday || begun == time.Sunday {
			weekend++
		}
	}
	assert.Greater(t, after*2, before*3, "half as many again in the second year")
	assert.Len(t, holidays, 2)
	for year, n := range holidays {
		assert.Positive(t, n)
		assert.Less(t, n, len(records)/104*2/3, "the last week of %d", year)
	}
	assert.Less(t, weekend*8, len(records), "two days in seven have less than an eighth")
}

func answered(a archive.Attempt) content.Answers {
	answers := content.Answers{}
	for _, of := range a.Answers {
		answers[of.Question] = of.Chosen
	}
	return answers
}
