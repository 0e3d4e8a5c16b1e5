package signin_test

import (
	"errors"
	"fmt"
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

func TestWhatAProviderAnswersIsCutInTheLog(t *testing.T) {
	p := newProvider(t)
	p.answers(discoveryPath, says(500, strings.Repeat("secret\n", 1000)))
	_, _, err := p.party().Begin(t.Context(), "mercy", "")
	require.ErrorIs(t, err, signin.ErrUnavailable)
	assert.Less(t, len(err.Error()), 500)
	assert.NotContains(t, err.Error(), "\n")
}
