package questionbank

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/JohannesKaufmann/html-to-markdown/v2/converter"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/base"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/commonmark"
	"github.com/JohannesKaufmann/html-to-markdown/v2/plugin/table"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// newConverter returns a converter that leaves escaping to this package, and
// whose lists can't be taken for options: those have hyphens.
func newConverter() *converter.Converter {
	conv := converter.NewConverter(
		converter.WithEscapeMode(converter.EscapeModeDisabled),
		converter.WithPlugins(
			base.NewBasePlugin(),
			commonmark.NewCommonmarkPlugin(
				commonmark.WithBulletListMarker("*"),
				commonmark.WithListEndComment(false),
			),
			table.NewTablePlugin(
				table.WithHeaderPromotion(true),
				table.WithCellPaddingBehavior(table.CellPaddingBehaviorMinimal),
			),
		),
	)
	conv.Register.RendererFor("br", converter.TagTypeInline, writeBreak, converter.PriorityEarly)
	return conv
}

// breakMark stands at the end of a line that is broken there on purpose.
const breakMark = "\uE0FF"

func writeBreak(_ converter.Context, w converter.Writer, _ *html.Node) converter.RenderStatus {
	_, _ = w.WriteString(breakMark + "\n") // a buffer's, which never fails
	return converter.RenderSuccess
}

// breaks writes the line breaks that come between words as our notation has
// them; others mean nothing.
func breaks(markdown string) string {
	lines := strings.Split(markdown, "\n")
	for i, line := range lines {
		said := strings.ReplaceAll(line, breakMark, "")
		if said == line && says(line) {
			continue
		}
		lines[i] = strings.TrimRight(said, " ")
		if said != line && i+1 < len(lines) && says(lines[i]) && says(lines[i+1]) {
			lines[i] += `\`
		}
	}
	return strings.Join(lines, "\n")
}

func says(line string) bool { return strings.Trim(line, "> *"+breakMark) != "" }

// toMarkdown writes a clean tree, which it changes, as Markdown.
func toMarkdown(conv *converter.Converter, tree *html.Node) (string, error) {
	if only := tree.FirstChild; only == nil {
		return "", nil
	}
	protectWords(tree)
	markdown, err := conv.ConvertNode(tree)
	if err != nil {
		return "", fmt.Errorf("writing Markdown: %w", err)
	}
	return resolve(breaks(string(markdown))), nil
}

// protectWords marks every sign of Markdown in somebody's words, so that the
// conversion can't take it for its own.
func protectWords(n *html.Node) {
	switch {
	case n.Type == html.TextNode:
		n.Data = protect(n.Data)
	case n.DataAtom == atom.Code || n.DataAtom == atom.Pre:
		return
	case n.DataAtom == atom.Img:
		for i := range n.Attr {
			if n.Attr[i].Key == "alt" {
				n.Attr[i].Val = protect(n.Attr[i].Val)
			}
		}
	}
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		protectWords(c)
	}
}

// signs are the characters that may mean something in Markdown. While Markdown
// is made, those of somebody's words are characters of private use instead.
const signs = "\\`*_[]<>|#+-=:~.)&!{"

const firstMark = '\uE000'

func protect(text string) string {
	if !strings.ContainsAny(text, signs) {
		return text
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(signs, r) {
			return firstMark + r
		}
		return r
	}, text)
}

// sign returns the sign that a mark stands for, and whether it is a mark.
func sign(r rune) (rune, bool) {
	if firstMark < r && r < firstMark+128 {
		return r - firstMark, true
	}
	return r, false
}

// resolve turns the marks into their signs again, with a backslash where they
// would mean something.
func resolve(marked string) string {
	var b strings.Builder
	for line := range strings.Lines(marked) {
		l := newSignLine(line)
		for i := range l.runes {
			r, isMark := sign(l.runes[i])
			if isMark && l.meant(i, r) {
				b.WriteByte('\\')
			}
			b.WriteRune(r)
		}
	}
	return b.String()
}

// signLine is a line of Markdown in the making.
type signLine struct {
	runes []rune
	text  int // where its words begin, behind the marks of quotes and lists
	count int // where the number that they begin with ends
	end   int // where the spaces at its end begin
	run   int // where the last run of underscores that was looked at began
	after int // and ended
}

func newSignLine(line string) *signLine {
	l := &signLine{runes: []rune(line), end: utf8.RuneCountInString(strings.TrimRight(line, " \n"))}
	for {
		l.count = l.text
		for isDigit(l.at(l.count)) {
			l.count++
		}
		switch {
		case l.count > l.text && l.count < len(l.runes) && l.runes[l.count] == '.': // of a list, because it has no mark
			l.text = l.count + 1
		case l.text < len(l.runes) && strings.ContainsRune(" >*#", l.runes[l.text]):
			l.text++
		default:
			return l
		}
	}
}

// at returns the character at an index, a line end outside of the line.
func (l *signLine) at(i int) rune {
	if i < 0 || i >= len(l.runes) {
		return '\n'
	}
	r, _ := sign(l.runes[i])
	return r
}

// meant says whether the sign at an index would mean something to Markdown.
func (l *signLine) meant(i int, r rune) bool {
	before, after := l.at(i-1), l.at(i+1)
	switch r {
	case '_':
		return !l.blank(i)
	case '<':
		return strings.ContainsRune("/!?<", after) || isLetter(after) || before == '<' || after > 127
	case '>':
		return i == l.text || before == '>' || after == '>'
	case '#', '=':
		return i == l.text
	case '+', '-', ':', '~':
		return i == l.text && (isSpace(after) || strings.ContainsRune("-:~", after))
	case '.', ')':
		return i == l.count && i > l.text && isSpace(after)
	case '&':
		return l.entity(i)
	case '!':
		return after == '['
	}
	return true
}

// blank says whether an index is in a run of underscores that stands for a
// missing word: it has a space before it, and a space or the end of a sentence
// behind it.
func (l *signLine) blank(i int) bool {
	if i >= l.after {
		l.run, l.after = i, i
		for l.at(l.after) == '_' {
			l.after++
		}
	}
	if l.run <= l.text && l.after >= l.end {
		return false // it would be a line across the page
	}
	return l.after-l.run > 1 && l.at(l.run-1) == ' ' && strings.ContainsRune(" \n.,;?)", l.at(l.after))
}

// entity says whether an ampersand begins a character reference.
func (l *signLine) entity(i int) bool {
	n := i + 1
	for isLetter(l.at(n)) || isDigit(l.at(n)) || l.at(n) == '#' {
		n++
	}
	return n > i+1 && l.at(n) == ';'
}

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' }
func isDigit(r rune) bool  { return '0' <= r && r <= '9' }
func isSpace(r rune) bool  { return r == ' ' || r == '\n' }

// escaped writes words as one paragraph in which nothing means anything but
// the notation's typography.
func escaped(words string) string {
	var b strings.Builder
	for _, r := range words {
		if r < 128 && r > ' ' && !isLetter(r) && !isDigit(r) && !strings.ContainsRune(`,;?'"/()%`, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}
