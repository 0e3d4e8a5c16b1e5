package content

import (
	"bytes"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// What a prompt may be, as its block is called.
const (
	reflect = "reflect"
	commit  = "commit"
)

// promptParser reads fenced blocks, and of those called reflect and commit makes
// a private question to the reader, and intentions to choose from, one a line.
//
// They are read while blocks are, so that their text is Markdown like any
// other and has its own lines and columns.
type promptParser struct {
	parser.BlockParser
	phrases phrases
	limits  *limits
}

// Close implements [parser.BlockParser].
func (p promptParser) Close(n ast.Node, reader text.Reader, pc parser.Context) {
	p.BlockParser.Close(n, reader, pc)
	fence, source := n.(*ast.FencedCodeBlock), reader.Source()
	var prompt *element
	kind := string(fence.Language(source))
	switch kind {
	case reflect:
		prompt = callout(reflect, p.phrases.reflect)
		for _, words := range paragraphs(fence.Lines(), source) {
			p.limits.cut(words, source)
			prompt.AppendChild(prompt, words)
		}
	case commit:
		prompt = callout(commit, p.phrases.commit)
		prompt.AppendChild(prompt, p.intentions(fence.Lines(), source))
	default:
		return
	}
	prompt.prompt = kind
	prompt.SetBlankPreviousLines(fence.HasBlankPreviousLines())
	replace(fence, prompt)
}

// callout returns an aside with a title of our own.
func callout(class, title string) *element {
	return &element{
		open:  `<aside class="` + class + `"><p class="callout-title">` + title + "</p>\n",
		close: "</aside>\n",
	}
}

// paragraphs parts lines at the blank ones.
func paragraphs(lines *text.Segments, source []byte) []ast.Node {
	var all []ast.Node
	var current *ast.Paragraph
	for _, line := range lines.Sliced(0, lines.Len()) {
		if util.IsBlank(line.Value(source)) {
			current = nil
			continue
		}
		if current == nil {
			current = ast.NewParagraph()
			all = append(all, current)
		}
		current.Lines().Append(line.TrimLeftSpace(source))
	}
	for _, p := range all {
		trimEnd(p, source)
	}
	return all
}

// intentions makes a list of lines. A hyphen or an asterisk in front is the
// habit of lists and no part of the intention.
func (p promptParser) intentions(lines *text.Segments, source []byte) *element {
	list := &element{open: "<ul>\n", close: "</ul>\n"}
	for _, line := range lines.Sliced(0, lines.Len()) {
		line = line.TrimLeftSpace(source)
		value := line.Value(source)
		if bytes.HasPrefix(value, []byte("- ")) || bytes.HasPrefix(value, []byte("* ")) {
			line = text.NewSegment(line.Start+2, line.Stop)
			line = line.TrimLeftSpace(source)
		}
		if line.IsEmpty() {
			continue
		}
		item, words := &element{open: "<li>", close: "</li>\n"}, ast.NewTextBlock()
		words.Lines().Append(line)
		trimEnd(words, source)
		p.limits.cut(words, source)
		item.AppendChild(item, words)
		list.AppendChild(list, item)
	}
	return list
}

// trimEnd takes the line end off a block's last line, as goldmark's own
// paragraphs have it.
func trimEnd(n ast.Node, source []byte) {
	last := n.Lines().Len() - 1
	line := n.Lines().At(last)
	n.Lines().Set(last, line.TrimRightSpace(source))
}
