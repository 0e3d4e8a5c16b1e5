package site

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
)

// rendered returns what a reader of Markdown sees: the texts of its headings and
// the lines of its quotations.
func rendered(t testing.TB, markdown string) (headings, lines []string, other string) {
	var b strings.Builder
	err := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.TaskList, extension.Footnote, extension.DefinitionList)).Convert([]byte(markdown), &b)
	require.NoError(t, err)
	root, err := html.Parse(strings.NewReader(b.String()))
	require.NoError(t, err)
	for n := range root.Descendants() {
		switch n.Data {
		case "h1", "h2", "h3":
			headings = append(headings, words(n))
		case "blockquote":
			for p := range n.ChildNodes() {
				if p.Data == "p" {
					lines = append(lines, strings.Split(words(p), "\n")...)
				} else if p.Type == html.ElementNode {
					other += p.Data + " "
				}
			}
		case "html", "head", "body", "p", "br":
		default:
			if n.Type == html.ElementNode {
				other += n.Data + " "
			}
		}
	}
	return headings, lines, other
}

func words(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// linesOf returns the lines of a text that say something, without the spaces
// around them.
func linesOf(text string) []string {
	var lines []string
	for _, line := range strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text), "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return lines
}

func TestAQuotationSaysWhatItsTextSays(t *testing.T) {
	for _, text := range []string{
		"One line.", "Two\nlines.", "Two\n\nparagraphs.", "", "\n\nSpaces \n\n\n around. \n", "A\rB\r\nC",
		"# heading", "- list\n- list", "1. list", "1) list", "12345678. list", "> quote", "    code", "```\ncode\n```", "~~~", "===", "a\n---\nb", "a\n===",
		"*a* _b_ `c` ~~d~~", "<b>a</b> &amp; &lt;", "[a](b) ![c](d) [e]: f", "| a | b |\n|---|---|\n| c | d |", "a\n: definition", "[^1] and\n[^1]: note",
		"- [ ] task", "end #", "back\\", "back\\\nslash", "a  \nb", "https://example.org/a_b", "+ a", "$x$", "!", "!!", "![", "Ünï\u00a0cöde \u2028 line",
	} {
		said(t, text)
	}
	headings, _, other := rendered(t, "## "+plainMarkdown("1. <b> *What*\n# now?  #")+"\n")
	assert.Equal(t, []string{"1. <b> *What* # now? #"}, headings)
	assert.Empty(t, other)
}

// said asserts that a text is rendered as its own lines, and as nothing else.
func said(t testing.TB, text string) {
	headings, lines, other := rendered(t, quotedMarkdown(text))
	assert.Empty(t, headings, text)
	assert.Equal(t, linesOf(text), lines, text)
	assert.Empty(t, other, text)
}

func FuzzAQuotationSaysWhatItsTextSays(f *testing.F) {
	for _, text := range []string{"On *Monday*:\n# not\n- a list", "1. <b>", "a\n===", "| a |\n|---|", "\\", "&copy;", "\t\tx"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if isPlain(text) {
			said(t, text)
		}
	})
}

// isPlain says whether a text is one that people type.
func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' })
}
