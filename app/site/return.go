package site

import (
	"net/url"
	"strings"

	"github.com/gofiber/fiber/v2"

	"first5/app"
	"first5/web"
)

// signInAddress returns the address that leads through the sign-in to a page. A
// page's address may name the institution, and nobody is asked for it then.
func (s *Site) signInAddress(c *fiber.Ctx, back string) string {
	named := app.InstitutionID(c.Query("institution"))
	if named != "" {
		back = without(back, "institution")
	}
	_, err := s.Training.Institution(named)
	if err == nil {
		return web.SignInAddress(named, leading(back))
	}
	q := url.Values{}
	if back = leading(back); back != "" {
		q.Set("return", back)
	}
	if named != "" {
		q.Set("institution", string(named))
	}
	return web.WithQuery("/signin", q)
}

// keptAddress leads through the sign-in to the result of answers that wait.
func keptAddress(result string) string {
	return web.WithQuery("/signin", url.Values{"return": {result}, "kept": {"1"}})
}

// chooseAddress leads through the choice of an institution to an own path.
func chooseAddress(back string) string {
	if back == "" {
		return "/signin"
	}
	return web.WithQuery("/signin", url.Values{"return": {back}})
}

// leading returns an own path that is worth returning to: home is where people
// come to anyway.
func leading(back string) string {
	back = ownPath(back)
	if back == "/" || len(back) > longestReturn { // it stands in a cookie
		return ""
	}
	return back
}

// without returns an own path without one part of its query.
func without(address, name string) string {
	u, err := url.Parse(ownPath(address))
	if err != nil {
		return ""
	}
	q := u.Query()
	q.Del(name)
	u.RawQuery = q.Encode()
	return u.String()
}

// ownPath returns the address if it is a path of our own, and nothing if it
// could lead anywhere else.
func ownPath(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || u.Opaque != "" {
		return ""
	}
	// Browsers read a backslash as a slash and drop control characters, so
	// "/\evil.example" would leave the site.
	if !strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "//") || strings.ContainsAny(u.Path, "\\\t\r\n") {
		return ""
	}
	return (&url.URL{Path: u.Path, RawQuery: u.RawQuery}).String()
}
