package site_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// waive sends the form that a manager finds on a person's page.
func (b *browser) waive(path, module, reason string) page {
	b.t.Helper()
	return b.send(b.get(path), "/waivers", url.Values{"module": {module}, "reason": {reason}, "sure": {"1"}})
}

func TestAManagerWaivesAModuleAndTheLearnerReadsWhy(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	path := h.personPath(noor)
	office := h.as(manager)
	p := office.waive(path, "greet", "She teaches it.")
	assert.Equal(t, 200, p.status)
	assert.Equal(t, path, p.url.Path)
	assert.Contains(t, p.text(), "The module is waived.")
	assert.Contains(t, p.text(), "Waived She teaches it.")
	trail := office.get("/audit?kind=module_waived").text()
	assert.Contains(t, trail, "module: greet")
	assert.NotContains(t, trail, "She teaches it.", "which may be forgotten, and the trail never is")

	row := byName(office.read("/records.csv"))[0]
	assert.Equal(t, "waived", row["status"])
	assert.Empty(t, row["certificate_id"])
	assert.Empty(t, row["score"])
	assert.NotEmpty(t, row["completed_at"])

	today := h.training.Now().UTC().Format("2 January 2006")
	const note = "“She teaches it.” You need not take it, and it gives no certificate."
	assert.Contains(t, b.get("/modules/greet").text(), "Mercy Lakes Health waived this module for you on "+today+" : "+note)
	learning := b.get("/learning")
	assert.Contains(t, learning.text(), "Waived "+today)
	assert.Contains(t, learning.text(), "She teaches it.")
	assert.Equal(t, "/modules/greet", learning.link("Greet first"))
	assert.Contains(t, b.get("/").text(), "Waived")
	assert.NotContains(t, b.get("/").link("Open"), "/modules/greet", "it is not what to do next")
	for _, at := range []string{"/", "/modules", "/modules/greet", "/learning", "/learning/transcript"} {
		assert.NotContains(t, b.get(at).body, "/certificates/", at)
	}
	assert.Contains(t, b.in("es", "/modules/greet").text(), "le eximió de este módulo")
}

func TestATranscriptHasAWaiverWithoutACertificate(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	require.Equal(t, 200, h.as(manager).waive(h.personPath(noor), "greet", "She teaches it.").status)
	rows, _ := b.transcript()
	require.Len(t, rows, 1)
	assert.Equal(t, "waived", rows[0]["status"])
	assert.Empty(t, rows[0]["certificate_id"])
	assert.Empty(t, rows[0]["certificate_address"])
	_, said := b.get("/learning/transcript.pdf").document(t)
	assert.Contains(t, said, "Waived")
	assert.NotContains(t, said, "/certificates/")
	for _, path := range []string{"/certificates/", "/certificates/.pdf"} {
		assert.Equal(t, 404, b.get(path).status, "an empty number is no certificate’s")
	}
}

func TestWhoTakesAWaivedModuleAllTheSameIsToldThatItStaysWaived(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	path := h.personPath(noor)
	office := h.as(manager)
	require.Equal(t, 200, office.waive(path, "greet", "She teaches it.").status)
	p := b.send(b.get("/modules/greet"), "/attempts", right())
	assert.Contains(t, p.text(), "If you take it all the same, it stays waived")
	for _, words := range []string{"Module completed", "See the certificate", "Completed on"} {
		assert.NotContains(t, p.text(), words)
	}
	row := byName(office.read("/records.csv"))[0]
	assert.Equal(t, []string{"waived", "1", "100"}, []string{row["status"], row["attempts"], row["score"]})
}

func TestAWaiverIsSaidToBeForGood(t *testing.T) {
	h := newHouse(t)
	h.as(noor)
	path := h.personPath(noor)
	office := h.as(manager)
	form := office.get(path)
	for _, words := range []string{"A waiver stands in the records, and can’t be taken back.", "They may still take the module.", "I know that this can’t be taken back"} {
		assert.Contains(t, form.text(), words)
	}
	p := office.send(form, "/waivers", url.Values{"module": {"greet"}, "reason": {"She teaches it."}})
	assert.Equal(t, 422, p.status)
	assert.Contains(t, p.text(), "Nothing is waived yet: tick that you know that a waiver can’t be taken back.")
	assert.Contains(t, p.body, "She teaches it.</textarea>")
	assert.Len(t, office.records(), 1, "nothing has happened")
	assert.Equal(t, 200, office.waive(path, "greet", "She teaches it.").status)
	assert.NotContains(t, office.get(path).body, "/end")
	_, fields := office.get(path).form(t, "/waivers")
	id := byName(office.read("/records.csv"))[0]["record_id"]
	assert.Equal(t, 404, office.post(path+"/waivers/"+id+"/end", fields).status)
	assert.Equal(t, "waived", byName(office.read("/records.csv"))[0]["status"])
}

func TestAModuleThatIsCompletedMeanwhileIsNotWaived(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	path := h.personPath(noor)
	office := h.as(manager)
	form := office.get(path)
	b.answer("greet", right())
	p := office.send(form, "/waivers", url.Values{"module": {"greet"}, "reason": {"She teaches it."}, "sure": {"1"}})
	assert.Equal(t, 409, p.status)
	assert.Contains(t, p.text(), "It is done already")
	assert.Equal(t, path, p.link("See their records"))
	assert.Equal(t, "passed", byName(office.read("/records.csv"))[0]["status"])
	assert.NotContains(t, office.get("/audit").text(), "She teaches it.")
	assert.NotContains(t, office.get(path).body, `<option value="greet"`, "and no longer offered")
}

func TestAWaiverThatCanNotBeTakenIsAskedAgain(t *testing.T) {
	h := newHouse(t)
	h.as(noor)
	path := h.personPath(noor)
	b := h.as(manager)
	for _, sent := range []struct{ module, reason, wrong string }{
		{"", "A reason.", "Nothing is waived yet: choose the module."},
		{"greet", "", "Nothing is waived yet: write why, in a few words."},
		{"greet", " \r\n ", "Nothing is waived yet: write why, in a few words."},
		{"greet", "<b>" + strings.Repeat("ñ", 278), "the reason is too long. Make it shorter. At most 280 characters."},
	} {
		p := b.waive(path, sent.module, sent.reason)
		assert.Equal(t, 422, p.status)
		assert.Contains(t, p.text(), sent.wrong)
		assert.NotContains(t, p.body, "<b>ñ", "what was written is text")
		assert.Contains(t, p.text(), strings.TrimSpace(sent.reason), "and is kept")
		assert.Equal(t, sent.module == "greet", strings.Contains(p.body, `<option value="greet" selected>`))
	}
	assert.Equal(t, 404, b.waive(path, "nothing", "A reason.").status)
	assert.Len(t, b.records(), 1, "nothing has happened")
}

func TestAReasonForAWaiverOutlivesTheSession(t *testing.T) {
	h := newHouse(t)
	h.as(noor)
	path := h.personPath(noor)
	b := h.as(manager)
	form := b.get(path)
	h.clock.pass(8 * 24 * time.Hour)

	held := b.send(form, "/waivers", url.Values{"module": {"greet"}, "reason": {"She teaches it."}, "sure": {"1"}})
	assert.Equal(t, 401, held.status)
	assert.Contains(t, held.text(), "The reason is kept in this page.")
	assert.Contains(t, held.body, `target="_blank"`, "signing in leaves the page where it is")
	_, fields := held.form(t, "/waivers")
	assert.Equal(t, "She teaches it.", fields.Get("reason"))
	assert.Equal(t, "greet", fields.Get("module"))

	b.signIn(manager, "")
	asked := b.send(held, "/waivers", nil)
	assert.Equal(t, 403, asked.status, "a page of an older session waives nothing by itself")
	assert.Contains(t, asked.text(), "the page was older than your session. Read it once more, and send it.")
	assert.Contains(t, asked.body, "She teaches it.</textarea>")
	assert.Contains(t, asked.body, `<option value="greet" selected>`)
	assert.NotContains(t, asked.body, " checked", "nor takes anybody's word for it")
	assert.Len(t, b.records(), 1)
	done := b.send(asked, "/waivers", url.Values{"module": {"greet"}, "reason": {"She teaches it."}, "sure": {"1"}})
	assert.Equal(t, 200, done.status)
	assert.Equal(t, "waived", byName(b.records())[0]["status"])
}

func TestNobodyElseWaivesAModule(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	b.get("/")
	path := h.personPath(noor)
	for who, want := range map[string]int{noor: 403, teacher: 403, others: 404} {
		other := h.as(who)
		_, fields := other.get("/account").form(t, "/signout")
		fields.Set("module", "greet")
		fields.Set("reason", "Spite.")
		fields.Set("sure", "1")
		assert.Equal(t, want, other.post(path+"/waivers", fields).status, who)
		fields.Set("csrf", "guessed")
		aged := other.post(path+"/waivers", fields)
		assert.Equal(t, want, aged.status, who)
		assert.NotContains(t, aged.text(), "Noor Haddad noor", who)
	}
	assert.Equal(t, 401, h.browser().post(path+"/waivers", url.Values{"module": {"greet"}, "reason": {"Spite."}, "sure": {"1"}}).status)
	office := h.as(manager)
	_, fields := office.get(path).form(t, "/waivers")
	fields.Set("module", "greet")
	fields.Set("reason", "Spite.")
	fields.Set("sure", "1")
	assert.Equal(t, 403, office.postFrom("https://evil.example", h.url+path+"/waivers", fields).status, "nor another site")
	assert.Len(t, office.records(), 1)
}
