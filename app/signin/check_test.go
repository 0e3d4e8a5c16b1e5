package signin_test

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

// update writes what Check says into the golden files; look through the
// difference before committing it.
func update() bool { return flag.Lookup("update").Value.String() == "true" }

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden files anew")
	os.Exit(m.Run())
}

// golden compares a text with a golden file, with the test provider's address
// replaced by a constant one.
func golden(t *testing.T, p *provider, name, got string) {
	t.Helper()
	host := strings.TrimPrefix(p.url, "http://")
	got = strings.ReplaceAll(strings.ReplaceAll(got, p.url, "https://login.mercy.example"), host, "login.mercy.example")
	path := filepath.Join("testdata", "check", strings.ReplaceAll(name, " ", "-")+".txt")
	if update() {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
		require.NoError(t, os.WriteFile(path, []byte(got), 0o666))
	}
	want, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, string(want), got)
}

func listed(findings []signin.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		fmt.Fprintf(&b, "%s: %s\n", f.Severity, f.Text)
		if f.Mend != "" {
			fmt.Fprintf(&b, "    %s\n", f.Mend)
		}
	}
	return b.String()
}

// checked is a provider with which nothing is wrong: it takes no client that it
// does not know, and no invented code.
func checked(t *testing.T) *provider {
	p := newProvider(t)
	p.answers("/token", func(w http.ResponseWriter, r *http.Request) {
		basic, _, _ := r.BasicAuth()
		if r.FormValue("client_id") != "first5" && basic != "first5" {
			says(401, `{"error":"invalid_client"}`)(w, r)
			return
		}
		says(400, `{"error":"invalid_grant"}`)(w, r)
	})
	return p
}

func redirects(to string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, to, http.StatusFound) }
}

// checkCase is what is wrong, at the provider or in what First5 was told of it.
type checkCase struct {
	provider   func(p *provider)
	registered func(r *signin.Provider)
}

func document(changes claims) func(p *provider) { return func(p *provider) { p.document = changes } }

func handle(path string, h http.HandlerFunc) func(p *provider) {
	return func(p *provider) { p.handle[path] = h }
}

// eachCheck compares what Check finds with golden files, which show each finding
// as the operator reads it.
func eachCheck(t *testing.T, cases map[string]checkCase) {
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			p := checked(t)
			if c.provider != nil {
				c.provider(p)
			}
			change := c.registered
			if change == nil {
				change = func(*signin.Provider) {}
			}
			report, err := p.party(change).Check(t.Context(), "mercy")
			require.NoError(t, err)
			require.NotEmpty(t, report.Findings)
			require.NotEmpty(t, report.Tell)
			for _, f := range report.Findings {
				assert.Equal(t, f.Severity == signin.Fine, f.Mend == "", f.Text)
				assert.NotContains(t, f.Text+f.Mend, "\n")
			}
			golden(t, p, name, listed(report.Findings))
		})
	}
}

func TestCheckFindsAProviderThatIsNotThereOrAnother(t *testing.T) {
	eachCheck(t, map[string]checkCase{
		"nothing is wrong":          {},
		"nobody is there":           {provider: func(p *provider) { p.server.Close() }},
		"no discovery document":     {provider: handle(discoveryPath, status(404))},
		"a discovery that fails":    {provider: handle(discoveryPath, status(502))},
		"a discovery that is HTML":  {provider: handle(discoveryPath, says(200, "<html>"))},
		"a discovery that moved":    {provider: handle(discoveryPath, redirects("https://other.example/d"))},
		"a discovery without end":   {provider: handle(discoveryPath, says(200, strings.Repeat("x", 2_000_000)))},
		"a slash too many":          {registered: func(r *signin.Provider) { r.Issuer += "/" }},
		"another issuer":            {provider: document(claims{"issuer": "https://evil.example\n"})},
		"hosts to be added":         {provider: document(claims{"token_endpoint": "https://tokens.example/t", "jwks_uri": "https://keys.example/k"}), registered: func(r *signin.Provider) { r.Hosts = []string{"known.example"} }},
		"details at another host":   {provider: document(claims{"userinfo_endpoint": "https://details.example/me"})},
		"endpoints that are no use": {provider: document(claims{"token_endpoint": nil, "authorization_endpoint": "http://mercy.example/a", "userinfo_endpoint": "ftp://mercy.example/"})},
		"clocks that differ": {provider: func(p *provider) {
			p.clock.t = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
			p.handle[discoveryPath] = func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Date", "Thu, 01 Jan 2026 12:01:01 GMT")
				answer(w, p.discovery())
			}
		}},
	})
}

func TestCheckFindsWhatTheProviderDoesNotOffer(t *testing.T) {
	eachCheck(t, map[string]checkCase{
		"PKCE is not announced":    {provider: document(claims{"code_challenge_methods_supported": nil})},
		"PKCE without S256":        {provider: document(claims{"code_challenge_methods_supported": []string{"plain"}})},
		"no code":                  {provider: document(claims{"response_types_supported": []string{"id_token"}})},
		"scopes that are unknown":  {provider: document(claims{"scopes_supported": []string{"openid"}})},
		"signatures that are weak": {provider: document(claims{"id_token_signing_alg_values_supported": []string{"HS256", "none"}})},
		"claims that are unknown":  {provider: document(claims{"claims_supported": []string{"sub", "name", "email"}})},
		"claims and no userinfo":   {provider: document(claims{"claims_supported": []string{"sub", "name"}, "userinfo_endpoint": nil})},
		"another authentication":   {provider: document(claims{"token_endpoint_auth_methods_supported": []string{"private_key_jwt", "tls_client_auth"}})},
		"no secret and no key":     {registered: func(r *signin.Provider) { r.ClientSecret = "" }},
		"a key that is missing":    {registered: func(r *signin.Provider) { r.ClientAuth, r.ClientSecret = signin.PrivateKeyJWT, "" }},
		"a secret that is missing": {registered: func(r *signin.Provider) { r.ClientAuth, r.ClientSecret = signin.Post, "" }},
		"no sign-out":              {provider: document(claims{"end_session_endpoint": nil, "backchannel_logout_supported": nil})},
	})
}

func TestCheckFindsWhatTheProviderRefuses(t *testing.T) {
	eachCheck(t, map[string]checkCase{
		"no keys":                   {provider: handle("/keys", says(200, `{"keys":[]}`))},
		"no usable keys":            {provider: handle("/keys", says(200, `{"keys":[{"kty":"oct","k":"AAAA"},{"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"}]}`))},
		"keys that are HTML":        {provider: handle("/keys", says(200, `<html>`))},
		"keys that are not there":   {provider: handle("/keys", status(404))},
		"keys that moved":           {provider: handle("/keys", redirects("/k2"))},
		"more keys than are taken":  {provider: handle("/keys", says(200, `{"keys":[`+strings.Repeat("{},", 50)+`{}]}`))},
		"keys that are numbers":     {provider: handle("/keys", says(200, `{"keys":[7]}`))},
		"codes before clients":      {provider: handle("/token", says(400, `{"error":"invalid_grant"}`))},
		"a wrong secret":            {provider: handle("/token", says(401, `{"error":"invalid_client","error_description":"AADSTS7000222: The client secret has expired."}`))},
		"a secret that is wanted":   {provider: handle("/token", says(401, `{"error":"invalid_client"}`)), registered: func(r *signin.Provider) { r.ClientSecret = "" }},
		"a key that is unknown":     {provider: handle("/token", says(400, `{"error":"invalid_client"}`)), registered: func(r *signin.Provider) { r.ClientAuth, r.ClientKey = signin.PrivateKeyJWT, newKey(t) }},
		"a secret that can't tell":  {provider: handle("/token", says(400, `{"error":"invalid_request"}`))},
		"a token for any code":      {provider: handle("/token", says(200, `{"access_token":"a","token_type":"Bearer"}`))},
		"a token endpoint moved":    {provider: handle("/token", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/t2", http.StatusTemporaryRedirect) })},
		"a request that is refused": {provider: handle("/authorize", status(400))},
		"a sign-in page that fails": {provider: handle("/authorize", status(500))},
		"a sign-in page that leads": {provider: handle("/authorize", redirects("/login"))},
		"an error in the redirect":  {provider: handle("/authorize", redirects(callbackURL+"?error=invalid_scope&error_description=No+such+scope%0a"))},
		"a sign-in page elsewhere":  {provider: document(claims{"authorization_endpoint": "https://pages.example/a"})},
	})
}

func TestCheckTellsWhatTheInstitutionsITMustRegister(t *testing.T) {
	for name, change := range map[string]func(r *signin.Provider){
		"told by default": func(*signin.Provider) {},
		"told for a key": func(r *signin.Provider) {
			r.ClientAuth, r.ClientSecret, r.ClientKey = signin.PrivateKeyJWT, "", newKey(t)
			r.Require = map[string][]string{"hd": {"mercy.example", "mercy.org"}, "unit": {"lakes"}}
			r.Roles[app.Educator] = []string{"faculty"}
		},
		"told without a secret": func(r *signin.Provider) { r.ClientSecret = "" },
	} {
		t.Run(name, func(t *testing.T) {
			p := checked(t)
			report, err := p.party(change).Check(t.Context(), "mercy")
			require.NoError(t, err)
			var b strings.Builder
			for _, f := range report.Tell {
				fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
			}
			golden(t, p, name, b.String())
		})
	}
}

func TestCheckMakesTheRequestsThatASignInMakes(t *testing.T) {
	p := newProvider(t)
	var asked url.Values
	p.answers("/authorize", func(_ http.ResponseWriter, r *http.Request) { asked = r.URL.Query() })
	_, err := p.party().Check(t.Context(), "mercy")
	require.NoError(t, err)
	assert.Equal(t, callbackURL, asked.Get("redirect_uri"))
	assert.Equal(t, "S256", asked.Get("code_challenge_method"))
	assert.Equal(t, "authorization_code", p.form.Get("grant_type"))
	assert.NotEmpty(t, p.form.Get("code_verifier"))
}

func TestCheckSaysThatACertificateIsNotTrusted(t *testing.T) {
	p := checked(t)
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // it would log the handshake that fails
	server.StartTLS()
	t.Cleanup(server.Close)
	report, err := p.party(func(r *signin.Provider) { r.Issuer = server.URL }).Check(t.Context(), "mercy")
	require.NoError(t, err)
	golden(t, p, "a certificate of nobody", listed(report.Findings))
}

func TestCheckSaysThatAProviderIsSlow(t *testing.T) {
	p := newProvider(t)
	ended := make(chan struct{})
	t.Cleanup(func() { close(ended) })
	p.answers(discoveryPath, func(_ http.ResponseWriter, r *http.Request) {
		select {
		case <-r.Context().Done():
		case <-ended:
		}
	})
	rp := signin.New([]signin.Provider{p.registered()}, signin.Options{Deadline: 100 * time.Millisecond})
	report, err := rp.Check(t.Context(), "mercy")
	require.NoError(t, err)
	golden(t, p, "a provider that is slow", listed(report.Findings))
}

func TestGoogleWithoutARequiredDomainIsAProblem(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // nobody is called
	for _, domain := range []string{"", "mercy.example"} {
		r := newProvider(t).registered()
		r.Issuer = "https://accounts.google.com"
		if domain != "" {
			r.Require = map[string][]string{"hd": {domain}}
		}
		report, err := signin.New([]signin.Provider{r}, signin.Options{}).Check(ctx, "mercy")
		require.NoError(t, err)
		assert.Equal(t, domain == "", strings.Contains(listed(report.Findings), "Everybody with a Google account could sign in"))
	}
}
