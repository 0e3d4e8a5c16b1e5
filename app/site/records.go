package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

const (
	recordsPath    = "/records"
	recordsPerPage = 100
	downloadsShown = 5
)

// records shows how far a manager's institution is, and its records.
func (s *Site) records(c *fiber.Ctx, v visitor) error {
	page, err := s.recordsPage(c, v, inAddress(c, recordsPath))
	var wrong *problem
	if v.Has(app.Manager) && errors.As(err, &wrong) {
		page, err = s.wrongFilter(c, v, wrong.text)
		c.Status(fiber.StatusUnprocessableEntity)
	}
	if err != nil {
		return err
	}
	return s.show(c, c.Response().StatusCode(), page)
}

// recordsPage returns the page with the records that an address asks for. Where it
// asks for all, and for the beginning, the page says how far everybody is.
func (s *Site) recordsPage(c *fiber.Ctx, v visitor, r filterReader) (web.RecordsPage, error) {
	noStore(c)
	f, o, after, err := r.listing()
	if err != nil {
		return web.RecordsPage{}, err
	}
	page, err := s.recordsFrame(c, v)
	if err != nil {
		return page, err
	}
	listed, err := s.Training.Records(c.UserContext(), v.Person, f, o, after, recordsPerPage)
	if err != nil {
		return page, err
	}
	page.Filter, page.Order, page.Typed, page.Records, page.Later = f, o, web.NewTypedFilter(web.FilterQuery(f).Get), listed.Records, after != app.Cursor{}
	if listed.Next != nil {
		q := web.OrderQuery(web.FilterQuery(f), o)
		q.Set("after", writeRecordCursor(o, *listed.Next))
		page.NextAddress = web.WithQuery(recordsPath, q)
	}
	return page, s.countRecords(c, v, &page)
}

// listing reads all that an address says of a list of records.
func (r filterReader) listing() (app.Filter, app.Order, app.Cursor, error) {
	f, err := r.filter()
	if err != nil {
		return f, app.Order{}, app.Cursor{}, err
	}
	o, err := r.order()
	if err != nil {
		return f, o, app.Cursor{}, err
	}
	after, err := readRecordCursor(r.get("after"), o, r.list)
	return f, o, after, err
}

// countRecords says on the page how many records there are.
func (s *Site) countRecords(c *fiber.Ctx, v visitor, page *web.RecordsPage) error {
	if page.Filtered() || page.Later || page.Order != (app.Order{}) {
		total, err := s.Training.CountRecords(c.UserContext(), v.Person, page.Filter)
		page.Total = total
		return err
	}
	g, err := s.Training.Glance(c.UserContext(), v.Person)
	page.Glance, page.Total = &g, g.Total
	return err
}

// recordsFrame returns the page without what an address asks for.
func (s *Site) recordsFrame(c *fiber.Ctx, v visitor) (web.RecordsPage, error) {
	page := web.RecordsPage{
		Frame:    s.frame(c, v, web.Records, web.T("Records")),
		Programs: s.Training.Programs(v.Person),
	}
	page.Wide = true
	page.Institution = page.Viewer.Institution
	var err error
	page.Saved, err = s.Training.SavedFilters(c.UserContext(), v.Person)
	if err != nil {
		return page, err
	}
	page.Downloads, err = s.Training.LastDownloads(c.UserContext(), v.Person, downloadsShown)
	return page, err
}

// wrongFilter returns the page that says what is wrong with a filter, with what was
// typed in its form.
func (s *Site) wrongFilter(c *fiber.Ctx, v visitor, wrong web.Message) (web.RecordsPage, error) {
	page, err := s.recordsFrame(c, v)
	page.WrongFilter = wrong
	page.Typed = web.NewTypedFilter(func(name string) string { return c.Query(name) })
	return page, err
}
