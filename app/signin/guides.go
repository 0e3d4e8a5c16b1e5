package signin

import (
	"embed"
	"io/fs"
	"path"
	"strings"
)

//go:embed guides/*.md
var guideFiles embed.FS

// Guide is a page that tells an institution's IT how to register First5 at one
// product, and what may go wrong there.
type Guide struct {
	ID    string // names the product, such as "keycloak"
	Title string // its first heading
	Text  string // Markdown, with "{base_url}" and "{id}" where an institution has its own
}

// Guides returns the guides in alphabetical order of their ids.
func Guides() []Guide {
	names, err := fs.Glob(guideFiles, "guides/*.md") // in order
	if err != nil {
		panic(err) // the pattern above is malformed
	}
	var guides []Guide
	for _, name := range names {
		guides = append(guides, readGuide(name))
	}
	return guides
}

func readGuide(name string) Guide {
	text, err := guideFiles.ReadFile(name)
	if err != nil {
		panic(err) // an embedded file that was listed can be read
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return Guide{
		ID:    strings.TrimSuffix(path.Base(name), ".md"),
		Title: strings.TrimPrefix(first, "# "),
		Text:  string(text),
	}
}
