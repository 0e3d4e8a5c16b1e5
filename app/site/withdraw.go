package site

import (
	"errors"
	"fmt"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// withdraw takes a manager's withdrawal of a certificate. It guards itself: a
// reason outlives a session. One that can't be taken comes back in its form.
func (s *Site) withdraw(c *fiber.Ctx) error {
	id, reason := app.CertificateID(c.Params("certificate")), c.FormValue("reason")
	v, err := s.visitor(c)
	switch {
	case errors.Is(err, app.ErrSignedOut):
		return s.keepReason(c, id)
	case err != nil:
		return err
	case !s.keys.checkCSRF(v.token, c.FormValue("csrf")):
		return s.askReasonAnew(c, v, reason)
	}
	err = s.Training.Withdraw(c.UserContext(), v.Person, id, reason)
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

// askReasonAnew shows a certificate's page with a reason that was sent from a page
// of another session. That page withdraws nothing: whoever may, sends it from this
// one.
func (s *Site) askReasonAnew(c *fiber.Ctx, v visitor, reason string) error {
	r, err := s.certified(c)
	if err != nil {
		return err
	}
	if !v.MayWithdraw(r) || r.Withdrawn != nil {
		return fmt.Errorf("the withdrawal's token is not the session's: %w", fiber.ErrForbidden)
	}
	page := s.certificatePage(c, r)
	page.Reason, page.Wrong = reason, web.T("It is not withdrawn yet: the page was older than your session. Read it once more, and send it.")
	return s.show(c, fiber.StatusForbidden, page)
}

// keepReason makes the page that says that somebody is signed out hold the reason.
func (s *Site) keepReason(c *fiber.Ctx, id app.CertificateID) error {
	p := s.signedOutBeside(c, certificates+string(id),
		web.T("The certificate is not withdrawn yet. Sign in, which opens beside this page; then come back here and go on."))
	p.again = &web.Again{
		Action: c.Path(),
		Fields: []web.Field{{Name: "reason", Value: c.FormValue("reason")}},
		Note:   web.T("The reason is kept in this page."),
		Button: web.T("Go on"),
	}
	return p
}
