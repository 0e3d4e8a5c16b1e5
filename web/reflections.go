package web

import (
	"slices"

	"first5/app"
)

// ReflectionsPage shows a learner all that they wrote to private questions.
type ReflectionsPage struct {
	Frame
	Workbooks []app.Workbook // those in which something is written
	Titles    Titles
	Deleted   bool // something was deleted just now
}

func (ReflectionsPage) template() string { return "reflections.html" }

// WrittenIn is what a learner wrote in one edition of a module.
type WrittenIn struct {
	Record  app.RecordID
	Title   Title
	Edition string
	All     []WrittenText
}

// WrittenText is what a learner wrote to one question.
type WrittenText struct {
	app.Reflection
	Change string // the address of the card that asks; empty where none does any more
}

// Written returns what the learner wrote, module by module.
func (p ReflectionsPage) Written() []WrittenIn {
	var all []WrittenIn
	for _, w := range p.Workbooks {
		in := WrittenIn{Record: w.Record, Title: p.Titles.Of(w.Module, w.Edition, w.Title), Edition: w.Edition}
		for _, r := range w.Reflections {
			in.All = append(in.All, WrittenText{Reflection: r, Change: p.Titles.asks(w, r.ID)})
		}
		if len(in.All) > 0 {
			all = append(all, in)
		}
	}
	return all
}

// asks returns the address of the card on which a workbook's module asks a
// question, or nothing.
func (t Titles) asks(w app.Workbook, question string) string {
	i := slices.IndexFunc(t.Modules, func(m *app.Module) bool { return m.Slug == w.Module && m.Edition == w.Edition })
	if i < 0 {
		return ""
	}
	prompt, ok := t.Modules[i].Prompt(question)
	if !ok {
		return ""
	}
	return cardAddress(w.Module, prompt.Card)
}
