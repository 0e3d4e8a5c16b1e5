package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
)

// AssignmentProgress is how far an institution's people are with an assignment: with
// the editions that are offered now.
type AssignmentProgress struct {
	Assignment
	Title   string    // of the programme or the module; its slug if it is not offered any more
	Modules []*Module // that it is about; none if they are not offered any more
	Late    bool      // its day has passed, and not everybody has completed it
	Counted bool      // false: Total, ByModule and Rows are not known

	// How many people have come how far or, of a programme that is required of
	// everyone, how many modules of theirs: see [AssignmentProgress.OfPeople].
	Total    Reach
	ByModule []Reach // how many people, for each of Modules

	// Of a list everybody, whoever has signed in first, by name; the others follow as
	// they are listed.
	Rows []AssignedPerson
}

// OfPeople says whether Total counts people, and not modules of theirs.
func (a AssignmentProgress) OfPeople() bool { return !a.Everyone() || len(a.Modules) == 1 }

// Reach is how many have come how far.
type Reach struct{ Completed, InProgress, NotBegun int }

// All returns how many they are together.
func (r Reach) All() int { return r.Completed + r.InProgress + r.NotBegun }

func (r *Reach) add(s Status, n int) {
	switch s {
	case NotBegun:
		r.NotBegun += n
	case InProgress:
		r.InProgress += n
	default:
		r.Completed += n
	}
}

// namesCounted is how many people of lists are looked up for one page: it stays a
// matter of a moment however many lists there are.
const namesCounted = 2 * MostPeopleNamed

// Assignments returns what a manager's institution requires, and how far its people
// are: what is due earliest first, and the latest made first where that is alike.
// It returns [ErrForbidden] to anyone but a manager.
func (t *Training) Assignments(ctx context.Context, p Person) ([]AssignmentProgress, error) {
	err := p.manages("listing assignments")
	if err != nil {
		return nil, err
	}
	o, err := t.readOffice(ctx, p.Institution)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(o.Assignments, func(a, b Assignment) int {
		return cmp.Or(cmp.Compare(a.urgency(), b.urgency()), b.MadeAt.Compare(a.MadeAt))
	})
	counts, err := t.countsFor(ctx, p, o.Assignments)
	if err != nil {
		return nil, err
	}
	var all []AssignmentProgress
	left := namesCounted
	for _, a := range o.Assignments {
		left -= len(a.People)
		one, err := t.progress(ctx, p, a, counts, left >= 0)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// AssignmentProgress returns how far people are with one assignment of a manager's
// institution. It returns [ErrForbidden] to anyone but a manager, and [ErrNotFound]
// if the institution has no such assignment.
func (t *Training) AssignmentProgress(ctx context.Context, p Person, id string) (AssignmentProgress, error) {
	a, err := t.assignment(ctx, p, id)
	if err != nil {
		return AssignmentProgress{}, err
	}
	counts, err := t.countsFor(ctx, p, []Assignment{a})
	if err != nil {
		return AssignmentProgress{}, err
	}
	return t.progress(ctx, p, a, counts, true)
}

func (t *Training) assignment(ctx context.Context, p Person, id string) (Assignment, error) {
	err := p.manages("reading an assignment")
	if err != nil {
		return Assignment{}, err
	}
	o, err := t.readOffice(ctx, p.Institution)
	if err != nil {
		return Assignment{}, err
	}
	i := slices.IndexFunc(o.Assignments, func(a Assignment) bool { return a.ID == id })
	if i < 0 {
		return Assignment{}, fmt.Errorf("assignment %q: %w", id, ErrNotFound)
	}
	return o.Assignments[i], nil
}

// countsFor returns the counts of a manager's institution, if one of the
// assignments needs them.
func (t *Training) countsFor(ctx context.Context, p Person, all []Assignment) (Counts, error) {
	if !slices.ContainsFunc(all, Assignment.Everyone) {
		return Counts{}, nil
	}
	counts, err := t.Store.Counts(ctx, p.Institution)
	if err != nil {
		return Counts{}, fmt.Errorf("counting records: %w", err)
	}
	return counts, nil
}

// progress returns how far people are with an assignment. look says whether those
// on a list may be looked up.
func (t *Training) progress(ctx context.Context, p Person, a Assignment, counts Counts, look bool) (AssignmentProgress, error) {
	shown := AssignmentProgress{Assignment: a, Title: t.titleOf(a), Modules: t.assignedModules(p.Institution, a)}
	shown.Counted = a.Everyone() || look
	shown.ByModule = make([]Reach, len(shown.Modules))
	var err error
	switch {
	case len(shown.Modules) == 0:
	case a.Everyone():
		shown.count(counts)
	case look:
		shown.Rows, err = t.rowsOfList(ctx, p, a, shown.Modules)
		shown.countRows()
	}
	open := shown.Total.Completed < shown.Total.All() || !shown.Counted
	shown.Late = a.Overdue(t.now()) && len(shown.Modules) > 0 && open
	return shown, err
}

// titleOf returns what people know as that which is assigned.
func (t *Training) titleOf(a Assignment) string {
	lib := t.library()
	for _, program := range lib.programs {
		if a.Program != "" && program.Slug == a.Program {
			return program.Title
		}
	}
	if m := lib.current[a.Module]; m != nil {
		return m.Title
	}
	return a.Program + a.Module
}

// count counts those of everyone, of whom each has at most one record of an
// edition.
func (a *AssignmentProgress) count(c Counts) {
	for n, m := range a.Modules {
		r := &a.ByModule[n]
		for _, tally := range c.Records {
			if tally.Module == m.Slug && tally.Edition == m.Edition && !tally.Former {
				r.add(tally.Status, tally.Records)
			}
		}
		r.NotBegun = max(0, c.People-r.Completed-r.InProgress)
		a.Total.Completed += r.Completed
		a.Total.InProgress += r.InProgress
		a.Total.NotBegun += r.NotBegun
	}
}

// countRows counts those of a list.
func (a *AssignmentProgress) countRows() {
	for _, row := range a.Rows {
		a.Total.add(row.State(), 1)
		for n, s := range row.States {
			a.ByModule[n].add(s, 1)
		}
	}
}
