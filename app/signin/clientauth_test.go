package signin_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

func TestFirst5ProvesItselfAsConfiguredOrAsTheProviderOffers(t *testing.T) {
	for name, c := range map[string]struct {
		auth    signin.ClientAuth
		secret  string
		offered any
		want    string // "header", "form" or "nothing"
	}{
		"nothing is said":               {"", "s&cret", nil, "header"},
		"both are offered":              {"", "s&cret", []string{"client_secret_post", "client_secret_basic"}, "header"},
		"only the form is offered":      {"", "s&cret", []string{"client_secret_post"}, "form"},
		"neither is offered":            {"", "s&cret", []string{"private_key_jwt"}, "form"},
		"the form is configured":        {signin.Post, "s&cret", []string{"client_secret_basic"}, "form"},
		"the header is configured":      {signin.Basic, "s&cret", []string{"client_secret_post"}, "header"},
		"there is nothing to be proved": {"", "", nil, "nothing"},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.document["token_endpoint_auth_methods_supported"] = c.offered
			_, err := p.signIn(p.party(func(r *signin.Provider) { r.ClientAuth, r.ClientSecret = c.auth, c.secret }))
			require.NoError(t, err)
			assert.Equal(t, "code", p.form.Get("code"))
			assert.NotEmpty(t, p.form.Get("code_verifier"))
			switch c.want {
			case "header":
				assert.Equal(t, "Basic Zmlyc3Q1OnMlMjZjcmV0", p.header.Get("Authorization"))
				assert.Empty(t, p.form.Get("client_secret"))
			case "form":
				assert.Equal(t, "s&cret", p.form.Get("client_secret"))
				assert.Equal(t, "first5", p.form.Get("client_id"))
				assert.Empty(t, p.header.Get("Authorization"))
			default:
				assert.Equal(t, "first5", p.form.Get("client_id"))
				assert.NotContains(t, p.form, "client_secret")
				assert.Empty(t, p.header.Get("Authorization"))
			}
		})
	}
}

// clientKeys holds one key of each kind that may sign, with its algorithm.
func clientKeys(t *testing.T) map[jose.SignatureAlgorithm]crypto.Signer {
	r, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	require.NoError(t, err)
	keys := map[jose.SignatureAlgorithm]crypto.Signer{jose.RS256: r, jose.EdDSA: ed}
	for algorithm, curve := range map[jose.SignatureAlgorithm]elliptic.Curve{jose.ES256: elliptic.P256(), jose.ES384: elliptic.P384(), jose.ES512: elliptic.P521()} {
		keys[algorithm], err = ecdsa.GenerateKey(curve, rand.Reader)
		require.NoError(t, err)
	}
	return keys
}

// The provider does what it would: it reads First5's public keys, and checks the
// assertion with them.
func TestFirst5ProvesItselfByASignature(t *testing.T) {
	for algorithm, key := range clientKeys(t) {
		t.Run(string(algorithm), func(t *testing.T) {
			p := newProvider(t)
			rp := p.party(func(r *signin.Provider) {
				r.ClientAuth, r.ClientSecret, r.ClientKey = signin.PrivateKeyJWT, "", key
			})
			set, err := rp.PublicKeys("mercy")
			require.NoError(t, err)
			var keys jose.JSONWebKeySet
			require.NoError(t, json.Unmarshal(set, &keys))
			require.Len(t, keys.Keys, 1)
			public := keys.Keys[0]
			assert.True(t, public.IsPublic())
			assert.Equal(t, "sig", public.Use)
			assert.Equal(t, string(algorithm), public.Algorithm)
			thumbprint, err := public.Thumbprint(crypto.SHA256)
			require.NoError(t, err)
			assert.Equal(t, base64url(thumbprint), public.KeyID)

			ids := map[string]bool{}
			for range 2 {
				_, err = p.signIn(rp)
				require.NoError(t, err)
				assert.Equal(t, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer", p.form.Get("client_assertion_type"))
				assert.NotContains(t, p.form, "client_secret")
				assertion, err := jwt.ParseSigned(p.form.Get("client_assertion"), []jose.SignatureAlgorithm{algorithm})
				require.NoError(t, err)
				assert.Equal(t, public.KeyID, assertion.Headers[0].KeyID)
				var c jwt.Claims
				require.NoError(t, assertion.Claims(public, &c))
				assert.Equal(t, "first5", c.Issuer)
				assert.Equal(t, "first5", c.Subject)
				assert.Equal(t, jwt.Audience{p.url + "/token"}, c.Audience)
				assert.Equal(t, time.Minute, c.Expiry.Time().Sub(c.IssuedAt.Time()))
				ids[c.ID] = true
			}
			assert.Len(t, ids, 2, "each assertion has its own id")
		})
	}
}

func TestWithoutAKeyThereIsNoSignature(t *testing.T) {
	p := newProvider(t)
	rp := p.party(func(r *signin.Provider) { r.ClientAuth = signin.PrivateKeyJWT })
	_, err := p.signIn(rp)
	require.ErrorIs(t, err, signin.ErrUnavailable)
	assert.Equal(t, signin.ReasonClient, signin.ReasonOf(err))
	assert.Zero(t, p.count("/token"))
	_, err = rp.PublicKeys("mercy")
	assert.ErrorIs(t, err, app.ErrNotFound)
}

func inPEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}

func TestAClientKeyIsReadInEachWayThatOneIsWritten(t *testing.T) {
	digest := sha256.Sum256([]byte("x"))
	for algorithm, key := range clientKeys(t) {
		pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
		require.NoError(t, err)
		texts := [][]byte{inPEM("PRIVATE KEY", pkcs8)}
		switch k := key.(type) {
		case *rsa.PrivateKey:
			texts = append(texts, inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(k)))
		case *ecdsa.PrivateKey:
			sec1, err := x509.MarshalECPrivateKey(k)
			require.NoError(t, err)
			texts = append(texts, append(inPEM("EC PARAMETERS", []byte{6, 0}), inPEM("EC PRIVATE KEY", sec1)...))
		}
		for _, text := range texts {
			got, err := signin.ParseClientKey(text)
			require.NoError(t, err, algorithm)
			assert.Equal(t, key.Public(), got.Public())
			options := crypto.SignerOpts(crypto.SHA256)
			if algorithm == jose.EdDSA {
				options = crypto.Hash(0)
			}
			_, err = got.Sign(rand.Reader, digest[:], options)
			assert.NoError(t, err)
		}
	}
}

func TestAClientKeyThatCantBeUsedIsExplained(t *testing.T) {
	small, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	p224, err := ecdsa.GenerateKey(elliptic.P224(), rand.Reader)
	require.NoError(t, err)
	p224DER, err := x509.MarshalPKCS8PrivateKey(p224)
	require.NoError(t, err)
	public, err := x509.MarshalPKIXPublicKey(p224.Public())
	require.NoError(t, err)
	for name, c := range map[string]struct {
		text []byte
		says string
	}{
		"nothing":         {nil, "no private key in PEM"},
		"a secret":        {[]byte("secret"), "no private key in PEM"},
		"a weak key":      {inPEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(small)), "1024 bits, which is too weak"},
		"an odd curve":    {inPEM("PRIVATE KEY", p224DER), "of a kind that can't sign"},
		"a public key":    {inPEM("PUBLIC KEY", public), "only the public half"},
		"an encrypted":    {inPEM("ENCRYPTED PRIVATE KEY", []byte("x")), "is encrypted"},
		"a damaged key":   {inPEM("PRIVATE KEY", []byte("x")), "can't be read"},
		"a damaged RSA":   {inPEM("RSA PRIVATE KEY", []byte("x")), "can't be read"},
		"a damaged curve": {inPEM("EC PRIVATE KEY", []byte("x")), "can't be read"},
	} {
		key, err := signin.ParseClientKey(c.text)
		require.ErrorContains(t, err, c.says, name)
		assert.Nil(t, key)
		assert.NotContains(t, err.Error(), "\n")
	}
}

// Whatever is taken for a key can sign, and is strong enough.
func FuzzParseClientKey(f *testing.F) {
	_, ed, err := ed25519.GenerateKey(strings.NewReader(strings.Repeat("s", 64)))
	require.NoError(f, err)
	der, err := x509.MarshalPKCS8PrivateKey(ed)
	require.NoError(f, err)
	f.Add(inPEM("PRIVATE KEY", der))
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(f, err)
	der, err = x509.MarshalECPrivateKey(ec)
	require.NoError(f, err)
	f.Add(inPEM("EC PRIVATE KEY", der))
	f.Add([]byte("-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		key, err := signin.ParseClientKey(text)
		if err != nil {
			assert.Nil(t, key)
			return
		}
		message, options := make([]byte, 32), crypto.SignerOpts(crypto.SHA256)
		switch public := key.Public().(type) {
		case ed25519.PublicKey:
			options = crypto.Hash(0)
		case *rsa.PublicKey:
			assert.GreaterOrEqual(t, public.N.BitLen(), 2048)
		}
		_, err = key.Sign(rand.Reader, message, options)
		assert.NoError(t, err)
	})
}
