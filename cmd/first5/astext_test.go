package main

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMarkupBecomesTextThatATerminalCanShow(t *testing.T) {
	for _, test := range []struct{ name, markup, want string }{
		{"paragraphs", "<h2>Sit</h2>\n<p>One <em>two</em>.</p>\n<p>Three.<sup><a>1</a></sup></p>", "Sit\n\nOne two.\n\nThree.[1]\n"},
		{"lists", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol>\n<li>c</li>\n<li>d</li>\n</ol>", "- a\n- b\n1. c\n2. d\n"},
		{"speech", `<blockquote class="speech"><p><b class="speaker">Ms Rivera</b> Hello.</p></blockquote><p>Then.</p>`, "  Ms Rivera: Hello.\n\nThen.\n"},
		{"options", `<label><input type="radio"><span>Yes</span></label><label><input type="checkbox"><span>No</span></label>`, "( ) Yes\n[ ] No\n"},
		{"what is folded", "<details><summary>Ask</summary><div><p>Good.</p></div></details>", "> Ask\n\n  Good.\n"},
		{"tables", "<table><tr><th>a</th>\n<th>b</th></tr>\n<tr><td>c</td><td>d</td></tr></table>", "a | b\nc | d\n"},
		{"pictures", `<figure><img alt="A chair"><figcaption>It is free</figcaption></figure>`, "[Picture: A chair]\nIt is free\n"},
		{"long lines", "<ul><li>" + strings.Repeat("word ", 20) + "</li></ul>",
			"- " + strings.TrimSpace(strings.Repeat("word ", 14)) + "\n  " + strings.TrimSpace(strings.Repeat("word ", 6)) + "\n"},
	} {
		t.Run(test.name, func(t *testing.T) { assert.Equal(t, test.want, asText([]byte(test.markup))) })
	}
}
