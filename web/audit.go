package web

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"first5/app"
)

// AuditPage shows the audit trail, or a manager's part of it.
type AuditPage struct {
	Frame
	Filter       app.EventFilter
	Institutions []app.Institution // to filter by; none for who sees the own institution's alone
	Page         app.EventPage
	NextAddress  string // of the part that follows; empty at the end
	Later        bool   // this is not the first part
}

func (AuditPage) template() string { return "audit.html" }

// InstitutionName returns an institution's name, or its id if it has left the
// configuration.
func (p AuditPage) InstitutionName(id app.InstitutionID) string {
	for _, i := range p.Institutions {
		if i.ID == id {
			return i.Name
		}
	}
	return string(id)
}

// Kinds lists what may have happened, for the filter.
func (AuditPage) Kinds() []app.EventKind { return app.EventKinds() }

// Download returns the address of the file with the events that the page's
// filter chooses.
func (p AuditPage) Download() string { return WithQuery("/audit.csv", EventQuery(p.Filter)) }

// First returns the address of the first part of the trail.
func (p AuditPage) First() string { return WithQuery("/audit", EventQuery(p.Filter)) }

// Of returns the address of the events of one person.
func (p AuditPage) Of(learner app.LearnerID) string {
	return WithQuery("/audit", EventQuery(app.EventFilter{Learner: learner}))
}

// Filtered says whether the filter leaves out anything.
func (p AuditPage) Filtered() bool { return p.Filter != app.EventFilter{} }

// FromDay returns the filter's first day as a date field takes it.
func (p AuditPage) FromDay() string { return EventQuery(p.Filter).Get("from") }

// ToDay returns the filter's last day as a date field takes it.
func (p AuditPage) ToDay() string { return EventQuery(p.Filter).Get("to") }

// EventQuery returns a filter as the query of an address.
func EventQuery(f app.EventFilter) url.Values {
	q := url.Values{}
	for name, value := range map[string]string{
		"of": string(f.Institution), "kind": string(f.Kind), "learner": string(f.Learner),
		"from": Day(f.From), "to": LastDay(f.To),
	} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q
}

// EventName returns a kind of event in plain words.
func EventName(k app.EventKind) Message {
	switch k {
	case app.SignedIn:
		return T("Signed in")
	case app.SignInFailed:
		return T("Sign-in failed")
	case app.SignedOut:
		return T("Signed out")
	case app.RolesChanged:
		return T("Roles changed")
	case app.DownloadBegun:
		return T("Download begun")
	case app.Downloaded:
		return T("Download ended")
	case app.ModulesPublished:
		return T("Modules published")
	case app.SettingsChanged:
		return T("Settings changed")
	case app.CertificateWithdrawn:
		return T("Certificate withdrawn")
	}
	return Verbatim(string(k))
}

// Detail is one part of what an event tells.
type Detail struct {
	Name  Message
	Value string // as it is in the audit trail's file too
}

// EventDetails returns what an event tells, each part by its name, in one order:
// what changed comes before how things are now.
func EventDetails(e app.Event) []Detail {
	names := slices.Sorted(maps.Keys(e.Details))
	if at := slices.Index(names, app.DetailChanged); at > 0 {
		names = slices.Insert(slices.Delete(names, at, at+1), 0, app.DetailChanged)
	}
	var all []Detail
	for _, name := range names {
		all = append(all, Detail{Name: detailName(e.Kind, name), Value: e.Details[name]})
	}
	return all
}

// detailName returns a detail's name in plain words. Settings keep the names that
// they have in the configuration.
func detailName(k app.EventKind, name string) Message {
	if k == app.SettingsChanged && name != app.DetailChanged {
		return Verbatim(strings.ReplaceAll(name, "_", " "))
	}
	switch name {
	case "first_time":
		return T("first time")
	case "not_taken":
		return T("not taken")
	case "from":
		return T("from")
	case "to":
		return T("to")
	case "where":
		return T("where")
	case "reason":
		return T("reason")
	case "left_out":
		return T("left out")
	}
	return fileDetailName(name)
}

// fileDetailName returns the name of what is told of files, publications and
// other things that people took or made.
func fileDetailName(name string) Message {
	switch name {
	case "file":
		return T("file")
	case "filter":
		return T("filter")
	case "rows":
		return T("rows")
	case "outcome":
		return T("outcome")
	case "publication":
		return T("publication")
	case "origin":
		return T("origin")
	case "changes":
		return T("changes")
	case app.DetailChanged:
		return T("changed")
	case "certificate":
		return T("certificate")
	case "record":
		return T("record")
	}
	return Verbatim(strings.ReplaceAll(name, "_", " "))
}
