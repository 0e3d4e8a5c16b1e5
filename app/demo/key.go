package demo

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"

	"github.com/go-jose/go-jose/v4"
	"github.com/zitadel/oidc/v3/pkg/op"
)

// signingKey is an issuer's key, made at its start and known to nobody else.
type signingKey struct {
	id      string
	private *rsa.PrivateKey
}

func newSigningKey() (signingKey, error) {
	private, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return signingKey{}, fmt.Errorf("making a signing key: %w", err)
	}
	return signingKey{id: rand.Text(), private: private}, nil
}

var _ op.SigningKey = signingKey{}

func (k signingKey) ID() string                                  { return k.id }
func (k signingKey) Key() any                                    { return k.private }
func (k signingKey) SignatureAlgorithm() jose.SignatureAlgorithm { return jose.RS256 }

// publicKey is the half of a signing key that the issuer publishes.
type publicKey struct{ signingKey }

var _ op.Key = publicKey{}

func (k publicKey) Key() any                           { return k.private.Public() }
func (k publicKey) Use() string                        { return "sig" }
func (k publicKey) Algorithm() jose.SignatureAlgorithm { return jose.RS256 }
