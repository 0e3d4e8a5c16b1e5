package site

import (
	"context"
	"io"
	"strconv"
	"strings"
	"time"

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
	after, err := readEventCursor(c.Query("after"))
	if err != nil {
		return err
	}
	events, err := s.Training.Events(c.UserContext(), v.Person, f, after, eventsPerPage)
	if err != nil {
		return err
	}
	page := web.AuditPage{
		Frame:  s.frame(v, web.Audit, "Audit trail"),
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
		q.Set("after", writeEventCursor(*events.Next))
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
	what := app.Download{File: "audit.csv", Filter: readable(web.EventQuery(noted))}
	return s.download(c, v, what, func(ctx context.Context) (fileWriter, error) {
		all, err := s.Training.AllEvents(ctx, v.Person, f)
		return func(w io.Writer) (int, error) { return report.WriteEvents(w, all) }, err
	})
}

// readEventFilter reads the filter of the audit trail.
func readEventFilter(c *fiber.Ctx) (app.EventFilter, error) {
	f := app.EventFilter{
		Institution: app.InstitutionID(c.Query("institution")),
		Kind:        app.EventKind(c.Query("kind")),
		Learner:     app.LearnerID(c.Query("learner")),
	}
	var err error
	f.From, f.To, err = readDays(c, "/audit")
	if err != nil {
		return f, err
	}
	if f.Kind != "" && !f.Kind.Known() {
		return f, filterProblem("/audit", "There is no kind of event “"+string(f.Kind)+"”. Choose one from the list.")
	}
	return f, nil
}

func writeEventCursor(c app.EventCursor) string {
	return strconv.FormatInt(c.At.UnixMilli(), 10) + "." + string(c.ID)
}

func readEventCursor(s string) (app.EventCursor, error) {
	if s == "" {
		return app.EventCursor{}, nil
	}
	at, id, ok := strings.Cut(s, ".")
	ms, err := strconv.ParseInt(at, 10, 64)
	if !ok || err != nil {
		return app.EventCursor{}, filterProblem("/audit", "The address does not say where the list goes on. Begin at its start.")
	}
	return app.EventCursor{At: time.UnixMilli(ms).UTC(), ID: app.EventID(id)}, nil
}
