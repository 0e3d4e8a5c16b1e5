package content

import (
	"bytes"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// The most that goldmark is given to read at once. Some of what it does takes
// the square of the length of a paragraph or of the number of footnotes, or as
// many steps for every line as the line is deep. No module that takes five
// minutes comes near any of them.
const (
	deepest       = 12   // lists and quotes, one in the other
	longestBlock  = 8000 // bytes of one paragraph, heading or table
	mostFootnotes = 200
)

// limits reports what is beyond the limits of a draft.
type limits struct {
	draft     *draft
	deep      bool // that something is too deep was reported; the rest would say the same
	footnotes int
}

func (l *limits) report(at int, rule, format string, args ...any) {
	l.draft.page.error(l.draft.front.end+at, rule, format, args...)
}

// shallow opens lists or quotes down to a depth. What is deeper stays text.
type shallow struct {
	parser.BlockParser
	looks  bool // Open looks at the line without taking any of it
	limits *limits
}

// Open implements [parser.BlockParser].
func (s shallow) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	if depth(parent) < deepest {
		return s.BlockParser.Open(parent, reader, pc)
	}
	if s.looks {
		n, state := s.BlockParser.Open(parent, reader, pc)
		if n == nil {
			return nil, state
		}
	}
	if _, line := reader.Position(); !s.limits.deep {
		s.limits.deep = true
		s.limits.report(line.Start, "too-deep",
			"lists and quotes may be %d deep, and this is deeper: take it out of some of those around it", deepest)
	}
	return nil, parser.NoChildren
}

func depth(n ast.Node) int {
	deep := 0
	for ; n != nil; n = n.Parent() {
		if k := n.Kind(); k == ast.KindList || k == ast.KindBlockquote {
			deep++
		}
	}
	return deep
}

// few opens footnotes up to a number. What is more stays text.
type few struct {
	parser.BlockParser
	limits *limits
}

// Open implements [parser.BlockParser].
func (f few) Open(parent ast.Node, reader text.Reader, pc parser.Context) (ast.Node, parser.State) {
	line, segment := reader.PeekLine()
	if at := pc.BlockOffset(); f.limits.footnotes >= mostFootnotes && at >= 0 && bytes.HasPrefix(line[at:], []byte("[^")) {
		if f.limits.footnotes == mostFootnotes {
			f.limits.footnotes++
			f.limits.report(segment.Start, "too-many-footnotes", "a module may have %d footnotes: part it into several modules", mostFootnotes)
		}
		return nil, parser.NoChildren
	}
	n, state := f.BlockParser.Open(parent, reader, pc)
	if n != nil {
		f.limits.footnotes++
	}
	return n, state
}

// bounded cuts headings to a length.
type bounded struct {
	parser.BlockParser
	limits *limits
}

// Close implements [parser.BlockParser].
func (b bounded) Close(n ast.Node, reader text.Reader, pc parser.Context) {
	b.BlockParser.Close(n, reader, pc)
	b.limits.cut(n, reader.Source())
}

// Transform implements [parser.ParagraphTransformer]: it cuts paragraphs, before
// anything else is made of them.
func (l *limits) Transform(p *ast.Paragraph, reader text.Reader, _ parser.Context) {
	l.cut(p, reader.Source())
}

// cut cuts the lines of a block.
func (l *limits) cut(n ast.Node, source []byte) {
	length := 0
	for i := range n.Lines().Len() {
		line := n.Lines().At(i)
		length += line.Len()
		if length <= longestBlock {
			continue
		}
		l.report(n.Lines().At(0).Start, "long-paragraph",
			"nobody reads this much without a break: make paragraphs of at most %d characters of it, with an empty line between them", longestBlock)
		line.Stop -= length - longestBlock
		for line.Stop > line.Start && !utf8.RuneStart(source[line.Stop]) {
			line.Stop--
		}
		n.Lines().SetSliced(0, i)
		n.Lines().Append(line)
		return
	}
}
