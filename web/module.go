package web

import "first5/app"

// CoverPage is a module before its start: what it asks and what it gives.
type CoverPage struct {
	Frame
	Module *app.Module
}

func (CoverPage) template() string { return "cover.html" }

// ModulePage is a module to read and answer. Its body was made when the module
// was published; only what belongs to the viewer is made for each request.
type ModulePage struct {
	Frame
	Module  *app.Module
	Record  app.Record
	Attempt app.AttemptID // of the answers that will be given on this page
	Ticket  string        // proves for whom, and of which version, the page was made
}

func (ModulePage) template() string { return "module.html" }
