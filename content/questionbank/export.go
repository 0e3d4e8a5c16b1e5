package questionbank

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"first5/content"
)

// WriteGIFT writes the questions of a module as GIFT, in a category of their
// own, and tells what GIFT can't hold.
func WriteGIFT(w io.Writer, m *content.Module) ([]Problem, error) {
	g := &giftWriter{module: m, notes: notesIn(string(m.Notes))}
	fmt.Fprintf(&g.out, "$CATEGORY: %s/%s\n\n", m.Program, m.Slug)
	for _, c := range m.Cards {
		g.line, g.title = c.Line, c.Title
		switch {
		case c.Question == nil:
		case c.Question.Kind == content.Poll:
			g.tell("a poll has no right option, and GIFT asks for one, so it is left out")
		default:
			g.question(c.Question)
		}
	}
	_, err := io.WriteString(w, g.out.String())
	if err != nil {
		return g.problems, fmt.Errorf("writing GIFT: %w", err)
	}
	return g.problems, nil
}

// giftWriter writes the questions of one module.
type giftWriter struct {
	module   *content.Module
	notes    map[string]*html.Node // the module's footnotes, by their ids
	out      strings.Builder
	problems []Problem
	line     int // of the card at hand
	title    string
}

func (g *giftWriter) tell(message string) {
	for _, p := range g.problems {
		if p.Line == g.line && p.Message == message {
			return
		}
	}
	g.problems = append(g.problems, Problem{
		File: g.module.Program + "/" + g.module.Slug + "/module.md", Line: g.line, Title: g.title, Message: message,
	})
}

func (g *giftWriter) question(q *content.Question) {
	g.out.WriteString("// [id:" + q.ID + "]")
	if q.Practice {
		g.out.WriteString(" [tag:practice]")
	}
	stem := g.markup(q.Stem)
	if stem == "" {
		stem = "<p>" + html.EscapeString(q.Title) + "</p>"
	}
	g.out.WriteString("\n::" + giftEscape(q.Title) + "::[html]" + giftEscape(stem) + " {\n")
	right := 0
	for _, o := range q.Options {
		if o.Right {
			right++
		}
	}
	for _, o := range q.Options {
		g.out.WriteString(optionMark(o.Right, q.Kind == content.ChooseAll, right))
		g.out.WriteString(giftEscape(g.markup(o.HTML)))
		if o.Feedback != "" {
			g.out.WriteString("#" + giftEscape(g.markup(o.Feedback)))
		}
		g.out.WriteByte('\n')
	}
	g.out.WriteString("}\n\n")
}

// optionMark returns what stands before an option: where all right ones are to
// be chosen, they share the whole mark, and a wrong one costs it.
func optionMark(right, all bool, count int) string {
	switch {
	case all && right:
		share := strconv.FormatFloat(100/float64(count), 'f', 5, 64)
		return "~%" + strings.TrimRight(strings.TrimRight(share, "0"), ".") + "%"
	case all:
		return "~%-100%"
	case right:
		return "="
	}
	return "~"
}

func giftEscape(text string) string {
	return strings.NewReplacer(
		`\`, `\\`, "~", `\~`, "=", `\=`, "#", `\#`, "{", `\{`, "}", `\}`, ":", `\:`, "\n", `\n`,
	).Replace(strings.TrimSpace(text))
}

// markup returns HTML that says the same in any other program.
func (g *giftWriter) markup(markup string) string {
	tree, err := parseMarkup(markup)
	if err != nil {
		g.tell("a text of it is too tangled for HTML, so it is left out: write it with fewer quotes and lists in each other")
		return ""
	}
	own := notesIn(markup)
	var b strings.Builder
	for n := range tree.ChildNodes() {
		for _, m := range g.portable(n, own) {
			// The renderer fails only if what it writes to does; this never does.
			_ = html.Render(&b, m)
		}
	}
	return strings.TrimSpace(b.String())
}

// portable returns a copy of a node without what only our pages know.
func (g *giftWriter) portable(n *html.Node, notes map[string]*html.Node) []*html.Node {
	if n.Type == html.TextNode {
		return []*html.Node{textNode(n.Data)}
	}
	class := attribute(n, "class")
	switch {
	case class == "notes" || attribute(n, "role") == "doc-backlink":
		return nil // each note stands where its mark was
	case n.DataAtom == atom.Sup && n.FirstChild != nil && attribute(n.FirstChild, "role") == "doc-noteref":
		return g.note(attribute(n.FirstChild, "href"), notes)
	case n.DataAtom == atom.Img || n.DataAtom == atom.Video:
		g.tell("a picture or video is left out, and its alternative text stands in its place: add it again after the import")
		return []*html.Node{textNode(attribute(n, "alt") + attribute(n, "aria-label"))}
	}
	var inside []*html.Node
	for c := range n.ChildNodes() {
		inside = append(inside, g.portable(c, notes)...)
	}
	copied := element(n.DataAtom, inside...)
	switch {
	case n.DataAtom == atom.A:
		return g.link(copied, attribute(n, "href"), inside)
	case class == "speaker":
		copied.AppendChild(textNode(":"))
	case class == "margin-note":
		copied.Data, copied.DataAtom = "blockquote", atom.Blockquote
	case n.DataAtom == atom.Ol && attribute(n, "start") != "":
		copied.Attr = []html.Attribute{{Key: "start", Val: attribute(n, "start")}}
	}
	return []*html.Node{copied}
}

// link keeps a link that leads somewhere outside of our pages too.
func (g *giftWriter) link(a *html.Node, href string, inside []*html.Node) []*html.Node {
	if webAddress(href) == "" {
		for _, n := range inside {
			a.RemoveChild(n)
		}
		if !strings.HasPrefix(href, "#") && !strings.HasPrefix(href, "/modules/"+g.module.Slug+"#") {
			g.tell("a link to a file or page of the module is left out, and its words stay: add the file again after the import")
		}
		return inside
	}
	a.Attr = []html.Attribute{{Key: "href", Val: href}}
	return []*html.Node{a}
}

// note returns a footnote in brackets.
func (g *giftWriter) note(href string, own map[string]*html.Node) []*html.Node {
	id := strings.TrimPrefix(href, "#")
	li := own[id]
	if li == nil {
		li = g.notes[id]
	}
	if li == nil {
		return nil
	}
	said := element(atom.Span)
	for c := range li.ChildNodes() {
		for _, n := range g.portable(c, nil) {
			said.AppendChild(n)
		}
	}
	return []*html.Node{textNode(" (" + words(said) + ")")}
}

// notesIn returns the footnotes in some markup, by their ids.
func notesIn(markup string) map[string]*html.Node {
	notes := map[string]*html.Node{}
	if !strings.Contains(markup, `class="notes"`) {
		return notes
	}
	tree, err := parseMarkup(markup)
	if err != nil {
		return notes
	}
	for n := range tree.Descendants() {
		if n.DataAtom == atom.Li && attribute(n, "id") != "" {
			notes[attribute(n, "id")] = n
		}
	}
	return notes
}
