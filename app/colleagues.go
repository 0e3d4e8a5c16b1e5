package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
)

// PeoplePage is a part of a listing of people.
type PeoplePage struct {
	People []Person
	Total  int           // how many the filter chooses in all
	Next   *PersonCursor // where the listing goes on; nil at its end
}

// People returns a part of the people of a manager's own institution who have
// signed in and have not left, ordered by name. It returns [ErrForbidden] to
// anyone but a manager.
func (t *Training) People(ctx context.Context, p Person, f PersonFilter, after PersonCursor, limit int) (PeoplePage, error) {
	err := p.manages("listing people")
	if err != nil {
		return PeoplePage{}, err
	}
	total, err := t.Store.CountPeople(ctx, p.Institution, f)
	if err != nil {
		return PeoplePage{}, fmt.Errorf("counting people: %w", err)
	}
	people, err := t.Store.People(ctx, p.Institution, f, after, limit+1)
	if err != nil {
		return PeoplePage{}, fmt.Errorf("listing people: %w", err)
	}
	page := PeoplePage{People: people, Total: total}
	if len(people) > limit {
		page.People = people[:limit]
		next := AfterPerson(people[limit-1])
		page.Next = &next
	}
	return page, nil
}

// PersonRecords is one person with all that the managers of their institution see
// of them.
type PersonRecords struct {
	Person   Person
	Records  []Record // the last active first
	Required []Demand // the earliest due first
	NotBegun []Unbegun

	// Waivable are the modules of which a manager may waive the current edition:
	// those that they have not completed. There are none once they have left.
	Waivable []*Module
}

// Unbegun is a programme with the modules whose current edition somebody has not
// begun: those of which [PersonFilter] finds them.
type Unbegun struct {
	Program *Program
	Modules []*Module
}

// Demand is an assignment with how far one of those is of whom it is made.
type Demand struct {
	Assignment
	Title    string // of the programme or the module
	Done, Of int    // modules, in their current edition
	Late     bool   // its day has passed, and it is not done
}

// LearnerName returns what the person is called: of somebody who has left, what a
// completion still says.
func (r PersonRecords) LearnerName() string {
	if r.Person.Name != "" {
		return r.Person.Name
	}
	for _, record := range r.Records {
		if name := record.LearnerName(); name != "" {
			return name
		}
	}
	return ""
}

// Left says whether the person has left; see [Erasure].
func (r PersonRecords) Left() bool { return !r.Person.ErasedAt.IsZero() }

// PersonRecords returns somebody of a manager's own institution with their
// records. It returns [ErrForbidden] to anyone but a manager, and [ErrNotFound] if
// nobody there has that id.
func (t *Training) PersonRecords(ctx context.Context, p Person, learner LearnerID) (PersonRecords, error) {
	who, err := t.colleague(ctx, p, learner, "reading a person's records")
	if err != nil {
		return PersonRecords{}, err
	}
	records, err := t.Store.LearnerRecords(ctx, learner)
	if err != nil {
		return PersonRecords{}, fmt.Errorf("reading a person's records: %w", err)
	}
	// Who came from another institution has left their records there.
	records = slices.DeleteFunc(records, func(r Record) bool { return r.Institution != p.Institution })
	all := PersonRecords{Person: who, Records: records}
	if all.Left() {
		return all, nil
	}
	programs := t.programsFor(who)
	for _, program := range programs {
		all.add(program)
	}
	assigned, err := t.AssignmentsOf(ctx, who)
	if err != nil {
		return PersonRecords{}, err
	}
	for _, a := range assigned {
		d := all.demand(a, programs)
		d.Late = d.Done < d.Of && a.Overdue(t.now())
		all.Required = append(all.Required, d)
	}
	return all, nil
}

// demand returns how far the person is with an assignment.
func (r *PersonRecords) demand(a Assignment, programs []*Program) Demand {
	d := Demand{Assignment: a, Title: a.Program + a.Module} // one of the two is empty
	for _, program := range programs {
		if program.Slug == a.Program {
			d.Title = program.Title
		}
		for _, m := range program.Modules {
			if !a.Covers(m) {
				continue
			}
			if m.Slug == a.Module {
				d.Title = m.Title
			}
			d.Of++
			if record := r.of(m); record != nil && record.Completion != nil {
				d.Done++
			}
		}
	}
	return d
}

// of returns the person's record of a module's current edition, or nil.
func (r *PersonRecords) of(m *Module) *Record {
	i := slices.IndexFunc(r.Records, func(o Record) bool { return o.Module == m.Slug && o.Edition == m.Edition })
	if i < 0 {
		return nil
	}
	return &r.Records[i]
}

// add adds what the person has not begun, and may be spared, of a programme.
func (r *PersonRecords) add(program *Program) {
	unbegun := Unbegun{Program: program}
	for _, m := range program.Modules {
		record := r.of(m)
		if record == nil {
			unbegun.Modules = append(unbegun.Modules, m)
		}
		if record == nil || record.Completion == nil {
			r.Waivable = append(r.Waivable, m)
		}
	}
	if len(unbegun.Modules) > 0 {
		r.NotBegun = append(r.NotBegun, unbegun)
	}
}

// colleague returns somebody of a manager's own institution. Of people elsewhere
// it says no more than of people who do not exist.
func (t *Training) colleague(ctx context.Context, p Person, learner LearnerID, doing string) (Person, error) {
	err := p.manages(doing)
	if err != nil {
		return Person{}, err
	}
	who, err := t.Store.Person(ctx, learner)
	if err == nil && who.Institution != p.Institution {
		err = fmt.Errorf("they are of another institution: %w", ErrNotFound)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Person{}, fmt.Errorf("%s: reading the person: %w", doing, err)
	}
	return who, err
}
