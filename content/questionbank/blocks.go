package questionbank

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// block appends an element that stands in lines of its own.
func (c *cleaner) block(to, n *html.Node, in place) {
	if in.inline || in.pre || in.line || in.deep >= mostNested {
		to.AppendChild(textNode(" "))
		c.children(to, n, in)
		to.AppendChild(textNode(" "))
		return
	}
	switch n.DataAtom {
	case atom.Hr:
		to.AppendChild(element(atom.Hr))
	case atom.Pre:
		if in.quoted {
			to.AppendChild(codeLines(n))
			return
		}
		in.pre = true
		c.fill(to, element(atom.Pre), n, in)
	case atom.H1, atom.H2, atom.H3:
		in.line = true
		c.fill(to, element(atom.H3), n, in)
	case atom.H4, atom.H5, atom.H6:
		in.line = true
		c.fill(to, element(n.DataAtom), n, in)
	case atom.Blockquote:
		in.deep++
		in.quoted = true
		c.fill(to, element(atom.Blockquote), n, in)
	case atom.Ul, atom.Ol:
		c.list(to, n, in)
	case atom.Table:
		c.table(to, n, in)
	case atom.Dt:
		bold := element(atom.Strong)
		in.line, in.bold = true, true
		c.fill(to, bold, n, in)
		to.AppendChild(element(atom.Br))
	case atom.P, atom.Dd, atom.Figcaption, atom.Summary, atom.Legend, atom.Address:
		c.fill(to, element(atom.P), n, in)
	default:
		c.fill(to, element(atom.Div), n, in)
	}
}

// codeLines returns text with fixed spaces as a paragraph of code, line by line.
// Within a quote there is no other form for it.
func codeLines(pre *html.Node) *html.Node {
	var said strings.Builder
	for d := range pre.Descendants() {
		if d.Type == html.TextNode {
			said.WriteString(d.Data)
		}
		if d.DataAtom == atom.Br {
			said.WriteByte('\n')
		}
	}
	p := element(atom.P)
	for line := range strings.SplitSeq(said.String(), "\n") {
		if line = strings.TrimSpace(plainly(line, false)); line != "" {
			p.AppendChild(element(atom.Code, textNode(line)))
			p.AppendChild(element(atom.Br))
		}
	}
	return p
}

// fill appends an element with what another one holds, unless that is nothing.
func (c *cleaner) fill(to, e, from *html.Node, in place) {
	c.children(e, from, in)
	appendUnlessEmpty(to, e)
}

// list appends a list of its items; what is between them becomes an item too.
func (c *cleaner) list(to, n *html.Node, in place) {
	in.deep++
	list := element(n.DataAtom)
	start, err := strconv.Atoi(attribute(n, "start"))
	if n.DataAtom == atom.Ol && err == nil && 0 <= start && start < 1e6 {
		list.Attr = []html.Attribute{{Key: "start", Val: strconv.Itoa(start)}}
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		item := element(atom.Li)
		switch {
		case child.DataAtom == atom.Li:
			c.children(item, child, in)
		case child.Type == html.ElementNode:
			c.element(item, child, in)
		case child.Type == html.TextNode:
			item.AppendChild(textNode(plainly(child.Data, false)))
		}
		if words(item) != "" || hasPicture(item) {
			list.AppendChild(item)
		}
	}
	if list.FirstChild != nil {
		to.AppendChild(list)
	}
}

// table appends a table of plain rows. Cells are one line each, and do not
// reach over others.
func (c *cleaner) table(to, n *html.Node, in place) {
	if in.deep > 0 || hasTable(n) {
		// Within something else, a table has no form of its own.
		c.fill(to, element(atom.Div), n, place{deep: mostNested, files: in.files})
		return
	}
	in.line = true
	table := element(atom.Table)
	for d := range n.Descendants() {
		switch d.DataAtom {
		case atom.Caption:
			c.fill(to, element(atom.P), d, in)
		case atom.Tr:
			row := element(atom.Tr)
			for cell := d.FirstChild; cell != nil; cell = cell.NextSibling {
				if cell.DataAtom == atom.Td || cell.DataAtom == atom.Th {
					kept := element(cell.DataAtom)
					c.children(kept, cell, in)
					row.AppendChild(kept)
				}
			}
			if row.FirstChild != nil {
				table.AppendChild(row)
			}
		}
	}
	appendUnlessEmpty(to, table)
}

func hasTable(n *html.Node) bool {
	for d := range n.Descendants() {
		if d.DataAtom == atom.Table {
			return true
		}
	}
	return false
}
