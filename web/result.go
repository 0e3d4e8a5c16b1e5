package web

import (
	"slices"
	"strings"

	"first5/app"
	"first5/content"
)

// ResultPage shows what an attempt was worth, with the feedback that it earned,
// and what to do next.
type ResultPage struct {
	Frame
	Result app.Result
	Quiz   bool       // the answers came from the page of the questions alone
	Form   Intentions // for what the learner will try; zero where nothing is asked
}

func (ResultPage) template() string { return "result.html" }

// Passing says whether this attempt is worth a completion.
func (p ResultPage) Passing() bool {
	g := p.Result.Attempt.Grade
	return g.Graded == 0 || g.Score() >= p.Result.Module.Pass
}

// Reached says whether this attempt is worth a completion that holds: not one
// whose certificate was withdrawn, nor where the module was waived.
func (p ResultPage) Reached() bool {
	return p.Passing() && p.Result.Record.Withdrawn == nil && !p.Waived()
}

// Waived says whether the module was waived for the learner, which no attempt
// changes.
func (p ResultPage) Waived() bool { return p.Result.Record.Status() == app.Waived }

// KnewIt says whether this attempt completed the module before its cards were
// read.
func (p ResultPage) KnewIt() bool {
	c := p.Result.Record.Completion
	return p.Passing() && c != nil && c.Status == app.TestedOut && c.At.Equal(p.Result.Attempt.At)
}

// Asks says whether the page asks what the learner will try.
func (p ResultPage) Asks() bool { return p.Form.Module != nil }

// More returns how many more right answers would have completed the module.
func (p ResultPage) More() int {
	g, n := p.Result.Attempt.Grade, 0
	for g.Right < g.Graded && g.Score() < p.Result.Module.Pass {
		g.Right++
		n++
	}
	return n
}

// ChangeAddress is where the learner chooses anew what they will try.
func (p ResultPage) ChangeAddress() string {
	return commitmentsAddress(p.Result.Record.Module, p.Result.Record.Edition, p.Address())
}

// Address is that of the page itself.
func (p ResultPage) Address() string {
	return "/modules/" + p.Result.Module.Slug + "/attempts/" + string(p.Result.Attempt.ID)
}

// AgainAddress is where the learner tries again: at the first question that
// counts if they have read what comes before it, else at the beginning.
func (p ResultPage) AgainAddress() string {
	m := p.Result.Module
	for _, q := range m.Questions() {
		if q.Graded() && p.Result.Workbook.Read {
			return cardAddress(m.Slug, q.ID)
		}
	}
	return cardAddress(m.Slug, "")
}

// Reread returns links to the cards that the feedback on the questions not
// answered right refers to, in the module's order; to its beginning if there are
// none.
func (p ResultPage) Reread() []Link {
	m := p.Result.Module
	var cards []string
	for _, q := range p.Questions() {
		if !q.IsRight {
			cards = append(cards, q.Reread...)
		}
	}
	var links []Link
	for _, c := range m.Cards {
		if slices.Contains(cards, c.ID) && c.Title != "" {
			links = append(links, Link{Address: cardAddress(m.Slug, c.ID), Words: Verbatim(c.Title)})
		}
	}
	if len(links) == 0 {
		links = []Link{{Address: cardAddress(m.Slug, ""), Words: Verbatim(m.Title)}}
	}
	return links
}

// MarkedQuestion is a graded question with what was answered to it.
type MarkedQuestion struct {
	*content.Question
	IsRight bool
	Chosen  []content.Option
	Missed  []content.Option // right ones not chosen; shown once the attempt passes
}

// Questions returns the graded questions as this attempt answered them. Which
// options are right, where they were not chosen, is only told once the attempt
// passes: until then the question may be tried again.
func (p ResultPage) Questions() []MarkedQuestion {
	var marked []MarkedQuestion
	for _, q := range p.Result.Module.Questions() {
		if !q.Graded() {
			continue
		}
		answer := p.Result.Attempt.Answers[q.ID]
		m := MarkedQuestion{Question: q, IsRight: q.Right(answer)}
		for _, o := range q.Options {
			switch {
			case slices.Contains(answer, o.ID):
				m.Chosen = append(m.Chosen, p.outside(o))
			case o.Right && p.Passing():
				m.Missed = append(m.Missed, p.outside(o))
			}
		}
		marked = append(marked, m)
	}
	return marked
}

// outside returns an option whose links to cards and footnotes lead into the
// module, which is another page than this one.
func (p ResultPage) outside(o content.Option) content.Option {
	// A quotation mark that is part of a text is written otherwise.
	into := strings.NewReplacer(`href="#`, `href="/modules/`+p.Result.Module.Slug+`#`)
	o.HTML, o.Feedback = into.Replace(o.HTML), into.Replace(o.Feedback)
	return o
}
