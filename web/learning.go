package web

import (
	"slices"
	"time"

	"first5/app"
)

// LearningPage lists what the viewer means to do, has begun, may still do and has
// done.
type LearningPage struct {
	Frame
	app.Learning
	Titles Titles
	Told   Told
}

func (LearningPage) template() string { return "learning.html" }

// Told is what a page tells of what was just done on it.
type Told string

// What may have been done.
const (
	ToldChosen  Told = "chosen"
	ToldDone    Told = "done"
	ToldUndone  Told = "undo"
	ToldDropped Told = "drop"
)

// Message says it; it is zero for what is none of these.
func (t Told) Message() Message {
	switch t {
	case ToldChosen:
		return T("Kept. It waits for you here.")
	case ToldDone:
		return T("Done: well tried. It stays below, struck through.")
	case ToldUndone:
		return T("It waits for you again.")
	case ToldDropped:
		return T("Taken away.")
	}
	return Message{}
}

// Title is the title of a module with the language that it is in.
type Title struct {
	Text     string
	Language string // empty where it is not known
}

// Titles finds the titles of modules in a language.
type Titles struct {
	Modules  []*app.Module // that are current
	Language string        // of the reader
}

// Of returns the title of an edition of a module, which had the given one: in the
// reader's language, if the module is still called so and has a translation.
func (t Titles) Of(slug, edition, title string) Title {
	i := slices.IndexFunc(t.Modules, func(m *app.Module) bool {
		return m.Slug == slug && m.Edition == edition && m.Title == title
	})
	if i < 0 {
		return Title{Text: title}
	}
	m := t.Modules[i].In(t.Language)
	return Title{Text: m.Title, Language: m.Language}
}

// Meant is something that the viewer means to do, with the module after which.
type Meant struct {
	app.Commitment
	Record app.RecordID
	Title  Title
	Change string // the address where they choose anew
}

// IsDone says whether it is done.
func (m Meant) IsDone() bool { return !m.DoneAt.IsZero() }

// Means returns what the viewer means to do, the latest first, and behind it what
// they have done of it, the last done first.
func (p LearningPage) Means() []Meant {
	var all []Meant
	for _, w := range p.Workbooks {
		for _, c := range w.Commitments {
			all = append(all, Meant{
				Commitment: c,
				Record:     w.Record,
				Title:      p.Titles.Of(w.Module, w.Edition, w.Title),
				Change:     commitmentsAddress(w.Module, w.Edition, ""),
			})
		}
	}
	slices.SortStableFunc(all, func(a, b Meant) int {
		switch {
		case a.IsDone() && b.IsDone():
			return b.DoneAt.Compare(a.DoneAt)
		case a.IsDone():
			return 1
		case b.IsDone():
			return -1
		}
		return b.At.Compare(a.At)
	})
	return all
}

// Going is a module that the viewer is in the middle of.
type Going struct {
	app.Record
	Title   Title
	Address string // where they go on
}

// Goings returns what the viewer has begun.
func (p LearningPage) Goings() []Going {
	var all []Going
	for _, r := range p.Begun {
		card := ""
		if i := slices.IndexFunc(p.Workbooks, func(w app.Workbook) bool { return w.Record == r.ID }); i >= 0 {
			card = p.Workbooks[i].CardToGoOnAt(&r)
		}
		all = append(all, Going{Record: r, Title: p.Titles.Of(r.Module, r.Edition, r.Title), Address: cardAddress(r.Module, card)})
	}
	return all
}

// Past is a module that the viewer has completed.
type Past struct {
	app.Record
	Title Title
}

// WithdrawnAt is when its certificate was withdrawn; zero while that holds.
func (p Past) WithdrawnAt() time.Time {
	if p.Withdrawn == nil {
		return time.Time{}
	}
	return p.Withdrawn.At
}

// Address is where its certificate is shown, or the module itself if it gave none.
func (p Past) Address() string {
	if p.Completion.Certificate == "" {
		return cardAddress(p.Module, "")
	}
	return "/certificates/" + string(p.Completion.Certificate)
}

// Pasts returns what the viewer has completed.
func (p LearningPage) Pasts() []Past {
	var all []Past
	for _, r := range p.Done {
		all = append(all, Past{Record: r, Title: p.Titles.Of(r.Module, r.Edition, r.Title)})
	}
	return all
}
