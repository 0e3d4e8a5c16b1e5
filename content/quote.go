package content

import (
	"bytes"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"
)

// quotes turns blockquotes into what the notation means by them: speech, with
// the teacher's margin notes in it, and call-outs.
func (d *draft) quotes() {
	for _, quote := range d.found.quotes {
		switch {
		case quote.Parent() == nil:
			// A margin note already.
		case d.opensWithName(quote.FirstChild()):
			d.speech(quote)
		default:
			d.alert(quote)
		}
	}
}

// speech makes a blockquote what somebody says. What the reader says stands on
// the other side of the conversation.
func (d *draft) speech(quote *ast.Blockquote) {
	class := "speech"
	if d.isReader(quote.FirstChild()) {
		class += " own"
	}
	for c := quote.FirstChild(); c != nil; {
		next := c.NextSibling()
		if d.opensWithName(c) {
			d.speaker(c)
		} else if c.Kind() == ast.KindBlockquote {
			replace(c, &element{open: `<aside class="margin-note">` + "\n", close: "</aside>\n"})
		}
		c = next
	}
	replace(quote, &element{open: `<blockquote class="` + class + `">` + "\n", close: "</blockquote>\n"})
}

// isReader says whether a paragraph that opens with a name opens with "You".
func (d *draft) isReader(paragraph ast.Node) bool {
	name := strings.TrimSuffix(plainText(paragraph.FirstChild(), d.source), ":")
	return slices.ContainsFunc(d.phrases.you, func(you string) bool { return strings.EqualFold(you, name) })
}

// opensWithName says whether a block is a paragraph that begins with a bold
// name and a colon, which may stand inside or outside of the bold text.
func (d *draft) opensWithName(n ast.Node) bool {
	if n == nil || n.Kind() != ast.KindParagraph {
		return false
	}
	name, ok := n.FirstChild().(*ast.Emphasis)
	if !ok || name.Level != 2 {
		return false
	}
	return colonEnd(name.LastChild(), d.source) != nil || colonStart(name.NextSibling(), d.source) != nil
}

// speaker marks the name in a paragraph that opens with one, without its colon.
func (d *draft) speaker(paragraph ast.Node) {
	name := paragraph.FirstChild()
	if t := colonEnd(name.LastChild(), d.source); t != nil {
		t.Segment.Stop--
	} else {
		colonStart(name.NextSibling(), d.source).Segment.Start++
	}
	replace(name, &span{role: speaker, open: `<b class="speaker">`, close: "</b>"})
}

func colonEnd(n ast.Node, source []byte) *ast.Text {
	if t, ok := n.(*ast.Text); ok && bytes.HasSuffix(t.Value(source), []byte(":")) {
		return t
	}
	return nil
}

func colonStart(n ast.Node, source []byte) *ast.Text {
	if t, ok := n.(*ast.Text); ok && bytes.HasPrefix(t.Value(source), []byte(":")) {
		return t
	}
	return nil
}

// alert makes a blockquote a call-out if its first line says so.
func (d *draft) alert(quote *ast.Blockquote) {
	first, ok := quote.FirstChild().(*ast.Paragraph)
	if !ok || first.Lines().Len() == 0 {
		return
	}
	line := first.Lines().At(0)
	mark := strings.TrimSpace(string(line.Value(d.source)))
	if !strings.HasPrefix(mark, "[!") || !strings.Contains(mark, "]") {
		return
	}
	name := strings.ToUpper(strings.TrimSuffix(strings.TrimPrefix(mark, "[!"), "]"))
	title := d.phrases.callout(name)
	if title == "" {
		d.error(first, "unknown-callout",
			"%s is no call-out: begin it with [!NOTE], [!TIP], [!IMPORTANT], [!WARNING] or [!CAUTION] alone on the line", mark)
		return
	}
	dropFirstLine(first)
	if !first.HasChildren() {
		quote.RemoveChild(quote, first)
	}
	replace(quote, callout("callout callout-"+strings.ToLower(name), title))
}

// dropFirstLine removes the inline nodes of a paragraph's first line.
func dropFirstLine(paragraph *ast.Paragraph) {
	for c := paragraph.FirstChild(); c != nil; {
		next := c.NextSibling()
		paragraph.RemoveChild(paragraph, c)
		if t, ok := c.(*ast.Text); ok && (t.SoftLineBreak() || t.HardLineBreak()) {
			return
		}
		c = next
	}
}
