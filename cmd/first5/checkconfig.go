package main

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"first5/app/signin"
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
	return nil
}

// label names an institution that may lack what names it.
func (i institution) label(n int) string {
	if i.ID == "" {
		return fmt.Sprintf("number %d", n+1)
	}
	return fmt.Sprintf("%q", i.ID)
}

func (i institution) check() error {
	switch {
	case i.ID == "":
		return errors.New("has no id")
	case strings.Trim(i.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return errors.New("has an id that should be of a to z, 0 to 9 and - only")
	case i.Name == "":
		return errors.New("has no name")
	case i.Issuer == "":
		return errors.New("has no issuer: set it to the address of its OpenID Connect provider")
	case i.ClientID == "":
		return errors.New("has no client_id: its provider gives one when First5 is registered there")
	case !slices.Contains(i.Scopes, "openid"):
		return errors.New("has scopes without openid, which every sign-in needs")
	}
	issuer, err := url.Parse(i.Issuer)
	if err == nil {
		err = signin.CheckAddress(issuer)
	}
	if err != nil {
		return fmt.Errorf("has an issuer that can't be used: %w", err)
	}
	return nil
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
