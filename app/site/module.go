package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/content"
	"first5/web"
)

func (s *Site) module(c *fiber.Ctx, v visitor) error {
	o, err := s.Training.Open(c.UserContext(), v.Person, c.Params("slug"))
	if err != nil {
		return err
	}
	if o.Record == nil {
		m, others := s.inLanguage(c, o.Module)
		frame := s.frame(c, v, web.Modules, web.Verbatim(m.Title))
		return s.show(c, fiber.StatusOK, web.CoverPage{Frame: frame, Module: m, Required: o.Required, Translations: others})
	}
	page := s.modulePage(c, v, o)
	page.Completion, page.Withdrawn = o.Record.Completion, o.Record.Withdrawn
	page.Card = o.Workbook.CardToGoOnAt(o.Record)
	page.Ticket = s.keys.writeTicket(ticket{Learner: v.Learner, Module: o.Slug, Version: o.Version})
	return s.show(c, fiber.StatusOK, page)
}

// modulePage returns the page of a module with what belongs to its reader, but
// without the ticket.
func (s *Site) modulePage(c *fiber.Ctx, v visitor, o app.Opened) web.ModulePage {
	m, others := s.inLanguage(c, o.Module)
	page := web.NewModulePage(s.frame(c, v, web.Modules, web.Verbatim(m.Title)), m.Module)
	page.Reader = reader(v.Learner, o)
	page.Translations = others
	page.CSRF = page.Frame.Viewer.CSRF
	page.Attempt = app.AttemptID(app.NewToken())
	return page
}

// reader returns what belongs to a learner in a module.
func reader(learner app.LearnerID, o app.Opened) content.Reader {
	var r content.Reader
	if len(o.Workbook.Reflections) > 0 {
		r.Reflections = map[string]content.Written{}
	}
	for _, written := range o.Workbook.Reflections {
		r.Reflections[written.ID] = content.Written{Text: written.Text, Mark: written.Mark()}
	}
	if o.Record != nil {
		r.Order = order(o.Record.ID, o.Record.Attempts)
	}
	return r
}

func (s *Site) begin(c *fiber.Ctx, v visitor) error {
	slug := c.Params("slug")
	err := s.Training.Begin(c.UserContext(), v.Person, slug)
	if err != nil {
		return err
	}
	return seeOther(c, "/modules/"+slug)
}
