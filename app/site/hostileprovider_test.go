package site_test

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
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
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/demo"
	"first5/app/signin"
	"first5/app/site"
)

// scrawl is what a hostile provider would like to see on a page.
const scrawl = `<b onclick="scrawl()">SCRAWL</b>`

// The addresses of a provider.
const (
	discoveryAt = "/.well-known/openid-configuration"
	authorizeAt = "/authorize"
	tokenAt     = "/token"
	keysAt      = "/keys"
	detailsAt   = "/userinfo"
)

// said is what an answer says, by name. Said over another, nil takes a part away.
type said map[string]any

func (s said) over(right said) said {
	all := maps.Clone(right)
	maps.Copy(all, s)
	maps.DeleteFunc(all, func(_ string, v any) bool { return v == nil })
	return all
}

// street is where hostile providers live: what they share.
type street struct {
	t             *testing.T
	own, stranger *rsa.PrivateKey  // a key that they publish, and one that they don't
	elsewhere     *httptest.Server // a host that is configured for none of them
	over          chan struct{}    // closed when the test is

	mu      sync.Mutex
	strayed []string // what was asked elsewhere: nothing ever may be
}

func newStreet(t *testing.T) *street {
	t.Helper()
	s := &street{t: t, over: make(chan struct{})}
	for _, key := range []**rsa.PrivateKey{&s.own, &s.stranger} {
		made, err := rsa.GenerateKey(rand.Reader, 2048)
		require.NoError(t, err)
		*key = made
	}
	s.elsewhere = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		s.strayed = append(s.strayed, r.Method+" "+r.URL.Path)
		http.NotFound(w, r)
	}))
	t.Cleanup(func() {
		s.elsewhere.Close()
		s.mu.Lock()
		defer s.mu.Unlock()
		assert.Empty(t, s.strayed, "nobody calls a host that is not configured")
	})
	return s
}

// hostile is an institution's provider that does as a test tells it. It behaves
// until it is told otherwise, and is told before anybody comes.
type hostile struct {
	*street
	id     app.InstitutionID
	issuer string

	document said // discovery's
	claims   said // the ID token's
	details  said // userinfo's
	tokens   said // the token endpoint's
	callback said // what the browser brings back

	header  said                                        // of a token
	rewrite func(claims []byte) []byte                  // before they are signed; nil: not
	sign    func(input []byte) []byte                   // nil: with the own key
	pack    func(header, payload, signature string) any // nil: a compact token
	answers map[string]http.HandlerFunc                 // in place of the right ones
}

// move opens a hostile provider.
func (s *street) move(id app.InstitutionID) *hostile {
	p := &hostile{
		street: s, id: id, document: said{}, claims: said{}, details: said{}, tokens: said{}, callback: said{}, header: said{},
		answers: map[string]http.HandlerFunc{},
	}
	server := httptest.NewServer(p)
	s.t.Cleanup(server.Close)
	p.issuer = server.URL
	return p
}

// ServeHTTP implements [http.Handler].
func (p *hostile) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if own := p.answers[r.URL.Path]; own != nil {
		own(w, r)
		return
	}
	switch r.URL.Path {
	case discoveryAt:
		tell(w, p.document.over(said{
			"issuer": p.issuer, "authorization_endpoint": p.issuer + authorizeAt, "token_endpoint": p.issuer + tokenAt,
			"jwks_uri": p.issuer + keysAt, "userinfo_endpoint": p.issuer + detailsAt,
			"id_token_signing_alg_values_supported": []string{"RS256", "HS256", "none"},
		}))
	case authorizeAt:
		p.sendBack(w, r, r.FormValue("redirect_uri"))
	case tokenAt:
		nonce := r.FormValue("code") // which is all that this code is
		tell(w, p.tokens.over(said{"access_token": "opens-userinfo", "token_type": "Bearer", "id_token": p.idToken(nonce)}))
	case keysAt:
		tell(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &p.own.PublicKey, KeyID: "own", Algorithm: "RS256", Use: "sig"}}})
	case detailsAt:
		tell(w, p.details.over(said{"sub": "s1", "name": "Sam Stone", "email": "sam@hostile.example"}))
	default:
		http.NotFound(w, r)
	}
}

func tell(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // whoever asked may be gone
}

// sendBack sends the browser back as somebody who has signed in.
func (p *hostile) sendBack(w http.ResponseWriter, r *http.Request, to string) {
	q := url.Values{}
	for name, v := range p.callback.over(said{"code": r.FormValue("nonce"), "state": r.FormValue("state")}) {
		q.Set(name, v.(string))
	}
	http.Redirect(w, r, to+"?"+q.Encode(), http.StatusFound)
}

func (p *hostile) idToken(nonce string) any {
	now := time.Now()
	return p.token(p.claims.over(said{
		"iss": p.issuer, "sub": "s1", "aud": "first5", "nonce": nonce, "iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
	}))
}

// token writes a token by hand, so that anything can stand in it.
func (p *hostile) token(claims said) any {
	payload, err := json.Marshal(claims)
	assert.NoError(p.t, err)
	if p.rewrite != nil {
		payload = p.rewrite(payload)
	}
	header, err := json.Marshal(p.header.over(said{"alg": "RS256", "kid": "own"}))
	assert.NoError(p.t, err)
	sign := p.sign
	if sign == nil {
		sign = byKey(p.own)
	}
	pack := p.pack
	if pack == nil {
		pack = func(header, payload, signature string) any { return header + "." + payload + "." + signature }
	}
	encode := base64.RawURLEncoding.EncodeToString
	return pack(encode(header), encode(payload), encode(sign([]byte(encode(header)+"."+encode(payload)))))
}

func byKey(key *rsa.PrivateKey) func([]byte) []byte {
	return func(input []byte) []byte {
		sum := sha256.Sum256(input)
		signature, err := rsa.SignPKCS1v15(nil, key, crypto.SHA256, sum[:])
		if err != nil {
			return nil // a signature that fits nothing: the test sees that
		}
		return signature
	}
}

// bySecret signs as if the two sides shared a secret.
func bySecret(secret []byte) func([]byte) []byte {
	return func(input []byte) []byte {
		h := hmac.New(sha256.New, secret)
		h.Write(input)
		return h.Sum(nil)
	}
}

func unsigned([]byte) []byte { return nil }

// prefixed returns a rewriting that puts members before all others of the claims.
func prefixed(members string) func([]byte) []byte {
	return func(claims []byte) []byte { return bytes.Replace(claims, []byte("{"), []byte("{"+members+","), 1) }
}

// newHouseAmong builds a house with hostile institutions beside the hospitals. A
// relying party is made of all its providers at once, so the hospitals' is
// opened here once more.
func newHouseAmong(t *testing.T, patience time.Duration, among ...*hostile) *house {
	t.Helper()
	return newHouseWith(t, func(s app.Store) app.Store { return s }, func(c *site.Config) {
		_, providers := (&house{t: t, url: c.BaseURL}).institutions()
		for _, p := range among {
			name := "Hostile " + string(p.id)
			c.Training.Institutions = append(c.Training.Institutions, app.Institution{ID: p.id, Name: name})
			providers = append(providers, signin.Provider{
				Institution: p.id, Issuer: p.issuer, ClientID: "first5", ClientSecret: hostileSecret,
				RedirectURL: c.BaseURL + "/signin/" + string(p.id) + "/callback",
				Scopes:      []string{"openid", "profile", "email"},
				Claims:      signin.Claims{Name: "name", Email: "email", NPI: "npi", Roles: "groups"},
				Roles:       map[app.Role][]string{app.Manager: {demo.GroupManagers}, app.Operator: {demo.GroupOperators}},
			})
		}
		c.SignIn = signin.New(providers, signin.Options{Deadline: patience})
	})
}

const hostileSecret = "secret-that-first5-shares-with-the-hostile-one"

// noted returns what the audit trail tells of an institution, the latest first.
func (h *house) noted(t *testing.T, at app.InstitutionID, kind app.EventKind) []app.Event {
	t.Helper()
	operator := app.Person{Identity: app.Identity{Roles: []app.Role{app.Operator}}}
	trail, err := h.training.Events(t.Context(), operator, app.EventFilter{Institution: at, Kind: kind}, app.EventCursor{}, 100)
	require.NoError(t, err)
	return trail.Events
}
