package web

import (
	"fmt"
	"mime"

	"github.com/tdewolff/minify/v2"
	"github.com/tdewolff/minify/v2/css"
	"github.com/tdewolff/minify/v2/js"
)

// slim returns a style or a script without what is there for its authors alone,
// which would be a third of what a phone loads.
func slim(name string, text []byte) ([]byte, error) {
	m := minify.New()
	m.AddFunc("text/css", css.Minify)
	m.AddFunc("text/javascript", js.Minify)
	kind, _, err := mime.ParseMediaType(contentType(name))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	slimmed, err := m.Bytes(kind, text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return slimmed, nil
}
