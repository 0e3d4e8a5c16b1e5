package site

import (
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
	"first5/web"
)

func TestEveryAddressIsForPeopleWhoAreSignedInUnlessItIsListedHere(t *testing.T) {
	views, err := web.New()
	require.NoError(t, err)
	s, err := New(Config{
		BaseURL: "http://localhost", Secret: []byte(strings.Repeat("s", 32)), Training: &app.Training{Now: time.Now, Institutions: []app.Institution{{ID: "institution"}}},
		SignIn: signin.New(nil, signin.Options{}), Views: views, Log: slog.New(slog.DiscardHandler), RateLimits: true,
	})
	require.NoError(t, err)
	open := map[string]bool{
		"GET /": true, "GET /signin": true, "POST /signin": true, "GET /signin/:institution": true,
		"GET /signin/:institution/callback": true, "POST /signin/:institution/logout": true, "GET /signin/:institution/keys": true,
		"GET /signed-out": true, "GET /certificates/:certificate": true, "GET /certificates/:certificate.pdf": true, "GET /assets/:hash/:name": true, "GET /static/:hash/:name": true,
		"GET /sw.js": true, "GET /manifest.webmanifest": true, "GET /offline": true, "GET /healthz": true, "GET /api/v1/openapi.json": true, "GET /readyz": true,
	}
	guarded := 0
	for _, route := range s.app.GetRoutes(true) {
		name := route.Method + " " + route.Path
		if route.Method == fiber.MethodHead || open[name] {
			delete(open, name)
			continue
		}
		guarded++
		res, err := s.app.Test(httptest.NewRequest(route.Method, strings.ReplaceAll(route.Path, ":", ""), nil), -1)
		require.NoError(t, err)
		if isAPI(route.Path) {
			assert.Equal(t, fiber.StatusUnauthorized, res.StatusCode, name)
			assert.Equal(t, challenge, res.Header.Get("WWW-Authenticate"), name)
			assert.Equal(t, fiber.MethodGet, route.Method, "systems change nothing")
			continue
		}
		if route.Method == fiber.MethodPost && (res.StatusCode == fiber.StatusForbidden || res.StatusCode == fiber.StatusUnauthorized) {
			continue // what was written without a session, and without a ticket where there is one
		}
		assert.Equal(t, fiber.StatusSeeOther, res.StatusCode, name)
		assert.Equal(t, "/signin", strings.SplitN(res.Header.Get("Location"), "?", 2)[0], name)
	}
	assert.Greater(t, guarded, 10)
	assert.Empty(t, open, "listed, but not there")
}
