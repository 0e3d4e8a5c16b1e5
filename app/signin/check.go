package signin

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"first5/app"
)

// Severity says how bad a finding of Check is.
type Severity string

// The severities.
const (
	Fine    Severity = "fine"
	Warning Severity = "warning" // people can sign in, but something will be missing
	Problem Severity = "problem" // nobody can sign in, or not as they should
)

// Finding is one thing that Check found.
type Finding struct {
	Severity Severity
	Text     string // what is so
	Mend     string // how to mend it, and who can; empty where it is fine
}

// Report is what Check found, and what the institution's IT must be told.
type Report struct {
	Findings []Finding
	Tell     []Fact
}

// Fact is something that the institution's IT must be told.
type Fact struct{ Name, Value string }

// Check asks an institution's provider everything that can be asked without
// anybody signing in, and says what is wrong and who can mend it. All that it
// finds is in the report: its one error is [app.ErrNotFound], for an unknown
// institution. Each call has the deadline for itself.
func (rp *RelyingParty) Check(ctx context.Context, institution app.InstitutionID) (Report, error) {
	c, err := rp.client(institution)
	if err != nil {
		return Report{}, err
	}
	k := &checkup{client: c}
	k.checkConfiguration()
	m, ok := k.checkDiscovery(ctx)
	if ok {
		k.checkHosts(m)
		k.checkDocument(m)
		k.checkKeys(ctx, m)
		k.checkClient(ctx, m)
		k.checkAuthorization(ctx, m)
	}
	k.report.Tell = c.tell(m)
	return k.report, nil
}

// checkup is one run of Check.
type checkup struct {
	*client
	report Report
}

func (k *checkup) fine(text string, args ...any) {
	k.add(Finding{Severity: Fine, Text: fmt.Sprintf(text, args...)})
}

func (k *checkup) add(f Finding) { k.report.Findings = append(k.report.Findings, f) }

// The people who can mend what is wrong, as findings name them.
const (
	theirs = "The institution's IT: "
	ours   = "First5's operator: "
)

// checkConfiguration finds what is wrong before anybody is asked.
func (k *checkup) checkConfiguration() {
	switch {
	case k.ClientAuth == PrivateKeyJWT && k.ClientKey == nil:
		k.add(Finding{Problem, "The client authentication is private_key_jwt, but there is no key.", ours + "configure the client key, or another client authentication."})
	case (k.ClientAuth == Basic || k.ClientAuth == Post) && k.ClientSecret == "":
		k.add(Finding{Problem, fmt.Sprintf("The client authentication is %s, but there is no secret.", k.ClientAuth), ours + "configure the client secret that the institution's IT gave you."})
	}
	if k.Issuer == GoogleIssuer && len(k.Require["hd"]) == 0 {
		k.add(Finding{
			Problem, "Everybody with a Google account could sign in: the issuer is Google itself, and no hd claim is required.",
			ours + "require the claim hd with the institution's Google Workspace domain.",
		})
	}
}

func (c *client) tell(m metadata) []Fact {
	facts := []Fact{
		{"Kind of client", "confidential web application"},
		{"Redirect address", c.RedirectURL},
		{"Post-logout redirect address", c.SignedOutURL},
		{"Back-channel logout address", c.beside("logout")},
		{"Scopes", strings.Join(c.Scopes, " ")},
		{"Grant type", "authorization code (authorization_code), response type code"},
		{"PKCE", "S256, always"},
		{"Client authentication", c.tellAuthentication(m)},
	}
	if c.authentication(m) == public {
		facts[0].Value = "public web application"
	}
	if c.authentication(m) == PrivateKeyJWT {
		facts = append(facts, Fact{"First5's public keys", c.beside("keys")})
	}
	facts = append(facts, Fact{"Signing algorithms of ID tokens", "one of " + strings.Join(algorithms(), ", ")})
	return append(facts, c.tellClaims()...)
}

func (c *client) tellAuthentication(m metadata) string {
	switch c.authentication(m) {
	case Basic:
		return "client_secret_basic"
	case Post:
		return "client_secret_post"
	case PrivateKeyJWT:
		return "private_key_jwt"
	}
	return "none"
}

// tellClaims says which claim holds what.
func (c *client) tellClaims() []Fact {
	var facts []Fact
	for _, f := range []Fact{
		{c.Claims.Name, "the person's name"},
		{c.Claims.Email, "the person's e-mail address"},
		{c.Claims.NPI, "the person's NPI, ten digits, if there is one"},
		{c.Claims.Roles, c.tellRoles()},
	} {
		if f.Name != "" {
			facts = append(facts, Fact{"Claim " + f.Name, f.Value})
		}
	}
	var required []Fact
	for name, values := range c.Require {
		required = append(required, Fact{"Required claim " + name, "one of " + strings.Join(values, ", ")})
	}
	slices.SortFunc(required, func(a, b Fact) int { return strings.Compare(a.Name, b.Name) })
	return append(facts, required...)
}

func (c *client) tellRoles() string {
	says := "the person's groups"
	for _, role := range []app.Role{app.Educator, app.Manager, app.Operator} {
		if len(c.Roles[role]) > 0 {
			says += fmt.Sprintf("; %s: %s", role, strings.Join(c.Roles[role], ", "))
		}
	}
	return says
}

// beside returns the address of another page of the institution's, which stands
// where the callback does.
func (c *client) beside(page string) string {
	base, ok := strings.CutSuffix(c.RedirectURL, "/callback")
	if !ok {
		return ""
	}
	return base + "/" + page
}
