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
		if c.Query("institution") != "" {
			return seeOther(c, s.signInAddress(c, "/"))
		}
		return s.show(c, fiber.StatusOK, web.WelcomePage{Frame: s.outside(c, web.T("First 5 Minutes"))})
	}
	if err != nil {
		return err
	}
	if s.forOthers(c, v) {
		return seeOther(c, s.signInAddress(c, "/"))
	}
	home, err := s.Training.Home(c.UserContext(), v.Person)
	if err != nil {
		return err
	}
	return s.show(c, fiber.StatusOK, web.HomePage{Frame: s.frame(c, v, web.Anywhere, web.T("Home")), Home: home.In(s.language(c))})
}
