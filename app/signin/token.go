package signin

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"first5/app"
)

const (
	// tokenLife is how old a token may be: it was made for what happens just now.
	// Not less, since Microsoft Entra ID dates its tokens five minutes back.
	tokenLife = 10 * time.Minute

	nameLimit = 255 // bytes of a subject, a session's or a token's name
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

func joseAlgorithms() []jose.SignatureAlgorithm {
	var all []jose.SignatureAlgorithm
	for _, a := range algorithms() {
		all = append(all, jose.SignatureAlgorithm(a))
	}
	return all
}

// signedToken is an ID token that has passed every check.
type signedToken struct {
	raw     string
	subject string
	claims  claims
}

// verify checks the ID token that came for a code.
func (c *client) verify(ctx context.Context, p *discovered, t *oauth2.Token, f Flow) (signedToken, error) {
	raw, ok := t.Extra("id_token").(string)
	if !ok || raw == "" {
		return signedToken{}, rejected(ReasonNoToken, nil)
	}
	keys := &keyCheck{client: c, address: p.Keys}
	idToken, err := c.verifier(keys).Verify(c.calling(ctx), raw)
	if err != nil {
		return signedToken{}, c.unverified(keys, err)
	}
	held, err := readClaims(keys.payload)
	if err != nil {
		return signedToken{}, rejected(ReasonMalformed, err)
	}
	err = c.checkToken(held)
	if err != nil {
		return signedToken{}, err
	}
	nonce, _ := held["nonce"].(string)
	if f.Nonce == "" || !same(nonce, f.Nonce) {
		return signedToken{}, rejected(ReasonNonce, nil)
	}
	subject, ok := held["sub"].(string)
	if !ok || !validName(subject) {
		return signedToken{}, rejected(ReasonSubject, nil)
	}
	if _, hashed := held["at_hash"]; hashed {
		err = idToken.VerifyAccessToken(t.AccessToken)
		if err != nil {
			return signedToken{}, rejected(ReasonAccessToken, err)
		}
	}
	return signedToken{raw: raw, subject: subject, claims: held}, nil
}

// verifier leaves times to checkTimes: go-oidc allows no skew of an expiry, five
// minutes of a beginning, and does not look at when a token was made.
func (c *client) verifier(k *keyCheck) *oidc.IDTokenVerifier {
	return oidc.NewVerifier(c.Issuer, k, &oidc.Config{
		ClientID:             c.ClientID,
		SupportedSigningAlgs: algorithms(),
		SkipExpiryCheck:      true,
	})
}

// unverified says why go-oidc did not take a token.
func (c *client) unverified(k *keyCheck, err error) error {
	failure := k.failure(err)
	if failure != nil {
		return failure
	}
	held, unread := readClaims(k.payload)
	if unread != nil {
		return rejected(ReasonMalformed, err)
	}
	issuer, _ := held["iss"].(string)
	audience, _ := held.audience()
	switch {
	case issuer != c.Issuer:
		return rejected(ReasonIssuer, nil) // go-oidc tells what the token says, which the log need not hold
	case !slices.Contains(audience, c.ClientID):
		return rejected(ReasonAudience, nil)
	}
	return rejected(ReasonMalformed, err)
}

// checkToken checks what ID tokens and sign-out tokens have in common: that they
// are the provider's, for us, and of just now. It looks at the members of just
// these names: go-oidc takes "ISS" for "iss".
func (c *client) checkToken(held claims) error {
	if !c.issued(held) {
		return rejected(ReasonIssuer, errors.New("its issuer is written otherwise"))
	}
	audience, ok := held.audience()
	if !ok {
		return rejected(ReasonMalformed, errors.New("its audience is no list of texts"))
	}
	if !slices.Contains(audience, c.ClientID) {
		return rejected(ReasonAudience, errors.New("its audience is written otherwise"))
	}
	party, named := held["azp"]
	if named && party != c.ClientID || !named && len(audience) > 1 {
		return rejected(ReasonAudience, fmt.Errorf("its authorised party is not First5, of %d audiences", len(audience)))
	}
	return checkTimes(held, c.now())
}

// issued says whether the provider names itself as the issuer. Google may leave
// out the scheme, as go-oidc knows too.
func (c *client) issued(held claims) bool {
	issuer, _ := held["iss"].(string)
	return issuer == c.Issuer || c.Issuer == GoogleIssuer && "https://"+issuer == GoogleIssuer
}

// checkTimes checks when a token was made, and when it begins and ends to count,
// with at most [app.ClockSkew] between the provider's clock and ours.
func checkTimes(held claims, now time.Time) error {
	made, err := held.date("iat")
	if err != nil {
		return rejected(ReasonTimes, err)
	}
	ends, err := held.date("exp")
	if err != nil {
		return rejected(ReasonTimes, err)
	}
	begins := made
	if _, given := held["nbf"]; given {
		begins, err = held.date("nbf")
		if err != nil {
			return rejected(ReasonTimes, err)
		}
	}
	soon, lately := now.Add(app.ClockSkew), now.Add(-app.ClockSkew)
	switch {
	case ends.Before(lately):
		return rejected(ReasonOld, fmt.Errorf("it ended at %s", ends.UTC()))
	case made.Before(lately.Add(-tokenLife)):
		return rejected(ReasonOld, fmt.Errorf("it was made at %s", made.UTC()))
	case made.After(soon), begins.After(soon):
		return rejected(ReasonTimes, fmt.Errorf("it was made at %s and begins at %s", made.UTC(), begins.UTC()))
	}
	return nil
}

// validName says whether a text can name a person, a session or a token.
func validName(s string) bool {
	return s != "" && len(s) <= nameLimit && !strings.ContainsFunc(s, unicode.IsControl)
}
