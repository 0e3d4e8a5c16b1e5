package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
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
	Record *Record
}

// Catalogue returns the programmes that the person may take, with what they
// have done of each.
func (t *Training) Catalogue(ctx context.Context, p Person) ([]Course, error) {
	records, err := t.Store.LearnerRecords(ctx, p.Learner)
	if err != nil {
		return nil, fmt.Errorf("reading the learner's records: %w", err)
	}
	var courses []Course
	for _, program := range t.programsFor(p) {
		courses = append(courses, newCourse(program, records))
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

// Learning is what a learner has done, has begun and may still do.
type Learning struct {
	Done    []Record // the last active first, whatever became of the module since
	Begun   []Record // likewise
	Waiting []*Module
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
	return l, nil
}

// Opened is a module as one learner finds it.
type Opened struct {
	*Module
	Record *Record // nil if the learner has not begun it
	Next   *Module // the one that follows in the programme; nil after the last
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
	return Opened{Module: m, Record: r, Next: t.after(p, m)}, nil
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

// after returns the module that follows m in its programme, or nil: also if the
// person's institution does not show that programme.
func (t *Training) after(p Person, m *Module) *Module {
	for _, program := range t.programsFor(p) {
		i := slices.IndexFunc(program.Modules, func(other *Module) bool { return other.Slug == m.Slug })
		if i >= 0 && i+1 < len(program.Modules) {
			return program.Modules[i+1]
		}
	}
	return nil
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
	}
}

// NextModule returns the module to take up now, and whether it was begun
// already: the first one that was begun, else the first that was not. It
// returns nil if all are completed.
func NextModule(courses []Course) (*Module, bool) {
	var waiting *Module
	for _, c := range courses {
		for _, item := range c.Items {
			if item.Record != nil && item.Record.Completion == nil {
				return item.Module, true
			}
			if item.Record == nil && waiting == nil {
				waiting = item.Module
			}
		}
	}
	return waiting, false
}
