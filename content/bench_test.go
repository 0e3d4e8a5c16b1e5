package content_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"

	"first5/content"
)

// long returns a module of about 1,200 words, the most that five minutes hold.
func long(b *testing.B) content.Source {
	front, _, _ := strings.Cut(validModule, "## ")
	const cards = `
## Ms Rivera looks up, time %d {#rivera%d}

You meet her at *half past nine*: she has waited for forty minutes, and she has told her story twice.[^%d]
Sit down before you speak, and let her see that you have read what she "told the nurse".

> **Ms Rivera:** I already told the nurse all of this.
>
> > She is asking a question: will you read, or will you listen?

- ["I know. I'd like to hear it from you."](#listen%d)
- [Right, let me check the chart.](#chart%d)

## She goes on {#listen%d .branch}

Her shoulders drop; it began in May, she says, after the [move](https://example.org/move) to the new house.

## She falls silent {#chart%d .branch}

You hear the clock, and she hears your keyboard. Look up, say what you saw there, and **ask again**.

## What did she need first, time %d? {#need%d}

- [ ] A faster visit

  It may feel so, but she said something else: nobody has listened yet.
- [x] To be heard by you

  Yes: telling it once more is tiring, and it is also her offer of trust.
- [ ] A new prescription

  Later, perhaps; first she needs to know that you are there.

[^%d]: Zulman DM et al. JAMA 2020;323(1):70–81.
`
	text := front
	for _, n := range []string{"1", "2", "3", "4", "5", "6"} {
		text += strings.ReplaceAll(cards, "%d", n)
	}
	return source(text)
}

// BenchmarkParseModule reports how many times as long a module takes as
// goldmark takes to render the same text with nothing added to it.
func BenchmarkParseModule(b *testing.B) {
	files := long(b)
	m, findings := content.ParseModule("p", "s", files)
	require.False(b, content.HasErrors(findings), listing(findings))
	require.Len(b, m.Questions(), 6)

	bare := timeOf(200, func() { require.NoError(b, bareGoldmark(text(files))) })
	b.ReportAllocs()
	for b.Loop() {
		content.ParseModule("p", "s", files)
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "x-goldmark")
}

func bareGoldmark(text string) error {
	var page bytes.Buffer
	return goldmark.New().Convert([]byte(text), &page)
}

// timeOf returns how long a function takes, on average.
func timeOf(times int, f func()) time.Duration {
	f()
	start := time.Now()
	for range times {
		f()
	}
	return time.Since(start) / time.Duration(times)
}

// BenchmarkGrowth compares a module in which one piece of notation is repeated
// to one that is half as long. growth should stay near 2: at 4 the time would be
// quadratic.
func BenchmarkGrowth(b *testing.B) {
	for name, piece := range map[string]string{
		"quotes": "> a\n\n", "brackets": "[", "lists": "- a\n", "emphasis": "*a ", "boxes": "- [ ] a\n",
		"cards": "## a\n", "links": "[a](#b) ", "html": "<b>\n\n", "footnotes": "[^a] ", "replies": "- [a](#a)\n",
		"nested quotes": "> ", "nested lists": "- ", "pictures": "![a](a.svg) ", "notes": "[^a]\n\n[^a]: a\n\n",
		"unclosed links": "[a](", "crossed emphasis": "**a*b__c_", "definitions": "[a]: #b\n\n",
		"same card": "## A {#a}\n", "options": "- [ ] a\n\n  b\n", "terms": "a\n: b\n\n", "tables": "|a|b|\n|-|-|\n|c|d|\n\n",
		"backticks": "`a``", "underscores": "_a__b", "references": "[a]: #b\n", "lazy quotes": "> a\nb\n", "autolinks": "<https://a.b> ",
	} {
		b.Run(name, func(b *testing.B) {
			half := source(validModule + "\n" + strings.Repeat(piece, 20_000/len(piece)))
			whole := source(validModule + "\n" + strings.Repeat(piece, 40_000/len(piece)))
			var ofHalf, ofWhole time.Duration
			for b.Loop() {
				start := time.Now()
				content.ParseModule("p", "s", half)
				middle := time.Now()
				content.ParseModule("p", "s", whole)
				ofHalf += middle.Sub(start)
				ofWhole += time.Since(middle)
			}
			b.ReportMetric(ofWhole.Seconds()/ofHalf.Seconds(), "growth")
			b.ReportMetric(0, "ns/op") // of both together: it says nothing
		})
	}
}
