package site

import (
	"errors"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// withdraw takes a manager's withdrawal of a certificate. A reason that can't be
// taken comes back in its form.
func (s *Site) withdraw(c *fiber.Ctx, v visitor) error {
	id, reason := app.CertificateID(c.Params("certificate")), c.FormValue("reason")
	err := s.Training.Withdraw(c.UserContext(), v.Person, id, reason)
	switch {
	case errors.Is(err, app.ErrInvalid):
		return s.askReason(c, reason)
	case errors.Is(err, app.ErrConflict):
		return &problem{
			err:   err,
			title: web.T("It is withdrawn already"),
			text:  web.T("Somebody was first: this certificate was withdrawn before, and that can’t be changed. Their reason stands in the audit trail; yours was not added."),
			link:  &web.Link{Address: certificates + string(id), Words: web.T("See the certificate")},
			other: &web.Link{Address: "/audit?kind=" + string(app.CertificateWithdrawn), Words: web.T("Audit trail")},
		}
	case err != nil:
		return err
	}
	return seeOther(c, certificates+string(id))
}

// askReason shows a certificate's page again, with what is wrong with the reason.
func (s *Site) askReason(c *fiber.Ctx, reason string) error {
	r, err := s.certified(c)
	if err != nil {
		return err
	}
	page := s.certificatePage(c, r)
	page.Reason, page.Wrong = reason, web.T("It is not withdrawn yet: write why, in a few words.")
	if app.ReasonLine(reason) != "" {
		page.Wrong = web.T("It is not withdrawn yet: the reason is too long. Make it shorter. %s", web.T("At most %d characters.", app.LongestReason))
	}
	return s.show(c, fiber.StatusUnprocessableEntity, page)
}
