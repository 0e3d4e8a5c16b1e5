package signin

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"first5/app"
)

// signOutEvent is what a back-channel logout token says has happened.
const signOutEvent = "http://schemas.openid.net/event/backchannel-logout"

// SignOutAddress returns the address at which the provider signs somebody out,
// and whether it has one. The hint is an [app.Arrival]'s LogoutHint and may be
// empty. The provider is asked only if nothing is known of it.
func (rp *RelyingParty) SignOutAddress(ctx context.Context, institution app.InstitutionID, logoutHint string) (string, bool) {
	c, err := rp.client(institution)
	if err != nil {
		return "", false
	}
	ctx, cancel := context.WithTimeout(ctx, rp.deadline)
	defer cancel()
	provider, err := c.discover(ctx)
	if err != nil || provider.EndSession == "" {
		return "", false
	}
	u, err := url.Parse(provider.EndSession)
	if err != nil {
		return "", false
	}
	q := u.Query()
	q.Set("client_id", c.ClientID)
	if c.SignedOutURL != "" {
		q.Set("post_logout_redirect_uri", c.SignedOutURL)
		q.Set("state", SignedOutThere)
	}
	if logoutHint != "" {
		q.Set("id_token_hint", logoutHint)
	}
	u.RawQuery = q.Encode()
	return u.String(), true
}

// SignedOutThere is the state with which a provider leads back whom it has
// signed out. To them the site leaves out the sentence that the institution's
// sign-in may still be open. It proves nothing: anybody can write such an address.
const SignedOutThere = "signed-out-there"

// ProviderSignOut checks the token by which a provider says that somebody has
// signed out there (OpenID Connect Back-Channel Logout 1.0). It must have been
// made in the last ten minutes and must not have expired, each with at most
// [app.ClockSkew]; Expires is never later than that, so that a token need not be
// remembered for longer than that and the skew to count once. Errors are as those
// of [RelyingParty.Finish]; ErrRejected is also for a token that waited in vain
// for its signature to be checked.
func (rp *RelyingParty) ProviderSignOut(ctx context.Context, institution app.InstitutionID, token string) (app.ProviderSignOut, error) {
	c, err := rp.client(institution)
	if err != nil {
		return app.ProviderSignOut{}, err
	}
	err = checkSignOutType(token)
	if err != nil {
		return app.ProviderSignOut{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, rp.deadline)
	defer cancel()
	provider, err := c.discover(ctx)
	if err != nil {
		return app.ProviderSignOut{}, err
	}
	keys := &keyCheck{client: c, address: provider.Keys, limit: c.signOuts}
	_, err = c.verifier(keys).VerifyLogout(c.calling(ctx), token)
	if err != nil {
		return app.ProviderSignOut{}, c.noSignOut(keys, err)
	}
	held, err := readClaims(keys.payload)
	if err != nil {
		return app.ProviderSignOut{}, rejected(ReasonMalformed, err)
	}
	err = c.checkToken(held)
	if err != nil {
		return app.ProviderSignOut{}, err
	}
	return c.readSignOut(held)
}

// noSignOut says why go-oidc did not take a sign-out token.
func (c *client) noSignOut(k *keyCheck, err error) error {
	err = c.unverified(k, err)
	var f *Failure
	if errors.As(err, &f) && f.Reason == ReasonMalformed && k.payload != nil {
		return rejected(ReasonNoSignOut, f.Err)
	}
	return err
}

// checkSignOutType returns an error if a token says of itself that it is of
// another type. Many say "JWT" or nothing.
func checkSignOutType(token string) error {
	parsed, err := jose.ParseSignedCompact(token, joseAlgorithms())
	if err != nil {
		// Without the cause, which tells what anybody may have written.
		return rejected(ReasonMalformed, errors.New("it is not compact, or not signed in a way that is taken"))
	}
	for _, s := range parsed.Signatures {
		given, there := s.Header.ExtraHeaders[jose.HeaderType]
		if !there {
			continue
		}
		name, _ := given.(string)
		switch strings.TrimPrefix(strings.ToLower(name), "application/") {
		case "logout+jwt", "jwt":
		default:
			return rejected(ReasonNoSignOut, errors.New("it says that it is of another type"))
		}
	}
	return nil
}

// readSignOut reads a token that is the provider's, for us and of just now.
func (c *client) readSignOut(held claims) (app.ProviderSignOut, error) {
	events, _ := held["events"].(map[string]any)
	_, ok := events[signOutEvent].(map[string]any)
	if !ok {
		return app.ProviderSignOut{}, rejected(ReasonNoSignOut, errors.New("its event is no object"))
	}
	id, ok := held["jti"].(string)
	if !ok || !validName(id) {
		return app.ProviderSignOut{}, rejected(ReasonNoSignOut, errors.New("its id is missing, too long or not a text"))
	}
	o := app.ProviderSignOut{ID: id, Institution: c.Institution, Issuer: c.Issuer}
	for name, to := range map[string]*string{"sub": &o.Subject, "sid": &o.Session} {
		claim, there := held[name]
		s, ok := claim.(string)
		if there && (!ok || !validName(s)) {
			return app.ProviderSignOut{}, rejected(ReasonSubject, fmt.Errorf("its %s is empty, too long or not a text", name))
		}
		*to = s
	}
	if o.Subject == "" && o.Session == "" {
		return app.ProviderSignOut{}, rejected(ReasonSubject, nil)
	}
	made, err := held.date("iat")
	if err != nil {
		return app.ProviderSignOut{}, rejected(ReasonTimes, err)
	}
	ends, err := held.date("exp")
	if err != nil {
		return app.ProviderSignOut{}, rejected(ReasonTimes, err)
	}
	o.At, o.Expires = made, made.Add(tokenLife)
	if ends.Before(o.Expires) {
		o.Expires = ends
	}
	return o, nil
}
