package site

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// quiz shows a module's graded questions alone. Nobody has to begin the module
// for it: its record begins when the answers are sent.
func (s *Site) quiz(c *fiber.Ctx, v visitor) error {
	o, err := s.Training.Open(c.UserContext(), v.Person, c.Params("slug"))
	if err != nil {
		return err
	}
	if o.Graded() == 0 {
		return &problem{
			err:   fmt.Errorf("%s grades nothing: %w", o.Slug, app.ErrNotFound),
			title: web.T("This module has no quiz"),
			text:  web.T("It asks no questions that count: reading it completes it."),
			link:  openModule(o.Slug),
		}
	}
	page := s.modulePage(c, v, o)
	page.Ticket = s.keys.writeTicket(ticket{Learner: v.Learner, Module: o.Slug, Version: o.Version, Quiz: true})
	quiz := web.QuizPage{ModulePage: page}
	if o.Record == nil {
		quiz.Terms = &web.Terms{Institution: page.Frame.Viewer.Institution, Required: o.Required}
	}
	return s.show(c, fiber.StatusOK, quiz)
}

// openModule links to a module.
func openModule(slug string) *web.Link {
	return &web.Link{Address: "/modules/" + slug, Words: web.T("Open the module")}
}
