package questionbank

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Signs of Markdown and pieces of HTML, in any order, in every kind of text.
func TestAnyMixOfSignsStaysWhatSomebodyWrote(t *testing.T) {
	pieces := []string{
		"*", "**", "_", "__", "`", "```", "~~~", "#", "## ", "- ", "- [ ] ", "- [x] ", "+ ", "1. ", "12) ", "> ", "[!NOTE]", "|", "|---|", "---", "===",
		": ", "[^1]", "[^1]: ", "[a](b)", "![a](b)", "[a]: b", "{#a}", "{.b}", "{", "}", "\\", "&amp;", "&", "&copy", ";", "<", ">", "<<", ">>", "!", "://", "@",
		"\n", "\n\n", " ", "  ", "\t", "    ", "a", "b", "Word", "1", "é", "日本", "\u00a0", "\u2028", "\x00", "\ue0ff", "\uf002", "\"", "'", "...", "--", "_____", ".", ",",
		"<p>", "</p>", "<br>", "<b>", "</b>", "<i>", "</i>", "<ul>", "<ol start=7>", "<li>", "</ul>", "<blockquote>", "</blockquote>", "<pre>", "</pre>",
		"<code>", "</code>", "<table>", "<tr>", "<td>", "<th colspan=9999999>", "</table>", "<h1>", "</h1>", "<a href='http://a.b/c_d(e)'>", "</a>",
		"<sup>", "</sup>", "<hr>", "<dl><dt>", "<dd>", "<script>", "</script>", "<!--", "-->", "<x-y>", "<img src=a alt=b>",
	}
	random := rand.New(rand.NewPCG(1, 2))
	mix := func() string {
		var b strings.Builder
		for range random.IntN(25) {
			b.WriteString(pieces[random.IntN(len(pieces))])
		}
		return b.String()
	}
	for range 400 {
		b := &Bank{file: "bank.xml"}
		formats := []format{richText, autoText, plainText, markdownText}
		any := func(before string) text { return text{format: formats[random.IntN(4)], raw: before + mix()} }
		for _, f := range []form{description, essay, question} {
			it := item{form: f, title: mix(), stem: any("")}
			if f == question {
				it.choices = []choice{
					{text: any("a"), right: true, feedback: []text{any("")}},
					{text: any("b"), feedback: []text{any(""), any("")}},
				}
			}
			b.items = append(b.items, it)
		}
		checkCards(t, b)
		require.False(t, t.Failed(), "%q", b.items)
	}
}
