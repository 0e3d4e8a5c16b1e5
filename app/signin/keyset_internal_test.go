package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"encoding/json"
	"math/big"
	"testing"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAnRSAKeyThatTakesLongToCheckIsNotTaken(t *testing.T) {
	for bits, taken := range map[int]bool{2048: true, 4096: true, 4104: false, 8192: false, 8193: false, 65536: false} {
		odd := new(big.Int).SetBit(big.NewInt(1), bits-1, 1)
		body, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &rsa.PublicKey{N: odd, E: 65537}}}})
		require.NoError(t, err)
		keys, err := readKeys(body)
		require.NoError(t, err)
		assert.Equal(t, taken, len(keys) == 1, bits)
	}
}

func TestAPrivateKeyIsNotEvenRead(t *testing.T) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	for _, key := range []any{own, own.Public()} {
		raw, err := json.Marshal(jose.JSONWebKey{Key: key})
		require.NoError(t, err)
		got, err := readKey(raw)
		require.NoError(t, err)
		assert.Equal(t, key == any(own), got.Key == nil)
	}
}

// Some providers write out every member that a key could have.
func TestAKeyWhosePrivatePartIsNullIsAPublicOne(t *testing.T) {
	own, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	public, err := json.Marshal(jose.JSONWebKey{Key: own.Public()})
	require.NoError(t, err)
	private, err := json.Marshal(jose.JSONWebKey{Key: own})
	require.NoError(t, err)
	also := func(key []byte, member string) []byte { return append(key[:len(key)-1:len(key)-1], member+"}"...) }
	for name, c := range map[string]struct {
		raw  []byte
		read bool
	}{
		"a null":                            {also(public, `,"d":null`), true},
		"a null after a private part":       {also(private, `,"d":null`), false},
		"another null after a private part": {also(private, `,"D":null`), false},
		"an empty private part":             {also(public, `,"d":""`), false},
		"a private part that is no text":    {also(public, `,"d":7`), false},
	} {
		key, err := readKey(c.raw)
		require.NoError(t, err, name)
		assert.Equal(t, c.read, key.Key != nil, name)
	}
}

// Of whatever a provider publishes as its keys, only few are ever tried for one
// token, and only those that can have signed it.
func FuzzReadKeys(f *testing.F) {
	f.Add([]byte(`{"keys":[{"kty":"RSA","kid":"a","n":"sXch","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}]}`), "a")
	f.Add([]byte(`{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},{"kty":"oct","k":"AAAA"},{"kty":"RSA","use":"enc"},7]}`), "")
	f.Add([]byte(`null`), "x")
	f.Fuzz(func(t *testing.T, body []byte, kid string) {
		keys, err := readKeys(body)
		if err != nil {
			assert.Nil(t, keys)
			return
		}
		assert.LessOrEqual(t, len(keys), 50)
		set := keySet{all: keys}
		for _, algorithm := range algorithms() {
			some, _ := set.candidates(jose.Header{Algorithm: algorithm, KeyID: kid})
			assert.LessOrEqual(t, len(some), 3)
			for _, key := range some {
				assert.True(t, key.IsPublic() && key.Valid())
				assert.True(t, kid == "" || key.KeyID == kid)
			}
		}
	})
}
