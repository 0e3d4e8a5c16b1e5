package web

import (
	"slices"

	"first5/app"
	"first5/content"
)

// ResultPage shows what an attempt was worth, with the feedback that it earned.
type ResultPage struct {
	Frame
	Result app.Result
}

func (ResultPage) template() string { return "result.html" }

// Passing says whether this attempt is worth a completion.
func (p ResultPage) Passing() bool {
	g := p.Result.Attempt.Grade
	return g.Graded == 0 || g.Score() >= p.Result.Module.Pass
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
				m.Chosen = append(m.Chosen, o)
			case o.Right && p.Passing():
				m.Missed = append(m.Missed, o)
			}
		}
		marked = append(marked, m)
	}
	return marked
}
