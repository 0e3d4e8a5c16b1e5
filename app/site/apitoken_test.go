package site_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestATokenReadsWhatItsScopesSayAndNoMore(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	of := map[string]app.Scope{
		"/api/v1/records": app.ReadRecords, "/api/v1/records.csv": app.ReadRecords, "/api/v1/records.xlsx": app.ReadRecords,
		"/api/v1/records.jsonl": app.ReadRecords, "/api/v1/records.xapi.jsonl": app.ReadRecords, "/api/v1/downloads": app.ReadRecords,
		"/api/v1/learners": app.ReadLearners, "/api/v1/modules": app.ReadModules,
	}
	all := h.system(manager, app.Scopes()...)
	records, _, _ := all.get("/api/v1/records").list("records")
	of["/api/v1/records/"+fmt.Sprint(records[0]["record_id"])] = app.ReadRecords
	of["/api/v1/learners/"+fmt.Sprint(records[0]["learner_id"])] = app.ReadLearners
	for _, scope := range app.Scopes() {
		s := h.system(manager, scope)
		for path, needs := range of {
			assert.Equal(t, 200, all.get(path).status, path)
			if needs == scope {
				assert.Equal(t, 200, s.get(path).status, path)
				continue
			}
			a := s.get(path)
			detail, _ := a.problem(403)
			assert.Contains(t, detail, "may not read "+string(needs), path)
			assert.Equal(t, `Bearer realm="First5", error="insufficient_scope", scope="`+string(needs)+`"`, a.header.Get("WWW-Authenticate"))
		}
	}
}

func TestWhoeverHasNoTokenIsToldHowToShowOne(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	p := b.get("/api/v1/records")
	assert.Equal(t, 401, p.status, "a manager's session opens pages, and no address for systems")
	a := system{h: h}.get("/api/v1/records")
	detail, _ := a.problem(401)
	assert.Contains(t, detail, "/records/tokens")
	assert.Equal(t, `Bearer realm="First5"`, a.header.Get("WWW-Authenticate"))
	a = system{h, "first5_mercy-lakes_" + strings.Repeat("A", 43)}.get("/api/v1/records")
	a.problem(401)
	assert.Equal(t, `Bearer realm="First5", error="invalid_token"`, a.header.Get("WWW-Authenticate"))
}

func TestATokenEndsWithItsDaysAndWhenItIsRevoked(t *testing.T) {
	h := newHouse(t)
	s, kept := h.system(manager, app.ReadRecords), h.system(manager, app.ReadRecords)
	require.Equal(t, 200, s.get("/api/v1/records").status)
	b := h.as(manager)
	p := b.get("/records/tokens")
	_, rest, _ := strings.Cut(p.body, `action="/records/tokens/`)
	id, _, _ := strings.Cut(rest, "/") // the last made comes first
	_, fields := p.form(t, id+"/revoke")
	p = b.post("/records/tokens/"+id+"/revoke", fields)
	assert.Contains(t, p.text(), "The token is revoked.")
	assert.Equal(t, 401, kept.get("/api/v1/records").status)
	assert.Equal(t, 200, s.get("/api/v1/records").status)
	assert.Contains(t, b.post("/records/tokens/"+id+"/revoke", fields).text(), "There is no such token")

	h.clock.pass(90 * 24 * time.Hour)
	assert.Equal(t, 401, s.get("/api/v1/records").status)
	assert.Contains(t, h.as(manager).get("/records/tokens").text(), "Expired")
}

func TestATokenInAnAddressIsRefusedAndNeverEchoed(t *testing.T) {
	h := newHouse(t)
	s := h.system(manager, app.Scopes()...)
	for _, query := range []string{"access_token=" + s.token, "token=" + s.token, "q=" + s.token, "status=" + s.token, s.token, "q=x+" + s.token, "x=Bearer%20" + s.token} {
		for _, path := range []string{"/api/v1/records?", "/api/v1/records.csv?", "/api/v1/modules?", "/api/v1/openapi.json?"} {
			a := s.get(path + query)
			detail, _ := a.problem(400)
			assert.Contains(t, detail, "A token does not belong in an address", query)
			assert.NotContains(t, a.body, s.token)
		}
	}
	for _, path := range []string{"/api/v1/records/" + s.token, "/api/v1/learners/" + s.token, "/api/v1/" + s.token} {
		a := s.do(http.MethodGet, path, nil)
		a.problem(404)
		assert.NotContains(t, a.body, s.token)
	}
	h.as(manager).get("/records/tokens")
	_, secret, _ := strings.Cut(strings.TrimPrefix(s.token, "first5_"), "_")
	h.shutdown()
	assert.NotContains(t, h.log.String(), secret)
	for e, err := range h.store.AllEvents(t.Context(), app.EventFilter{}) {
		require.NoError(t, err)
		assert.NotContains(t, fmt.Sprint(e), secret)
	}
}

func TestTooManyRequestsAreRefusedByToken(t *testing.T) {
	h := newHouse(t)
	s, beside := h.system(manager, app.Scopes()...), h.system(manager, app.Scopes()...)
	h.clock.pass(h.training.Now().Truncate(time.Minute).Add(time.Minute).Sub(h.training.Now())) // a minute begins
	file := func() int { return s.do(http.MethodHead, "/api/v1/records.csv", nil).status }
	for n := range 60 {
		require.Equal(t, 200, file(), n)
	}
	a := s.get("/api/v1/records.csv")
	detail, _ := a.problem(429)
	assert.Contains(t, detail, "more than 60 requests in a minute")
	assert.Regexp(t, `^([1-9]|[1-5][0-9]|60)$`, a.header.Get("Retry-After"))
	assert.Equal(t, 200, s.get("/api/v1/records").status, "lists go on")
	assert.Equal(t, 200, beside.get("/api/v1/records.csv").status, "and other systems")
	h.clock.pass(time.Minute)
	assert.Equal(t, 200, file())
}

func TestWhoTriesTokensIsRefusedByAddressAndHoldsUpNobodyWithAValidOne(t *testing.T) {
	h := newHouse(t)
	s := h.system(manager, app.ReadModules)
	h.clock.pass(h.training.Now().Truncate(time.Minute).Add(time.Minute).Sub(h.training.Now()))
	wrong := system{h, "first5_mercy-lakes_" + strings.Repeat("B", 43)}
	for range 60 {
		require.Equal(t, 401, wrong.get("/api/v1/modules").status)
	}
	wrong.get("/api/v1/modules").problem(429)
	assert.Equal(t, 200, s.get("/api/v1/modules").status)
}

func TestADatabaseThatIsAwayIsAProblemToAskAgainAbout(t *testing.T) {
	away := &away{}
	h := newHouseOn(t, func(s app.Store) app.Store { away.Store = s; return away })
	s := h.system(manager, app.Scopes()...)
	away.gone.Store(true)
	a := s.get("/api/v1/records")
	a.problem(503)
	assert.Equal(t, "10", a.header.Get("Retry-After"))
}

func TestATokenIsUsedThoughTheTrailDoesNotTakeIt(t *testing.T) {
	h := newHouseOn(t, func(s app.Store) app.Store { return deaf{s} })
	assert.Equal(t, 200, h.system(manager, app.ReadRecords).get("/api/v1/records").status)
	h.shutdown()
	assert.Contains(t, h.log.String(), "the use of a token is missing in the audit trail")
}

func TestTheTrailTellsWhichTokenTookAFile(t *testing.T) {
	h := newHouse(t)
	h.system(manager, app.ReadRecords).get("/api/v1/records.csv?q=noor")
	b := h.as(manager)
	trail := b.get("/audit?kind=downloaded").text()
	assert.Contains(t, trail, "file: records.csv")
	assert.Contains(t, trail, "token:")
	assert.NotContains(t, trail, "noor")
	assert.Contains(t, b.get("/audit?kind=token_made").text(), "Grace Whitfield")
	assert.Contains(t, b.get("/audit?kind=token_used").text(), "Token used")
}
