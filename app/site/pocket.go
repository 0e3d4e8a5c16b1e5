package site

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// pocket shows a module's skills card alone.
func (s *Site) pocket(c *fiber.Ctx, v visitor) error {
	o, err := s.Training.Open(c.UserContext(), v.Person, c.Params("slug"))
	if err != nil {
		return err
	}
	m, _ := s.inLanguage(c, o.Module)
	if len(m.Pocket()) == 0 {
		return &problem{
			err:   fmt.Errorf("%s has no skills card: %w", m.Slug, app.ErrNotFound),
			title: web.T("This module has no pocket card"),
			text:  web.T("Its authors made none. All that it says is in the module itself."),
			link:  openModule(m.Slug),
		}
	}
	return s.show(c, fiber.StatusOK, web.PocketPage{Frame: s.frame(c, v, web.Modules, web.Verbatim(m.Title)), Module: m.Module})
}
