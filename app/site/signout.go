package site

import (
	"errors"
	"log/slog"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/app/signin"
	"first5/web"
)

func (s *Site) signOut(c *fiber.Ctx, v visitor) error {
	hint, err := s.Training.SignOut(c.UserContext(), v.Person, v.token, app.SignOutHere)
	if err != nil {
		return err
	}
	return s.leave(c, v, hint)
}

func (s *Site) signOutEverywhere(c *fiber.Ctx, v visitor) error {
	hint, err := s.Training.SignOutEverywhere(c.UserContext(), v.Person, v.token)
	if err != nil {
		return err
	}
	return s.leave(c, v, hint)
}

// leave takes a signed-out browser's cookie, and leads it to its institution's
// provider where that signs people out. It does so by a page and not by a
// redirect: browsers hold a form's redirects to the form's own site.
func (s *Site) leave(c *fiber.Ctx, v visitor, hint string) error {
	s.dropCookie(c, sessionCookie)
	c.Set("Clear-Site-Data", `"cache"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	page := web.SignedOutPage{Frame: s.outside(c, web.T("Signed out"))}
	address, ok := s.SignIn.SignOutAddress(c.UserContext(), v.Institution, hint)
	if !ok {
		return seeOther(c, signedOutPath)
	}
	page.Continue = address
	if i, err := s.Training.Institution(v.Institution); err == nil {
		page.Institution = i.Name
	}
	return s.show(c, fiber.StatusOK, page)
}

// signedOutPath is where a sign-out ends, also one at a provider.
const signedOutPath = "/signed-out"

// signedOut is where a sign-out ends. It has the browser drop the pages that it
// keeps, so that going back shows nobody's.
func (s *Site) signedOut(c *fiber.Ctx) error {
	_, err := s.visitor(c)
	if err == nil {
		return seeOther(c, "/") // somebody is signed in, whatever the address says
	}
	if !errors.Is(err, app.ErrSignedOut) {
		return err
	}
	c.Set("Clear-Site-Data", `"cache"`)
	c.Set(fiber.HeaderCacheControl, "no-store")
	return s.show(c, fiber.StatusOK, web.SignedOutPage{
		Frame: s.outside(c, web.T("Signed out")),
		There: c.Query("state") == signin.SignedOutThere,
	})
}

// providerSignOut takes a provider's word that somebody has signed out there:
// OpenID Connect Back-Channel Logout 1.0. It answers programs, not people.
func (s *Site) providerSignOut(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-store")
	institution := app.InstitutionID(c.Params("institution"))
	word, err := s.SignIn.ProviderSignOut(c.UserContext(), institution, c.FormValue("logout_token"))
	if err == nil {
		err = s.Training.SignOutByProvider(c.UserContext(), word)
	}
	switch {
	case err == nil:
		return c.SendStatus(fiber.StatusOK)
	case errors.Is(err, signin.ErrRejected), errors.Is(err, signin.ErrUnavailable), errors.Is(err, app.ErrConflict):
		s.Log.Warn("a provider's sign-out is refused", slog.String("institution", string(institution)), slog.Any("error", err))
		reason := string(signin.ReasonOf(err))
		if reason == "" {
			reason = "the token was used before"
		}
		return c.Status(fiber.StatusBadRequest).JSON(fiber.Map{"error": "invalid_request", "error_description": reason})
	}
	return err
}

// clientKeys answers a provider that asks for the key by which First5 proves
// itself to it.
func (s *Site) clientKeys(c *fiber.Ctx) error {
	keys, err := s.SignIn.PublicKeys(app.InstitutionID(c.Params("institution")))
	if err != nil {
		return err
	}
	c.Set(fiber.HeaderContentType, "application/jwk-set+json")
	c.Set(fiber.HeaderCacheControl, "public, max-age=300")
	return c.Send(keys)
}
