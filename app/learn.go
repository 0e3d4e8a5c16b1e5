package app

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"

	"first5/content"
)

// Course is a programme as one learner sees it.
type Course struct {
	*Program
	Items []CourseItem
}

// CourseItem is a module of a course, with the learner's record of its current
// edition, or else of an older edition that the learner has begun and not
// completed. It is nil if there is none.
type CourseItem struct {
	*Module
	Record   *Record
	Required []Requirement // by the learner's institution, until the module is completed
}

// In returns the course in a language: its programme and those of its modules that
// have it.
func (c Course) In(language string) Course {
	c.Program = c.Program.In(language)
	items := slices.Clone(c.Items)
	for i, item := range items {
		items[i].Module = item.Module.In(language)
	}
	c.Items = items
	return c
}

// Catalogue returns the programmes that the person may take, with what they
// have done of each.
func (t *Training) Catalogue(ctx context.Context, p Person) ([]Course, error) {
	records, err := t.Store.LearnerRecords(ctx, p.Learner)
	if err != nil {
		return nil, fmt.Errorf("reading the learner's records: %w", err)
	}
	assigned, err := t.AssignmentsOf(ctx, p)
	if err != nil {
		return nil, err
	}
	var courses []Course
	for _, program := range t.programsFor(p) {
		course := newCourse(program, records)
		for i, item := range course.Items {
			if !item.isDone() {
				course.Items[i].Required = requirements(assigned, item.Module, t.now())
			}
		}
		courses = append(courses, course)
	}
	return courses, nil
}

func newCourse(program *Program, records []Record) Course {
	c := Course{Program: program}
	for _, m := range program.Modules {
		c.Items = append(c.Items, CourseItem{Module: m, Record: inCourse(m, records)})
	}
	return c
}

// inCourse returns the one of a learner's records that counts for a current
// module, or nil. See [CourseItem].
func inCourse(m *Module, records []Record) *Record {
	var open *Record
	for i, r := range records {
		switch {
		case r.Module != m.Slug:
		case r.Edition == m.Edition:
			return &records[i]
		case r.Completion == nil && open == nil: // the last active
			open = &records[i]
		}
	}
	return open
}

// Learning is what a learner has done, has begun and may still do, and what they
// keep of it for themself.
type Learning struct {
	Done    []Record // the last active first, whatever became of the module since
	Begun   []Record // likewise
	Waiting []*Module

	Workbooks []Workbook // the last changed place first
}

// Learning returns what the person has done, has begun and may still do.
func (t *Training) Learning(ctx context.Context, p Person) (Learning, error) {
	records, err := t.Store.LearnerRecords(ctx, p.Learner)
	if err != nil {
		return Learning{}, fmt.Errorf("reading the learner's records: %w", err)
	}
	var l Learning
	for _, r := range records {
		if r.Completion != nil {
			l.Done = append(l.Done, r)
		} else {
			l.Begun = append(l.Begun, r)
		}
	}
	for _, program := range t.programsFor(p) {
		for _, item := range newCourse(program, records).Items {
			if item.Record == nil {
				l.Waiting = append(l.Waiting, item.Module)
			}
		}
	}
	l.Workbooks, err = t.Workbooks(ctx, p)
	return l, err
}

// Opened is a module as one learner finds it.
type Opened struct {
	*Module
	Record   *Record       // nil if the learner has not begun it
	Workbook Workbook      // zero if they keep nothing of it
	Required []Requirement // by the person's institution, until they have completed it
}

// Open returns the module with the person's record of it.
//
// Somebody in the middle of a module gets the version that they began, and goes
// on with it until it is completed: also when there is a newer edition, when the
// module is withdrawn, and when it is in a programme now that their institution
// does not show. Who has completed a module that is no longer offered to them
// may still read their version of it. For everyone else Open returns
// [ErrNotFound] if the person's institution shows no such module.
func (t *Training) Open(ctx context.Context, p Person, slug string) (Opened, error) {
	m, hidden := t.currentFor(p, slug)
	var r *Record
	var err error
	if hidden == nil {
		r, err = t.recordOfCurrent(ctx, p, m)
	} else {
		r, err = t.recordOfOlder(ctx, p, slug)
	}
	if err != nil {
		return Opened{}, err
	}
	if hidden != nil && r == nil {
		return Opened{}, hidden
	}
	if r != nil && (hidden != nil || r.Completion == nil) {
		m, err = t.version(ctx, slug, r.Version)
		if err != nil {
			return Opened{}, err
		}
	}
	return t.opened(ctx, p, m, r)
}

// opened returns a version of a module with all that concerns the person in it.
func (t *Training) opened(ctx context.Context, p Person, m *Module, r *Record) (Opened, error) {
	o := Opened{Module: m, Record: r}
	if r == nil || r.Completion == nil {
		assigned, err := t.AssignmentsOf(ctx, p)
		if err != nil {
			return Opened{}, err
		}
		o.Required = requirements(assigned, m, t.now())
	}
	if r == nil {
		return o, nil
	}
	workbook, err := t.workbook(ctx, p, r.ID)
	o.Workbook = workbook
	return o, err
}

// recordOfCurrent returns the person's record that counts for a current module,
// or nil.
func (t *Training) recordOfCurrent(ctx context.Context, p Person, m *Module) (*Record, error) {
	r, err := t.Store.Record(ctx, NewRecordID(p.Learner, m.Slug, m.Edition))
	if err == nil {
		return &r, nil
	}
	if !errors.Is(err, ErrNotFound) {
		return nil, fmt.Errorf("reading the record: %w", err)
	}
	if m.Version == 1 {
		return nil, nil // there is no older edition
	}
	records, err := t.Store.LearnerRecords(ctx, p.Learner)
	if err != nil {
		return nil, fmt.Errorf("reading the learner's records: %w", err)
	}
	return inCourse(m, records), nil
}

// recordOfOlder returns the person's record of a module that is no longer
// offered to them: one that is not completed, if there is one, else the one that
// was active last; nil if the person never began the module.
func (t *Training) recordOfOlder(ctx context.Context, p Person, slug string) (*Record, error) {
	records, err := t.Store.LearnerRecords(ctx, p.Learner)
	if err != nil {
		return nil, fmt.Errorf("reading the learner's records: %w", err)
	}
	records = slices.DeleteFunc(records, func(r Record) bool { return r.Module != slug })
	if len(records) == 0 {
		return nil, nil
	}
	open := slices.IndexFunc(records, func(r Record) bool { return r.Completion == nil })
	return &records[max(0, open)], nil
}

// nextAfter returns the module to take up after m, which is not m itself: what is
// required and due earliest, and of what is alike in that the first one behind m in
// its programme. It returns nil when there is none.
func (t *Training) nextAfter(ctx context.Context, p Person, m *Module) (*Module, error) {
	courses, err := t.Catalogue(ctx, p)
	if err != nil {
		return nil, err
	}
	var behind []CourseItem
	for n, c := range courses {
		i := slices.IndexFunc(c.Items, func(item CourseItem) bool { return item.Slug == m.Slug })
		if i < 0 {
			continue
		}
		behind = slices.DeleteFunc(slices.Clone(c.Items[i+1:]), CourseItem.isDone)
		courses[n].Items = slices.Delete(slices.Clone(c.Items), i, i+1)
	}
	next := nextItem(courses)
	if len(behind) > 0 {
		first := slices.MinFunc(behind, CourseItem.compareUrgency)
		if next == nil || first.urgency() <= next.urgency() {
			next = &first
		}
	}
	if next == nil {
		return nil, nil
	}
	return next.Module, nil
}

// Begin begins the module for the person, unless they have begun it already. A
// new edition is not begun while an older one is open.
func (t *Training) Begin(ctx context.Context, p Person, slug string) error {
	o, err := t.Open(ctx, p, slug)
	if err != nil || o.Record != nil && o.Record.Completion == nil {
		return err
	}
	m, err := t.currentFor(p, slug)
	if err != nil {
		return err
	}
	_, err = t.Store.Begin(ctx, t.newRecord(p, m))
	if err != nil {
		return fmt.Errorf("beginning %s: %w", slug, err)
	}
	return nil
}

// newRecord returns a record that the person begins now.
func (t *Training) newRecord(p Person, m *Module) Record {
	now := t.now()
	return Record{
		ID:          NewRecordID(p.Learner, m.Slug, m.Edition),
		Institution: p.Institution,
		Learner:     p.Learner,
		Subject:     p.Subject,
		Name:        p.Name,
		Email:       p.Email,
		NPI:         p.NPI,
		Program:     m.Program,
		Module:      m.Slug,
		Title:       m.Title,
		Edition:     m.Edition,
		Version:     m.Version,
		StartedAt:   now,
		ActiveAt:    now,
		ChangedAt:   now,
	}
}

// Home is what a learner is shown first.
type Home struct {
	Next    *Module // to go on with, or to begin; nil when all are completed
	Record  *Record // of Next; nil if it is to be begun
	Card    string  // where the learner is in Next; empty: at its beginning
	Left    int     // minutes that Next still takes from there on, at least 1
	Courses []Course

	Required *Requirement // of Next, the one that is due earliest; nil if nobody requires it
}

// In returns what is shown with the programmes and modules in a language, those
// that have it.
func (h Home) In(language string) Home {
	if h.Next != nil {
		h.Next = h.Next.In(language)
	}
	courses := slices.Clone(h.Courses)
	for i, c := range courses {
		courses[i] = c.In(language)
	}
	h.Courses = courses
	return h
}

// Home returns what the person is shown first.
func (t *Training) Home(ctx context.Context, p Person) (Home, error) {
	courses, err := t.Catalogue(ctx, p)
	if err != nil {
		return Home{}, err
	}
	h := Home{Courses: courses}
	next := nextItem(courses)
	if next == nil {
		return h, nil
	}
	h.Next, h.Left, h.Required = next.Module, next.Minutes, next.Soonest()
	if !next.isBegun() {
		return h, nil
	}
	o, err := t.Open(ctx, p, next.Slug)
	if err != nil {
		return Home{}, err
	}
	h.Next, h.Record, h.Card = o.Module, o.Record, o.Workbook.CardToGoOnAt(o.Record)
	h.Left = minutesLeft(o.Module, h.Card)
	return h, nil
}

// minutesLeft returns how many minutes a module takes from a card on: as many of
// those that it promises as the cards are of its reading time.
func minutesLeft(m *Module, card string) int {
	i := slices.IndexFunc(m.Cards, func(c content.Card) bool { return c.ID == card })
	var all, left time.Duration
	for n, c := range m.Cards {
		if c.Branch {
			continue
		}
		all += c.Way
		if n >= i {
			left += c.Way
		}
	}
	if all == 0 {
		return m.Minutes
	}
	return max(1, int(math.Ceil(float64(m.Minutes)*float64(left)/float64(all))))
}
