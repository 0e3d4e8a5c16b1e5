package content_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// Whatever an author writes, there is a module to look at, every finding
// points into the file, and the page holds no markup but our own.
func FuzzParseModule(f *testing.F) {
	for _, files := range corpus(f) {
		f.Add(text(files))
	}
	f.Add("\uFEFF---\r\ntitle: a\r\n---\r\n## A\r\n\r\n```reflect\r\n\r\n```\r\n")
	f.Add("---\nx: &a [*a]\n---\n## [a [b](c) ![d ![e](f)](g)](#h)\n- [x](#y)\n")
	f.Add("---\ntitle: a\naudience: b\norder: [c, d]\ndisclosures: e\nlang: ar\n---\n> [!NOTE]\n> f[^g]\n\n[^g]: [h](/modules/i) ![j](k.svg)\n")
	front, _, _ := strings.Cut(validModule, "## ")
	picture := content.File{Name: "a.svg", Data: []byte(`<svg width="1" height="1"/>`)}
	f.Fuzz(func(t *testing.T, text string) {
		checkModule(t, source(text))
		checkModule(t, append(source(front+text), picture))
		checkProgram(t, text)
	})
}

// The pieces of the notation, in any order and depth.
func TestAnyMixOfTheNotationMakesASoundPage(t *testing.T) {
	pieces := []string{
		"## A\n", "## B {#b .branch}\n", "## C {#c .practice}\n", "## {.branch .pocket}\n", "## O {objective=1}\n", "## P {#p .practice objective=\"9\"}\n", "# D\n", "### E {#e}\n", "F\n---\n",
		"- [ ] ", "- [x] ", "* ", "1. ", "> ", "> > ", "> [!NOTE]\n", "> **A:** ", "**A:** ", "\t", "  ", "    ", "\n", "\n\n", " ",
		"[a](#b)", "[a](#c)", "- [a](#b)\n", "- [a](#c)\n", "![a](a.svg)", "![](a.svg \"b\")", "<https://a.b>", "[a]", "[a]: #b\n", "[^a]", "[^a]: ", "[^b]",
		"```reflect\n", "```commit\n", "```\n", "| a | b |\n|---|:-:|\n", "a | b\n", ": ", "a", "b ", "*", "**", "_", "`", "\"", "'", "...", "--", "{#b}", "{", "}", "\\",
		"<b>", "<script>", "<!-- ", "-->", "&amp;", "&#0;", "\x00", "\xff", "\r", "\u2028", "é", "日本", "---\n", "title: ",
	}
	front, _, _ := strings.Cut(validModule, "## ")
	picture := content.File{Name: "a.svg", Data: []byte(`<svg width="1" height="1"/>`)}
	random := rand.New(rand.NewPCG(1, 2))
	for range 3000 {
		var text strings.Builder
		text.WriteString(front)
		for range random.IntN(60) {
			text.WriteString(pieces[random.IntN(len(pieces))])
		}
		checkModule(t, append(source(text.String()), picture))
		require.False(t, t.Failed(), "%q", text.String())
	}
}

func checkModule(t *testing.T, files content.Source) {
	m, findings := content.ParseModule("p", "s", files)
	require.NotNil(t, m)
	checkFindings(t, text(files), findings)
	checkFindings(t, text(files), content.CheckItems(&content.Library{Programs: []*content.Program{{Modules: []*content.Module{m}}}}))

	page := string(m.Body) + string(m.Notes)
	assert.Empty(t, wellFormed(page))
	assert.NotContains(t, strings.ToLower(page), "<script")
	assert.NotContains(t, strings.ToLower(page), `"javascript:`)
	assert.True(t, utf8.ValidString(page))

	ids := map[string]bool{}
	for _, c := range m.Cards {
		assert.False(t, ids[c.ID], "the id of a card is its own")
		ids[c.ID] = true
	}
	for _, q := range m.Questions() {
		for _, o := range q.Options {
			assert.Empty(t, wellFormed(o.Feedback))
			assert.False(t, ids[q.ID+" "+o.ID], "the id of an option is its own")
			ids[q.ID+" "+o.ID] = true
		}
	}
	again, _ := content.ParseModule("p", "s", files)
	assert.Equal(t, m, again, "the same source makes the same module")
	checkReader(t, m)
	checkProof(t, files, findings)
	checkTranslation(t, files)
}

// Whatever a learner wrote, and in whatever order the options are shown, the
// page is a sound one, and the quiz and the skills cards are too.
func checkReader(t *testing.T, m *content.Module) {
	assert.Equal(t, string(m.Body), bodyFor(t, m, content.Reader{}), "what belongs to nobody is what all share")
	reader := content.Reader{Order: backwards, Reflections: map[string]content.Written{}}
	ids := map[string]bool{}
	for _, p := range m.Prompts {
		assert.False(t, ids[p.ID], "the id of a prompt is its own")
		ids[p.ID] = true
		reader.Reflections[p.ID] = content.Written{Text: "\r\n</textarea><script>", Mark: `"><script>`}
	}
	page := bodyFor(t, m, reader)
	assert.Empty(t, wellFormed(page))
	assert.NotContains(t, page, "<script")
	fields := strings.Count(string(m.Body), "<textarea")
	assert.LessOrEqual(t, fields, len(m.Prompts), "a branch that nothing leads to is not shown")
	assert.Equal(t, fields, strings.Count(page, "&lt;/textarea&gt;"), "each text is in its field")
	for _, i := range m.Intentions {
		assert.False(t, ids["intention "+i.ID], "the id of an intention is its own")
		ids["intention "+i.ID] = true
	}
	var quiz strings.Builder
	require.NoError(t, m.WriteQuiz(&quiz, reader))
	assert.Empty(t, wellFormed(quiz.String()))
	assert.Empty(t, wellFormed(string(m.Pocket())))
	assert.NotContains(t, string(m.Pocket()), "<textarea")
}

// Whatever there is to say of a module, its proof says all of it, and is a sound
// page too.
func checkProof(t *testing.T, files content.Source, findings []content.Finding) {
	proof := content.ParseProof("p", "s", files, content.Proof{Findings: findings, Feedback: true})
	assert.Empty(t, wellFormed(string(proof.Body)))
	assert.Equal(t, len(findings), strings.Count(string(proof.Body), `<aside class="finding `))
}

// A module is its own translation: whatever text there is, it has the same
// cards, questions and options.
func checkTranslation(t *testing.T, files content.Source) {
	both := append(slices.Clone(files), content.File{Name: "module.es.md", Data: []byte(text(files))})
	m, findings := content.ParseModule("p", "s", both)
	es := m.In("es")
	require.NotSame(t, m, es)
	assert.Empty(t, wellFormed(string(es.Body)))
	assert.NotContains(t, rules(slices.DeleteFunc(findings, func(f content.Finding) bool { return f.Line < 10 })), "translation-differs")
	for i, c := range m.Cards {
		assert.Equal(t, c.ID, es.Cards[i].ID)
	}
	assert.Equal(t, m.Prompts, es.Prompts)
	assert.Equal(t, m.Intentions, es.Intentions)
}

// A programme is its own translation too: whatever text there is, it has the same
// title and terms, and what it gives twice is all that is wrong with that.
func checkProgram(t *testing.T, text string) {
	p, findings := content.ParseProgram("p", content.Source{
		{Name: "program.es.md", Data: []byte(text)}, {Name: "program.md", Data: []byte(text)},
	})
	require.NotNil(t, p)
	checkFindings(t, text, findings)
	es := p.In("es")
	require.NotSame(t, p, es)
	for _, in := range []*content.Program{p, es} {
		assert.Empty(t, wellFormed(in.Cover))
		assert.NotContains(t, strings.ToLower(in.Cover), "<script")
	}
	assert.Equal(t, []any{p.Slug, p.Title, p.Audience, p.Order, p.Credit, p.Disclosures, p.Accreditation, p.Assets, p.Source},
		[]any{es.Slug, es.Title, es.Audience, es.Order, es.Credit, es.Disclosures, es.Accreditation, es.Assets, es.Source})
	assert.NotContains(t, rules(findings), "not-translated")
	again, _ := content.ParseProgram("p", p.Source)
	assert.Equal(t, p, again, "the same source makes the same programme")
}

func checkFindings(t *testing.T, text string, findings []content.Finding) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\uFEFF"))
	lines := strings.Split(text, "\n")
	for _, f := range findings {
		if strings.HasSuffix(f.File, ".svg") {
			continue
		}
		if assert.True(t, 1 <= f.Line && f.Line <= len(lines), f.String()) {
			line := lines[f.Line-1]
			assert.True(t, 1 <= f.Column && f.Column <= utf8.RuneCountInString(line)+1, f.String())
		}
		assert.NotEmpty(t, f.Rule)
		assert.NotEmpty(t, f.Message)
		assert.NotContains(t, f.Message, "\n", "a finding is one line")
	}
}
