package signin

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

const (
	outgoingDeadline = 5 * time.Second
	outgoingLimit    = 1 << 20 // bytes of an answer
)

type nowFunc = func() time.Time

// newHTTPClient returns the client for all calls to providers: each has a
// deadline and a size limit, goes by https (http on loopback only), and follows
// no redirects, which would lead away from the configured issuer.
func newHTTPClient() *http.Client {
	return &http.Client{
		Timeout:   outgoingDeadline,
		Transport: limitedTransport{http.DefaultTransport.(*http.Transport).Clone()},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return errors.New("the provider redirects, which is not followed")
		},
	}
}

type limitedTransport struct{ base http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t limitedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	err := CheckAddress(r.URL)
	if err != nil {
		return nil, err
	}
	res, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	res.Body = limitedBody{io.LimitReader(res.Body, outgoingLimit), res.Body}
	return res, nil
}

type limitedBody struct {
	io.Reader
	io.Closer
}

// CheckAddress returns an error unless u is an address that a provider may
// have: https, or http on loopback.
func CheckAddress(u *url.URL) error {
	if u.Host == "" {
		return fmt.Errorf("%q is no web address", u)
	}
	ip := net.ParseIP(u.Hostname())
	loopback := u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
	if u.Scheme == "https" || u.Scheme == "http" && loopback {
		return nil
	}
	return fmt.Errorf("%q is not https", u)
}
