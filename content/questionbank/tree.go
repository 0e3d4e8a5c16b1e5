package questionbank

import (
	"errors"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"first5/content"
)

// longestText is how many bytes one text of an item may have.
const longestText = 256 << 10

var (
	errTooLong = errors.New("it has a text of more than 256 kB, so it is left out: make it shorter, and add pictures as files")
	errTangled = errors.New("it has a text with too many HTML elements in each other, so it is left out: clear its formatting")
)

// tree reads a text into HTML nodes below one root.
func (t text) tree() (*html.Node, error) {
	if len(t.raw) > longestText {
		return nil, errTooLong
	}
	markup := t.raw
	switch t.format {
	case plainText:
		markup = lines(html.EscapeString(t.raw))
	case autoText:
		markup = literalUnknown(t.raw)
		if !hasBlocks(markup) {
			markup = lines(markup)
		}
	case markdownText:
		markup = fromMarkdown(t.raw)
	}
	return parseMarkup(markup)
}

func parseMarkup(markup string) (*html.Node, error) {
	root := &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body}
	nodes, err := html.ParseFragment(strings.NewReader(markup), root)
	if err != nil {
		return nil, errTangled
	}
	for _, n := range nodes {
		root.AppendChild(n)
	}
	return root, nil
}

// lines makes paragraphs at blank lines and breaks at other line ends.
func lines(markup string) string {
	var b strings.Builder
	for paragraph := range strings.SplitSeq(markup, "\n\n") {
		b.WriteString("<p>" + strings.ReplaceAll(strings.TrimSpace(paragraph), "\n", "<br>") + "</p>")
	}
	return b.String()
}

// literalUnknown escapes what only looks like a tag: in a text that people
// typed, <name> is more often a word than HTML.
func literalUnknown(markup string) string {
	if !strings.Contains(markup, "<") {
		return markup
	}
	var b strings.Builder
	z := html.NewTokenizer(strings.NewReader(markup))
	for z.Next() != html.ErrorToken {
		raw := string(z.Raw())
		if t := z.Token(); !isTag(t.DataAtom) && (t.Type == html.StartTagToken || t.Type == html.EndTagToken || t.Type == html.SelfClosingTagToken) {
			raw = html.EscapeString(raw)
		}
		b.WriteString(raw)
	}
	b.Write(z.Raw()) // a tag that has no end
	return b.String()
}

// hasBlocks says whether HTML has parts of its own, so that its line ends mean
// nothing.
func hasBlocks(markup string) bool {
	z := html.NewTokenizer(strings.NewReader(markup))
	for z.Next() != html.ErrorToken {
		if t := z.Token(); t.Type == html.StartTagToken && isBlock(t.DataAtom) {
			return true
		}
	}
	return false
}

// fromMarkdown renders Markdown as our notation would. What would be more than
// a text there, such as a card of its own, stays as it was written.
func fromMarkdown(markdown string) string {
	m, findings := content.ParseModule("p", "m", asModule("## M\n\n"+markdown, nil))
	if content.HasErrors(findings) || len(m.Cards) != 1 || m.Cards[0].Question != nil || len(m.Prompts) > 0 {
		return lines(html.EscapeString(markdown))
	}
	_, body, _ := strings.Cut(string(m.Body), "</h2>")
	return strings.TrimSuffix(strings.TrimSpace(body), "</section>") + string(m.Notes)
}

// isBlock says whether an element stands in lines of its own.
func isBlock(a atom.Atom) bool {
	switch a {
	case atom.P, atom.Div, atom.Section, atom.Article, atom.Aside, atom.Header, atom.Footer, atom.Main, atom.Nav,
		atom.Figure, atom.Figcaption, atom.Address, atom.Center, atom.Fieldset, atom.Legend, atom.Form, atom.Details,
		atom.Summary, atom.Dl, atom.Dt, atom.Dd, atom.Ul, atom.Ol, atom.Li, atom.Blockquote, atom.Pre, atom.Hr,
		atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6,
		atom.Table, atom.Caption, atom.Thead, atom.Tbody, atom.Tfoot, atom.Tr, atom.Th, atom.Td, atom.Body:
		return true
	}
	return false
}

// isTag says whether a name is one of HTML's elements that people write.
func isTag(a atom.Atom) bool {
	switch a {
	case atom.A, atom.B, atom.Strong, atom.I, atom.Em, atom.U, atom.S, atom.Strike, atom.Del, atom.Ins, atom.Span, atom.Font,
		atom.Small, atom.Big, atom.Sub, atom.Sup, atom.Br, atom.Wbr, atom.Img, atom.Code, atom.Kbd, atom.Samp, atom.Tt,
		atom.Var, atom.Abbr, atom.Cite, atom.Q, atom.Mark, atom.Colgroup, atom.Col, atom.Script, atom.Style, atom.Iframe,
		atom.Object, atom.Embed, atom.Video, atom.Audio, atom.Source, atom.Track, atom.Svg, atom.Math, atom.Input:
		return true
	}
	return isBlock(a)
}

// element returns a new element with children.
func element(a atom.Atom, children ...*html.Node) *html.Node {
	n := &html.Node{Type: html.ElementNode, Data: a.String(), DataAtom: a}
	for _, c := range children {
		n.AppendChild(c)
	}
	return n
}

func textNode(text string) *html.Node { return &html.Node{Type: html.TextNode, Data: text} }

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

// words returns what a tree says, as one line.
func words(n *html.Node) string {
	var b strings.Builder
	writeWords(&b, n)
	return strings.Join(strings.Fields(b.String()), " ")
}

func writeWords(b *strings.Builder, n *html.Node) {
	if n.Type == html.TextNode {
		b.WriteString(n.Data)
		return
	}
	if isOurs(n) {
		return
	}
	apart := isBlock(n.DataAtom) || n.DataAtom == atom.Br
	if apart {
		b.WriteByte(' ')
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		writeWords(b, c)
	}
	if attribute(n, "class") == "speaker" {
		b.WriteByte(':') // which the notation takes as a mark and does not show
	}
	if apart {
		b.WriteByte(' ')
	}
}

// isOurs says whether an element holds the notation's own words: the title of a
// call-out, or what stands below the field of a private question.
func isOurs(n *html.Node) bool {
	class := attribute(n, "class")
	return class == "callout-title" || class == "reflect-save" || strings.HasSuffix(attribute(n, "id"), "_private")
}

// hasPicture says whether there is a picture in a tree.
func hasPicture(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.Img {
			return true
		}
	}
	return false
}
