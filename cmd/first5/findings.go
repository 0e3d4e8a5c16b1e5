package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"runtime/debug"

	"github.com/owenrumney/go-sarif/v3/pkg/report/v210/sarif"

	"first5/content"
)

// printFindings lists findings for a terminal, one a line.
func printFindings(w io.Writer, findings []content.Finding) {
	for _, f := range findings {
		fmt.Fprintln(w, f)
	}
}

// jsonFinding is a finding as other programs read it.
type jsonFinding struct {
	File     string `json:"file"`
	Line     int    `json:"line"`
	Column   int    `json:"column"` // in characters
	Severity string `json:"severity"`
	Rule     string `json:"rule"`
	Message  string `json:"message"`
}

// writeJSON writes findings as {"findings": […]}, with an empty list if there
// are none.
func writeJSON(w io.Writer, findings []content.Finding) error {
	all := make([]jsonFinding, len(findings))
	for i, f := range findings {
		all[i] = jsonFinding{f.File, f.Line, f.Column, string(f.Severity), f.Rule, f.Message}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(map[string]any{"findings": all})
}

// writeSARIF writes findings in the Static Analysis Results Interchange Format
// 2.1.0, which repositories read to show them on their lines.
func writeSARIF(w io.Writer, findings []content.Finding) error {
	tool := sarif.NewToolComponent().WithName("first5").WithVersion(version())
	for _, r := range content.Rules() {
		rule := sarif.NewReportingDescriptor().WithID(r.Name).WithName(r.Name).
			WithShortDescription(&sarif.MultiformatMessageString{Text: &r.Summary})
		rule.DefaultConfiguration = sarif.NewReportingConfiguration().WithLevel(string(r.Severity))
		tool.AddRule(rule)
	}
	// Our columns count characters, whatever they take in memory.
	run := sarif.NewRun().WithTool(sarif.NewTool().WithDriver(tool)).WithColumnKind("unicodeCodePoints")
	for _, f := range findings {
		place := sarif.NewPhysicalLocation().
			WithArtifactLocation(sarif.NewSimpleArtifactLocation((&url.URL{Path: f.File}).EscapedPath())).
			WithRegion(sarif.NewRegion().WithStartLine(f.Line).WithStartColumn(f.Column))
		run.AddResult(sarif.NewRuleResult(f.Rule).
			WithLevel(string(f.Severity)).
			WithMessage(sarif.NewTextMessage(f.Message)).
			AddLocation(sarif.NewLocationWithPhysicalLocation(place)))
	}
	return sarif.NewReport().AddRun(run).PrettyWrite(w)
}

// version returns the version of the program, as far as its build tells.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok {
		return info.Main.Version
	}
	return "unknown"
}
