package content

import (
	"embed"
	"encoding/json"
	"io/fs"
	"path"
	"strings"
)

// The guide and the module that a new one begins as are read where they are
// asked for: a program that serves learners has no need of either.
//
//go:embed guide starter
var folders embed.FS

// Guide returns the module that shows every construct of the notation, one in
// each of its cards.
func Guide() *Module {
	m, _ := ParseModule("guide", "guide", embedded("guide")) // a test sees to its having no findings
	return m
}

// NewModule returns the Markdown of a module that is whole but for what it is
// about: an author replaces its texts one by one. It has no findings.
func NewModule(title, edition string) []byte {
	data, _ := embedded("starter").File(moduleFile)
	return []byte(strings.NewReplacer("TITLE", quoted(title), "EDITION", quoted(edition)).Replace(string(data)))
}

// quoted returns a text as YAML has it between quotes.
func quoted(text string) string {
	data, _ := json.Marshal(text) // JSON is YAML, and a text never fails
	return string(data)
}

// embedded returns the files of an embedded folder.
func embedded(folder string) Source {
	var source Source
	// Nothing that is embedded fails to be read.
	_ = fs.WalkDir(folders, folder, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := folders.ReadFile(name)
		source = append(source, File{Name: path.Base(name), Data: data})
		return err
	})
	return source
}

// Section is a card of a module, with the branches that follow it: the Markdown
// that it was written in beside the HTML that was made of it.
type Section struct {
	ID       string // the card's, which is in the HTML
	Title    string // plain text; empty for an opening card without a heading
	Markdown string
	HTML     []byte
}

// section is where a card's section is in the module's file and in its body.
type section struct{ markdown, html [2]int }

// Sections returns the cards of the module's main line, source beside result.
// The source of the first one has the front matter too.
func (m *Module) Sections() []Section {
	data, _ := m.Source.File(moduleFile)
	text := newPage(moduleFile, data).text
	var all []Section
	for _, c := range m.Cards {
		if c.Branch {
			continue
		}
		from, to := c.section.markdown[0], c.section.markdown[1]
		if len(all) == 0 {
			from = 0
		}
		all = append(all, Section{
			ID:       c.ID,
			Title:    c.Title,
			Markdown: strings.TrimRight(string(text[from:to]), "\n") + "\n",
			HTML:     m.Body[c.section.html[0]:c.section.html[1]],
		})
	}
	return all
}
