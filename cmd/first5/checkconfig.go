package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"

	"first5/app/signin"
	"first5/app/site"
)

// check returns what is wrong with the configuration, in one sentence.
func (c config) check() error {
	for _, s := range []struct {
		setting string
		check   func() error
	}{
		{"rate_limits", c.checkRateLimits},
		{"listen", c.checkListen},
		{"trusted_proxies", c.checkProxies},
		{"session_life", c.checkSessionLife},
		{"session_idle", c.checkSessionIdle},
		{"database", c.checkDatabase},
		{"downloads_from", c.checkDownloadsFrom},
		{"institutions", c.checkInstitutions},
	} {
		err := c.naming(s.setting, s.check())
		if err != nil {
			return err
		}
	}
	return nil
}

// normalBaseURL returns the address at which people reach the program in the one
// spelling that browsers and providers send: everything that is made of it, and
// compared with it, begins alike.
func normalBaseURL(written string) (string, error) {
	u, err := url.Parse(written)
	if err != nil || !isHost(u) || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("the base URL %q should be like https://first5.example", written)
	}
	port := u.Port()
	host := strings.TrimSuffix(strings.ToLower(u.Host), ":"+port)
	usual := map[string]string{"http": "80", "https": "443"}
	if port != "" && port != usual[u.Scheme] {
		host += ":" + port
	}
	base := url.URL{Scheme: u.Scheme, Host: host}
	if more := beyondHost(u, written); more != "" {
		return "", fmt.Errorf("the base URL %q has %s, which it may not have: it should be %s", u.Redacted(), more, &base)
	}
	if u.Scheme == "http" && !signin.IsLoopback(&base) {
		return "", fmt.Errorf("the base URL %q should be https, since people sign in by it", written)
	}
	return base.String(), nil
}

// isHost says whether an address has a host, in the signs that browsers send:
// they write a name in other letters as xn--….
func isHost(u *url.URL) bool {
	return u.Hostname() != "" && strings.Trim(strings.ToLower(u.Host), "abcdefghijklmnopqrstuvwxyz0123456789.-_:[]") == ""
}

// beyondHost names what an address has beside its scheme, its host and a slash.
func beyondHost(u *url.URL, written string) string {
	switch {
	case u.User != nil:
		return "a user"
	case strings.Contains(written, "#"): // even if nothing follows it
		return "a fragment"
	case u.RawQuery != "" || u.ForceQuery:
		return "a query"
	case u.Path != "" && u.Path != "/":
		return "a path"
	}
	return ""
}

func (c config) checkRateLimits() error {
	base, err := url.Parse(c.BaseURL)
	if err != nil {
		return fmt.Errorf("reading the base URL: %w", err)
	}
	switch {
	case c.RateLimits != "on" && c.RateLimits != "off":
		return fmt.Errorf("rate_limits is %q and should be on or off", c.RateLimits)
	case c.RateLimits == "off" && !signin.IsLoopback(base):
		return errors.New("rate_limits may be off only where the base URL is on this machine")
	}
	return nil
}

func (c config) checkListen() error {
	_, _, err := net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("the address to listen on, %q, should be like 127.0.0.1:8080", c.Listen)
	}
	return nil
}

func (c config) checkProxies() error { return site.CheckProxies(c.TrustedProxies) }

func (c config) checkSecret() error {
	_, err := c.secret()
	return err
}

func (c config) checkDatabase() error {
	_, err := readDatabase(c.Database)
	return err
}

// Where downloads are read from, if the database has copies of the data.
const (
	fromPrimary     = "primary"
	fromSecondaries = "secondaries"
)

func (c config) checkDownloadsFrom() error {
	if c.DownloadsFrom != fromPrimary && c.DownloadsFrom != fromSecondaries {
		return fmt.Errorf("downloads_from is %q and should be primary or secondaries", c.DownloadsFrom)
	}
	return nil
}

func (c config) checkInstitutions() error {
	if len(c.Institutions) == 0 {
		return errors.New("no institution is configured: name at least one under institutions, with its id, name, issuer and client_id")
	}
	seen := map[string]bool{}
	for n, i := range c.Institutions {
		err := i.check()
		if err != nil {
			return fmt.Errorf("institution %s %w", i.label(n), err)
		}
		if seen[i.ID] {
			return fmt.Errorf("institution %s stands twice in the configuration", i.label(n))
		}
		seen[i.ID] = true
	}
	return checkShared(c.Institutions)
}

const (
	shortestIdle = time.Minute
	longestLife  = 90 * 24 * time.Hour
)

func (c config) checkSessionLife() error {
	if c.SessionLife > longestLife {
		return fmt.Errorf("session_life is %s and should be at most 2160h, which is 90 days", c.SessionLife)
	}
	return nil
}

func (c config) checkSessionIdle() error {
	switch {
	case c.SessionIdle < shortestIdle:
		return fmt.Errorf("session_idle is %s and should be at least a minute", c.SessionIdle)
	case c.SessionIdle > c.SessionLife:
		return fmt.Errorf("session_idle is %s and should not be longer than session_life, which is %s", c.SessionIdle, c.SessionLife)
	}
	return nil
}

// label names an institution that may lack what names it.
func (i institution) label(n int) string {
	if i.ID == "" {
		return fmt.Sprintf("number %d", n+1)
	}
	return fmt.Sprintf("%q", i.ID)
}

func (s settings) names() string {
	return strings.Join(slices.Sorted(maps.Keys(s)), ", ")
}
