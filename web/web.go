// Package web is how First5 looks: the templates with the struct of each page
// beside its template, the styles and the fonts, all embedded.
//
// A page is an HTML file and a Go file of the same name. Every page is whole
// without JavaScript, and nothing on it comes from another site. Scripts are
// modules, which hold up no page, and add to what is there.
//
// What a page says in our words is English in the templates, as {{t "…"}}, and
// in Go, as T("…"); the folder messages has it in the other languages.
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
	"maps"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"first5/content"
)

//go:embed *.html
var templates embed.FS

//go:embed static
var static embed.FS

// styles are joined, in the order of their names, into two files: what is on
// learners' phones, and what wide pages have besides.
//
//go:embed styles
var styles embed.FS

// Page is one of the page structs of this package.
type Page interface {
	template() string // the name of its file
	language() string // of the interface; empty: English
}

// streamed is a page that writes its middle part itself, between two templates.
type streamed interface {
	Page
	middle(w io.Writer) error
	after() string // the second template
}

// Views renders pages and holds the static files that they refer to.
type Views struct {
	pages     map[string]*template.Template // by language
	say       map[string]speaker
	files     map[string]StaticFile // by address
	addresses map[string]string     // by the file's name
	worker    StaticFile
	moulds    sync.Map // *mould by kind
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
	all, err := newCatalog()
	if err != nil {
		return nil, fmt.Errorf("reading the messages: %w", err)
	}
	worker, err := newWorker(addresses)
	if err != nil {
		return nil, fmt.Errorf("making the service worker: %w", err)
	}
	v := &Views{pages: map[string]*template.Template{}, say: map[string]speaker{}, files: files, addresses: addresses, worker: worker}
	for _, language := range Languages() {
		v.say[language] = newSpeaker(language, all)
		v.pages[language], err = parse(v.say[language], addresses)
		if err != nil {
			return nil, fmt.Errorf("parsing the templates: %w", err)
		}
	}
	return v, nil
}

// Say returns a message as plain text in a language of the interface.
func (v *Views) Say(language string, m Message) string { return v.speaker(language).plain(m) }

// Day returns a day, in UTC, as it is written in a language of the interface.
func (v *Views) Day(language string, t time.Time) string { return v.speaker(language).day(t) }

func (v *Views) speaker(language string) speaker {
	s, ok := v.say[language]
	if !ok {
		return v.say[Languages()[0]]
	}
	return s
}

// parse parses all templates for one language. The addresses of static files are
// written into them beforehand, so that no page looks them up.
func parse(s speaker, addresses map[string]string) (*template.Template, error) {
	pages := template.New("").Funcs(template.FuncMap{
		"t":            s.html,
		"day":          s.localDay,
		"utcDay":       s.day,
		"when":         s.localMoment,
		"plural":       counted, // of the preview, which is in English alone
		"moment":       func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") },
		"second":       func(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05") },
		"direction":    content.Direction,
		"list":         func(names []string) string { return strings.Join(names, ", ") },
		"roleName":     RoleName,
		"eventName":    EventName,
		"eventDetails": EventDetails,
		"html":         func(s string) template.HTML { return template.HTML(s) },
		"statusName":   StatusName,
		"reachName":    ReachName,
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
		_, err = pages.New(name).Parse(linked(string(source), addresses))
		if err != nil {
			return nil, err
		}
	}
	for _, page := range pages.Templates() {
		if page.Tree != nil { // the one without a name has nothing in it
			fold(s, page.Tree.Root)
		}
	}
	return pages, nil
}

// linked returns a text with the addresses of static files in the place of their
// names, each of which stands in quotes and begins with static/.
func linked(text string, addresses map[string]string) string {
	for file, address := range addresses {
		text = strings.ReplaceAll(text, `"static/`+file+`"`, `"`+address+`"`)
	}
	return text
}

// templates returns the templates in a language of the interface.
func (v *Views) templates(language string) *template.Template {
	pages, ok := v.pages[language]
	if !ok {
		return v.pages[Languages()[0]]
	}
	return pages
}

// Render writes a page.
func (v *Views) Render(w io.Writer, p Page) error {
	if m, ok := p.(ModulePage); ok {
		if k, ok := m.kind(); ok {
			return v.renderModule(w, m, k)
		}
	}
	return v.render(w, p)
}

// render writes a page by its templates.
func (v *Views) render(w io.Writer, p Page) error {
	pages := v.templates(p.language())
	err := pages.ExecuteTemplate(w, p.template(), p)
	if s, ok := p.(streamed); ok && err == nil {
		err = s.middle(w)
		if err == nil {
			err = pages.ExecuteTemplate(w, s.after(), p)
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

// Current returns the file that has a name now, and whether there is one.
func (v *Views) Current(name string) (StaticFile, bool) { return v.Static(v.addresses[name]) }

// fingerprint gives each static file an address that is made from its content. The
// styles come last, since they name the addresses of fonts.
func fingerprint() (files map[string]StaticFile, addresses map[string]string, err error) {
	all, err := staticFiles()
	if err != nil {
		return nil, nil, err
	}
	files, addresses = map[string]StaticFile{}, map[string]string{}
	for _, styles := range []bool{false, true} {
		for _, name := range slices.Sorted(maps.Keys(all)) {
			if styles != (path.Ext(name) == ".css") || path.Ext(name) == ".js" && !slices.Contains(entries(), name) {
				continue
			}
			data, err := finished(name, all, addresses)
			if err != nil {
				return nil, nil, err
			}
			sum := sha256.Sum256(data)
			address := "/static/" + hex.EncodeToString(sum[:8]) + "/" + name
			addresses[name] = address
			files[address] = StaticFile{ContentType: contentType(name), Data: data, Gzip: compress(data)}
		}
	}
	return files, addresses, nil
}

// finished returns a file as it is sent.
func finished(name string, all map[string][]byte, addresses map[string]string) ([]byte, error) {
	switch path.Ext(name) {
	case ".css":
		return slim(name, []byte(linked(string(all[name]), addresses)), nil)
	case ".js":
		return slim(name, all[name], all)
	}
	return all[name], nil
}

// staticFiles returns the files of the folder static, and the styles as one.
func staticFiles() (map[string][]byte, error) {
	all := map[string][]byte{}
	names, err := fs.Glob(static, "static/*")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		all[path.Base(name)], err = static.ReadFile(name)
		if err != nil {
			return nil, err
		}
	}
	names, err = fs.Glob(styles, "styles/*.css")
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		sheet, err := styles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		joined := "first5.css"
		if strings.HasPrefix(path.Base(name), "8") {
			joined = "wide.css"
		}
		all[joined] = append(all[joined], sheet...)
	}
	return all, nil
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
	case ".png":
		return "image/png"
	}
	return "text/plain; charset=utf-8"
}

func counted(n int, one, many string) string {
	if n == 1 {
		return fmt.Sprintf("%d %s", n, one)
	}
	return fmt.Sprintf("%d %s", n, many)
}
