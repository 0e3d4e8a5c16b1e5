package site

import (
	"fmt"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// notation shows authors how modules are written.
func (s *Site) notation(c *fiber.Ctx, v visitor) error {
	if !v.Writes() {
		return fmt.Errorf("reading the guide: %w", app.ErrForbidden)
	}
	return s.show(c, fiber.StatusOK, web.NewGuidePage(s.frame(c, v, web.Studio, web.T("How modules are written")), s.guide))
}
