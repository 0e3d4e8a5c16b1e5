package site

import (
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
	"first5/web"
)

// Table returns every address that the program answers, such as "GET /records".
func Table(t testing.TB, views *web.Views) []string {
	t.Helper()
	s, err := New(Config{
		BaseURL: "http://localhost", Secret: []byte(strings.Repeat("s", 32)), Training: &app.Training{Now: time.Now},
		SignIn: signin.New(nil, signin.Options{}), Views: views, Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(t, err)
	var all []string
	for _, route := range s.app.GetRoutes(true) {
		if route.Method != fiber.MethodHead {
			all = append(all, route.Method+" "+route.Path)
		}
	}
	return slices.Compact(all)
}
