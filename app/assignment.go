package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"
)

// Assignment says that an institution wants its people to complete a programme,
// or one module.
//
// Whoever is wanted by name is named as a manager knows them, by e-mail address or
// account id. That is no identity: a learner stays (issuer, subject), and an
// address may become another's. So an assignment gives nobody anything, and keeps
// nothing from anybody. It only asks, and what it asks is answered by the records
// of whoever has that address or that subject today.
type Assignment struct {
	ID      string    // unique in its institution
	Maker   LearnerID // the manager who made it
	MadeAt  time.Time
	People  []string  // of whom it is wanted, by e-mail address or subject, as written; empty: of everyone
	Program string    // a slug; empty: Module says what
	Module  string    // likewise
	By      string    // who requires it, as people there call them
	Because string    // one sentence
	Due     time.Time // a day, UTC; zero: at any time
}

// Covers says whether the assignment is about a module, or about its programme.
func (a Assignment) Covers(m *Module) bool {
	return a.Module == m.Slug || a.Module == "" && a.Program == m.Program
}

// Everyone says whether it is wanted of all of the institution's people.
func (a Assignment) Everyone() bool { return len(a.People) == 0 }

// Overdue says whether its day has passed.
func (a Assignment) Overdue(now time.Time) bool { return !a.Due.IsZero() && dayIsOver(a.Due, now) }

// dayIsOver says whether a day has passed everywhere on Earth: nobody is told on
// the evening of a day that they are late for it.
func dayIsOver(day, now time.Time) bool {
	const last = 12 * time.Hour // behind UTC
	return !now.Before(day.AddDate(0, 0, 1).Add(last))
}

// errStands says that an assignment is there already.
var errStands = errors.New("it is assigned already")

// Assign makes an assignment at a manager's institution. One that stands already,
// word for word, is not made twice. It returns [ErrForbidden] to anyone but a
// manager, and an [UnfitDraft] for a draft that can't be taken.
func (t *Training) Assign(ctx context.Context, p Person, d AssignmentDraft) (Assignment, error) {
	err := p.manages("making an assignment")
	if err != nil {
		return Assignment{}, err
	}
	a, unfit := t.readDraft(p, d)
	if len(unfit) > 0 {
		return Assignment{}, fmt.Errorf("making an assignment: %w", unfit)
	}
	err = t.changeOffice(ctx, p, func(o *Office) (Event, error) {
		if i := slices.IndexFunc(o.Assignments, a.same); i >= 0 {
			a = o.Assignments[i]
			return Event{}, errStands
		}
		if o.isFullWith(a) {
			return Event{}, UnfitDraft{{Fault: FaultFull}}
		}
		o.Assignments = append(o.Assignments, a)
		return t.event(AssignmentMade, p.Institution, p.Learner, a.details()), nil
	})
	if err != nil && !errors.Is(err, errStands) {
		return Assignment{}, fmt.Errorf("making an assignment: %w", err)
	}
	return a, nil
}

// same says whether another assignment asks the same of the same people.
func (a Assignment) same(b Assignment) bool {
	return a.Program == b.Program && a.Module == b.Module && a.By == b.By && a.Because == b.Because &&
		a.Due.Equal(b.Due) && slices.Equal(a.People, b.People)
}

// longestLists is how many bytes all lists of an institution may have together:
// what its managers keep is one document, for which MongoDB has 16 MiB.
const longestLists = 8 << 20

func (o *Office) isFullWith(a Assignment) bool {
	size := 0
	for _, one := range append(slices.Clone(o.Assignments), a) {
		for _, name := range one.People {
			size += len(name)
		}
	}
	return len(o.Assignments) >= MostAssignments || size > longestLists
}

// EndAssignment ends an assignment of a manager's institution: nobody is asked for
// it any more, and what was completed stays. It returns [ErrForbidden] to anyone
// but a manager, and [ErrNotFound] if the institution has no such assignment.
func (t *Training) EndAssignment(ctx context.Context, p Person, id string) error {
	err := p.manages("ending an assignment")
	if err != nil {
		return err
	}
	err = t.changeOffice(ctx, p, func(o *Office) (Event, error) {
		i := slices.IndexFunc(o.Assignments, func(a Assignment) bool { return a.ID == id })
		if i < 0 {
			return Event{}, ErrNotFound
		}
		told := t.event(AssignmentEnded, p.Institution, p.Learner, o.Assignments[i].details())
		o.Assignments = slices.Delete(o.Assignments, i, i+1)
		return told, nil
	})
	if err != nil {
		return fmt.Errorf("ending assignment %q: %w", id, err)
	}
	return nil
}

// details are what the audit trail is told of an assignment. Who requires it and
// why are in the words of a manager, who may name somebody, so they are not told.
func (a Assignment) details() Details {
	d := Details{"assignment": a.ID, "people": "everyone"}
	if !a.Everyone() {
		d["people"] = strconv.Itoa(len(a.People)) // on the list
	}
	if a.Program != "" {
		d["program"] = a.Program
	} else {
		d["module"] = a.Module
	}
	if !a.Due.IsZero() {
		d["due"] = a.Due.Format(time.DateOnly)
	}
	return d
}
