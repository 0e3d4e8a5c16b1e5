package content

import (
	"bytes"
	"html"
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/renderer"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"github.com/yuin/goldmark/util"
)

// newMarkdown returns goldmark with the parts of Markdown that modules are
// written in.
func newMarkdown(p phrases, l *limits) goldmark.Markdown {
	return goldmark.New(
		goldmark.WithParser(parser.NewParser(
			parser.WithBlockParsers(blockParsers(p, l)...),
			parser.WithInlineParsers(parser.DefaultInlineParsers()...),
			parser.WithInlineParsers(util.Prioritized(extension.NewFootnoteParser(), 101)),
			parser.WithInlineParsers(util.Prioritized(&invertedQuotes{}, 9998)), // before goldmark's own quotes
			parser.WithParagraphTransformers(parser.DefaultParagraphTransformers()...),
			parser.WithParagraphTransformers(util.Prioritized(l, 1)),
			parser.WithASTTransformers(util.Prioritized(extension.NewFootnoteASTTransformer(), 999)),
		)),
		goldmark.WithExtensions(
			extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone)),
			extension.DefinitionList,
			extension.TaskList,
			extension.NewTypographer(extension.WithTypographicSubstitutions(typography())),
		),
		goldmark.WithRendererOptions(renderer.WithNodeRenderers(util.Prioritized(nodes{}, 1))),
	)
}

// blockParsers are goldmark's own, with the limits of the notation, marks in
// headings, and prompts.
func blockParsers(p phrases, l *limits) []util.PrioritizedValue {
	return []util.PrioritizedValue{
		util.Prioritized(bounded{parser.NewSetextHeadingParser(parser.WithHeadingAttribute()), l}, 100),
		util.Prioritized(parser.NewThematicBreakParser(), 200),
		util.Prioritized(shallow{parser.NewListParser(), true, l}, 300),
		util.Prioritized(parser.NewListItemParser(), 400),
		util.Prioritized(parser.NewCodeBlockParser(), 500),
		util.Prioritized(bounded{parser.NewATXHeadingParser(parser.WithHeadingAttribute()), l}, 600),
		util.Prioritized(promptParser{parser.NewFencedCodeBlockParser(), p, l}, 700),
		util.Prioritized(shallow{parser.NewBlockquoteParser(), false, l}, 800),
		util.Prioritized(parser.NewHTMLBlockParser(), 900),
		util.Prioritized(few{extension.NewFootnoteBlockParser(), l}, 999),
		util.Prioritized(parser.NewParagraphParser(), 1000),
	}
}

func typography() map[extension.TypographicPunctuation]string {
	return map[extension.TypographicPunctuation]string{
		extension.LeftSingleQuote:  "‘",
		extension.RightSingleQuote: "’",
		extension.LeftDoubleQuote:  "“",
		extension.RightDoubleQuote: "”",
		extension.EnDash:           "–",
		extension.EmDash:           "—",
		extension.Ellipsis:         "…",
		extension.LeftAngleQuote:   "«",
		extension.RightAngleQuote:  "»",
		extension.Apostrophe:       "’",
	}
}

// element is a block that the notation of modules adds to Markdown: speech, a
// call-out, a figure. Its markup is written by this package alone; whatever an
// author wrote is escaped before it becomes part of it.
type element struct {
	ast.BaseBlock
	prompt      string // what a prompt is, and nothing in any other block
	answer      *answerField
	caption     string // plain text: what a figure says below its picture
	open, close string
}

// span is the inline counterpart of an element: a speaker, a link, an image.
type span struct {
	ast.BaseInline
	role        role
	card        string         // the id of the card that a link leads to
	note        *east.Footnote // what a mark refers to
	open, close string
}

// role tells apart what a span may be.
type role int

const (
	speaker role = iota + 1
	link
	media
	noteMark
)

var (
	kindElement = ast.NewNodeKind("Element")
	kindSpan    = ast.NewNodeKind("Span")
)

func (n *element) Kind() ast.NodeKind { return kindElement }
func (n *span) Kind() ast.NodeKind    { return kindSpan }

// Dump implements [ast.Node].
func (n *element) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Open": n.open}, nil)
}

// Dump implements [ast.Node].
func (n *span) Dump(source []byte, level int) {
	ast.DumpHelper(n, source, level, map[string]string{"Open": n.open}, nil)
}

// replace puts one node in the place of another and gives it its children.
func replace(old, by ast.Node) {
	for c := old.FirstChild(); c != nil; {
		next := c.NextSibling()
		by.AppendChild(by, c)
		c = next
	}
	by.SetPos(old.Pos())
	parent := old.Parent()
	parent.ReplaceChild(parent, old, by)
}

// nodes renders what the notation adds, and refuses to render what only this
// package may decide on: a link, an image or HTML that was not looked at
// leaves no trace on a page.
type nodes struct{}

// RegisterFuncs implements [renderer.NodeRenderer].
func (nodes) RegisterFuncs(r renderer.NodeRendererFuncRegisterer) {
	r.Register(kindElement, renderElement)
	r.Register(kindSpan, renderSpan)
	r.Register(ast.KindHeading, renderHeading)
	for _, kind := range []ast.NodeKind{
		ast.KindImage, ast.KindAutoLink, ast.KindRawHTML, ast.KindHTMLBlock, east.KindTaskCheckBox,
		east.KindFootnoteLink, east.KindFootnoteBacklink, east.KindFootnote, east.KindFootnoteList,
	} {
		r.Register(kind, renderNothing)
	}
	r.Register(ast.KindLink, renderInside)
}

func renderElement(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	e := n.(*element)
	if b, ok := w.(*buffer); ok && b.fields && e.answer != nil {
		b.answer(e.answer, entering)
		return ast.WalkContinue, nil
	}
	return around(w, entering, e.open, e.close)
}

func renderSpan(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	s := n.(*span)
	open := s.open
	if b, ok := w.(*buffer); ok && entering {
		open = b.opening(s)
	}
	return around(w, entering, open, s.close)
}

// around writes what stands before a node's children, or what stands after them.
func around(w util.BufWriter, entering bool, before, after string) (ast.WalkStatus, error) {
	markup := after
	if entering {
		markup = before
	}
	_, err := w.WriteString(markup)
	return ast.WalkContinue, err
}

func renderHeading(w util.BufWriter, _ []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	level := string("0123456"[n.(*ast.Heading).Level])
	return around(w, entering, "<h"+level+">", "</h"+level+">\n")
}

func renderNothing(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkSkipChildren, nil
}

func renderInside(util.BufWriter, []byte, ast.Node, bool) (ast.WalkStatus, error) {
	return ast.WalkContinue, nil
}

// buffer collects markup. It is written to directly, without goldmark's own
// buffer in between. What it holds says how some of the nodes are rendered.
type buffer struct {
	bytes.Buffer
	fields bool   // private questions have a field to answer them in
	slots  []slot // what readers get each in their own way
	away   string // the address of the module, if what is written is for another page
	notes  *notes // numbers the footnotes, if it is not as they are numbered in the module
}

// opening returns what stands before a span's children.
func (b *buffer) opening(s *span) string {
	if s.note != nil && b.notes != nil {
		return b.notes.refer(s.note)
	}
	if rest, ok := strings.CutPrefix(s.open, `<a href="#`); ok && s.card != "" && b.away != "" {
		return `<a href="` + b.away + "#" + rest
	}
	return s.open
}

// Buffered implements [util.BufWriter].
func (b *buffer) Buffered() int { return 0 }

// Flush implements [util.BufWriter].
func (b *buffer) Flush() error { return nil }

// unescape returns what a piece of Markdown text says, without its backslashes
// and character references.
func unescape(text []byte) string {
	if !bytes.ContainsAny(text, `\&`) {
		return string(text)
	}
	var b buffer
	ghtml.DefaultWriter.Write(&b, text)
	return html.UnescapeString(b.String())
}

// plainText returns what a node says, with single spaces between its words.
func plainText(n ast.Node, source []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if n.Type() == ast.TypeBlock {
			b.WriteByte(' ')
		}
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Text:
			if n.IsRaw() || n.Parent().Kind() == ast.KindCodeSpan {
				b.Write(n.Value(source))
			} else {
				b.WriteString(unescape(n.Value(source)))
			}
			if n.SoftLineBreak() || n.HardLineBreak() {
				b.WriteByte(' ')
			}
		case *ast.String:
			b.Write(n.Value)
		case *ast.CodeBlock, *ast.FencedCodeBlock:
			b.Write(n.Lines().Value(source))
		case *element:
			b.WriteString(n.caption)
		}
		return ast.WalkContinue, nil
	})
	return strings.Join(strings.Fields(b.String()), " ")
}
