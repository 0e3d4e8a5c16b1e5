// Package web is how First5 looks: the templates with the struct of each page
// beside its template, the styles and the fonts, all embedded.
//
// A page is an HTML file and a Go file of the same name. Every page is whole
// without JavaScript, and nothing on it comes from another site. The one script
// that there is keeps an author's preview up with what is saved.
package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

//go:embed *.html
var templates embed.FS

//go:embed static
var static embed.FS

// Page is one of the page structs of this package.
type Page interface {
	template() string // the name of its file
}

// Views renders pages and holds the static files that they refer to.
type Views struct {
	pages *template.Template
	files map[string]StaticFile
}

// StaticFile is a style, a font or a picture of the program itself.
type StaticFile struct {
	ContentType string
	Data        []byte
	Gzip        []byte // Data compressed; nil where that saves nothing
}

// New parses all templates and fingerprints all static files.
func New() (*Views, error) {
	files, addresses, err := fingerprint()
	if err != nil {
		return nil, fmt.Errorf("reading static files: %w", err)
	}
	pages, err := parse(addresses)
	if err != nil {
		return nil, fmt.Errorf("parsing the templates: %w", err)
	}
	return &Views{pages: pages, files: files}, nil
}

// parse parses all templates. The addresses of static files are written into
// them beforehand, so that no page looks them up.
func parse(addresses map[string]string) (*template.Template, error) {
	pages := template.New("").Funcs(template.FuncMap{
		"day":          func(t time.Time) string { return t.UTC().Format("2 January 2006") },
		"moment":       func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") },
		"second":       func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
		"plural":       plural,
		"roleName":     RoleName,
		"eventName":    EventName,
		"eventDetails": EventDetails,
		"html":         func(s string) template.HTML { return template.HTML(s) },
		"statusName":   StatusName,
		"body":         func(b []byte) template.HTML { return template.HTML(b) },
	})
	names, err := fs.Glob(templates, "*.html")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		source, err := templates.ReadFile(name)
		if err != nil {
			return nil, err
		}
		text := string(source)
		for file, address := range addresses {
			text = strings.ReplaceAll(text, `"static/`+file+`"`, `"`+address+`"`)
		}
		_, err = pages.New(name).Parse(text)
		if err != nil {
			return nil, err
		}
	}
	return pages, nil
}

// Render writes a page.
func (v *Views) Render(w io.Writer, p Page) error {
	err := v.pages.ExecuteTemplate(w, p.template(), p)
	if m, ok := p.(ModulePage); ok && err == nil {
		body, after := m.rest()
		_, err = w.Write(body)
		if err == nil {
			err = v.pages.ExecuteTemplate(w, after, p)
		}
	}
	if err != nil {
		return fmt.Errorf("rendering %s: %w", p.template(), err)
	}
	return nil
}

// Static returns the file at an address that a page refers to, and whether
// there is one. Its content never changes, so it may be cached for ever.
func (v *Views) Static(address string) (StaticFile, bool) {
	f, ok := v.files[address]
	return f, ok
}

// fingerprint gives each static file an address that is made from its content.
// Styles come last, since they name the addresses of fonts.
func fingerprint() (files map[string]StaticFile, addresses map[string]string, err error) {
	files, addresses = map[string]StaticFile{}, map[string]string{}
	entries, err := fs.ReadDir(static, "static")
	if err != nil {
		return nil, nil, err
	}
	for _, styles := range []bool{false, true} {
		for _, e := range entries {
			if styles != (path.Ext(e.Name()) == ".css") {
				continue
			}
			data, err := static.ReadFile("static/" + e.Name())
			if err != nil {
				return nil, nil, err
			}
			if styles {
				data = linkFonts(data, addresses)
			}
			sum := sha256.Sum256(data)
			address := "/static/" + hex.EncodeToString(sum[:8]) + "/" + e.Name()
			addresses[e.Name()] = address
			files[address] = StaticFile{ContentType: contentType(e.Name()), Data: data, Gzip: compress(data)}
		}
	}
	return files, addresses, nil
}

// compress returns the data compressed, or nil if that is not smaller: fonts are
// compressed already.
func compress(data []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil || b.Len() >= len(data) {
		return nil
	}
	return b.Bytes()
}

func linkFonts(css []byte, addresses map[string]string) []byte {
	s := string(css)
	for name, address := range addresses {
		s = strings.ReplaceAll(s, `url("`+name+`")`, `url("`+address+`")`)
	}
	return []byte(s)
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".css":
		return "text/css; charset=utf-8"
	case ".js":
		return "text/javascript; charset=utf-8"
	case ".svg":
		return "image/svg+xml"
	case ".woff2":
		return "font/woff2"
	}
	return "text/plain; charset=utf-8"
}

func plural(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
