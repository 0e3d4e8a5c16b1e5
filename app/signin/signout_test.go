package signin_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/signin"
)

func TestTheSignOutAddressTellsWhoAndWhereTo(t *testing.T) {
	p := newProvider(t)
	p.document["end_session_endpoint"] = p.url + "/logout?tenant=lakes"
	rp := p.party()
	address, ok := rp.SignOutAddress(t.Context(), "mercy", "the.id.token")
	require.True(t, ok)
	u, err := url.Parse(address)
	require.NoError(t, err)
	assert.Equal(t, "/logout", u.Path)
	assert.Equal(t, url.Values{
		"tenant": {"lakes"}, "id_token_hint": {"the.id.token"}, "client_id": {"first5"},
		"post_logout_redirect_uri": {"http://localhost/"}, "state": {signin.SignedOutThere},
	}, u.Query())

	address, ok = rp.SignOutAddress(t.Context(), "mercy", "")
	require.True(t, ok)
	assert.NotContains(t, address, "id_token_hint")
	assert.Equal(t, 1, p.count(discoveryPath))
}

func TestThereIsNoSignOutAddressWhereThereIsNone(t *testing.T) {
	p := newProvider(t)
	p.document["end_session_endpoint"] = nil
	address, ok := p.party().SignOutAddress(t.Context(), "mercy", "hint")
	assert.False(t, ok)
	assert.Empty(t, address)
	p.answers(discoveryPath, status(500))
	_, ok = p.party().SignOutAddress(t.Context(), "mercy", "hint")
	assert.False(t, ok, "a provider that is down keeps nobody signed in here")
}

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout"

// signOutToken is a right one, changed as the test says.
func (p *provider) signOutToken(changes, header claims) string {
	now := p.clock.now()
	right := claims{
		"iss": p.url, "sub": "s1", "sid": "session-1", "aud": "first5", "jti": "token-1",
		"iat": now.Unix(), "exp": now.Add(2 * time.Minute).Unix(), "events": claims{logoutEvent: claims{}},
	}
	payload, err := json.Marshal(changed(right, changes))
	require.NoError(p.t, err)
	return signed(p.t, p.algorithm, p.key, payload, changed(claims{"kid": p.kid}, header))
}

func TestAProviderMayEndSessions(t *testing.T) {
	base := func(p *provider) app.ProviderSignOut {
		now := time.Unix(p.clock.now().Unix(), 0)
		return app.ProviderSignOut{
			ID: "token-1", Institution: "mercy", Issuer: p.url, Subject: "s1", Session: "session-1", At: now, Expires: now.Add(2 * time.Minute),
		}
	}
	for name, c := range map[string]struct {
		changes, header claims
		want            func(o *app.ProviderSignOut)
	}{
		"of a person in one session":    {want: func(*app.ProviderSignOut) {}},
		"of a person in all":            {changes: claims{"sid": nil}, want: func(o *app.ProviderSignOut) { o.Session = "" }},
		"of a session of whoever":       {changes: claims{"sub": nil}, want: func(o *app.ProviderSignOut) { o.Subject = "" }},
		"with the type of its own":      {header: claims{"typ": "logout+jwt"}, want: func(*app.ProviderSignOut) {}},
		"with the type in full":         {header: claims{"typ": "application/Logout+JWT"}, want: func(*app.ProviderSignOut) {}},
		"with the type of all tokens":   {header: claims{"typ": "JWT"}, want: func(*app.ProviderSignOut) {}},
		"for us as the party":           {changes: claims{"aud": []string{"first5", "x"}, "azp": "first5"}, want: func(*app.ProviderSignOut) {}},
		"without an end worth the name": {changes: claims{"exp": 4e9}, want: func(o *app.ProviderSignOut) { o.Expires = o.At.Add(10 * time.Minute) }},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			got, err := p.party().ProviderSignOut(t.Context(), "mercy", p.signOutToken(c.changes, c.header))
			require.NoError(t, err)
			want := base(p)
			c.want(&want)
			assert.Equal(t, want, got)
		})
	}
}

func TestASignOutTokenThatDoesNotHoldEndsNoSession(t *testing.T) {
	now := time.Now()
	at := func(d time.Duration) int64 { return now.Add(d).Unix() }
	for name, c := range map[string]struct {
		changes, header claims
		reason          signin.Reason
	}{
		"another issuer":              {claims{"iss": "https://evil.example"}, nil, signin.ReasonIssuer},
		"another audience":            {claims{"aud": "x"}, nil, signin.ReasonAudience},
		"two audiences and no party":  {claims{"aud": []string{"first5", "x"}}, nil, signin.ReasonAudience},
		"another party":               {claims{"azp": "x"}, nil, signin.ReasonAudience},
		"no time":                     {claims{"iat": nil}, nil, signin.ReasonTimes},
		"no end":                      {claims{"exp": nil}, nil, signin.ReasonNoSignOut},
		"one that ended":              {claims{"exp": at(-61 * time.Second)}, nil, signin.ReasonOld},
		"one of tomorrow":             {claims{"iat": at(61 * time.Second)}, nil, signin.ReasonTimes},
		"one that is too old":         {claims{"iat": at(-11*time.Minute - time.Second)}, nil, signin.ReasonOld},
		"one that does not count yet": {claims{"nbf": at(2 * time.Minute)}, nil, signin.ReasonTimes},
		"no id":                       {claims{"jti": nil}, nil, signin.ReasonNoSignOut},
		"an id without end":           {claims{"jti": strings.Repeat("x", 256)}, nil, signin.ReasonNoSignOut},
		"an ID token":                 {claims{"nonce": "n"}, nil, signin.ReasonNoSignOut},
		"a nonce that is null":        {claims{"nonce": jsonNull()}, nil, signin.ReasonNoSignOut},
		"no event":                    {claims{"events": nil}, nil, signin.ReasonNoSignOut},
		"another event":               {claims{"events": claims{"http://x.example": claims{}}}, nil, signin.ReasonNoSignOut},
		"an event that is no object":  {claims{"events": claims{logoutEvent: true}}, nil, signin.ReasonNoSignOut},
		"events that are a list":      {claims{"events": []string{logoutEvent}}, nil, signin.ReasonNoSignOut},
		"nobody":                      {claims{"sub": nil, "sid": nil}, nil, signin.ReasonNoSignOut},
		"a subject without end":       {claims{"sub": strings.Repeat("x", 256)}, nil, signin.ReasonSubject},
		"an empty subject":            {claims{"sub": ""}, nil, signin.ReasonSubject},
		"a session with a line end":   {claims{"sid": "a\nb"}, nil, signin.ReasonSubject},
		"another type":                {nil, claims{"typ": "at+jwt"}, signin.ReasonNoSignOut},
		"a type that is a number":     {nil, claims{"typ": 7}, signin.ReasonNoSignOut},
	} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			p.clock.t = now
			got, err := p.party().ProviderSignOut(t.Context(), "mercy", p.signOutToken(c.changes, c.header))
			require.ErrorIs(t, err, signin.ErrRejected)
			assert.Equal(t, c.reason, signin.ReasonOf(err), err)
			assert.Empty(t, got)
		})
	}
}

func TestASignOutTokenOfAnybodyEndsNoSession(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	for _, rubbish := range []string{"", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."} {
		_, err := rp.ProviderSignOut(t.Context(), "mercy", rubbish)
		require.ErrorIs(t, err, signin.ErrRejected)
		assert.Equal(t, signin.ReasonMalformed, signin.ReasonOf(err))
	}
	assert.Zero(t, p.count(discoveryPath), "rubbish is no cause to ask the provider")
	payload := []byte(`{"events":{"` + logoutEvent + `":{}}}`)
	_, err := rp.ProviderSignOut(t.Context(), "mercy", signed(t, jose.ES256, newKey(t), payload, claims{"kid": "k1"}))
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonSignature, signin.ReasonOf(err))
}

func TestASignOutWhoseProviderIsDownMayComeAgain(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	p.answers(discoveryPath, status(500))
	_, err := rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	require.ErrorIs(t, err, signin.ErrUnavailable)
	p.answers(discoveryPath, nil)
	_, err = rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	assert.NoError(t, err)
}

// At the end of a shift a hospital's provider signs out many people at once, and
// it need not send again what was refused. Nor may somebody who sends tokens of
// their own making keep those out.
func TestEverySignOutOfAShiftsEndIsTaken(t *testing.T) {
	for name, forgeries := range map[string]int{"alone": 0, "among many forged ones": 900} {
		t.Run(name, func(t *testing.T) {
			p := newProvider(t)
			// No deadline that a slow machine could miss.
			rp := signin.New([]signin.Provider{p.registered()}, signin.Options{Now: p.clock.now, Deadline: time.Hour})
			forged := p.forgedSignOutToken()
			var senders sync.WaitGroup
			for range forgeries {
				senders.Go(func() {
					_, err := rp.ProviderSignOut(t.Context(), "mercy", forged)
					assert.Equal(t, signin.ReasonSignature, signin.ReasonOf(err))
				})
			}
			for n := range 300 {
				id := fmt.Sprint("token-", n)
				right := p.signOutToken(claims{"jti": id}, nil)
				senders.Go(func() {
					got, err := rp.ProviderSignOut(t.Context(), "mercy", right)
					assert.NoError(t, err)
					assert.Equal(t, id, got.ID)
				})
			}
			senders.Wait()
		})
	}
}

// forgedSignOutToken is as the right one, but for the signature.
func (p *provider) forgedSignOutToken() string {
	payload, err := base64.RawURLEncoding.DecodeString(strings.Split(p.signOutToken(nil, nil), ".")[1])
	require.NoError(p.t, err)
	return signed(p.t, p.algorithm, newKey(p.t), payload, claims{"kid": p.kid})
}

func TestNoMoreThanFourSignOutTokensAreCheckedAtOnce(t *testing.T) {
	p := newProvider(t)
	rp := p.party()
	_, err := rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	require.NoError(t, err)
	stopped, stop := context.WithCancel(t.Context())
	stop() // or it would wait for a place
	var leave []func()
	for range 4 {
		done, err := signin.BeginSignOutCheck(t.Context(), rp, "mercy")
		require.NoError(t, err)
		leave = append(leave, done)
	}
	_, err = rp.ProviderSignOut(stopped, "mercy", p.signOutToken(nil, nil))
	require.ErrorIs(t, err, signin.ErrRejected)
	assert.Equal(t, signin.ReasonBusy, signin.ReasonOf(err))
	_, err = p.signIn(rp)
	require.NoError(t, err, "people sign in meanwhile")

	leave[0]()
	_, err = rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	require.NoError(t, err)
	_, err = rp.ProviderSignOut(t.Context(), "mercy", p.signOutToken(nil, nil))
	assert.NoError(t, err, "who was checked has left the place")
}
