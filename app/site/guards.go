package site

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// visitor is who sent a request.
type visitor struct {
	app.Person
	token app.SessionToken
}

// handler answers a request of somebody who is signed in.
type handler func(c *fiber.Ctx, v visitor) error

// signedIn lets in whoever is signed in, and leads others to the sign-in and
// from there back to the page.
func (s *Site) signedIn(h handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		v, err := s.visitor(c)
		if errors.Is(err, app.ErrSignedOut) {
			return seeOther(c, s.signInAddress(c, c.OriginalURL()))
		}
		if err != nil {
			return err
		}
		if s.forOthers(c, v) {
			return seeOther(c, s.signInAddress(c, c.OriginalURL()))
		}
		return h(c, v)
	}
}

// forOthers says whether a link names another institution than the visitor's:
// they are asked then whether they want to sign in there.
func (s *Site) forOthers(c *fiber.Ctx, v visitor) bool {
	named := app.InstitutionID(c.Query("institution"))
	if named == "" || named == v.Institution {
		return false
	}
	_, err := s.Training.Institution(named)
	return err == nil
}

// form lets in a form that somebody who is signed in has sent from our own page.
func (s *Site) form(h handler) fiber.Handler {
	return func(c *fiber.Ctx) error {
		err := s.checkOrigin(c)
		if err != nil {
			return err
		}
		v, err := s.visitor(c)
		if errors.Is(err, app.ErrSignedOut) {
			return seeOther(c, s.signInAddress(c, ""))
		}
		if err != nil {
			return err
		}
		if !s.keys.checkCSRF(v.token, c.FormValue("csrf")) {
			return fmt.Errorf("the form's token is not the session's: %w", fiber.ErrForbidden)
		}
		return h(c, v)
	}
}

// signedOutBeside tells somebody who is signed out of a way to sign in beside the
// page, which is to hold what they sent.
func (s *Site) signedOutBeside(c *fiber.Ctx, back string, text web.Message) *problem {
	return &problem{
		err:   fmt.Errorf("sent without a session: %w", fiber.ErrUnauthorized),
		title: web.T("You are signed out"),
		text:  text,
		link:  &web.Link{Address: s.signInAddress(c, back), Words: web.T("Sign in"), Beside: true},
	}
}

// keepTyped makes the page that says that somebody is signed out hold what they have
// sent, until they have signed in beside it.
func (s *Site) keepTyped(c *fiber.Ctx, back string, text web.Message) error {
	p := s.signedOutBeside(c, back, text)
	p.again = &web.Again{
		Action: c.Path(),
		Fields: slices.DeleteFunc(fields(c), func(f web.Field) bool { return f.Name == "csrf" }),
		Note:   web.T("What you wrote is kept in this page."),
		Button: web.T("Go on"),
	}
	return p
}

// checkOrigin refuses what another site's page has sent. Browsers say where a
// form comes from; what says nothing is no browser, or has another proof to give.
func (s *Site) checkOrigin(c *fiber.Ctx) error {
	origin, site := c.Get(fiber.HeaderOrigin), c.Get("Sec-Fetch-Site")
	if origin != "" && origin != s.BaseURL || site != "" && site != "same-origin" {
		return fmt.Errorf("sent from %q (%s): %w", origin, site, fiber.ErrForbidden)
	}
	if !strings.HasPrefix(c.Get(fiber.HeaderContentType), fiber.MIMEApplicationForm) && len(c.Body()) > 0 {
		return fiber.ErrUnsupportedMediaType
	}
	return nil
}

// visitor returns who is signed in, or [app.ErrSignedOut].
func (s *Site) visitor(c *fiber.Ctx) (visitor, error) {
	token := app.SessionToken(c.Cookies(s.cookieName(sessionCookie)))
	if token == "" {
		return visitor{}, app.ErrSignedOut
	}
	p, err := s.Training.Authenticate(c.UserContext(), token)
	if err != nil {
		return visitor{}, err
	}
	v := visitor{Person: p, token: token}
	c.Locals(learnerKey, string(p.Learner))
	c.Locals(viewerKey, v)
	return v, nil
}

// learnerKey and viewerKey are where a request's visitor waits for the log and
// for an error page. Handlers get the visitor as an argument.
const (
	learnerKey = "learner"
	viewerKey  = "viewer"
)

// outside returns what surrounds a page for somebody who is not signed in.
func (s *Site) outside(c *fiber.Ctx, title web.Message) web.Frame {
	language := s.language(c)
	return web.Frame{Title: title, Language: language, Switch: s.switches(c, language)}
}

// frame returns what surrounds a page for a visitor.
func (s *Site) frame(c *fiber.Ctx, v visitor, here web.Place, title web.Message) web.Frame {
	f := s.outside(c, title)
	f.Here = here
	f.Viewer = &web.Viewer{
		Name:    v.Name,
		Device:  s.keys.deviceKey(v.Learner),
		CSRF:    s.keys.csrfToken(v.token),
		Manager: v.Has(app.Manager),
		Studio:  v.Writes(),
		Audits:  v.Audits(),
	}
	if i, err := s.Training.Institution(v.Institution); err == nil {
		f.Viewer.Institution = i.Name
	}
	c.Set(learnerHeader, f.Viewer.Device)
	return f
}

const (
	sessionCookie = "first5_session"
	flowCookie    = "first5_flow_"

	institutionCookie = "first5_institution" // where somebody signed in last in this browser
	hintCookie        = "first5_hint"
)

// cookieName adds the prefix by which browsers hold a cookie to this very host,
// wherever the program is served by https.
func (s *Site) cookieName(name string) string {
	if s.https {
		return "__Host-" + name
	}
	return name
}

func (s *Site) setCookie(c *fiber.Ctx, name, value string, life time.Duration) {
	c.Cookie(&fiber.Cookie{
		Name:     s.cookieName(name),
		Value:    value,
		Path:     "/",
		MaxAge:   int(life.Seconds()),
		Secure:   s.https,
		HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode,
	})
}

func (s *Site) dropCookie(c *fiber.Ctx, name string) {
	c.Cookie(&fiber.Cookie{
		Name:     s.cookieName(name),
		Path:     "/",
		Expires:  time.Unix(1, 0),
		Secure:   s.https,
		HTTPOnly: true,
		SameSite: fiber.CookieSameSiteLaxMode,
	})
}
