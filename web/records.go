package web

import (
	"net/url"
	"time"

	"first5/app"
)

// RecordsPage lists an institution's records for its manager.
type RecordsPage struct {
	Frame
	Institution string
	Filter      app.Filter
	Modules     []*app.Module // to filter by
	Page        app.RecordPage
	NextAddress string // of the part of the listing that follows; empty at its end
	Later       bool   // this is not the first part of the listing
}

func (RecordsPage) template() string { return "records.html" }

// Statuses lists what a record may be, for the filter.
func (RecordsPage) Statuses() []app.Status { return app.Statuses() }

// Download returns the address of the file with the records that the page's
// filter chooses.
func (p RecordsPage) Download() string { return WithQuery("/records.csv", FilterQuery(p.Filter)) }

// FilterQuery returns a filter as the query of an address.
func FilterQuery(f app.Filter) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("from", Day(f.From))
	set("to", LastDay(f.To))
	set("program", f.Program)
	set("module", f.Module)
	set("status", string(f.Status))
	set("q", f.Query)
	return q
}

// WithQuery returns an address with a query, if there is one.
func WithQuery(address string, q url.Values) string {
	if len(q) == 0 {
		return address
	}
	return address + "?" + q.Encode()
}

// Day returns a day as date fields take it, or nothing for no day.
func Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

// LastDay returns the last day before an end as date fields take it, or nothing
// for no end: a filter's last day is part of what it chooses.
func LastDay(end time.Time) string {
	if end.IsZero() {
		return ""
	}
	return Day(end.AddDate(0, 0, -1))
}

// FromDay returns the filter's first day as a date field takes it.
func (p RecordsPage) FromDay() string { return FilterQuery(p.Filter).Get("from") }

// ToDay returns the filter's last day as a date field takes it.
func (p RecordsPage) ToDay() string { return FilterQuery(p.Filter).Get("to") }

// Filtered says whether the filter leaves out anything.
func (p RecordsPage) Filtered() bool { return p.Filter != app.Filter{} }

// StatusName returns a status in plain words.
func StatusName(s app.Status) Message {
	switch s {
	case app.InProgress:
		return T("In progress")
	case app.Passed:
		return T("Passed")
	case app.Read:
		return T("Read")
	case app.TestedOut:
		return T("Tested out")
	case app.Waived:
		return T("Waived")
	}
	return Verbatim(string(s))
}

// First returns the address of the first part of the listing.
func (p RecordsPage) First() string { return WithQuery("/records", FilterQuery(p.Filter)) }
