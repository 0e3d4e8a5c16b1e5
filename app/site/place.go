package site

import (
	"errors"
	"fmt"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
)

// place remembers the card that a learner has moved to, as the module's page
// tells it on the way. It guards itself, as reflect does.
func (s *Site) place(c *fiber.Ctx) error {
	v, on, err := s.fromModule(c)
	switch {
	case errors.Is(err, app.ErrSignedOut) && forScript(c):
		return c.SendStatus(fiber.StatusUnauthorized)
	case errors.Is(err, app.ErrSignedOut):
		return seeOther(c, s.signInAddress(c, "/modules/"+on.Module))
	case err != nil:
		return err
	}
	err = s.Training.MoveTo(c.UserContext(), v.Person, on, c.FormValue("card"))
	if err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}

// fromModule returns who has sent something from a module's page, and of what
// that page was made. Its ticket tells both: a page that was made in an earlier
// session of the same learner serves as well as one of this session, and one that
// was made for somebody else serves nobody.
func (s *Site) fromModule(c *fiber.Ctx) (visitor, app.Page, error) {
	on := app.Page{Module: c.Params("slug"), Language: c.FormValue("lang")}
	v, err := s.visitor(c)
	if err != nil {
		return v, on, err
	}
	t, ok := s.keys.readTicket(on.Module, c.FormValue("page"))
	if !ok || t.Learner != v.Learner {
		return v, on, fmt.Errorf("sent from a page of %s that was not made for this learner: %w", on.Module, fiber.ErrForbidden)
	}
	on.Version = t.Version
	return v, on, nil
}

// forScript says whether a script of ours asks, which can't be led to other pages.
func forScript(c *fiber.Ctx) bool {
	return strings.HasPrefix(c.Get(fiber.HeaderAccept), fiber.MIMEApplicationJSON)
}
