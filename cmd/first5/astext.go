package main

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// textWidth is how long a line may be.
const textWidth = 72

// asText writes the markup of cards as plain text.
func asText(markup []byte) string {
	nodes, err := html.ParseFragment(bytes.NewReader(markup), &html.Node{Type: html.ElementNode, Data: "body", DataAtom: atom.Body})
	if err != nil { // a reader of bytes never fails
		return err.Error()
	}
	var t plainText
	for _, n := range nodes {
		t.block(n)
	}
	t.end()
	return strings.TrimLeft(t.done.String(), "\n")
}

// plainText collects lines. What is inside of a list or a quote is indented.
type plainText struct {
	done   strings.Builder
	line   strings.Builder // the words of the paragraph at hand
	indent string
	mark   string // stands before the paragraph, once
	apart  bool   // an empty line goes before the next paragraph
}

// block writes a node that may hold paragraphs.
func (t *plainText) block(n *html.Node) {
	if n.Type == html.TextNode {
		t.line.WriteString(n.Data)
		return
	}
	switch n.DataAtom {
	case atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6, atom.P, atom.Summary, atom.Figcaption, atom.Dt, atom.Legend, atom.Tr:
		t.paragraph(n)
	case atom.Li, atom.Dd:
		t.inside(n, "   "[:max(2, len(marker(n)))], marker(n))
	case atom.Label:
		t.inside(n, "    ", choice(n))
	case atom.Blockquote, atom.Aside:
		t.inside(n, "  ", "")
	case atom.Details:
		t.inside(n, "  ", "> ")
	case atom.Img:
		t.line.WriteString("[Picture: " + attribute(n, "alt") + "]")
	case atom.Video:
		t.line.WriteString("[Video: " + attribute(n, "aria-label") + "]")
	case atom.B:
		t.children(n)
		if attribute(n, "class") == "speaker" {
			t.line.WriteString(":")
		}
	case atom.Sup:
		t.line.WriteString("[")
		t.children(n)
		t.line.WriteString("]")
	case atom.Td, atom.Th:
		t.children(n)
		if nextElement(n) != nil {
			t.line.WriteString(" | ")
		}
	default:
		t.children(n)
		if slices.Contains([]atom.Atom{atom.Section, atom.Div, atom.Fieldset, atom.Ul, atom.Ol, atom.Dl, atom.Table, atom.Figure}, n.DataAtom) {
			t.end()
		}
	}
}

func (t *plainText) children(n *html.Node) {
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		t.block(c)
	}
}

func (t *plainText) paragraph(n *html.Node) {
	t.end()
	t.children(n)
	t.end()
	t.apart = t.apart || n.DataAtom != atom.Tr && n.DataAtom != atom.Dt
}

// inside writes what is in a list's item, an option or a quote.
func (t *plainText) inside(n *html.Node, indent, mark string) {
	t.end()
	outer := t.indent
	t.mark, t.indent = mark, outer+indent
	t.children(n)
	t.end()
	t.mark, t.indent = "", outer
	t.apart = t.apart || n.DataAtom == atom.Blockquote || n.DataAtom == atom.Aside
}

// end ends a paragraph, and breaks it into lines.
func (t *plainText) end() {
	words := strings.Fields(t.line.String())
	t.line.Reset()
	if len(words) == 0 {
		return
	}
	if t.apart {
		t.done.WriteString("\n")
	}
	t.apart = false
	first := t.indent
	if t.mark != "" {
		first = t.indent[:max(0, len(t.indent)-len(t.mark))] + t.mark
	}
	t.mark = ""
	line := first + words[0]
	for _, word := range words[1:] {
		if len(line)+1+len(word) > textWidth {
			t.done.WriteString(line + "\n")
			line = t.indent + word
			continue
		}
		line += " " + word
	}
	t.done.WriteString(line + "\n")
}

// marker returns what stands before a list's item.
func marker(n *html.Node) string {
	switch {
	case n.DataAtom == atom.Dd:
		return ""
	case n.Parent == nil || n.Parent.DataAtom != atom.Ol:
		return "- "
	}
	number := 1
	for before := n.PrevSibling; before != nil; before = before.PrevSibling {
		if before.Type == html.ElementNode {
			number++
		}
	}
	return fmt.Sprintf("%d. ", number)
}

// choice returns the box of an option.
func choice(n *html.Node) string {
	if input := n.FirstChild; input != nil && attribute(input, "type") == "checkbox" {
		return "[ ] "
	}
	return "( ) "
}

func nextElement(n *html.Node) *html.Node {
	for n = n.NextSibling; n != nil; n = n.NextSibling {
		if n.Type == html.ElementNode {
			return n
		}
	}
	return nil
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}
