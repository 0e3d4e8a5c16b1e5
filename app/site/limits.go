package site

import (
	"net/netip"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/limiter"
)

// byAddress limits how often one network address may do something in a minute.
// Its limits are far above what a hospital behind one address does.
func (s *Site) byAddress(times int) fiber.Handler { return s.atMost(times, s.network) }

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
				return keepAnswers(c, fiber.ErrTooManyRequests)
			}
			return fiber.ErrTooManyRequests
		},
	})
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
