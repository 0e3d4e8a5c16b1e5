package content

import (
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// draft is a Markdown file on its way to a module or to a programme's cover.
type draft struct {
	*page
	front     *frontMatter
	files     Source
	language  string
	slug      string // of the module, empty in a programme
	address   string // of the module's page
	original  *draft // what this one translates, or nil
	phrases   phrases
	proof     *proof // what its author wants shown in it, or nil
	markdown  goldmark.Markdown
	source    []byte // what follows the front matter
	doc       ast.Node
	found     inventory
	cards     []*draftCard
	byID      map[string]*draftCard
	ids       idSet // of the cards
	assets    []Asset
	elsewhere []moduleLink
	footnotes map[int]*east.Footnote // by goldmark's index
	used      map[string]bool        // the names of the files that are shown or linked
}

// inventory lists the nodes of a document that must be looked at, in order.
type inventory struct {
	headings  []*ast.Heading
	quotes    []*ast.Blockquote
	links     []*ast.Link
	autoLinks []*ast.AutoLink
	images    []*ast.Image
	html      []ast.Node
	boxes     []*east.TaskCheckBox
	cells     []*east.TableCell
	prompts   []*element
	footnotes *east.FootnoteList
}

// newDraft reads the named file's front matter and parses its text. language is
// what the text is written in unless the front matter says otherwise.
func newDraft(name string, files Source, fields []field, language string) *draft {
	data, _ := files.File(name)
	d := &draft{
		page: newPage(name, data), files: files,
		byID: map[string]*draftCard{}, ids: idSet{}, used: map[string]bool{name: true}, footnotes: map[int]*east.Footnote{},
	}
	d.front = readFrontMatter(d.page, fields)
	d.language = d.front.text("lang", language)
	if !isLanguage(d.language) {
		d.front.wrong(d.front.values["lang"], "lang", `a language tag, such as "en" or "es-MX"`)
		d.language = language
	}
	d.phrases = phrasesIn(d.language)
	d.markdown = newMarkdown(d.phrases, &limits{draft: d})
	d.source = d.text[d.front.end:]
	d.doc = d.markdown.Parser().Parse(text.NewReader(d.source))
	_ = ast.Walk(d.doc, d.found.visit)
	return d
}

func (f *inventory) visit(n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	switch n := n.(type) {
	case *ast.Heading:
		f.headings = append(f.headings, n)
	case *ast.Blockquote:
		f.quotes = append(f.quotes, n)
	case *ast.Link:
		f.links = append(f.links, n)
	case *ast.AutoLink:
		f.autoLinks = append(f.autoLinks, n)
	case *ast.Image:
		f.images = append(f.images, n)
	case *ast.HTMLBlock, *ast.RawHTML:
		f.html = append(f.html, n)
	case *east.TaskCheckBox:
		f.boxes = append(f.boxes, n)
	case *east.TableCell:
		f.cells = append(f.cells, n)
	case *element:
		if n.prompt != "" {
			f.prompts = append(f.prompts, n)
		}
	case *east.FootnoteList:
		f.footnotes = n
	}
	return ast.WalkContinue, nil
}

// at returns where a node begins in the page.
func (d *draft) at(n ast.Node) int {
	for ; n != nil; n = n.Parent() {
		if s, ok := n.(*ast.String); ok { // hides the position that it has
			return d.front.end + max(0, s.BaseNode.Pos())
		}
		if pos := n.Pos(); pos >= 0 {
			return d.front.end + pos
		}
	}
	return d.front.end
}

func (d *draft) error(n ast.Node, rule, format string, args ...any) {
	d.page.error(d.at(n), rule, format, args...)
}

func (d *draft) warn(n ast.Node, rule, format string, args ...any) {
	d.page.warn(d.at(n), rule, format, args...)
}

// markup renders nodes.
func (d *draft) markup(nodes ...ast.Node) string {
	var b buffer
	d.render(&b, nodes...)
	return b.String()
}

func (d *draft) render(b *buffer, nodes ...ast.Node) {
	for _, n := range nodes {
		// The renderer fails only if what it writes to does; this never does.
		_ = d.markdown.Renderer().Render(b, d.source, n)
	}
}

// inside renders the children of a node.
func (d *draft) inside(n ast.Node) string {
	if n == nil {
		return ""
	}
	return d.markup(children(n)...)
}

func children(n ast.Node) []ast.Node {
	var all []ast.Node
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		all = append(all, c)
	}
	return all
}
