package app

import (
	"context"
	"fmt"
	"unicode/utf8"
)

// Waive releases somebody of a manager's own institution from the current edition
// of a module. It counts as completed from then on, without a certificate, and
// stays waived whatever they answer later: like every completion, it is never
// taken back. The reason stands on one line in the record, which the learner sees,
// and nowhere else, so that it goes when they are erased. Waive returns
//   - [ErrForbidden] to anyone but a manager,
//   - [ErrNotFound] if nobody there has that id or they have left, and if the
//     institution shows no such module, or they have a record of it from another
//     institution, which is that one's,
//   - [ErrInvalid] without a reason or with one over [LongestReason],
//   - [ErrConflict] if they have completed that edition.
func (t *Training) Waive(ctx context.Context, p Person, learner LearnerID, slug, reason string) error {
	who, err := t.present(ctx, p, learner, "waiving a module")
	if err != nil {
		return err
	}
	m, err := t.currentFor(who, slug)
	if err != nil {
		return err
	}
	reason = ReasonLine(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > LongestReason {
		return fmt.Errorf("a reason of %d characters: %w", n, ErrInvalid)
	}
	i, err := t.Institution(who.Institution)
	if err != nil {
		return err
	}
	r := t.newRecord(who, m)
	c := Completion{Status: Waived, At: r.ChangedAt, Version: m.Version, Name: who.Name, Title: m.Title, Institution: i.Name, Reason: reason}
	told := t.event(ModuleWaived, r.Institution, p.Learner, Details{
		"record": string(r.ID), "module": r.Module, "edition": r.Edition,
	})
	_, err = t.Store.Complete(ctx, r, c, told)
	if err != nil {
		return fmt.Errorf("waiving %s: %w", slug, err)
	}
	return nil
}

// present returns somebody of a manager's own institution who has not left.
func (t *Training) present(ctx context.Context, p Person, learner LearnerID, doing string) (Person, error) {
	who, err := t.colleague(ctx, p, learner, doing)
	if err == nil && !who.ErasedAt.IsZero() {
		err = fmt.Errorf("%s: they have left: %w", doing, ErrNotFound)
	}
	return who, err
}
