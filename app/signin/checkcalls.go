package signin

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"golang.org/x/oauth2"
)

// checkKeys fetches the keys and looks for one that can have signed a token.
func (k *checkup) checkKeys(ctx context.Context, m metadata) {
	if k.checkEndpoint(endpoint{name: "jwks_uri", address: m.Keys, called: true}) != nil {
		return // checkHosts has said so
	}
	a, err := k.get(ctx, m.Keys, "")
	var status *statusError
	if errors.As(err, &status) {
		k.add(Finding{Problem, fmt.Sprintf("The provider answers %d where its keys should be.", status.code), theirs + "check the provider's jwks_uri."})
		return
	}
	if err != nil {
		k.add(unreached("The list of keys", err))
		return
	}
	keys, err := readKeys(a.body)
	switch {
	case errors.Is(err, errTooManyKeys):
		k.add(Finding{Problem, fmt.Sprintf("The provider has more keys than First5 takes, which is %d.", keysLimit), theirs + "take those out of the provider's keys that sign no more."})
	case err != nil:
		k.add(Finding{Problem, "What the provider answers where its keys should be is no list of keys.", theirs + "check the provider's jwks_uri."})
	case len(keys) == 0:
		k.add(Finding{Problem, "The provider has no key that can sign an ID token that First5 takes.", theirs + "give the provider an RSA (up to 4096 bits), P-256, P-384, P-521 or Ed25519 key for signatures."})
	default:
		k.fine("The provider's keys can be read.")
	}
}

// redeemInvented asks for a token with a code that nobody was given.
func (c *client) redeemInvented(ctx context.Context, m metadata) (*oauth2.Token, error) {
	return c.redeem(ctx, m, oauth2.GenerateVerifier(), oauth2.GenerateVerifier())
}

// looksAtClients says whether the provider refuses a client that does not exist
// before it refuses a code that does not. Only then does what it says of the
// code tell anything of our secret.
func (k *checkup) looksAtClients(ctx context.Context, m metadata) bool {
	nobody := k.Provider
	nobody.ClientID, nobody.ClientSecret = "first5-"+rand.Text(), rand.Text()
	_, err := (&client{Provider: nobody, http: k.http, now: k.now, deadline: k.deadline}).redeemInvented(ctx, m)
	var refused *oauth2.RetrieveError
	return errors.As(err, &refused) && refused.ErrorCode != "invalid_grant"
}

// checkClient tries First5's secret or key, with an invented code.
func (k *checkup) checkClient(ctx context.Context, m metadata) {
	method := k.authentication(m)
	if k.checkEndpoint(endpoint{name: "token_endpoint", address: m.Token, called: true}) != nil || method == PrivateKeyJWT && k.ClientKey == nil {
		return // said already
	}
	_, err := k.redeemInvented(ctx, m)
	var refused *oauth2.RetrieveError
	switch {
	case err == nil:
		k.add(Finding{Problem, "The provider gave a token for a code that First5 invented.", theirs + "do not use this provider until that is mended."})
	case !errors.As(err, &refused):
		k.add(unreached("The token endpoint", err))
	case refused.ErrorCode == "invalid_grant" && !k.looksAtClients(ctx, m):
		k.add(Finding{
			Warning, fmt.Sprintf("Whether the provider knows First5 by its %s could not be found out: it looks at the code before the client.", proof(method)),
			"Sign in once to see.",
		})
	case refused.ErrorCode == "invalid_grant":
		k.fine("The provider knows First5 by its %s.", proof(method))
	case clientRefused(refused):
		k.add(refusedClient(method, refused))
	default:
		k.add(Finding{
			Warning, fmt.Sprintf("Whether the provider knows First5 by its %s could not be found out: its token endpoint answers %s.", proof(method), strings.TrimSpace(fmt.Sprint(refused.Response.StatusCode, " ", printable(refused.ErrorCode)))),
			"Sign in once to see.",
		})
	}
}

func proof(method ClientAuth) string {
	switch method {
	case Basic, Post:
		return "client id and secret"
	case PrivateKeyJWT:
		return "client id and key"
	}
	return "client id alone"
}

func refusedClient(method ClientAuth, e *oauth2.RetrieveError) Finding {
	f := Finding{Severity: Problem, Text: "The provider does not accept First5's client id or secret."}
	f.Mend = ours + "compare both with what the institution's IT gave you; the secret may have expired."
	switch method {
	case PrivateKeyJWT:
		f.Text = "The provider does not accept First5's client id or key."
		f.Mend = theirs + "register First5's public keys, at their address below, for private_key_jwt."
	case public:
		f.Text = "The provider wants a secret or a key of First5, or does not know its client id."
		f.Mend = ours + "configure what the institution's IT gave you."
	}
	if e.ErrorDescription != "" {
		f.Text += " It says: " + printable(e.ErrorDescription)
	}
	return f
}

// checkAuthorization makes the request that a browser would, as far as the
// provider's first answer.
func (k *checkup) checkAuthorization(ctx context.Context, m metadata) {
	if k.checkEndpoint(endpoint{name: "authorization_endpoint", address: m.Authorization}) != nil {
		return // checkHosts has said so
	}
	ctx, cancel := context.WithTimeout(ctx, k.deadline)
	defer cancel()
	address := k.authorization(m, newFlow(k.Institution, k.now()), "")
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil || k.mayCall(req.URL) != nil {
		k.fine("The sign-in page is at a host that First5 does not call, and was not tried.")
		return
	}
	res, err := k.wire.RoundTrip(req)
	if err != nil {
		k.add(unreached("The sign-in page", err))
		return
	}
	defer res.Body.Close()
	k.checkSignInPage(res)
}

func (k *checkup) checkSignInPage(res *http.Response) {
	to, err := res.Location()
	if err == nil && k.isOurs(to) && to.Query().Get("error") != "" {
		k.add(Finding{
			Problem, strings.TrimSpace(fmt.Sprintf("The provider refuses First5's request: it answers %s. %s", printable(to.Query().Get("error")), printable(to.Query().Get("error_description")))),
			theirs + "compare what is registered for First5 with what stands below.",
		})
		return
	}
	switch {
	case res.StatusCode >= http.StatusInternalServerError:
		k.add(Finding{Warning, fmt.Sprintf("The sign-in page answers %d.", res.StatusCode), theirs + "the provider reports a fault of its own; look into its log if it stays so."})
	case res.StatusCode >= http.StatusBadRequest:
		k.add(Finding{
			Problem, fmt.Sprintf("The provider refuses First5's request (%d): most often the redirect address %s is not registered.", res.StatusCode, k.RedirectURL),
			theirs + "register the client id, the redirect address and the scopes as they stand below.",
		})
	default:
		k.fine("The provider shows its sign-in page for First5's request.")
	}
}

// isOurs says whether an address is our redirect address, with whatever query.
func (k *checkup) isOurs(u *url.URL) bool {
	bare := *u
	bare.RawQuery, bare.Fragment = "", ""
	return bare.String() == k.RedirectURL
}
