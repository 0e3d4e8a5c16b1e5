package web

import (
	"cmp"
	"net/url"
	"slices"

	"first5/app"
)

// CommitmentsPage asks what a learner will try after a module.
type CommitmentsPage struct {
	Frame
	Form Intentions
}

func (CommitmentsPage) template() string { return "commitments.html" }

// Intentions is the form in which a learner says what they will try after a
// module.
type Intentions struct {
	Module  *app.Module // with what its author proposes; nil: there is no form
	Edition string      // for which it is
	Ticket  string      // says which version of the module the page shows
	CSRF    string
	Return  string // where the learner goes on; may be empty

	Chosen []string // the ids of what is chosen
	Own    string   // what is written
	Wrong  Wrong    // what is wrong with that
}

// Wrong is what is wrong with what somebody chose.
type Wrong string

// What may be wrong.
const (
	NothingWrong Wrong = ""
	NoneChosen   Wrong = "none"
	TooMany      Wrong = "many"
	TooLong      Wrong = "long"
	NotProposed  Wrong = "unknown"
)

// Most is how many things may be chosen.
func (Intentions) Most() int { return app.MostCommitments }

// Longest is how many characters one in own words may have.
func (Intentions) Longest() int { return app.LongestCommitment }

// Back is where the learner goes on who chooses nothing.
func (f Intentions) Back() string { return cmp.Or(f.Return, "/learning") }

// Has says whether an intention is chosen.
func (f Intentions) Has(id string) bool { return slices.Contains(f.Chosen, id) }

// Trouble says what is wrong, and how to mend it; it is zero if nothing is.
func (f Intentions) Trouble() Message {
	switch f.Wrong {
	case NoneChosen:
		return T("Nothing is chosen yet. Choose at least one, or write your own.")
	case TooMany:
		return T("That is more than %d. Take some out, so that those that stay get done.", app.MostCommitments)
	case TooLong:
		return T("Your own words are longer than %d characters. Make them shorter.", app.LongestCommitment)
	case NotProposed:
		return T("The module does not propose that any more. Choose again from the list.")
	}
	return Message{}
}

// TooLong says whether it is the own words that are wrong.
func (f Intentions) TooLong() bool { return f.Wrong == TooLong }

// commitmentsAddress is where a learner chooses what they will try after an
// edition of a module, to go on from there at another page.
func commitmentsAddress(module, edition, back string) string {
	q := url.Values{"edition": {edition}}
	if back != "" {
		q.Set("return", back)
	}
	return WithQuery("/modules/"+module+"/commitments", q)
}
