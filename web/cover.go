package web

import "first5/app"

// CoverPage is a module before its start: what it asks and what it gives.
type CoverPage struct {
	Frame
	Module       *app.Module
	Required     []app.Requirement // by the institution; none: it does not require it
	Translations []Translation     // the languages that it may be read in instead
}

// Terms returns what of the page somebody must know before they begin.
func (p CoverPage) Terms() Terms {
	return Terms{Institution: p.Viewer.Institution, Required: p.Required}
}

// Terms is what somebody is told before they begin a module: who asks for it, and
// who sees what of it.
type Terms struct {
	Institution string
	Required    []app.Requirement // none: it does not require it
}

func (CoverPage) template() string { return "cover.html" }
