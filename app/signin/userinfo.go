package signin

import (
	"context"
	"fmt"
	"mime"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"golang.org/x/oauth2"

	"first5/app"
)

// logoutHintLimit is up to how many bytes an ID token is kept for the sign-out.
const logoutHintLimit = 4000

// arrive reads the person out of what is signed and, where that lacks something
// that we need, of what the userinfo endpoint says. What is signed comes first.
func (c *client) arrive(ctx context.Context, p *discovered, t *oauth2.Token, s signedToken) (app.Arrival, error) {
	person := reading{client: c, sources: []claims{s.claims}}
	address, callable := c.userinfoAddress(p.metadata)
	switch {
	case person.complete() || address == "":
	case !callable:
		person.note(noteUserinfo)
	default:
		more, err := c.userinfo(ctx, p, address, t.AccessToken, s.subject)
		if err != nil {
			return app.Arrival{}, err
		}
		person.sources = append(person.sources, more)
	}
	err := person.belongs()
	if err != nil {
		return app.Arrival{}, err
	}
	a := app.Arrival{Identity: person.identity(s.subject), ProviderSession: person.session()}
	if len(s.raw) <= logoutHintLimit {
		a.LogoutHint = s.raw
	}
	a.Notes = person.notes
	return a, nil
}

// userinfo asks for a person's details, which must be the subject's own.
func (c *client) userinfo(ctx context.Context, p *discovered, address, accessToken, subject string) (claims, error) {
	a, err := c.get(ctx, address, accessToken)
	if err != nil {
		return nil, uncalled(fmt.Errorf("asking for the person's details: %w", err))
	}
	body := a.body
	kind, _, _ := mime.ParseMediaType(a.header.Get("Content-Type"))
	if kind == "application/jwt" {
		body, err = c.openUserinfo(ctx, p, string(a.body))
		if err != nil {
			return nil, err
		}
	}
	more, err := readClaims(body)
	if err != nil {
		return nil, unavailable(ReasonBadAnswer, fmt.Errorf("asking for the person's details: %w", err))
	}
	if more["sub"] != subject {
		return nil, rejected(ReasonOtherPerson, nil)
	}
	return more, nil
}

// openUserinfo checks the signature of details that come signed.
func (c *client) openUserinfo(ctx context.Context, p *discovered, raw string) ([]byte, error) {
	raw = strings.TrimSpace(raw)
	_, err := jose.ParseSignedCompact(raw, joseAlgorithms())
	if err != nil {
		return nil, unavailable(ReasonBadAnswer, fmt.Errorf("reading the signed details: %w", err))
	}
	keys := &keyCheck{client: c, address: p.Keys}
	body, err := keys.VerifySignature(ctx, raw)
	if err != nil {
		return nil, keys.failure(err)
	}
	return body, nil
}
