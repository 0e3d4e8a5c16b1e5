package main

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

func someFindings() []content.Finding {
	return []content.Finding{
		{File: "modules/p/two words/module.md", Line: 3, Column: 5, Severity: content.Error, Rule: "no-such-card", Message: `no card has the id "ä" <here>`},
		{File: "modules/p/m/module.md", Line: 1, Column: 1, Severity: content.Warning, Rule: "too-long", Message: "shorten it"},
	}
}

func TestFindingsForARepositoryAreValidSARIF(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, writeSARIF(&b, someFindings()))
	report, err := sarif.FromBytes(b.Bytes(), sarif.WithStrictValidation())
	require.NoError(t, err)
	require.NoError(t, report.Validate())
	require.Len(t, report.Runs, 1)
	run := report.Runs[0]
	assert.Equal(t, "unicodeCodePoints", *run.ColumnKind)
	assert.Len(t, run.Tool.Driver.Rules, len(content.Rules()))

	require.Len(t, run.Results, 2)
	first := run.Results[0]
	assert.Equal(t, "error", first.Level)
	assert.Equal(t, "no-such-card", *first.RuleID)
	assert.Equal(t, `no card has the id "ä" <here>`, *first.Message.Text)
	place := first.Locations[0].PhysicalLocation
	assert.Equal(t, "modules/p/two%20words/module.md", *place.ArtifactLocation.URI)
	assert.Equal(t, 3, *place.Region.StartLine)
	assert.Equal(t, 5, *place.Region.StartColumn)
	assert.Equal(t, "warning", run.Results[1].Level)
}

func TestNoFindingsAreAReportToo(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, writeSARIF(&b, nil))
	report, err := sarif.FromBytes(b.Bytes(), sarif.WithStrictValidation())
	require.NoError(t, err)
	require.NoError(t, report.Validate())
	assert.Contains(t, b.String(), `"results": []`)

	b.Reset()
	require.NoError(t, writeJSON(&b, nil))
	assert.JSONEq(t, `{"findings": []}`, b.String())
}

func TestFindingsAsJSONSayWhatTheTerminalSays(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, writeJSON(&b, someFindings()))
	var got struct{ Findings []jsonFinding }
	require.NoError(t, json.Unmarshal(b.Bytes(), &got))
	require.Len(t, got.Findings, 2)
	assert.Equal(t, jsonFinding{"modules/p/two words/module.md", 3, 5, "error", "no-such-card", `no card has the id "ä" <here>`}, got.Findings[0])
	assert.NotContains(t, b.String(), `\u003c`, "a person may read it too")
}
