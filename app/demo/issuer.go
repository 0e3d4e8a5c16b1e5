package demo

import (
	"context"
	"crypto/rand"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// issuer is one institution's provider. The library does the protocol; the
// routes are ours, because the library's own routes log to the process's
// default logger and open more grants than the demonstration offers.
type issuer struct {
	url         string
	institution Institution
	store       *store
	provider    *op.Provider
	pages       *template.Template
	formPolicy  string // the content security policy of the sign-in page
	log         *slog.Logger
}

func newIssuer(address string, i Institution, c Client, log *slog.Logger, now func() time.Time) (*issuer, error) {
	back, err := c.check()
	if err != nil {
		return nil, fmt.Errorf("checking the client: %w", err)
	}
	key, err := newSigningKey()
	if err != nil {
		return nil, err
	}
	pages, err := parsePages()
	if err != nil {
		return nil, err
	}
	s := newStore(i, opClient{Client: c, issuer: address}, key, now)
	provider, err := newLibraryProvider(address, s)
	if err != nil {
		return nil, fmt.Errorf("setting up the provider: %w", err)
	}
	return &issuer{
		url:         address,
		institution: i,
		store:       s,
		provider:    provider,
		pages:       pages,
		formPolicy:  policy("'self' " + back),
		log:         log.With("institution", i.ID),
	}, nil
}

func newLibraryProvider(address string, s *store) (*op.Provider, error) {
	var key [32]byte
	rand.Read(key[:]) // never fails, by its contract
	config := &op.Config{
		CryptoKey:                key,
		DefaultLogoutRedirectURI: address + signedOutPath,
		CodeMethodS256:           true,
		AuthMethodPost:           true,
		SupportedScopes:          scopes(),
		SupportedClaims: []string{
			"iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash",
			"name", "email", "email_verified", "groups", "npi",
		},
	}
	return op.NewProvider(config, s, op.StaticIssuer(address),
		op.WithAllowInsecure(), // loopback has no certificate
		op.WithCrypto(op.NewAES256GCMCrypto(key, "")),
	)
}

// routes is everything that an issuer answers, below its path.
func (i *issuer) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+oidc.DiscoveryEndpoint, i.discovery)
	mux.HandleFunc("GET "+i.provider.KeysEndpoint().Relative(), i.keys)
	mux.HandleFunc("GET "+i.provider.AuthorizationEndpoint().Relative(), i.authorize)
	mux.HandleFunc("POST "+i.provider.AuthorizationEndpoint().Relative(), i.authorize)
	mux.HandleFunc("GET "+loginPath, i.askWho)
	mux.HandleFunc("POST "+loginPath, i.answer)
	mux.HandleFunc("POST "+i.provider.TokenEndpoint().Relative(), i.token)
	mux.HandleFunc("GET "+i.provider.UserinfoEndpoint().Relative(), i.userinfo)
	mux.HandleFunc("POST "+i.provider.UserinfoEndpoint().Relative(), i.userinfo)
	mux.HandleFunc("GET "+i.provider.EndSessionEndpoint().Relative(), i.endSession)
	mux.HandleFunc("POST "+i.provider.EndSessionEndpoint().Relative(), i.endSession)
	mux.HandleFunc("GET "+signedOutPath, i.signedOut)
	mux.HandleFunc("GET "+stylePath, style)
	return op.NewIssuerInterceptor(i.provider.IssuerFromRequest).Handler(mux)
}

func (i *issuer) discovery(w http.ResponseWriter, r *http.Request) {
	op.Discover(w, i.configuration(r.Context()))
}

// configuration is the library's account of itself without what has no route
// here.
func (i *issuer) configuration(ctx context.Context) *oidc.DiscoveryConfiguration {
	c := op.CreateDiscoveryConfig(ctx, i.provider, i.store)
	c.ResponseTypesSupported = []string{string(oidc.ResponseTypeCode)}
	c.ResponseModesSupported = []string{string(oidc.ResponseModeQuery)}
	c.GrantTypesSupported = []oidc.GrantType{oidc.GrantTypeCode}
	c.TokenEndpointAuthMethodsSupported = []oidc.AuthMethod{oidc.AuthMethodBasic, oidc.AuthMethodPost}
	c.DeviceAuthorizationEndpoint = ""
	c.IntrospectionEndpoint = ""
	c.IntrospectionEndpointAuthMethodsSupported = nil
	c.IntrospectionEndpointAuthSigningAlgValuesSupported = nil
	c.RevocationEndpoint = ""
	c.RevocationEndpointAuthMethodsSupported = nil
	c.RevocationEndpointAuthSigningAlgValuesSupported = nil
	return c
}

func (i *issuer) keys(w http.ResponseWriter, r *http.Request) { op.Keys(w, r, i.store) }

func (i *issuer) userinfo(w http.ResponseWriter, r *http.Request) { op.Userinfo(w, r, i.provider) }
