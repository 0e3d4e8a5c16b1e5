package web

import "first5/app"

// CoverPage is a module before its start: what it asks and what it gives.
type CoverPage struct {
	Frame
	Module       *app.Module
	Required     *app.Assignment // nil: the institution does not require it
	Translations []Translation   // the languages that it may be read in instead
}

func (CoverPage) template() string { return "cover.html" }
