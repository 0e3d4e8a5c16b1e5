package site

import (
	"io"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/paper"
	"first5/web"
)

// certificate is the page that proves a completion to whoever has its address.
func (s *Site) certificate(c *fiber.Ctx) error {
	r, err := s.certified(c)
	if err != nil {
		return err
	}
	return s.show(c, fiber.StatusOK, s.certificatePage(c, r))
}

// certified returns the record of the certificate that a request names. No search
// engine is to list it, and nobody to keep a copy: it may be withdrawn.
func (s *Site) certified(c *fiber.Ctx) (app.Record, error) {
	c.Set("X-Robots-Tag", "noindex")
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.Training.Certificate(c.UserContext(), app.CertificateID(c.Params("certificate")))
}

// certificatePage returns the page of a certificate with what its reader may do.
func (s *Site) certificatePage(c *fiber.Ctx, r app.Record) web.CertificatePage {
	title := web.T("Certificate of completion")
	if r.Withdrawn != nil {
		title = web.T("Certificate withdrawn")
	}
	page := web.CertificatePage{Record: r, Place: s.BaseURL + certificates}
	v, err := s.visitor(c)
	if err != nil { // it is for everyone
		page.Frame = s.outside(c, title)
		return page
	}
	page.Frame = s.frame(c, v, web.Anywhere, title)
	page.MayWithdraw = v.MayWithdraw(r) && r.Withdrawn == nil
	page.Audited = v.MayWithdraw(r)
	page.Own = v.Learner == r.Learner
	if page.Own && r.Withdrawn == nil {
		page.Papers = papers(c, certificatePath(r)+".pdf")
	}
	return page
}

func certificatePath(r app.Record) string { return certificates + string(r.Completion.Certificate) }

// certificates is what the path of each certificate's page begins with.
const certificates = "/certificates/"

// certificate is a certificate to print, for whoever has its address.
func (p press) certificate(c *fiber.Ctx) error {
	r, err := p.certified(c)
	if err != nil {
		return err
	}
	language := p.language(c)
	facts := paper.Certificate{
		Number:      string(r.Completion.Certificate),
		Name:        r.Completion.Name,
		Status:      r.Completion.Status,
		Title:       r.Completion.Title,
		Edition:     r.Edition,
		Version:     r.Completion.Version,
		Score:       r.Completion.Score,
		Day:         p.Views.Day(language, r.Completion.At),
		Institution: r.Completion.Institution,
		Credit:      r.Completion.Credit,
		Address:     p.BaseURL + certificatePath(r),
		Language:    language,
	}
	if r.Withdrawn != nil {
		facts.Withdrawn = p.Views.Day(language, r.Withdrawn.At)
	}
	d := document{
		name: "first5-certificate-" + r.Module + "-" + r.Completion.At.UTC().Format(time.DateOnly),
		page: certificatePath(r),
		write: func(w io.Writer, on paper.Paper, say paper.Words) error {
			return paper.WriteCertificate(w, facts, on, say)
		},
	}
	return p.send(c, language, d)
}
