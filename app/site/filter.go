package site

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// readDays reads the days "from" and "to" of a list's filter: from the beginning
// of the one to the end of the other.
func readDays(c *fiber.Ctx, list string) (from, to time.Time, err error) {
	from, err = readDay(list, c.Query("from"))
	if err != nil {
		return from, to, err
	}
	to, err = readDay(list, c.Query("to"))
	if err == nil && !to.IsZero() {
		to = to.AddDate(0, 0, 1)
	}
	if err == nil && !to.IsZero() && !to.After(from) {
		err = filterProblem(list, web.T("The days are crossed: the first is %s and the last is %s, which is before it.", c.Query("from"), c.Query("to")))
	}
	return from, to, err
}

func readDay(list, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, filterProblem(list, web.T("A day is written like 2026-01-31, and not “%s”.", s))
	}
	return day, nil
}

// filterProblem says what is wrong with the filter of a list, by its address.
func filterProblem(list string, text web.Message) error {
	return &problem{
		err:   fmt.Errorf("reading a filter: %w", app.ErrInvalid),
		title: web.T("That filter can’t be used"),
		text:  text,
		link:  &web.Link{Address: list, Words: web.T("Show all")},
	}
}

// writeCursor writes a place in a list as a part of an address.
func writeCursor(at time.Time, id string) string {
	return strconv.FormatInt(at.UnixMilli(), 10) + "." + id
}

// readCursor reads where the list with that address goes on: zero values are its
// beginning.
func readCursor(written, list string) (at time.Time, id string, err error) {
	if written == "" {
		return time.Time{}, "", nil
	}
	ms, id, ok := strings.Cut(written, ".")
	since, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return time.Time{}, "", filterProblem(list, web.T("The address does not say where the list goes on. Begin at its start."))
	}
	return time.UnixMilli(since).UTC(), id, nil
}
