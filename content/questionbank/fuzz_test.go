package questionbank

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// Whatever a bank holds, its cards are the questions that were read, and only
// an author's own decisions are left to make.
func FuzzGIFT(f *testing.F) {
	seed(f, ".gift")
	f.Fuzz(func(t *testing.T, data []byte) { checkBank(t, ReadGIFT, data) })
}

// The same for Moodle XML.
func FuzzMoodleXML(f *testing.F) {
	seed(f, ".xml")
	f.Fuzz(func(t *testing.T, data []byte) { checkBank(t, ReadMoodleXML, data) })
}

// Any HTML in a text comes out as words that say the same.
func FuzzHTML(f *testing.F) {
	for _, s := range []string{"<p>a</p>", "a<b>\"b\"</b>c", "<ul><li>a<ol><li>b", "<table><tr><td>a<td>b", "<pre>a\n b", "1. a<br>- b", "<a href=http://a.b>c</a>!", "a_b_ `c` [d]: e"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, markup string) {
		if len(markup) > longestChecked {
			t.Skip()
		}
		b := &Bank{file: "bank.xml", items: []item{
			{form: description, title: "A", stem: text{format: richText, raw: markup}},
			{form: essay, title: "B", stem: text{format: autoText, raw: markup}},
			{form: question, title: "C", stem: text{format: plainText, raw: markup}, choices: []choice{
				{text: text{format: richText, raw: "a" + markup}, right: true},
				{text: text{format: plainText, raw: "b" + markup}, feedback: []text{{format: markdownText, raw: markup}}},
			}},
		}}
		checkCards(t, b)
	})
}

func seed(f *testing.F, ext string) {
	archives, err := filepath.Glob("testdata/*.txtar")
	require.NoError(f, err)
	for _, name := range archives {
		a, err := txtar.ParseFile(name)
		require.NoError(f, err)
		for _, file := range a.Files {
			if filepath.Ext(file.Name) == ext {
				f.Add(file.Data)
			}
		}
	}
}

func checkBank(t *testing.T, read func(string, []byte) (*Bank, []Problem), data []byte) {
	b, problems := read("bank", data)
	lines := 1 + strings.Count(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(data)), "\n")
	for _, p := range problems {
		assert.True(t, 1 <= p.Line && p.Line <= lines, p.String())
		assert.NotContains(t, p.String(), "\n", "a problem is one line")
	}
	if b.Items() == 0 {
		assert.NotEmpty(t, problems, "nothing comes of it without a word")
	}
	for _, it := range b.items {
		texts := []text{it.stem}
		for _, c := range it.choices {
			texts = append(append(texts, c.text), c.feedback...)
		}
		for _, text := range texts {
			if len(text.raw) > longestChecked {
				t.Skip()
			}
		}
	}
	checkCards(t, b)
}

// longestChecked keeps clear of the longest paragraph that a module may have.
const longestChecked = 2000

func checkCards(t *testing.T, b *Bank) {
	cards, problems := b.Cards()
	checkModule(t, b, asModule(cards, nil), problems)
	source, problems := b.Module("2026")
	checkModule(t, b, source, problems)
}

func checkModule(t *testing.T, b *Bank, source content.Source, problems []Problem) {
	m, findings := content.ParseModule("p", "m", source)
	for _, f := range findings {
		assert.True(t, leftToAuthor(f.Rule), f.String())
	}
	for _, p := range problems {
		assert.NotContains(t, p.String(), "\n", "a problem is one line")
		assert.NotContains(t, p.Message, "can't be written in this notation", "plain words always can")
	}
	require.Len(t, m.Cards, len(b.items))
	for i, c := range m.Cards {
		it := b.items[i]
		if it.form != question {
			require.Nil(t, c.Question)
			continue
		}
		require.NotNil(t, c.Question)
		assert.Equal(t, it.practice, c.Question.Practice)
		require.Len(t, c.Question.Options, len(it.choices))
		for j, o := range c.Question.Options {
			assert.Equal(t, it.choices[j].right, o.Right)
		}
	}
	if t.Failed() {
		md, _ := source.File("module.md")
		t.Logf("%s", md)
	}
}
