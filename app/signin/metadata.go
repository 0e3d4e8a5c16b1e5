package signin

import (
	"errors"
	"fmt"
	"net/url"
)

// metadata is what a provider says of itself.
type metadata struct {
	Issuer           string   `json:"issuer"`
	Authorization    string   `json:"authorization_endpoint"`
	Token            string   `json:"token_endpoint"`
	Userinfo         string   `json:"userinfo_endpoint"`
	Keys             string   `json:"jwks_uri"`
	EndSession       string   `json:"end_session_endpoint"`
	Algorithms       []string `json:"id_token_signing_alg_values_supported"`
	ClientAuth       []string `json:"token_endpoint_auth_methods_supported"`
	SendsIssuer      bool     `json:"authorization_response_iss_parameter_supported"`
	Challenges       []string `json:"code_challenge_methods_supported"`
	ResponseTypes    []string `json:"response_types_supported"`
	Scopes           []string `json:"scopes_supported"`
	Claims           []string `json:"claims_supported"`
	BackChannelLeave bool     `json:"backchannel_logout_supported"`
}

// checkMetadata returns an error unless people can sign in with what the
// provider says of itself.
func (c *client) checkMetadata(m metadata) error {
	if m.Issuer != c.Issuer {
		return unavailable(ReasonBadAnswer, fmt.Errorf("its discovery document is of the issuer %q, not %q", m.Issuer, c.Issuer))
	}
	for _, e := range m.endpoints() {
		err := c.checkEndpoint(e)
		var elsewhere *hostError
		switch {
		case err == nil:
		case errors.As(err, &elsewhere):
			return unavailable(ReasonHost, err)
		default:
			return unavailable(ReasonBadAnswer, err)
		}
	}
	return nil
}

// endpoint is one of the addresses in a discovery document.
type endpoint struct {
	name, address string
	called        bool // by us, and not by the browser
	optional      bool
}

// endpoints lists the addresses without which nobody can sign in, and the one
// to sign out at. That of userinfo is not among them: a sign-in can do without.
func (m metadata) endpoints() []endpoint {
	return []endpoint{
		{name: "authorization_endpoint", address: m.Authorization},
		{name: "token_endpoint", address: m.Token, called: true},
		{name: "jwks_uri", address: m.Keys, called: true},
		{name: "end_session_endpoint", address: m.EndSession, optional: true},
	}
}

func (c *client) checkEndpoint(e endpoint) error {
	if e.address == "" && e.optional {
		return nil
	}
	if e.address == "" {
		return fmt.Errorf("its discovery document has no %s", e.name)
	}
	u, err := url.Parse(e.address)
	if err != nil {
		return fmt.Errorf("its %s is no address: %w", e.name, err)
	}
	err = CheckAddress(u)
	if err != nil {
		return fmt.Errorf("its %s can't be used: %w", e.name, err)
	}
	if e.called && c.mayCall(u) != nil {
		return &hostError{endpoint: e.name, host: u.Host}
	}
	return nil
}

// userinfoAddress returns the address to ask for a person's details, and whether it is
// one that we may call.
func (c *client) userinfoAddress(m metadata) (string, bool) {
	if m.Userinfo == "" {
		return "", true
	}
	return m.Userinfo, c.checkEndpoint(endpoint{name: "userinfo_endpoint", address: m.Userinfo, called: true}) == nil
}
