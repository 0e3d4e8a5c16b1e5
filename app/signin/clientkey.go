package signin

import (
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
)

const rsaLeast = 2048 // bits

// ParseClientKey reads the private key of [PrivateKeyJWT] out of PEM: PKCS #8,
// PKCS #1 or SEC 1, not encrypted. It must be RSA of at least 2048 bits, P-256,
// P-384, P-521 or Ed25519.
func ParseClientKey(text []byte) (crypto.Signer, error) {
	key, err := readPrivateKey(text)
	if err != nil {
		return nil, err
	}
	signer, ok := key.(crypto.Signer)
	if !ok || algorithmOf(signer.Public()) == "" {
		return nil, errors.New("the client key is of a kind that can't sign: make an RSA, P-256, P-384, P-521 or Ed25519 key")
	}
	r, ok := key.(*rsa.PrivateKey)
	if ok && r.N.BitLen() < rsaLeast {
		return nil, fmt.Errorf("the client key has %d bits, which is too weak: make an RSA key of at least %d bits", r.N.BitLen(), rsaLeast)
	}
	return signer, nil
}

// readPrivateKey reads the first private key in a PEM text, over the curve's
// parameters that openssl writes before it.
func readPrivateKey(text []byte) (any, error) {
	for {
		block, rest := pem.Decode(text)
		if block == nil {
			return nil, errors.New("the client key holds no private key in PEM: give the file that begins with -----BEGIN PRIVATE KEY-----")
		}
		text = rest
		var key any
		var err error
		switch block.Type {
		case "PRIVATE KEY":
			key, err = x509.ParsePKCS8PrivateKey(block.Bytes)
		case "RSA PRIVATE KEY":
			key, err = x509.ParsePKCS1PrivateKey(block.Bytes)
		case "EC PRIVATE KEY":
			key, err = x509.ParseECPrivateKey(block.Bytes)
		case "ENCRYPTED PRIVATE KEY":
			return nil, errors.New("the client key is encrypted: give it without a passphrase, in a file that only First5 can read")
		case "PUBLIC KEY", "CERTIFICATE":
			return nil, errors.New("the client key is only the public half: give the private key that belongs to it")
		default:
			continue
		}
		if err != nil || block.Headers["DEK-Info"] != "" {
			return nil, fmt.Errorf("the client key in %q can't be read: give it in PEM as it was made, without a passphrase", block.Type)
		}
		return key, nil
	}
}
