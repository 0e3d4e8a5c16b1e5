package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

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
