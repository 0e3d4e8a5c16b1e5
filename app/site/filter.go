package site

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// A filterReader reads the filter of a list out of an address. Pages, files and
// the API read the same words by it. What is wrong comes as an [*problem] with one
// sentence: a page for people, and the detail of problem+json for the API.
//
// [web.FilterQuery] and [web.OrderQuery] write what it reads.
type filterReader struct {
	get  func(name string) string // what the address says
	list string                   // the address of the whole list
	days bool                     // times are days alone, as date fields have them
}

// inAddress reads the filter of a list on a page.
func inAddress(c *fiber.Ctx, list string) filterReader {
	return filterReader{get: func(name string) string { return c.Query(name) }, list: list, days: true}
}

// readFilter reads the filter of the records on a page and in a file.
func readFilter(c *fiber.Ctx) (app.Filter, error) { return inAddress(c, "/records").filter() }

// longestSought is how many characters may be searched for.
const longestSought = 200

// filter reads all that chooses records.
func (r filterReader) filter() (app.Filter, error) {
	f := app.Filter{
		Program: r.text("program"), Module: r.text("module"), Edition: r.text("edition"),
		Learner: app.LearnerID(r.text("learner")),
		Status:  app.Status(r.text("status")), Dates: app.FilterDates(r.text("dates")),
	}
	people := r.text("people")
	f.Present = people == "present"
	err := r.readable("program", "module", "edition", "learner", "status", "dates", "people", "q")
	if err == nil {
		f.Query, err = r.sought()
	}
	switch {
	case err != nil:
	case f.Status != "" && f.Status != app.Completed && !f.Status.Known():
		err = r.problem(web.T("There is no status “%s”. Choose one from the list.", f.Status))
	case f.Dates != app.ByActivity && f.Dates != app.ByCompletion:
		err = r.problem(web.T("Days are of the completion (dates=completed) or else of the last activity, and not of “%s”.", f.Dates))
	case people != "" && !f.Present:
		err = r.problem(web.T("People are all, or else those who have not left (people=present), and not “%s”.", people))
	}
	if err == nil {
		f.From, f.To, err = r.times()
	}
	if err == nil {
		f.ScoreFrom, f.ScoreBelow, err = r.scores()
	}
	return f, err
}

// sought reads what is searched for.
func (r filterReader) sought() (string, error) {
	q := r.text("q")
	if utf8.RuneCountInString(q) > longestSought {
		return q, r.problem(web.T("Search for %d characters at most.", longestSought))
	}
	return q, nil
}

// text reads a word or a name, without what can't be typed into a field.
func (r filterReader) text(name string) string {
	return strings.TrimSpace(strings.Map(func(c rune) rune {
		if unicode.IsControl(c) || c == utf8.RuneError {
			return -1
		}
		return c
	}, r.get(name)))
}

// readable returns what to say of a value of which something can't be typed into a
// field: without that, it might choose more than was meant.
func (r filterReader) readable(names ...string) error {
	for _, name := range names {
		if r.text(name) != strings.TrimSpace(r.get(name)) {
			return r.problem(web.T("What the address says for “%s” can’t be read. Write it in UTF-8 and without control characters.", name))
		}
	}
	return nil
}

// readDays reads the days "from" and "to" of a list's filter: from the beginning
// of the one to the end of the other.
func readDays(c *fiber.Ctx, list string) (from, to time.Time, err error) {
	return inAddress(c, list).times()
}

// times reads "from" and "to". A day is meant from its beginning to its end;
// another time, which is none of a page's, is meant as it is: from it on, and
// before it.
func (r filterReader) times() (from, to time.Time, err error) {
	from, _, err = r.time("from")
	if err != nil {
		return from, to, err
	}
	to, isDay, err := r.time("to")
	if err == nil && isDay {
		to = to.AddDate(0, 0, 1)
	}
	if err == nil && !to.IsZero() && !to.After(from) {
		err = r.problem(web.T("The days are crossed: the first is %s and the last is %s, which is before it.", r.get("from"), r.get("to")))
	}
	return from, to, err
}

// firstYear is before any record was made. A time before it is mistyped.
const firstYear = 1900

func (r filterReader) time(name string) (at time.Time, isDay bool, err error) {
	s := r.text(name)
	if s == "" {
		return time.Time{}, false, nil
	}
	at, isDay, ok := parseTime(s)
	if ok && (isDay || !r.days) {
		return at, isDay, nil
	}
	if r.days {
		return time.Time{}, false, r.problem(web.T("A day is written like 2026-01-31, and not “%s”.", s))
	}
	return time.Time{}, false, r.problem(web.T("A time is written like 2026-01-31 or 2026-01-31T17:30:00Z, and not “%s”.", s))
}

// parseTime reads a day, which is its beginning, or a time: records' times are
// whole milliseconds, and so is what it returns.
func parseTime(text string) (at time.Time, isDay, ok bool) {
	at, err := time.Parse(time.DateOnly, text)
	if err == nil {
		return at, true, at.Year() >= firstYear
	}
	at, err = time.Parse(time.RFC3339, text)
	at = at.UTC().Add(time.Millisecond - time.Nanosecond).Truncate(time.Millisecond)
	return at, false, err == nil && at.Year() >= firstYear
}

// scores reads the bounds of the best score, both of which are meant with it.
func (r filterReader) scores() (from, below int, err error) {
	from, _, err = r.score("score_from")
	if err != nil {
		return 0, 0, err
	}
	to, bounded, err := r.score("score_to")
	if err != nil || !bounded {
		return from, 0, err
	}
	if to < from {
		err = r.problem(web.T("The scores are crossed: the lowest is %d and the highest is %d, which is below it.", from, to))
	}
	return from, to + 1, err
}

func (r filterReader) score(name string) (percent int, given bool, err error) {
	s := r.text(name)
	if s == "" {
		return 0, false, nil
	}
	percent, err = strconv.Atoi(s)
	if err != nil || percent < 0 || percent > 100 {
		return 0, false, r.problem(web.T("A score is a whole number from 0 to 100, and not “%s”.", s))
	}
	return percent, true, nil
}

// order reads in which order records are listed.
func (r filterReader) order() (app.Order, error) {
	key := app.OrderKey(r.text("sort"))
	if key == web.SortByActivity {
		key = app.OrderActivity
	}
	if !slices.Contains(app.OrderKeys(), key) {
		return app.Order{}, r.problem(web.T("Records are sorted by active, completed, name or score, and not by “%s”.", key))
	}
	up := r.text("up")
	if up != "" && up != "1" {
		return app.Order{}, r.problem(web.T("The smallest comes first with up=1, and not with up=%s.", up))
	}
	return app.Order{By: key, Up: up == "1"}, nil
}

// problem says what is wrong with the filter.
func (r filterReader) problem(text web.Message) error { return filterProblem(r.list, text) }

// filterProblem says what is wrong with the filter of a list, by its address.
func filterProblem(list string, text web.Message) error {
	return &problem{
		err:   fmt.Errorf("reading a filter: %w", app.ErrInvalid),
		title: web.T("That filter can’t be used"),
		text:  text,
		link:  &web.Link{Address: list, Words: web.T("Show all")},
	}
}
