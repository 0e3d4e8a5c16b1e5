package web

import "first5/app"

// AssignmentsPage lists what an institution requires, and lets its manager require
// something.
type AssignmentsPage struct {
	Frame
	All      []Assigned
	Programs []*app.Program // to choose from
	Draft    app.AssignmentDraft
	Unfit    app.UnfitDraft // why the draft can't be taken
	Aged     bool           // it was sent from a page of another session, and nothing was made
	Ended    bool           // one was ended a moment ago
}

func (AssignmentsPage) template() string { return "assignments.html" }

// Tab returns which of the managers' pages this is.
func (AssignmentsPage) Tab() string { return "assignments" }

// Ending returns the form that ends one of them.
func (p AssignmentsPage) Ending(a Assigned) Ending { return Ending{a, p.Viewer.CSRF} }

// What the form sends as of whom something is required.
const (
	OfEveryone = "everyone"
	OfList     = "list"
)

// OfEveryone is how the form says that it is required of everyone.
func (AssignmentsPage) OfEveryone() string { return OfEveryone }

// OfList is how the form says that it is required of the people of its list.
func (AssignmentsPage) OfList() string { return OfList }

// FormOpens says whether the form is to be seen at once.
func (p AssignmentsPage) FormOpens() bool { return len(p.All) == 0 || p.HasTrouble() }

// HasTrouble says whether a draft was sent that could not be taken.
func (p AssignmentsPage) HasTrouble() bool { return p.Aged || len(p.Unfit) > 0 }

// Most is how many people one assignment may name.
func (AssignmentsPage) Most() int { return app.MostPeopleNamed }

// Longest is how many characters a sentence or a name may have.
func (AssignmentsPage) Longest() int { return app.LongestOfficeText }

// Trouble says what is wrong with the draft.
func (p AssignmentsPage) Trouble() []DraftTrouble {
	var all []DraftTrouble
	for _, u := range p.Unfit {
		all = append(all, DraftTrouble{u})
	}
	return all
}

// AboutWhat returns what is wrong with that part of the draft, or nil.
func (p AssignmentsPage) AboutWhat() *DraftTrouble { return p.about(app.DraftWhat) }

// AboutPeople likewise.
func (p AssignmentsPage) AboutPeople() *DraftTrouble { return p.about(app.DraftPeople) }

// AboutDue likewise.
func (p AssignmentsPage) AboutDue() *DraftTrouble { return p.about(app.DraftDue) }

// AboutBecause likewise.
func (p AssignmentsPage) AboutBecause() *DraftTrouble { return p.about(app.DraftBecause) }

// AboutBy likewise.
func (p AssignmentsPage) AboutBy() *DraftTrouble { return p.about(app.DraftBy) }

func (p AssignmentsPage) about(part app.DraftPart) *DraftTrouble {
	for _, u := range p.Unfit {
		if u.Part == part {
			return &DraftTrouble{u}
		}
	}
	return nil
}

// DraftTrouble is one thing that is wrong with a draft.
type DraftTrouble struct{ app.Unfit }

// Field is the address of what has to be mended; empty: that is not in the form.
func (d DraftTrouble) Field() string {
	if d.Part == "" {
		return ""
	}
	return "#page_" + string(d.Part)
}

// Message says what is wrong, and how to mend it.
func (d DraftTrouble) Message() Message {
	switch d.Part {
	case app.DraftWhat:
		if d.Fault == app.FaultMissing {
			return T("Choose what is required.")
		}
		return T("Your institution is not shown that any more. Choose again from the list.")
	case app.DraftPeople:
		return d.aboutPeople()
	case app.DraftDue:
		if d.Fault == app.FaultPast {
			return T("The day %s has passed. Choose a later one, or none.", d.Text)
		}
		return T("A day is written like 2026-01-31, and not “%s”.", d.Text)
	case app.DraftBecause:
		if d.Fault == app.FaultMissing {
			return T("Say in one sentence why it is required.")
		}
		return T("The sentence is too long. %s", T("At most %d characters.", app.LongestOfficeText))
	case app.DraftBy:
		return T("The name of who requires it is too long. %s", T("At most %d characters.", app.LongestOfficeText))
	}
	return T("Your institution has as many assignments as it may. End one that is over, and make this one then.")
}

func (d DraftTrouble) aboutPeople() Message {
	switch d.Fault {
	case app.FaultBoth:
		return T("You chose everyone and wrote a list. Choose the list, or empty it.")
	case app.FaultLine:
		return T("“%s” (line %d) can’t be one e-mail address or one account id. Write one a line, and nothing else.", d.Text, d.Line)
	case app.FaultMany:
		return T("The list has %d people, and one assignment may name at most %d. Make two of it.", d.Count, app.MostPeopleNamed)
	}
	return T("Write of whom it is required, one a line, or choose everyone.")
}

// ReachName returns how far somebody is with an assignment in plain words.
func ReachName(s app.Status) Message {
	switch s {
	case app.NotBegun:
		return T("Not begun")
	case app.Completed:
		return T("Completed")
	}
	return StatusName(s)
}
