package report_test

import (
	"encoding/csv"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/report"
)

func TestTheAuditTrailIsATableThatRunsNothing(t *testing.T) {
	at := time.Date(2026, 11, 23, 9, 5, 7, 120e6, time.UTC)
	var b strings.Builder
	n, err := report.WriteEvents(&b, func(yield func(app.Event, error) bool) {
		_ = yield(app.Event{ID: "e1", At: at, Kind: app.Downloaded, Institution: "mercy", Learner: "l1", Subject: "s1", Name: "=Ana",
			Details: app.Details{"rows": "12", "file": "records.csv", "filter": "q=a\nb"}}, nil) &&
			yield(app.Event{ID: "e2", At: at, Kind: app.ModulesPublished}, nil)
	})
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	lines, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(b.String(), "\ufeff"))).ReadAll()
	require.NoError(t, err)
	assert.Equal(t, [][]string{
		report.EventColumns(),
		{"e1", "2026-11-23T09:05:07.120Z", "mercy", "downloaded", "l1", "s1", "'=Ana", "file=records.csv; filter=q=a b; rows=12"},
		{"e2", "2026-11-23T09:05:07.120Z", "", "modules_published", "", "", "", ""},
	}, lines)
}

func TestAnAuditTrailThatBreaksOffSaysSo(t *testing.T) {
	lost := errors.New("connection lost")
	n, err := report.WriteEvents(io.Discard, func(yield func(app.Event, error) bool) {
		_ = yield(app.Event{}, nil) && yield(app.Event{}, lost)
	})
	assert.ErrorIs(t, err, lost)
	assert.Equal(t, 1, n)
}
