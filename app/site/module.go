package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

func (s *Site) module(c *fiber.Ctx, v visitor) error {
	o, err := s.Training.Open(c.UserContext(), v.Person, c.Params("slug"))
	if err != nil {
		return err
	}
	m, others := s.inLanguage(c, o.Module)
	frame := s.frame(v, web.Modules, m.Title)
	if o.Record == nil {
		return s.show(c, fiber.StatusOK, web.CoverPage{Frame: frame, Module: m, Translations: others})
	}
	page := web.NewModulePage(frame, m.Module)
	page.Completion = o.Record.Completion
	page.CSRF = frame.Viewer.CSRF
	page.Translations = others
	page.Attempt = app.AttemptID(app.NewToken())
	page.Ticket = s.keys.writeTicket(ticket{Learner: v.Learner, Module: o.Slug, Version: o.Version})
	return s.show(c, fiber.StatusOK, page)
}

func (s *Site) begin(c *fiber.Ctx, v visitor) error {
	slug := c.Params("slug")
	err := s.Training.Begin(c.UserContext(), v.Person, slug)
	if err != nil {
		return err
	}
	return seeOther(c, "/modules/"+slug)
}
