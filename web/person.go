package web

import (
	"net/url"

	"first5/app"
)

// PersonPage shows one person to a manager of their institution, and is where a
// module is waived for them.
type PersonPage struct {
	Frame
	app.PersonRecords
	Told Told

	// A waiver that was sent and could not be taken.
	Module string
	Reason string
	Sure   bool // that it can't be taken back
	Wrong  WrongWaiver
}

func (PersonPage) template() string { return "person.html" }

// Tab names the page among those for managers.
func (PersonPage) Tab() string { return "people" }

// ToldWaived is told once a module is waived.
const ToldWaived Told = "waived"

// WaiverTold says what was just done.
func (p PersonPage) WaiverTold() Message {
	if p.Told == ToldWaived {
		return T("The module is waived. They are told so on its page and under “My learning”.")
	}
	return Message{}
}

// WrongWaiver is what is wrong with a waiver that was sent.
type WrongWaiver string

// What may be wrong.
const (
	WaiverFine     WrongWaiver = ""
	WaiverOfWhat   WrongWaiver = "module"
	WaiverUnsaid   WrongWaiver = "reason"
	WaiverTooLong  WrongWaiver = "long"
	WaiverUnsure   WrongWaiver = "unsure"
	WaiverFormAged WrongWaiver = "aged" // the page was of another session
)

// Message says it, and how to mend it.
func (w WrongWaiver) Message() Message {
	switch w {
	case WaiverOfWhat:
		return T("Nothing is waived yet: choose the module.")
	case WaiverUnsaid:
		return T("Nothing is waived yet: write why, in a few words.")
	case WaiverTooLong:
		return T("Nothing is waived yet: the reason is too long. Make it shorter. %s", T("At most %d characters.", app.LongestReason))
	case WaiverUnsure:
		return T("Nothing is waived yet: tick that you know that a waiver can’t be taken back.")
	case WaiverFormAged:
		return T("Nothing is waived yet: the page was older than your session. Read it once more, and send it.")
	}
	return Message{}
}

// LongestReason is how long the reason for a waiver may be.
func (PersonPage) LongestReason() int { return app.LongestReason }

// AboutModule says whether the choice of the module is what is wrong.
func (p PersonPage) AboutModule() bool { return p.Wrong == WaiverOfWhat }

// AboutReason says whether the reason is what is wrong.
func (p PersonPage) AboutReason() bool { return p.Wrong == WaiverUnsaid || p.Wrong == WaiverTooLong }

// AboutSure says whether it is what was not ticked.
func (p PersonPage) AboutSure() bool { return p.Wrong == WaiverUnsure }

// Downloads returns links to the files with this person's records alone.
func (p PersonPage) Downloads() []Link {
	q := FilterQuery(app.Filter{Learner: p.Person.Learner})
	var all []Link
	for _, format := range []struct{ file, name string }{
		{"/records.csv", "CSV"}, {"/records.xlsx", "XLSX"}, {"/records.jsonl", "JSON Lines"}, {"/records.xapi.jsonl", "xAPI"},
	} {
		all = append(all, Link{Address: WithQuery(format.file, q), Words: Verbatim(format.name)})
	}
	return all
}

// Events returns the address of what the audit trail tells of them.
func (p PersonPage) Events() string {
	return WithQuery("/audit", url.Values{"learner": {string(p.Person.Learner)}})
}
