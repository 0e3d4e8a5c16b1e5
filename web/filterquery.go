package web

import (
	"net/url"
	"strconv"
	"time"

	"first5/app"
)

const recordsAddress = "/records"

// TypedFilter is a filter of records as its form has it, right or wrong.
type TypedFilter struct {
	Q, Status, Program, Module, Edition, Dates, From, To, ScoreFrom, ScoreTo, People, Learner string
}

// NewTypedFilter reads what the form has out of an address.
func NewTypedFilter(get func(name string) string) TypedFilter {
	return TypedFilter{
		Q: get("q"), Status: get("status"), Program: get("program"), Module: get("module"), Edition: get("edition"),
		Dates: get("dates"), From: get("from"), To: get("to"), ScoreFrom: get("score_from"), ScoreTo: get("score_to"),
		People: get("people"), Learner: get("learner"),
	}
}

// FilterQuery returns a filter as the query of an address. It says all that the
// filter does, except ChangedBefore, which is no part of an address.
func FilterQuery(f app.Filter) url.Values {
	q := url.Values{}
	set := func(name, value string) {
		if value != "" {
			q.Set(name, value)
		}
	}
	set("from", from(f.From))
	set("to", to(f.To))
	set("dates", string(f.Dates))
	set("program", f.Program)
	set("module", f.Module)
	set("edition", f.Edition)
	set("status", string(f.Status))
	set("q", f.Query)
	set("learner", string(f.Learner))
	if f.ScoreFrom > 0 {
		set("score_from", strconv.Itoa(f.ScoreFrom))
	}
	if f.ScoreBelow > 0 {
		set("score_to", strconv.Itoa(f.ScoreBelow-1))
	}
	if f.Present {
		set("people", "present")
	}
	return q
}

// SortByActivity is what an address calls the order that it need not name.
const SortByActivity = "active"

// OrderQuery adds an order of records to the query of an address.
func OrderQuery(q url.Values, o app.Order) url.Values {
	if o.By != app.OrderActivity {
		q.Set("sort", string(o.By))
	}
	if o.Up {
		q.Set("up", "1")
	}
	return q
}

// from writes the beginning of a filter's time: as a day, if it is one's.
func from(t time.Time) string {
	if t.IsZero() || isMidnight(t) {
		return Day(t)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

// to writes the end of a filter's time: as the last day before it, if it is that
// one's.
func to(t time.Time) string {
	if t.IsZero() || isMidnight(t) {
		return LastDay(t)
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func isMidnight(t time.Time) bool { return t.Equal(t.UTC().Truncate(24 * time.Hour)) }

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
