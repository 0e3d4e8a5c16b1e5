package demo

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"
	"golang.org/x/oauth2"
)

// signIn is one sign-in as First5 sees it, with the libraries that First5 uses.
type signIn struct {
	*site
	ctx      context.Context
	provider *oidc.Provider
	config   oauth2.Config
	verifier string
	nonce    string
	state    string
}

func (s *site) begin(t *testing.T, institution string) *signIn {
	t.Helper()
	ctx := oidc.ClientContext(t.Context(), s.browser)
	provider, err := oidc.NewProvider(ctx, Issuer(s.base, institution))
	require.NoError(t, err)
	client := s.clients[institution]
	return &signIn{
		site:     s,
		ctx:      ctx,
		provider: provider,
		config: oauth2.Config{
			ClientID:     client.ID,
			ClientSecret: client.Secret,
			Endpoint:     provider.Endpoint(),
			RedirectURL:  client.RedirectURI,
			Scopes:       []string{oidc.ScopeOpenID, "profile", "email"},
		},
		verifier: oauth2.GenerateVerifier(),
		nonce:    "nonce-" + t.Name(),
		state:    "state & more",
	}
}

// address is where First5 sends the browser.
func (s *signIn) address(more ...oauth2.AuthCodeOption) string {
	options := append([]oauth2.AuthCodeOption{oidc.Nonce(s.nonce), oauth2.S256ChallengeOption(s.verifier)}, more...)
	return s.config.AuthCodeURL(s.state, options...)
}

// ask follows that address to the page with the people, and returns the
// address of the page.
func (s *signIn) ask(t *testing.T, more ...oauth2.AuthCodeOption) string {
	t.Helper()
	status, header, body := s.get(t, s.address(more...))
	require.Equal(t, http.StatusFound, status, body)
	return header.Get("Location")
}

// choose submits the page's form with the button of that person, and returns
// the code with which the browser comes back to First5.
func (s *signIn) choose(t *testing.T, page, subject string) string {
	t.Helper()
	status, _, body := s.get(t, page)
	require.Equal(t, http.StatusOK, status, body)
	shown := readForm(t, body)
	require.Contains(t, shown.people, subject)
	shown.hidden.Set("person", subject)
	status, header, body := s.post(t, resolve(t, page, shown.action), shown.hidden)
	require.Equal(t, http.StatusSeeOther, status, body)
	back, err := url.Parse(header.Get("Location"))
	require.NoError(t, err)
	require.Equal(t, s.state, back.Query().Get("state"))
	require.Equal(t, s.config.RedirectURL, back.Scheme+"://"+back.Host+back.Path)
	return back.Query().Get("code")
}

// code is the whole way from First5 to First5.
func (s *signIn) code(t *testing.T, subject string) string {
	t.Helper()
	return s.choose(t, s.ask(t), subject)
}

func (s *signIn) exchange(code string) (*oauth2.Token, error) {
	return s.config.Exchange(s.ctx, code, oauth2.VerifierOption(s.verifier))
}

// verify returns what the ID token says of the person.
func (s *signIn) verify(t *testing.T, token *oauth2.Token) *oidc.IDToken {
	t.Helper()
	raw, ok := token.Extra("id_token").(string)
	require.True(t, ok)
	verified, err := s.provider.Verifier(&oidc.Config{ClientID: s.config.ClientID}).Verify(s.ctx, raw)
	require.NoError(t, err)
	require.NoError(t, verified.VerifyAccessToken(token.AccessToken))
	return verified
}

func (s *site) get(t *testing.T, address string) (int, http.Header, string) {
	t.Helper()
	answer, err := s.browser.Get(address)
	require.NoError(t, err)
	return read(t, answer)
}

func (s *site) post(t *testing.T, address string, form url.Values) (int, http.Header, string) {
	t.Helper()
	answer, err := s.browser.PostForm(address, form)
	require.NoError(t, err)
	return read(t, answer)
}

func read(t *testing.T, answer *http.Response) (int, http.Header, string) {
	t.Helper()
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, answer.Header, string(body)
}

func resolve(t *testing.T, page, link string) string {
	t.Helper()
	base, err := url.Parse(page)
	require.NoError(t, err)
	to, err := base.Parse(link)
	require.NoError(t, err)
	return to.String()
}

// form is the form of a page, as a browser without scripts sees it.
type form struct {
	action string
	hidden url.Values
	people []string // the values of the buttons
}

func readForm(t *testing.T, page string) form {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	read := form{hidden: url.Values{}}
	for node := range root.Descendants() {
		switch node.Data {
		case "form":
			require.Equal(t, "post", attribute(node, "method"))
			read.action = attribute(node, "action")
		case "input":
			read.hidden.Set(attribute(node, "name"), attribute(node, "value"))
		case "button":
			require.Equal(t, "person", attribute(node, "name"))
			read.people = append(read.people, attribute(node, "value"))
		}
	}
	return read
}

func attribute(node *html.Node, name string) string {
	for _, a := range node.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}
