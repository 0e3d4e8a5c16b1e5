package site

import (
	"github.com/gofiber/fiber/v2"

	"first5/web"
)

// What pages are kept on a device, and whose they are, the service worker is told
// by these headers; see web/sw.js. It shows nobody what was kept for another.
const (
	learnerHeader = "First5-Learner" // as [keys.deviceKey] has it
	keepHeader    = "First5-Keep"    // of what may be read without a connection
)

// workerPolicy lets the service worker ask for pages and load its other script,
// and nothing else.
const workerPolicy = "default-src 'none'; script-src 'self'; connect-src 'self'"

// worker sends the script of the service worker. Browsers look for a new one at
// each visit, so that a new version of the program is in force at once.
func (s *Site) worker(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "no-cache")
	c.Set(fiber.HeaderContentSecurityPolicy, workerPolicy)
	return s.sendStatic(c, s.Views.Worker())
}

// manifest says how the program is installed on a phone. Browsers ask for it
// without cookies.
func (s *Site) manifest(c *fiber.Ctx) error {
	c.Set(fiber.HeaderCacheControl, "public, max-age=86400")
	c.Vary(fiber.HeaderAcceptLanguage)
	return s.sendStatic(c, s.Views.Manifest(s.language(c)))
}

// offline is the page for what a device has not kept. It is the same for
// everyone, and the service worker keeps it in the language of its reader.
func (s *Site) offline(c *fiber.Ctx) error {
	f := s.outside(c, web.T("No connection"))
	f.Switch = nil // there is nothing to switch to without a connection
	c.Set(fiber.HeaderContentLanguage, f.Language)
	return s.show(c, fiber.StatusOK, web.OfflinePage{Frame: f})
}
