package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"first5/content"
)

// Page says of which version of a module a page was made, and in which language
// it was read.
type Page struct {
	Module   string
	Version  int
	Language string
}

// saves is how often a change to a workbook is tried anew because another of the
// learner's devices was first.
const saves = 8

// change changes the person's workbook of a module, beginning it if there is
// none. It saves nothing if the function changes nothing, and may call it more
// than once.
func (t *Training) change(ctx context.Context, p Person, m *Module, with func(*Workbook) (changed bool, err error)) error {
	record := NewRecordID(p.Learner, m.Slug, m.Edition)
	for range saves {
		w, err := t.workbook(ctx, p, record)
		if err != nil {
			return err
		}
		w.Record, w.Learner, w.Module, w.Edition, w.Title = record, p.Learner, m.Slug, m.Edition, m.Title
		err = t.save(ctx, w, with)
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("saving the workbook of %s: %w", m.Slug, ErrConflict)
}

// workbook returns the person's workbook of a record, or an empty one.
func (t *Training) workbook(ctx context.Context, p Person, record RecordID) (Workbook, error) {
	w, err := t.Store.Workbook(ctx, p.Learner, record)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Workbook{}, fmt.Errorf("reading a workbook: %w", err)
	}
	return w, nil
}

// save changes a workbook and saves it, or returns [ErrConflict] if it was
// changed elsewhere meanwhile.
func (t *Training) save(ctx context.Context, w Workbook, with func(*Workbook) (bool, error)) error {
	w.Reflections, w.Commitments = slices.Clone(w.Reflections), slices.Clone(w.Commitments)
	changed, err := with(&w)
	if err != nil || !changed {
		return err
	}
	w.Revision++
	err = t.Store.SaveWorkbook(ctx, w)
	if err != nil {
		return fmt.Errorf("saving the workbook of %s: %w", w.Module, err)
	}
	return nil
}

// Workbooks returns all that the person keeps of modules, the last changed place
// first.
func (t *Training) Workbooks(ctx context.Context, p Person) ([]Workbook, error) {
	all, err := t.Store.Workbooks(ctx, p.Learner)
	if err != nil {
		return nil, fmt.Errorf("reading workbooks: %w", err)
	}
	slices.SortStableFunc(all, func(a, b Workbook) int { return b.CardAt.Compare(a.CardAt) })
	return all, nil
}

// MoveTo remembers at which card of a module the person is, so that they can go
// on there on another device. It returns [ErrInvalid] if that version has no such
// card, and else what [Training.Submit] does of a module.
func (t *Training) MoveTo(ctx context.Context, p Person, on Page, card string) error {
	m, err := t.onPage(ctx, p, on.Module, on.Version)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(m.Cards, func(c content.Card) bool { return c.ID == card }) {
		return fmt.Errorf("%s has no card %q: %w", on.Module, card, ErrInvalid)
	}
	return t.change(ctx, p, m, func(w *Workbook) (bool, error) {
		read := w.Read || m.ReadAt(card)
		if w.Card == card && w.Read == read {
			return false, nil
		}
		w.Card, w.CardAt, w.Read = card, t.now(), read
		return true, nil
	})
}

// Reflect keeps what the person wrote to one of a module's private questions;
// nothing written takes away what was kept. mark is that of the text which the
// page showed (see [Reflection.Mark]): if another page has saved another text
// since, neither is lost, and what is kept is both, this one first. It returns
// what is kept then, which is zero after nothing was written.
//
// It returns [ErrInvalid] if that version asks no such question. It does so too,
// with [ErrTooLong], if the text is longer than both [LongestReflection] and what
// is kept, which may be edited whole; and if two texts together would be longer
// than twice [LongestReflection]. Else it returns what [Training.Submit] does of a
// module.
func (t *Training) Reflect(ctx context.Context, p Person, on Page, prompt, text, mark string) (Reflection, error) {
	m, err := t.onPage(ctx, p, on.Module, on.Version)
	if err != nil {
		return Reflection{}, err
	}
	asked, ok := m.In(on.Language).Prompt(prompt)
	if !ok {
		return Reflection{}, fmt.Errorf("%s asks no question %q: %w", on.Module, prompt, ErrInvalid)
	}
	text = strings.TrimSpace(strings.ToValidUTF8(text, ""))
	var kept Reflection
	err = t.change(ctx, p, m, func(w *Workbook) (changed bool, err error) {
		kept, changed, err = w.write(Reflection{ID: prompt, Prompt: asked.Text, Text: text, At: t.now()}, mark)
		return changed, err
	})
	return kept, err
}

// Mark tells the state of a reflection from its other ones. That of a question
// without an answer is empty.
func (r Reflection) Mark() string {
	if r.At.IsZero() {
		return ""
	}
	return strconv.FormatInt(r.At.UnixMilli(), 36)
}

// write puts a reflection into the workbook. It returns what is kept, and whether
// that is new; or why it can't be kept.
func (w *Workbook) write(r Reflection, mark string) (Reflection, bool, error) {
	var kept Reflection
	i := slices.IndexFunc(w.Reflections, func(o Reflection) bool { return o.ID == r.ID })
	if i >= 0 {
		kept = w.Reflections[i]
	}
	err := checkLength(r.Text, max(LongestReflection, utf8.RuneCountInString(kept.Text)))
	if err != nil {
		return Reflection{}, false, err
	}
	elsewhere := kept.Mark() != mark
	switch {
	case i < 0 && r.Text == "":
		return Reflection{}, false, nil
	case i < 0:
		w.Reflections = append(w.Reflections, r)
		return r, true, nil
	case kept.Text == r.Text || elsewhere && strings.Contains(kept.Text, r.Text): // what is empty is in every text
		return kept, false, nil
	case elsewhere && !strings.Contains(r.Text, kept.Text):
		r.Text += "\n\n" + kept.Text
		err = checkLength(r.Text, 2*LongestReflection)
		if err != nil {
			return Reflection{}, false, err
		}
	case r.Text == "":
		w.Reflections = slices.Delete(w.Reflections, i, i+1)
		return Reflection{}, true, nil
	}
	// Two in the same millisecond must not have the same mark.
	if !r.At.After(kept.At) {
		r.At = kept.At.Add(time.Millisecond)
	}
	w.Reflections[i] = r
	return r, true, nil
}

// checkLength returns an error if a text has more characters than it may have.
func checkLength(text string, most int) error {
	if n := utf8.RuneCountInString(text); n > most {
		return fmt.Errorf("a reflection of %d characters, of at most %d: %w: %w", n, most, ErrInvalid, ErrTooLong)
	}
	return nil
}

// ForgetReflection deletes what the person wrote to one question. It does nothing
// if there is no such reflection.
func (t *Training) ForgetReflection(ctx context.Context, p Person, record RecordID, id string) error {
	return t.changeOwn(ctx, p, record, func(w *Workbook) (bool, error) {
		before := len(w.Reflections)
		w.Reflections = slices.DeleteFunc(w.Reflections, func(r Reflection) bool { return r.ID == id })
		return len(w.Reflections) < before, nil
	})
}

// ForgetReflections deletes all that the person wrote to any question.
func (t *Training) ForgetReflections(ctx context.Context, p Person) error {
	all, err := t.Workbooks(ctx, p)
	if err != nil {
		return err
	}
	for _, w := range all {
		err = t.changeOwn(ctx, p, w.Record, func(w *Workbook) (bool, error) {
			had := len(w.Reflections) > 0
			w.Reflections = nil
			return had, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// changeOwn changes a workbook that there is. It does nothing if there is none.
func (t *Training) changeOwn(ctx context.Context, p Person, record RecordID, with func(*Workbook) (bool, error)) error {
	for range saves {
		w, err := t.workbook(ctx, p, record)
		if err != nil || w.Revision == 0 {
			return err
		}
		err = t.save(ctx, w, with)
		if !errors.Is(err, ErrConflict) {
			return err
		}
	}
	return fmt.Errorf("saving a workbook: %w", ErrConflict)
}
