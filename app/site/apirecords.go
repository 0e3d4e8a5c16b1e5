package site

import (
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
)

const (
	usualRecords = 100
	mostRecords  = 1000
)

// settling is how long after a change it is certain that all changes before it can
// be read: replicas' clocks differ by less, and so long nothing is being written. A
// place among the changes is never put later, or it would leave out what comes to
// lie before it.
const settling = time.Minute

// apiListing is what of the records is asked for.
type apiListing struct {
	filter  app.Filter
	order   app.Order
	start   place // of the listing, with its name
	from    place // where it goes on
	changes bool  // it is of what has changed since a time, up to what is settled
	settled time.Time
}

// records answers with a part of the records: by default in the order of their last
// change, in which a record that changes meanwhile comes again, and none is missed.
func (a *api) records(c *fiber.Ctx, access app.Access, q query) error {
	most, err := q.most(usualRecords, mostRecords)
	if err != nil {
		return err
	}
	l, err := a.listing(access, q)
	if err != nil {
		return err
	}
	records, more, err := a.Training.RecordsThrough(c.UserContext(), access, l.filter, l.order, l.from.cursor(), most)
	if err != nil {
		return err
	}
	body := []byte(`{"records":[`)
	for i, r := range records {
		if i > 0 {
			body = append(body, ',')
		}
		body = report.AppendJSON(body, a.columns, r)
	}
	next, since := l.after(records, more)
	body = append(body, `],"next":`...)
	body = appendNullable(body, next)
	body = append(body, `,"since":`...)
	return sendTagged(c, append(appendNullable(body, since), '}'))
}

// appendNullable adds a text as JSON, or null for none.
func appendNullable(b []byte, text string) []byte {
	if text == "" {
		return append(b, "null"...)
	}
	return append(append(append(b, '"'), text...), '"') // base64url needs no escapes
}

// listing reads what of the records is asked for, and where that goes on.
func (a *api) listing(access app.Access, q query) (apiListing, error) {
	f, err := a.filter(q)
	if err != nil {
		return apiListing{}, err
	}
	l := apiListing{filter: f, settled: a.Training.Now().UTC().Truncate(time.Millisecond).Add(-settling)}
	l.order, err = a.order(q)
	if err != nil {
		return l, err
	}
	if q.get("since") != "" {
		return a.changes(access, q, l)
	}
	l.start = listing(recordListing, access.Institution.ID, q.chosen())
	l.from = l.start
	if q.get("cursor") != "" {
		l.from, err = l.start.read("cursor", q.get("cursor"))
	}
	return l, err
}

// order reads the order: that of the last change, or one of the pages'.
func (a *api) order(q query) (app.Order, error) {
	sort, up := q.get("sort"), q.get("up")
	if sort == "" && up == "" {
		return app.Order{By: app.OrderChange, Up: true}, nil
	}
	if sort == "" {
		return app.Order{}, badRequest("up", "up=1 goes with sort: without it, records are in the order of their last change.")
	}
	o, err := inQuery(query{"sort": q["sort"]}).order()
	if err != nil {
		return o, a.wrong("sort", err)
	}
	o, err = inQuery(q).order()
	if err != nil {
		return o, a.wrong("up", err)
	}
	return o, nil
}

// lasting are the parameters that choose a record by what it never loses. By others
// a record may come to be chosen no longer, which a list of changes could not tell.
func lasting() []string { return []string{"program", "module", "edition", "learner"} }

// changes reads since when changes are asked for: a place that First5 has given, or
// a time.
func (a *api) changes(access app.Access, q query, l apiListing) (apiListing, error) {
	for name := range q {
		if !slices.Contains(lasting(), name) && !slices.Contains([]string{"since", "cursor", "limit"}, name) && q.get(name) != "" {
			return l, badRequest(name, "With since, records are chosen by "+strings.Join(lasting(), ", ")+" alone: a record that "+name+" chooses no longer would be missing among the changes. Choose in what you have fetched.")
		}
	}
	l.changes = true
	l.filter.ChangedBefore = l.settled
	l.start = listing(changeListing, access.Institution.ID, q.chosen())
	var err error
	at, _, isTime := parseTime(q.get("since"))
	switch {
	case q.get("cursor") != "":
		l.from, err = l.start.read("cursor", q.get("cursor"))
	case isTime && at.After(l.settled.Add(settling+app.ClockSkew)):
		return l, badRequest("since", "That time has yet to come. Ask since one that is past, or since what the last answer gave.")
	case isTime:
		l.from = l.start
		l.from.Time = at.UnixMilli()
	default:
		l.from, err = l.start.read("since", q.get("since"))
	}
	return l, err
}

// after returns where the listing goes on after a part of it, and, at its end,
// since when to ask for changes.
func (l apiListing) after(records []app.Record, more bool) (next, since string) {
	inOrder := l.order.By == app.OrderChange
	end := l.from
	if len(records) > 0 {
		end = l.start.at(l.order.After(records[len(records)-1]))
		end.Settled = l.from.Settled
	}
	// The first part of a listing that has what is not settled says until when all
	// before it was; its later parts can't know that any more.
	if inOrder && !l.changes && end.Settled == 0 && end.Time >= l.settled.UnixMilli() {
		end.Settled = l.settled.UnixMilli()
	}
	if more {
		return end.write(), ""
	}
	if !inOrder || !l.follows() {
		return "", ""
	}
	return "", l.since(end).write()
}

// follows says whether the listing can go on as one of changes.
func (l apiListing) follows() bool {
	f := l.filter
	return f == app.Filter{Program: f.Program, Module: f.Module, Edition: f.Edition, Learner: f.Learner, ChangedBefore: f.ChangedBefore}
}

// since returns the place among the changes at which a listing has ended.
func (l apiListing) since(end place) place {
	end.Listing = changeListing
	if end.Settled != 0 {
		end.Time, end.ID = end.Settled, ""
	}
	end.Settled = 0
	return end
}

// record answers with one record.
func (a *api) record(c *fiber.Ctx, access app.Access, _ query) error {
	id := c.Params("record")
	if !isID(id) {
		return app.ErrNotFound
	}
	r, err := a.Training.RecordThrough(c.UserContext(), access, app.RecordID(id))
	if err != nil {
		return err
	}
	return sendTagged(c, report.AppendJSON(nil, a.columns, r))
}

// isID says whether a text can be an id of ours. What can't is not looked for, and
// so stands in no log.
func isID(s string) bool {
	return len(s) == len(app.NewToken()) && strings.Trim(s, "abcdefghijklmnopqrstuvwxyz234567") == ""
}
