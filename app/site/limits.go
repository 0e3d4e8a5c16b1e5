package site

import (
	"fmt"
	"net/netip"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"

	"first5/app"
	"first5/web"
)

// byAddress limits how often one network address may do something in a minute.
// Its limits are far above what a hospital behind one address does.
func (s *Site) byAddress(times int) fiber.Handler { return s.atMost(times, s.network) }

// byAnswerer limits how often one person may send answers in a minute: also when
// their session has ended, since the page's ticket says whose the answers are.
func (s *Site) byAnswerer(times int) fiber.Handler {
	return s.atMost(times, func(c *fiber.Ctx) string {
		v, err := s.visitor(c)
		if err == nil {
			return string(v.Learner)
		}
		t, ok := s.keys.readTicket(c.Params("slug"), c.FormValue("page"))
		if ok {
			return string(t.Learner)
		}
		return s.network(c)
	})
}

// byPerson limits how often one person may do something in a minute, in however
// many browsers. Whoever is not signed in counts by address.
func (s *Site) byPerson(times int) fiber.Handler {
	return s.atMost(times, func(c *fiber.Ctx) string {
		v, err := s.visitor(c)
		if err != nil {
			return s.network(c)
		}
		return string(v.Learner)
	})
}

func (s *Site) atMost(times int, who func(*fiber.Ctx) string) fiber.Handler {
	if !s.RateLimits {
		return func(c *fiber.Ctx) error { return c.Next() }
	}
	return limiter.New(limiter.Config{
		Max:          times,
		Expiration:   time.Minute,
		KeyGenerator: who,
		LimitReached: func(c *fiber.Ctx) error { // with Retry-After set
			if c.Params("slug") != "" && c.Method() == fiber.MethodPost {
				return keepSent(c, fiber.ErrTooManyRequests)
			}
			return fiber.ErrTooManyRequests
		},
	})
}

// signInGuard lets through those who go to an institution's sign-in, or come from
// it, before they are counted: other sites' pictures and frames that name the
// address would otherwise use up what a whole hospital may do.
func (s *Site) signInGuard(c *fiber.Ctx) error {
	_, err := s.Training.Institution(app.InstitutionID(c.Params("institution")))
	if err != nil {
		return err
	}
	mode, into := c.Get("Sec-Fetch-Mode"), c.Get("Sec-Fetch-Dest")
	early := strings.HasPrefix(c.Get("Sec-Purpose"), "prefetch") // nobody has gone there yet
	if early || mode != "" && mode != "navigate" || into != "" && into != "document" {
		return &problem{
			err:   fmt.Errorf("asked for as %s, %s: %w", mode, into, fiber.ErrForbidden),
			title: web.T("A sign-in begins on a page of its own"),
			text:  web.T("Another page asked for it in passing, so nothing was begun. Go to the sign-in itself."),
			link:  &web.Link{Address: "/signin", Words: web.T("Sign in")},
		}
	}
	return c.Next()
}

// fromHere lets through forms of our own pages, before they are counted: others'
// would otherwise use up what a whole hospital may do.
func (s *Site) fromHere(c *fiber.Ctx) error {
	err := s.checkOrigin(c)
	if err != nil {
		return err
	}
	return c.Next()
}

// network returns what counts as one address: of IPv6 the first half, since one
// household has all of the second.
func (s *Site) network(c *fiber.Ctx) string {
	address, err := netip.ParseAddr(s.clientAddress(c))
	if err != nil || address.Is4() {
		return s.clientAddress(c)
	}
	half, err := address.Prefix(64)
	if err != nil {
		return s.clientAddress(c)
	}
	return half.String()
}
