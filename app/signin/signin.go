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
	"crypto"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

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
	Hosts        []string // that we may call beside the issuer's own, such as "www.googleapis.com"; with the port if it is not that of https
	ClientID     string
	ClientAuth   ClientAuth // empty: as the provider offers it
	ClientSecret string
	ClientKey    crypto.Signer // for PrivateKeyJWT
	RedirectURL  string        // ours, for this institution alone
	SignedOutURL string        // ours, where a sign-out at the provider ends
	Scopes       []string
	Claims       Claims
	Roles        map[app.Role][]string // claim values that make a role
	Operators    bool                  // its people may be operators

	// Require is what makes an account the institution's own: of each of these
	// claims it must have one of the values. An account that has all that another
	// institution with the same issuer requires as well is turned away at both,
	// since a learner belongs to one. So each institution that shares an issuer
	// needs one.
	Require map[string][]string
}

// GoogleIssuer signs in everybody who has a Google account, of whatever
// organisation: it needs Provider.Require, with the claim "hd".
const GoogleIssuer = "https://accounts.google.com"

// ClientAuth is how First5 proves to a provider that it is First5.
type ClientAuth string

// The ways of client authentication.
const (
	Basic         ClientAuth = "basic"           // the secret in a header
	Post          ClientAuth = "post"            // the secret in the form
	PrivateKeyJWT ClientAuth = "private_key_jwt" // a signature, and no secret
)

// Claims names the claims that hold what we need of a person. A name with dots
// in it may be a path into objects, such as "realm_access.roles".
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
	Code   string
	State  string
	Error  string // the provider's error code, such as "access_denied"
	Issuer string // RFC 9207; empty if the provider does not send it
}

// Options are for tests; the zero value is what serves people.
type Options struct {
	Now      func() time.Time // nil: time.Now
	Deadline time.Duration    // for all calls of one sign-in together; 0: 5 s
}

// RelyingParty signs people in at the providers of their institutions.
// It may be used from many goroutines at once.
type RelyingParty struct {
	clients  map[app.InstitutionID]*client
	now      nowFunc
	deadline time.Duration
}

// client talks to one institution's provider.
type client struct {
	Provider
	sharing []Provider // the other institutions' that have the same issuer

	http     *http.Client      // for which a redirect is an error
	wire     http.RoundTripper // for which it is an answer
	now      nowFunc
	deadline time.Duration

	asking singleflight.Group // so that many people wait for one discovery, not in line
	mu     sync.Mutex
	known  *discovered // nil before the first
	tried  time.Time   // when discovery was last begun

	keys     *keyring
	signOuts signOutChecks
}

// New returns a relying party for the providers. It asks none of them anything
// yet: one that is down must not keep the program from starting.
func New(providers []Provider, o Options) *RelyingParty {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Deadline == 0 {
		o.Deadline = outgoingDeadline
	}
	rp := &RelyingParty{clients: map[app.InstitutionID]*client{}, now: o.Now, deadline: o.Deadline}
	for _, p := range providers {
		wire := newTransport(p, o.Deadline)
		rp.clients[p.Institution] = &client{
			Provider: p, sharing: sharing(providers, p), http: &http.Client{Transport: stayingTransport{wire}}, wire: wire, now: o.Now, deadline: o.Deadline,
			keys: newKeyring(), signOuts: newSignOutChecks(),
		}
	}
	return rp
}

// sharing returns the providers of other institutions that have one's issuer.
func sharing(providers []Provider, one Provider) []Provider {
	return slices.DeleteFunc(slices.Clone(providers), func(p Provider) bool {
		return p.Issuer != one.Issuer || p.Institution == one.Institution
	})
}

func (rp *RelyingParty) client(institution app.InstitutionID) (*client, error) {
	c := rp.clients[institution]
	if c == nil {
		return nil, fmt.Errorf("identity provider of %q: %w", institution, app.ErrNotFound)
	}
	return c, nil
}

// Begin returns the address to send the browser to, and the flow to finish when
// it comes back. The hint tells the provider who is likely to sign in, such as
// an e-mail address; it may be empty. Begin returns [app.ErrNotFound] for an
// unknown institution and a [Failure] of [ErrUnavailable] if its provider can't
// be asked.
func (rp *RelyingParty) Begin(ctx context.Context, institution app.InstitutionID, hint string) (string, Flow, error) {
	c, err := rp.client(institution)
	if err != nil {
		return "", Flow{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, rp.deadline)
	defer cancel()
	provider, err := c.discover(ctx)
	if err != nil {
		return "", Flow{}, err
	}
	f := newFlow(institution, rp.now())
	return c.authorization(provider.metadata, f, hint), f, nil
}

func newFlow(institution app.InstitutionID, now time.Time) Flow {
	return Flow{
		Institution: institution,
		State:       oauth2.GenerateVerifier(), // 256 random bits, as are the next two
		Nonce:       oauth2.GenerateVerifier(),
		Verifier:    oauth2.GenerateVerifier(),
		Expires:     now.Add(FlowLife),
	}
}

// Finish checks what came back for a flow and returns who signed in. It returns
// [app.ErrNotFound] for an unknown institution, a [Failure] of [ErrRejected] if
// the answer does not hold, and one of [ErrUnavailable] if the provider can't be
// asked.
func (rp *RelyingParty) Finish(ctx context.Context, f Flow, cb Callback) (app.Arrival, error) {
	c, err := rp.client(f.Institution)
	if err != nil {
		return app.Arrival{}, err
	}
	err = checkFlow(f, cb, rp.now())
	if err != nil {
		return app.Arrival{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, rp.deadline)
	defer cancel()
	provider, err := c.discover(ctx)
	if err != nil {
		return app.Arrival{}, err
	}
	err = c.checkCallback(provider.metadata, cb)
	if err != nil {
		return app.Arrival{}, err
	}
	token, err := c.exchange(ctx, provider.metadata, cb.Code, f.Verifier)
	if err != nil {
		return app.Arrival{}, err
	}
	signed, err := c.verify(ctx, provider, token, f)
	if err != nil {
		return app.Arrival{}, err
	}
	return c.arrive(ctx, provider, token, signed)
}

// checkFlow says whether the answer is one to the flow, before anybody is asked
// anything for it.
func checkFlow(f Flow, cb Callback, now time.Time) error {
	switch {
	case f.State == "" || !same(f.State, cb.State):
		return rejected(ReasonOtherFlow, nil)
	case now.After(f.Expires):
		return rejected(ReasonExpired, nil)
	}
	return nil
}

// checkCallback says whether the answer is the provider's own, so that one
// provider's code is never sent to another (RFC 9207), and whether it has a code.
func (c *client) checkCallback(m metadata, cb Callback) error {
	switch {
	case cb.Issuer != "" && cb.Issuer != c.Issuer:
		return rejected(ReasonOtherProvider, errors.New("the answer names another issuer"))
	case cb.Issuer == "" && m.SendsIssuer:
		return rejected(ReasonOtherProvider, errors.New("the answer does not name the issuer, which the provider promises to"))
	case cb.Error != "":
		return answeredError(cb.Error)
	case cb.Code == "":
		return rejected(ReasonNoCode, nil)
	}
	return nil
}

func answeredError(code string) error {
	cause := fmt.Errorf("the provider answered %s", loggedCode(code))
	switch code {
	case "access_denied":
		return rejected(ReasonRefused, cause)
	case "server_error", "temporarily_unavailable":
		return unavailable(ReasonProviderFault, cause)
	}
	return rejected(ReasonErrorAnswer, cause)
}

// same compares two secrets without telling by its time how much is alike.
func same(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
