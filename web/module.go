package web

import (
	"first5/app"
	"first5/content"
)

// CoverPage is a module before its start: what it asks and what it gives.
type CoverPage struct {
	Frame
	Module       *app.Module
	Translations []Translation // the languages that it may be read in instead
}

func (CoverPage) template() string { return "cover.html" }

// ModulePage is a module to read and answer. Its body was made when the module
// was published; only what belongs to the viewer is made for each request.
//
// It names each thing that the template needs, since a template finds a field of
// a field slowly, and this is the page that is asked for most.
type ModulePage struct {
	Frame      Frame
	Slug       string
	Minutes    int
	Pass       int
	Graded     int // questions
	Reviewed   bool
	Completion *app.Completion // nil before the module is completed
	Language   string
	Body       []byte
	Notes      []byte

	Translations []Translation // the languages that it may be read in instead

	CSRF    string
	Attempt app.AttemptID // of the answers that will be given on this page
	Ticket  string        // proves for whom, and of which version, the page was made
}

// Translation is a language that a module may be read in.
type Translation struct {
	Language string // its tag
	Name     string // in the language itself
}

// NewModulePage returns the page of a module, without what belongs to a viewer.
func NewModulePage(f Frame, m *content.Module) ModulePage {
	return ModulePage{
		Frame:    f,
		Slug:     m.Slug,
		Minutes:  m.Minutes,
		Pass:     m.Pass,
		Graded:   m.Graded(),
		Reviewed: !m.Reviewed.IsZero(),
		Language: m.Language,
		Body:     m.Body,
		Notes:    m.Notes,
	}
}

func (ModulePage) template() string { return "module-before" }

// rest writes the module's body as it is, past the template, which would copy it
// several times over.
func (p ModulePage) rest() (body []byte, after string) { return p.Body, "module-after" }
