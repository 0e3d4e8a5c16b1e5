package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/web"
)

func (s *Site) learning(c *fiber.Ctx, v visitor) error {
	l, err := s.Training.Learning(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	return s.show(c, fiber.StatusOK, web.LearningPage{Frame: s.frame(v, web.MyWork, "My learning"), Learning: l})
}
