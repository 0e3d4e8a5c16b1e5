package signin

import (
	"context"
	"fmt"

	"github.com/go-jose/go-jose/v4"
)

// keyCheck checks the signature of one token, and remembers what came of it:
// go-oidc turns the cause of a failure into text.
type keyCheck struct {
	client  *client
	address string        // of the provider's keys
	limit   signOutChecks // nil: the token comes from the provider itself
	payload []byte        // of a token whose signature is the provider's
	asked   bool
	err     error
}

// VerifySignature implements [oidc.KeySet].
func (k *keyCheck) VerifySignature(ctx context.Context, jwt string) ([]byte, error) {
	k.asked = true
	k.payload, k.err = k.verify(ctx, jwt)
	return k.payload, k.err
}

func (k *keyCheck) verify(ctx context.Context, jwt string) ([]byte, error) {
	token, err := jose.ParseSignedCompact(jwt, joseAlgorithms())
	if err != nil {
		return nil, rejected(ReasonMalformed, err)
	}
	known, _ := k.client.keys.latest(k.address, k.client.now())
	var misfit error
	if known != nil {
		payload, err := k.try(ctx, known, token)
		if ReasonOf(err) != ReasonSignature {
			return payload, err
		}
		misfit = err
	}
	newer, err := k.client.newerKeys(ctx, k.address, known)
	if err != nil {
		return nil, err
	}
	if newer == known {
		return nil, misfit
	}
	return k.try(ctx, newer, token)
}

// try checks a signature with each key that may have made it.
func (k *keyCheck) try(ctx context.Context, set *keySet, token *jose.JSONWebSignature) ([]byte, error) {
	candidates, err := set.candidates(token.Signatures[0].Header)
	if err != nil {
		return nil, rejected(ReasonSignature, err)
	}
	done, err := k.limit.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer done()
	for _, key := range candidates {
		payload, err := token.Verify(key.Key)
		if err == nil {
			return payload, nil
		}
	}
	return nil, rejected(ReasonSignature, fmt.Errorf("it fits none of %d keys, of which %d were tried", len(set.all), len(candidates)))
}

// failure says why go-oidc did not take the token. It is nil if the signature
// is the provider's, so that the reason must be in the claims.
func (k *keyCheck) failure(err error) error {
	if !k.asked {
		return rejected(ReasonMalformed, err)
	}
	return k.err
}
