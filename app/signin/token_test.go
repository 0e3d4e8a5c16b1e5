package signin_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/signin"
)

func TestATokenThatDoesNotHoldSignsNobodyIn(t *testing.T) {
	now := time.Now()
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	half := sha256.Sum256([]byte("another"))
	for name, c := range map[string]struct {
		claims claims
		reason signin.Reason
	}{
		"another nonce":                    {claims{"nonce": "x"}, signin.ReasonNonce},
		"no nonce":                         {claims{"nonce": nil}, signin.ReasonNonce},
		"a nonce that is a number":         {claims{"nonce": 1}, signin.ReasonMalformed},
		"another audience":                 {claims{"aud": "x"}, signin.ReasonAudience},
		"no audience":                      {claims{"aud": nil}, signin.ReasonAudience},
		"two audiences and no party":       {claims{"aud": []string{"first5", "x"}}, signin.ReasonAudience},
		"another party":                    {claims{"azp": "x"}, signin.ReasonAudience},
		"a party that is a list":           {claims{"azp": []string{"first5"}}, signin.ReasonAudience},
		"us as one of many of another":     {claims{"aud": []string{"first5", "x"}, "azp": "x"}, signin.ReasonAudience},
		"another issuer":                   {claims{"iss": "https://evil.example"}, signin.ReasonIssuer},
		"the issuer of Google for others":  {claims{"iss": "accounts.google.com"}, signin.ReasonIssuer},
		"one that ended":                   {claims{"exp": at(-61 * time.Second)}, signin.ReasonOld},
		"one without an end":               {claims{"exp": nil}, signin.ReasonTimes},
		"an end beyond all time":           {claims{"exp": 1e300}, signin.ReasonTimes},
		"one without a beginning":          {claims{"iat": nil}, signin.ReasonTimes},
		"one made before the year 1970":    {claims{"iat": -1}, signin.ReasonTimes},
		"one made tomorrow":                {claims{"iat": at(61 * time.Second)}, signin.ReasonTimes},
		"one that does not count yet":      {claims{"nbf": at(61 * time.Second)}, signin.ReasonTimes},
		"one that begins at no time":       {claims{"nbf": -5}, signin.ReasonTimes},
		"an issuer in other letters":       {claims{"iss": "https://elsewhere.example", "ISS": "{issuer}"}, signin.ReasonIssuer},
		"an audience in other letters":     {claims{"aud": "payroll", "AUD": "first5"}, signin.ReasonAudience},
		"no subject":                       {claims{"sub": nil}, signin.ReasonSubject},
		"an empty subject":                 {claims{"sub": ""}, signin.ReasonSubject},
		"a subject that is too long":       {claims{"sub": strings.Repeat("s", 256)}, signin.ReasonSubject},
		"a subject with a line end":        {claims{"sub": "s\n1"}, signin.ReasonSubject},
		"a subject that is a number":       {claims{"sub": 1}, signin.ReasonMalformed},
		"the hash of another access token": {claims{"at_hash": base64url(half[:16])}, signin.ReasonAccessToken},
		"an empty hash":                    {claims{"at_hash": ""}, signin.ReasonAccessToken},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.clock.t = now
			p.claims = c.claims
			if c.claims["ISS"] != nil {
				p.claims["ISS"] = p.url
			}
			a, err := p.signIn(p.party())
			require.ErrorIs(t, err, signin.ErrRejected)
			assert.Equal(t, c.reason, signin.ReasonOf(err))
			assert.Empty(t, a)
		})
	}
}

func TestATokenThatHoldsSignsIn(t *testing.T) {
	now := time.Now()
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	hash := sha256.Sum256([]byte("a"))
	for name, c := range map[string]claims{
		"as it should be":                         {},
		"with us as the only one of a list":       {"aud": []string{"first5"}},
		"with us as the party":                    {"azp": "first5"},
		"with us as the party of many audiences":  {"aud": []string{"x", "first5"}, "azp": "first5"},
		"whose end is within the skew":            {"exp": at(-59 * time.Second)},
		"made within the skew after now":          {"iat": at(59 * time.Second)},
		"made five minutes before, as Entra says": {"iat": at(-5 * time.Minute), "nbf": at(-5 * time.Minute)},
		"that begins within the skew":             {"nbf": at(59 * time.Second)},
		"with a time between two seconds":         {"iat": float64(now.Unix()) + 0.25},
		"with a subject as long as may be":        {"sub": strings.Repeat("s", 255)},
		"with the hash of the access token":       {"at_hash": base64url(hash[:16])},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.clock.t = now
			p.claims = c
			p.document["userinfo_endpoint"] = nil // it would be of another subject
			a, err := p.signIn(p.party())
			require.NoError(t, err)
			assert.NotEmpty(t, a.Subject)
		})
	}
}

// The token is made when the code is exchanged: one that lay about for longer
// than a sign-in may take was not made for it.
func TestATokenThatIsTenMinutesOldIsRefused(t *testing.T) {
	p := newProvider(t)
	p.claims["iat"] = p.clock.now().Add(-11*time.Minute - 2*time.Second).Unix()
	_, err := p.signIn(p.party())
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonOld, signin.ReasonOf(err))
}

func TestAllSignaturesAreTakenThatNeedNoSharedSecret(t *testing.T) {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	keys := map[jose.SignatureAlgorithm]crypto.Signer{
		jose.RS256: r, jose.RS384: r, jose.RS512: r, jose.PS256: r, jose.PS384: r, jose.PS512: r, jose.EdDSA: ed,
	}
	for algorithm, curve := range map[jose.SignatureAlgorithm]elliptic.Curve{jose.ES256: elliptic.P256(), jose.ES384: elliptic.P384(), jose.ES512: elliptic.P521()} {
		keys[algorithm], err = ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
	}
	for algorithm, key := range keys {
		p := newProvider(t)
		p.key, p.algorithm = key, algorithm
		_, err := p.signIn(p.party())
		assert.NoError(t, err, algorithm)
	}
}

func TestASignatureThatIsNotTheProvidersIsRefused(t *testing.T) {
	other := newKey(t)
	for name, c := range map[string]struct {
		sign   func(p *provider, b []byte) string
		reason signin.Reason
	}{
		"another key": {
			func(p *provider, b []byte) string { return signed(p.t, jose.ES256, other, b, claims{"kid": "k1"}) },
			signin.ReasonSignature,
		},
		"a key that nobody knows": {
			func(p *provider, b []byte) string { return signed(p.t, jose.ES256, other, b, claims{"kid": "k9"}) },
			signin.ReasonSignature,
		},
		"the client's secret as key": {
			func(p *provider, b []byte) string {
				return signed(p.t, jose.HS256, []byte(strings.Repeat("secret", 8)), b, nil)
			},
			signin.ReasonMalformed,
		},
		"no signature": {
			func(_ *provider, b []byte) string { return "eyJhbGciOiJub25lIn0." + base64url(b) + "." },
			signin.ReasonMalformed,
		},
		"rubbish": {
			func(*provider, []byte) string { return "rubbish" },
			signin.ReasonMalformed,
		},
		"nothing": {
			func(*provider, []byte) string { return "" },
			signin.ReasonNoToken,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.sign = func(b []byte) string { return c.sign(p, b) }
			_, err := p.signIn(p.party())
			require.ErrorIs(t, err, signin.ErrRejected)
			assert.Equal(t, c.reason, signin.ReasonOf(err))
		})
	}
}

func TestAnExchangeThatFailsSaysWhoseFaultItIs(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		kind   error
		reason signin.Reason
	}{
		"a refused code":         {says(400, `{"error":"invalid_grant"}`), signin.ErrRejected, signin.ReasonCode},
		"an error with 200":      {says(200, `{"error":"invalid_grant"}`), signin.ErrRejected, signin.ReasonCode},
		"a wrong secret":         {says(401, `{"error":"invalid_client"}`), signin.ErrUnavailable, signin.ReasonClient},
		"a client without right": {says(400, `{"error":"unauthorized_client"}`), signin.ErrUnavailable, signin.ReasonClient},
		"a fault":                {status(500), signin.ErrUnavailable, signin.ReasonProviderFault},
		"too many calls":         {status(429), signin.ErrUnavailable, signin.ReasonProviderFault},
		"no JSON":                {says(200, `<html>`), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"no access token":        {says(200, `{}`), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"no ID token":            {says(200, `{"access_token":"a","token_type":"Bearer"}`), signin.ErrRejected, signin.ReasonNoToken},
		"an answer without end":  {says(200, `{"access_token":"`+strings.Repeat("x", 1_000_001)), signin.ErrUnavailable, signin.ReasonBadAnswer},
		"a redirect":             {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/x", http.StatusTemporaryRedirect) }, signin.ErrUnavailable, signin.ReasonBadAnswer},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.answers("/token", c.answer)
			_, err := p.signIn(p.party())
			require.ErrorIs(t, err, c.kind)
			assert.Equal(t, c.reason, signin.ReasonOf(err))
			assert.Equal(t, 1, p.count("/token"), "a code can't be tried twice")
		})
	}
}
