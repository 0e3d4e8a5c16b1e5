package signin_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/signin"
)

func TestKeysThatCantBeFetchedAreNoFaultOfThePerson(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		reason signin.Reason
	}{
		"a fault":       {status(500), signin.ReasonProviderFault},
		"not found":     {status(404), signin.ReasonBadAnswer},
		"no JSON":       {says(200, "<html>"), signin.ReasonBadAnswer},
		"without end":   {says(200, `{"keys":[`+strings.Repeat(" ", 1_000_000)+`]}`), signin.ReasonBadAnswer},
		"too many":      {says(200, `{"keys":[`+strings.Repeat("{},", 50)+`{}]}`), signin.ReasonBadAnswer},
		"redirected":    {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/keys2", http.StatusFound) }, signin.ReasonBadAnswer},
		"a broken line": {func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, signin.ReasonNoAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.answers("/keys", c.answer)
			rp := p.party()
			_, err := p.signIn(rp)
			require.ErrorIs(t, err, signin.ErrUnavailable)
			assert.Equal(t, c.reason, signin.ReasonOf(err))
			p.answers("/keys", nil)
			_, err = p.signIn(rp)
			assert.NoError(t, err)
		})
	}
}

func TestKeysAreKeptAndRotateWithoutARestart(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	for range 3 {
		_, err := p.signIn(rp)
		require.NoError(t, err)
	}
	assert.Equal(t, 1, p.count("/keys"))
	p.set(func(p *provider) { p.key, p.kid = newKey(t), "k2" })
	for range 3 {
		_, err := p.signIn(rp)
		require.NoError(t, err)
	}
	assert.Equal(t, 2, p.count("/keys"))
}

// Whoever signs with keys that nobody knows can't make First5 ask for the
// provider's keys as often as they like, and locks nobody out.
func TestKeysAreAskedForSparingly(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	other := newKey(t)
	for range 40 {
		_, err := rp.ProviderSignOut(t.Context(), "mercy", signed(t, jose.ES256, other, []byte(`{}`), claims{"kid": "unknown"}))
		require.ErrorIs(t, err, signin.ErrRejected)
	}
	assert.LessOrEqual(t, p.count("/keys"), 6)
	_, err := p.signIn(rp)
	require.NoError(t, err)
	p.set(func(p *provider) { p.key, p.kid = newKey(t), "k2" })
	p.clock.move(61 * time.Second)
	_, err = p.signIn(rp)
	assert.NoError(t, err, "a minute later, the keys are asked for again")
}

// A provider that answers nothing but errors is asked no more often than one that
// answers keys.
func TestKeysAreAskedForSparinglyWhereThereAreNone(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	p.answers("/keys", status(500))
	for range 50 {
		_, err := rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
		require.ErrorIs(t, err, signin.ErrUnavailable)
		assert.Equal(t, signin.ReasonProviderFault, signin.ReasonOf(err))
	}
	assert.Equal(t, 6, p.count("/keys"))
	p.answers("/keys", nil)
	p.clock.move(59 * time.Second)
	_, err := rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	require.ErrorIs(t, err, signin.ErrUnavailable)
	p.clock.move(time.Second)
	_, err = rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	assert.NoError(t, err)
}

// publishes makes the provider's list of keys hold these.
func (p *provider) publishes(keys ...jose.JSONWebKey) {
	p.answers("/keys", func(w http.ResponseWriter, _ *http.Request) { answer(w, jose.JSONWebKeySet{Keys: keys}) })
}

func TestAKeyThatTheProviderHasWithdrawnSoonCountsNoMore(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	_, err := p.signIn(rp)
	require.NoError(t, err)
	p.publishes(jose.JSONWebKey{Key: newKey(t).Public(), KeyID: "k2"}) // and still signs with k1
	p.answers(discoveryPath, status(500))                              // which keeps no key alive
	p.clock.move(59 * time.Minute)
	_, err = p.signIn(rp)
	require.NoError(t, err, "what is known is not asked for again")
	p.clock.move(2 * time.Minute)
	_, err = p.signIn(rp)
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonSignature, signin.ReasonOf(err))
	_, err = rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonSignature, signin.ReasonOf(err))
}

func TestOldKeysDoNotCountWhileTheProviderGivesNone(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	_, err := p.signIn(rp)
	require.NoError(t, err)
	p.clock.move(61 * time.Minute)
	p.answers("/keys", status(503))
	_, err = p.signIn(rp)
	require.ErrorIs(t, err, signin.ErrUnavailable)
	assert.Equal(t, signin.ReasonProviderFault, signin.ReasonOf(err))
	_, err = rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	require.ErrorIs(t, err, signin.ErrUnavailable)
	p.answers("/keys", nil)
	_, err = p.signIn(rp)
	assert.NoError(t, err)
}

// otherKeys returns n keys of a kind and a name, and another one last.
func otherKeys(t *testing.T, n int, kid string, kind func() crypto.PublicKey, last jose.JSONWebKey) []jose.JSONWebKey {
	t.Helper()
	var all []jose.JSONWebKey
	for range n {
		all = append(all, jose.JSONWebKey{Key: kind(), KeyID: kid})
	}
	return append(all, last)
}

// One token makes First5 try few keys, however many the provider has: checking a
// signature takes time, and anybody may send a token for a sign-out.
func TestFewKeysAreTriedForOneToken(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	p521, err := ecdsa.GenerateKey(elliptic.P521(), rand.Reader)
	require.NoError(t, err)
	alike := func() crypto.PublicKey { return newKey(t).Public() }
	for name, c := range map[string]struct {
		others     int
		kind       func() crypto.PublicKey
		kid, named string // of the others, and in the token
		own        jose.JSONWebKey
		taken      bool // whether the token is taken
	}{
		"one key without a name":               {own: jose.JSONWebKey{}, taken: true},
		"a token that does not name it":        {own: jose.JSONWebKey{KeyID: "k1"}, taken: true},
		"one of three that is not named":       {others: 2, kind: alike, own: jose.JSONWebKey{KeyID: "k1"}, taken: true},
		"one of four that is not named":        {others: 3, kind: alike, own: jose.JSONWebKey{KeyID: "k1"}},
		"one of four, of which it is named":    {others: 3, kind: alike, kid: "x", named: "k1", own: jose.JSONWebKey{KeyID: "k1"}, taken: true},
		"one of three with the same name":      {others: 2, kind: alike, kid: "k1", named: "k1", own: jose.JSONWebKey{KeyID: "k1"}, taken: true},
		"one of four with the same name":       {others: 3, kind: alike, kid: "k1", named: "k1", own: jose.JSONWebKey{KeyID: "k1"}},
		"one among RSA keys":                   {others: 9, kind: func() crypto.PublicKey { return r.Public() }, own: jose.JSONWebKey{}, taken: true},
		"one among keys of another curve":      {others: 9, kind: func() crypto.PublicKey { return p521.Public() }, own: jose.JSONWebKey{}, taken: true},
		"one that is for encryption":           {own: jose.JSONWebKey{Use: "enc"}},
		"one of fifty, of which it is named":   {others: 49, kind: alike, kid: "x", named: "k1", own: jose.JSONWebKey{KeyID: "k1"}, taken: true},
		"one whose name is that of none there": {others: 1, kind: alike, kid: "x", named: "k9", own: jose.JSONWebKey{KeyID: "k1"}},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			c.own.Key = p.key.Public()
			p.publishes(otherKeys(t, c.others, c.kid, c.kind, c.own)...)
			var header claims
			if c.named != "" {
				header = claims{"kid": c.named}
			}
			p.sign = func(b []byte) string { return signed(p.t, jose.ES256, p.key, b, header) }
			_, err := p.signIn(p.party())
			if c.taken {
				assert.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, signin.ErrRejected)
			assert.Equal(t, signin.ReasonSignature, signin.ReasonOf(err))
		})
	}
}

func TestAKeyThatCantBeReadKeepsNoOtherFromCounting(t *testing.T) {
	p := newProvider(t)
	own, err := (&jose.JSONWebKey{Key: p.key.Public(), KeyID: "k1"}).MarshalJSON()
	require.NoError(t, err)
	p.answers("/keys", says(200, `{"keys":[{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"OKP","crv":"X448"},{"kty":"RSA"},{},`+string(own)+`]}`))
	_, err = p.signIn(p.party())
	assert.NoError(t, err)
}

func TestAPrivateKeyThatIsPublishedSignsNothing(t *testing.T) {
	p := newProvider(t)
	p.publishes(jose.JSONWebKey{Key: p.key, KeyID: "k1"})
	_, err := p.signIn(p.party())
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonSignature, signin.ReasonOf(err))
}
