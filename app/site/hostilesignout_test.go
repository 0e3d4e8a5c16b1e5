package site_test

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// signOut is the event of which a sign-out token tells.
const signOut = "http://schemas.openid.net/event/backchannel-logout"

// forgery is a sign-out token that is not as it should be.
type forgery struct {
	name   string
	claims said             // over the right ones
	do     func(p *hostile) // changes how it is made; may be nil
}

func forgeries() []forgery {
	ago := func(d time.Duration) int64 { return time.Now().Add(-d).Unix() }
	return []forgery{
		{name: "signed by a stranger", do: func(p *hostile) { p.sign = byKey(p.stranger) }},
		{name: "signed with the client's secret", do: func(p *hostile) { p.header["alg"], p.sign = "HS256", bySecret([]byte(hostileSecret)) }},
		{name: "signed with the public key as the secret", do: func(p *hostile) { p.header["alg"], p.sign = "HS256", bySecret(publicPEM(p)) }},
		{name: "algorithm none", do: func(p *hostile) { p.header["alg"], p.sign = "none", unsigned }},
		{name: "algorithm nOnE", do: func(p *hostile) { p.header["alg"], p.sign = "nOnE", unsigned }},
		{name: "without its signature", do: func(p *hostile) { p.pack = func(h, c, _ string) any { return h + "." + c + "." } }},
		{name: "says that it is an access token", do: func(p *hostile) { p.header["typ"] = "at+jwt" }},
		{name: "says that its type is a number", do: func(p *hostile) { p.header["typ"] = 7 }},
		{name: "an ID token", claims: said{"events": nil, "nonce": "n"}},
		{name: "with a nonce", claims: said{"nonce": "n"}},
		{name: "without an event", claims: said{"events": nil}},
		{name: "of another event", claims: said{"events": said{"http://schemas.openid.net/event/other": said{}}}},
		{name: "whose event is null", claims: said{"events": said{signOut: json.RawMessage("null")}}},
		{name: "whose event is a text", claims: said{"events": said{signOut: scrawl}}},
		{name: "whose events are a list", claims: said{"events": []string{signOut}}},
		{name: "without an id", claims: said{"jti": nil}},
		{name: "whose id is a number", claims: said{"jti": 7}},
		{name: "whose id is very long", claims: said{"jti": strings.Repeat("j", 300)}},
		{name: "that names nobody", claims: said{"sub": nil, "sid": nil}},
		{name: "whose subject is empty", claims: said{"sub": ""}},
		{name: "whose subject is a number", claims: said{"sub": 7}},
		{name: "whose subject is a list", claims: said{"sub": []string{"s1"}}},
		{name: "whose session has control characters", claims: said{"sid": "here\r\n"}},
		{name: "for another client", claims: said{"aud": "payroll"}},
		{name: "for ours among others, and nobody authorised", claims: said{"aud": []string{"first5", "payroll"}}},
		{name: "authorised for another client", claims: said{"azp": "payroll"}},
		{name: "for another client, and ours in capitals", claims: said{"aud": nil}, do: func(p *hostile) {
			p.rewrite = prefixed(`"aud":"payroll","AUD":"first5"`)
		}},
		{name: "of another provider", claims: said{"iss": "https://login.mercy-lakes.example"}},
		{name: "without the time when it was made", claims: said{"iat": nil}},
		{name: "made long ago", claims: said{"iat": ago(time.Hour)}},
		{name: "made in the future", claims: said{"iat": ago(-time.Hour), "exp": ago(-2 * time.Hour)}},
		{name: "without an end", claims: said{"exp": nil}},
		{name: "that has ended", claims: said{"exp": ago(2 * time.Minute)}},
		{name: "deeply nested", do: func(p *hostile) {
			p.rewrite = prefixed(`"x":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000))
		}},
	}
}

// signOutToken writes the token that tells of a sign-out, with some of it changed.
func (p *hostile) signOutToken(t *testing.T, changed said, do func(*hostile)) string {
	t.Helper()
	by := &hostile{street: p.street, issuer: p.issuer, header: said{"typ": "logout+jwt"}}
	if do != nil {
		do(by)
	}
	now := time.Now()
	token, ok := by.token(changed.over(said{
		"iss": p.issuer, "aud": "first5", "sub": "s1", "sid": "here", "jti": app.NewToken(),
		"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(), "events": said{signOut: said{}},
	})).(string)
	require.True(t, ok)
	return token
}

// wardWithHostile is a house in which somebody of the hostile institution and
// somebody of a hospital are signed in.
func wardWithHostile(t *testing.T) (h *house, p *hostile, there, physician *browser) {
	t.Helper()
	p = newStreet(t).move("hostile")
	p.claims["sid"] = "here"
	h = newHouseAmong(t, 0, p)
	there = h.browser()
	require.Equal(t, 200, there.at(p).status)
	require.Equal(t, 200, asked(t, there, "/account"))
	return h, p, there, h.as(noor)
}

// tellSignOut posts a sign-out token, as a provider's program would.
func (h *house) tellSignOut(t *testing.T, institution string, form url.Values) page {
	t.Helper()
	b := h.browser()
	b.t = t
	r := b.request("/signin/" + institution + "/logout")
	r.Method = "POST"
	body := strings.NewReader(form.Encode())
	r.Body, r.ContentLength = readCloser{body}, body.Size()
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return b.do(r)
}

type readCloser struct{ *strings.Reader }

func (readCloser) Close() error { return nil }

// checkRefusedSignOut checks an answer to a token that ends nothing.
func checkRefusedSignOut(t *testing.T, got page) {
	t.Helper()
	assert.Equal(t, 400, got.status, got.body)
	assert.Equal(t, "no-store", got.header.Get("Cache-Control"))
	assert.Contains(t, got.header.Get("Content-Type"), "application/json")
	var told struct {
		Error       string `json:"error"`
		Description string `json:"error_description"`
	}
	require.NoError(t, json.Unmarshal([]byte(got.body), &told), got.body)
	assert.Equal(t, "invalid_request", told.Error)
	assert.NotEmpty(t, told.Description)
	assert.NotContains(t, got.body, "SCRAWL")
}

func TestAForgedSignOutEndsNoSession(t *testing.T) {
	h, p, _, physician := wardWithHostile(t)
	refused := func(t *testing.T, institution string, form url.Values) {
		there := h.browser() // one for each, so that what ends one session tells of itself alone
		require.Equal(t, 200, there.at(p).status)
		checkRefusedSignOut(t, h.tellSignOut(t, institution, form))
		assert.Equal(t, 200, asked(t, there, "/account"), "who is signed in at the institution stays so")
		assert.Equal(t, 200, asked(t, physician, "/account"), "and so do all others")
	}
	for _, f := range forgeries() {
		t.Run(f.name, func(t *testing.T) {
			refused(t, "hostile", url.Values{"logout_token": {p.signOutToken(t, f.claims, f.do)}})
		})
	}
	for name, form := range map[string]url.Values{
		"nothing": {}, "an empty token": {"logout_token": {""}}, "words": {"logout_token": {"sign everybody out"}},
		"dots": {"logout_token": {"..."}}, "HTML": {"logout_token": {scrawl}}, "a long text": {"logout_token": {strings.Repeat("a.", 20_000)}},
	} {
		t.Run(name+" as a token", func(t *testing.T) { refused(t, "hostile", form) })
	}
	t.Run("a right one at another institution's address", func(t *testing.T) {
		refused(t, "mercy-lakes", url.Values{"logout_token": {p.signOutToken(t, said{"sub": "ml-20417"}, nil)}})
	})
	assert.Equal(t, 404, h.tellSignOut(t, "nobody", url.Values{"logout_token": {p.signOutToken(t, nil, nil)}}).status)
	h.checkLog(t)
}

func TestASignOutOfTheHostileInstitutionReachesItsOwnPeopleAlone(t *testing.T) {
	h, p, there, physician := wardWithHostile(t)
	foreign := p.signOutToken(t, said{"sub": "ml-20417", "sid": nil}, nil)
	assert.Equal(t, 200, h.tellSignOut(t, "hostile", url.Values{"logout_token": {foreign}}).status, "its own ml-20417 it may sign out")
	assert.Equal(t, 200, asked(t, physician, "/account"), "the hospital's is somebody else")
	assert.Equal(t, 200, asked(t, there, "/account"))

	right := url.Values{"logout_token": {p.signOutToken(t, nil, nil)}}
	assert.Equal(t, 200, h.tellSignOut(t, "hostile", right).status)
	assert.Equal(t, "/signin", there.get("/account").url.Path, "over at once")
	assert.Equal(t, 200, asked(t, physician, "/account"))
	told := h.noted(t, "", app.SignedOut)
	require.Len(t, told, 1)
	assert.Equal(t, app.InstitutionID("hostile"), told[0].Institution)

	checkRefusedSignOut(t, h.tellSignOut(t, "hostile", right))
}

func TestAForgedRepetitionOfASignOutEndsNoLaterSession(t *testing.T) {
	h, p, there, _ := wardWithHostile(t)
	right := url.Values{"logout_token": {p.signOutToken(t, nil, nil)}}
	require.Equal(t, 200, h.tellSignOut(t, "hostile", right).status)
	require.Equal(t, 200, there.at(p).status, "somebody signs in again")
	checkRefusedSignOut(t, h.tellSignOut(t, "hostile", right))
	assert.Equal(t, "/account", there.get("/account").url.Path, "what is refused ends nothing")
}

func TestAForgedSignOutIsRefusedWhileTheProviderDoesNotAnswer(t *testing.T) {
	p := newStreet(t).move("hostile")
	p.answers[discoveryAt] = silence(p)
	h := newHouseAmong(t, patience, p)
	physician := h.as(noor)
	checkRefusedSignOut(t, h.tellSignOut(t, "hostile", url.Values{"logout_token": {p.signOutToken(t, nil, nil)}}))
	assert.Equal(t, 200, asked(t, physician, "/account"))
}
