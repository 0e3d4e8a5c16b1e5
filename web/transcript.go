package web

import (
	"time"

	"first5/app"
)

// TranscriptPage lists what the viewer has completed, for them to show to others.
type TranscriptPage struct {
	Frame
	Completed []app.Record // each with a completion, the latest first
	Day       time.Time    // on which it is shown
	Papers    []Link       // the PDF, on the likely paper first
}

func (TranscriptPage) template() string { return "transcript.html" }
