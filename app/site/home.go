package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

func (s *Site) home(c *fiber.Ctx) error {
	v, err := s.visitor(c)
	if errors.Is(err, app.ErrSignedOut) {
		return s.show(c, fiber.StatusOK, web.WelcomePage{Frame: web.Frame{Title: "First 5 Minutes"}})
	}
	if err != nil {
		return err
	}
	courses, err := s.Training.Catalogue(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	next, begun := app.NextModule(courses)
	return s.show(c, fiber.StatusOK, web.HomePage{
		Frame:   s.frame(v, web.Anywhere, "Home"),
		Next:    next,
		Begun:   begun,
		Courses: courses,
	})
}

func (s *Site) catalogue(c *fiber.Ctx, v visitor) error {
	courses, err := s.Training.Catalogue(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	return s.show(c, fiber.StatusOK, web.CataloguePage{Frame: s.frame(v, web.Modules, "Modules"), Courses: courses})
}

func (s *Site) learning(c *fiber.Ctx, v visitor) error {
	l, err := s.Training.Learning(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	return s.show(c, fiber.StatusOK, web.LearningPage{Frame: s.frame(v, web.MyWork, "My learning"), Learning: l})
}

func (s *Site) certificate(c *fiber.Ctx) error {
	r, err := s.Training.Certificate(c.UserContext(), app.CertificateID(c.Params("certificate")))
	if err != nil {
		return err
	}
	page := web.CertificatePage{Frame: web.Frame{Title: "Certificate"}, Record: r}
	if v, err := s.visitor(c); err == nil {
		page.Frame = s.frame(v, web.Anywhere, "Certificate")
	}
	return s.show(c, fiber.StatusOK, page)
}

func (s *Site) studio(c *fiber.Ctx, v visitor) error {
	programs, err := s.Training.Publications(v.Person)
	if err != nil {
		return err
	}
	frame := s.frame(v, web.Studio, "Studio")
	frame.Wide = true
	return s.show(c, fiber.StatusOK, web.StudioPage{Frame: frame, Programs: programs})
}
