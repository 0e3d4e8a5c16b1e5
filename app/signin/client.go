package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
	"golang.org/x/sync/singleflight"

	"first5/app"
)

// algorithms are the signatures that we take: no shared secrets, and not "none".
func algorithms() []string {
	return []string{
		oidc.RS256, oidc.RS384, oidc.RS512,
		oidc.PS256, oidc.PS384, oidc.PS512,
		oidc.ES256, oidc.ES384, oidc.ES512,
		oidc.EdDSA,
	}
}

// client talks to one institution's provider.
type client struct {
	Provider
	http *http.Client

	asking singleflight.Group // so that many people wait for one discovery, not in line
	mu     sync.Mutex
	found  *oidc.Provider
}

// discover returns what the provider says of itself, which it asks for once.
func (c *client) discover(ctx context.Context) (*oidc.Provider, error) {
	c.mu.Lock()
	found := c.found
	c.mu.Unlock()
	if found != nil {
		return found, nil
	}
	v, err, _ := c.asking.Do("discover", func() (any, error) {
		// Whoever asked first may leave while others wait, so the question is
		// not bound to their request; the HTTP client's deadline ends it.
		return oidc.NewProvider(withClient(context.WithoutCancel(ctx), c.http), c.Issuer)
	})
	if err != nil {
		return nil, fmt.Errorf("%w: discovery at %s: %w", ErrUnavailable, c.Issuer, err)
	}
	provider := v.(*oidc.Provider)
	c.mu.Lock()
	c.found = provider
	c.mu.Unlock()
	return provider, nil
}

func (c *client) oauth(p *oidc.Provider) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     c.ClientID,
		ClientSecret: c.ClientSecret,
		Endpoint:     p.Endpoint(),
		RedirectURL:  c.RedirectURL,
		Scopes:       c.Scopes,
	}
}

func (c *client) exchange(ctx context.Context, p *oidc.Provider, code, verifier string) (*oauth2.Token, error) {
	token, err := c.oauth(p).Exchange(withClient(ctx, c.http), code, oauth2.VerifierOption(verifier))
	if err == nil {
		return token, nil
	}
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) && refused.Response != nil && refused.Response.StatusCode < http.StatusInternalServerError {
		// Not err itself: it holds what the provider wrote.
		return nil, fmt.Errorf("%w: the token endpoint answered %d %q", ErrRejected, refused.Response.StatusCode, refused.ErrorCode)
	}
	return nil, fmt.Errorf("%w: exchanging the code: %w", ErrUnavailable, err)
}

func (c *client) verify(ctx context.Context, p *oidc.Provider, t *oauth2.Token, nonce string, now nowFunc) (*oidc.IDToken, error) {
	raw, ok := t.Extra("id_token").(string)
	if !ok {
		return nil, fmt.Errorf("%w: the provider sent no ID token", ErrRejected)
	}
	verifier := p.VerifierContext(withClient(ctx, c.http), &oidc.Config{
		ClientID:             c.ClientID,
		SupportedSigningAlgs: algorithms(),
		Now:                  now,
	})
	idToken, err := verifier.Verify(withClient(ctx, c.http), raw)
	if err != nil {
		return nil, fmt.Errorf("%w: verifying the ID token: %w", ErrRejected, err)
	}
	switch {
	case idToken.Nonce != nonce:
		return nil, fmt.Errorf("%w: the ID token's nonce is not that of the flow", ErrRejected)
	case idToken.Subject == "":
		return nil, fmt.Errorf("%w: the ID token has no subject", ErrRejected)
	}
	return idToken, nil
}

// claims returns the ID token's claims and, where those lack one that we need,
// the userinfo endpoint's. What is signed comes first.
func (c *client) claims(ctx context.Context, p *oidc.Provider, t *oauth2.Token, idToken *oidc.IDToken) (map[string]any, error) {
	claims := map[string]any{}
	err := idToken.Claims(&claims)
	if err != nil {
		return nil, fmt.Errorf("%w: reading the ID token: %w", ErrRejected, err)
	}
	if p.UserInfoEndpoint() == "" || c.complete(claims) {
		return claims, nil
	}
	info, err := p.UserInfo(withClient(ctx, c.http), oauth2.StaticTokenSource(t))
	if err != nil {
		return nil, fmt.Errorf("%w: asking for the person's details: %w", ErrUnavailable, err)
	}
	if info.Subject != idToken.Subject {
		return nil, fmt.Errorf("%w: the details are of another subject", ErrRejected)
	}
	more := map[string]any{}
	err = info.Claims(&more)
	if err != nil {
		return nil, fmt.Errorf("%w: reading the person's details: %w", ErrUnavailable, err)
	}
	for name, value := range more {
		if _, signed := claims[name]; !signed {
			claims[name] = value
		}
	}
	return claims, nil
}

func (c *client) complete(claims map[string]any) bool {
	for _, name := range []string{c.Claims.Name, c.Claims.Email, c.Claims.NPI, c.Claims.Roles} {
		if _, ok := claims[name]; !ok {
			return false
		}
	}
	return true
}

// identity reads a person out of claims. A claim of another type than it should
// have is taken for absent: nobody is kept from learning by it.
func (c *client) identity(subject string, claims map[string]any) app.Identity {
	id := app.Identity{
		Institution: c.Institution,
		Issuer:      c.Issuer,
		Subject:     subject,
		Name:        text(claims[c.Claims.Name]),
		Email:       text(claims[c.Claims.Email]),
		NPI:         text(claims[c.Claims.NPI]),
	}
	held := texts(claims[c.Claims.Roles])
	for _, role := range []app.Role{app.Educator, app.Manager, app.Operator} {
		if slices.ContainsFunc(c.Roles[role], func(v string) bool { return slices.Contains(held, v) }) {
			id.Roles = append(id.Roles, role)
		}
	}
	return id
}

func text(claim any) string {
	s, _ := claim.(string)
	return s
}

// texts reads a claim that is a list of texts or, as some providers send it for
// one value, a text.
func texts(claim any) []string {
	if s, ok := claim.(string); ok {
		return []string{s}
	}
	var all []string
	list, _ := claim.([]any)
	for _, v := range list {
		if s, ok := v.(string); ok {
			all = append(all, s)
		}
	}
	return all
}
