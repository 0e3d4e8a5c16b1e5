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
// edition: nil if it was not begun.
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
		item := CourseItem{Module: m}
		for i, r := range records {
			if r.Module == m.Slug && r.Edition == m.Edition {
				item.Record = &records[i]
			}
		}
		c.Items = append(c.Items, item)
	}
	return c
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

// Open returns the module with the person's record of it. Somebody in the
// middle of a module gets the version that they began. It returns
// [ErrNotFound] if the person's institution shows no such module.
func (t *Training) Open(ctx context.Context, p Person, slug string) (Opened, error) {
	m, err := t.currentFor(p, slug)
	if err != nil {
		return Opened{}, err
	}
	o := Opened{Module: m, Next: t.after(m)}
	r, err := t.Store.Record(ctx, NewRecordID(p.Learner, slug, m.Edition))
	if errors.Is(err, ErrNotFound) {
		return o, nil
	}
	if err != nil {
		return Opened{}, fmt.Errorf("reading the record: %w", err)
	}
	o.Record = &r
	if r.Completion == nil && r.Version != m.Version {
		o.Module, err = t.version(ctx, slug, r.Version)
		if err != nil {
			return Opened{}, err
		}
	}
	return o, nil
}

// after returns the module that follows m in its programme, or nil.
func (t *Training) after(m *Module) *Module {
	for _, program := range t.library().programs {
		i := slices.IndexFunc(program.Modules, func(other *Module) bool { return other.Slug == m.Slug })
		if i >= 0 && i+1 < len(program.Modules) {
			return program.Modules[i+1]
		}
	}
	return nil
}

// Begin begins the module for the person, unless they have begun it already.
func (t *Training) Begin(ctx context.Context, p Person, slug string) error {
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
