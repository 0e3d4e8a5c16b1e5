package web

import (
	"io"

	"first5/app"
	"first5/content"
)

// ModulePage is a module to read and answer. Its body was made when the module
// was published; only what belongs to the viewer is made for each request.
//
// It names each thing that the template needs, since a template finds a field of
// a field slowly, and this is the page that is asked for most.
type ModulePage struct {
	Frame      Frame
	Module     *content.Module
	Reader     content.Reader // what belongs to the viewer in its body
	Title      string
	Slug       string
	Minutes    int
	Pass       int
	Graded     int // questions
	Reviewed   bool
	Pocket     bool            // it has a skills card
	Completion *app.Completion // nil before the module is completed
	Withdrawn  *app.Withdrawal // of its certificate; nil while that holds
	Language   string
	Direction  string // in which the language is written
	Notes      []byte

	Translations []Translation // the languages that it may be read in instead

	CSRF    string
	Attempt app.AttemptID // of the answers that will be given on this page
	Ticket  string        // proves for whom, and of which version, the page was made
	Card    string        // the card to go on at; empty: the first
}

// Translation is a language that a module may be read in.
type Translation struct {
	Language string // its tag
	Name     string // in the language itself
}

// NewModulePage returns the page of a module, without what belongs to a viewer.
func NewModulePage(f Frame, m *content.Module) ModulePage {
	f.Reading = true
	return ModulePage{
		Frame:     f,
		Module:    m,
		Title:     m.Title,
		Slug:      m.Slug,
		Minutes:   m.Minutes,
		Pass:      m.Pass,
		Graded:    m.Graded(),
		Reviewed:  !m.Reviewed.IsZero(),
		Pocket:    len(m.Pocket()) > 0,
		Language:  m.Language,
		Direction: content.Direction(m.Language),
		Notes:     m.Notes,
	}
}

func (p ModulePage) language() string { return p.Frame.language() }

func (ModulePage) template() string { return "module-before" }

// middle writes the module's body as it is, past the template, which would copy
// it several times over.
func (p ModulePage) middle(w io.Writer) error { return p.Module.WriteBody(w, p.Reader) }

func (ModulePage) after() string { return "module-after" }

// Cards says whether the page shows the module's cards, and not its questions
// alone.
func (ModulePage) Cards() bool { return true }
