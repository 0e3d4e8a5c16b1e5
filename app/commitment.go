package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"first5/content"
)

// Commit keeps what the person means to do after a module, in the place of what
// they chose of it before: intentions of the module by their ids, and one in own
// words, which may be empty. Those chosen again stay as they were, done or not.
//
// It returns [ErrConflict], with [ErrNotCompleted], until the person has completed
// that edition of the module; [ErrInvalid] if there are none or more than
// [MostCommitments], if the
// module proposes no such thing, or if the own words are longer than
// [LongestCommitment]; and else what [Training.Submit] does of a module.
func (t *Training) Commit(ctx context.Context, p Person, on Page, chosen []string, own string) error {
	m, err := t.onPage(ctx, p, on.Module, on.Version)
	if err != nil {
		return err
	}
	err = t.completed(ctx, p, m)
	if err != nil {
		return err
	}
	texts, err := commitments(m.In(on.Language), chosen, own)
	if err != nil {
		return err
	}
	return t.change(ctx, p, m, func(w *Workbook) (bool, error) {
		before := w.Commitments
		w.Commitments = nil
		for _, text := range texts {
			c := Commitment{Text: text, At: t.now()}
			same := func(o Commitment) bool { return m.inOneLanguage(o.Text, text) }
			if i := slices.IndexFunc(before, same); i >= 0 {
				c.At, c.DoneAt = before[i].At, before[i].DoneAt
			}
			w.Commitments = append(w.Commitments, c)
		}
		return !slices.Equal(before, w.Commitments), nil
	})
}

// completed returns [ErrNotCompleted] unless the person has completed the edition
// of a module.
func (t *Training) completed(ctx context.Context, p Person, m *Module) error {
	r, err := t.Store.Record(ctx, NewRecordID(p.Learner, m.Slug, m.Edition))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return fmt.Errorf("reading the record: %w", err)
	}
	if r.Completion == nil {
		return fmt.Errorf("%s, edition %s: %w: %w", m.Slug, m.Edition, ErrConflict, ErrNotCompleted)
	}
	return nil
}

// intention returns the id of the intention that a text is, in any of the
// module's languages, or nothing.
func (m *Module) intention(text string) string {
	for _, in := range append([]*content.Module{m.Module}, m.Translations...) {
		for _, i := range in.Intentions {
			if i.Text == text {
				return i.ID
			}
		}
	}
	return ""
}

// inOneLanguage says whether two texts of commitments would be the same one in one
// language.
func (m *Module) inOneLanguage(a, b string) bool {
	id := m.intention(a)
	return a == b || id != "" && id == m.intention(b)
}

// Chosen returns what of a module's commitments are its intentions, by their ids,
// and what is in the learner's own words.
func (m *Module) Chosen(commitments []Commitment) (ids []string, own []string) {
	for _, c := range commitments {
		if id := m.intention(c.Text); id != "" {
			ids = append(ids, id)
		} else {
			own = append(own, c.Text)
		}
	}
	return ids, own
}

// Finished opens a module for what the person means to do after it: in the edition
// that is named, as they completed or began it, and otherwise as [Training.Open]
// does.
func (t *Training) Finished(ctx context.Context, p Person, slug, edition string) (Opened, error) {
	r, err := t.Store.Record(ctx, NewRecordID(p.Learner, slug, edition))
	if errors.Is(err, ErrNotFound) {
		return t.Open(ctx, p, slug)
	}
	if err != nil {
		return Opened{}, fmt.Errorf("reading the record: %w", err)
	}
	m, err := t.version(ctx, slug, r.Version)
	if err != nil {
		return Opened{}, err
	}
	return t.opened(ctx, p, m, &r)
}

// commitments returns the texts that somebody chose.
func commitments(m *Module, chosen []string, own string) ([]string, error) {
	var texts []string
	for _, intention := range m.Intentions {
		if slices.Contains(chosen, intention.ID) {
			texts = append(texts, intention.Text)
		}
	}
	for _, id := range chosen {
		if !slices.ContainsFunc(m.Intentions, func(i content.Intention) bool { return i.ID == id }) {
			return nil, fmt.Errorf("%s proposes no %q: %w", m.Slug, id, ErrInvalid)
		}
	}
	own = OneLine(own)
	if utf8.RuneCountInString(own) > LongestCommitment {
		return nil, fmt.Errorf("a commitment of over %d characters: %w", LongestCommitment, ErrInvalid)
	}
	if own != "" && !slices.Contains(texts, own) {
		texts = append(texts, own)
	}
	if len(texts) == 0 || len(texts) > MostCommitments {
		return nil, fmt.Errorf("%d commitments: %w", len(texts), ErrInvalid)
	}
	return texts, nil
}

// OneLine returns what somebody means to do as it is kept, which is how its length
// counts: on one line.
func OneLine(own string) string {
	words := strings.FieldsFunc(strings.ToValidUTF8(own, ""), func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	return strings.Join(words, " ")
}

// MarkCommitment says that the person has done what they meant to do, or has not
// done it yet. It does nothing if they keep no such commitment.
func (t *Training) MarkCommitment(ctx context.Context, p Person, record RecordID, text string, done bool) error {
	return t.changeOwn(ctx, p, record, func(w *Workbook) (bool, error) {
		i := slices.IndexFunc(w.Commitments, func(c Commitment) bool { return c.Text == text })
		if i < 0 || done != w.Commitments[i].DoneAt.IsZero() {
			return false, nil
		}
		w.Commitments[i].DoneAt = time.Time{}
		if done {
			w.Commitments[i].DoneAt = t.now()
		}
		return true, nil
	})
}

// DropCommitment takes away something that the person no longer means to do. It
// does nothing if they keep no such commitment.
func (t *Training) DropCommitment(ctx context.Context, p Person, record RecordID, text string) error {
	return t.changeOwn(ctx, p, record, func(w *Workbook) (bool, error) {
		before := len(w.Commitments)
		w.Commitments = slices.DeleteFunc(w.Commitments, func(c Commitment) bool { return c.Text == text })
		return len(w.Commitments) < before, nil
	})
}
