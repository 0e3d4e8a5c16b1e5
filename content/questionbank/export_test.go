package questionbank_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
	"first5/content/questionbank"
)

const full = `---
title: Names first
summary: Use the name.
minutes: 5
edition: "2026"
objectives: [Use the name]
authors: [A. Educator]
---

## At the door {#door}

- ["Good morning."](#which)

## Which *one*: this? {#which}

- [x] A~B = C #1 {D}

  Ask \\ listen.
- [ ] No

  ` + "```" + `
  two
  lines
  ` + "```" + `

## All of it {#all}

> **Ms Rivera:** I told the nurse.
>
> > She is asking.

See [the card](#which), [the paper](https://example.org/a_b) and [the file](sheet.pdf).[^a]

![A chair](chair.svg)

- [x] One

  Yes.[^b]
- [x] Two
- [x] Three
- [ ] Four

  No.

## How do you feel? {#mood}

- [ ] Well
- [ ] Less well

[^a]: A *source*.
[^b]: Another one.
`

func fullModule(t *testing.T) *content.Module {
	m, findings := content.ParseModule("p", "m", content.Source{
		{Name: "chair.svg", Data: []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>`)},
		{Name: "module.md", Data: []byte(full)},
		{Name: "sheet.pdf", Data: []byte("%PDF")},
	})
	require.Empty(t, findings)
	return m
}

func TestAModulesQuestionsGoOutAsGIFT(t *testing.T) {
	var out strings.Builder
	problems, err := questionbank.WriteGIFT(&out, fullModule(t))
	require.NoError(t, err)
	assert.Equal(t, `$CATEGORY: p/m

// [id:which]
::Which one\: this?::[html]<p>Which one\: this?</p> {
=A\~B \= C \#1 \{D\}#<p>Ask \\ listen.</p>
~No#<pre><code>two\nlines\n</code></pre>
}

// [id:all]
::All of it::[html]<blockquote>\n<p><b>Ms Rivera\:</b> I told the nurse.</p>\n<blockquote>\n<p>She is asking.</p>\n</blockquote>\n</blockquote>\n<p>See the card, <a href\="https\://example.org/a_b">the paper</a> and the file. (A source.)</p>\n<figure>A chair</figure> {
~%33.33333%One#<p>Yes. (Another one.)</p>
~%33.33333%Two
~%33.33333%Three
~%-100%Four#<p>No.</p>
}

`, out.String())
	assert.Equal(t, `p/m/module.md:26: "All of it": a link to a file or page of the module is left out, and its words stay: add the file again after the import
p/m/module.md:26: "All of it": a picture or video is left out, and its alternative text stands in its place: add it again after the import
p/m/module.md:45: "How do you feel?": a poll has no right option, and GIFT asks for one, so it is left out
`, listing(problems))
}

// Speech stays speech, and the words of footnotes stay with what they prove.
func TestWhatGIFTCannotHoldComesBackAsWords(t *testing.T) {
	var out strings.Builder
	_, err := questionbank.WriteGIFT(&out, fullModule(t))
	require.NoError(t, err)
	b, problems := questionbank.Read("bank.gift", []byte(out.String()))
	assert.Empty(t, problems)
	cards, problems := b.Cards()
	assert.Empty(t, problems)
	assert.Contains(t, cards, "## Which one: this? {#which}\n\n- [x] A~B")
	assert.Contains(t, cards, "> **Ms Rivera:** I told the nurse.\n>\n> > She is asking.")
	assert.Contains(t, cards, "(A source.)")
	assert.Contains(t, cards, "  ```\n  two\n  lines\n  ```")
}
