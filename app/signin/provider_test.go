package signin_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

// clock is the time as First5 and the provider see it, moved by the test.
type clock struct {
	mu sync.Mutex
	t  time.Time
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.t
}

func (c *clock) move(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.t = c.t.Add(d)
}

// claims are changes to what is right; a nil takes a claim away.
type claims = map[string]any

// provider is an identity provider that does as a test tells it, right or wrong.
type provider struct {
	t      *testing.T
	url    string
	server *httptest.Server
	clock  *clock

	mu        sync.Mutex
	key       crypto.Signer
	algorithm jose.SignatureAlgorithm
	kid       string
	nonce     string
	claims    claims                      // of the ID token
	userinfo  claims                      // nil: the subject alone
	document  claims                      // of discovery
	sign      func(payload []byte) string // nil: as it should
	handle    map[string]http.HandlerFunc
	asked     map[string]int // how often each path was asked for
	form      url.Values     // of the last exchange
	header    http.Header    // of the last exchange
}

const (
	discoveryPath = "/.well-known/openid-configuration"
	callbackURL   = "http://localhost/signin/mercy/callback"
)

func newProvider(t *testing.T) *provider {
	t.Helper()
	p := &provider{
		t: t, clock: &clock{t: time.Now()}, kid: "k1", algorithm: jose.ES256, key: newKey(t),
		claims: claims{}, document: claims{}, handle: map[string]http.HandlerFunc{}, asked: map[string]int{},
	}
	p.server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.server.Close)
	p.url = p.server.URL
	return p
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	return key
}

// set changes the provider while it serves.
func (p *provider) set(change func(p *provider)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

// answers makes the provider answer at a path as the test says; nil: as it should.
func (p *provider) answers(path string, h http.HandlerFunc) {
	p.set(func(p *provider) { p.handle[path] = h })
}

func (p *provider) count(path string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[path]
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	p.asked[r.URL.Path]++
	own := p.handle[r.URL.Path]
	p.mu.Unlock()
	if own != nil {
		own(w, r)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	switch r.URL.Path {
	case discoveryPath:
		answer(w, changed(p.discovery(), p.document))
	case "/keys":
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: p.key.Public(), KeyID: p.kid, Use: "sig"}}})
	case "/token":
		_ = r.ParseForm()
		p.form, p.header = r.PostForm, r.Header.Clone()
		answer(w, claims{"access_token": "a", "token_type": "Bearer", "id_token": p.token(p.idClaims())})
	case "/userinfo":
		answer(w, changed(claims{"sub": "s1"}, p.userinfo))
	case "/authorize":
		w.WriteHeader(http.StatusOK)
	default:
		http.NotFound(w, r)
	}
}

func (p *provider) discovery() claims {
	return claims{
		"issuer": p.url, "authorization_endpoint": p.url + "/authorize", "token_endpoint": p.url + "/token",
		"userinfo_endpoint": p.url + "/userinfo", "jwks_uri": p.url + "/keys",
		"end_session_endpoint": p.url + "/logout", "backchannel_logout_supported": true,
		"id_token_signing_alg_values_supported": []string{"RS256", "ES256", "HS256", "none"},
		"code_challenge_methods_supported":      []string{"plain", "S256"},
		"response_types_supported":              []string{"code", "id_token"},
		"scopes_supported":                      []string{"openid", "profile"},
		"claims_supported":                      []string{"sub", "name", "email", "npi", "groups"},
		"token_endpoint_auth_methods_supported": []string{"client_secret_basic", "client_secret_post", "private_key_jwt"},
	}
}

func (p *provider) idClaims() claims {
	now := p.clock.now()
	return claims{
		"iss": p.url, "sub": "s1", "aud": "first5", "nonce": p.nonce,
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}
}

func changed(right, changes claims) claims {
	maps.Copy(right, changes)
	maps.DeleteFunc(right, func(_ string, v any) bool { return v == nil })
	return right
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that is gone is no fault of the test
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

// says answers with a JSON text.
func says(code int, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(code)
		_, _ = w.Write([]byte(text))
	}
}

// token returns a signed token with the right claims, changed as the test says.
func (p *provider) token(right claims) string {
	payload, err := json.Marshal(changed(right, p.claims))
	if err != nil {
		p.t.Error(err) // not require: this is the server's goroutine
	}
	if p.sign != nil {
		return p.sign(payload)
	}
	return signed(p.t, p.algorithm, p.key, payload, claims{"kid": p.kid})
}

func signed(t *testing.T, algorithm jose.SignatureAlgorithm, key any, payload []byte, header claims) string {
	options := &jose.SignerOptions{}
	for name, v := range header {
		options.WithHeader(jose.HeaderKey(name), v)
	}
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		t.Error(err)
		return ""
	}
	object, err := signer.Sign(payload)
	if err != nil {
		t.Error(err)
		return ""
	}
	compact, err := object.CompactSerialize()
	if err != nil {
		t.Error(err)
	}
	return compact
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

// registered is First5 as it is registered with the provider.
func (p *provider) registered() signin.Provider {
	return signin.Provider{
		Institution: "mercy", Issuer: p.url, ClientID: "first5", ClientSecret: "secret",
		RedirectURL: callbackURL, SignedOutURL: "http://localhost/", Scopes: []string{"openid", "profile"},
		Claims: signin.Claims{Name: "name", Email: "email", NPI: "npi", Roles: "groups"},
		Roles:  map[app.Role][]string{app.Manager: {"cme-office"}},
	}
}

// party is First5, registered as it should be or as the test changes it.
func (p *provider) party(changes ...func(*signin.Provider)) *signin.RelyingParty {
	r := p.registered()
	for _, change := range changes {
		change(&r)
	}
	return signin.New([]signin.Provider{r}, signin.Options{Now: p.clock.now})
}

// begin goes to the provider, which keeps the nonce for the token.
func (p *provider) begin(rp *signin.RelyingParty) (signin.Flow, error) {
	return p.beginAt(rp, "mercy")
}

func (p *provider) beginAt(rp *signin.RelyingParty, institution app.InstitutionID) (signin.Flow, error) {
	address, flow, err := rp.Begin(p.t.Context(), institution, "")
	if err != nil {
		return signin.Flow{}, err
	}
	u, err := url.Parse(address)
	require.NoError(p.t, err)
	p.set(func(p *provider) { p.nonce = u.Query().Get("nonce") })
	return flow, nil
}

// signIn goes through a whole sign-in.
func (p *provider) signIn(rp *signin.RelyingParty) (app.Arrival, error) {
	return p.signInAt(rp, "mercy")
}

func (p *provider) signInAt(rp *signin.RelyingParty, institution app.InstitutionID) (app.Arrival, error) {
	flow, err := p.beginAt(rp, institution)
	if err != nil {
		return app.Arrival{}, err
	}
	return rp.Finish(p.t.Context(), flow, signin.Callback{Code: "code", State: flow.State})
}
