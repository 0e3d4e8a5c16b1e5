package signin

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
)

// What checking one token may cost, whatever a provider publishes.
const (
	keysLimit       = 50 // keys of a provider; real ones have up to a dozen
	candidatesLimit = 3  // keys that are tried for one signature
)

// keySet is a provider's keys as they were at a time. It does not change.
type keySet struct {
	address string
	at      time.Time
	all     []jose.JSONWebKey // those that can sign a token that we take
}

// readKeys reads a JSON Web Key Set. What can't sign a token that we take is left
// out (RFC 7517, section 5); what is no key at all makes it none.
func readKeys(body []byte) ([]jose.JSONWebKey, error) {
	var set struct {
		Keys []json.RawMessage `json:"keys"`
	}
	err := json.Unmarshal(body, &set)
	if err != nil {
		return nil, fmt.Errorf("they are no list of keys: %w", err)
	}
	if len(set.Keys) > keysLimit {
		return nil, fmt.Errorf("%w: %d", errTooManyKeys, len(set.Keys))
	}
	var all []jose.JSONWebKey
	for _, raw := range set.Keys {
		key, err := readKey(raw)
		if err != nil {
			return nil, err
		}
		if usable(key) {
			all = append(all, key)
		}
	}
	return all, nil
}

// errTooManyKeys says that a key set has more than keysLimit keys.
var errTooManyKeys = errors.New("there are more than 50 keys")

// readKey reads a public key. One that can't be read is empty, and so is a
// private one: it counts for nothing, and checking its numbers can take long.
func readKey(raw json.RawMessage) (jose.JSONWebKey, error) {
	// Not a struct, for which "D" after "d" would count: a null is as good as
	// nothing, but must not hide the private part that go-jose reads.
	var members map[string]json.RawMessage
	err := json.Unmarshal(raw, &members)
	if err != nil {
		return jose.JSONWebKey{}, fmt.Errorf("one of them is no key: %w", err)
	}
	var key jose.JSONWebKey
	private, given := members["d"]
	if given && string(private) != "null" || json.Unmarshal(raw, &key) != nil {
		return jose.JSONWebKey{}, nil
	}
	return key, nil
}

// usable says whether a key can sign a token that we take. RSA keys of more than
// 4096 bits are never read: go-jose refuses them.
func usable(key jose.JSONWebKey) bool {
	if key.Use != "" && key.Use != "sig" || key.Algorithm != "" && !slices.Contains(algorithms(), key.Algorithm) {
		return false
	}
	switch k := key.Key.(type) {
	case *rsa.PublicKey, *ecdsa.PublicKey, ed25519.PublicKey:
		return algorithmOf(k) != ""
	}
	return false
}

// candidates returns the keys that may have made a signature: of the name that it
// gives, and of its algorithm's kind. A provider that has several keys must name
// the one that it used (OpenID Connect Core 1.0, section 10.1), and gives no two
// the same name; a few that do neither are borne with.
func (s *keySet) candidates(header jose.Header) ([]jose.JSONWebKey, error) {
	var some []jose.JSONWebKey
	for _, key := range s.all {
		named := header.KeyID == "" || key.KeyID == header.KeyID
		if named && fits(key, header.Algorithm) {
			some = append(some, key)
		}
	}
	if len(some) > candidatesLimit {
		return nil, fmt.Errorf("it may be by any of %d keys, and no more than %d are tried: the provider must name the one that it used", len(some), candidatesLimit)
	}
	return some, nil
}

// fits says whether a key is of the kind that an algorithm needs.
func fits(key jose.JSONWebKey, algorithm string) bool {
	if _, ok := key.Key.(*rsa.PublicKey); ok {
		return strings.HasPrefix(algorithm, "RS") || strings.HasPrefix(algorithm, "PS")
	}
	return string(algorithmOf(key.Key)) == algorithm
}
