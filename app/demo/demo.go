// Package demo is the single sign-on of two invented hospitals and a
// neighbourhood organisation, for trying out First5 without any account.
//
// It is a real OpenID Connect provider, built on the library
// github.com/zitadel/oidc: what signs in here signs in anywhere. One
// thing is missing on purpose: nobody has to prove who they are. So it serves
// loopback addresses alone, and each of its pages says what it is.
//
// Each institution is an issuer of its own, {base}/{institution}, with its own
// keys, people and client. Nobody stays signed in: every visit asks afresh whom
// the visitor wants to be, so that one can be a physician and then a manager.
package demo

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

// maxBody is more than any form that is sent here has.
const maxBody = 64 << 10

// NewProvider returns the handler of all institutions' issuers. It answers
// under baseURL, such as http://127.0.0.1:8081, whose host must be a loopback
// address; the caller listens there. clients holds First5 as registered with
// each institution, by the institution's id: all of them, and no others.
//
// What goes wrong in a sign-in is logged to log; nil discards it. Nothing goes
// to the default logger.
func NewProvider(baseURL string, clients map[string]Client, log *slog.Logger) (http.Handler, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return newProvider(baseURL, clients, log, time.Now)
}

// Issuer returns the address of an institution's issuer under a base address.
func Issuer(baseURL, institution string) string { return baseURL + "/" + institution }

func newProvider(baseURL string, clients map[string]Client, log *slog.Logger, now func() time.Time) (http.Handler, error) {
	host, err := loopbackHost(baseURL)
	if err != nil {
		return nil, err
	}
	institutions := Institutions()
	mux := http.NewServeMux()
	for _, i := range institutions {
		client, ok := clients[i.ID]
		if !ok {
			return nil, fmt.Errorf("institution %q has no client", i.ID)
		}
		served, err := newIssuer(Issuer(baseURL, i.ID), i, client, log, now)
		if err != nil {
			return nil, fmt.Errorf("setting up institution %q: %w", i.ID, err)
		}
		mux.Handle("/"+i.ID+"/", http.StripPrefix("/"+i.ID, served.routes()))
	}
	if len(clients) > len(institutions) {
		return nil, errors.New("a client names an institution that the demonstration does not have")
	}
	return guard(host, http.MaxBytesHandler(mux, maxBody)), nil
}

// loopbackHost returns the host and port of a base address, which must not be
// reachable from another machine: whoever reaches it can be anybody.
func loopbackHost(baseURL string) (string, error) {
	u, err := url.Parse(baseURL)
	if err != nil {
		return "", fmt.Errorf("reading the base address: %w", err)
	}
	if (u.Scheme != "http" && u.Scheme != "https") || baseURL != u.Scheme+"://"+u.Host {
		return "", fmt.Errorf("the base address %q must look like http://127.0.0.1:8081", baseURL)
	}
	address, err := netip.ParseAddr(u.Hostname())
	if u.Hostname() != "localhost" && (err != nil || !address.IsLoopback()) {
		return "", fmt.Errorf("the demonstration sign-in runs on this machine alone, and %q is not a loopback address", u.Hostname())
	}
	return u.Host, nil
}

// guard sets the headers that every answer carries, and turns away requests
// that came by another name: those of a page elsewhere whose name was made to
// point here, or of a listener that is open to the network.
func guard(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Content-Security-Policy", policy("'none'"))
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		if r.Host != host {
			http.Error(w, "The demonstration sign-in answers at "+host+" only.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// policy is the content security policy of a page whose forms may lead to the
// given sources.
func policy(forms string) string {
	return "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action " + forms
}
