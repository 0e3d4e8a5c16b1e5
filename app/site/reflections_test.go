package site_test

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"golang.org/x/net/html"
)

func TestALearnerRereadsWhatTheyWrote(t *testing.T) {
	h := staying(t)
	b := h.as(noor)
	assert.Contains(t, b.get("/learning/reflections").text(), "Nothing yet. Some modules ask you something for yourself")
	b.open("stay")
	b.reflects("On <b>Monday</b>.\n\n  # Not a heading")

	p := b.get("/learning/reflections")
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	for _, shown := range []string{"What you wrote", "Only you can read this: neither your institution nor CHEST can.", "Stay a while", "When did you stay?", "On <b>Monday</b>. # Not a heading"} {
		assert.Contains(t, p.text(), shown)
	}
	assert.NotContains(t, p.body, "<b>Monday")
	assert.Equal(t, "/modules/stay#last", p.link("Change"))
	assert.Contains(t, b.in("es", "/learning/reflections").text(), "Quédese un rato")

	h.publish(shelf(map[string]string{"program.md": strings.Replace(program, "stay, ", "", 1), "hush/module.md": hush}))
	gone := b.get("/learning/reflections")
	assert.Contains(t, gone.text(), "When did you stay?", "also when the module is withdrawn")
	assert.Empty(t, gone.link("Change"), "but nothing asks it any more")
}

func TestWhatIsDeletedIsGone(t *testing.T) {
	b := staying(t).as(noor)
	b.open("stay")
	b.reflects("Gone tomorrow.")
	_, fields := b.get("/learning/reflections").form(t, "/learning/reflections")
	assert.Equal(t, "last", fields.Get("id"))
	fields.Set("do", "some")
	assert.Equal(t, 400, b.post("/learning/reflections", fields).status)
	fields.Set("do", "one")
	p := b.post("/learning/reflections", fields)
	assert.Contains(t, p.text(), "Deleted.")
	assert.Contains(t, p.text(), "Nothing yet.")
	assert.NotContains(t, b.get("/modules/stay").body, "Gone tomorrow.")

	b.reflects("And this.")
	all := b.post("/learning/reflections", url.Values{"csrf": {fields.Get("csrf")}, "do": {"all"}})
	assert.Contains(t, all.text(), "Nothing yet.")
	assert.Equal(t, 403, b.post("/learning/reflections", url.Values{"do": {"all"}}).status)
}

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

func TestWhatWasWrittenIsDownloadedAsItWasWritten(t *testing.T) {
	b := staying(t).as(noor)
	assert.Contains(t, b.get("/learning/reflections.md").body, "Nothing yet.")
	b.open("stay")
	written := "On *Monday*:\n# not a heading\n- not a list\n1. nor this\n\n<script>alert(1)</script> [no](javascript:x) `code` ~~x~~ | a | b |\n> not quoted twice\n    no code\n===\nend #"
	b.reflects(written)
	p := b.get("/learning/reflections.md")
	assert.Equal(t, `attachment; filename="first5-reflections.md"`, p.header.Get("Content-Disposition"))
	assert.Equal(t, "text/markdown; charset=utf-8", p.header.Get("Content-Type"))
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	headings, lines, other := rendered(t, p.body)
	assert.Equal(t, []string{"What you wrote", "Stay a while", "When did you stay?"}, headings)
	assert.Equal(t, linesOf(written), lines)
	assert.Empty(t, strings.NewReplacer("h1 ", "", "h2 ", "", "h3 ", "").Replace(other))
	assert.Contains(t, b.in("es", "/learning/reflections.md").body, "# Lo que escribió\n\n## Quédese un rato\n")
	assert.Contains(t, newHouse(t).browser().get("/learning/reflections.md").url.Path, "/signin")
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

func isPlain(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\r' || r == 0x7f })
}
