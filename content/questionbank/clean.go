package questionbank

import (
	"net/url"
	"strings"
	"unicode"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// mostNested is how deep quotes, lists and emphasis may be in each other; what
// is deeper stays, without them.
const mostNested = 8

// cleaner makes a tree of what the notation can show of HTML.
type cleaner struct {
	pictures *pictures // nil: pictures are passed over
	inline   bool      // all must go into one paragraph
	lost     []string  // what could not come over, each with what to do
}

func newCleaner(p *pictures, inline bool) *cleaner { return &cleaner{pictures: p, inline: inline} }

// place says what an element is inside of.
type place struct {
	inline bool // in one paragraph
	bold   bool
	italic bool
	link   bool
	pre    bool // spaces count
	line   bool // in one line
	quoted bool
	deep   int
	files  map[string]string
}

// clean returns a new tree below one root.
func (c *cleaner) clean(root *html.Node) *html.Node { return c.cleanText(root, nil) }

func (c *cleaner) cleanText(root *html.Node, files map[string]string) *html.Node {
	to := element(atom.Div)
	c.children(to, root, place{inline: c.inline, files: files})
	return to
}

func (c *cleaner) lose(what string) {
	for _, l := range c.lost {
		if l == what {
			return
		}
	}
	c.lost = append(c.lost, what)
}

func (c *cleaner) children(to, from *html.Node, in place) {
	for n := from.FirstChild; n != nil; n = n.NextSibling {
		switch n.Type {
		case html.TextNode:
			to.AppendChild(textNode(plainly(n.Data, in.pre)))
		case html.ElementNode:
			c.element(to, n, in)
		}
	}
}

// plainly makes characters that can't be seen spaces, and replaces those that
// the conversion to Markdown uses as marks.
func plainly(text string, pre bool) string {
	return strings.Map(func(r rune) rune {
		switch {
		case pre && r == '\n':
			return r
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == ' ':
			return ' '
		}
		return visible(r)
	}, text)
}

// visible replaces characters of private use, which have no meaning to others.
func visible(r rune) rune {
	if '\uE000' <= r && r <= '\uF8FF' || r == '\x00' {
		return '\uFFFD'
	}
	return r
}

func (c *cleaner) element(to, n *html.Node, in place) {
	switch n.DataAtom {
	case atom.Script, atom.Style, atom.Template, atom.Head, atom.Title, atom.Meta, atom.Link, atom.Noscript:
	case atom.Iframe, atom.Object, atom.Embed, atom.Video, atom.Audio, atom.Canvas, atom.Svg, atom.Math,
		atom.Input, atom.Select, atom.Textarea, atom.Button, atom.Map:
		c.lose("a <" + n.Data + "> in it is left out: say in words what it shows, or add it as a picture or a video")
	case atom.Img:
		c.picture(to, n, in)
	case atom.Br:
		c.lineBreak(to, in)
	case atom.A:
		c.link(to, n, in)
	case atom.B, atom.Strong, atom.I, atom.Em:
		c.emphasis(to, n, in)
	case atom.Code, atom.Kbd, atom.Samp, atom.Tt, atom.Var:
		c.code(to, n, in)
	case atom.Sup, atom.Sub:
		to.AppendChild(textNode(raised(words(n), n.DataAtom == atom.Sup)))
	case atom.Del, atom.S, atom.Strike:
		c.lose("words that were struck through are not so here: look whether they should go")
		c.children(to, n, in)
	default:
		if isBlock(n.DataAtom) {
			c.block(to, n, in)
		} else {
			c.children(to, n, in)
		}
	}
}

func (c *cleaner) lineBreak(to *html.Node, in place) {
	switch {
	case in.pre:
		to.AppendChild(textNode("\n"))
	case in.line:
		to.AppendChild(textNode(" "))
	default:
		to.AppendChild(element(atom.Br))
	}
}

// emphasis keeps bold and italic words, unless they are so already.
func (c *cleaner) emphasis(to, n *html.Node, in place) {
	bold := n.DataAtom == atom.B || n.DataAtom == atom.Strong
	if in.pre || in.bold && bold || in.italic && !bold || hasBlock(n) {
		c.children(to, n, in)
		return
	}
	e := element(atom.Em)
	if bold {
		e, in.bold = element(atom.Strong), true
	} else {
		in.italic = true
	}
	c.children(e, n, in)
	appendUnlessEmpty(to, e)
	if attribute(n, "class") == "speaker" {
		e.AppendChild(textNode(":"))
	}
}

func hasBlock(n *html.Node) bool {
	for d := range n.Descendants() {
		if isBlock(d.DataAtom) {
			return true
		}
	}
	return false
}

func (c *cleaner) code(to, n *html.Node, in place) {
	if in.pre {
		c.children(to, n, in)
		return
	}
	if said := words(n); said != "" {
		to.AppendChild(element(atom.Code, textNode(plainly(said, false))))
	}
}

// appendUnlessEmpty appends an element, or its children if there is nothing to
// see in it.
func appendUnlessEmpty(to, e *html.Node) {
	if words(e) != "" || hasPicture(e) {
		to.AppendChild(e)
		return
	}
	to.AppendChild(textNode(" "))
}

// link keeps links that lead out into the web; others lead nowhere here.
func (c *cleaner) link(to, n *html.Node, in place) {
	address := webAddress(attribute(n, "href"))
	if in.link || in.pre || address == "" || hasBlock(n) || hasPicture(n) || words(n) == "" {
		if href := attribute(n, "href"); address == "" && href != "" && !strings.HasPrefix(href, "#") {
			c.lose("a link to \"" + beginning(href, 60) + "\" leads nowhere here, so only its words are kept: link to a page on the web or to a file of the module")
		}
		c.children(to, n, in)
		return
	}
	in.link = true
	a := element(atom.A)
	a.Attr = []html.Attribute{{Key: "href", Val: address}}
	c.children(a, n, in)
	to.AppendChild(a)
}

// webAddress returns an address that may stand in a link, or nothing.
func webAddress(href string) string {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil || strings.Contains(href, `\`) {
		return ""
	}
	if u.Scheme == "mailto" || (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
		return strings.NewReplacer(
			"(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", "*", "%2A", "|", "%7C", "`", "%60", ";", "%3B",
		).Replace(u.String())
	}
	return ""
}

// raised writes what stands above or below the line, so that ten to the third
// does not become 103.
func raised(said string, above bool) string {
	const plain, up, down = "0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"
	signs, mark := []rune(up), "^"
	if !above {
		signs, mark = []rune(down), "_"
	}
	var b strings.Builder
	for _, r := range said {
		i := strings.IndexRune(plain, r)
		if i < 0 {
			return mark + "(" + plainly(said, false) + ")"
		}
		b.WriteRune(signs[i])
	}
	return b.String()
}
