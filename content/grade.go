package content

import (
	"fmt"
	"slices"
)

// Answers holds the ids of the chosen options by question id.
type Answers map[string][]string

// AnswerError says that an answer names a question or an option that the
// module does not have.
type AnswerError struct {
	Question string
	Option   string // empty when the question itself is unknown
}

func (e *AnswerError) Error() string {
	if e.Option == "" {
		return fmt.Sprintf("the module has no question %q", e.Question)
	}
	return fmt.Sprintf("question %q has no option %q", e.Question, e.Option)
}

// Grade is what answers to a module are worth.
type Grade struct {
	Right  int // graded questions answered right
	Graded int // graded questions in all
}

// Score returns the percentage of graded questions answered right, cut to a
// whole number, so that a score reaches a pass mark only if the answers do.
// It is 0 where nothing is graded.
func (g Grade) Score() int {
	if g.Graded == 0 {
		return 0
	}
	return g.Right * 100 / g.Graded
}

// Grade grades answers. A question left unanswered counts as not right.
// It returns an [*AnswerError] if an answer is not to this module.
func (m *Module) Grade(answers Answers) (Grade, error) {
	var g Grade
	known := map[string]bool{}
	for _, q := range m.Questions() {
		known[q.ID] = true
		for _, chosen := range answers[q.ID] {
			if !slices.ContainsFunc(q.Options, func(o Option) bool { return o.ID == chosen }) {
				return Grade{}, &AnswerError{Question: q.ID, Option: chosen}
			}
		}
		if !q.Graded() {
			continue
		}
		g.Graded++
		if q.Right(answers[q.ID]) {
			g.Right++
		}
	}
	for id := range answers {
		if !known[id] {
			return Grade{}, &AnswerError{Question: id}
		}
	}
	return g, nil
}

// Right says whether the chosen options are exactly the right ones.
func (q *Question) Right(chosen []string) bool {
	for _, o := range q.Options {
		if o.Right != slices.Contains(chosen, o.ID) {
			return false
		}
	}
	return true
}
