package web

import (
	"net/url"
	"slices"

	"first5/app"
)

// RecordsPage lists an institution's records for its manager and, where it lists
// all of them, says how far everybody is.
type RecordsPage struct {
	Frame
	Institution string
	Programs    []*app.Program // to filter by
	Glance      *app.Glance    // nil where a part of the records was asked for
	Filter      app.Filter
	Order       app.Order
	Typed       TypedFilter // what the form has in it
	WrongFilter Message     // why that can't be used; zero: it can
	Records     []app.Record
	Total       int    // how many the filter chooses in all
	NextAddress string // of the part of the listing that follows; empty at its end
	Later       bool   // this is not the first part of the listing

	Saved     []app.SavedFilter
	Name      string          // what was typed to save the filter under
	WrongName app.FilterFault // why it was not saved; empty: nothing is wrong
	Aged      bool            // it was not saved: the form was from a page of another session

	Downloads []app.FinishedDownload // the latest first
}

func (RecordsPage) template() string { return "records.html" }

// Tab returns which of the managers' pages this is.
func (RecordsPage) Tab() string { return "records" }

// Address returns that of the records that a filter chooses.
func (RecordsPage) Address(f app.Filter) string { return WithQuery(recordsAddress, FilterQuery(f)) }

// PeopleAddress returns that of the people whom a filter chooses.
func (RecordsPage) PeopleAddress(f app.PersonFilter) string {
	return WithQuery("/records/people", PeopleQuery(f))
}

// PersonAddress returns that of the page of a record's learner.
func (RecordsPage) PersonAddress(r app.Record) string { return PersonAddress(r.Learner) }

// First returns the address of the first part of the listing.
func (p RecordsPage) First() string { return WithQuery(recordsAddress, p.Query()) }

// Query returns the filter and the order as the query of an address.
func (p RecordsPage) Query() url.Values { return OrderQuery(FilterQuery(p.Filter), p.Order) }

// SavedAddress returns that of the records that a saved filter chooses.
func (RecordsPage) SavedAddress(s app.SavedFilter) string { return recordsAddress + "?" + s.Query }

// Now says whether a saved filter is that of the page.
func (p RecordsPage) Now(s app.SavedFilter) bool { return p.Query().Encode() == s.Query }

// MaySave says whether there is something to save, and not saved yet.
func (p RecordsPage) MaySave() bool {
	return len(p.Query()) > 0 && !slices.ContainsFunc(p.Saved, p.Now) && p.WrongFilter.IsZero()
}

// LongestName is how many characters a saved filter's name may have.
func (RecordsPage) LongestName() int { return app.LongestFilterName }

// NameTrouble says why the filter was not saved, and how to mend it.
func (p RecordsPage) NameTrouble() Message {
	if p.Aged {
		return T("It is not saved yet: the page was older than your session. Look it over, and save it once more.")
	}
	switch p.WrongName {
	case "":
		return Message{}
	case app.FilterWithoutName:
		return T("It is not saved yet: give it a name.")
	case app.FilterNameTooLong:
		return T("It is not saved yet: the name may have %d characters at most.", app.LongestFilterName)
	case app.FilterNameTaken:
		return T("It is not saved yet: another filter has that name. Take another name, or remove that filter first.")
	case app.FiltersTooMany:
		return T("It is not saved: there are %d saved filters, and there may be no more. Remove one first.", app.MostSavedFilters)
	}
	return T("It is not saved: there is nothing to save. Choose something by the filter first.")
}

// Proof says how a file is proved by its hash.
func (RecordsPage) Proof() Message {
	return T("These files were sent whole. A file is the same to the last byte if its SHA-256 is: on Linux and macOS <code>sha256sum %[1]s</code> or <code>shasum -a 256 %[1]s</code> shows it, on Windows <code>certutil -hashfile %[1]s SHA256</code>.", T("FILE"))
}

// Rows says how much a file has: of xAPI they are no records.
func (RecordsPage) Rows(d app.FinishedDownload) Message {
	if d.File == "records.xapi.jsonl" {
		return T("%d statements", d.Rows)
	}
	return T("%d", d.Rows)
}

// System says which system was sent a file.
func (RecordsPage) System(d app.FinishedDownload) Message {
	if d.TokenName == "" {
		return T("a system, token %s", TokenID(d.Token))
	}
	return T("a system: %s", d.TokenName)
}

// Statuses lists what a record may be, for the filter.
func (RecordsPage) Statuses() []app.Status {
	return append([]app.Status{app.Completed}, app.Statuses()...)
}

// Filtered says whether the filter leaves out anything.
func (p RecordsPage) Filtered() bool { return p.Filter != app.Filter{} }

// None says whether the institution has no records at all.
func (p RecordsPage) None() bool { return p.Glance != nil && p.Glance.Total == 0 }

// More says whether the form has anything in it that is folded away otherwise.
func (p RecordsPage) More() bool {
	return p.Typed != TypedFilter{Q: p.Typed.Q, Status: p.Typed.Status, Learner: p.Typed.Learner}
}

// Unlisted says whether the form has a module in it that is none of those offered,
// so that it must be kept.
func (p RecordsPage) Unlisted() bool { return p.Typed.Module != "" && p.title(p.Typed.Module) == "" }

// UnlistedProgram says the same of a programme.
func (p RecordsPage) UnlistedProgram() bool {
	return p.Typed.Program != "" && !slices.ContainsFunc(p.Programs, func(of *app.Program) bool { return of.Slug == p.Typed.Program })
}

// title returns that of a module that is offered, or nothing.
func (p RecordsPage) title(slug string) string {
	for _, program := range p.Programs {
		for _, m := range program.Modules {
			if m.Slug == slug {
				return m.Title
			}
		}
	}
	return ""
}

// Editions lists those that are offered now, each once.
func (p RecordsPage) Editions() []string {
	var all []string
	for _, program := range p.Programs {
		for _, m := range program.Modules {
			all = append(all, m.Edition)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Sorting is a column by which the records may be sorted.
type Sorting struct {
	Words   Message
	Address string
	Sorted  string // "ascending" or "descending"; empty: they are not
	Mark    string // the same, as a sign
}

// SortBy returns the column of a key as its heading needs it. A name begins at A;
// of all else the latest and the highest come first.
func (p RecordsPage) SortBy(key app.OrderKey) Sorting {
	o := app.Order{By: key, Up: key == app.OrderName}
	s := Sorting{Words: sortWords(key)}
	if p.Order.By == key {
		o.Up = !p.Order.Up
		s.Sorted, s.Mark = "descending", "↓"
		if p.Order.Up {
			s.Sorted, s.Mark = "ascending", "↑"
		}
	}
	s.Address = WithQuery(recordsAddress, OrderQuery(FilterQuery(p.Filter), o)) + "#page_list"
	return s
}

// Columns are those by which the records may be sorted.
type Columns struct{ Name, Score, Active, Completed Sorting }

// Columns returns the columns by which the records may be sorted.
func (p RecordsPage) Columns() Columns {
	return Columns{Name: p.SortBy(app.OrderName), Score: p.SortBy(app.OrderScore), Active: p.SortBy(app.OrderActivity), Completed: p.SortBy(app.OrderCompletion)}
}

// Sortings returns all columns by which the records may be sorted.
func (p RecordsPage) Sortings() []Sorting {
	var all []Sorting
	for _, key := range app.OrderKeys() {
		all = append(all, p.SortBy(key))
	}
	return all
}

func sortWords(key app.OrderKey) Message {
	switch key {
	case app.OrderName:
		return T("Person")
	case app.OrderScore:
		return T("Best score")
	case app.OrderCompletion:
		return T("Completed (UTC)")
	}
	return T("Last active (UTC)")
}

// StatusName returns a status in plain words.
func StatusName(s app.Status) Message {
	switch s {
	case app.Completed:
		return T("Completed")
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
