package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/web"
)

func (s *Site) catalogue(c *fiber.Ctx, v visitor) error {
	courses, err := s.Training.Catalogue(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	for i, course := range courses {
		courses[i] = course.In(s.language(c))
	}
	return s.show(c, fiber.StatusOK, web.CataloguePage{Frame: s.frame(c, v, web.Modules, web.T("Modules")), Courses: courses})
}
