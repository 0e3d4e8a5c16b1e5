package site_test

import (
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// byScript sends a form as our own script does.
func (b *browser) byScript(path string, fields url.Values) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, b.base+path, strings.NewReader(fields.Encode()))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded;charset=UTF-8")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Origin", b.base)
	return b.do(r)
}

// told is what a script is told.
type told struct {
	Result      string
	Title, Text string
	Retry       *bool
}

func (p page) told(t *testing.T) told {
	t.Helper()
	var said told
	require.NoError(t, json.Unmarshal([]byte(p.body), &said), p.body)
	return said
}

func TestAScriptIsToldWhereTheResultIs(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	for range 2 { // however often
		p := b.byScript(address, fields)
		assert.Equal(t, 201, p.status)
		assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
		assert.Equal(t, "/modules/greet/attempts/"+fields.Get("attempt"), p.told(t).Result)
	}
	assert.Contains(t, b.get(b.byScript(address, fields).told(t).Result).text(), "Module completed")
	assert.Equal(t, "1", byName(h.as(manager).records())[0]["attempts"])
}

func TestAScriptOfSomebodySignedOutIsLedToTheSignIn(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	h.clock.pass(13 * time.Hour)
	p := b.byScript(address, fields)
	assert.Equal(t, 202, p.status)
	to := p.told(t).Result
	assert.Contains(t, b.get(to).text(), "Your answers are safe")
	b.signIn(noor, "")
	assert.Equal(t, "1", byName(h.as(manager).records())[0]["attempts"])
}

func TestADeviceSendsAnswersOfWhoeverUsedItBefore(t *testing.T) {
	h := newHouse(t)
	address, fields := h.as(noor).fill("greet", right())
	next := h.as(daniel)
	assert.Equal(t, 202, next.byScript(address, fields).status, "by itself, with the ticket of their page")
	assert.NotContains(t, next.get("/learning").text(), "Completed", "and for nobody else")
	assert.Equal(t, "in_progress", byName(h.as(manager).records())[0]["status"], "not before their learner is there")
	h.as(noor)
	assert.Equal(t, "passed", byName(h.as(manager).records())[0]["status"])

	forged := url.Values{"page": {"1.x." + strings.Repeat("A", 86)}, "attempt": fields["attempt"]}
	assert.Equal(t, 403, next.byScript(address, forged).status)
	assert.Equal(t, 403, next.post(address, fields).status, "a form that somebody sends counts for them or for nobody")
}

func TestAScriptIsToldWhetherToTryAgain(t *testing.T) {
	h, store := newHouseWithOutages(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())

	store.away.Store(true)
	p := b.byScript(address, fields)
	assert.Equal(t, 503, p.status)
	assert.Equal(t, "10", p.header.Get("Retry-After"))
	assert.Contains(t, p.header.Get("Content-Type"), "application/problem+json")
	assert.True(t, *p.told(t).Retry)
	assert.Equal(t, "First5 can’t save or read just now", p.told(t).Title)
	store.away.Store(false)

	fields.Set("q.whom", "the-ghost")
	p = b.byScript(address, fields)
	assert.Equal(t, 422, p.status)
	assert.False(t, *p.told(t).Retry)
	assert.Contains(t, p.told(t).Text, "nothing was counted")

	r := b.request(address)
	r.Method = http.MethodPost
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Language", "es")
	r.Header.Set("Origin", "https://evil.example")
	p = b.do(r)
	assert.Equal(t, 403, p.status)
	assert.Contains(t, p.told(t).Title, "Este", "in the reader's language")
}

func TestARateLimitIsAReasonToTryAgain(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", wrong())
	var last page
	for range 61 {
		last = b.byScript(address, fields)
	}
	assert.Equal(t, 429, last.status)
	assert.NotEmpty(t, last.header.Get("Retry-After"))
	assert.True(t, *last.told(t).Retry)
}

// A page that looks the same each time would tell its secrets by the length to
// which it is compressed.
func TestTheProofInAFormIsWrittenAnewForEachPage(t *testing.T) {
	b := newHouse(t).as(noor)
	b.open("greet")
	_, first := b.get("/modules/greet").form(t, "/attempts")
	_, second := b.get("/modules/greet").form(t, "/attempts")
	for _, field := range []string{"csrf", "page"} {
		assert.NotEqual(t, first.Get(field), second.Get(field), field)
	}
	_, out := b.get("/modules").form(t, "/signout")
	for name, csrf := range map[string]string{
		"half of it": first.Get("csrf")[:43], "another half": first.Get("csrf")[:43] + second.Get("csrf")[43:], "nothing": "",
	} {
		assert.Equal(t, 403, b.post("/modules/listen/begin", url.Values{"csrf": {csrf}}).status, name)
	}
	assert.Equal(t, 200, b.post("/modules/listen/begin", url.Values{"csrf": {first.Get("csrf")}}).status, "an older page's holds as long as its session")
	assert.Equal(t, 200, b.post("/modules/listen/begin", url.Values{"csrf": {out.Get("csrf")}}).status)
}

func TestPagesAreCompressedAndDownloadsAreNot(t *testing.T) {
	b := newHouse(t).as(manager)
	b.http.Transport = &http.Transport{DisableCompression: true}
	plain := b.get("/modules")
	assert.Empty(t, plain.header.Get("Content-Encoding"), "whoever does not ask for it gets it plain")
	assert.Contains(t, plain.header.Get("Vary"), "Accept-Encoding")
	ask := func(path, encoding string) page {
		r := b.request(path)
		r.Header.Set("Accept-Encoding", encoding)
		return b.do(r)
	}
	packed := ask("/modules", "br, gzip")
	require.Equal(t, "gzip", packed.header.Get("Content-Encoding"))
	assert.Less(t, len(packed.body), len(plain.body)/2)
	reader, err := gzip.NewReader(strings.NewReader(packed.body))
	require.NoError(t, err)
	body, err := io.ReadAll(reader)
	require.NoError(t, err)
	assert.Contains(t, string(body), "Greet first")
	assert.Equal(t, "gzip", ask("/nowhere", "gzip").header.Get("Content-Encoding"), "an error's page too")
	for _, path := range []string{"/records.csv", "/healthz"} {
		assert.Empty(t, ask(path, "gzip").header.Get("Content-Encoding"), path)
	}
	assert.Empty(t, ask("/modules", "gzip;q=0").header.Get("Content-Encoding"))
}

func TestADeviceIsToldWhatToKeepAndForWhom(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	cover := b.get("/modules/greet")
	assert.Empty(t, cover.header.Get("First5-Keep"), "what can't be begun without a connection is not kept")
	module := b.open("greet")
	for _, p := range []page{module, b.get("/")} {
		assert.NotEmpty(t, p.header.Get("First5-Keep"), p.url)
		assert.NotEmpty(t, p.header.Get("First5-Learner"), p.url)
		assert.Contains(t, p.body, `data-learner="`+p.header.Get("First5-Learner")+`"`)
	}
	assert.NotEqual(t, module.header.Get("First5-Learner"), h.as(daniel).get("/").header.Get("First5-Learner"))
	assert.Equal(t, module.header.Get("First5-Learner"), h.as(noor).get("/").header.Get("First5-Learner"), "on each visit")
	for _, path := range []string{"/learning", "/account", "/modules", "/records"} {
		assert.Empty(t, b.get(path).header.Get("First5-Keep"), path)
	}
	stranger := h.browser()
	for _, path := range []string{"/", "/modules/greet", "/offline"} {
		p := stranger.get(path)
		assert.Empty(t, p.header.Get("First5-Keep"), path)
		assert.Empty(t, p.header.Get("First5-Learner"), path)
	}
}

func TestTheServiceWorkerIsLookedForAtEachVisit(t *testing.T) {
	p := newHouse(t).browser().get("/sw.js")
	assert.Equal(t, 200, p.status)
	assert.Contains(t, p.header.Get("Content-Type"), "text/javascript")
	assert.Equal(t, "no-cache", p.header.Get("Cache-Control"))
	policy := p.header.Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.Contains(t, policy, "connect-src 'self'")
}

func TestThePageForNoConnectionIsTheSameForEveryone(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	assert.Equal(t, h.browser().get("/offline").body, b.get("/offline").body)
	r := b.request("/offline")
	r.Header.Set("Accept-Language", "es")
	p := b.do(r)
	assert.Equal(t, "es", p.header.Get("Content-Language"))
	assert.Contains(t, p.text(), "Sin conexión")
}

func TestAPhoneFindsHowToInstallTheProgram(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	assert.Contains(t, b.get("/").body, `<link rel="manifest" href="/manifest.webmanifest">`)
	p := b.get("/manifest.webmanifest")
	assert.Contains(t, p.header.Get("Content-Type"), "application/manifest+json")
	var m struct{ Icons []struct{ Src string } }
	require.NoError(t, json.Unmarshal([]byte(p.body), &m))
	for _, icon := range m.Icons {
		assert.Equal(t, 200, b.get(icon.Src).status, icon.Src)
	}
}

func TestPagesMayLoadScriptsOfThisSiteAlone(t *testing.T) {
	policy := newHouse(t).browser().get("/").header.Get("Content-Security-Policy")
	for _, part := range []string{"script-src 'self';", "connect-src 'self';", "manifest-src 'self';", "worker-src 'self';"} {
		assert.Contains(t, policy, part)
	}
	assert.NotContains(t, policy, "unsafe")
	assert.NotContains(t, policy, "http")
}
