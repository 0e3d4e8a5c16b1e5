package web

import (
	"fmt"
	"time"

	"first5/content"
)

// PreviewPage lists the modules of a folder that somebody writes in.
type PreviewPage struct {
	Frame
	State    string // changes whenever the page does; see static/preview.js
	Folder   string
	Trouble  string // why the folder can't be read now; empty if it can
	Missing  bool   // a module was asked for that is not there
	Findings []PreviewFinding
	Programs []PreviewProgram
}

func (PreviewPage) template() string { return "preview.html" }

// PreviewProgram is a programme with its modules, as they are now.
type PreviewProgram struct {
	*content.Program
	Findings []PreviewFinding // of its program.md
	Modules  []PreviewModule
}

// PreviewModule is a module as the list shows it.
type PreviewModule struct {
	*content.Module
	Address  string // of its desk; empty where another module has its place
	Takes    Takes
	Grade    Grade
	Errors   int
	Warnings int
	Findings []PreviewFinding // shown here only if it has no desk
}

// PreviewFinding is a finding beside the lines that caused it.
type PreviewFinding struct {
	content.Finding
	Excerpt []SourceLine // empty where there is no text to show
	Card    *Link        // to the card that it is in; nil where there is none
}

// SourceLine is a line of an excerpt. In the line that a finding is about, Mark
// is the character that it is at, with the text before and after it.
type SourceLine struct {
	Number              int
	Before, Mark, After string
}

// Word returns what a finding is called: colour alone tells nobody.
func (f PreviewFinding) Word() string {
	if f.Severity == content.Error {
		return "Error"
	}
	return "Warning"
}

// Takes is how long something takes to read and to answer.
type Takes time.Duration

// String writes the time as people say it.
func (t Takes) String() string {
	d := time.Duration(t).Round(time.Second)
	minutes, seconds := int(d.Minutes()), int(d.Seconds())%60
	switch {
	case minutes == 0:
		return fmt.Sprintf("%d s", seconds)
	case seconds == 0:
		return fmt.Sprintf("%d min", minutes)
	}
	return fmt.Sprintf("%d min %d s", minutes, seconds)
}

// Grade is a reading grade; 0 where there is none.
type Grade float64

// String writes the grade with one decimal.
func (g Grade) String() string {
	if g == 0 {
		return "–"
	}
	return fmt.Sprintf("%.1f", float64(g))
}
