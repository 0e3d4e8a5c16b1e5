package site_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestAManagerMakesATokenAndSeesItOnce(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	empty := b.get("/records/tokens")
	assert.Equal(t, 200, empty.status)
	assert.Equal(t, "no-store", empty.header.Get("Cache-Control"))
	assert.Contains(t, empty.text(), "Access for systems")
	assert.Contains(t, empty.body, h.url+"/api/v1/records.csv", "the example is of this house")

	_, form := empty.form(t, "/records/tokens")
	made := b.send(empty, "/records/tokens", tokenForm("HR <b>system</b>", app.ReadRecords, app.ReadModules))
	require.Equal(t, 200, made.status)
	assert.Equal(t, "no-store", made.header.Get("Cache-Control"))
	assert.Contains(t, made.text(), "Copy the token now")
	assert.Contains(t, made.body, "first5_mercy-lakes_")
	assert.Contains(t, made.text(), "May read Records, Modules")
	assert.NotContains(t, made.url.String(), "first5_")

	listed := b.get("/records/tokens")
	assert.NotContains(t, listed.body, "first5_mercy-lakes_", "it was shown once")
	assert.Regexp(t, `HR <b>system</b> Token [a-z2-7]{8} Records, Modules`, listed.text())
	assert.Contains(t, listed.text(), "Grace Whitfield")
	assert.Contains(t, listed.text(), h.training.Now().UTC().AddDate(0, 0, 90).Format("2 January 2006"))

	for name, values := range tokenForm("HR <b>system</b>", app.ReadRecords) {
		form[name] = values
	}
	again := b.post("/records/tokens", form)
	assert.Equal(t, 409, again.status, "the form of the token that was made")
	assert.Contains(t, again.text(), "This token was made already.")
	assert.NotContains(t, again.body, "first5_mercy-lakes_")
	assert.Equal(t, 1, strings.Count(again.body, "/revoke"), "there is one")
}

func TestAFormForATokenThatIsWrongSaysWhyAndKeepsWhatWasTyped(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	for want, form := range map[string]url.Values{
		"Give it a name":                          tokenForm("", app.ReadLearners),
		"Its name is too long.":                   tokenForm(strings.Repeat("a", 281), app.ReadLearners),
		"Choose at least one thing":               tokenForm("Nightly"),
		"Choose from the list for how long":       {"name": {"Nightly"}, "scope": {"learners"}, "days": {"4000"}},
		"The form was not as the page made it.":   {"name": {"Nightly"}, "scope": {"learners"}, "days": {"90"}, "id": {"x"}},
		"No token was made. Give it a name, such": {"name": {" "}, "scope": {"learners"}, "days": {"365"}},
	} {
		p := b.send(b.get("/records/tokens"), "/records/tokens", form)
		assert.Equal(t, 422, p.status, want)
		assert.Contains(t, p.text(), want)
		assert.Contains(t, p.body, `value="`+strings.TrimSpace(form.Get("name")), want)
		assert.Equal(t, form.Get("scope") == "learners", strings.Contains(p.body, `value="learners" checked`), want)
		mended := b.send(p, "/records/tokens", tokenForm("Mended", app.ReadRecords))
		assert.Equal(t, 200, mended.status, "the form that came back can be sent")
	}
}

func TestTokensAreForManagersOfTheirOwnInstitution(t *testing.T) {
	h := newHouse(t)
	h.system(manager, app.ReadRecords)
	p := h.as(manager).get("/records/tokens")
	address, _ := p.form(t, "/revoke")
	for _, who := range []string{noor, teacher, kenji} {
		b := h.as(who)
		assert.Equal(t, 403, b.get("/records/tokens").status, who)
		_, fields := b.get("/account").form(t, "/signout")
		for name, values := range tokenForm("Mine", app.ReadRecords) {
			fields[name] = values
		}
		fields.Set("id", app.NewToken())
		assert.Equal(t, 403, b.post("/records/tokens", fields).status, who)
		assert.Equal(t, 403, b.post(address, fields).status, who)
	}
	other := h.as(others)
	page := other.get("/records/tokens")
	assert.NotContains(t, page.text(), "HR, nightly")
	_, fields := page.form(t, "/records/tokens")
	assert.Equal(t, 404, other.post(address, fields).status)
	assert.Contains(t, h.as(manager).get("/records/tokens").text(), "HR, nightly", "it is still there")
}

func TestATokensFormFromAnotherSiteDoesNothing(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	_, fields := b.get("/records/tokens").form(t, "/records/tokens")
	for name, values := range tokenForm("Nightly", app.ReadRecords) {
		fields[name] = values
	}
	assert.Equal(t, 403, b.postFrom("https://evil.example", h.url+"/records/tokens", fields).status)
	fields.Set("csrf", "guessed")
	assert.Equal(t, 403, b.post("/records/tokens", fields).status)
	assert.NotContains(t, b.get("/records/tokens").text(), "Nightly")
}

func TestWhatWasTypedForATokenOutlivesASession(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	address, fields := b.get("/records/tokens").form(t, "/records/tokens")
	for name, values := range tokenForm("Nightly <b>", app.ReadRecords, app.ReadModules) {
		fields[name] = values
	}
	kept := h.browser().post(address, fields)
	assert.Equal(t, 401, kept.status)
	assert.Contains(t, kept.text(), "No token was made.")
	_, again := kept.form(t, "/records/tokens")
	assert.NotContains(t, again, "csrf", "the other session's is of no use")

	aged := b.post(address, again)
	assert.Equal(t, 403, aged.status, "the page is of no session")
	assert.Contains(t, aged.text(), "The page was older than your session.")
	assert.Contains(t, aged.body, `value="modules" checked`)
	assert.NotContains(t, aged.body, `value="learners" checked`)
	assert.Contains(t, aged.body, `name="name" value="Nightly &lt;b&gt;"`)
	assert.Contains(t, b.send(aged, "/records/tokens", tokenForm("Nightly", app.ReadRecords)).text(), "Copy the token now")
}

func TestAManagerFindsWhichTokenDidWhat(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	s := h.system(manager, app.ReadRecords)
	b := h.as(manager)
	listed := b.get("/records/tokens")
	assert.Contains(t, listed.text(), "not yet", "nobody has used it")
	path, _ := listed.form(t, "/revoke")
	id := strings.Split(path, "/")[len(strings.Split(path, "/"))-2]
	short := id[:8]
	assert.Contains(t, listed.text(), "Token "+short)

	h.clock.pass(48 * time.Hour)
	s.get("/api/v1/records.xapi.jsonl")
	h.clock.pass(24 * time.Hour)
	b = h.as(manager)
	listed = b.get("/records/tokens")
	assert.NotContains(t, listed.text(), "not yet")
	assert.Contains(t, listed.text(), h.clock.now().UTC().AddDate(0, 0, -1).Format("2 January 2006"), "the day on which it was used last")

	assert.Contains(t, b.get("/audit?kind=token_used").text(), "token: "+short)
	downloads := b.get("/records").text()
	assert.Contains(t, downloads, "a system: HR, nightly")
	assert.Contains(t, downloads, "2 statements", "and not records")
	b.send(listed, "/revoke", nil)
	assert.Contains(t, b.get("/records").text(), "a system, token "+short)
}

func TestAnExpiredTokenCanBeRemoved(t *testing.T) {
	h := newHouse(t)
	h.system(manager, app.ReadRecords)
	h.clock.pass(91 * 24 * time.Hour)
	b := h.as(manager)
	p := b.get("/records/tokens")
	assert.Contains(t, p.text(), "Expired")
	address, fields := p.form(t, "/revoke")
	assert.NotContains(t, b.post(address, fields).text(), "HR, nightly")
}
