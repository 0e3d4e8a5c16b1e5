package site

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// waive takes a manager's waiver of a module for a person. It guards itself: a
// reason outlives a session. One that can't be taken comes back in its form.
func (s *Site) waive(c *fiber.Ctx) error {
	learner := app.LearnerID(c.Params("learner"))
	module, reason := c.FormValue("module"), c.FormValue("reason")
	v, err := s.visitor(c)
	wrong := wrongWaiver(c)
	switch {
	case errors.Is(err, app.ErrSignedOut):
		return s.keepWaiver(c, learner)
	case err != nil:
		return err
	case !s.keys.checkCSRF(v.token, c.FormValue("csrf")):
		return s.askWaiver(c, v, fiber.StatusForbidden, web.WaiverFormAged)
	case wrong != web.WaiverFine:
		return s.askWaiver(c, v, fiber.StatusUnprocessableEntity, wrong)
	}
	err = s.Training.Waive(c.UserContext(), v.Person, learner, module, reason)
	switch {
	case errors.Is(err, app.ErrInvalid): // there is a reason
		return s.askWaiver(c, v, fiber.StatusUnprocessableEntity, web.WaiverTooLong)
	case errors.Is(err, app.ErrConflict):
		return &problem{
			err:   err,
			title: web.T("It is done already"),
			text:  web.T("They have completed this module meanwhile, or somebody else has waived it. Nothing was changed, and your reason was not added."),
			link:  toPerson(learner),
		}
	case err != nil:
		return err
	}
	return seeOther(c, personTold(learner, web.ToldWaived))
}

// wrongWaiver says what is missing in what was sent, in the order of the form. The
// browser holds most of it back already.
func wrongWaiver(c *fiber.Ctx) web.WrongWaiver {
	switch {
	case c.FormValue("module") == "":
		return web.WaiverOfWhat
	case app.ReasonLine(c.FormValue("reason")) == "":
		return web.WaiverUnsaid
	case c.FormValue("sure") == "":
		return web.WaiverUnsure
	}
	return web.WaiverFine
}

// askWaiver shows a person's page again, with what was sent and what is wrong with
// it. From a page of another session nothing is waived: whoever may, sends it from
// this one.
func (s *Site) askWaiver(c *fiber.Ctx, v visitor, status int, wrong web.WrongWaiver) error {
	page, err := s.personPage(c, v)
	if err != nil {
		return err
	}
	if len(page.Waivable) == 0 { // there is no form that could hold it
		return fmt.Errorf("a waiver that can't be asked for again: %w", fiber.ErrForbidden)
	}
	page.Module, page.Reason, page.Wrong = c.FormValue("module"), c.FormValue("reason"), wrong
	page.Sure = c.FormValue("sure") != "" && wrong != web.WaiverFormAged // who reads it once more says so once more
	return s.show(c, status, page)
}

// keepWaiver makes the page that says that somebody is signed out hold the waiver.
func (s *Site) keepWaiver(c *fiber.Ctx, learner app.LearnerID) error {
	p := s.signedOutBeside(c, web.PersonAddress(learner),
		web.T("The module is not waived yet. Sign in, which opens beside this page; then come back here and go on."))
	p.again = &web.Again{
		Action: c.Path(),
		Fields: []web.Field{{Name: "module", Value: c.FormValue("module")}, {Name: "reason", Value: c.FormValue("reason")}},
		Note:   web.T("The reason is kept in this page."),
		Button: web.T("Go on"),
	}
	return p
}

func toPerson(learner app.LearnerID) *web.Link {
	return &web.Link{Address: web.PersonAddress(learner), Words: web.T("See their records")}
}

func personTold(learner app.LearnerID, did web.Told) string {
	return web.PersonAddress(learner) + "?did=" + string(did)
}
