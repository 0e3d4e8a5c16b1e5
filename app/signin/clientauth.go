package signin

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/cryptosigner"

	"first5/app"
)

const assertionLife = time.Minute

// public is the authentication of a client that has neither secret nor key:
// PKCE alone ties the code to us.
const public ClientAuth = ""

// authentication says how to prove to the provider that we are First5: as
// configured or, if that says nothing, as the provider offers it. It is decided
// before the call, because a code can't be tried twice.
func (c *client) authentication(m metadata) ClientAuth {
	switch {
	case c.ClientAuth == PrivateKeyJWT, c.ClientAuth == public && c.ClientSecret == "" && c.ClientKey != nil:
		return PrivateKeyJWT
	case c.ClientSecret == "":
		return public
	case c.ClientAuth != public:
		return c.ClientAuth
	case len(m.ClientAuth) == 0 || slices.Contains(m.ClientAuth, "client_secret_basic"):
		return Basic
	}
	return Post
}

// assertion returns a token by which the provider knows us (RFC 7523).
func (c *client) assertion(m metadata) (string, error) {
	if c.ClientKey == nil {
		return "", errors.New("no key is configured for private_key_jwt")
	}
	key, err := publicKey(c.ClientKey)
	if err != nil {
		return "", err
	}
	signer, err := jose.NewSigner(
		jose.SigningKey{Algorithm: jose.SignatureAlgorithm(key.Algorithm), Key: cryptosigner.Opaque(c.ClientKey)},
		(&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", key.KeyID))
	if err != nil {
		return "", fmt.Errorf("using the client key: %w", err)
	}
	now := c.now()
	payload, err := json.Marshal(map[string]any{
		"iss": c.ClientID, "sub": c.ClientID, "aud": m.Token, "jti": app.NewToken(),
		"iat": now.Unix(), "exp": now.Add(assertionLife).Unix(),
	})
	if err != nil {
		return "", fmt.Errorf("writing the client assertion: %w", err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		return "", fmt.Errorf("signing the client assertion: %w", err)
	}
	return signed.CompactSerialize()
}

// publicKey describes the public half of a key: its id is its thumbprint
// (RFC 7638), so that it changes with the key and with nothing else.
func publicKey(key crypto.Signer) (jose.JSONWebKey, error) {
	algorithm := algorithmOf(key.Public())
	if algorithm == "" {
		return jose.JSONWebKey{}, errors.New("the client key is of a kind that can't be used: make an RSA, P-256, P-384, P-521 or Ed25519 key")
	}
	k := jose.JSONWebKey{Key: key.Public(), Algorithm: string(algorithm), Use: "sig"}
	thumbprint, err := k.Thumbprint(crypto.SHA256)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("naming the client key: %w", err)
	}
	k.KeyID = base64.RawURLEncoding.EncodeToString(thumbprint)
	return k, nil
}

func algorithmOf(key crypto.PublicKey) jose.SignatureAlgorithm {
	switch k := key.(type) {
	case *rsa.PublicKey:
		return jose.RS256
	case ed25519.PublicKey:
		return jose.EdDSA
	case *ecdsa.PublicKey:
		switch k.Curve {
		case elliptic.P256():
			return jose.ES256
		case elliptic.P384():
			return jose.ES384
		case elliptic.P521():
			return jose.ES512
		}
	}
	return ""
}

// PublicKeys returns the JSON Web Key Set of the key with which First5 proves
// itself to an institution's provider, or [app.ErrNotFound] if it does so by a
// secret or there is no such institution.
func (rp *RelyingParty) PublicKeys(institution app.InstitutionID) ([]byte, error) {
	c, err := rp.client(institution)
	if err != nil {
		return nil, err
	}
	if c.ClientKey == nil {
		return nil, fmt.Errorf("client key of %q: %w", institution, app.ErrNotFound)
	}
	key, err := publicKey(c.ClientKey)
	if err != nil {
		return nil, err
	}
	set, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key}})
	if err != nil {
		return nil, fmt.Errorf("writing the public keys: %w", err)
	}
	return set, nil
}
