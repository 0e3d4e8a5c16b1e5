package content

import (
	"html"
	"io"
	"slices"
	"strconv"
	"unicode/utf16"
)

// Reader is what belongs to one learner in a module that many read.
type Reader struct {
	// Reflections holds what the learner wrote, by the id of the prompt.
	Reflections map[string]Written

	// Order returns the places of a question's options in the order in which they
	// are shown: a permutation of 0 to options-1. Nil, or what is no such
	// permutation, leaves them as their author wrote them.
	Order func(question string, options int) []int
}

// Written is what a learner wrote to a prompt.
type Written struct {
	Text string
	Mark string // tells this state of the text from later ones; goes back with what is written next
}

// Prompt is a private question of a module to its reader.
type Prompt struct {
	ID   string // unique in its module
	Card string // the id of the card that it stands on
	Text string // plain text
}

// Intention is something that a module's author proposes to do in practice.
type Intention struct {
	ID   string // unique in its module, made from its text
	Text string // plain text
}

// Prompt returns the module's private question with that id, and whether there
// is one.
func (m *Module) Prompt(id string) (Prompt, bool) {
	for _, p := range m.Prompts {
		if p.ID == id {
			return p, true
		}
	}
	return Prompt{}, false
}

// WriteBody writes the module's body with what belongs to its reader.
func (m *Module) WriteBody(w io.Writer, r Reader) error {
	return m.write(w, r, 0, len(m.Body))
}

// WriteQuiz writes the module's graded questions alone, as they stand in its
// body.
func (m *Module) WriteQuiz(w io.Writer, r Reader) error {
	for _, c := range m.Cards {
		if c.Branch || c.Question == nil || !c.Question.Graded() {
			continue
		}
		err := m.write(w, r, c.section.html[0], c.section.html[1])
		if err != nil {
			return err
		}
	}
	return nil
}

// Pocket returns the markup of the module's skills cards, to be shown and
// printed alone; it is empty if the module has none.
func (m *Module) Pocket() []byte { return m.pocket }

// ReadAt says whether a card is the last one to read before the module's first
// graded question, or lies behind it. That is all that it says: who is there may
// have jumped. Nobody is at a branch, nor at a card that the module does not have.
func (m *Module) ReadAt(card string) bool {
	at, last, cards := -1, -1, 0
	graded := false
	for _, c := range m.Cards {
		if c.Branch {
			continue
		}
		graded = graded || c.Question != nil && c.Question.Graded()
		if !graded {
			last = cards
		}
		if c.ID == card {
			at = cards
		}
		cards++
	}
	return at >= 0 && at >= last
}

// slot is a place in a module's body that is different for each reader: the
// field of a private question, or the options of a graded one.
type slot struct {
	from, to int
	id       string   // of the prompt or the question
	gaps     [4]int   // from where to where a field says how long its text may be; where it takes the text, and its mark
	options  [][2]int // where each option is; nil in a field
}

// write writes a part of the body. The body is shared by all readers, so it is
// written in pieces, with what belongs to this one between them.
func (m *Module) write(w io.Writer, r Reader, from, to int) error {
	p := pieces{w: w, body: m.Body, at: from}
	for _, s := range m.slots {
		switch {
		case s.from < from || s.to > to:
		case s.options == nil:
			p.field(s, r.Reflections[s.id])
		case r.Order != nil:
			p.options(s, r.Order(s.id, len(s.options)))
		}
	}
	p.until(to)
	return p.err
}

// pieces writes a body piece by piece, until the first error.
type pieces struct {
	w    io.Writer
	body []byte
	at   int // what comes before it has been written
	err  error
}

func (p *pieces) text(text string) {
	if p.err == nil && text != "" {
		_, p.err = io.WriteString(p.w, text)
	}
}

// part writes a range of the body, wherever it is.
func (p *pieces) part(from, to int) {
	if p.err == nil && from < to {
		_, p.err = p.w.Write(p.body[from:to])
	}
}

// until writes the body down to an offset.
func (p *pieces) until(to int) {
	p.part(p.at, to)
	p.at = to
}

// field writes the field of a private question with what is in it.
func (p *pieces) field(s slot, written Written) {
	// A longer text than a field takes has come about by two devices, and can be
	// edited. A browser counts it in its own units.
	if n := len(utf16.Encode([]rune(written.Text))); n > LongestAnswer {
		p.until(s.gaps[0])
		p.text(strconv.Itoa(n))
		p.at = s.gaps[1]
	}
	p.until(s.gaps[2])
	if written.Text != "" {
		p.text("\n") // a browser drops the first line end of a field, whoever wrote it
		p.text(html.EscapeString(written.Text))
	}
	p.until(s.gaps[3])
	p.text(html.EscapeString(written.Mark))
}

// options writes options in an order. What stands between them stays.
func (p *pieces) options(s slot, order []int) {
	if !isPermutation(order, len(s.options)) {
		return
	}
	for i, place := range s.options {
		p.until(place[0])
		p.part(s.options[order[i]][0], s.options[order[i]][1])
		p.at = place[1]
	}
}

// isPermutation says whether an order has each of 0 to n-1 once.
func isPermutation(order []int, n int) bool {
	if len(order) != n {
		return false
	}
	sorted := slices.Sorted(slices.Values(order))
	for i, place := range sorted {
		if i != place {
			return false
		}
	}
	return true
}
