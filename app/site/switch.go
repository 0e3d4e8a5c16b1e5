package site

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/signin"
	"first5/web"
)

// askToSwitch asks somebody who is signed in at another institution whether they
// want to leave it. Without that, any page's link could put another's person
// into their browser, and their answers would count for that person. If they
// have agreed it returns the institution that they leave.
func (s *Site) askToSwitch(c *fiber.Ctx, to app.InstitutionID, back string) (former app.InstitutionID, asked bool, err error) {
	v, err := s.visitor(c)
	if errors.Is(err, app.ErrSignedOut) {
		return "", false, nil
	}
	if err != nil || v.Institution == to {
		return "", false, err
	}
	if s.keys.checkSwitch(v.token, to, c.Query("switch")) {
		return v.Institution, false, nil
	}
	there, err := s.Training.Institution(to)
	if err != nil {
		return "", false, err
	}
	q := url.Values{"switch": {s.keys.switchToken(v.token, to)}}
	if back != "" {
		q.Set("return", back)
	}
	c.Set(fiber.HeaderCacheControl, "no-store")
	return "", true, s.show(c, fiber.StatusOK, web.SwitchPage{
		Frame: s.frame(c, v, web.Anywhere, web.T("Sign in elsewhere")), To: there.Name, Address: web.WithQuery("/signin/"+string(to), q), Stay: cmp.Or(back, "/"),
	})
}

// checkFormer refuses to replace the session of somebody who has not agreed to
// leave the institution where they are signed in.
func (s *Site) checkFormer(c *fiber.Ctx, f flow) error {
	v, err := s.visitor(c)
	if errors.Is(err, app.ErrSignedOut) {
		return nil
	}
	if err != nil || v.Institution == f.Institution || v.Institution == f.Former {
		return err
	}
	return &problem{
		err:   fmt.Errorf("%w: somebody of %s is signed in", signin.ErrRejected, v.Institution),
		title: web.T("You are signed in elsewhere"),
		text:  web.T("In this browser you are signed in with another institution. Sign out there first if you want to sign in here."),
		link:  &web.Link{Address: "/account", Words: web.T("Your account")},
	}
}
