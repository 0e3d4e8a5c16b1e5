package site_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// still keeps a browser from following where it is led.
func (b *browser) still() *browser {
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return b
}

func TestAnInstitutionIsFoundByTyping(t *testing.T) {
	h := newHouse(t)
	for typed, want := range map[string]string{
		"harbor":                          "Continue to Harbor Point Medical Center",
		"MERCY lakes":                     "Continue to Mercy Lakes Health",
		"noor.haddad@mercy-lakes.example": "Continue to Mercy Lakes Health",
		"e":                               "Which of these is yours? Cedar Street Neighbors Harbor Point Medical Center Mercy Lakes Health",
		"nowhere":                         "Nothing fits “nowhere”. Try another part of the name, or your work e-mail address.",
		"<script>alert(1)</script>":       "Nothing fits “<script>alert(1)</script>”.",
	} {
		b := h.browser()
		p := b.send(b.get("/signin?return=/modules/greet"), "/signin", url.Values{"find": {typed}})
		assert.Equal(t, 200, p.status, typed)
		assert.Contains(t, p.text(), want, typed)
		assert.NotContains(t, p.body, "<script>", typed)
		assert.Equal(t, "no-store", p.header.Get("Cache-Control"), "a typed address stays nowhere")
		if words, ok := strings.CutPrefix(want, "Continue to "); ok {
			assert.Contains(t, p.link("Continue to "+words), "return=%2Fmodules%2Fgreet", "the page is not forgotten")
		}
	}
}

func TestTheInstitutionIsRememberedOnThisDevice(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	assert.NotContains(t, b.get("/signin").text(), "You signed in here last")
	b.signIn(noor, "")
	b.send(b.get("/account"), "/signout", nil)
	p := b.get("/signin?return=/learning")
	assert.Contains(t, p.text(), "You signed in here last with Mercy Lakes Health.")
	assert.Equal(t, "/signin/mercy-lakes?return=%2Flearning", p.link("Continue to Mercy Lakes Health"))
}

func TestALinkThatNamesTheInstitutionSkipsTheChoice(t *testing.T) {
	h := newHouse(t)
	for link, want := range map[string]string{
		"/?institution=mercy-lakes":                        "/signin/mercy-lakes",
		"/signin?institution=mercy-lakes":                  "/signin/mercy-lakes",
		"/signin?institution=mercy-lakes&return=/learning": "/signin/mercy-lakes?return=%2Flearning",
		"/modules/greet?institution=mercy-lakes":           "/signin/mercy-lakes?return=%2Fmodules%2Fgreet",
		"/records?status=passed&institution=mercy-lakes":   "/signin/mercy-lakes?return=%2Frecords%3Fstatus%3Dpassed",
		"/modules/greet?institution=nowhere":               "/signin?institution=nowhere&return=%2Fmodules%2Fgreet",
		"/signin?institution=mercy-lakes&return=//x":       "/signin/mercy-lakes",
	} {
		p := h.browser().still().get(link)
		assert.Equal(t, 303, p.status, link)
		assert.Equal(t, want, p.header.Get("Location"), link)
	}
	unknown := h.browser().get("/modules/greet?institution=nowhere")
	assert.Contains(t, unknown.text(), "names “nowhere”, which is no institution here")
	for _, link := range []string{"/modules/greet?institution=harbor-point", "/?institution=harbor-point"} {
		asked := h.as(noor).get(link)
		assert.Contains(t, asked.text(), "Sign in with Harbor Point Medical Center instead?", "who is signed in elsewhere is asked")
		path, _, _ := strings.Cut(link, "?")
		assert.Equal(t, path, asked.link("Stay with Mercy Lakes Health"))
	}
	own := h.as(noor).get("/modules/greet?institution=mercy-lakes")
	assert.Equal(t, "/modules/greet", own.url.Path)
}

func TestATypedAddressNeedNotBeTypedAgainAtTheInstitution(t *testing.T) {
	h := newHouse(t)
	hinted := func(typed, institution string) string {
		b := h.browser()
		b.post("/signin", url.Values{"find": {typed}})
		begun, err := url.Parse(b.still().get("/signin/" + institution).header.Get("Location"))
		require.NoError(t, err)
		again, err := url.Parse(b.get("/signin/" + institution).header.Get("Location"))
		require.NoError(t, err)
		assert.Empty(t, again.Query().Get("login_hint"), "once")
		return begun.Query().Get("login_hint")
	}
	assert.Equal(t, "noor@mercy-lakes.example", hinted("noor@mercy-lakes.example", "mercy-lakes"))
	assert.Empty(t, hinted("noor@mercy-lakes.example", "harbor-point"), "nobody else learns it")
	assert.Empty(t, hinted("mercy", "mercy-lakes"))
}

func TestSigningInAgainLeavesTheFormerSession(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	former := b.cookies()
	b.signIn(manager, "")
	assert.NotEqual(t, former, b.cookies(), "a new id at every sign-in")
	r := h.browser().request("/learning")
	r.Header.Set("Cookie", former)
	assert.Equal(t, "/signin", h.browser().do(r).url.Path)
}

func TestSignOutGoesOnToTheInstitutionAndComesBack(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	left := b.send(b.get("/account"), "/signout", nil)
	assert.Equal(t, 200, left.status)
	next := left.link("Sign out at Mercy Lakes Health")
	address, err := url.Parse(next)
	require.NoError(t, err)
	assert.Contains(t, left.body, `http-equiv="refresh"`, "it goes by itself")
	assert.NotEmpty(t, address.Query().Get("id_token_hint"), "the provider knows whom")
	assert.Equal(t, h.url+"/signed-out", address.Query().Get("post_logout_redirect_uri"))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, next, nil)
	require.NoError(t, err)
	back := b.do(r)
	assert.Equal(t, "/signed-out", back.url.Path, back.body)
	assert.Contains(t, back.text(), "You are signed out")
	assert.NotContains(t, back.text(), "may stay open", "the institution has ended its own session")
	assert.Equal(t, `"cache"`, back.header.Get("Clear-Site-Data"), "going back shows nobody's page")
	assert.Equal(t, "/signin", b.get("/learning").url.Path)
}

func TestSigningOutEverywhereEndsEveryBrowserAtOnce(t *testing.T) {
	h := newHouse(t)
	phone, desk, colleague := h.as(noor), h.as(noor), h.as(daniel)
	account := phone.get("/account")
	assert.Equal(t, 1, strings.Count(account.text(), "This browser"))
	assert.Equal(t, 1, strings.Count(account.text(), "Another browser"))
	left := phone.send(account, "/signout/everywhere", nil)
	assert.NotEmpty(t, left.link("Sign out at Mercy Lakes Health"))
	for _, b := range []*browser{phone, desk} {
		assert.Equal(t, "/signin", b.get("/learning").url.Path)
	}
	assert.Equal(t, 200, colleague.get("/learning").status)
}

func TestTheAccountPageShowsWhatTheInstitutionTold(t *testing.T) {
	h := newHouse(t)
	physician := h.as(noor).get("/account").text()
	for _, told := range []string{"Noor Haddad", "noor.haddad@mercy-lakes.example", "2073418560", "ml-20417", "Roles Learner What is kept", "never sees single answers"} {
		assert.Contains(t, physician, told)
	}
	assert.Contains(t, h.as(manager).get("/account").text(), "Learner, Records manager")
	assert.Contains(t, h.as(manager).get("/account").text(), "NPI Not told")
}

func TestSomebodyWithoutANameOrAnAddressCanLearn(t *testing.T) {
	h := newHouse(t)
	token, _, _, err := h.training.SignIn(t.Context(), app.Arrival{Identity: app.Identity{
		Institution: "mercy-lakes", Issuer: "https://idp.example", Subject: "s1"}})
	require.NoError(t, err)
	b := h.browser()
	home, err := url.Parse(h.url)
	require.NoError(t, err)
	b.http.Jar.SetCookies(home, []*http.Cookie{{Name: "first5_session", Value: string(token)}})
	assert.Contains(t, b.get("/").text(), "Good to see you.")
	result := b.answer("greet", right())
	assert.Contains(t, result.text(), "Module completed")
	assert.Contains(t, b.get("/account").text(), "Name Not told")
	certificate := b.get("/certificates/" + byName(h.as(manager).records())[0]["certificate_id"])
	assert.Contains(t, certificate.text(), "A learner of Mercy Lakes Health completed Greet first")
}

func TestSomebodyWhoSendsAnswersWithoutPauseIsAskedToWaitAndOthersAreNot(t *testing.T) {
	h := newHouse(t)
	phone, desk, colleague := h.as(noor), h.as(noor), h.as(daniel)
	var last page
	for n := range 61 {
		b := phone
		if n%2 == 1 {
			b = desk
		}
		last = b.still().post("/modules/greet/attempts", url.Values{"csrf": {"x"}})
	}
	assert.Equal(t, 429, last.status, "in two browsers she is one person")
	assert.NotEmpty(t, last.header.Get("Retry-After"))
	assert.NotEqual(t, 429, colleague.still().post("/modules/greet/attempts", url.Values{"csrf": {"x"}}).status)
}

func TestSomebodyWhoTriesAgainAndAgainIsNotLockedOutByTheirCookies(t *testing.T) {
	h := newHouse(t)
	b := h.browser().still()
	for n := range 60 {
		back := "?return=/records%3Fq=" + strings.Repeat("%26", 20*n)
		assert.Equal(t, 303, b.get("/signin/mercy-lakes"+back).status, n)
	}
	assert.Equal(t, 200, b.get("/").status, "nor by links with long addresses to return to")
	assert.Less(t, strings.Count(b.cookies(), "first5_flow_"), 10)
	b.http.CheckRedirect = nil
	assert.Contains(t, b.signIn(noor, "").text(), "Noor Haddad")
}

func TestAnotherInstitutionsLinkDoesNotTakeOverASession(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	asked := b.get("/signin/harbor-point?return=/learning")
	assert.Equal(t, h.url, asked.url.Scheme+"://"+asked.url.Host, "nobody is led away")
	assert.Contains(t, asked.text(), "Sign in with Harbor Point Medical Center instead?")
	assert.Contains(t, asked.text(), "you are signed in as Noor Haddad with Mercy Lakes Health")
	assert.Contains(t, b.get("/signin/harbor-point?switch=guessed").text(), "instead?")
	assert.Equal(t, "/learning", asked.link("Stay with Mercy Lakes Health"))

	on := b.get(asked.link("Continue to Harbor Point Medical Center"))
	after := b.send(on, "login", url.Values{"person": {"hp-1183"}})
	assert.Equal(t, "/learning", after.url.Path)
	assert.Contains(t, after.text(), "Amara Okafor")
	assert.Contains(t, h.as(manager).get("/audit?kind=signed_out").text(), "where: to sign in anew in this browser")
}

func TestASignInThatWasBegunBeforeAnotherInstitutionsDoesNotReplaceIt(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	harbor := b.get("/signin/harbor-point") // in one window
	b.signIn(noor, "")                      // and in another
	p := b.send(harbor, "login", url.Values{"person": {"hp-1183"}})
	assert.Equal(t, 403, p.status)
	assert.Contains(t, p.text(), "You are signed in elsewhere")
	assert.Contains(t, b.get("/account").text(), "Noor Haddad")
}

func TestAnswersOfManyWhoWereSignedOutCountForEachOfThem(t *testing.T) {
	h := newHouse(t)
	left := map[string]func(times int) page{}
	for _, person := range []string{noor, daniel} {
		b := h.as(person)
		address, fields := b.fill("greet", right())
		b.http.Jar = nil // the session is over
		left[person] = func(times int) (last page) {
			for range times {
				last = b.still().post(address, fields)
			}
			return last
		}
	}
	assert.Equal(t, 303, left[noor](60).status)
	assert.Equal(t, 303, left[daniel](60).status, "from the same address")
	assert.Equal(t, 429, left[noor](1).status)
}

func TestThePageOfASignOutDoesNotSayWhatIsNotSo(t *testing.T) {
	h := newHouse(t)
	assert.Equal(t, "/", h.as(noor).get("/signed-out").url.Path, "who is signed in is not signed out")
	assert.Contains(t, h.browser().get("/signed-out").text(), "may stay open")
}

func TestTheChoiceOfAnInstitutionTellsWhoIsSignedIn(t *testing.T) {
	p := newHouse(t).as(noor).get("/signin?return=/learning")
	assert.Contains(t, p.text(), "You are signed in as Noor Haddad with Mercy Lakes Health.")
	assert.Equal(t, "/learning", p.link("Go on"))
	assert.NotContains(t, p.text(), "You signed in here last")
}

func TestMoreInstitutionsThanAreListedAreNotKeptSecret(t *testing.T) {
	h := newHouse(t)
	for n := range 25 {
		h.training.Institutions = append(h.training.Institutions, app.Institution{ID: app.InstitutionID(fmt.Sprintf("county-%d", n)), Name: fmt.Sprintf("County %d", n)})
	}
	assert.Contains(t, h.browser().post("/signin", url.Values{"find": {"county"}}).text(), "There are more.")
	assert.NotContains(t, h.browser().post("/signin", url.Values{"find": {"county 1"}}).text(), "There are more.")
	assert.NotContains(t, h.browser().get("/signin").text(), "County", "very many are searched and not listed")
}

func TestWhoIsRefusedAtTheInstitutionIsToldWhomToAsk(t *testing.T) {
	h := newHouse(t)
	b := h.browser().still()
	begun, err := url.Parse(b.get("/signin/mercy-lakes?return=/learning").header.Get("Location"))
	require.NoError(t, err)
	p := b.get("/signin/mercy-lakes/callback?error=access_denied&state=" + begun.Query().Get("state"))
	assert.Contains(t, p.text(), "Mercy Lakes Health did not let you in")
	assert.Equal(t, "/signin/mercy-lakes?return=%2Flearning", p.link("Sign in again"))
	assert.Equal(t, "/signin?return=%2Flearning", p.link("Choose another institution"))
}
