package web

import (
	"net/url"

	"first5/app"
)

// PeoplePage lists an institution's people for its manager.
type PeoplePage struct {
	Frame
	Institution string
	Filter      app.PersonFilter
	Modules     []*app.Module // to filter by
	Page        app.PeoplePage
	NextAddress string // of the part of the listing that follows; empty at its end
	Later       bool   // this is not the first part of the listing
}

func (PeoplePage) template() string { return "people.html" }

// Tab names the page among those for managers.
func (PeoplePage) Tab() string { return "people" }

// PeopleQuery returns a filter of people as the query of an address.
func PeopleQuery(f app.PersonFilter) url.Values {
	q := url.Values{}
	if f.Query != "" {
		q.Set("q", f.Query)
	}
	if f.NotBegun.Module != "" {
		q.Set("not_begun", f.NotBegun.Module)
		q.Set("edition", f.NotBegun.Edition)
	}
	return q
}

// NotBegunAddress returns the address of the people who have not begun an edition
// of a module.
func NotBegunAddress(module, edition string) string {
	return WithQuery("/records/people", PeopleQuery(app.PersonFilter{NotBegun: app.EditionRef{Module: module, Edition: edition}}))
}

// PersonAddress returns the address of one person's page, for their managers.
func PersonAddress(learner app.LearnerID) string { return "/records/people/" + string(learner) }

// Filtered says whether the filter leaves out anybody.
func (p PeoplePage) Filtered() bool { return p.Filter != app.PersonFilter{} }

// First returns the address of the first part of the listing.
func (p PeoplePage) First() string { return WithQuery("/records/people", PeopleQuery(p.Filter)) }

// Unlisted says whether the filter names an edition that the list of modules does
// not offer, so that the form has to keep it.
func (p PeoplePage) Unlisted() bool {
	for _, m := range p.Modules {
		if p.Chosen(m) {
			return false
		}
	}
	return p.Filter.NotBegun.Module != ""
}

// Chosen says whether the filter is about a module's current edition.
func (p PeoplePage) Chosen(m *app.Module) bool {
	return p.Filter.NotBegun == app.EditionRef{Module: m.Slug, Edition: m.Edition}
}

// ModuleTitle returns the title of the module that the filter is about, or its slug if
// it is none of those that are offered.
func (p PeoplePage) ModuleTitle() string {
	for _, m := range p.Modules {
		if m.Slug == p.Filter.NotBegun.Module {
			return m.Title
		}
	}
	return p.Filter.NotBegun.Module
}
