package site

import (
	"errors"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/signin"
	"first5/web"
)

const (
	// listedInstitutions is how many are listed for choosing: more are searched.
	listedInstitutions = 12
	foundInstitutions  = 20
	longestSearch      = 200 // bytes

	remembered = 365 * 24 * time.Hour
)

// chooseInstitution helps somebody to their institution. A link that names one
// goes there at once.
func (s *Site) chooseInstitution(c *fiber.Ctx) error {
	page, err := s.signInPage(c, leading(c.Query("return")))
	if err != nil {
		return err
	}
	page.AnswersKept = c.Query("kept") == "1"
	if named := c.Query("institution"); named != "" {
		i, err := s.Training.Institution(app.InstitutionID(named))
		if err == nil {
			return seeOther(c, web.SignInAddress(i.ID, page.Return))
		}
		page.Unknown = cut(named, longestSearch)
	}
	return s.show(c, fiber.StatusOK, page)
}

// findInstitution searches for what somebody typed. It is a form that posts, so
// that an e-mail address stands in no address and no log.
func (s *Site) findInstitution(c *fiber.Ctx) error {
	page, err := s.signInPage(c, leading(c.FormValue("return")))
	if err != nil {
		return err
	}
	page.AnswersKept = c.FormValue("kept") == "1"
	page.Typed = cut(c.FormValue("find"), longestSearch)
	found := s.Training.FindInstitutions(page.Typed)
	page.Found = found[:min(len(found), foundInstitutions)]
	page.More = len(found) > len(page.Found)
	page.Title = page.Heading()
	c.Set(fiber.HeaderCacheControl, "no-store")
	if one := page.One(); one != nil && one.HasAddress(page.Typed) {
		err = s.keepHint(c, one.ID, page.Typed)
		if err != nil {
			return err
		}
	}
	return s.show(c, fiber.StatusOK, page)
}

func (s *Site) signInPage(c *fiber.Ctx, back string) (web.SignInPage, error) {
	page := web.SignInPage{Frame: s.outside(c, web.T("Sign in")), Return: back}
	v, err := s.visitor(c)
	switch {
	case err == nil:
		page.Frame = s.frame(c, v, web.Anywhere, web.T("Sign in"))
	case !errors.Is(err, app.ErrSignedOut):
		return page, err
	}
	i, err := s.Training.Institution(app.InstitutionID(c.Cookies(s.cookieName(institutionCookie))))
	if err == nil {
		page.Remembered = &i
	}
	if len(s.Training.Institutions) <= listedInstitutions {
		page.Listed = s.Training.Institutions
	}
	return page, nil
}

// hint is the e-mail address by which somebody found their institution. Its
// provider gets it, so that it need not be typed again.
type hint struct {
	Institution app.InstitutionID `json:"institution"`
	Email       string            `json:"email"`
}

func (s *Site) keepHint(c *fiber.Ctx, i app.InstitutionID, email string) error {
	sealed, err := s.keys.seal(hintCookie, hint{Institution: i, Email: email})
	if err != nil {
		return err
	}
	s.setCookie(c, hintCookie, sealed, signin.FlowLife)
	return nil
}

// takeHint returns the address that was typed for the institution, or nothing.
func (s *Site) takeHint(c *fiber.Ctx, i app.InstitutionID) string {
	sealed := c.Cookies(s.cookieName(hintCookie))
	if sealed == "" {
		return ""
	}
	s.dropCookie(c, hintCookie)
	var h hint
	err := s.keys.unseal(hintCookie, sealed, &h)
	if err != nil || h.Institution != i {
		return ""
	}
	return h.Email
}

// cut returns the beginning of a text that is too long, on a rune's border.
func cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	for bytes > 0 && text[bytes]&0xC0 == 0x80 {
		bytes--
	}
	return text[:bytes]
}
