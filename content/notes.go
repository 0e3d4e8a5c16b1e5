package content

import (
	"fmt"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
)

// notes are the footnotes of one text, numbered in the order in which it
// refers to them. A module's body is such a text, and so is the feedback of
// each graded option: its sources must not show before it does.
type notes struct {
	draft  *draft
	prefix string // of the ids, so that several texts may be on one page
	order  []*east.Footnote
	number map[*east.Footnote]int // its place in order, from 1
	marks  map[*east.Footnote]int // how often the text refers to it
}

func (d *draft) newNotes(prefix string) *notes {
	return &notes{draft: d, prefix: prefix, number: map[*east.Footnote]int{}, marks: map[*east.Footnote]int{}}
}

// takeFootnotes takes the footnotes out of the document, so that they are no
// part of its last card.
func (d *draft) takeFootnotes() {
	if d.found.footnotes == nil {
		return
	}
	d.doc.RemoveChild(d.doc, d.found.footnotes)
	for _, n := range children(d.found.footnotes) {
		d.footnotes[n.(*east.Footnote).Index] = n.(*east.Footnote)
		for _, l := range footnoteLinks(n) {
			d.error(l, "note-in-note", "a footnote can't refer to another footnote: say it in the text, or write the source again")
		}
	}
}

// footnoteLinks returns the references to footnotes in a node.
func footnoteLinks(root ast.Node) []*east.FootnoteLink {
	var found []*east.FootnoteLink
	_ = ast.Walk(root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if l, ok := n.(*east.FootnoteLink); ok && entering {
			found = append(found, l)
		}
		return ast.WalkContinue, nil
	})
	return found
}

// mark numbers the references in nodes.
func (n *notes) mark(roots ...ast.Node) {
	for _, root := range roots {
		for _, l := range footnoteLinks(root) {
			if inLink(l) {
				n.draft.error(l, "note-in-link", "a footnote's mark can't be inside of a link: put it behind the link")
				continue
			}
			f := n.draft.footnotes[l.Index]
			replace(l, &span{role: noteMark, note: f, open: n.refer(f)})
		}
	}
}

// refer returns the next mark of a footnote.
func (n *notes) refer(f *east.Footnote) string {
	if n.marks[f] == 0 {
		n.order = append(n.order, f)
		n.number[f] = len(n.order)
	}
	n.marks[f]++
	number := n.number[f]
	return fmt.Sprintf(`<sup><a href="#fn-%s%d" id="%s" role="doc-noteref">%d</a></sup>`,
		n.prefix, number, n.markID(number, n.marks[f]), number)
}

// markID returns the id of the nth mark of a footnote.
func (n *notes) markID(number, nth int) string {
	if nth == 1 {
		return fmt.Sprintf("fnref-%s%d", n.prefix, number)
	}
	return fmt.Sprintf("fnref-%s%d-%d", n.prefix, number, nth)
}

// write writes the footnotes as a list, or nothing if there are none.
func (n *notes) write(b *buffer) {
	if len(n.order) == 0 {
		return
	}
	b.WriteString(`<ol class="notes">` + "\n")
	for i, f := range n.order {
		fmt.Fprintf(b, `<li id="fn-%s%d">`, n.prefix, i+1)
		n.note(b, f, i+1)
		b.WriteString("</li>\n")
	}
	b.WriteString("</ol>\n")
}

// note writes a footnote, with the links back at the end of its last paragraph.
func (n *notes) note(b *buffer, f *east.Footnote, number int) {
	back := &span{role: noteMark}
	for nth := range n.marks[f] {
		back.open += fmt.Sprintf(` <a href="#%s" role="doc-backlink" aria-label="%s">↩&#xfe0e;</a>`, n.markID(number, nth+1), n.draft.phrases.noteBack)
	}
	var last ast.Node = f
	if p := f.LastChild(); p != nil && p.Kind() == ast.KindParagraph {
		last = p
	}
	last.AppendChild(last, back)
	n.draft.render(b, children(f)...)
	last.RemoveChild(last, back)
}
