package main

import (
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
	"first5/app/sqlitestore"
)

// configured reads a configuration file that holds a text, with a secret.
func configured(t *testing.T, text string) (config, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "first5.yaml")
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return readConfig(file, func(variable string) string {
		return map[string]string{"FIRST5_SECRET": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCE="}[variable]
	})
}

const oneInstitution = "\ninstitutions:\n  - {id: mercy, name: Mercy, issuer: https://login.mercy.example, client_id: first5"

func TestTheConfigurationGivesTheBaseURLOneSpelling(t *testing.T) {
	for written, want := range map[string]string{
		"https://first5.example":           "https://first5.example",
		"https://first5.example/":          "https://first5.example",
		"HTTPS://First5.Example":           "https://first5.example",
		"https://first5.example:443/":      "https://first5.example",
		"https://first5.example:":          "https://first5.example",
		"https://first5.example:80":        "https://first5.example:80",
		"https://first5.example:8443/":     "https://first5.example:8443",
		"http://LOCALHOST:80":              "http://localhost",
		"http://localhost:443":             "http://localhost:443",
		"http://127.0.0.1:8080/":           "http://127.0.0.1:8080",
		"http://[::1]:80":                  "http://[::1]",
		"https://[2001:DB8::1]:443/":       "https://[2001:db8::1]",
		"https://first5.example.:443":      "https://first5.example.",
		"https://training.mercy.example:1": "https://training.mercy.example:1",
	} {
		c, err := configured(t, "base_url: '"+written+"'"+oneInstitution+"}\n")
		require.NoError(t, err, written)
		assert.Equal(t, want, c.BaseURL)
		provider := c.providers()[0]
		assert.Equal(t, want+"/signin/mercy/callback", provider.RedirectURL, "which providers compare letter by letter")
		assert.Equal(t, want+"/signed-out", provider.SignedOutURL)
	}
}

func TestTheConfigurationRefusesABaseURLThatIsMoreThanAHost(t *testing.T) {
	for written, want := range map[string]string{
		"https://first5.example/learn":       "has a path, which it may not have: it should be https://first5.example",
		"https://first5.example//":           "has a path",
		"https://first5.example/%2F":         "has a path",
		"https://First5.example:443/?a=b":    "has a query, which it may not have: it should be https://first5.example",
		"https://first5.example?":            "has a query",
		"https://first5.example/#home":       "has a fragment",
		"https://first5.example#":            "has a fragment",
		"https://it:geheim@first5.example/":  "has a user, which it may not have: it should be https://first5.example",
		"https://@first5.example":            "has a user",
		"first5.example":                     "should be like https://first5.example",
		"first5.example:443":                 "should be like",
		"//first5.example":                   "should be like",
		"https://:443":                       "should be like",
		"https:first5.example":               "should be like",
		"ftp://first5.example":               "should be like",
		"https://first5 .example":            "should be like",
		"https://fürst.example":              "should be like",
		"https://[fe80::1%25en0]":            "should be like",
		"http://first5.example":              "should be https, since people sign in by it",
		"http://127.example.com":             "should be https",
		"http://127.0.0.1.example.com":       "should be https",
		"http://localhost.example.com:8080/": "should be https",
	} {
		_, err := configured(t, "base_url: '"+written+"'"+oneInstitution+"}\n")
		assert.ErrorContains(t, err, want, written)
		assert.NotContains(t, err.Error(), "geheim")
	}
}

func TestAnEmptyClaimIsNotAskedFor(t *testing.T) {
	c, err := configured(t, oneInstitution+`, claims: {npi: "", roles: "", email: ''}}`)
	require.NoError(t, err)
	assert.Equal(t, signin.Claims{Name: "name"}, c.providers()[0].Claims)
}

func TestInstitutionsShareAnIssuerWhereAClaimTellsTheirPeopleApart(t *testing.T) {
	c, err := configured(t, `institutions:
  - {id: mercy, name: Mercy, issuer: https://login.example, client_id: first5, require: {org: [mercy, bay], aal: ["2"]}}
  - {id: harbor, name: Harbor, issuer: https://login.example, client_id: first5, require: {org: [harbor], aal: ["2"]}}
`)
	require.NoError(t, err)
	assert.Len(t, c.Institutions, 2)
}

func TestSettingsThatNeverCameIntoForceLeaveNoTrace(t *testing.T) {
	file := filepath.Join(t.TempDir(), "first5.db")
	c, err := configured(t, "database: 'sqlite:"+file+"'"+oneInstitution+"}\n")
	require.NoError(t, err)
	silent := terminal{out: io.Discard, err: io.Discard}
	wrong := c
	wrong.TrustedProxies = []string{"proxy.example"} // which the site refuses, at the latest
	_, err = build(t.Context(), wrong, nil, slog.New(slog.DiscardHandler), silent)
	require.ErrorContains(t, err, `the trusted proxy "proxy.example"`)
	publications, told := traces(t, file)
	assert.Zero(t, publications, "nothing is published by a program that can't serve it")
	assert.Empty(t, told)

	p, err := build(t.Context(), c, nil, slog.New(slog.DiscardHandler), silent)
	require.NoError(t, err)
	require.NoError(t, p.store.Close())
	publications, told = traces(t, file)
	assert.Equal(t, 1, publications)
	assert.Contains(t, told, app.SettingsChanged)
}

// traces returns the number of the last publication in a database, and what the
// audit trail tells of.
func traces(t *testing.T, file string) (publications int, told []app.EventKind) {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), file)
	require.NoError(t, err)
	defer store.Close()
	last, err := store.LastPublication(t.Context())
	if err != nil {
		require.ErrorIs(t, err, app.ErrNotFound)
	}
	events, err := store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 100)
	require.NoError(t, err)
	for _, e := range events {
		told = append(told, e.Kind)
	}
	return last.Number, told
}

func FuzzBaseURL(f *testing.F) {
	for _, written := range []string{"https://First5.example:443/", "http://[::1]:80", "https://a@b/c?d#e", "http://127.1", "https://[fe80::1%25en0]:443"} {
		f.Add(written)
	}
	f.Fuzz(func(t *testing.T, written string) {
		base, err := normalBaseURL(written)
		if err != nil {
			assert.NotContains(t, err.Error(), "\n", "one sentence")
			return
		}
		again, err := normalBaseURL(base)
		require.NoError(t, err)
		assert.Equal(t, base, again, "one spelling")
		page, err := url.Parse(base + "/modules")
		require.NoError(t, err)
		assert.Equal(t, "/modules", page.Path)
		assert.Nil(t, page.User)
		assert.Equal(t, strings.ToLower(page.Host), page.Host)
	})
}

func FuzzConfiguration(f *testing.F) {
	f.Add("base_url: https://First5.example/" + oneInstitution + ", require: {hd: [a]}, domains: [mercy.example], programs: [p]}\n")
	f.Add(oneInstitution + ", roles: {manager: [~]}, scopes: [openid, '']}\n")
	f.Add("listen: :1\nlisten: :2" + oneInstitution + "}\n---\n{}")
	f.Add("a: &a [*a]\ninstitutions: *a")
	folder := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		if strings.Contains(text, "_file") {
			return // it could name any file of this machine
		}
		file := filepath.Join(folder, "first5.yaml")
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
		c, err := readConfig(file, func(string) string { return "" })
		if err != nil {
			return
		}
		assert.NotContains(t, c.TrustedProxies, "")
		for _, i := range c.Institutions {
			lists := [][]string{i.Hosts, i.Domains, i.Scopes, i.Programs, i.Roles.Manager, i.Roles.Educator, i.Roles.Operator}
			for name, values := range i.Require {
				assert.NotEmpty(t, name)
				assert.NotEmpty(t, values, "nobody could get in")
				lists = append(lists, values)
			}
			for _, value := range slices.Concat(lists...) {
				assert.NotEmpty(t, strings.TrimSpace(value), "a blank value stands for nothing")
			}
			assert.NotEmpty(t, i.Claims.Name)
		}
	})
}
