package signin

import (
	"fmt"
	"net"
	"net/url"
	"strings"
)

// hostError is a call to a host that is neither the issuer's nor configured.
type hostError struct {
	endpoint string // its name in the discovery document; may be empty
	host     string
}

// Error implements the error interface.
func (e *hostError) Error() string {
	what := "an address"
	if e.endpoint != "" {
		what = "its " + e.endpoint
	}
	return fmt.Sprintf("%s is at %q, which is not the issuer's host: if it is the provider's, add it to the institution's hosts", what, e.host)
}

// mayCall returns an error unless we may call an address: it must be one that a
// provider may have, at the issuer's own host or a configured one.
func (p Provider) mayCall(u *url.URL) error {
	err := CheckAddress(u)
	if err != nil {
		return err
	}
	host := hostAndPort(u)
	issuer, err := url.Parse(p.Issuer)
	if err == nil && hostAndPort(issuer) == host {
		return nil
	}
	for _, known := range p.Hosts {
		// A host without a port is one that is reached by https, at its usual port.
		if host == hostAndPort(&url.URL{Scheme: "https", Host: known}) {
			return nil
		}
	}
	return &hostError{host: u.Host}
}

// hostAndPort names where an address leads to in one spelling only.
func hostAndPort(u *url.URL) string {
	port := u.Port()
	switch {
	case port != "":
	case u.Scheme == "http":
		port = "80"
	default:
		port = "443"
	}
	return net.JoinHostPort(strings.ToLower(u.Hostname()), port)
}

// CheckAddress returns an error unless u is an address that a provider may
// have: https, or http on loopback.
func CheckAddress(u *url.URL) error {
	if u.Host == "" || u.Hostname() == "" {
		return fmt.Errorf("%q is no web address", u.Redacted())
	}
	if u.User != nil || u.Fragment != "" {
		return fmt.Errorf("%q has a user or a fragment, which a provider's address may not have", u.Redacted())
	}
	if u.Scheme == "https" || u.Scheme == "http" && IsLoopback(u) {
		return nil
	}
	return fmt.Errorf("%q is not https", u.Redacted())
}

// IsLoopback says whether an address leads to this machine: its host is
// "localhost", or an IP address that is loopback, and no other name.
func IsLoopback(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}
