package content

import (
	"fmt"
	"html"
	"slices"

	"github.com/yuin/goldmark/ast"
)

// Proof is what an educator sees in a module, and a learner does not.
type Proof struct {
	Findings []Finding // of the module, each shown beside what caused it
	Feedback bool      // show which options are right, and the feedback of each
}

// ParseProof makes a module as [ParseModule] does, marked up for its author. It
// must not be served to learners: its body may tell which options are right.
func ParseProof(program, slug string, src Source, p Proof) *Module {
	m, _ := parseModule(program, slug, src, &p)
	return m
}

// proof is a [Proof] of one file. A nil proof shows nothing.
type proof struct {
	feedback bool
	notes    []marginNote // in the order of the file
}

// marginNote is a finding on its way to the place that caused it.
type marginNote struct {
	Finding
	at    int // in the page
	shown bool
}

// newProof returns the part of a proof that belongs to a page. What belongs to
// no page, such as a picture that nothing shows, stands at the head of the
// module.
func newProof(p *Proof, page *page) *proof {
	if p == nil {
		return nil
	}
	own := &proof{feedback: p.Feedback}
	for _, f := range p.Findings {
		switch {
		case f.File == page.file:
			own.notes = append(own.notes, marginNote{Finding: f, at: page.offset(f.Line, f.Column)})
		case page.file == moduleFile && !isTranslation(moduleFile, f.File):
			own.notes = append(own.notes, marginNote{Finding: f})
		}
	}
	slices.SortStableFunc(own.notes, func(a, b marginNote) int { return a.at - b.at })
	return own
}

func (p *proof) showsFeedback() bool { return p != nil && p.feedback }

// beside renders the findings before an offset that have not been shown.
func (b *body) beside(until int) { b.besideRange(0, until) }

func (b *body) besideRange(from, until int) {
	if b.draft.proof == nil {
		return
	}
	notes := b.draft.proof.notes
	for i, n := range notes {
		if n.shown || n.at < from || n.at >= until {
			continue
		}
		notes[i].shown = true
		name, place := "Warning", fmt.Sprintf("line %d", n.Line)
		if n.Severity == Error {
			name = "Error"
		}
		if n.File != b.draft.page.file {
			place = n.File
		}
		fmt.Fprintf(b, `<aside class="finding finding-%s" lang="en"><p><b>%s</b>, %s: %s</p></aside>`+"\n",
			n.Severity, name, html.EscapeString(place), html.EscapeString(n.Message))
	}
}

// besideCard renders the findings of a card before an offset.
func (b *body) besideCard(c *draftCard, until int) {
	if b.draft.proof != nil {
		b.besideRange(b.draft.lineStart(b.draft.start(c)), until)
	}
}

// besideBlock renders the findings of a card down to the end of a block.
func (b *body) besideBlock(c *draftCard, block ast.Node) {
	if b.draft.proof == nil || block == c.options {
		return
	}
	until := c.end
	if next := slices.Index(c.blocks, block) + 1; next < len(c.blocks) {
		until = b.draft.lineStart(b.draft.at(c.blocks[next]))
	}
	b.besideCard(c, until)
}

// besideOption renders the findings of a card down to the end of an option.
func (b *body) besideOption(c *draftCard, option int) {
	if b.draft.proof == nil || option+1 >= len(c.choices) {
		return // those of the last one are the rest of the card's
	}
	b.besideCard(c, b.draft.lineStart(b.draft.at(c.choices[option+1].item)))
}
