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
)

// check returns what is wrong with the configuration, in one sentence.
func (c config) check() error {
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.Host == "" || base.Scheme != "http" && base.Scheme != "https" {
		return fmt.Errorf("the base URL %q should be like https://first5.example", c.BaseURL)
	}
	if base.Scheme == "http" && !isLoopback(base) {
		return fmt.Errorf("the base URL %q should be https, since people sign in by it", c.BaseURL)
	}
	switch {
	case c.RateLimits != "on" && c.RateLimits != "off":
		return fmt.Errorf("rate_limits is %q and should be on or off", c.RateLimits)
	case c.RateLimits == "off" && !isLoopback(base):
		return errors.New("rate_limits may be off only where the base URL is on this machine")
	}
	_, _, err = net.SplitHostPort(c.Listen)
	if err != nil {
		return fmt.Errorf("the address to listen on, %q, should be like 127.0.0.1:8080", c.Listen)
	}
	_, err = c.secret()
	if err != nil {
		return err
	}
	err = c.checkSessions()
	if err != nil {
		return err
	}
	_, err = databaseFile(c.Database)
	if err != nil {
		return err
	}
	return c.checkInstitutions()
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

// checkSessions returns what is wrong with the lengths of sessions.
func (c config) checkSessions() error {
	switch {
	case c.SessionIdle < shortestIdle:
		return fmt.Errorf("session_idle is %s and should be at least a minute", c.SessionIdle)
	case c.SessionLife > longestLife:
		return fmt.Errorf("session_life is %s and should be at most 2160h, which is 90 days", c.SessionLife)
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

// databaseFile returns the file of a database address.
func databaseFile(address string) (string, error) {
	file, ok := strings.CutPrefix(address, "sqlite:")
	if ok && file != "" {
		return file, nil
	}
	return "", fmt.Errorf("the database address %q should be like sqlite:first5.db", address)
}

func (s settings) names() string {
	return strings.Join(slices.Sorted(maps.Keys(s)), ", ")
}
