package demo

import (
	"bytes"
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/oauth2"
)

const physician = "ml-20417" // of Mercy Lakes

// said is what a hospital tells about a person.
type said struct {
	Subject  string   `json:"sub"`
	Name     string   `json:"name"`
	Email    string   `json:"email"`
	Verified bool     `json:"email_verified"`
	NPI      string   `json:"npi"`
	Groups   []string `json:"groups"`
}

func TestEverybodyCanSignIn(t *testing.T) {
	s := newSite(t)
	for _, i := range Institutions() {
		for _, p := range i.People {
			t.Run(p.Name, func(t *testing.T) {
				visit := s.begin(t, i.ID)
				token, err := visit.exchange(visit.code(t, p.Subject))
				require.NoError(t, err)
				want := said{p.Subject, p.Name, p.Email, true, p.NPI, p.Groups}

				verified := visit.verify(t, token)
				var inToken said
				require.NoError(t, verified.Claims(&inToken))
				assert.Equal(t, want, inToken)
				assert.Equal(t, visit.nonce, verified.Nonce)
				assert.Equal(t, s.base+"/"+i.ID, verified.Issuer)

				info, err := visit.provider.UserInfo(visit.ctx, oauth2.StaticTokenSource(token))
				require.NoError(t, err)
				var asked said
				require.NoError(t, info.Claims(&asked))
				assert.Equal(t, want, asked)
			})
		}
	}
}

func TestScopesDecideWhatIsTold(t *testing.T) {
	s := newSite(t)
	for name, test := range map[string]struct {
		scopes []string
		want   said
	}{
		"openid alone": {[]string{"openid"}, said{Subject: physician}},
		"with e-mail": {[]string{"openid", "email"},
			said{Subject: physician, Email: "noor.haddad@mercy-lakes.example", Verified: true}},
		"with profile": {[]string{"openid", "profile", "phone"},
			said{Subject: physician, Name: "Noor Haddad", NPI: "2073418560", Groups: []string{"medical-staff"}}},
	} {
		t.Run(name, func(t *testing.T) {
			visit := s.begin(t, mercy)
			visit.config.Scopes = test.scopes
			token, err := visit.exchange(visit.code(t, physician))
			require.NoError(t, err)
			var inToken said
			require.NoError(t, visit.verify(t, token).Claims(&inToken))
			assert.Equal(t, test.want, inToken)
		})
	}
}

func TestTheSecretMayComeInTheForm(t *testing.T) {
	visit := newSite(t).begin(t, mercy)
	visit.config.Endpoint.AuthStyle = oauth2.AuthStyleInParams
	token, err := visit.exchange(visit.code(t, physician))
	require.NoError(t, err)
	assert.Equal(t, physician, visit.verify(t, token).Subject)
}

func TestNoRefreshTokenIsGiven(t *testing.T) {
	visit := newSite(t).begin(t, mercy)
	visit.config.Scopes = append(visit.config.Scopes, oidc.ScopeOfflineAccess)
	token, err := visit.exchange(visit.code(t, physician))
	require.NoError(t, err)
	assert.Empty(t, token.RefreshToken)
	assert.Equal(t, "openid profile email", token.Extra("scope"))

	status, _, body := visit.post(t, visit.config.Endpoint.TokenURL, url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {"x"},
		"client_id": {visit.config.ClientID}, "client_secret": {visit.config.ClientSecret},
	})
	assert.Equal(t, http.StatusBadRequest, status)
	assert.Contains(t, body, "unsupported_grant_type")
}

func TestACodeIsRefused(t *testing.T) {
	s := newSite(t)
	for name, test := range map[string]struct {
		spoil func(t *testing.T, visit *signIn, code string) string
		want  string
	}{
		"with another verifier": {func(_ *testing.T, visit *signIn, code string) string {
			visit.verifier = oauth2.GenerateVerifier()
			return code
		}, "invalid_grant"},
		"without a verifier": {func(_ *testing.T, visit *signIn, code string) string {
			visit.verifier = ""
			return code
		}, "invalid_request"},
		"with a wrong secret": {func(_ *testing.T, visit *signIn, code string) string {
			visit.config.ClientSecret = visit.clients[harbor].Secret
			return code
		}, "invalid_client"},
		"with a wrong client": {func(_ *testing.T, visit *signIn, code string) string {
			visit.config.ClientID = "somebody"
			return code
		}, "invalid_client"},
		"with another address": {func(_ *testing.T, visit *signIn, code string) string {
			visit.config.RedirectURL = "http://localhost:8080/elsewhere"
			return code
		}, "invalid_grant"},
		"the second time": {func(t *testing.T, visit *signIn, code string) string {
			_, err := visit.exchange(code)
			require.NoError(t, err)
			return code
		}, "invalid_grant"},
		"after a minute": {func(_ *testing.T, visit *signIn, code string) string {
			visit.clock.forward(time.Minute)
			return code
		}, "invalid_grant"},
		"that nobody made": {func(*testing.T, *signIn, string) string { return "made-up" }, "invalid_grant"},
		"at the other institution": {func(t *testing.T, visit *signIn, code string) string {
			there := visit.begin(t, harbor)
			visit.config.Endpoint = there.config.Endpoint
			visit.config.ClientSecret = there.config.ClientSecret
			return code
		}, "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			visit := s.begin(t, mercy)
			code := test.spoil(t, visit, visit.code(t, physician))
			token, err := visit.exchange(code)
			assert.Nil(t, token)
			var refused *oauth2.RetrieveError
			require.ErrorAs(t, err, &refused)
			assert.Equal(t, test.want, refused.ErrorCode)
		})
	}
}

func TestOfManyExchangesOfACodeOneSucceeds(t *testing.T) {
	visit := newSite(t).begin(t, mercy)
	code := visit.code(t, physician)
	var good atomic.Int32
	var all sync.WaitGroup
	for range 16 {
		all.Go(func() {
			if _, err := visit.exchange(code); err == nil {
				good.Add(1)
			}
		})
	}
	all.Wait()
	assert.EqualValues(t, 1, good.Load())
}

func TestManyPeopleSignInAtOnce(t *testing.T) {
	s := newSite(t)
	for _, i := range Institutions() {
		for _, p := range i.People {
			t.Run(p.Name, func(t *testing.T) {
				t.Parallel()
				for range 5 {
					visit := s.begin(t, i.ID)
					token, err := visit.exchange(visit.code(t, p.Subject))
					require.NoError(t, err)
					assert.Equal(t, p.Subject, visit.verify(t, token).Subject)
				}
			})
		}
	}
}

func TestASignInIsRefusedOnThePage(t *testing.T) {
	s := newSite(t)
	for name, spoil := range map[string]func(*signIn){
		"a foreign address":             func(visit *signIn) { visit.config.RedirectURL = "http://evil.test/callback" },
		"a longer address":              func(visit *signIn) { visit.config.RedirectURL += "/more" },
		"the other's address":           func(visit *signIn) { visit.config.RedirectURL = visit.clients[harbor].RedirectURI },
		"the same at another port":      func(visit *signIn) { visit.config.RedirectURL = "http://localhost:9/signin/mercy-lakes/callback" },
		"no address":                    func(visit *signIn) { visit.config.RedirectURL = "" },
		"an unknown client":             func(visit *signIn) { visit.config.ClientID = "somebody" },
		"an unknown client and address": func(visit *signIn) { visit.config.ClientID, visit.config.RedirectURL = "x", "http://evil.test" },
	} {
		t.Run(name, func(t *testing.T) {
			visit := s.begin(t, mercy)
			spoil(visit)
			status, header, body := s.get(t, visit.address())
			assert.Equal(t, http.StatusBadRequest, status)
			assert.Empty(t, header.Get("Location"))
			assert.Contains(t, body, "go back to First5 and start again")
		})
	}
}

func TestTokensAreNeverGivenInAnAddress(t *testing.T) {
	visit := newSite(t).begin(t, mercy)
	for _, kind := range []string{"token", "id_token", "id_token token", "code id_token", ""} {
		status, header, _ := visit.get(t, visit.address(oauth2.SetAuthURLParam("response_type", kind)))
		assert.Equal(t, http.StatusBadRequest, status, kind)
		assert.Empty(t, header.Get("Location"), kind)
	}
}

func TestASignInIsSentBackWithAnError(t *testing.T) {
	s := newSite(t)
	visit := s.begin(t, mercy)
	for name, test := range map[string]struct {
		address string
		want    string
	}{
		"without PKCE":             {visit.config.AuthCodeURL(visit.state), "invalid_request"},
		"with plain PKCE":          {visit.address(oauth2.SetAuthURLParam("code_challenge_method", "plain")), "invalid_request"},
		"with PKCE of no method":   {visit.address(oauth2.SetAuthURLParam("code_challenge_method", "")), "invalid_request"},
		"without openid":           {visit.address(oauth2.SetAuthURLParam("scope", "profile")), "invalid_scope"},
		"answering by form":        {visit.address(oauth2.SetAuthURLParam("response_mode", "form_post")), "invalid_request"},
		"asking nothing":           {visit.address(oauth2.SetAuthURLParam("prompt", "none")), "login_required"},
		"wrapped in a token":       {visit.address(oauth2.SetAuthURLParam("request", "a.b.c")), "request_not_supported"},
		"hinting at a false token": {visit.address(oauth2.SetAuthURLParam("id_token_hint", "a.b.c")), "login_required"},
	} {
		t.Run(name, func(t *testing.T) {
			status, header, body := s.get(t, test.address)
			require.Equal(t, http.StatusFound, status, body)
			back, err := url.Parse(header.Get("Location"))
			require.NoError(t, err)
			assert.Equal(t, "localhost:8080", back.Host)
			assert.Equal(t, test.want, back.Query().Get("error"))
			assert.Equal(t, visit.state, back.Query().Get("state"))
			assert.Empty(t, back.Query().Get("code"))
		})
	}
}

func TestATokenOpensNothingElse(t *testing.T) {
	s := newSite(t)
	visit, there := s.begin(t, mercy), s.begin(t, harbor)
	token, err := visit.exchange(visit.code(t, physician))
	require.NoError(t, err)
	raw := token.Extra("id_token").(string)

	_, err = there.provider.UserInfo(there.ctx, oauth2.StaticTokenSource(token))
	assert.ErrorContains(t, err, "401", "the access token at the other institution")
	_, err = there.provider.Verifier(&oidc.Config{ClientID: "first5", SkipIssuerCheck: true}).Verify(there.ctx, raw)
	assert.ErrorContains(t, err, "signature", "the ID token by the other institution's keys")
	_, err = visit.provider.UserInfo(visit.ctx, oauth2.StaticTokenSource(&oauth2.Token{AccessToken: raw}))
	assert.ErrorContains(t, err, "403", "an ID token as an access token")

	s.clock.forward(tokenLife)
	_, err = visit.provider.UserInfo(visit.ctx, oauth2.StaticTokenSource(token))
	assert.ErrorContains(t, err, "403", "an expired access token")
}

func TestSigningOutLeadsBackToFirst5(t *testing.T) {
	s := newSite(t)
	visit := s.begin(t, mercy)
	token, err := visit.exchange(visit.code(t, physician))
	require.NoError(t, err)
	hint := token.Extra("id_token").(string)
	for name, test := range map[string]struct {
		asked url.Values
		want  string // empty: refused
	}{
		"with the ID token": {url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"http://localhost:8080/"}},
			"http://localhost:8080/"},
		"with a state": {url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"http://localhost:8080/"}, "state": {"a b"}},
			"http://localhost:8080/?state=a+b"},
		"with the client's id": {url.Values{"client_id": {"first5"}, "post_logout_redirect_uri": {"http://localhost:8080/"}},
			"http://localhost:8080/"},
		"to nowhere in particular": {url.Values{"id_token_hint": {hint}}, s.base + "/mercy-lakes/signed-out"},
		"by nobody in particular": {url.Values{"post_logout_redirect_uri": {"http://evil.test/"}},
			s.base + "/mercy-lakes/signed-out"},
		"to a foreign address":   {url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"http://evil.test/"}}, ""},
		"with a false ID token":  {url.Values{"id_token_hint": {"a.b.c"}, "post_logout_redirect_uri": {"http://localhost:8080/"}}, ""},
		"with an unknown client": {url.Values{"client_id": {"x"}, "post_logout_redirect_uri": {"http://localhost:8080/"}}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			end := Issuer(s.base, mercy) + "/end_session"
			byLink, header, _ := s.get(t, end+"?"+test.asked.Encode())
			byForm, formHeader, _ := s.post(t, end, test.asked)
			assert.Equal(t, byLink, byForm)
			assert.Equal(t, test.want, header.Get("Location"))
			assert.Equal(t, test.want, formHeader.Get("Location"))
			if test.want != "" {
				assert.Equal(t, http.StatusSeeOther, byLink)
			} else {
				assert.GreaterOrEqual(t, byLink, 400)
			}
		})
	}
	t.Run("at the other institution", func(t *testing.T) {
		asked := url.Values{"id_token_hint": {hint}, "post_logout_redirect_uri": {"http://localhost:8080/"}}
		status, _, _ := s.get(t, Issuer(s.base, harbor)+"/end_session?"+asked.Encode())
		assert.Equal(t, http.StatusBadRequest, status)
	})
	t.Run("and the page says so", func(t *testing.T) {
		status, _, body := s.get(t, Issuer(s.base, mercy)+"/signed-out")
		assert.Equal(t, http.StatusOK, status)
		assert.Contains(t, body, "You are signed out")
	})
}

func TestDiscoveryTellsWhatThereIs(t *testing.T) {
	s := newSite(t)
	keys := make(map[string]bool)
	for _, i := range Institutions() {
		t.Run(i.ID, func(t *testing.T) {
			issuer := s.base + "/" + i.ID
			_, _, body := s.get(t, issuer+"/.well-known/openid-configuration")
			want := `{
				"issuer": "ISSUER",
				"authorization_endpoint": "ISSUER/authorize",
				"token_endpoint": "ISSUER/oauth/token",
				"userinfo_endpoint": "ISSUER/userinfo",
				"end_session_endpoint": "ISSUER/end_session",
				"jwks_uri": "ISSUER/keys",
				"scopes_supported": ["openid", "profile", "email"],
				"response_types_supported": ["code"],
				"response_modes_supported": ["query"],
				"grant_types_supported": ["authorization_code"],
				"subject_types_supported": ["public"],
				"id_token_signing_alg_values_supported": ["RS256"],
				"token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
				"claims_supported": ["iss", "sub", "aud", "azp", "exp", "iat", "auth_time", "nonce", "at_hash", "c_hash",
					"name", "email", "email_verified", "groups", "npi"],
				"code_challenge_methods_supported": ["S256"],
				"request_uri_parameter_supported": false
			}`
			assert.JSONEq(t, string(bytes.ReplaceAll([]byte(want), []byte("ISSUER"), []byte(issuer))), body)

			_, _, body = s.get(t, issuer+"/keys")
			var set struct{ Keys []map[string]string }
			require.NoError(t, json.Unmarshal([]byte(body), &set))
			require.Len(t, set.Keys, 1)
			assert.Equal(t, "RS256", set.Keys[0]["alg"])
			assert.NotContains(t, set.Keys[0], "d", "the private half")
			assert.False(t, keys[set.Keys[0]["n"]], "a key of its own")
			keys[set.Keys[0]["n"]] = true
		})
	}
}

func TestRefusalsGoToTheGivenLogAlone(t *testing.T) {
	var terminal bytes.Buffer
	before, output := slog.Default(), log.Writer()
	slog.SetDefault(slog.New(slog.NewTextHandler(&terminal, &slog.HandlerOptions{Level: slog.LevelDebug})))
	t.Cleanup(func() {
		slog.SetDefault(before)
		log.SetOutput(output) // which setting slog's default had changed
	})

	visit := newSite(t).begin(t, mercy)
	code := visit.code(t, physician)
	visit.config.ClientSecret = "a wrong secret"
	_, err := visit.exchange(code)
	require.Error(t, err)
	visit.get(t, visit.address(oauth2.SetAuthURLParam("prompt", "none")))
	visit.get(t, visit.address(oauth2.SetAuthURLParam("redirect_uri", "http://evil.test")))
	visit.get(t, Issuer(visit.base, mercy)+"/end_session?id_token_hint=x")

	assert.Empty(t, terminal.String())
	for _, want := range []string{"invalid_client", "login_required", "redirect_uri is missing", "id_token_hint invalid", "institution=mercy-lakes"} {
		assert.Contains(t, visit.log.String(), want)
	}
	for _, secret := range []string{code, "a wrong secret", visit.verifier, "Haddad"} {
		assert.NotContains(t, visit.log.String(), secret)
	}
}
