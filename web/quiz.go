package web

import "io"

// QuizPage is the graded questions of a module alone, for somebody who knows
// already what its cards say.
type QuizPage struct {
	ModulePage
	Terms *Terms // nil for whoever has begun the module: its cover told them
}

func (QuizPage) template() string { return "quiz-before" }

// middle writes the questions as they stand in the module's body.
func (p QuizPage) middle(w io.Writer) error { return p.Module.WriteQuiz(w, p.Reader) }

// Cards says whether the page shows the module's cards.
func (QuizPage) Cards() bool { return false }
