package signin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	outgoingDeadline    = 5 * time.Second
	outgoingLimit       = 1_000_000 // bytes of an answer's body; below what oauth2 cuts silently, 1<<20
	outgoingHeaderLimit = 64 << 10  // bytes of an answer's header
	outgoingConnections = 32        // at once, to one host of one institution's provider
)

// errTooLong says that an answer has more than outgoingLimit bytes. It is an
// error at the reader, so that no cut answer is ever taken for a whole one.
var errTooLong = errors.New("the answer is longer than 1 MB")

type nowFunc = func() time.Time

// redirectError is an answer that sends us elsewhere. Its text is for the log, so
// it names the host alone: people's names may stand in the rest of an address.
type redirectError struct{ to *url.URL }

// Error implements the error interface.
func (e *redirectError) Error() string {
	return fmt.Sprintf("it redirects to %q, which is not followed", e.to.Host)
}

// statusError is an answer that is not 200.
type statusError struct {
	code int
	said string // the error code in the answer, as the log may have it
}

// Error implements the error interface.
func (e *statusError) Error() string { return fmt.Sprintf("it answered %d and %s", e.code, e.said) }

// newTransport returns what carries all calls to one institution's provider: each
// has a deadline and size limits, and goes by https (http on loopback only) to a
// known host. Its connections are its own: a slow provider exhausts nobody else's.
func newTransport(p Provider, deadline time.Duration) http.RoundTripper {
	base := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: deadline}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    deadline,
		ResponseHeaderTimeout:  deadline,
		MaxResponseHeaderBytes: outgoingHeaderLimit,
		MaxConnsPerHost:        outgoingConnections,
		MaxIdleConns:           8,
		MaxIdleConnsPerHost:    4,
		IdleConnTimeout:        90 * time.Second,
	}
	return limitedTransport{base: base, provider: p, deadline: deadline}
}

// stayingTransport makes a redirect an error: it would lead away from the hosts
// that are known. [http.Client] could refuse it too, but would write the whole
// address into its error.
type stayingTransport struct{ base http.RoundTripper }

// RoundTrip implements [http.RoundTripper].
func (t stayingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.base.RoundTrip(r)
	if err != nil || res.StatusCode < 300 || res.StatusCode >= 400 {
		return res, err
	}
	to, err := res.Location()
	if errors.Is(err, http.ErrNoLocation) {
		return res, nil
	}
	_ = res.Body.Close() // nobody reads it
	if err != nil {
		to = &url.URL{Host: "nowhere"} // what it says is no address
	}
	return nil, &redirectError{to: to}
}

// limitedTransport ends each call at its deadline by its context, and not by
// [http.Client]'s own timer: of two timers that end at once, one would make a
// provider that is slow look like one that hangs up.
type limitedTransport struct {
	base     http.RoundTripper
	provider Provider
	deadline time.Duration
}

// RoundTrip implements [http.RoundTripper].
func (t limitedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	err := t.provider.mayCall(r.URL)
	if err != nil {
		if r.Body != nil {
			_ = r.Body.Close() // as every RoundTripper must; nothing was sent of it
		}
		return nil, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), t.deadline)
	res, err := t.base.RoundTrip(r.WithContext(ctx))
	if err != nil {
		cancel()
		return nil, err
	}
	res.Body = &limitedBody{ReadCloser: res.Body, left: outgoingLimit, cancel: cancel}
	return res, nil
}

// limitedBody reads up to a limit and then fails, where [io.LimitReader] would
// end as if the answer were whole.
type limitedBody struct {
	io.ReadCloser
	left   int
	cancel func()
}

// Close implements [io.Closer].
func (b *limitedBody) Close() error {
	defer b.cancel()
	return b.ReadCloser.Close()
}

// Read implements [io.Reader].
func (b *limitedBody) Read(p []byte) (int, error) {
	if len(p) > b.left+1 {
		p = p[:b.left+1] // one more than may come, to see whether it does
	}
	n, err := b.ReadCloser.Read(p)
	if n > b.left {
		return b.left, errTooLong
	}
	b.left -= n
	return n, err
}

// answer is what a provider answered, whole.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// get fetches an address, with an access token if there is one. An answer that
// is not 200 is both returned and a [statusError].
func (c *client) get(ctx context.Context, address, accessToken string) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return answer{}, fmt.Errorf("asking %s: %w", address, err)
	}
	req.Header.Set("Accept", "application/json")
	if accessToken != "" {
		req.Header.Set("Authorization", "Bearer "+accessToken)
	}
	res, err := c.http.Do(req)
	if err != nil {
		return answer{}, err // it names the address
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return answer{}, fmt.Errorf("reading the answer of %s: %w", address, err)
	}
	a := answer{status: res.StatusCode, header: res.Header, body: body}
	if a.status != http.StatusOK {
		return a, fmt.Errorf("asking %s: %w", address, &statusError{code: a.status, said: loggedCode(errorCode(body))})
	}
	return a, nil
}

// calling makes oauth2 call by way of the client's limits. go-oidc, which calls
// nobody here, would be held to them too.
func (c *client) calling(ctx context.Context) context.Context {
	return oidc.ClientContext(ctx, c.http)
}
