package signin

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"first5/app"
)

// checkDiscovery reads the discovery document, and says whether it is one that
// the other checks can go by.
func (k *checkup) checkDiscovery(ctx context.Context) (metadata, bool) {
	m, a, err := k.fetchMetadata(ctx)
	var (
		status   *statusError
		redirect *redirectError
		unread   *Failure
	)
	switch {
	case errors.As(err, &status):
		k.add(k.refusedDiscovery(status.code))
	case errors.As(err, &redirect):
		k.add(Finding{
			Problem, "The provider redirects from its discovery document to " + printable(redirect.to.Redacted()) + ", and First5 follows no redirects.",
			ours + "configure the issuer as the provider itself writes it.",
		})
	case errors.As(err, &unread):
		k.add(Finding{
			Problem, "What the provider answers where its discovery document should be is no such document.",
			ours + "check the issuer: its address with /.well-known/openid-configuration behind it must show a JSON document.",
		})
	case err != nil:
		k.add(unreached("The discovery document", err))
	default:
		k.fine("The provider answers at %s.", k.Issuer)
		k.checkClock(a.header)
		return m, k.checkIssuer(m)
	}
	return metadata{}, false
}

func (k *checkup) refusedDiscovery(code int) Finding {
	text := fmt.Sprintf("The provider answers %d where its discovery document should be.", code)
	if code >= http.StatusInternalServerError {
		return Finding{Problem, text, theirs + "the provider reports a fault of its own; try again, and look into its log if it stays so."}
	}
	mend := ours + "check the path of the issuer with the institution's IT."
	switch {
	case code != http.StatusNotFound:
	case isEntra(k.Issuer):
		mend += " At Microsoft Entra it is the tenant's id, and ends in /v2.0."
	default:
		mend += " At Keycloak it ends in /realms/ and the realm's name; at Microsoft Entra in the tenant's id and /v2.0."
	}
	return Finding{Problem, text, mend}
}

func isEntra(issuer string) bool {
	u, err := url.Parse(issuer)
	return err == nil && strings.EqualFold(u.Hostname(), "login.microsoftonline.com")
}

// checkClock compares the provider's clock with ours: tokens are refused whose
// times don't fit.
func (k *checkup) checkClock(h http.Header) {
	theirTime, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return // it need not say
	}
	off := k.now().Sub(theirTime).Abs()
	if off <= app.ClockSkew {
		return
	}
	k.add(Finding{
		Problem, fmt.Sprintf("The provider's clock and First5's are %s apart; more than %s is too much.", off.Round(time.Second), app.ClockSkew),
		ours + "check that this machine's clock is set by the network. " + theirs + "check the provider's.",
	})
}

func (k *checkup) checkIssuer(m metadata) bool {
	if m.Issuer == k.Issuer {
		return true
	}
	mend := ours + "if that is the right provider, configure its issuer as it is written there."
	switch {
	case strings.TrimSuffix(m.Issuer, "/") == strings.TrimSuffix(k.Issuer, "/"):
		mend = ours + "the two differ by the slash at the end alone: write the issuer as the provider does."
	case isEntra(k.Issuer) && strings.Contains(m.Issuer, "{tenantid}"):
		mend = ours + "write the institution's own tenant id in the issuer, in the place of common or organizations."
	}
	k.add(Finding{Problem, fmt.Sprintf("The provider calls itself %s, and not %s as configured.", printable(m.Issuer), k.Issuer), mend})
	return false
}

// checkHosts finds endpoints that can't be used, and those at hosts that must be
// configured before First5 calls them.
func (k *checkup) checkHosts(m metadata) {
	var elsewhere []string // names of endpoints
	hosts := slices.Clone(k.Hosts)
	essential := false
	all := append(m.endpoints(), endpoint{name: "userinfo_endpoint", address: m.Userinfo, called: true, optional: true})
	for _, e := range all {
		err := k.checkEndpoint(e)
		var host *hostError
		switch {
		case err == nil:
		case errors.As(err, &host):
			elsewhere = append(elsewhere, e.name)
			essential = essential || !e.optional
			if !slices.Contains(hosts, host.host) {
				hosts = append(hosts, host.host)
			}
		case e.name == "userinfo_endpoint":
			k.add(Finding{Warning, "People's details are not asked for: " + printable(err.Error()) + ".", theirs + "mend it, or put all claims into the ID token."})
		default:
			k.add(Finding{Problem, "Nobody can sign in with what the provider says of itself: " + printable(err.Error()) + ".", theirs + "mend the provider's discovery document."})
		}
	}
	if len(elsewhere) == 0 {
		return
	}
	severity := Warning
	if essential {
		severity = Problem
	}
	k.add(Finding{
		severity, fmt.Sprintf("The provider has its %s at another host than its issuer's.", strings.Join(elsewhere, " and ")),
		ours + "if the host is the provider's, add this line to the institution: hosts: [" + printable(strings.Join(hosts, ", ")) + "]",
	})
}

// checkDocument compares what the provider says it can with what we need.
func (k *checkup) checkDocument(m metadata) {
	k.checkProtocol(m)
	k.checkScopes(m)
	k.checkClaims(m)
	k.checkMethod(m)
	k.checkSignOut(m)
}

func (k *checkup) checkProtocol(m metadata) {
	switch {
	case len(m.Challenges) == 0:
		k.add(Finding{Warning, "The provider does not say whether it takes PKCE. First5 sends it in any case.", theirs + "check that the provider takes PKCE with S256, or at least does not mind it."})
	case !slices.Contains(m.Challenges, "S256"):
		k.add(Finding{Problem, "The provider takes PKCE, but not with S256.", theirs + "allow PKCE with S256 for First5."})
	}
	if len(m.ResponseTypes) > 0 && !slices.Contains(m.ResponseTypes, "code") {
		k.add(Finding{Problem, "The provider does not offer the response type code.", theirs + "allow the authorization code flow for First5."})
	}
	taken := algorithms()
	if len(m.Algorithms) > 0 && !slices.ContainsFunc(m.Algorithms, func(a string) bool { return slices.Contains(taken, a) }) {
		k.add(Finding{Problem, "The provider signs ID tokens in none of the ways that First5 takes.", theirs + "let it sign with one of " + strings.Join(taken, ", ") + "."})
	}
}

func (k *checkup) checkScopes(m metadata) {
	missing := without(k.Scopes, m.Scopes)
	if len(m.Scopes) == 0 || len(missing) == 0 {
		return
	}
	k.add(Finding{
		Warning, fmt.Sprintf("The provider does not list the scopes %s, and may refuse or ignore them.", strings.Join(missing, ", ")),
		theirs + "offer them to First5; or " + ours + "leave out of scopes what is not needed.",
	})
}

// checkClaims finds what the provider will not tell of people. What it lists is
// seldom all that it sends, so nothing of it is a problem.
func (k *checkup) checkClaims(m metadata) {
	if len(m.Claims) == 0 {
		return
	}
	var needed []string
	for _, name := range []string{k.Claims.Name, k.Claims.Email, k.Claims.NPI, k.Claims.Roles} {
		if name != "" {
			needed = append(needed, name)
		}
	}
	var missing []string
	for _, name := range without(needed, m.Claims) {
		root, _, _ := strings.Cut(name, ".")
		if !slices.Contains(m.Claims, root) {
			missing = append(missing, name)
		}
	}
	if len(missing) == 0 {
		return
	}
	k.add(Finding{
		Warning, fmt.Sprintf("The provider does not list the claims %s.", strings.Join(missing, ", ")),
		theirs + "map them for First5; or " + ours + "name under claims the ones that hold these things.",
	})
	if m.Userinfo == "" {
		k.add(Finding{Warning, "The provider has no userinfo endpoint, so that First5 can't ask for what the ID token lacks.", theirs + "put all claims into the ID token."})
	}
}

// checkMethod checks whether the provider takes our client authentication.
func (k *checkup) checkMethod(m metadata) {
	method := k.tellAuthentication(m)
	if len(m.ClientAuth) == 0 || slices.Contains(m.ClientAuth, method) {
		return
	}
	f := Finding{
		Problem, fmt.Sprintf("First5's client authentication is %s, which the provider does not offer.", method),
		ours + "use one that it offers: " + printable(strings.Join(m.ClientAuth, ", ")) + ".",
	}
	if method == "none" {
		f.Severity = Warning // many take it, and few say so
		f.Text = "First5 has neither a client secret nor a key, and the provider does not say that it takes that."
	}
	k.add(f)
}

func (k *checkup) checkSignOut(m metadata) {
	if m.EndSession == "" {
		k.add(Finding{
			Warning, "The provider has no end_session_endpoint: who signs out of First5 stays signed in at the institution.",
			theirs + "offer RP-initiated logout, if the provider can.",
		})
	}
	if !m.BackChannelLeave {
		k.add(Finding{
			Warning, "The provider does not say when people sign out there: their sessions with First5 end by themselves.",
			theirs + "offer back-channel logout, if the provider can.",
		})
	}
}

// without returns the texts of all that are not in some.
func without(all, some []string) []string {
	var rest []string
	for _, s := range all {
		if !slices.Contains(some, s) {
			rest = append(rest, s)
		}
	}
	return rest
}
