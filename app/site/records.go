package site

import (
	"context"
	"io"
	"strings"

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
		Frame:   s.frame(c, v, web.Records, web.T("Records")),
		Filter:  f,
		Modules: s.Training.Modules(v.Person),
		Page:    listing,
		Later:   after != app.Cursor{},
	}
	page.Wide = true
	page.Institution = page.Viewer.Institution
	if listing.Next != nil {
		q := web.FilterQuery(f)
		q.Set("after", writeCursor(listing.Next.ActiveAt, string(listing.Next.ID)))
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
	return s.download(c, v, string(v.Institution), what, func(ctx context.Context) (fileWriter, error) {
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
		return f, app.Cursor{}, filterProblem("/records", web.T("There is no status “%s”. Choose one from the list.", f.Status))
	}
	at, id, err := readCursor(c.Query("after"), "/records")
	return f, app.Cursor{ActiveAt: at, ID: app.RecordID(id)}, err
}
