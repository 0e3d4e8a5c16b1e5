// Package site says what each address of First5 does: one route table, guards,
// forms, cookies and error pages. It is the only package that knows fiber.
//
// fiber lends a request's memory to its handler and takes it back. So nothing
// here keeps a *fiber.Ctx, fiber copies what it hands out (Immutable), input
// becomes typed values at once, and only UserContext goes down to the domain.
package site

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/text/language"

	"first5/app"
	"first5/app/signin"
	"first5/content"
	"first5/web"
)

// Config is what a site is made of.
type Config struct {
	BaseURL        string // where people reach the program; no path
	Secret         []byte // at least 32 random bytes, the same on every replica
	TrustedProxies []string
	RateLimits     bool
	ReadTime       time.Duration // how long a request may take to arrive; 0: 15 s
	Training       *app.Training
	SignIn         *signin.RelyingParty
	Views          *web.Views
	Log            *slog.Logger
}

// Site answers requests.
type Site struct {
	Config
	https   bool
	headers [][2][]byte // see securityHeaders
	keys    keys
	guide   *content.Module

	languages language.Matcher // of the interface

	proxies proxies
	app     *fiber.App

	// base ends when the program is told to stop at once. Every request's
	// context comes from it, since fiber has none that ends.
	base context.Context
	stop context.CancelFunc
}

const (
	requestTime  = 10 * time.Second // how long a page may take
	bodyLimit    = 64 << 10         // bytes of a form
	writtenLimit = 512 << 10        // bytes of a form in which a learner writes
	headerLimit  = 16 << 10
	pageSize     = 32 << 10 // of most modules, at most: they are then sent at one go
)

// New returns a site that is ready to listen. It returns an error if the base
// URL or the secret can't be used.
func New(c Config) (*Site, error) {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" || strings.Trim(base.Path, "/") != "" {
		return nil, fmt.Errorf("the base URL %q should be like https://first5.example, without a path", c.BaseURL)
	}
	c.BaseURL = base.Scheme + "://" + base.Host
	s := &Site{Config: c, https: base.Scheme == "https", headers: securityHeaders(base.Scheme == "https"), guide: content.Guide(), languages: matcherOf(web.Languages())}
	s.keys, err = newKeys(c.Secret)
	if err != nil {
		return nil, err
	}
	s.proxies, err = parseProxies(c.TrustedProxies)
	if err != nil {
		return nil, err
	}
	if c.ReadTime == 0 {
		s.ReadTime = 15 * time.Second
	}
	s.base, s.stop = context.WithCancel(context.Background())
	s.app = fiber.New(fiber.Config{
		Immutable:                    true,
		StrictRouting:                true,
		CaseSensitive:                true,
		StreamRequestBody:            true, // so that an oversized form gets an answer; see limitBody
		DisablePreParseMultipartForm: true,
		BodyLimit:                    bodyLimit,
		ReadBufferSize:               headerLimit,
		WriteBufferSize:              pageSize,
		ReadTimeout:                  s.ReadTime,
		WriteTimeout:                 30 * time.Second,
		IdleTimeout:                  time.Minute,
		DisableStartupMessage:        true,
		EnableTrustedProxyCheck:      true, // of none: see proxies
		ErrorHandler:                 s.refuse,
	})
	s.app.Use(s.around, s.limitBody)
	s.routes(s.app)
	return s, nil
}

// Serve answers requests on ln until Shutdown.
func (s *Site) Serve(ln net.Listener) error {
	err := s.app.Listener(ln)
	if err != nil {
		return fmt.Errorf("serving: %w", err)
	}
	return nil
}

// Shutdown takes no more requests and waits for those that have begun, at most
// until ctx ends; then it breaks them off.
func (s *Site) Shutdown(ctx context.Context) error {
	defer s.stop()
	err := s.app.ShutdownWithContext(ctx)
	if err != nil {
		return fmt.Errorf("shutting down: %w", err)
	}
	return nil
}

// show answers with a page.
func (s *Site) show(c *fiber.Ctx, status int, p web.Page) error {
	c.Status(status)
	c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
	if _, keeps := p.(web.Keeper); keeps {
		c.Set(keepHeader, "page")
	}
	return s.Views.Render(c.Response().BodyWriter(), p)
}

// seeOther sends the browser to another page of ours after a form was taken.
func seeOther(c *fiber.Ctx, path string) error { return c.Redirect(path, fiber.StatusSeeOther) }
