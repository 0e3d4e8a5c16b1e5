package site

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
	"first5/web"
)

const recordsPerPage = 100

func (s *Site) records(c *fiber.Ctx, v visitor) error {
	f, after, err := readFilter(c)
	if err != nil {
		return err
	}
	listing, err := s.Training.Records(c.UserContext(), v.Person, f, after, recordsPerPage)
	if err != nil {
		return err
	}
	page := web.RecordsPage{
		Frame:   s.frame(v, web.Records, "Records"),
		Filter:  f,
		Modules: s.Training.Modules(v.Person),
		Page:    listing,
		Later:   after != app.Cursor{},
	}
	page.Wide = true
	page.Institution = page.Viewer.Institution
	if listing.Next != nil {
		q := web.FilterQuery(f)
		q.Set("after", writeCursor(*listing.Next))
		page.NextAddress = web.WithQuery("/records", q)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.show(c, fiber.StatusOK, page)
}

// recordsCSV streams all records that the filter chooses.
func (s *Site) recordsCSV(c *fiber.Ctx, v visitor) error {
	f, _, err := readFilter(c)
	if err != nil {
		return err
	}
	noted := f
	if f.Query != "" {
		noted.Query = "(not noted)" // a name or an e-mail address: the audit trail keeps neither
	}
	what := app.Download{File: "records.csv", Filter: readable(web.FilterQuery(noted))}
	return s.download(c, v, what, func(ctx context.Context) (fileWriter, error) {
		all, err := s.Training.AllRecords(ctx, v.Person, f)
		return func(w io.Writer) (int, error) { return report.WriteCSV(w, all) }, err
	})
}

// readFilter reads the filter of a listing, and where the listing goes on.
func readFilter(c *fiber.Ctx) (app.Filter, app.Cursor, error) {
	f := app.Filter{
		Program: c.Query("program"),
		Module:  c.Query("module"),
		Status:  app.Status(c.Query("status")),
		Query:   strings.TrimSpace(c.Query("q")),
	}
	var err error
	f.From, f.To, err = readDays(c, "/records")
	if err != nil {
		return f, app.Cursor{}, err
	}
	if f.Status != "" && !f.Status.Known() {
		return f, app.Cursor{}, filterProblem("/records", "There is no status “"+string(f.Status)+"”. Choose one from the list.")
	}
	after, err := readCursor(c.Query("after"))
	return f, after, err
}

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
	return from, to, err
}

func readDay(list, s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, filterProblem(list, "A day is written like 2026-01-31, and not “"+s+"”.")
	}
	return day, nil
}

// filterProblem says what is wrong with the filter of a list, by its address.
func filterProblem(list, text string) error {
	return &problem{
		err:   fmt.Errorf("reading a filter: %w", app.ErrInvalid),
		title: "That filter can’t be used",
		text:  text,
		link:  &web.Link{Address: list, Words: "Show all"},
	}
}

func writeCursor(c app.Cursor) string {
	return strconv.FormatInt(c.ActiveAt.UnixMilli(), 10) + "." + string(c.ID)
}

func readCursor(s string) (app.Cursor, error) {
	if s == "" {
		return app.Cursor{}, nil
	}
	at, id, ok := strings.Cut(s, ".")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return app.Cursor{}, filterProblem("/records", "The address does not say where the list goes on. Begin at its start.")
	}
	return app.Cursor{ActiveAt: time.UnixMilli(ms).UTC(), ID: app.RecordID(id)}, nil
}
