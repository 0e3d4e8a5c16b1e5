package signin_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

// provider is an identity provider that does as a test tells it, right or wrong.
type provider struct {
	t      *testing.T
	url    string
	key    *rsa.PrivateKey
	nonce  string
	server *httptest.Server

	mu       sync.Mutex
	claims   map[string]any             // of the ID token, over the right ones
	userinfo map[string]any             // nil: as the ID token's
	sign     func(claims []byte) string // nil: as it should
	handle   map[string]http.HandlerFunc
}

func newProvider(t *testing.T) *provider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	p := &provider{t: t, key: key, claims: map[string]any{}, handle: map[string]http.HandlerFunc{}}
	p.server = httptest.NewServer(http.HandlerFunc(p.serve))
	t.Cleanup(p.server.Close)
	p.url = p.server.URL
	return p
}

func (p *provider) serve(w http.ResponseWriter, r *http.Request) {
	p.mu.Lock()
	own := p.handle[r.URL.Path]
	p.mu.Unlock()
	switch {
	case own != nil:
		own(w, r)
	case r.URL.Path == "/.well-known/openid-configuration":
		answer(w, map[string]any{
			"issuer": p.url, "authorization_endpoint": p.url + "/authorize", "token_endpoint": p.url + "/token",
			"userinfo_endpoint": p.url + "/userinfo", "jwks_uri": p.url + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		})
	case r.URL.Path == "/keys":
		answer(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &p.key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
	case r.URL.Path == "/token":
		answer(w, map[string]any{"access_token": "a", "token_type": "Bearer", "id_token": p.token()})
	case r.URL.Path == "/userinfo":
		info := p.userinfo
		if info == nil {
			info = map[string]any{"sub": "s1"}
		}
		answer(w, info)
	default:
		http.NotFound(w, r)
	}
}

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // a client that is gone is no fault of the test
}

// token returns an ID token with the right claims, changed as the test says.
func (p *provider) token() string {
	claims := map[string]any{
		"iss": p.url, "sub": "s1", "aud": "first5", "nonce": p.nonce,
		"iat": time.Now().Unix(), "exp": time.Now().Add(time.Minute).Unix(),
	}
	for name, v := range p.claims {
		claims[name] = v
	}
	payload, err := json.Marshal(claims)
	require.NoError(p.t, err)
	if p.sign != nil {
		return p.sign(payload)
	}
	return signed(p.t, jose.RS256, p.key, payload)
}

func signed(t *testing.T, algorithm jose.SignatureAlgorithm, key any, payload []byte) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithHeader("kid", "k1"))
	require.NoError(t, err)
	object, err := signer.Sign(payload)
	require.NoError(t, err)
	compact, err := object.CompactSerialize()
	require.NoError(t, err)
	return compact
}

// party is First5 as it is registered with the provider.
func (p *provider) party() *signin.RelyingParty {
	return signin.New([]signin.Provider{{
		Institution: "mercy", Issuer: p.url, ClientID: "first5", ClientSecret: "secret",
		RedirectURL: "http://localhost/signin/mercy/callback", Scopes: []string{"openid"},
		Claims: signin.Claims{Name: "name", Email: "email", NPI: "npi", Roles: "groups"},
		Roles:  map[app.Role][]string{app.Manager: {"cme-office"}},
	}}, time.Now)
}

// signIn goes through a whole sign-in.
func (p *provider) signIn() (app.Identity, error) {
	rp := p.party()
	address, flow, err := rp.Begin(p.t.Context(), "mercy")
	if err != nil {
		return app.Identity{}, err
	}
	u, err := url.Parse(address)
	require.NoError(p.t, err)
	p.nonce = u.Query().Get("nonce")
	return rp.Finish(p.t.Context(), flow, signin.Callback{Code: "code", State: flow.State})
}

func TestTheAddressAsksForACodeWithPKCEStateAndNonce(t *testing.T) {
	p := newProvider(t)
	address, flow, err := p.party().Begin(t.Context(), "mercy")
	require.NoError(t, err)
	u, err := url.Parse(address)
	require.NoError(t, err)
	q := u.Query()
	assert.Equal(t, "code", q.Get("response_type"))
	assert.Equal(t, "S256", q.Get("code_challenge_method"))
	assert.NotEmpty(t, q.Get("code_challenge"))
	assert.NotContains(t, address, flow.Verifier)
	assert.Equal(t, flow.State, q.Get("state"))
	assert.Equal(t, flow.Nonce, q.Get("nonce"))
	assert.Equal(t, "http://localhost/signin/mercy/callback", q.Get("redirect_uri"))
}

func TestAPersonIsReadOutOfTheClaims(t *testing.T) {
	for name, c := range map[string]struct {
		claims, userinfo map[string]any
		want             app.Identity
	}{
		"all in the ID token": {
			claims: map[string]any{"name": "Ana", "email": "a@b.example", "npi": "1234567893", "groups": []string{"cme-office", "x"}},
			want:   app.Identity{Name: "Ana", Email: "a@b.example", NPI: "1234567893", Roles: []app.Role{app.Manager}},
		},
		"the rest from userinfo": {
			claims:   map[string]any{"name": "Ana"},
			userinfo: map[string]any{"sub": "s1", "name": "Unsigned", "groups": "cme-office"},
			want:     app.Identity{Name: "Ana", Roles: []app.Role{app.Manager}},
		},
		"nothing but a subject":     {want: app.Identity{}},
		"claims of the wrong kind":  {claims: map[string]any{"name": 7, "email": []string{"x"}, "groups": map[string]any{"a": 1}}},
		"a role that is not mapped": {claims: map[string]any{"groups": []string{"operator", "admin"}}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			if c.claims != nil {
				p.claims = c.claims
			}
			p.userinfo = c.userinfo
			id, err := p.signIn()
			require.NoError(t, err)
			c.want.Institution, c.want.Issuer, c.want.Subject = "mercy", p.url, "s1"
			assert.Equal(t, c.want, id)
		})
	}
}

func TestAProviderThatMisbehavesSignsNobodyIn(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	for name, c := range map[string]struct {
		change func(p *provider)
		want   error
	}{
		"another nonce":       {func(p *provider) { p.claims["nonce"] = "x" }, signin.ErrRejected},
		"another audience":    {func(p *provider) { p.claims["aud"] = "x" }, signin.ErrRejected},
		"another issuer":      {func(p *provider) { p.claims["iss"] = "https://evil.example" }, signin.ErrRejected},
		"an expired token":    {func(p *provider) { p.claims["exp"] = time.Now().Add(-time.Hour).Unix() }, signin.ErrRejected},
		"no subject":          {func(p *provider) { p.claims["sub"] = "" }, signin.ErrRejected},
		"userinfo of another": {func(p *provider) { p.userinfo = map[string]any{"sub": "s2"} }, signin.ErrRejected},
		"another key":         {func(p *provider) { p.sign = func(b []byte) string { return signed(p.t, jose.RS256, other, b) } }, signin.ErrRejected},
		"the client's secret as key": {func(p *provider) {
			p.sign = func(b []byte) string { return signed(p.t, jose.HS256, []byte(strings.Repeat("secret", 8)), b) }
		}, signin.ErrRejected},
		"no signature": {func(p *provider) {
			p.sign = func(b []byte) string { return "eyJhbGciOiJub25lIn0." + base64url(b) + "." }
		}, signin.ErrRejected},
		"no ID token": {func(p *provider) {
			p.handle["/token"] = func(w http.ResponseWriter, _ *http.Request) {
				answer(w, map[string]any{"access_token": "a", "token_type": "Bearer"})
			}
		}, signin.ErrRejected},
		"a refused code": {func(p *provider) {
			p.handle["/token"] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
			}
		}, signin.ErrRejected},
		"a token endpoint that fails": {func(p *provider) { p.handle["/token"] = status(500) }, signin.ErrUnavailable},
		"keys that fail":              {func(p *provider) { p.handle["/keys"] = status(500) }, signin.ErrRejected},
		"discovery that fails":        {func(p *provider) { p.handle["/.well-known/openid-configuration"] = status(503) }, signin.ErrUnavailable},
		"discovery of another issuer": {func(p *provider) {
			p.handle["/.well-known/openid-configuration"] = func(w http.ResponseWriter, _ *http.Request) {
				answer(w, map[string]any{"issuer": "https://evil.example"})
			}
		}, signin.ErrUnavailable},
		"discovery that redirects": {func(p *provider) {
			p.handle["/.well-known/openid-configuration"] = func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, "/elsewhere", http.StatusFound)
			}
		}, signin.ErrUnavailable},
		"discovery without end": {func(p *provider) {
			p.handle["/.well-known/openid-configuration"] = func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte(`{"issuer":"` + strings.Repeat("x", 4<<20)))
			}
		}, signin.ErrUnavailable},
		"nobody there": {func(p *provider) { p.server.Close() }, signin.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			c.change(p)
			id, err := p.signIn()
			assert.ErrorIs(t, err, c.want)
			assert.Empty(t, id)
		})
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(code) }
}

func TestACallbackThatDoesNotBelongToTheFlowIsRejected(t *testing.T) {
	p := newProvider(t)
	now := time.Now()
	rp := signin.New([]signin.Provider{{Institution: "mercy", Issuer: p.url, ClientID: "first5", Scopes: []string{"openid"}}}, func() time.Time { return now })
	_, flow, err := rp.Begin(t.Context(), "mercy")
	require.NoError(t, err)
	for name, cb := range map[string]signin.Callback{
		"another state":     {Code: "code", State: "x"},
		"no state":          {Code: "code"},
		"no code":           {State: flow.State},
		"a refused sign-in": {State: flow.State, Error: "access_denied"},
	} {
		_, err := rp.Finish(t.Context(), flow, cb)
		assert.ErrorIs(t, err, signin.ErrRejected, name)
	}
	_, err = rp.Finish(t.Context(), signin.Flow{Institution: "mercy", Expires: now.Add(time.Minute)}, signin.Callback{Code: "code"})
	assert.ErrorIs(t, err, signin.ErrRejected, "an empty flow")
	now = now.Add(signin.FlowLife + time.Second)
	_, err = rp.Finish(t.Context(), flow, signin.Callback{Code: "code", State: flow.State})
	assert.ErrorIs(t, err, signin.ErrRejected, "too late")
}

func TestAProviderThatIsDownIsAskedAgain(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	p.mu.Lock()
	p.handle["/.well-known/openid-configuration"] = status(503)
	p.mu.Unlock()
	_, _, err := rp.Begin(t.Context(), "mercy")
	require.ErrorIs(t, err, signin.ErrUnavailable)
	p.mu.Lock()
	delete(p.handle, "/.well-known/openid-configuration")
	p.mu.Unlock()
	_, _, err = rp.Begin(t.Context(), "mercy")
	assert.NoError(t, err)
	_, _, err = rp.Begin(t.Context(), "nowhere")
	assert.ErrorIs(t, err, app.ErrNotFound)
}

func TestProvidersAreReachedByHTTPSOrOnThisMachine(t *testing.T) {
	for address, fine := range map[string]bool{
		"https://login.mercy.example": true, "http://localhost:8081": true, "http://127.0.0.1:1/x": true, "http://[::1]:1": true,
		"http://login.mercy.example": false, "ftp://localhost": false, "login.mercy.example": false, "http://127.0.0.1.evil.example": false,
	} {
		u, err := url.Parse(address)
		require.NoError(t, err)
		assert.Equal(t, fine, signin.CheckAddress(u) == nil, address)
	}
}

func base64url(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }
