package preview

import (
	"path"
	"strings"

	"first5/content"
	"first5/web"
)

// mostFindings is how many findings a list shows. Who has more of them mends
// some first.
const mostFindings = 60

// lines returns the text of a file that findings name, or nothing.
type lines func(file string) []string

// sourceIn returns the lines of the Markdown files of a source, named with the
// folder that it is in. Each file is split once.
func sourceIn(folder string, source content.Source) lines {
	known := map[string][]string{}
	return func(file string) []string {
		text, ok := known[file]
		if ok || path.Ext(file) != ".md" {
			return text
		}
		data, ok := source.File(strings.TrimPrefix(file, folder))
		if ok {
			text = content.Lines(data)
		}
		known[file] = text
		return text
	}
}

// showFindings puts findings beside the lines that caused them.
func showFindings(findings []content.Finding, text lines) []web.PreviewFinding {
	var shown []web.PreviewFinding
	for _, f := range findings[:min(len(findings), mostFindings)] {
		one := web.PreviewFinding{Finding: f}
		if text != nil {
			one.Excerpt = excerpt(text(f.File), f)
		}
		shown = append(shown, one)
	}
	return shown
}

// linkCards links findings to the cards that they are in, where the version that
// is shown has those.
func linkCards(findings []web.PreviewFinding, m *module, v view) {
	shown, _ := m.shown()
	for i, f := range findings {
		written, in := m.written(f.File, v)
		if written == nil {
			continue
		}
		card := cardAt(written, f.Line)
		if card != nil && hasCard(shown.Module, card.ID) {
			findings[i].Card = &web.Link{Address: in.card(m.Slug, card.ID), Words: web.Verbatim("Show the card")}
		}
	}
}

// written returns the module that a file makes, module.md or a translation, and
// the view in which it is seen; nil for other files.
func (m *module) written(file string, v view) (*content.Module, view) {
	if file == "module.md" {
		v.language = ""
		return m.Module, v
	}
	for _, t := range m.Translations {
		if file == "module."+t.Language+".md" {
			v.language = t.Language
			return t, v
		}
	}
	return nil, v
}

// cardAt returns the card that a line is in, or nil above the first one.
func cardAt(m *content.Module, line int) *content.Card {
	var at *content.Card
	for i := range m.Cards {
		if m.Cards[i].Line <= line {
			at = &m.Cards[i]
		}
	}
	return at
}

func hasCard(m *content.Module, id string) bool {
	for _, c := range m.Cards {
		if c.ID == id {
			return true
		}
	}
	return false
}
