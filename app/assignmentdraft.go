package app

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// AssignmentDraft is an assignment as a manager writes it.
type AssignmentDraft struct {
	Program, Module string // one of them
	Everyone        bool   // it is wanted of everyone, and there is no list
	People          string // else of these: one e-mail address or account id a line
	By              string // empty: the institution
	Because         string
	Due             string // a day like 2027-06-30; empty: at any time
}

// DraftPart is a part of an [AssignmentDraft].
type DraftPart string

// The parts. The zero DraftPart is the whole of it.
const (
	DraftWhat    DraftPart = "what"
	DraftPeople  DraftPart = "people"
	DraftDue     DraftPart = "due"
	DraftBecause DraftPart = "because"
	DraftBy      DraftPart = "by"
)

// Fault is what is wrong with a part of a draft.
type Fault string

// The faults.
const (
	FaultMissing Fault = "missing"
	FaultUnknown Fault = "unknown" // the institution shows no such programme or module
	FaultLong    Fault = "long"    // more than LongestOfficeText characters
	FaultBoth    Fault = "both"    // everyone, and a list
	FaultLine    Fault = "line"    // a line is not one e-mail address or account id
	FaultMany    Fault = "many"    // more than MostPeopleNamed people
	FaultNoDay   Fault = "no day"
	FaultPast    Fault = "past"
	FaultFull    Fault = "full" // the institution has as many assignments as it may
)

// Unfit is one thing that is wrong with a draft.
type Unfit struct {
	Part  DraftPart
	Fault Fault
	Line  int    // of the list, from 1; 0: it is no line
	Text  string // what can't be taken
	Count int    // how many there are of what there are too many of
}

// UnfitDraft is why a draft can't be taken: at most one thing for each part. It is
// [ErrInvalid].
type UnfitDraft []Unfit

// Error implements the error interface.
func (u UnfitDraft) Error() string {
	var parts []string
	for _, one := range u {
		parts = append(parts, strings.TrimSpace(string(one.Part)+" "+string(one.Fault)))
	}
	return "the draft can't be taken (" + strings.Join(parts, ", ") + ")"
}

// Unwrap returns the kind of error that it is.
func (UnfitDraft) Unwrap() error { return ErrInvalid }

// readDraft makes an assignment out of a manager's draft, or says all that is
// wrong with it.
func (t *Training) readDraft(p Person, d AssignmentDraft) (Assignment, UnfitDraft) {
	a := Assignment{ID: NewToken(), Maker: p.Learner, MadeAt: t.now(), Program: d.Program, Module: d.Module}
	a.By, a.Because = ReasonLine(d.By), ReasonLine(d.Because)
	if a.By == "" {
		i, _ := t.Institution(p.Institution) // whose managers are signed in
		a.By = i.Name
	}
	var unfit UnfitDraft
	note := func(part DraftPart, wrong Unfit) {
		if wrong.Fault != "" {
			wrong.Part = part
			unfit = append(unfit, wrong)
		}
	}
	note(DraftWhat, t.unfitWhat(p, a))
	var wrong Unfit
	a.People, wrong = d.people()
	note(DraftPeople, wrong)
	a.Due, wrong = d.due(a.MadeAt)
	note(DraftDue, wrong)
	note(DraftBecause, unfitText(a.Because))
	note(DraftBy, unfitText(a.By))
	return a, unfit
}

func (t *Training) unfitWhat(p Person, a Assignment) Unfit {
	switch {
	case a.Program == "" && a.Module == "":
		return Unfit{Fault: FaultMissing}
	case a.Program != "" && a.Module != "", len(t.assignedModules(p.Institution, a)) == 0:
		return Unfit{Fault: FaultUnknown, Text: a.Program + a.Module}
	}
	return Unfit{}
}

func unfitText(s string) Unfit {
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return Unfit{Fault: FaultMissing}
	case n > LongestOfficeText:
		return Unfit{Fault: FaultLong, Count: n}
	}
	return Unfit{}
}

// people returns the list of a draft, each person once.
func (d AssignmentDraft) people() ([]string, Unfit) {
	var names []string
	seen := map[string]bool{}
	for n, line := range strings.Split(d.People, "\n") {
		name := ReasonLine(line)
		if name == "" {
			continue
		}
		if !d.Everyone && !namesOne(name) {
			return nil, Unfit{Fault: FaultLine, Line: n + 1, Text: shortened(name)}
		}
		if key := personKey(name); !seen[key] {
			seen[key] = true
			names = append(names, name)
		}
	}
	switch {
	case d.Everyone && len(names) > 0:
		return nil, Unfit{Fault: FaultBoth}
	case !d.Everyone && len(names) == 0:
		return nil, Unfit{Fault: FaultMissing}
	case len(names) > MostPeopleNamed:
		return nil, Unfit{Fault: FaultMany, Count: len(names)}
	}
	return names, Unfit{}
}

// namesOne says whether a line can be one e-mail address or one account id.
func namesOne(line string) bool {
	const longest = 255 // a subject may be as long as that, and no e-mail address is longer
	before, after, isAddress := strings.Cut(line, "@")
	if isAddress && (before == "" || after == "") {
		return false
	}
	return len(line) <= longest && !strings.ContainsAny(line, " ,;<>\"")
}

// shortened returns the beginning of a line, to show which one it is.
func shortened(line string) string {
	const most = 60
	if utf8.RuneCountInString(line) <= most {
		return line
	}
	return string([]rune(line)[:most]) + "…"
}

// personKey returns the same for two lines that name the same person: e-mail
// addresses are compared without regard to case, and account ids are not.
func personKey(line string) string {
	if strings.Contains(line, "@") {
		return strings.ToLower(line)
	}
	return line
}

func (d AssignmentDraft) due(now time.Time) (time.Time, Unfit) {
	written := strings.TrimSpace(d.Due)
	if written == "" {
		return time.Time{}, Unfit{}
	}
	day, err := time.Parse(time.DateOnly, written)
	switch {
	case err != nil:
		return time.Time{}, Unfit{Fault: FaultNoDay, Text: shortened(written)}
	case dayIsOver(day, now):
		return time.Time{}, Unfit{Fault: FaultPast, Text: written}
	}
	return day, Unfit{}
}

// assignedModules returns the modules that an assignment is about, in their order:
// those that the institution shows now.
func (t *Training) assignedModules(i InstitutionID, a Assignment) []*Module {
	var modules []*Module
	for _, program := range t.programsFor(Person{Identity: Identity{Institution: i}}) {
		modules = append(modules, program.Modules...)
	}
	return slices.DeleteFunc(modules, func(m *Module) bool { return !a.Covers(m) })
}
