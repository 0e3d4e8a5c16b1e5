package content

import (
	"fmt"
	"slices"
	"strings"
)

// Severity says whether a finding keeps content from being published.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // blocks publishing
	Warning Severity = "warning" // does not
)

// Finding is something that an author should mend, and where.
type Finding struct {
	File     string // relative to the folder that was loaded
	Line     int    // from 1
	Column   int    // from 1, in characters
	Severity Severity
	Rule     string // a short fixed name, such as "no-alternative-text"
	Message  string // what is wrong and how to mend it
}

// String returns the finding as one line for a terminal.
func (f Finding) String() string {
	return fmt.Sprintf("%s:%d:%d: %s: %s (%s)", f.File, f.Line, f.Column, f.Severity, f.Message, f.Rule)
}

// HasErrors says whether any of the findings blocks publishing.
func HasErrors(findings []Finding) bool {
	return slices.ContainsFunc(findings, func(f Finding) bool { return f.Severity == Error })
}

func sortFindings(findings []Finding) {
	slices.SortStableFunc(findings, func(a, b Finding) int {
		if c := strings.Compare(a.File, b.File); c != 0 {
			return c
		}
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	})
}
