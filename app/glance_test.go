package app

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// wednesday is in the middle of a week.
var wednesday = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func showing(program string, modules ...string) *Program {
	p := &Program{Program: &content.Program{Slug: program, Title: "The " + program}}
	for _, m := range modules {
		p.Modules = append(p.Modules, &Module{Module: &content.Module{Slug: m, Title: "About " + m, Edition: "2026"}})
	}
	return p
}

// hospital invents people, some of whom have left, with their records.
func hospital(seed uint64) (present int, records []Record) {
	chance := rand.New(rand.NewPCG(seed, 1))
	modules := []struct{ program, module, edition string }{
		{"first", "greet", "2026"}, {"first", "greet", "2025"}, {"first", "sit", "2026"}, {"heart", "walk", "2026"}, {"gone", "old", "2024"},
	}
	for range chance.IntN(40) {
		former := chance.IntN(5) == 0
		if !former {
			present++
		}
		for _, m := range modules {
			if chance.IntN(3) == 0 {
				continue
			}
			r := Record{Program: m.program, Module: m.module, Edition: m.edition, Former: former, ActiveAt: wednesday}
			if s := Statuses()[chance.IntN(5)]; s != InProgress {
				r.Completion = &Completion{Status: s, At: wednesday.Add(-time.Duration(chance.Int64N(int64(30 * 7 * 24 * time.Hour))))}
			}
			records = append(records, r)
		}
	}
	return present, records
}

// counted is what a store counts of such records.
func counted(people int, records []Record) Counts {
	tallies := map[Tally]int{}
	for _, r := range records {
		t := Tally{Program: r.Program, Module: r.Module, Edition: r.Edition, Status: r.Status(), Former: r.Former}
		if r.Completion != nil {
			t.Week = WeekOf(r.Completion.At)
		}
		tallies[t]++
	}
	c := Counts{People: people}
	for t, n := range tallies {
		t.Records = n
		c.Records = append(c.Records, t)
	}
	return c
}

// rows counts, one by one, the records that a glance's filter chooses.
func rows(records []Record, f Filter) int {
	n := 0
	for _, r := range records {
		at := r.ActiveAt
		if f.Dates == ByCompletion {
			if r.Completion == nil {
				continue
			}
			at = r.Completion.At
		}
		status := f.Status == "" || f.Status == r.Status() || f.Status == Completed && r.Completion != nil
		of := (f.Program == "" || f.Program == r.Program) && (f.Module == "" || f.Module == r.Module) && (f.Edition == "" || f.Edition == r.Edition)
		in := (f.From.IsZero() || !at.Before(f.From)) && (f.To.IsZero() || at.Before(f.To))
		if status && of && in && !(f.Present && r.Former) {
			n++
		}
	}
	return n
}

// numbers returns every number of a glance that counts records.
func (g Glance) numbers() map[string]Number {
	all := map[string]Number{"completed": g.Completed, "all": {Count: g.Total}}
	for _, n := range g.Statuses {
		all["with status "+string(n.Filter.Status)] = n
	}
	editions := g.Older
	for _, p := range g.Programs {
		editions = append(editions, p.Modules...)
	}
	for _, e := range editions {
		all[fmt.Sprint(e.EditionRef, " completed")], all[fmt.Sprint(e.EditionRef, " in progress")] = e.Completed, e.InProgress
	}
	for _, w := range g.Weeks {
		all["week of "+w.Begins.String()] = w.Completed
	}
	return all
}

func TestEveryNumberOfAGlanceIsThatOfItsRows(t *testing.T) {
	counting := 0
	for seed := range uint64(200) {
		people, records := hospital(seed)
		g := newGlance(counted(people, records), []*Program{showing("first", "greet", "sit"), showing("heart", "walk")}, wednesday)
		for name, n := range g.numbers() {
			require.Equal(t, rows(records, n.Filter), n.Count, "%s, in hospital %d", name, seed)
			counting += n.Count
		}
		for _, p := range g.Programs {
			for _, e := range p.Modules {
				require.Equal(t, people, e.People(), "completed, in progress and not begun are everybody")
				require.GreaterOrEqual(t, e.NotBegun.Count, 0)
				require.Equal(t, e.EditionRef, e.NotBegun.Filter.NotBegun)
			}
		}
	}
	assert.Greater(t, counting, 10_000, "there was something to count")
}

func TestAGlanceShowsWhatIsOfferedAndFoldsAwayWhatIsNot(t *testing.T) {
	done := &Completion{Status: Passed, At: wednesday}
	records := []Record{
		{Module: "greet", Edition: "2026", Completion: done}, {Module: "greet", Edition: "2025"}, {Module: "greet", Edition: "2024"},
		{Module: "old", Edition: "2024", Completion: done}, {Module: "left", Edition: "2024", Former: true},
	}
	g := newGlance(counted(2, records), []*Program{showing("first", "greet", "sit")}, wednesday)
	require.Len(t, g.Programs, 1)
	assert.Equal(t, []string{"greet", "sit"}, []string{g.Programs[0].Modules[0].Module, g.Programs[0].Modules[1].Module}, "in the programme's order")
	assert.Equal(t, 2, g.Programs[0].Modules[1].NotBegun.Count)
	var older []EditionRef
	for _, e := range g.Older {
		older = append(older, e.EditionRef)
	}
	assert.Equal(t, []EditionRef{{"greet", "2025"}, {"greet", "2024"}, {"old", "2024"}}, older, "the newest first, and nothing that former learners alone have")
	assert.Equal(t, 5, g.Total, "what former learners did is among all records")
}

func TestAGlanceGoesBackTwentySixWeeksAndEndsWithThisOne(t *testing.T) {
	sunday := WeekOf(wednesday).Add(-time.Millisecond)
	records := []Record{
		{Completion: &Completion{Status: Read, At: wednesday}}, {Completion: &Completion{Status: Waived, At: sunday}},
		{Former: true, Completion: &Completion{Status: Passed, At: sunday}}, {Completion: &Completion{Status: Passed, At: wednesday.AddDate(0, 0, -26*7)}}, {},
	}
	g := newGlance(counted(1, records), nil, wednesday)
	require.Len(t, g.Weeks, 26)
	last, before := g.Weeks[25], g.Weeks[24]
	assert.Equal(t, time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC), last.Begins, "a Monday")
	assert.Equal(t, 1, last.Completed.Count)
	assert.Equal(t, 2, before.Completed.Count, "also of who has left, until the last moment of Sunday")
	assert.Zero(t, g.Weeks[0].Completed.Count, "what was completed earlier is in no week")
}

func TestTheTotalIsToldFromTalliesWhereTheFilterAsksNothingElse(t *testing.T) {
	people, records := hospital(7)
	c := counted(people, records)
	for _, f := range []Filter{
		{}, {Program: "first"}, {Module: "greet", Edition: "2025"}, {Status: Completed}, {Status: InProgress, Present: true}, {Module: "nothing"},
		{Program: "heart", Status: Read},
	} {
		n, told := c.total(f)
		assert.True(t, told, "%+v", f)
		assert.Equal(t, rows(records, f), n, "%+v", f)
	}
	for _, f := range []Filter{
		{Query: "x"}, {Learner: "l"}, {From: wednesday}, {To: wednesday}, {Dates: ByCompletion}, {ScoreFrom: 1}, {ScoreBelow: 1}, {ChangedBefore: wednesday},
		{Status: Passed, Query: "x"},
	} {
		_, told := c.total(f)
		assert.False(t, told, "%+v", f)
	}
}
