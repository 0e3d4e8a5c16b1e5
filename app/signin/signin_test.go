package signin_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

func TestTheAddressAsksForACodeWithPKCEStateAndNonce(t *testing.T) {
	p := newProvider(t)
	address, flow, err := p.party().Begin(t.Context(), "mercy", "ana@mercy.example")
	require.NoError(t, err)
	u, err := url.Parse(address)
	require.NoError(t, err)
	q := u.Query()
	assert.Equal(t, "code", q.Get("response_type"))
	assert.Equal(t, "S256", q.Get("code_challenge_method"))
	assert.NotEmpty(t, q.Get("code_challenge"))
	assert.NotContains(t, address, flow.Verifier)
	assert.Equal(t, flow.State, q.Get("state"))
	assert.Equal(t, flow.Nonce, q.Get("nonce"))
	assert.Equal(t, "openid profile", q.Get("scope"))
	assert.Equal(t, callbackURL, q.Get("redirect_uri"))
	assert.Equal(t, "ana@mercy.example", q.Get("login_hint"))
	assert.Equal(t, signin.FlowLife, flow.Expires.Sub(p.clock.now()))
}

func TestWithoutAHintTheProviderIsToldNone(t *testing.T) {
	address, _, err := newProvider(t).party().Begin(t.Context(), "mercy", "")
	require.NoError(t, err)
	assert.NotContains(t, address, "login_hint")
}

func TestNoTwoFlowsAreAlike(t *testing.T) {
	rp := newProvider(t).party()
	_, one, err := rp.Begin(t.Context(), "mercy", "")
	require.NoError(t, err)
	_, two, err := rp.Begin(t.Context(), "mercy", "")
	require.NoError(t, err)
	assert.NotEqual(t, one.State, two.State)
	assert.NotEqual(t, one.Nonce, two.Nonce)
	assert.NotEqual(t, one.Verifier, two.Verifier)
}

func TestAnInstitutionThatIsNotConfiguredIsNotFound(t *testing.T) {
	rp := newProvider(t).party()
	_, _, err := rp.Begin(t.Context(), "nowhere", "")
	require.ErrorIs(t, err, app.ErrNotFound)
	_, err = rp.Finish(t.Context(), signin.Flow{Institution: "nowhere"}, signin.Callback{})
	require.ErrorIs(t, err, app.ErrNotFound)
	_, err = rp.ProviderSignOut(t.Context(), "nowhere", "token")
	require.ErrorIs(t, err, app.ErrNotFound)
	_, err = rp.PublicKeys("nowhere")
	require.ErrorIs(t, err, app.ErrNotFound)
	_, err = rp.Check(t.Context(), "nowhere")
	require.ErrorIs(t, err, app.ErrNotFound)
	_, ok := rp.SignOutAddress(t.Context(), "nowhere", "")
	assert.False(t, ok)
	assert.Empty(t, signin.ReasonOf(err))
}

func TestACallbackThatDoesNotHoldIsRefusedAndTheReasonSaysWhy(t *testing.T) {
	for name, c := range map[string]struct {
		callback func(f signin.Flow, issuer string) signin.Callback
		promised bool // that the answer names the issuer
		kind     error
		reason   signin.Reason
	}{
		"another state": {
			func(signin.Flow, string) signin.Callback { return signin.Callback{Code: "code", State: "x"} },
			false, signin.ErrRejected, signin.ReasonOtherFlow,
		},
		"no state": {
			func(signin.Flow, string) signin.Callback { return signin.Callback{Code: "code"} },
			false, signin.ErrRejected, signin.ReasonOtherFlow,
		},
		"no code": {
			func(f signin.Flow, _ string) signin.Callback { return signin.Callback{State: f.State} },
			false, signin.ErrRejected, signin.ReasonNoCode,
		},
		"a refused sign-in": {
			func(f signin.Flow, _ string) signin.Callback {
				return signin.Callback{State: f.State, Error: "access_denied"}
			},
			false, signin.ErrRejected, signin.ReasonRefused,
		},
		"an error of ours": {
			func(f signin.Flow, _ string) signin.Callback {
				return signin.Callback{State: f.State, Error: "invalid_scope"}
			},
			false, signin.ErrRejected, signin.ReasonErrorAnswer,
		},
		"a fault of the provider's": {
			func(f signin.Flow, _ string) signin.Callback {
				return signin.Callback{State: f.State, Error: "temporarily_unavailable"}
			},
			false, signin.ErrUnavailable, signin.ReasonProviderFault,
		},
		"another issuer": {
			func(f signin.Flow, _ string) signin.Callback {
				return signin.Callback{State: f.State, Code: "code", Issuer: "https://evil.example"}
			},
			false, signin.ErrRejected, signin.ReasonOtherProvider,
		},
		"an issuer that was promised and is missing": {
			func(f signin.Flow, _ string) signin.Callback { return signin.Callback{State: f.State, Code: "code"} },
			true, signin.ErrRejected, signin.ReasonOtherProvider,
		},
		"a refusal of another issuer": {
			func(f signin.Flow, _ string) signin.Callback {
				return signin.Callback{State: f.State, Error: "access_denied", Issuer: "https://evil.example"}
			},
			true, signin.ErrRejected, signin.ReasonOtherProvider,
		},
		"a refusal of nobody, where the issuer was promised": {
			func(f signin.Flow, _ string) signin.Callback {
				return signin.Callback{State: f.State, Error: "access_denied"}
			},
			true, signin.ErrRejected, signin.ReasonOtherProvider,
		},
		"a refusal of the issuer": {
			func(f signin.Flow, issuer string) signin.Callback {
				return signin.Callback{State: f.State, Error: "access_denied", Issuer: issuer}
			},
			true, signin.ErrRejected, signin.ReasonRefused,
		},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.document["authorization_response_iss_parameter_supported"] = c.promised
			rp := p.party()
			flow, err := p.begin(rp)
			require.NoError(t, err)
			_, err = rp.Finish(t.Context(), flow, c.callback(flow, p.url))
			require.ErrorIs(t, err, c.kind)
			assert.Equal(t, c.reason, signin.ReasonOf(err))
			assert.Zero(t, p.count("/token"), "a code was given away")
		})
	}
}

func TestTheIssuerInTheAnswerIsWelcome(t *testing.T) {
	p := newProvider(t)
	p.document["authorization_response_iss_parameter_supported"] = true
	rp := p.party()
	flow, err := p.begin(rp)
	require.NoError(t, err)
	_, err = rp.Finish(t.Context(), flow, signin.Callback{Code: "code", State: flow.State, Issuer: p.url})
	assert.NoError(t, err)
}

func TestAFlowThatIsEmptyOrTooOldIsRefusedBeforeAnybodyIsAsked(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	empty := signin.Flow{Institution: "mercy", Expires: p.clock.now().Add(time.Minute)}
	_, err := rp.Finish(t.Context(), empty, signin.Callback{Code: "code"})
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonOtherFlow, signin.ReasonOf(err))
	assert.Zero(t, p.count(discoveryPath))

	flow, err := p.begin(rp)
	require.NoError(t, err)
	p.clock.move(signin.FlowLife + time.Second)
	_, err = rp.Finish(t.Context(), flow, signin.Callback{Code: "code", State: flow.State})
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonExpired, signin.ReasonOf(err))
	assert.Zero(t, p.count("/token"))
}
