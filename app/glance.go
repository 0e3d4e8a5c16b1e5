package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"
)

// Glance is how far an institution is, in numbers. Each says whose rows it counts,
// and equals them.
type Glance struct {
	People    PeopleNumber // who have signed in and have not left
	Total     int          // all records, those of former learners too
	Completed Number       // records of present people that are completed
	Statuses  []Number     // likewise, of each status
	Programs  []ProgramGlance
	Older     []EditionGlance // of editions and modules that are offered no longer
	Weeks     []WeekGlance    // the last ones, of which the last has not ended
}

// Number is how many records a filter chooses.
type Number struct {
	Count  int
	Filter Filter
}

// PeopleNumber is how many people a filter chooses.
type PeopleNumber struct {
	Count  int
	Filter PersonFilter
}

// ProgramGlance is how far present people are in a programme that their
// institution shows.
type ProgramGlance struct {
	*Program
	Modules []EditionGlance // their current editions
}

// EditionGlance is how far present people are in one edition of a module. Its
// numbers together are all of them.
type EditionGlance struct {
	EditionRef
	Title                 string
	Completed, InProgress Number
	NotBegun              PeopleNumber
}

// People returns how many present people there are.
func (e EditionGlance) People() int {
	return e.Completed.Count + e.InProgress.Count + e.NotBegun.Count
}

// WeekGlance is how many records were completed in a week, also by people who have
// left since.
type WeekGlance struct {
	Begins    time.Time // Monday, UTC
	Completed Number
}

// glanceWeeks is how many weeks a glance goes back, the present one included.
const glanceWeeks = 26

// Glance returns how far a manager's own institution is. It returns [ErrForbidden]
// to anyone but a manager.
func (t *Training) Glance(ctx context.Context, p Person) (Glance, error) {
	err := p.manages("counting records")
	if err != nil {
		return Glance{}, err
	}
	counts, err := t.Store.Counts(ctx, p.Institution)
	if err != nil {
		return Glance{}, fmt.Errorf("counting records: %w", err)
	}
	g := newGlance(counts, t.programsFor(p), t.now())
	for i, e := range g.Older {
		g.Older[i].Title, err = t.lastTitle(ctx, e.Module)
		if err != nil {
			return Glance{}, err
		}
	}
	return g, nil
}

// lastTitle returns the newest title of a module, offered or not; its slug if it
// was never published here.
func (t *Training) lastTitle(ctx context.Context, slug string) (string, error) {
	newest := 0
	for ref := range t.library().heads {
		if ref.Kind == ModuleVersion && ref.Slug == slug {
			newest = max(newest, ref.Number)
		}
	}
	if newest == 0 {
		return slug, nil
	}
	m, err := t.version(ctx, slug, newest)
	if err != nil {
		return "", fmt.Errorf("reading the title of %s: %w", slug, err)
	}
	return m.Title, nil
}

// newGlance returns the glance of what was counted, for an institution that shows
// these programmes. Of what is offered no longer the titles are missing.
func newGlance(c Counts, programs []*Program, now time.Time) Glance {
	g := Glance{
		People:    PeopleNumber{Count: c.People},
		Total:     c.number(Filter{}).Count,
		Completed: c.number(Filter{Present: true, Status: Completed}),
		Weeks:     c.weeks(now),
	}
	for _, s := range Statuses() {
		g.Statuses = append(g.Statuses, c.number(Filter{Present: true, Status: s}))
	}
	offered := map[EditionRef]bool{}
	for _, program := range programs {
		of := ProgramGlance{Program: program}
		for _, m := range program.Modules {
			ref := EditionRef{Module: m.Slug, Edition: m.Edition}
			offered[ref] = true
			of.Modules = append(of.Modules, c.edition(ref, m.Title))
		}
		g.Programs = append(g.Programs, of)
	}
	g.Older = c.older(offered)
	return g
}

// number counts the records that a filter chooses. The filter says nothing that
// tallies don't tell apart; see [Counts.total].
func (c Counts) number(f Filter) Number {
	count, _ := c.total(f)
	return Number{Count: count, Filter: f}
}

// edition counts how far present people are in an edition of a module. Everybody
// has one record of it at most.
func (c Counts) edition(ref EditionRef, title string) EditionGlance {
	of := func(s Status) Number {
		return c.number(Filter{Present: true, Module: ref.Module, Edition: ref.Edition, Status: s})
	}
	e := EditionGlance{EditionRef: ref, Title: title, Completed: of(Completed), InProgress: of(InProgress)}
	e.NotBegun = PeopleNumber{Count: c.People - e.Completed.Count - e.InProgress.Count, Filter: PersonFilter{NotBegun: ref}}
	return e
}

// older counts the editions that present people have records of and that are not
// among those offered, ordered by module, the newest edition first.
func (c Counts) older(offered map[EditionRef]bool) []EditionGlance {
	counted := map[EditionRef]bool{}
	var all []EditionGlance
	for _, tally := range c.Records {
		ref := EditionRef{Module: tally.Module, Edition: tally.Edition}
		if tally.Former || offered[ref] || counted[ref] {
			continue
		}
		counted[ref] = true
		all = append(all, c.edition(ref, ""))
	}
	slices.SortFunc(all, func(a, b EditionGlance) int {
		return cmp.Or(cmp.Compare(a.Module, b.Module), cmp.Compare(b.Edition, a.Edition))
	})
	return all
}

// weeks counts what was completed in each of the last weeks, the oldest first.
func (c Counts) weeks(now time.Time) []WeekGlance {
	completed := map[time.Time]int{}
	for _, tally := range c.Records {
		if tally.Status != InProgress {
			completed[tally.Week.UTC()] += tally.Records
		}
	}
	var all []WeekGlance
	for n := range glanceWeeks {
		begins := WeekOf(now).AddDate(0, 0, 7*(n+1-glanceWeeks))
		f := Filter{Dates: ByCompletion, From: begins, To: begins.AddDate(0, 0, 7)}
		all = append(all, WeekGlance{Begins: begins, Completed: Number{Count: completed[begins], Filter: f}})
	}
	return all
}

// total returns how many records a filter chooses, and whether that can be told
// from tallies: it can if the filter is about nothing else than they are.
func (c Counts) total(f Filter) (int, bool) {
	of := Filter{Program: f.Program, Module: f.Module, Edition: f.Edition, Status: f.Status, Present: f.Present}
	if f != of {
		return 0, false
	}
	n := 0
	for _, tally := range c.Records {
		if tally.in(f) {
			n += tally.Records
		}
	}
	return n, true
}

// in says whether a filter chooses the records of a tally, as far as those are
// alike.
func (t Tally) in(f Filter) bool {
	return (f.Program == "" || f.Program == t.Program) &&
		(f.Module == "" || f.Module == t.Module) &&
		(f.Edition == "" || f.Edition == t.Edition) &&
		(f.Status == "" || f.Status == t.Status || f.Status == Completed && t.Status != InProgress) &&
		!(f.Present && t.Former)
}
