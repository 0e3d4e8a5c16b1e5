package signin

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
)

const (
	keysBurst  = 6           // fetches of a provider's keys
	keysPeriod = time.Minute // in which there are no more than that
)

// keys are a provider's public keys: kept, and asked for again when a token
// names one that is not among them, so that keys rotate without a restart.
type keys struct {
	remote *oidc.RemoteKeySet
}

func newKeys(c *client, address string) *keys {
	calling := &http.Client{
		Timeout:       c.http.Timeout,
		CheckRedirect: c.http.CheckRedirect,
		Transport:     &sparingTransport{base: c.http.Transport, now: c.now},
	}
	return &keys{remote: oidc.NewRemoteKeySet(oidc.ClientContext(context.Background(), calling), address)}
}

// keyCheck is the keys' part in the verification of one token, remembered because
// go-oidc turns the cause of a failure into text.
type keyCheck struct {
	keys    *keys
	payload []byte // of a token whose signature is the provider's
	asked   bool
	err     error
}

// VerifySignature implements [oidc.KeySet].
func (k *keyCheck) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	k.asked = true
	k.payload, k.err = k.keys.remote.VerifySignature(ctx, jwt)
	return k.payload, k.err
}

// failure says why go-oidc did not take the token. It is nil if the signature
// is the provider's, so that the reason must be in the claims.
func (k *keyCheck) failure(err error) error {
	switch {
	case !k.asked:
		return rejected(ReasonMalformed, err)
	case k.err == nil:
		return nil
	case errors.Unwrap(k.err) != nil:
		// Where a RemoteKeySet can't fetch the keys, its error wraps why; that a
		// signature fits none of them wraps nothing.
		return uncalled(fmt.Errorf("asking for the provider's keys: %w", k.err))
	}
	return rejected(ReasonSignature, err)
}

// sparingTransport fetches keys no more often than keysBurst in a keysPeriod,
// and gives the last good answer again beyond that: tokens for a sign-out come
// from anybody, and each may name a key that was never seen.
type sparingTransport struct {
	base http.RoundTripper
	now  nowFunc

	mu    sync.Mutex
	since time.Time // when the period began
	count int       // fetches in it
	last  []byte    // the last good answer; nil if there was none
}

// RoundTrip implements [http.RoundTripper].
func (t *sparingTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	last := t.spare()
	if last != nil {
		return &http.Response{
			Status: "200 OK", StatusCode: http.StatusOK, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
			Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(last)), Request: r,
		}, nil
	}
	res, err := t.base.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		return res, nil // the HTTP client refuses to follow it
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, fmt.Errorf("reading the keys: %w", err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, &statusError{code: res.StatusCode, body: string(body)} // as text, go-oidc would lose it
	}
	t.mu.Lock()
	t.last = body
	t.mu.Unlock()
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// spare counts a fetch, and returns what to answer without one if there were
// too many.
func (t *sparingTransport) spare() []byte {
	now := t.now()
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Sub(t.since) > keysPeriod {
		t.since, t.count = now, 0
	}
	t.count++
	if t.count <= keysBurst {
		return nil
	}
	return t.last
}
