package content_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// full returns the programme and the module that use all of the notation.
func full(t testing.TB) (*content.Program, *content.Module) {
	l, findings, err := content.Load(os.DirFS("testdata/full"))
	require.NoError(t, err)
	require.Empty(t, findings)
	return l.Programs[0], l.Programs[0].Modules[0]
}

func TestTheWholeNotationBecomesThisPage(t *testing.T) {
	p, m := full(t)
	for file, got := range map[string]string{
		"testdata/full-cover.html":    p.Cover,
		"testdata/full-cover.es.html": p.In("es").Cover,
		"testdata/full-body.html":     string(m.Body),
		"testdata/full-notes.html":    string(m.Notes),
	} {
		if update() {
			require.NoError(t, os.WriteFile(file, []byte(got), 0o666))
		}
		want, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, string(want), got, file)
		assert.Empty(t, wellFormed(got))
	}
}

func TestEveryLinkWithinThePageLeadsSomewhere(t *testing.T) {
	_, m := full(t)
	assert.Empty(t, deadLinks(string(m.Body)+string(m.Notes)))
	assert.NotEmpty(t, deadLinks(string(m.Body)), "footnotes are apart from the body")
}

func TestIDsOfCardsKeepOutOfTheWayOfThePage(t *testing.T) {
	html := body(t, "## Job\n\nText.[^1]\n\n## Job title\n\nText.\n\n## Fn 1\n\nText.\n\n[^1]: Note.")
	assert.Contains(t, html, `<h2 id="job-title">Job</h2>`)
	assert.Contains(t, html, `<section class="card" id="job-title-card"`)
	assert.Contains(t, html, `<section class="card" id="fn-1-card"`)
}

func TestTheFrontMatterSaysWhatTheModuleIs(t *testing.T) {
	_, m := full(t)
	assert.Equal(t, "first-5-minutes", m.Program)
	assert.Equal(t, "names-first", m.Slug)
	assert.Equal(t, "Names first", m.Title)
	assert.Equal(t, "Learn and use the name your patient wants to be called by.", m.Summary)
	assert.Equal(t, 4, m.Minutes)
	assert.Equal(t, "2026", m.Edition)
	assert.Equal(t, []string{"Open a visit by introducing yourself"}, m.Objectives)
	assert.Equal(t, []string{"A. Educator", "MD"}, m.Authors)
	assert.Equal(t, "2026-10-01", m.Reviewed.Format("2006-01-02"))
	assert.Equal(t, 75, m.Pass)
	assert.Equal(t, "en", m.Language)

	plain, _ := content.ParseModule("p", "s", source(strings.Replace(validModule, "reviewed: 2026-10-01\n", "", 1)))
	assert.Equal(t, 80, plain.Pass, "the pass mark is 80 percent unless the author says otherwise")
	assert.True(t, plain.Reviewed.IsZero(), "a module without a day was not reviewed yet")
}

func TestCardsComeInTheOrderOfTheSource(t *testing.T) {
	_, m := full(t)
	type card struct {
		id, title, next string
		branch, pocket  bool
	}
	var cards []card
	for _, c := range m.Cards {
		cards = append(cards, card{c.ID, c.Title, c.Next, c.Branch, c.Pocket})
	}
	assert.Equal(t, []card{
		{id: "opening"},
		{id: "before-you-sit-down", title: "Before you sit down"},
		{id: "rivera", title: "Ms Rivera looks up"},
		{id: "listen", title: "She goes on", next: "need", branch: true},
		{id: "chart", title: "She falls silent", branch: true},
		{id: "silence", title: "What does silence say?", branch: true},
		{id: "need", title: "What did she need first?"},
		{id: "else", title: "What else?"},
		{id: "try", title: "Try one"},
		{id: "poll", title: "How often do you do this?"},
		{id: "pocket-card", title: "Pocket card", pocket: true},
	}, cards)
	assert.Equal(t, []content.Reply{
		{HTML: "“I know. I’d like to hear it from you.”", To: "listen"},
		{HTML: "Right, let me check the <em>chart</em>.", To: "chart"},
		{HTML: "Nothing", To: "need"},
		{HTML: "Be silent", To: "silence"},
	}, m.Cards[2].Replies)
}

func TestQuestionsKnowWhatThePageDoesNotSay(t *testing.T) {
	_, m := full(t)
	type question struct {
		id       string
		kind     content.Kind
		practice bool
		graded   bool
	}
	var questions []question
	for _, q := range m.Questions() {
		questions = append(questions, question{q.ID, q.Kind, q.Practice, q.Graded()})
	}
	assert.Equal(t, []question{
		{"silence", content.ChooseOne, true, false},
		{"need", content.ChooseOne, false, true},
		{"else", content.ChooseAll, false, true},
		{"try", content.ChooseOne, true, false},
		{"poll", content.Poll, false, false},
	}, questions)
	assert.Equal(t, 2, m.Graded())

	need := m.Questions()[1]
	assert.Equal(t, "<p>Choose one.</p>\n", need.Stem)
	assert.Equal(t, "To be <strong>heard</strong> by you", need.Options[1].HTML)
	assert.True(t, need.Options[1].Right)
	assert.False(t, need.Options[0].Right)
	assert.Contains(t, need.Options[0].Feedback, "she said something else")
	assert.Contains(t, need.Options[0].Feedback, "Only in feedback.", "feedback brings its own footnotes")
	assert.NotContains(t, string(m.Body)+string(m.Notes), "Only in feedback.")
	for _, q := range m.Questions() {
		for _, o := range q.Options {
			assert.Empty(t, wellFormed(o.Feedback))
			if q.Graded() {
				assert.Empty(t, deadLinks(o.Feedback), "feedback has its own footnotes")
			}
			if q.Graded() && o.Feedback != "" {
				assert.NotContains(t, string(m.Body), o.Feedback)
			}
		}
	}
}

func TestFilesThatAModuleShowsHaveAnAddressMadeOfTheirContent(t *testing.T) {
	_, m := full(t)
	types := map[string]string{}
	for _, a := range m.Assets {
		types[a.Path] = a.ContentType
		assert.Contains(t, string(m.Body), `"`+a.Path)
		assert.NotEmpty(t, a.Data)
	}
	assert.Equal(t, map[string]string{
		"/assets/5f9fbc5a73f1d182/handout.pdf":  "application/pdf",
		"/assets/292a18357ecfa194/sit.svg":      "image/svg+xml",
		"/assets/0633fae713ca40c8/greeting.mp4": "video/mp4",
		"/assets/49bedb86f0320645/greeting.vtt": "text/vtt; charset=utf-8",
	}, types)
}

func source(text string) content.Source {
	return content.Source{{Name: "module.md", Data: []byte(text)}}
}

// body renders cards, for tests of one piece of the notation.
func body(t *testing.T, cards string, files ...content.File) string {
	front, _, _ := strings.Cut(validModule, "## ")
	m, findings := content.ParseModule("p", "s", append(source(front+cards), files...))
	require.False(t, content.HasErrors(findings), listing(findings))
	assert.Empty(t, wellFormed(string(m.Body)))
	return string(m.Body)
}

func TestPiecesOfTheNotation(t *testing.T) {
	tests := []struct{ name, cards, want string }{
		{
			"a speaker's colon may stand outside of the bold name", "> **Ms Rivera**: Hello.",
			"<blockquote class=\"speech\">\n<p><b class=\"speaker\">Ms Rivera</b> Hello.</p>\n</blockquote>",
		},
		{
			"what the reader says is on the other side", "> **You:** Tell me.",
			"<blockquote class=\"speech own\">\n<p><b class=\"speaker\">You</b> Tell me.</p>\n</blockquote>",
		},
		{
			"a quote without a name is a quote", "> **Never** say so.",
			"<blockquote>\n<p><strong>Never</strong> say so.</p>\n</blockquote>",
		},
		{
			"two people may speak in one quote", "> **A:** One.\n>\n> **B:** Two.",
			"<p><b class=\"speaker\">A</b> One.</p>\n<p><b class=\"speaker\">B</b> Two.</p>",
		},
		{
			"a call-out may be of small letters", "> [!note]\n> Text.",
			"<aside class=\"callout callout-note\"><p class=\"callout-title\">Note</p>\n<p>Text.</p>\n</aside>",
		},
		{
			"a call-out's mark may stand alone", "> [!CAUTION]\n>\n> - One",
			"<aside class=\"callout callout-caution\"><p class=\"callout-title\">Caution</p>\n<ul>\n<li>One</li>\n</ul>\n</aside>",
		},
		{
			"a mail address is a link to write to", "<team@example.org>",
			`<a href="mailto:team@example.org">team@example.org</a>`,
		},
		{
			"an address is escaped", "[a](https://example.org/%22?q=\"<x>&r=ä)",
			`<a href="https://example.org/%22?q=%22%3Cx%3E&amp;r=%C3%A4" rel="noopener noreferrer external" referrerpolicy="no-referrer">a</a>`,
		},
		{
			"a list with more than links is a list", "- [Here](#opening)\n- [There](#opening) too",
			"<li><a href=\"#opening\">Here</a></li>",
		},
		{
			"struck text is not part of the notation", "~~no~~", "<p>~~no~~</p>",
		},
		{
			"text is text, whatever it looks like", "1 < 2 \\<b> & `<script>`",
			"<p>1 &lt; 2 &lt;b&gt; &amp; <code>&lt;script&gt;</code></p>",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			assert.Contains(t, body(t, test.cards), test.want)
		})
	}
}

func TestTheAuthorsOwnHintIsNotRepeated(t *testing.T) {
	const options = "\n\n- [ ] A\n\n  No.\n- [x] B\n"
	assert.Equal(t, 1, strings.Count(body(t, "## Q\n\nChoose one."+options), "Choose one."))
	assert.Equal(t, 1, strings.Count(body(t, "## Q\n\nThink.\n\n*Choose one.*"+options), "Choose one."))
	assert.Contains(t, body(t, "## Q\n\nThink."+options), `<p class="hint">Choose one.</p>`)
	assert.Contains(t, body(t, "## Q {.practice}\n\nChoose one."+options), "Try it: open the answer you would choose.")
}

func TestEveryBranchIsOnThePageOnce(t *testing.T) {
	html := body(t, `## A

- [One](#one)
- [Two](#two)

## One {.branch}

- [Then two](#two)
- [Then three](#three)
- [Once more](#one)

## Two {.branch}

[Back](#a)

## Three {.branch}

Deep.

## B

- [One again](#one)
- [A](#a)
`)
	for _, id := range []string{"a", "one", "two", "three", "b"} {
		assert.Equal(t, 1, strings.Count(html, ` id="`+id+`"`), id)
	}
	assert.Contains(t, html, `<details class="reply" name="say_a"><summary>Two</summary>`, "a branch is where it can be chosen first")
	assert.Contains(t, html, `<a class="reply" href="#two">Then two</a>`)
	assert.Contains(t, html, `<details class="reply" name="say_one"><summary>Then three</summary>`)
	assert.Contains(t, html, `<a class="reply" href="#one">Once more</a>`, "a way back is a link")
	assert.Contains(t, html, `<a class="reply" href="#one">One again</a>`)
	assert.Contains(t, html, `<p class="continue"><a href="#a">Back</a></p>`)
	assert.Contains(t, html, `<h3 id="three-title">Three</h3>`)
}

func TestOpeningAReplyFoldsTheOthersOfItsGroup(t *testing.T) {
	html := body(t, `## A

- [One](#one)
- [Two](#two)

And then:

- [Three](#three)

## One {.branch}

- [Four](#four)

## Two {.branch}

Text.

## Three {.branch}

Text.

## Four {.branch}

Text.
`)
	for reply, name := range map[string]string{"One": "say_a", "Two": "say_a", "Three": "say_a_2", "Four": "say_one"} {
		assert.Contains(t, html, `<details class="reply" name="`+name+`"><summary>`+reply+`</summary>`)
	}
}

func TestIDsOfOptionsDependOnTheirTextAlone(t *testing.T) {
	ids := func(cards string) map[string]string {
		front, _, _ := strings.Cut(validModule, "## ")
		m, _ := content.ParseModule("p", "s", source(front+cards))
		all := map[string]string{}
		for _, o := range m.Questions()[0].Options {
			all[o.HTML] = o.ID
		}
		return all
	}
	const long = "A very long answer that says a great deal and ends "
	before := ids("## Q\n\n- [ ] It’s *that*, isn't it?\n- [x] " + long + "well\n- [ ] " + long + "badly\n- [ ] ¿Qué?\n- [ ] 好\n- [ ] Named {#named}\n")
	after := ids("## Q {.practice}\n\nNew.\n\n- [ ] Another\n- [x] 好\n\n  Feedback.\n- [ ] " + long + "badly\n- [x] It’s *that*, isn't it?\n")

	assert.Equal(t, "its-that-isnt-it", before["It’s <em>that</em>, isn’t it?"])
	assert.Equal(t, "que", before["¿Qué?"])
	assert.Equal(t, "named", before["Named"])
	assert.NotEqual(t, before[long+"well"], before[long+"badly"])
	for text, id := range before {
		assert.LessOrEqual(t, len(id), 40)
		if after[text] != "" {
			assert.Equal(t, id, after[text], text)
		}
	}
	assert.Len(t, after, 4)
}

func TestReadingTimeCountsWordsAndQuestions(t *testing.T) {
	words := func(n int) string { return strings.Repeat("word ", n) }
	front, _, _ := strings.Cut(validModule, "## ")
	m, _ := content.ParseModule("p", "s", source(front+"## One two\n\n"+words(232)+"[^a] — *two*\n\n"+
		"## Q\n\n- [x] right\n\n  "+words(500)+"\n- [x] words\n\n[^a]: "+words(500)+"\n\n"))
	// Q, right and words are words too; the dash, feedback and footnotes aren't.
	assert.Equal(t, "1m20s", m.ReadingTime().String())
}

func TestNoHTMLReachesThePage(t *testing.T) {
	for _, html := range []string{
		"<script>alert(1)</script>", "a <img src=x onerror=alert(1)> b", "<!-- a --> b", "<style>*{}</style>", "<?php ?>",
	} {
		front, _, _ := strings.Cut(validModule, "## ")
		m, findings := content.ParseModule("p", "s", source(front+"## A\n\n"+html))
		assert.Contains(t, rules(findings), "raw-html")
		for _, tag := range []string{"<script", "<img", "<!--", "<style", "<?"} {
			assert.NotContains(t, string(m.Body), tag)
		}
	}
}
