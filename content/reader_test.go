package content_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/content"
)

// visit has two private questions on one card, one more on a card whose id looks
// like that of the second, and intentions on two cards.
const visit = `
` + "```reflect\nWhen did you *last* ask?\n\nAnd how?\n```" + `

` + "```reflect\nWhat did she say?\n```" + `

` + "```commit\n- Ask for the *name*\nSit down first\n```" + `

## More {#hello-2}

` + "```reflect\nHow is it now?\n```" + `

> **Ms Rivera:** Well.
>
> ` + "```commit\n> Sit down first\n> ```" + `

## Which? {#which}

- [ ] One

  No: [see here](#hello-2), [there](#hello) and [here](#hello-2).
- [x] Two

  Yes, unlike [the other](#other "Other").
- [ ] Three

  No, see [the skills](#pocket).[^a]

## Other {#other}

` + "```reflect\nSure?\n```" + `

- [x] One
- [x] Two

## Practice {#practice .practice}

- [ ] One

  See [the first card](#hello).
- [x] Two

## Pocket {#pocket .pocket}

Sit.[^a] Then [ask](#which).

[^a]: A source, as on [this card](#hello).
`

func visited(t testing.TB) *content.Module {
	t.Helper()
	m, findings := content.ParseModule("p", "names-first", source(validModule+visit))
	require.Empty(t, findings, listing(findings))
	return m
}

func bodyFor(t *testing.T, m *content.Module, r content.Reader) string {
	t.Helper()
	var page strings.Builder
	require.NoError(t, m.WriteBody(&page, r))
	return page.String()
}

func quizFor(t *testing.T, m *content.Module, r content.Reader) string {
	t.Helper()
	var page strings.Builder
	require.NoError(t, m.WriteQuiz(&page, r))
	return page.String()
}

func TestPrivateQuestionsAreFoundByTheirCard(t *testing.T) {
	m := visited(t)
	assert.Equal(t, []content.Prompt{
		{ID: "hello", Card: "hello", Text: "When did you last ask? And how?"},
		{ID: "hello-3", Card: "hello", Text: "What did she say?"},
		{ID: "hello-2", Card: "hello-2", Text: "How is it now?"},
		{ID: "other", Card: "other", Text: "Sure?"},
	}, m.Prompts, "a card's first question has the card's id, whatever other cards are called")
	second, ok := m.Prompt("hello-3")
	assert.True(t, ok)
	assert.Equal(t, "What did she say?", second.Text)
	_, ok = m.Prompt("which")
	assert.False(t, ok)
}

func TestIntentionsAreTheLinesOfAllBlocks(t *testing.T) {
	assert.Equal(t, []content.Intention{
		{ID: "ask-for-the-name", Text: "Ask for the name"},
		{ID: "sit-down-first", Text: "Sit down first"},
		{ID: "sit-down-first-2", Text: "Sit down first"},
	}, visited(t).Intentions)
	assert.NotContains(t, string(visited(t).Body), `value="sit-down-first`, "they are chosen on another page")
}

func TestATranslationAsksTheSameUnderTheSameIDs(t *testing.T) {
	_, m := full(t)
	es := m.In("es")
	assert.Equal(t, []content.Prompt{{ID: "before-you-sit-down", Card: "before-you-sit-down", Text: "When did you last ask? And “how”?"}}, m.Prompts)
	assert.Equal(t, []content.Prompt{{ID: "before-you-sit-down", Card: "before-you-sit-down", Text: "¿Cuándo preguntó usted por última vez?"}}, es.Prompts)
	assert.Equal(t, []content.Intention{{ID: "ask-for-the-name", Text: "Preguntar por el nombre"}, {ID: "sit-down-first", Text: "Sentarse primero"}}, es.Intentions)
}

func TestALearnerFindsWhatTheyWrote(t *testing.T) {
	m := visited(t)
	for _, text := range []string{
		"Yesterday.", "\nbelow an empty line", "\n\ntwo of them", "\r\nfrom a form", "a\n\nb\n", " spaces ",
		"</textarea><script>alert(1)</script>", "&lt;b> &amp; \"quotes\" 'and' more", "日本 é 👩‍⚕️", strings.Repeat("long ", 1600),
	} {
		page := bodyFor(t, m, content.Reader{Reflections: map[string]content.Written{
			"hello-3": {Text: text, Mark: `a"<&b`}, "unknown": {Text: "of another version"},
		}})
		require.Empty(t, wellFormed(page))
		fields := fieldsOf(t, page)
		assert.Equal(t, strings.ReplaceAll(text, "\r\n", "\n"), fields["r.hello-3"], "a browser shows what was written")
		assert.Equal(t, `a"<&b`, fields["w.hello-3"])
		assert.Empty(t, fields["r.hello"])
		assert.Empty(t, fields["w.hello"])
		assert.NotContains(t, page, "of another version")
	}
	assert.Equal(t, string(visited(t).Body), string(m.Body), "what all readers share stays as it is")
	assert.Equal(t, string(m.Body), bodyFor(t, m, content.Reader{}), "who wrote nothing finds it empty")
}

func TestATextOfTwoDevicesCanBeEditedWhole(t *testing.T) {
	m := visited(t)
	for length, most := range map[int]string{0: "8000", content.LongestAnswer: "8000", content.LongestAnswer + 1: "8001", 2 * content.LongestAnswer: "16000"} {
		page := bodyFor(t, m, content.Reader{Reflections: map[string]content.Written{"hello": {Text: strings.Repeat("é", length)}}})
		require.Empty(t, wellFormed(page))
		assert.Regexp(t, `<textarea name="r.hello" [^>]*maxlength="`+most+`"`, page)
		assert.Regexp(t, `<textarea name="r.hello-3" [^>]*maxlength="8000"`, page, "the others stay")
		assert.Len(t, []rune(fieldsOf(t, page)["r.hello"]), length)
	}
}

// fieldsOf returns the text of each field of a page, by name, as a browser has it.
func fieldsOf(t *testing.T, page string) map[string]string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	require.NoError(t, err)
	fields := map[string]string{}
	for n := range root.Descendants() {
		name, value := "", ""
		for _, a := range n.Attr {
			switch a.Key {
			case "name":
				name = a.Val
			case "value":
				value = a.Val
			}
		}
		if n.Data == "textarea" && n.FirstChild != nil {
			value = n.FirstChild.Data
		}
		if n.Data == "textarea" || n.Data == "input" {
			fields[name] = value
		}
	}
	return fields
}

func TestOptionsAreShownInTheReadersOrder(t *testing.T) {
	m := visited(t)
	page := bodyFor(t, m, content.Reader{Order: backwards})
	require.Empty(t, wellFormed(page))
	inOrder(t, page, `value="three"`, `value="two"`, `value="one"`, `id="other"`, `value="two"`, `value="one"`)
	inOrder(t, page, "<summary>One</summary>", "<summary>Two</summary>", `id="pocket"`)
	assert.Len(t, page, len(m.Body), "it is the same page in another order")

	asked := map[string]int{}
	bodyFor(t, m, content.Reader{Order: func(question string, options int) []int {
		asked[question] = options
		return nil
	}})
	assert.Equal(t, map[string]int{"which": 3, "other": 2}, asked, "only for graded questions")
}

func TestAnOrderThatIsNoneLeavesTheAuthors(t *testing.T) {
	m := visited(t)
	for _, order := range [][]int{nil, {}, {0}, {0, 1, 1}, {1, 2, 3}, {-1, 0, 1}, {0, 1, 2, 3}} {
		page := bodyFor(t, m, content.Reader{Order: func(string, int) []int { return order }})
		assert.Equal(t, string(m.Body), page, "%v", order)
	}
}

func TestTheQuizHasTheGradedQuestionsAlone(t *testing.T) {
	m := visited(t)
	quiz := quizFor(t, m, content.Reader{Order: backwards, Reflections: map[string]content.Written{"other": {Text: "Quite"}}})
	assert.Empty(t, wellFormed(quiz))
	inOrder(t, quiz, `<section class="card question" id="which"`, `value="three"`, `value="one"`, `id="other"`, "\nQuite</textarea>", "</section>\n")
	for _, left := range []string{"Hello", "Practice", "Pocket", "Well."} {
		assert.NotContains(t, quiz, left)
	}
	assert.Equal(t, 2, strings.Count(quiz, "<section"))
	plain, _ := content.ParseModule("p", "s", source(validModule))
	assert.Empty(t, quizFor(t, plain, content.Reader{}))
}

// full refuses to be written to after some bytes.
type fullDisk struct{ left int }

var errFull = errors.New("no space left")

func (f *fullDisk) Write(p []byte) (int, error) {
	f.left -= len(p)
	if f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestAPageThatCannotBeWrittenIsAnError(t *testing.T) {
	m := visited(t)
	r := content.Reader{Order: backwards, Reflections: map[string]content.Written{"hello": {Text: "a"}}}
	for _, room := range []int{0, 500, len(m.Body) - 400} {
		assert.ErrorIs(t, m.WriteBody(&fullDisk{left: room}, r), errFull)
	}
	assert.ErrorIs(t, m.WriteQuiz(&fullDisk{left: 200}, r), errFull)
}

func TestThePocketCardStandsAlone(t *testing.T) {
	pocket := string(visited(t).Pocket())
	assert.Empty(t, wellFormed(pocket))
	assert.Equal(t, `<section class="card pocket">
<h2>Pocket</h2>
<p>Sit.<sup><a href="#fn-names-first-pocket-1" id="fnref-names-first-pocket-1" role="doc-noteref">1</a></sup> Then <a href="/modules/names-first#which">ask</a>.</p>
<ol class="notes">
<li id="fn-names-first-pocket-1"><p>A source, as on <a href="/modules/names-first#hello">this card</a>. <a href="#fnref-names-first-pocket-1" role="doc-backlink" aria-label="Back to the text">↩︎</a></p>
</li>
</ol>
</section>
`, strings.ReplaceAll(pocket, "&#xfe0e;", "\ufe0e"))
	plain, _ := content.ParseModule("p", "s", source(validModule))
	assert.Empty(t, plain.Pocket())
}

func TestAPocketCardNeverTellsTheAnswers(t *testing.T) {
	m, _ := content.ParseModule("p", "s", source(validModule+"\n## Q {.pocket}\n\nThink.\n\n```reflect\nWhy?\n```\n\n- [ ] A\n\n  No.\n- [x] B\n"))
	pocket := string(m.Pocket())
	assert.Empty(t, wellFormed(pocket))
	assert.Contains(t, pocket, "Why?")
	for _, kept := range []string{"No.", "<li>", "<textarea", "<input"} {
		assert.NotContains(t, pocket, kept)
	}
}

func TestFeedbackSaysWhatToReadAgain(t *testing.T) {
	m := visited(t)
	which, other, practice := m.Questions()[0], m.Questions()[1], m.Questions()[2]
	assert.Equal(t, []string{"hello-2", "hello", "pocket"}, which.Reread, "each once, first to last, and no graded question")
	assert.Empty(t, other.Reread)
	assert.Equal(t, []string{"hello"}, practice.Reread)

	assert.Contains(t, which.Options[0].Feedback, `<a href="/modules/names-first#hello-2">see here</a>`, "it is shown on another page")
	assert.Contains(t, which.Options[1].Feedback, `<a href="/modules/names-first#other" title="Other">the other</a>`)
	assert.Contains(t, which.Options[2].Feedback, `as on <a href="/modules/names-first#hello">this card</a>`, "its sources too")
	assert.Contains(t, practice.Options[0].Feedback, `<a href="#hello">`, "that of practice is on the page itself")
	assert.Contains(t, string(m.Body), `<a href="#hello">the first card</a>`)
}

func TestAReaderHasReadWhatComesBeforeTheQuestions(t *testing.T) {
	_, m := full(t)
	for card, read := range map[string]bool{
		"opening": false, "before-you-sit-down": false,
		"listen": false, "chart": false, "silence": false, // branches
		"rivera": true, "need": true, "else": true, "try": true, "pocket-card": true,
		"": false, "unknown": false,
	} {
		assert.Equal(t, read, m.ReadAt(card), card)
	}
	ungraded, _ := content.ParseModule("p", "s", source(validModule+"\n## Poll\n\n- [ ] A\n- [ ] B\n\n## Last\n\n- [On](#branch)\n\n## Branch {.branch}\n\nText.\n"))
	assert.False(t, ungraded.ReadAt("poll"))
	assert.True(t, ungraded.ReadAt("last"))
	assert.False(t, ungraded.ReadAt("branch"))
	questions, _ := content.ParseModule("p", "s", source(strings.Replace(validModule, "Text.", "- [ ] A\n\n  No.\n- [x] B", 1)))
	assert.True(t, questions.ReadAt("hello"), "there is nothing to read before the first question")
}

func TestACardKnowsItsText(t *testing.T) {
	_, m := full(t)
	text := func(id string) string {
		for _, c := range m.Cards {
			if c.ID == id {
				return c.Text
			}
		}
		return ""
	}
	assert.Equal(t, "Text before the first heading is the opening card. It’s “quoted” – and more…", text("opening"))
	assert.Equal(t, "Choose one. A faster visit To be heard by you A new prescription, although nobody had talked about her medication at all so far", text("need"))
	assert.Equal(t, "Sit. Ask.", text("pocket-card"))
	long := text("before-you-sit-down")
	for _, part := range []string{
		"Sitting *down* takes two seconds", "Knock first. A quote in it.", "What you say Time Good morning 2 s",
		"Rapport A feeling", "When did you last ask? And “how”?", "Ask for the name Sit down first", "if a < b {}",
	} {
		assert.Contains(t, long, part)
	}
	for _, absent := range []string{"Before you sit down", "Swayden", "Think it over", "It may feel so", "  ", "\n"} {
		assert.NotContains(t, long+text("need"), absent)
	}
}

func TestAReflectionWithinAQuestionIsAskedOnlyThere(t *testing.T) {
	m := visited(t)
	other := m.Questions()[1]
	assert.Contains(t, other.Stem, "<p>Sure?</p>")
	assert.NotContains(t, other.Stem, "<textarea", "its words are shown elsewhere, where nobody would take an answer")
	assert.Empty(t, wellFormed(other.Stem))
	assert.Equal(t, 1, bytes.Count(m.Body, []byte(`name="r.other"`)))
}
