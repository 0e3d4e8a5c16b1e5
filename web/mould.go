package web

import (
	"bytes"
	"fmt"
	"html/template"
	"io"
	"strings"

	"first5/app"
)

// A mould is what the templates write around a module's body, with gaps for what
// differs from module to module and from reader to reader. The page of a module
// is asked for most, and templates take longer for it than everything else
// together: they are run once for each kind of such a page, and after that only
// the gaps are filled.
type mould struct{ before, after []piece }

// piece is a text and the gap that follows it.
type piece struct {
	text []byte
	gap  gap
}

// gap is a value that is left out of a mould. While the templates run, a mark
// stands in its place, which no escaping changes.
type gap string

const (
	gapTitle       gap = "gapTitle"
	gapSlug        gap = "gapSlug"
	gapName        gap = "gapName"
	gapInstitution gap = "gapInstitution"
	gapDevice      gap = "gapDevice"
	gapCSRF        gap = "gapCSRF"
	gapAttempt     gap = "gapAttempt"
	gapTicket      gap = "gapTicket"
	gapCard        gap = "gapCard"
	gapNotes       gap = "gapNotes"
	gapEnd         gap = ""
)

func (g gap) mark() string { return "zq9" + string(g) + "9qz" }

// kind is everything by which one mould differs from another.
type kind struct {
	interfaceLanguage, moduleLanguage       string
	translations                            string
	minutes, pass, graded                   int
	reviewed, pocket, notes, card           bool
	here                                    Place
	wide, named, manager, studio, auditsToo bool
}

// kind returns the page's kind, and whether it is one of those that most readers
// see: for the others, the templates run each time.
func (p ModulePage) kind() (kind, bool) {
	f := p.Frame
	if f.Viewer == nil || p.Completion != nil || !f.isPlain() || !f.Title.isVerbatim(p.Title) || p.CSRF != f.Viewer.CSRF {
		return kind{}, false
	}
	translations := ""
	for _, t := range p.Translations {
		translations += t.Language + " " + t.Name + "\n"
	}
	for _, s := range f.Switch {
		if s.Address != "/modules/"+p.Slug+"?lang="+s.Language {
			return kind{}, false
		}
	}
	return kind{
		interfaceLanguage: f.Lang(), moduleLanguage: p.Language, translations: translations, minutes: p.Minutes, pass: p.Pass, graded: p.Graded,
		reviewed: p.Reviewed, pocket: p.Pocket, notes: len(p.Notes) > 0, card: p.Card != "", here: f.Here, wide: f.Wide,
		named: f.Viewer.Name != "", manager: f.Viewer.Manager, studio: f.Viewer.Studio, auditsToo: f.Viewer.Audits,
	}, true
}

// isPlain says whether the frame has nothing that hardly any page has.
func (f Frame) isPlain() bool {
	return !f.Proof && f.Description.IsZero() && f.Continue == "" && f.Scheme == "" && f.Note == ""
}

func (m Message) isVerbatim(text string) bool {
	return m.text == "" && len(m.args) == 1 && m.args[0] == any(text)
}

// renderModule writes a page from its mould, making that if it is the first of
// its kind.
func (v *Views) renderModule(w io.Writer, p ModulePage, k kind) error {
	known, ok := v.moulds.Load(k)
	if !ok {
		made, err := v.newMould(p)
		if err != nil {
			return err
		}
		known, _ = v.moulds.LoadOrStore(k, made)
	}
	m := known.(*mould)
	err := p.fill(w, m.before)
	if err == nil {
		err = p.middle(w)
	}
	if err == nil {
		err = p.fill(w, m.after)
	}
	if err != nil {
		return fmt.Errorf("rendering a module: %w", err)
	}
	return nil
}

// newMould runs the templates for a page, with marks in the place of its values.
func (v *Views) newMould(p ModulePage) (*mould, error) {
	viewer := *p.Frame.Viewer
	viewer.Institution, viewer.Device, viewer.CSRF = gapInstitution.mark(), gapDevice.mark(), gapCSRF.mark()
	if viewer.Name != "" {
		viewer.Name = gapName.mark()
	}
	var switches []Switch
	for _, s := range p.Frame.Switch {
		s.Address = "/modules/" + gapSlug.mark() + "?lang=" + s.Language
		switches = append(switches, s)
	}
	p.Frame.Viewer, p.Frame.Switch, p.Frame.Title = &viewer, switches, Verbatim(gapTitle.mark())
	p.Title, p.Slug, p.CSRF, p.Ticket = gapTitle.mark(), gapSlug.mark(), gapCSRF.mark(), gapTicket.mark()
	p.Attempt = app.AttemptID(gapAttempt.mark())
	if p.Card != "" {
		p.Card = gapCard.mark()
	}
	if len(p.Notes) > 0 {
		p.Notes = []byte(gapNotes.mark())
	}
	pages := v.templates(p.language())
	var before, after bytes.Buffer
	err := pages.ExecuteTemplate(&before, p.template(), p)
	if err == nil {
		err = pages.ExecuteTemplate(&after, p.after(), p)
	}
	if err != nil {
		return nil, fmt.Errorf("rendering a module: %w", err)
	}
	return &mould{before: cut(before.String()), after: cut(after.String())}, nil
}

// cut cuts what the templates have written at its marks.
func cut(text string) []piece {
	var all []piece
	for {
		before, rest, found := strings.Cut(text, "zq9")
		name, after, whole := strings.Cut(rest, "9qz")
		if !found || !whole {
			return append(all, piece{[]byte(text), gapEnd})
		}
		all = append(all, piece{[]byte(before), gap(name)})
		text = after
	}
}

// fill writes the pieces of a mould with the page's own values between them.
func (p ModulePage) fill(w io.Writer, pieces []piece) error {
	for _, piece := range pieces {
		_, err := w.Write(piece.text)
		if err != nil {
			return err
		}
		if piece.gap == gapNotes { // it is markup
			_, err = w.Write(p.Notes)
		} else if value := p.value(piece.gap); value != "" {
			_, err = io.WriteString(w, template.HTMLEscapeString(value))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (p ModulePage) value(g gap) string {
	switch g {
	case gapTitle:
		return p.Title
	case gapSlug:
		return p.Slug
	case gapName:
		return p.Frame.Viewer.Name
	case gapInstitution:
		return p.Frame.Viewer.Institution
	case gapDevice:
		return p.Frame.Viewer.Device
	case gapCSRF:
		return p.CSRF
	case gapAttempt:
		return string(p.Attempt)
	case gapTicket:
		return p.Ticket
	case gapCard:
		return p.Card
	}
	return ""
}
