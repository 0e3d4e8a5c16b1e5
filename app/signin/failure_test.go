package signin_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/signin"
)

func TestAFailureTellsItsKindItsReasonAndItsCause(t *testing.T) {
	cause := errors.New("cause")
	err := fmt.Errorf("signing in: %w", &signin.Failure{Kind: signin.ErrRejected, Reason: signin.ReasonNonce, Err: cause})
	require.ErrorIs(t, err, signin.ErrRejected)
	require.ErrorIs(t, err, cause)
	require.NotErrorIs(t, err, signin.ErrUnavailable)
	assert.Equal(t, signin.ReasonNonce, signin.ReasonOf(err))
	assert.Equal(t, "signing in: the sign-in was rejected: the nonce is not that of the sign-in: cause", err.Error())
	assert.Empty(t, signin.ReasonOf(cause))
	assert.Empty(t, signin.ReasonOf(nil))
	bare := &signin.Failure{Kind: signin.ErrUnavailable, Reason: signin.ReasonTooLate}
	assert.Equal(t, "the identity provider is unavailable: the provider answered too late", bare.Error())
}

func TestWhatAProviderWroteForgesNoLineOfTheLog(t *testing.T) {
	f := &signin.Failure{Kind: signin.ErrRejected, Reason: signin.ReasonCode, Err: errors.New("a\nlevel=ERROR\x1b[31m\u202e\xff “ä”")}
	assert.Equal(t, `the sign-in was rejected: the provider did not accept the code: a\nlevel=ERROR\x1b[31m\u202e\xff “ä”`, f.Error())
	bare := len((&signin.Failure{Kind: signin.ErrRejected, Reason: signin.ReasonCode}).Error()) + len(": ")
	for _, sign := range []string{"x", "ä", "\n", "\u2028", "\xff"} {
		f.Err = errors.New(strings.Repeat(sign, 1000))
		assert.LessOrEqual(t, len(f.Error()), bare+300)
		assert.Greater(t, len(f.Error()), bare+290)
		assert.True(t, utf8.ValidString(f.Error()))
	}
}

// A provider may name the person in what it answers. The log must hold no names
// and no e-mail addresses, but should say what kind of error it was.
func TestNobodysNameGetsIntoTheLog(t *testing.T) {
	const words = `"error_description":"ana@mercy.example is locked out","x":"Ana Lima"}`
	known, odd := `{"error":"invalid_request",`+words, `{"error":"ana@mercy.example",`+words
	elsewhere := func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "https://gate.example/ana@mercy.example?user=Ana+Lima", http.StatusTemporaryRedirect)
	}
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		says   string
	}{
		"an error with a registered code": {says(400, known), "400 and invalid_request"},
		"an error with another code":      {says(400, odd), "400 and an error code that is not registered"},
		"a fault in words":                {says(500, "Ana Lima (ana@mercy.example) has no account"), "500 and no error code"},
		"words in place of an answer":     {says(200, `"Ana Lima, ana@mercy.example"`), ""},
		"keys of a strange kind":          {says(200, `{"keys":["ana@mercy.example"]}`), ""},
		"a redirect":                      {elsewhere, `"gate.example"`},
		"a redirect to no address": {func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "://Ana Lima")
			w.WriteHeader(http.StatusFound)
		}, "nowhere"},
	} {
		for _, path := range []string{discoveryPath, "/token", "/keys", "/userinfo"} {
			if name == "keys of a strange kind" && path != "/keys" {
				continue
			}
			t.Run(name+" at "+path, func(t *testing.T) {
				p := newProvider(t)
				p.answers(path, c.answer)
				_, err := p.signIn(p.party())
				require.Error(t, err)
				require.NotEmpty(t, signin.ReasonOf(err))
				assert.Contains(t, err.Error(), c.says)
				assert.NotContains(t, strings.ToLower(err.Error()), "ana")
			})
		}
	}
}

func TestNobodysNameGetsIntoTheLogByWayOfTheBrowserOrAToken(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	flow, err := p.begin(rp)
	require.NoError(t, err)
	for _, cb := range []signin.Callback{{Error: "ana@mercy.example"}, {Code: "code", Issuer: "ana@mercy.example"}} {
		cb.State = flow.State
		_, err := rp.Finish(t.Context(), flow, cb)
		require.ErrorIs(t, err, signin.ErrRejected)
		assert.NotContains(t, err.Error(), "ana@")
	}
	_, err = rp.Finish(t.Context(), flow, signin.Callback{State: flow.State, Error: "login_required"})
	assert.ErrorContains(t, err, "login_required", "a registered code names nobody")

	ana := "ana@mercy.example"
	for _, token := range []string{
		p.signOutToken(claims{"iss": ana}, nil), p.signOutToken(claims{"aud": ana}, nil), p.signOutToken(claims{"azp": ana}, nil),
		p.signOutToken(nil, claims{"typ": ana}), base64url([]byte(`{"alg":"`+ana+`"}`)) + ".e30.e30",
	} {
		_, err := rp.ProviderSignOut(t.Context(), "mercy", token)
		require.ErrorIs(t, err, signin.ErrRejected)
		assert.NotContains(t, err.Error(), "ana@")
	}
}
