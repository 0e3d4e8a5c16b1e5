package site

import (
	"cmp"
	"context"
	"io"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/report"
	"first5/web"
)

const eventsPerPage = 100

func (s *Site) audit(c *fiber.Ctx, v visitor) error {
	f, err := readEventFilter(c)
	if err != nil {
		return err
	}
	at, id, err := readCursor(c.Query("after"), "/audit")
	if err != nil {
		return err
	}
	after := app.EventCursor{At: at, ID: app.EventID(id)}
	events, err := s.Training.Events(c.UserContext(), v.Person, f, after, eventsPerPage)
	if err != nil {
		return err
	}
	page := web.AuditPage{
		Frame:  s.frame(c, v, web.Audit, web.T("Audit trail")),
		Filter: f,
		Page:   events,
		Later:  after != app.EventCursor{},
	}
	page.Wide = true
	if v.Has(app.Operator) {
		page.Institutions = s.Training.Institutions
	}
	if events.Next != nil {
		q := web.EventQuery(f)
		q.Set("after", writeCursor(events.Next.At, string(events.Next.ID)))
		page.NextAddress = web.WithQuery("/audit", q)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.show(c, fiber.StatusOK, page)
}

// auditCSV streams all events that the filter chooses.
func (s *Site) auditCSV(c *fiber.Ctx, v visitor) error {
	f, err := readEventFilter(c)
	if err != nil {
		return err
	}
	noted := f
	if !v.Has(app.Operator) {
		noted.Institution = "" // whatever was asked for, it is the own one
	}
	of := string(v.Institution)
	if v.Has(app.Operator) {
		of = cmp.Or(string(f.Institution), "all-institutions")
	}
	return s.download(c, sending{
		Download:  app.Download{File: "audit.csv", Filter: readable(web.EventQuery(noted))},
		by:        v.Downloader(),
		of:        of,
		mediaType: report.CSV.MediaType(),
		prepare: func(ctx context.Context) (fileWriter, error) {
			all, err := s.Training.AllEvents(ctx, v.Person, f)
			return func(w io.Writer) (int, error) { return report.WriteEvents(w, all) }, err
		},
	})
}

// readEventFilter reads the filter of the audit trail.
func readEventFilter(c *fiber.Ctx) (app.EventFilter, error) {
	f := app.EventFilter{
		Institution: app.InstitutionID(c.Query("of")),
		Kind:        app.EventKind(c.Query("kind")),
		Learner:     app.LearnerID(c.Query("learner")),
	}
	var err error
	f.From, f.To, err = readDays(c, "/audit")
	if err != nil {
		return f, err
	}
	if f.Kind != "" && !f.Kind.Known() {
		return f, filterProblem("/audit", web.T("There is no kind of event “%s”. Choose one from the list.", f.Kind))
	}
	return f, nil
}
