package site_test

import (
	"context"
	"encoding/csv"
	"errors"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

const kenji = "mercy-lakes/ml-50008" // the operator

func TestTheAuditTrailIsForOperatorsAndForManagersOfTheirOwnPeople(t *testing.T) {
	h := newHouse(t)
	h.as(amara)
	assert.Equal(t, 403, h.as(noor).get("/audit").status)
	assert.Equal(t, 403, h.as(teacher).get("/audit.csv").status)

	all := h.as(kenji).get("/audit")
	assert.Contains(t, all.text(), "Amara Okafor")
	assert.Contains(t, all.text(), "Noor Haddad")
	assert.Contains(t, all.text(), "Modules published")
	assert.Contains(t, all.text(), "from: Learner to: Learner, Operator")

	own := h.as(manager)
	for _, path := range []string{"/audit", "/audit?of=harbor-point", "/audit.csv", "/audit.csv?of=harbor-point"} {
		p := own.get(path)
		assert.Equal(t, 200, p.status, path)
		assert.Contains(t, p.body, "Noor Haddad", path)
		assert.NotContains(t, p.body, "Amara Okafor", path)
		assert.NotContains(t, p.body, "hp-1183", path)
	}
	assert.Contains(t, h.as(others).get("/audit").text(), "Amara Okafor")
}

func TestTheTrailTellsWhatSomebodyTookWithThem(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	b := h.as(manager)
	b.get("/records.csv?status=passed")
	begun := b.get("/audit?kind=download_begun")
	assert.Contains(t, begun.text(), "Grace Whitfield")
	assert.Contains(t, begun.text(), "file: records.csv")
	ended := b.get("/audit?kind=downloaded")
	assert.Contains(t, ended.text(), "file: records.csv filter: status: Passed outcome: complete rows: 1")
}

func TestTheTrailKeepsNobodysNameOfADownloadsFilter(t *testing.T) {
	h := newHouse(t)
	h.as(noor)
	b := h.as(manager)
	b.get("/records.csv?q=noor.haddad%40mercy-lakes.example&from=2026-01-31")
	b.get("/audit.csv?of=harbor-point&kind=signed_in")
	trail := b.get("/audit?kind=download_begun").text()
	assert.Contains(t, trail, "filter: from 2026-01-31, a search whose words are not kept")
	assert.NotContains(t, trail, "noor.haddad")
	assert.NotContains(t, trail, "harbor-point", "what was downloaded is the own institution's, whatever was asked for")
}

func TestADownloadThatBreaksIsBrokenInTheTrailToo(t *testing.T) {
	h := newHouseOn(t, func(s app.Store) app.Store { return broken{Store: s} })
	b := h.as(manager)
	res, err := b.http.Do(b.request("/records.csv"))
	require.NoError(t, err)
	defer res.Body.Close()
	_, err = io.ReadAll(res.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Contains(t, b.get("/audit?kind=downloaded").text(), "file: records.csv outcome: broken off rows: 5000")
}

// silent is a store whose audit trail does not take that a download has ended.
type silent struct{ app.Store }

func (s silent) AddEvent(ctx context.Context, e app.Event) error {
	if e.Kind == app.Downloaded {
		return errors.New("the disk is full")
	}
	return s.Store.AddEvent(ctx, e)
}

func TestADownloadThatTheTrailDoesNotTakeIsVisiblyBroken(t *testing.T) {
	h := newHouseOn(t, func(s app.Store) app.Store { return silent{s} })
	b := h.as(manager)
	res, err := b.http.Do(b.request("/records.csv"))
	require.NoError(t, err)
	defer res.Body.Close()
	_, err = io.ReadAll(res.Body)
	assert.ErrorIs(t, err, io.ErrUnexpectedEOF)
}

func TestTheTrailIsDownloadedAsItIsShown(t *testing.T) {
	h := newHouse(t)
	h.as(noor)
	b := h.as(kenji)
	p := b.get("/audit.csv?kind=signed_in")
	assert.Contains(t, p.header.Get("Content-Disposition"), "all-institutions-audit-")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(p.body, "\ufeff"))).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 3)
	assert.Equal(t, []string{"event_id", "at", "institution", "event", "learner_id", "subject", "name", "details"}, rows[0])
	assert.Equal(t, "Kenji Arakawa", rows[1][6], "the latest first")
	assert.Equal(t, "Noor Haddad", rows[2][6])
	assert.Equal(t, "first_time=yes", rows[2][7])
	one := b.get("/audit?learner=" + rows[2][4])
	assert.Contains(t, one.text(), "One person alone.")
	assert.NotContains(t, one.text(), "publication:")
}

func TestAFailedSignInStandsInTheTrailWithItsReason(t *testing.T) {
	h := newHouse(t)
	b := h.browser().still()
	begun, err := url.Parse(b.get("/signin/mercy-lakes").header.Get("Location"))
	require.NoError(t, err)
	p := b.get("/signin/mercy-lakes/callback?error=access_denied&state=" + begun.Query().Get("state"))
	assert.Equal(t, 403, p.status)
	trail := h.as(manager).get("/audit?kind=sign_in_failed").text()
	assert.Contains(t, trail, "refused")
}

func TestWhoHasBegunNothingWritesNothingIntoTheTrail(t *testing.T) {
	h := newHouse(t)
	for range 5 {
		assert.Equal(t, 403, h.browser().get("/signin/mercy-lakes/callback?state=aaaaaaaaaaaa&code=x").status)
	}
	assert.Contains(t, h.as(manager).get("/audit?kind=sign_in_failed").text(), "Nothing like that has happened.")
}

func TestAFilterOfTheTrailThatCanNotBeUsedSaysWhy(t *testing.T) {
	b := newHouse(t).as(manager)
	for path, want := range map[string]string{
		"/audit?kind=x":                        "There is no kind of event “x”.",
		"/audit?from=x":                        "A day is written like 2026-01-31",
		"/audit?to=2026-13-1":                  "A day is written like 2026-01-31",
		"/audit?after=x":                       "Begin at its start.",
		"/audit?from=2026-02-01&to=2026-01-31": "The days are crossed: the first is 2026-02-01",
		"/audit.csv?kind=x":                    "There is no kind of event “x”.",
	} {
		p := b.get(path)
		assert.Equal(t, 422, p.status, path)
		assert.Contains(t, p.text(), want, path)
		assert.Equal(t, "/audit", p.link("Show all"), path)
	}
}
