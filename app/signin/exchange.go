package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// flowAt says how oauth2 is to speak with the provider.
func (c *client) flowAt(m metadata) *oauth2.Config {
	o := &oauth2.Config{
		ClientID:    c.ClientID,
		Endpoint:    oauth2.Endpoint{AuthURL: m.Authorization, TokenURL: m.Token, AuthStyle: oauth2.AuthStyleInParams},
		RedirectURL: c.RedirectURL,
		Scopes:      c.Scopes,
	}
	switch c.authentication(m) {
	case Basic:
		o.ClientSecret = c.ClientSecret
		o.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	case Post:
		o.ClientSecret = c.ClientSecret
	}
	return o
}

// authorization returns the address to send a browser to.
func (c *client) authorization(m metadata, f Flow, hint string) string {
	options := []oauth2.AuthCodeOption{oidc.Nonce(f.Nonce), oauth2.S256ChallengeOption(f.Verifier)}
	if hint != "" {
		options = append(options, oauth2.SetAuthURLParam("login_hint", hint))
	}
	return c.flowAt(m).AuthCodeURL(f.State, options...)
}

// exchange gives the code back for the tokens that it stands for.
func (c *client) exchange(ctx context.Context, m metadata, code, verifier string) (*oauth2.Token, error) {
	token, err := c.redeem(ctx, m, code, verifier)
	if err == nil {
		return token, nil
	}
	var refused *oauth2.RetrieveError
	if errors.As(err, &refused) {
		return nil, exchangeRefused(refused)
	}
	if ctx.Err() != nil {
		err = fmt.Errorf("%w: %w", ctx.Err(), err) // oauth2 makes text of it
	}
	return nil, uncalled(fmt.Errorf("exchanging the code: %w", err))
}

// redeem makes the one call of the exchange.
func (c *client) redeem(ctx context.Context, m metadata, code, verifier string) (*oauth2.Token, error) {
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(verifier)}
	if c.authentication(m) == PrivateKeyJWT {
		assertion, err := c.assertion(m)
		if err != nil {
			return nil, unavailable(ReasonClient, err)
		}
		options = append(options,
			oauth2.SetAuthURLParam("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
			oauth2.SetAuthURLParam("client_assertion", assertion))
	}
	return c.flowAt(m).Exchange(c.calling(ctx), code, options...)
}

// exchangeRefused tells a code that does not count from a First5 that the
// provider does not know, about which the person can do nothing.
func exchangeRefused(e *oauth2.RetrieveError) error {
	status := 0
	if e.Response != nil {
		status = e.Response.StatusCode
	}
	cause := fmt.Errorf("the token endpoint answered %d and %s", status, loggedCode(e.ErrorCode))
	switch {
	case status >= http.StatusInternalServerError, status == http.StatusTooManyRequests, status == http.StatusRequestTimeout:
		return unavailable(ReasonProviderFault, cause)
	case clientRefused(e):
		return unavailable(ReasonClient, cause)
	}
	return rejected(ReasonCode, cause)
}

func clientRefused(e *oauth2.RetrieveError) bool {
	return e.ErrorCode == "invalid_client" || e.ErrorCode == "unauthorized_client" ||
		e.Response != nil && e.Response.StatusCode == http.StatusUnauthorized
}
