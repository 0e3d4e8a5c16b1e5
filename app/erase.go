package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Why somebody was erased, as the audit trail has it.
const (
	erasedWhenLeft  = "retention"
	erasedWhenAsked = "asked for"
)

// errBack is that somebody came back in the moment of their erasure. It is no
// [ErrConflict], which an office that is saved at once also is.
var errBack = errors.New("they have signed in since")

// Leaving is what an erasure of somebody takes away, and what it leaves.
type Leaving struct {
	Person Person

	// What goes, beside who they are and their sessions.
	Attempts                            int // of which the answers go
	Reflections, Commitments, Workbooks int
	Parked                              int
	Lists                               int // of assignments, on which they are named

	// What stays.
	Records    int
	Completed  int
	NamesUntil time.Time // when the last completion forgets its name; zero: no name stays
}

// Leaving returns what an erasure of somebody would take and leave, or
// [ErrNotFound]. Like [Training.Erase] it asks nobody whether they may: only the
// commands of an operator call it.
func (t *Training) Leaving(ctx context.Context, learner LearnerID) (Leaving, error) {
	p, err := t.Store.Person(ctx, learner)
	if err != nil {
		return Leaving{}, fmt.Errorf("reading a person: %w", err)
	}
	l := Leaving{Person: p}
	records, err := t.Store.LearnerRecords(ctx, learner)
	if err != nil {
		return Leaving{}, fmt.Errorf("reading a person's records: %w", err)
	}
	l.countRecords(records, t.now())
	err = t.countOwn(ctx, &l)
	if err != nil {
		return Leaving{}, err
	}
	lists, err := t.listsNaming(ctx, p)
	l.Lists = len(lists)
	return l, err
}

func (l *Leaving) countRecords(records []Record, now time.Time) {
	l.Records = len(records)
	for _, r := range records {
		if r.Completion == nil {
			continue
		}
		l.Completed++
		until := Erasure{At: now}.ForgetAt(*r.Completion)
		if r.Completion.Name != "" && until.After(now) && until.After(l.NamesUntil) {
			l.NamesUntil = until
		}
	}
}

// countOwn counts what is the person's own alone.
func (t *Training) countOwn(ctx context.Context, l *Leaving) error {
	attempts, err := t.Store.LearnerAttempts(ctx, l.Person.Learner)
	if err != nil {
		return fmt.Errorf("reading a person's attempts: %w", err)
	}
	workbooks, err := t.Store.Workbooks(ctx, l.Person.Learner)
	if err != nil {
		return fmt.Errorf("reading a person's workbooks: %w", err)
	}
	parked, err := t.Store.ParkedBy(ctx, l.Person.Learner)
	if err != nil {
		return fmt.Errorf("reading a person's parked answers: %w", err)
	}
	l.Attempts, l.Workbooks, l.Parked = len(attempts), len(workbooks), len(parked)
	for _, w := range workbooks {
		l.Reflections += len(w.Reflections)
		l.Commitments += len(w.Commitments)
	}
	return nil
}

// Erase takes away who somebody was because it was asked for; see [Erasure]. It
// returns [ErrNotFound] if there is no such person, and changes nothing of one who
// was erased before. Programs that run elsewhere may show them for half a minute.
func (t *Training) Erase(ctx context.Context, learner LearnerID) error {
	p, err := t.Store.Person(ctx, learner)
	if err != nil {
		return fmt.Errorf("reading a person: %w", err)
	}
	return t.erase(ctx, p, erasedWhenAsked, time.Time{})
}

// erase erases somebody, if before is not zero only while they have not signed in
// since: then it returns errBack.
func (t *Training) erase(ctx context.Context, p Person, why string, before time.Time) error {
	if !p.ErasedAt.IsZero() {
		return nil
	}
	// First, since nobody knows afterwards by what names lists and filters have them.
	err := t.takeFromLists(ctx, p)
	if err == nil {
		err = t.dropFiltersOf(ctx, p)
	}
	if err != nil {
		return fmt.Errorf("erasing %s: %w", p.Learner, err)
	}
	told := t.event(PersonErased, p.Institution, p.Learner, Details{"why": why})
	err = t.Store.Erase(ctx, Erasure{Learner: p.Learner, At: told.At, SignedInBefore: before}, told)
	if errors.Is(err, ErrConflict) {
		return fmt.Errorf("erasing %s: %w", p.Learner, errBack)
	}
	t.sessions.forgetPerson(p.Learner) // without the person no session that is held serves
	if err != nil {
		return fmt.Errorf("erasing %s: %w", p.Learner, err)
	}
	return nil
}

// listsNaming returns the assignments of the person's institution that name them,
// and nobody else by the same name: an address may be another's today.
func (t *Training) listsNaming(ctx context.Context, p Person) (map[string][]string, error) {
	o, err := t.readOffice(ctx, p.Institution)
	if err != nil {
		return nil, err
	}
	lists, all := map[string][]string{}, map[string]bool{}
	for _, a := range o.Assignments {
		for _, name := range a.People {
			if p.isCalled(name) {
				lists[a.ID] = append(lists[a.ID], name)
				all[name] = true
			}
		}
	}
	if len(all) == 0 {
		return nil, nil
	}
	others, err := t.Store.PeopleNamed(ctx, p.Institution, slices.Collect(maps.Keys(all)))
	if err != nil {
		return nil, fmt.Errorf("looking who else is called so: %w", err)
	}
	for id, names := range lists {
		lists[id] = slices.DeleteFunc(names, func(name string) bool {
			return slices.ContainsFunc(others, func(o Person) bool { return o.Learner != p.Learner && o.isCalled(name) })
		})
		if len(lists[id]) == 0 {
			delete(lists, id)
		}
	}
	return lists, nil
}

// isCalled says whether a list of an assignment means the person by a name.
func (i Identity) isCalled(name string) bool {
	return name != "" && (name == i.Subject || strings.EqualFold(name, i.Email))
}

// takeFromLists takes a person from the lists of assignments. One that named nobody
// else ends: without a list it would be everyone's.
func (t *Training) takeFromLists(ctx context.Context, p Person) error {
	lists, err := t.listsNaming(ctx, p)
	if err != nil {
		return err
	}
	for id, names := range lists {
		err = t.changeOffice(ctx, p, func(o *Office) (Event, error) {
			i := slices.IndexFunc(o.Assignments, func(a Assignment) bool { return a.ID == id })
			if i < 0 {
				return Event{}, ErrNotFound // it has ended meanwhile
			}
			a := &o.Assignments[i]
			told := t.event(AssignmentEnded, p.Institution, "", a.details())
			a.People = slices.DeleteFunc(slices.Clone(a.People), func(name string) bool { return slices.Contains(names, name) })
			if len(a.People) > 0 {
				return Event{}, nil
			}
			o.Assignments = slices.Delete(o.Assignments, i, i+1)
			return told, nil
		})
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// dropFiltersOf removes the saved filters of the person's institution that are about
// them, and keeps those that find others too, as lists keep a name that is another's.
func (t *Training) dropFiltersOf(ctx context.Context, p Person) error {
	o, err := t.readOffice(ctx, p.Institution)
	if err != nil {
		return err
	}
	drop := map[SavedFilter]bool{}
	for _, f := range o.Filters {
		drop[f], err = t.isOnlyAbout(ctx, p, f)
		if err != nil {
			return err
		}
	}
	about := func(f SavedFilter) bool { return drop[f] }
	if !slices.ContainsFunc(o.Filters, about) {
		return nil
	}
	return t.changeOffice(ctx, p, func(o *Office) (Event, error) {
		o.Filters = slices.DeleteFunc(o.Filters, about)
		return Event{}, nil
	})
}

// isOnlyAbout says whether a saved filter is about the person and nobody else who is
// there: by their id, or by what they are called.
func (t *Training) isOnlyAbout(ctx context.Context, p Person, f SavedFilter) (bool, error) {
	fields, _ := url.ParseQuery(f.Query) // what can't be read chooses nobody
	if fields.Get("learner") == string(p.Learner) {
		return true, nil
	}
	query := strings.ToLower(strings.TrimSpace(fields.Get("q")))
	if query == "" || !strings.Contains(strings.ToLower(p.Name+"\n"+p.Email+"\n"+p.Subject), query) {
		return false, nil
	}
	found, err := t.Store.People(ctx, p.Institution, PersonFilter{Query: query}, PersonCursor{}, 2)
	if err != nil {
		return false, fmt.Errorf("looking whom the filter %q finds: %w", f.Name, err)
	}
	return !slices.ContainsFunc(found, func(o Person) bool { return o.Learner != p.Learner }), nil
}

// In how many people at once those are looked for who have left, and after how many
// that can't be erased the rest waits for the next hour.
const (
	leftAtOnce = 100
	mostUnable = 100
)

// eraseLeft erases the people of all institutions who have not signed in for longer
// than their institution keeps people. Whoever can't be erased is tried again in the
// next hour, and holds up nobody else.
func (t *Training) eraseLeft(ctx context.Context) error {
	var failed []error
	for _, i := range t.Institutions {
		before, ends := t.leftBefore(i)
		if ends {
			failed = append(failed, t.eraseLeftOf(ctx, i, before)...)
		}
	}
	return errors.Join(failed...)
}

func (t *Training) eraseLeftOf(ctx context.Context, i Institution, before time.Time) []error {
	var failed []error
	tried := map[LearnerID]bool{}
	for len(failed) < mostUnable && ctx.Err() == nil {
		// Who could not be erased comes first again.
		people, err := t.Store.LeftBefore(ctx, i.ID, before, leftAtOnce+len(failed))
		if err != nil {
			return append(failed, fmt.Errorf("looking who has left %s: %w", i.ID, err))
		}
		people = slices.DeleteFunc(people, func(p Person) bool { return tried[p.Learner] })
		if len(people) == 0 {
			break
		}
		for _, p := range people {
			tried[p.Learner] = true
			err = t.eraseIfLeft(ctx, p, before)
			if err != nil {
				failed = append(failed, err)
			}
		}
	}
	return failed
}

// eraseIfLeft erases a person who was found to have left, unless they have come
// back since. Whoever comes back in the very moment may be missing from a list.
func (t *Training) eraseIfLeft(ctx context.Context, found Person, before time.Time) error {
	p, err := t.Store.Person(ctx, found.Learner)
	if err != nil {
		return fmt.Errorf("erasing %s: %w", found.Learner, err)
	}
	if p.Institution != found.Institution || !p.SignedInAt.Before(before) {
		return nil
	}
	err = t.erase(ctx, p, erasedWhenLeft, before)
	if errors.Is(err, errBack) {
		return nil
	}
	return err
}

// leftBefore returns before when somebody who has left an institution last signed
// in, if they are not kept for ever. Nobody is erased whose session may live still.
func (t *Training) leftBefore(i Institution) (time.Time, bool) {
	now := t.now()
	before, alive := monthsBefore(now, i.RetentionMonths), now.Add(-t.SessionLife)
	if alive.Before(before) {
		before = alive
	}
	return before, i.RetentionMonths > 0
}

// monthsBefore returns the same day some months earlier, or the last one of a month
// that has no such day: never a later one.
func monthsBefore(day time.Time, months int) time.Time {
	before := day.AddDate(0, -months, 0)
	if before.Day() != day.Day() {
		before = before.AddDate(0, 0, -before.Day())
	}
	return before
}
