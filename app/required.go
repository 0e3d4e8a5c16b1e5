package app

import (
	"cmp"
	"context"
	"math"
	"slices"
	"strings"
	"time"
)

// Requirement is an assignment of a module that somebody has not completed.
type Requirement struct {
	Assignment
	Late bool // its day has passed
}

// wanted is what an institution's managers require, made ready so that asking for
// one person costs the same however long the lists are. It is never changed.
type wanted struct {
	all        []Assignment     // the earliest due first
	ofEveryone []int            // places in all
	byEmail    map[string][]int // likewise, by an e-mail address in small letters
	bySubject  map[string][]int
}

func newWanted(all []Assignment) *wanted {
	w := &wanted{all: slices.Clone(all), byEmail: map[string][]int{}, bySubject: map[string][]int{}}
	slices.SortStableFunc(w.all, func(a, b Assignment) int { return cmp.Compare(a.urgency(), b.urgency()) })
	for i, a := range w.all {
		if a.Everyone() {
			w.ofEveryone = append(w.ofEveryone, i)
		}
		for _, name := range a.People {
			w.bySubject[name] = append(w.bySubject[name], i)
			email := strings.ToLower(name)
			w.byEmail[email] = append(w.byEmail[email], i)
		}
	}
	return w
}

// urgency returns a smaller number the earlier the assignment is due. One without a
// day comes after all that have one.
func (a Assignment) urgency() int64 {
	if a.Due.IsZero() {
		return math.MaxInt64 - 1
	}
	return a.Due.Unix()
}

// of returns what is required of a person, the earliest due first.
func (w *wanted) of(p Person) []Assignment {
	places := slices.Concat(w.ofEveryone, w.bySubject[p.Subject])
	if p.Email != "" {
		places = append(places, w.byEmail[strings.ToLower(p.Email)]...)
	}
	slices.Sort(places)
	var all []Assignment
	for _, i := range slices.Compact(places) {
		all = append(all, w.all[i])
	}
	return all
}

// requirements returns those of the assignments that are about a module. What is
// required of the module itself comes before what is required of its programme.
func requirements(all []Assignment, m *Module, now time.Time) []Requirement {
	var found []Requirement
	for _, a := range all {
		if a.Covers(m) {
			found = append(found, Requirement{Assignment: a, Late: a.Overdue(now)})
		}
	}
	slices.SortStableFunc(found, func(a, b Requirement) int {
		return cmp.Compare(min(1, len(a.Program)), min(1, len(b.Program)))
	})
	return found
}

// AssignmentsOf returns what a person's institution requires of them now, whether
// they have completed it or not, the earliest due first.
func (t *Training) AssignmentsOf(ctx context.Context, p Person) ([]Assignment, error) {
	held, err := t.heldOffice(ctx, p.Institution)
	if err != nil {
		return nil, err
	}
	return held.wanted.of(p), nil
}

// Soonest returns the requirement of the item that is due earliest, or nil.
func (i CourseItem) Soonest() *Requirement {
	var soonest *Requirement
	for n, r := range i.Required {
		if soonest == nil || r.urgency() < soonest.urgency() {
			soonest = &i.Required[n]
		}
	}
	return soonest
}

// urgency returns a smaller number the more urgent the item is: by the day at which
// it is due first, then what is required at any time, then all else.
func (i CourseItem) urgency() int64 {
	r := i.Soonest()
	if r == nil {
		return math.MaxInt64
	}
	return r.urgency()
}

func (i CourseItem) compareUrgency(other CourseItem) int {
	return cmp.Compare(i.urgency(), other.urgency())
}

// isDone says whether there is nothing left to do of the item.
func (i CourseItem) isDone() bool { return i.Record != nil && i.Record.Completion != nil }

// isBegun says whether the item is begun and not completed.
func (i CourseItem) isBegun() bool { return i.Record != nil && i.Record.Completion == nil }

// isBefore says whether the item is to be taken up before one that stands before
// it.
func (i CourseItem) isBefore(other CourseItem) bool {
	c := i.compareUrgency(other)
	return c < 0 || c == 0 && i.isBegun() && !other.isBegun()
}

// NextModule returns the module to take up now, and whether it was begun already:
// what is required comes before all else, the earliest due first; of what is alike
// in that, the first one that was begun, else the first that was not. It returns nil
// if all are completed.
func NextModule(courses []Course) (*Module, bool) {
	next := nextItem(courses)
	if next == nil {
		return nil, false
	}
	return next.Module, next.isBegun()
}

func nextItem(courses []Course) *CourseItem {
	var next *CourseItem
	for _, c := range courses {
		for n, item := range c.Items {
			if !item.isDone() && (next == nil || item.isBefore(*next)) {
				next = &c.Items[n]
			}
		}
	}
	return next
}
