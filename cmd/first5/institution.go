package main

import (
	"crypto"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"first5/app"
	"first5/app/signin"
)

// institution is one institution with how its people sign in, as configured.
type institution struct {
	ID               string
	Name             string
	Issuer           string
	Hosts            []string // that may be called beside the issuer's
	ClientID         string
	ClientAuth       string
	ClientSecret     string
	ClientSecretFile string
	ClientKeyFile    string
	Domains          []string
	Scopes           []string
	Claims           claims
	Roles            roles
	Operators        bool // its people may be operators
	Require          requirements
	Programs         []string
	RetentionMonths  months // how long people are kept after their last sign-in; 0: for ever

	key crypto.Signer // out of ClientKeyFile
}

// claims names the claims that hold what we need of a person.
type claims struct{ Name, Email, NPI, Roles string }

// roles lists the claim values that make somebody more than a learner.
type roles struct{ Manager, Educator, Operator []string }

// UnmarshalYAML implements [yaml.Unmarshaler].
func (i *institution) UnmarshalYAML(node *yaml.Node) error {
	i.Scopes = []string{"openid", "profile", "email"}
	i.Claims = claims{Name: "name", Email: "email", NPI: "npi", Roles: "groups"}
	for n := 0; node.Kind == yaml.MappingNode && n < len(node.Content); n += 2 {
		if key := node.Content[n]; key.Value == "assignments" {
			return wrong(key, "there is no setting %q any more: managers make assignments themselves, on /records/assignments; leave the setting out", key.Value)
		}
	}
	return settings{
		"id": &i.ID, "name": &i.Name, "issuer": &i.Issuer, "hosts": &i.Hosts,
		"client_id": &i.ClientID, "client_auth": &i.ClientAuth,
		"client_secret": &i.ClientSecret, "client_secret_file": &i.ClientSecretFile, "client_key_file": &i.ClientKeyFile,
		"domains": &i.Domains, "scopes": &i.Scopes, "claims": &i.Claims, "roles": &i.Roles, "operators": &i.Operators,
		"require": &i.Require, "programs": &i.Programs, "retention_months": &i.RetentionMonths,
	}.decode(node)
}

// UnmarshalYAML implements [yaml.Unmarshaler]. An empty claim is not asked for;
// only the name has to come from somewhere.
func (c *claims) UnmarshalYAML(node *yaml.Node) error {
	return settings{
		"name": &c.Name, "email": (*optional)(&c.Email), "npi": (*optional)(&c.NPI), "roles": (*optional)(&c.Roles),
	}.decode(node)
}

// months is a number of months; 0: none is set.
type months int

const mostMonths = 1200

// UnmarshalYAML implements [yaml.Unmarshaler].
func (m *months) UnmarshalYAML(node *yaml.Node) error {
	var n int
	err := node.Decode(&n)
	if err != nil || node.ShortTag() != "!!int" || n < 1 || n > mostMonths {
		return wrong(node, "retention_months should be a whole number of months from 1 to %d, like 36: "+
			"so long after their last sign-in people are erased; leave it out to keep them", mostMonths)
	}
	*m = months(n)
	return nil
}

// String writes the number, or nothing for none.
func (m months) String() string {
	if m == 0 {
		return ""
	}
	return strconv.Itoa(int(m))
}

// UnmarshalYAML implements [yaml.Unmarshaler].
func (r *roles) UnmarshalYAML(node *yaml.Node) error {
	return settings{"manager": &r.Manager, "educator": &r.Educator, "operator": &r.Operator}.decode(node)
}

func (r roles) values() map[app.Role][]string {
	return map[app.Role][]string{app.Manager: r.Manager, app.Educator: r.Educator, app.Operator: r.Operator}
}

// requirements are claims, each with the values of which an account must have
// one. It must do so for all of them.
type requirements map[string][]string

// UnmarshalYAML implements [yaml.Unmarshaler]. Any claim may be required.
func (r *requirements) UnmarshalYAML(node *yaml.Node) error {
	known, values := settings{}, map[string]*[]string{}
	for i := 0; node.Kind == yaml.MappingNode && i < len(node.Content); i += 2 {
		key := node.Content[i]
		if blank(key) {
			return wrong(key, "a required claim has no name")
		}
		values[key.Value] = new([]string)
		known[key.Value] = values[key.Value]
	}
	err := known.decode(node)
	if err != nil {
		return err
	}
	*r = requirements{}
	for name, v := range values {
		(*r)[name] = *v
	}
	return nil
}

// readSecrets reads the client secret and the client's key from their files, and
// returns what is wrong with those as the end of a sentence. A provider may also
// do without either.
func (i *institution) readSecrets() error {
	if i.ClientSecret != "" && i.ClientSecretFile != "" {
		return errors.New("has both client_secret and client_secret_file: leave one of them out")
	}
	if i.ClientSecretFile != "" {
		secret, err := os.ReadFile(i.ClientSecretFile)
		if err != nil {
			return fmt.Errorf("has a client_secret_file that can't be read: %w", err)
		}
		i.ClientSecret = strings.TrimSpace(string(secret))
		if i.ClientSecret == "" {
			return fmt.Errorf("has a client_secret_file, %s, with nothing in it: put the secret there that its provider gave", i.ClientSecretFile)
		}
	}
	if i.ClientKeyFile == "" {
		return nil
	}
	pem, err := os.ReadFile(i.ClientKeyFile)
	if err == nil {
		i.key, err = signin.ParseClientKey(pem)
	}
	if err != nil {
		return fmt.Errorf("has a client_key_file that can't be read: %w", err)
	}
	return nil
}

// check returns what is wrong with the institution, as the end of a sentence.
func (i institution) check() error {
	for _, check := range []func() error{
		i.checkNames, i.checkIssuer, i.checkPeople, i.checkClient, i.checkHosts, i.checkDomains,
	} {
		err := check()
		if err != nil {
			return err
		}
	}
	return nil
}

func (i institution) checkNames() error {
	switch {
	case i.ID == "":
		return errors.New("has no id")
	case strings.Trim(i.ID, "abcdefghijklmnopqrstuvwxyz0123456789-") != "":
		return errors.New("has an id that should be of a to z, 0 to 9 and - only")
	case i.Name == "":
		return errors.New("has no name")
	case i.Issuer == "":
		return errors.New("has no issuer: set it to the address of its OpenID Connect provider")
	case i.ClientID == "":
		return errors.New("has no client_id: its provider gives one when First5 is registered there")
	case !slices.Contains(i.Scopes, "openid"):
		return errors.New("has scopes without openid, which every sign-in needs")
	}
	return nil
}

func (i institution) checkIssuer() error {
	if issuer, ok := strings.CutSuffix(i.Issuer, "/.well-known/openid-configuration"); ok {
		return fmt.Errorf("has the address of a discovery document as its issuer: leave out its end, so that it is %s", issuer)
	}
	issuer, err := url.Parse(i.Issuer)
	if err == nil {
		err = signin.CheckAddress(issuer)
	}
	if err != nil {
		return fmt.Errorf("has an issuer that can't be used: %w", err)
	}
	return nil
}

// checkPeople returns what is wrong with who gets in, and who is more than a
// learner.
func (i institution) checkPeople() error {
	for _, name := range slices.Sorted(maps.Keys(i.Require)) {
		if len(i.Require[name]) == 0 {
			return fmt.Errorf("requires the claim %q without a value, so that nobody could get in: "+
				"name the values that its people have, or leave the claim out", name)
		}
	}
	roles := len(i.Roles.Manager) + len(i.Roles.Educator) + len(i.Roles.Operator)
	switch {
	case len(i.Roles.Operator) > 0 && !i.Operators:
		return errors.New("names operators in its roles, but its people may not be operators: set operators: true if they may")
	case roles > 0 && i.Claims.Roles == "":
		return errors.New("has roles, but its claims have an empty name for them: name the claim that holds them, or leave out the roles")
	case i.Issuer == signin.GoogleIssuer && len(i.Require["hd"]) == 0:
		return errors.New("has Google's issuer, which signs in everybody with a Google account: " +
			"set require: {hd: [your-domain.example]} so that only your own people get in")
	}
	return nil
}

// checkClient returns what is wrong with how First5 proves itself to the
// provider.
func (i institution) checkClient() error {
	switch signin.ClientAuth(i.ClientAuth) {
	case "":
	case signin.Basic, signin.Post:
		if i.ClientSecret == "" {
			return fmt.Errorf("has client_auth %s but no client_secret or client_secret_file", i.ClientAuth)
		}
	case signin.PrivateKeyJWT:
		if i.key == nil {
			return errors.New("has client_auth private_key_jwt but no client_key_file")
		}
	default:
		return fmt.Errorf("has client_auth %q, which should be basic, post or private_key_jwt", i.ClientAuth)
	}
	return nil
}

func (i institution) checkHosts() error {
	for _, h := range i.Hosts {
		u, err := url.Parse("https://" + h)
		if err != nil || u.Host != h || u.Hostname() == "" {
			return fmt.Errorf("has a host %q that should be like www.example.com or login.example.com:8443", h)
		}
	}
	return nil
}

func (i institution) checkDomains() error {
	for _, d := range i.Domains {
		if !isDomain(d) {
			return fmt.Errorf("has a domain %q that should be like mercy.example, the part of its people's addresses after the @", d)
		}
	}
	return nil
}

// isDomain says whether e-mail addresses can end in a domain: two names or more,
// with dots between them.
func isDomain(written string) bool {
	const signs = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"
	names := strings.Split(written, ".")
	return len(names) > 1 && !slices.ContainsFunc(names, func(name string) bool { return name == "" || strings.Trim(name, signs) != "" })
}

// checkShared refuses institutions that one issuer signs in, unless claims tell
// whose people are whose: a learner is known by issuer and subject, and belongs
// to one institution.
func checkShared(institutions []institution) error {
	for n, i := range institutions {
		for _, other := range institutions[:n] {
			if i.Issuer == other.Issuer && !i.Require.exclude(other.Require) {
				return fmt.Errorf("institutions %q and %q have the same issuer: set require for both to one claim, "+
					"with no value in common, so that nobody belongs to both", other.ID, i.ID)
			}
		}
	}
	return nil
}

// exclude says whether both require a claim, and no value of it would do for
// both.
func (r requirements) exclude(others requirements) bool {
	for name, values := range r {
		theirs, both := others[name]
		if both && !slices.ContainsFunc(values, func(v string) bool { return slices.Contains(theirs, v) }) {
			return true
		}
	}
	return false
}

// settings returns what the audit trail is told of the institution: everything
// but its secrets.
func (i institution) settings() app.Details {
	key := "none"
	switch {
	case i.key != nil:
		key = "a private key"
	case i.ClientSecret != "":
		key = "a secret"
	}
	return present(app.Details{
		"name": i.Name, "issuer": i.Issuer, "hosts": list(i.Hosts), "client_id": i.ClientID, "client_auth": i.ClientAuth,
		"client_proof": key, "domains": list(i.Domains), "scopes": list(i.Scopes), "claims": i.Claims.String(),
		"managers": list(i.Roles.Manager), "educators": list(i.Roles.Educator), "operators": list(i.Roles.Operator),
		"may_have_operators": yes(i.Operators), "require": required(i.Require), "programs": list(i.Programs),
		"retention_months": i.RetentionMonths.String(),
	})
}

// String names the claims as the configuration does.
func (c claims) String() string {
	return fmt.Sprintf("name: %s, email: %s, npi: %s, roles: %s", c.Name, c.Email, c.NPI, c.Roles)
}

// required writes what claims must hold, in one order.
func required(claims map[string][]string) string {
	var all []string
	for _, name := range slices.Sorted(maps.Keys(claims)) {
		all = append(all, name+": "+list(claims[name]))
	}
	return strings.Join(all, "; ")
}

func list(values []string) string { return strings.Join(values, ", ") }

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

// present leaves out the settings that are not set.
func present(settings app.Details) app.Details {
	maps.DeleteFunc(settings, func(_, value string) bool { return value == "" })
	return settings
}
