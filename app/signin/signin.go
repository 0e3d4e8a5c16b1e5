// Package signin is the OpenID Connect relying party: it begins a sign-in at an
// institution's own provider, and finishes it into an [app.Identity].
//
// It uses the authorisation code flow with PKCE (S256), state and nonce, and
// one redirect address for each institution, so that one provider's answer is
// never taken for another's. It knows neither cookies nor pages: whoever calls
// keeps the [Flow] where only the browser that began it can bring it back.
package signin

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"first5/app"
)

var (
	// ErrUnavailable says that an institution's provider does not answer, or
	// answers what no provider should. Trying later may help.
	ErrUnavailable = errors.New("the identity provider is unavailable")
	// ErrRejected says that a sign-in can't be accepted: it was refused, is too
	// old, or does not belong to the flow. Beginning again may help.
	ErrRejected = errors.New("the sign-in was rejected")
)

// FlowLife is how long a person may take to sign in at the provider.
const FlowLife = 10 * time.Minute

// Provider is an institution's OpenID Connect provider, as configured.
type Provider struct {
	Institution  app.InstitutionID
	Issuer       string
	ClientID     string
	ClientSecret string
	RedirectURL  string // ours, for this institution alone
	Scopes       []string
	Claims       Claims
	Roles        map[app.Role][]string // claim values that make a role
}

// Claims names the claims that hold what we need of a person.
type Claims struct {
	Name, Email, NPI, Roles string
}

// Flow is a sign-in that has begun.
type Flow struct {
	Institution app.InstitutionID `json:"institution"`
	State       string            `json:"state"`
	Nonce       string            `json:"nonce"`
	Verifier    string            `json:"verifier"`
	Expires     time.Time         `json:"expires"`
}

// Callback is what the provider sends back by way of the browser.
type Callback struct {
	Code  string
	State string
	Error string // the provider's error code, such as "access_denied"
}

// RelyingParty signs people in at the providers of their institutions.
// It may be used from many goroutines at once.
type RelyingParty struct {
	clients map[app.InstitutionID]*client
	now     func() time.Time
}

// New returns a relying party for the providers. It asks none of them anything
// yet: one that is down must not keep the program from starting.
func New(providers []Provider, now func() time.Time) *RelyingParty {
	rp := &RelyingParty{clients: map[app.InstitutionID]*client{}, now: now}
	outgoing := newHTTPClient()
	for _, p := range providers {
		rp.clients[p.Institution] = &client{Provider: p, http: outgoing}
	}
	return rp
}

// Begin returns the address to send the browser to, and the flow to finish when
// it comes back. It returns [app.ErrNotFound] for an unknown institution and
// [ErrUnavailable] if its provider can't be asked.
func (rp *RelyingParty) Begin(ctx context.Context, institution app.InstitutionID) (string, Flow, error) {
	c, err := rp.client(institution)
	if err != nil {
		return "", Flow{}, err
	}
	provider, err := c.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	f := Flow{
		Institution: institution,
		State:       oauth2.GenerateVerifier(), // 256 random bits, as are the next two
		Nonce:       oauth2.GenerateVerifier(),
		Verifier:    oauth2.GenerateVerifier(),
		Expires:     rp.now().Add(FlowLife),
	}
	address := c.oauth(provider).AuthCodeURL(f.State, oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier))
	return address, f, nil
}

// Finish checks what came back for a flow and returns who signed in. It returns
// [ErrRejected] if the answer does not hold and [ErrUnavailable] if the
// provider can't be asked.
func (rp *RelyingParty) Finish(ctx context.Context, f Flow, cb Callback) (app.Identity, error) {
	c, err := rp.client(f.Institution)
	if err != nil {
		return app.Identity{}, err
	}
	err = checkCallback(f, cb, rp.now())
	if err != nil {
		return app.Identity{}, err
	}
	provider, err := c.discover(ctx)
	if err != nil {
		return app.Identity{}, err
	}
	token, err := c.exchange(ctx, provider, cb.Code, f.Verifier)
	if err != nil {
		return app.Identity{}, err
	}
	idToken, err := c.verify(ctx, provider, token, f.Nonce, rp.now)
	if err != nil {
		return app.Identity{}, err
	}
	claims, err := c.claims(ctx, provider, token, idToken)
	if err != nil {
		return app.Identity{}, err
	}
	return c.identity(idToken.Subject, claims), nil
}

func (rp *RelyingParty) client(institution app.InstitutionID) (*client, error) {
	c := rp.clients[institution]
	if c == nil {
		return nil, fmt.Errorf("identity provider of %q: %w", institution, app.ErrNotFound)
	}
	return c, nil
}

func checkCallback(f Flow, cb Callback, now time.Time) error {
	switch {
	case subtle.ConstantTimeCompare([]byte(f.State), []byte(cb.State)) != 1 || f.State == "":
		return fmt.Errorf("%w: its state is not that of the flow", ErrRejected)
	case now.After(f.Expires):
		return fmt.Errorf("%w: it took longer than %s", ErrRejected, FlowLife)
	case cb.Error != "":
		return fmt.Errorf("%w: the provider answered %q", ErrRejected, cb.Error)
	case cb.Code == "":
		return fmt.Errorf("%w: the provider sent no code", ErrRejected)
	}
	return nil
}

// withClient makes go-oidc and oauth2 use the client.
func withClient(ctx context.Context, c *http.Client) context.Context {
	return oidc.ClientContext(ctx, c)
}
