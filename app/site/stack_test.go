package site

import (
	"io"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"first5/app"
	"first5/app/signin"
	"first5/app/sqlitestore"
	"first5/content"
	"first5/modules"
	"first5/web"
)

// BenchmarkMiddleware compares a module page as it is served, with its session,
// guards, deadline, headers and log line, to its handler alone, which is told
// who asks. Both are called in turn, in the same run, without a network.
//
// of-page is the part of the page's time that the middleware takes: it should be
// below 0.15.
func BenchmarkMiddleware(b *testing.B) {
	s, token := benchSite(b)
	p, err := s.Training.Authenticate(b.Context(), token)
	require.NoError(b, err)
	alone := fiber.New(fiber.Config{Immutable: true, StrictRouting: true, CaseSensitive: true, WriteBufferSize: pageSize})
	alone.Get("/modules/:slug", func(c *fiber.Ctx) error {
		c.SetUserContext(s.base)
		return s.module(c, visitor{Person: p, token: token})
	})
	served, bare := s.app.Handler(), alone.Handler()
	var inAll, inHandler time.Duration
	rounds := 0
	const round = 50
	for b.Loop() {
		inAll += ask(b, served, token, round)
		inHandler += ask(b, bare, token, round)
		rounds++
	}
	b.ReportMetric((inAll-inHandler).Seconds()/inAll.Seconds(), "of-page")
	b.ReportMetric(inAll.Seconds()*1e6/float64(rounds*round), "µs/page")
	b.ReportMetric(0, "ns/op") // of a round of both: it says nothing
}

// ask asks for the page and returns how long that took.
func ask(b *testing.B, handler fasthttp.RequestHandler, token app.SessionToken, times int) time.Duration {
	var took time.Duration
	for range times {
		var c fasthttp.RequestCtx
		c.Request.SetRequestURI("/modules/names-first")
		c.Request.Header.SetHost("localhost")
		c.Request.Header.SetCookie(sessionCookie, string(token))
		begun := time.Now()
		handler(&c)
		took += time.Since(begun)
		if c.Response.StatusCode() != fiber.StatusOK || len(c.Response.Body()) < 5000 {
			b.Fatalf("status %d, %d bytes", c.Response.StatusCode(), len(c.Response.Body()))
		}
	}
	return took
}

// benchSite returns a site on a store in a file, and somebody's session who has
// begun a module.
func benchSite(b *testing.B) (*Site, app.SessionToken) {
	store, err := sqlitestore.Open(b.Context(), filepath.Join(b.TempDir(), "first5.db"))
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, store.Close()) })
	t := &app.Training{
		Store: store, Institutions: []app.Institution{{ID: "mercy", Name: "Mercy"}}, Now: time.Now,
		SessionIdle: app.DefaultSessionIdle, SessionLife: app.DefaultSessionLife,
	}
	lib, _, err := content.Load(modules.FS)
	require.NoError(b, err)
	_, err = t.Publish(b.Context(), lib, "test")
	require.NoError(b, err)
	token, p, _, err := t.SignIn(b.Context(), app.Arrival{Identity: app.Identity{
		Institution: "mercy", Issuer: "https://login.mercy.example", Subject: "s1", Name: "Ana", Email: "ana@mercy.example"}})
	require.NoError(b, err)
	require.NoError(b, t.Begin(b.Context(), p, "names-first"))
	views, err := web.New()
	require.NoError(b, err)
	s, err := New(Config{
		BaseURL: "http://localhost", Secret: []byte(strings.Repeat("s", 32)), Training: t, RateLimits: true,
		SignIn: signin.New(nil, signin.Options{}), Views: views, Log: slog.New(slog.NewJSONHandler(io.Discard, nil)),
	})
	require.NoError(b, err)
	return s, token
}
