package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"first5/content"
)

// Submission is what a page sends when its quiz is submitted.
type Submission struct {
	Attempt AttemptID
	Module  string
	Version int // the one that the page was made from; 0: the one that it would be made from now
	Answers content.Answers
	Quiz    bool // from the page that shows the questions alone, without the cards
}

// Submit grades a person's answers and saves them as an attempt, once however
// often it is sent. It returns
//   - [ErrNotFound] if the person's institution shows no such module, and the
//     person has not begun it either,
//   - [ErrConflict] if that version was never published,
//   - [ErrInvalid], wrapping a [*content.AnswerError], if an answer is not to
//     that version.
func (t *Training) Submit(ctx context.Context, p Person, s Submission) error {
	return t.submit(ctx, p, s, t.now())
}

func (t *Training) submit(ctx context.Context, p Person, s Submission, at time.Time) error {
	m, err := t.onPage(ctx, p, s.Module, s.Version)
	if err != nil {
		return err
	}
	grade, err := m.Grade(s.Answers)
	if err != nil {
		return fmt.Errorf("grading %s: %w: %w", s.Module, ErrInvalid, err)
	}
	institution, err := t.Institution(p.Institution)
	if err != nil {
		return err
	}
	how, err := t.reached(ctx, p, m, s.Quiz)
	if err != nil {
		return err
	}
	r := t.newRecord(p, m)
	r.StartedAt, r.ActiveAt = at, at // which may be past, unlike the change
	a := Attempt{
		ID:         s.Attempt,
		Record:     r.ID,
		Learner:    p.Learner,
		Module:     m.Slug,
		Version:    m.Version,
		Answers:    eachOnce(s.Answers),
		Grade:      grade,
		At:         at,
		Completion: t.earned(p, institution, m, grade, how, at),
	}
	if a.Completion != nil {
		a.Completion.Attempt = s.Attempt
	}
	r, err = t.Store.SaveAttempt(ctx, r, a)
	if err != nil {
		return fmt.Errorf("saving the attempt: %w", err)
	}
	if s.Quiz || r.Completion != nil {
		return nil
	}
	return t.markRead(ctx, p, m)
}

// markRead remembers that somebody had all cards of a module before them: who
// falls short and then passes the quiz alone has not tested out.
func (t *Training) markRead(ctx context.Context, p Person, m *Module) error {
	return t.change(ctx, p, m, func(w *Workbook) (bool, error) {
		had := w.Read
		w.Read = true
		return !had, nil
	})
}

// eachOnce returns the answers without what was chosen again: it counts once, and
// a form that repeats it a thousand times is not to be kept as it came.
func eachOnce(answers content.Answers) content.Answers {
	if answers == nil {
		return nil
	}
	once := content.Answers{}
	for question, chosen := range answers {
		seen := []string{}
		for _, option := range chosen {
			if !slices.Contains(seen, option) {
				seen = append(seen, option)
			}
		}
		once[question] = seen
	}
	return once
}

// onPage returns the version of a module that a page shows; 0: the one that a
// page would be made from now. It need not be the current one, nor the module be
// offered still, there or at all: whoever was in the middle of it has not answered
// or written in vain.
func (t *Training) onPage(ctx context.Context, p Person, module string, version int) (*Module, error) {
	if version == 0 {
		o, err := t.Open(ctx, p, module)
		return o.Module, err
	}
	m, err := t.version(ctx, module, version)
	if err != nil {
		return nil, err
	}
	hidden := t.allow(p, m)
	if hidden == nil {
		return m, nil
	}
	_, err = t.Store.Record(ctx, NewRecordID(p.Learner, m.Slug, m.Edition))
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, hidden
	case err != nil:
		return nil, fmt.Errorf("reading the record: %w", err)
	}
	return m, nil
}

// reached returns the status that a passed quiz earns: answered on the page of the
// questions alone, by somebody who has not read the cards (see [Workbook]), it is
// tested out.
func (t *Training) reached(ctx context.Context, p Person, m *Module, quizAlone bool) (Status, error) {
	if !quizAlone {
		return Passed, nil
	}
	w, err := t.workbook(ctx, p, NewRecordID(p.Learner, m.Slug, m.Edition))
	if err != nil || w.Read {
		return Passed, err
	}
	return TestedOut, nil
}

// earned returns the completion that a grade is worth, or nil. A module that
// grades nothing is completed by reading it.
func (t *Training) earned(p Person, i Institution, m *Module, g content.Grade, passed Status, at time.Time) *Completion {
	c := &Completion{
		Status:      Read,
		At:          at,
		Version:     m.Version,
		Certificate: CertificateID(NewToken()),
		Name:        p.Name,
		Title:       m.Title,
		Institution: i.Name,
		Credit:      t.creditStatement(m.Program),
	}
	if g.Graded == 0 {
		return c
	}
	score := g.Score()
	if score < m.Pass {
		return nil
	}
	c.Status, c.Score = passed, &score
	return c
}

// Result is an attempt with the version of the module that it answers.
type Result struct {
	Attempt Attempt
	Module  *Module
	Record  Record
	Next    *Module // the one to take up next; nil when there is none

	Workbook Workbook // of the record; zero if the learner keeps nothing there
}

// Result returns one of the person's own attempts, or [ErrNotFound].
func (t *Training) Result(ctx context.Context, p Person, module string, id AttemptID) (Result, error) {
	a, err := t.Store.Attempt(ctx, p.Learner, id)
	if err != nil {
		return Result{}, fmt.Errorf("reading the attempt: %w", err)
	}
	if a.Module != module {
		return Result{}, fmt.Errorf("attempt %s is not of %q: %w", id, module, ErrNotFound)
	}
	m, err := t.version(ctx, a.Module, a.Version)
	if err != nil {
		return Result{}, err
	}
	r, err := t.Store.Record(ctx, a.Record)
	if err != nil {
		return Result{}, fmt.Errorf("reading the record: %w", err)
	}
	w, err := t.workbook(ctx, p, r.ID)
	if err != nil {
		return Result{}, err
	}
	next, err := t.nextAfter(ctx, p, m)
	return Result{Attempt: a, Module: m, Record: r, Next: next, Workbook: w}, err
}

// Park keeps answers that a learner's page sent after its session had ended,
// until that learner signs in. The caller has made sure that the page was made
// for the learner.
func (t *Training) Park(ctx context.Context, learner LearnerID, s Submission) error {
	err := t.Store.Park(ctx, Parked{
		ID:      s.Attempt,
		Learner: learner,
		Module:  s.Module,
		Version: s.Version,
		Answers: s.Answers,
		Quiz:    s.Quiz,
		At:      t.now(),
	})
	if err != nil {
		return fmt.Errorf("parking answers: %w", err)
	}
	return nil
}

// countParked counts what the person sent while signed out, as of the time when
// it was sent, and returns why any of it could not be counted yet.
func (t *Training) countParked(ctx context.Context, p Person) []error {
	parked, err := t.Store.ParkedBy(ctx, p.Learner)
	if err != nil {
		return []error{fmt.Errorf("reading parked answers: %w", err)}
	}
	var failed []error
	for _, k := range parked {
		s := Submission{Attempt: k.ID, Module: k.Module, Version: k.Version, Answers: k.Answers, Quiz: k.Quiz}
		err := t.submit(ctx, p, s, k.At)
		if err != nil {
			failed = append(failed, fmt.Errorf("counting parked answers %s: %w", k.ID, err))
		}
	}
	return failed
}
