package web

import (
	"net/url"

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
	case app.TokenMade:
		return T("Token made")
	case app.TokenUsed:
		return T("Token used")
	case app.TokenRevoked:
		return T("Token revoked")
	case app.ModuleWaived:
		return T("Module waived")
	case app.AssignmentMade:
		return T("Assignment made")
	case app.AssignmentEnded:
		return T("Assignment ended")
	}
	return eventNameOf(k)
}

// eventNameOf returns the same of what befell a person's data.
func eventNameOf(k app.EventKind) Message {
	switch k {
	case app.PersonErased:
		return T("Person erased")
	case app.OwnDataDownloaded:
		return T("Own data downloaded")
	}
	return Verbatim(string(k))
}
