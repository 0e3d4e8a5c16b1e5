package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/web"
)

func (s *Site) studio(c *fiber.Ctx, v visitor) error {
	programs, err := s.Training.Publications(v.Person)
	if err != nil {
		return err
	}
	frame := s.frame(c, v, web.Studio, web.T("Studio"))
	frame.Wide = true
	return s.show(c, fiber.StatusOK, web.StudioPage{Frame: frame, Programs: programs})
}
