package demo

import (
	"errors"
	"fmt"
	"net/url"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// tokenLife is how long what First5 gets at a sign-in stays valid. It uses both
// tokens at once and then keeps a session of its own.
const tokenLife = 5 * time.Minute

// Client is First5 as registered with one institution.
type Client struct {
	ID          string
	Secret      string
	RedirectURI string // the only address that a sign-in returns to

	// PostLogoutRedirectURI is the only address that signing out returns to.
	// Empty: signing out ends on a page of the provider.
	PostLogoutRedirectURI string
}

// check says what is wrong with a client, or returns the origin that a sign-in
// returns to.
func (c Client) check() (string, error) {
	if c.ID == "" || c.Secret == "" {
		return "", errors.New("the client needs an id and a secret")
	}
	back, err := origin(c.RedirectURI)
	if err != nil {
		return "", fmt.Errorf("reading the redirect address: %w", err)
	}
	if c.PostLogoutRedirectURI == "" {
		return back, nil
	}
	if _, err := origin(c.PostLogoutRedirectURI); err != nil {
		return "", fmt.Errorf("reading the post-logout address: %w", err)
	}
	return back, nil
}

// origin returns the scheme and host of an absolute address.
func origin(address string) (string, error) {
	u, err := url.Parse(address)
	if err != nil {
		return "", err
	}
	if (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is not an absolute http address", address)
	}
	return u.Scheme + "://" + u.Host, nil
}

var _ op.Client = opClient{}

// opClient is a Client as the library wants to see it: a confidential web
// client of the code flow.
type opClient struct {
	Client
	issuer string
}

func (c opClient) GetID() string                       { return c.ID }
func (c opClient) RedirectURIs() []string              { return []string{c.RedirectURI} }
func (c opClient) ApplicationType() op.ApplicationType { return op.ApplicationTypeWeb }
func (c opClient) AuthMethod() oidc.AuthMethod         { return oidc.AuthMethodBasic }
func (c opClient) ResponseTypes() []oidc.ResponseType {
	return []oidc.ResponseType{oidc.ResponseTypeCode}
}
func (c opClient) GrantTypes() []oidc.GrantType         { return []oidc.GrantType{oidc.GrantTypeCode} }
func (c opClient) AccessTokenType() op.AccessTokenType  { return op.AccessTokenTypeBearer }
func (c opClient) IDTokenLifetime() time.Duration       { return tokenLife }
func (c opClient) DevMode() bool                        { return false }
func (c opClient) IsScopeAllowed(string) bool           { return false } // beyond the standard ones
func (c opClient) IDTokenUserinfoClaimsAssertion() bool { return true }
func (c opClient) ClockSkew() time.Duration             { return 0 }

func (c opClient) PostLogoutRedirectURIs() []string {
	if c.PostLogoutRedirectURI == "" {
		return nil
	}
	return []string{c.PostLogoutRedirectURI}
}

func (c opClient) LoginURL(request string) string {
	return c.issuer + "/login?" + url.Values{requestField: {request}}.Encode()
}

func (c opClient) RestrictAdditionalIdTokenScopes() func([]string) []string { return sameScopes }

func (c opClient) RestrictAdditionalAccessTokenScopes() func([]string) []string { return sameScopes }

func sameScopes(scopes []string) []string { return scopes }
