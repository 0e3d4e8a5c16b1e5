package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"sync"
)

// NotBegun, of an assignment, is whoever has no record of the edition. No record has
// it.
const NotBegun Status = "not_begun"

// AssignedPerson is how far one person is with an assignment.
type AssignedPerson struct {
	Account string   // of a list as written there; else the e-mail address or the subject
	Person  *Person  // nil: nobody of that address or id has signed in
	States  []Status // NotBegun, InProgress or Completed, for each of the modules
}

// State returns how far the person is with all modules together.
func (a AssignedPerson) State() Status {
	begun := slices.ContainsFunc(a.States, func(s Status) bool { return s != NotBegun })
	open := slices.ContainsFunc(a.States, func(s Status) bool { return s != Completed })
	switch {
	case !begun:
		return NotBegun
	case open:
		return InProgress
	}
	return Completed
}

// rowsOfList returns how far everybody on an assignment's list is. Whoever is
// listed twice, by address and by id, comes once.
func (t *Training) rowsOfList(ctx context.Context, p Person, a Assignment, modules []*Module) ([]AssignedPerson, error) {
	people, err := t.Store.PeopleNamed(ctx, p.Institution, a.People)
	if err != nil {
		return nil, fmt.Errorf("looking for the people of assignment %s: %w", a.ID, err)
	}
	written := map[string]string{}
	for _, name := range a.People {
		written[personKey(name)] = name
	}
	var rows []AssignedPerson
	for _, one := range people {
		email, subject := written[strings.ToLower(one.Email)], written[personKey(one.Subject)]
		rows = append(rows, AssignedPerson{Account: cmp.Or(email, subject, one.account()), Person: &one})
		delete(written, personKey(email))
		delete(written, personKey(subject))
	}
	err = t.fillStates(ctx, rows, modules)
	if err != nil {
		return nil, err
	}
	for _, name := range a.People {
		if _, missing := written[personKey(name)]; missing {
			rows = append(rows, AssignedPerson{Account: name, States: statesOf(nil, modules)})
		}
	}
	return rows, nil
}

// account returns by what managers know an account.
func (i Identity) account() string { return cmp.Or(i.Email, i.Subject) }

// lookups is how many people's records are read at once.
const lookups = 8

// fillStates sets how far the people of the rows are, all of whom have signed in.
// What they did at another institution is that one's.
func (t *Training) fillStates(ctx context.Context, rows []AssignedPerson, modules []*Module) error {
	errs := make([]error, lookups)
	var group sync.WaitGroup
	for worker := range lookups {
		group.Go(func() {
			for i := worker; i < len(rows) && errs[worker] == nil; i += lookups {
				var records []Record
				records, errs[worker] = t.Store.LearnerRecords(ctx, rows[i].Person.Learner)
				records = slices.DeleteFunc(records, func(r Record) bool { return r.Institution != rows[i].Person.Institution })
				rows[i].States = statesOf(records, modules)
			}
		})
	}
	group.Wait()
	err := errors.Join(errs...)
	if err != nil {
		return fmt.Errorf("reading the records of assigned people: %w", err)
	}
	return nil
}

// statesOf returns how far a learner with these records is with each module.
func statesOf(records []Record, modules []*Module) []Status {
	states := make([]Status, len(modules))
	for n, m := range modules {
		states[n] = NotBegun
		for _, r := range records {
			switch {
			case r.Module != m.Slug || r.Edition != m.Edition:
			case r.Completion != nil:
				states[n] = Completed
			default:
				states[n] = InProgress
			}
		}
	}
	return states
}

// AllAssigned yields how far each person is whom an assignment of a manager's
// institution is about, in constant memory: of one to everyone whoever has signed in
// and not left, by name. An error is the last thing that it yields. The assignment
// comes without what is counted. It returns what [Training.AssignmentProgress]
// returns.
func (t *Training) AllAssigned(ctx context.Context, p Person, id string) (AssignmentProgress, iter.Seq2[AssignedPerson, error], error) {
	a, err := t.assignment(ctx, p, id)
	if err != nil {
		return AssignmentProgress{}, nil, err
	}
	about := AssignmentProgress{Assignment: a, Title: t.titleOf(a), Modules: t.assignedModules(p.Institution, a)}
	if a.Everyone() {
		return about, t.rowsOfEveryone(ctx, p, about.Modules), nil
	}
	rows, err := t.rowsOfList(ctx, p, a, about.Modules)
	return about, func(yield func(AssignedPerson, error) bool) {
		for _, row := range rows {
			if !yield(row, nil) {
				return
			}
		}
	}, err
}

// peopleAtOnce is how many people are read at a time.
const peopleAtOnce = 500

func (t *Training) rowsOfEveryone(ctx context.Context, p Person, modules []*Module) iter.Seq2[AssignedPerson, error] {
	return func(yield func(AssignedPerson, error) bool) {
		var after PersonCursor
		for {
			people, err := t.Store.People(ctx, p.Institution, PersonFilter{}, after, peopleAtOnce)
			var rows []AssignedPerson
			for _, one := range people {
				rows = append(rows, AssignedPerson{Account: one.account(), Person: &one})
				after = AfterPerson(one)
			}
			err = errors.Join(err, t.fillStates(ctx, rows, modules))
			if err != nil {
				yield(AssignedPerson{}, fmt.Errorf("listing everyone of %s: %w", p.Institution, err))
				return
			}
			for _, row := range rows {
				if !yield(row, nil) {
					return
				}
			}
			if len(people) < peopleAtOnce {
				return
			}
		}
	}
}

// AssignedFilter chooses people of an assignment. Its zero values choose all.
type AssignedFilter struct {
	State  Status // NotBegun, InProgress or Completed
	Module string // with this one of its modules, and not with all together
}

// Chooses says whether a filter chooses somebody whose States are those of some
// modules.
func (f AssignedFilter) Chooses(a AssignedPerson, modules []*Module) bool {
	n := slices.IndexFunc(modules, func(m *Module) bool { return m.Slug == f.Module })
	switch {
	case f.State == "":
		return true
	case n < 0:
		return a.State() == f.State
	}
	return a.States[n] == f.State
}
