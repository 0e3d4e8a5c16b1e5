package web

import (
	"net/url"
	"slices"

	"first5/app"
)

const assignmentsAddress = "/records/assignments"

// Assigned is an assignment as its institution's managers see it.
type Assigned struct{ app.AssignmentProgress }

// Address is where the assignment's own page is.
func (a Assigned) Address() string { return assignmentsAddress + "/" + a.ID }

// Ending is the form that ends an assignment.
type Ending struct {
	Assigned
	CSRF string
}

// NotOffered says whether nothing of it is offered any more.
func (a Assigned) NotOffered() bool { return len(a.Modules) == 0 }

// Stack returns the bar of all together.
func (a Assigned) Stack() Stack { return stackOf(a.Total) }

// Counts returns how far all together are.
func (a Assigned) Counts() []ReachCount {
	return countsOf(a.Total, func(s app.Status) string {
		switch {
		case !a.Everyone():
			return a.listed("", app.AssignedFilter{State: s}) + "#page_people"
		case a.OfPeople():
			return recordsOf(a.Modules[0], s)
		}
		return a.Address() + "#page_modules"
	})
}

// recordsOf returns the address of the people who are as far with the current
// edition of a module.
func recordsOf(m *app.Module, s app.Status) string {
	if s == app.NotBegun {
		return NotBegunAddress(m.Slug, m.Edition)
	}
	return WithQuery(recordsAddress, FilterQuery(app.Filter{Module: m.Slug, Edition: m.Edition, Status: s, Present: true}))
}

// listed returns the address of some of the people on the assignment's list, or of
// a file with them.
func (a Assigned) listed(extension string, f app.AssignedFilter) string {
	return WithQuery(a.Address()+extension, AssignedQuery(f))
}

// AssignedQuery returns a filter of an assignment's people as the query of an
// address.
func AssignedQuery(f app.AssignedFilter) url.Values {
	q := url.Values{}
	if f.State != "" {
		q.Set("show", string(f.State))
	}
	if f.Module != "" {
		q.Set("module", f.Module)
	}
	return q
}

// AssignedModule is how far people are with one module of an assignment.
type AssignedModule struct {
	*app.Module
	Stack  Stack
	Counts []ReachCount
}

// Parts returns how far people are with each of its modules.
func (a Assigned) Parts() []AssignedModule {
	var parts []AssignedModule
	for n, m := range a.Modules {
		parts = append(parts, AssignedModule{Module: m, Stack: stackOf(a.ByModule[n]), Counts: countsOf(a.ByModule[n], func(s app.Status) string {
			if a.Everyone() {
				return recordsOf(m, s)
			}
			return a.listed("", app.AssignedFilter{State: s, Module: m.Slug}) + "#page_people"
		})})
	}
	return parts
}

// AssignmentPage is one assignment for managers, with who has come how far.
type AssignmentPage struct {
	Frame
	Assigned
	Filter app.AssignedFilter
	Made   bool // it was made a moment ago
}

func (AssignmentPage) template() string { return "assignment.html" }

// Ending returns the form that ends it.
func (p AssignmentPage) Ending() Ending { return Ending{p.Assigned, p.Viewer.CSRF} }

// Tab returns which of the managers' pages this is a part of.
func (AssignmentPage) Tab() string { return "assignments" }

// People returns those on the list whom the page's filter chooses.
func (p AssignmentPage) People() []AssignedLine {
	var lines []AssignedLine
	for _, row := range p.Rows {
		if p.Filter.Chooses(row, p.Modules) {
			lines = append(lines, AssignedLine{row, p.stateOf(row)})
		}
	}
	return lines
}

// AssignedLine is one person on the list of an assignment.
type AssignedLine struct {
	app.AssignedPerson
	Shown app.Status // with what the page is about
}

func (p AssignmentPage) stateOf(row app.AssignedPerson) app.Status {
	n := slices.IndexFunc(p.Modules, func(m *app.Module) bool { return m.Slug == p.Filter.Module })
	if n < 0 {
		return row.State()
	}
	return row.States[n]
}

// Name returns what the person is called, or nothing.
func (l AssignedLine) Name() string {
	if l.Person == nil {
		return ""
	}
	if l.Person.Name == "" {
		return l.Person.Subject
	}
	return l.Person.Name
}

// Page returns the address of the person's page.
func (l AssignedLine) Page() string { return PersonAddress(l.Person.Learner) }

// Done is how many modules the person has completed.
func (l AssignedLine) Done() int {
	n := 0
	for _, s := range l.States {
		if s == app.Completed {
			n++
		}
	}
	return n
}

// States lists what people may be filtered by.
func (AssignmentPage) States() []app.Status {
	return []app.Status{app.NotBegun, app.InProgress, app.Completed}
}

// Download returns the address of the file with whom the page's filter chooses.
func (p AssignmentPage) Download() string { return p.listed(".csv", p.Filter) }

// DownloadNotBegun returns the address of the file with those who have begun
// nothing of it.
func (p AssignmentPage) DownloadNotBegun() string {
	return p.listed(".csv", app.AssignedFilter{State: app.NotBegun})
}
