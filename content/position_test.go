package content_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// Each case marks with ‸ where an editor's cursor would have to go.
func TestFindingsAreAtTheVeryCharacter(t *testing.T) {
	tests := []struct{ name, text, rule string }{
		{"a link in a line", "## A\n\nSee ‸[here](#no).", "no-such-card"},
		{"behind letters of several bytes", "## A\n\nÄöü – “日本” 👩‍⚕️ ‸[here](#no).", "no-such-card"},
		{"behind a tab", "## A\n\nText\t‸[here](#no).", "no-such-card"},
		{"in a list indented with a tab", "## A\n\n-\t‸[here](#no) and more\n-\tmore", "no-such-card"},
		{"in a second paragraph of an item", "## A\n\n- One\n\n\tTwo ‸[here](#no).", "no-such-card"},
		{"in a second paragraph of a deeper item", "## A\n\n-\t- One\n\n\t\tTwo ‸[here](#no).", "no-such-card"},
		{"in a quote", "## A\n\n>\t> Text ‸[here](#no).", "no-such-card"},
		{"in a table", "## A\n\n| a | b |\n|---|---|\n| ä |  ‸[c](#no) |", "no-such-card"},
		{"in a footnote", "## A\n\nText[^1].\n\n[^1]: See ‸[c](#no)\n    or ‘d’.", "no-such-card"},
		{"in a definition", "## A\n\nName\n:   What *she* ‸[says](#no).", "no-such-card"},
		{"in a reflection", "## A\n\n```reflect\nOne.\n\n  Two ‸[c](#no).\n```", "no-such-card"},
		{"in an intention", "## A\n\n``` commit\n- One\n-  ‸[c](#no)\n```", "no-such-card"},
		{"in an item of a question, later in the line", "## A\n\n- [x] ä ‸[c](#no)\n- [x] b", "no-such-card"},
		{"a reference whose address is elsewhere", "## A\n\nSee ‸[here].\n\n[here]: #no", "no-such-card"},
		{"an image", "## A\n\nä ‸![](a.svg)", "no-alternative-text"},
		{"an address in angle brackets", "## A\n\nä ‸<ftp://example.org>", "bad-link"},
		{"HTML in a line", "## A\n\nä *b* ‸<b>c</b>", "raw-html"},
		{"HTML in an item", "## A\n\n- ‸<div>", "raw-html"},
		{"an indented heading", "## A\n\n  ‸# B", "level-1-heading"},
		{"an underlined heading", "## A\n\n‸B\n===", "level-1-heading"},
		{"a heading in an item", "## A\n\n-\t‸# B", "level-1-heading"},
		{"an option", "## A\n\n- [x] a\n\n  text\n\n‸- [ ] b", "no-feedback"},
		{"an indented option", "## A\n\n - [x] a\n ‸- [ ] b", "no-feedback"},
		{"a box in a quote", "## A\n\n> -\t‸[x] a", "stray-box"},
		{"a card", "## A\n\nText\n\n‸## A {#a .pocket}\n\nText", "duplicate-card-id"},
		{"a long sentence after a short one", "## A\n\nÄ. ‸" + strings.Repeat("ä ", 36) + ". Next.", "long-sentence"},
		{"a long sentence in quotes", "## A\n\n(Ä.) ‸\"" + strings.Repeat("ä ", 36) + ".\"", "long-sentence"},
		{"a long sentence on a new line", "## A\n\nÄ!\n**‸B** " + strings.Repeat("ä\n", 36), "long-sentence"},
		{"a call-out", "## A\n\n> ‸[!INFO]\n> Text", "unknown-callout"},
		{"a byte that is no UTF-8", "## A\n\nä ‸\xff\xfe b \xff", "not-utf-8"},
	}
	front, _, _ := strings.Cut(validModule, "## ")
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			positionIs(t, front+test.text, test.rule)
		})
	}
}

func TestFindingsInFrontMatterAreAtTheVeryCharacter(t *testing.T) {
	tests := []struct{ name, old, new, rule string }{
		{"an unknown key", "minutes: 3", "minutes: 3\n‸moments: 4", "unknown-key"},
		{"a repeated key", "minutes: 3", "minutes: 3\n‸minutes: 4", "repeated-key"},
		{"a value behind spaces", "minutes: 3", "minutes:    ‸9", "wrong-value"},
		{"a value after letters of several bytes", "authors: [A. Educator]", `authors: ["Ä. 👩‍⚕️", ‸{a: b}]`, "wrong-value"},
		{"a value on the next line", "title: Names first", "title:\n  ‸- [a]", "wrong-value"},
		{"after a line end that only YAML knows", "title: Names first", "title: \"A\u2028 b\"\nminuten: 2\n", ""},
		{"a colon too many", "title: Names first", "x: 1\n‸title: Names: first", "front-matter-syntax"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.rule == "" {
				m, findings := content.ParseModule("p", "s", source(strings.Replace(validModule, test.old, test.new, 1)))
				require.NotNil(t, m)
				require.Len(t, findings, 1)
				assert.Equal(t, "3:1", fmt.Sprintf("%d:%d", findings[0].Line, findings[0].Column))
				return
			}
			positionIs(t, strings.Replace(validModule, test.old, test.new, 1), test.rule)
		})
	}
}

// positionIs checks that the first finding of a rule is where ‸ is in a text,
// with every kind of line end and with a byte order mark.
func positionIs(t *testing.T, marked, rule string) {
	before, _, found := strings.Cut(marked, "‸")
	require.True(t, found)
	line := strings.Count(before, "\n") + 1
	last := before[strings.LastIndexByte(before, '\n')+1:]
	want := fmt.Sprintf("%d:%d", line, len([]rune(last))+1)
	text := strings.Replace(marked, "‸", "", 1)
	for name, text := range map[string]string{
		"LF": text, "CRLF": strings.ReplaceAll(text, "\n", "\r\n"),
		"CR": strings.ReplaceAll(text, "\n", "\r"), "BOM": "\uFEFF" + text,
	} {
		files := append(source(text), content.File{Name: "a.svg", Data: []byte("<svg/>")})
		_, findings := content.ParseModule("p", "s", files)
		got := ""
		for _, f := range findings {
			if f.Rule == rule && got == "" {
				got = fmt.Sprintf("%d:%d", f.Line, f.Column)
			}
		}
		assert.Equal(t, want, got, "%s: %s", name, listing(findings))
	}
}
