package content

import (
	"fmt"
	"html"
	"net/url"
	"path"
	"strings"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"
)

// links makes links of the document's links, or plain text of those that a
// page must not have. Nothing else puts an address into a link.
func (d *draft) links() {
	for _, l := range d.found.links {
		s := &span{role: link}
		d.lead(s, l, unescape(l.Destination), unescape(l.Title))
		replace(l, s)
	}
	for _, l := range d.found.autoLinks {
		address := string(l.URL(d.source))
		if l.AutoLinkType == ast.AutoLinkEmail && !strings.HasPrefix(strings.ToLower(address), "mailto:") {
			address = "mailto:" + address
		}
		s, label := &span{role: link}, ast.NewString(l.Label(d.source))
		label.SetRaw(true)
		s.AppendChild(s, label)
		if !inLink(l) {
			d.lead(s, l, address, "")
		}
		replace(l, s)
	}
}

// inLink says whether a node is part of a link, where no other link may be.
func inLink(n ast.Node) bool {
	for n = n.Parent(); n != nil; n = n.Parent() {
		if s, ok := n.(*span); ok && s.role == link {
			return true
		}
	}
	return false
}

// lead makes a span lead to an address, if that is allowed.
func (d *draft) lead(s *span, n ast.Node, address, title string) {
	u, err := url.Parse(address)
	if err != nil || address == "" || strings.ContainsRune(address, '\\') {
		d.error(n, "bad-link", "the address %q can't be read: write it as in [words](https://example.org/page)", short(address))
		return
	}
	var attributes string
	switch {
	case strings.HasPrefix(address, "#"):
		s.card = u.Fragment
		d.checkCard(n, u.Fragment)
	case u.Scheme == "http" && u.Host != "", u.Scheme == "https" && u.Host != "":
		attributes = ` rel="noopener noreferrer external" referrerpolicy="no-referrer"`
	case u.Scheme == "mailto":
	case u.Scheme != "" || u.Host != "":
		d.error(n, "bad-link", "a link can't lead to %q: its address must begin with https://, http:// or mailto:, or be a card (#id) or a file of the module", short(address))
		return
	case strings.HasPrefix(address, "/"):
		d.moduleLink(n, u.Path)
	default:
		address = d.fileLink(n, u)
	}
	if address == "" {
		return
	}
	if title != "" {
		attributes += ` title="` + html.EscapeString(title) + `"`
	}
	s.open, s.close = `<a href="`+escapeURL(address)+`"`+attributes+">", "</a>"
}

// short cuts an address for a message: a picture may be all in its address.
func short(address string) string {
	if r := []rune(address); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return address
}

func escapeURL(address string) string {
	return html.EscapeString(string(util.URLEscape([]byte(address), false)))
}

func (d *draft) checkCard(n ast.Node, id string) {
	if d.byID[id] == nil {
		d.error(n, "no-such-card", "no card has the id %q: give it to the card that is meant, as in ## Title {#%s}, or mend the link", id, id)
	}
}

// moduleLink notes a link to another module, which is looked for when all are
// read.
func (d *draft) moduleLink(n ast.Node, address string) {
	slug, ok := strings.CutPrefix(address, "/modules/")
	if !ok {
		return
	}
	l := moduleLink{file: d.page.file, slug: strings.TrimSuffix(slug, "/")}
	l.line, l.column = d.position(d.at(n))
	d.elsewhere = append(d.elsewhere, l)
}

// moduleLink is a link to another module, and where it stands.
type moduleLink struct {
	file         string
	line, column int
	slug         string
}

// finding says that the module is not there.
func (l moduleLink) finding() Finding {
	return Finding{
		File: l.file, Line: l.line, Column: l.column, Severity: Error, Rule: "no-such-module",
		Message: fmt.Sprintf("no module is called %q: mend its name in the link, or remove the link", short(l.slug)),
	}
}

// fileLink returns the address of a file of the module, or nothing.
func (d *draft) fileLink(n ast.Node, u *url.URL) string {
	name := path.Clean(u.Path)
	if strings.HasSuffix(strings.ToLower(name), ".md") {
		d.error(n, "bad-link", "a link can't lead to the source %q: link to a card (#id) or to a page such as /modules/names-first", name)
		return ""
	}
	data, ok := d.file(n, name)
	if !ok {
		return ""
	}
	address := d.addAsset(name, data)
	if u.Fragment != "" {
		address += "#" + u.EscapedFragment()
	}
	return address
}

// file returns a file of the module, reporting it if it is not there.
func (d *draft) file(n ast.Node, name string) ([]byte, bool) {
	if name == ".." || strings.HasPrefix(name, "../") || path.IsAbs(name) {
		d.error(n, "outside-folder", "the file %q is outside of this folder: put a copy of it beside this file", short(name))
		return nil, false
	}
	data, ok := d.files.File(name)
	if !ok {
		d.error(n, "missing-file", "there is no file %q beside this one: add it, or mend its name here", name)
		return nil, false
	}
	d.used[name] = true
	return data, true
}
