package content_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// proofOf returns the body of a module with its findings in the margin.
func proofOf(t *testing.T, text string, more ...content.File) string {
	t.Helper()
	files := append(source(validModule+text), more...)
	_, findings := content.ParseModule("p", "s", files)
	m := content.ParseProof("p", "s", files, content.Proof{Findings: findings})
	html := string(m.Body)
	require.Empty(t, wellFormed(html))
	assert.Equal(t, len(findings), strings.Count(html, `<aside class="finding `), "every finding is shown once")
	return html
}

func TestAProofShowsEachFindingBesideWhatCausedIt(t *testing.T) {
	html := proofOf(t, `
First paragraph.

Second, with a [broken link](#nowhere).

Third paragraph.

## Which? {#which}

- [ ] One
- [x] Two
- [ ] Three

  No.

## Last

Text with <b>HTML</b>.
`, content.File{Name: "stray.txt"})

	inOrder(t, html,
		"stray.txt",                        // of no line: at the head
		"First paragraph.",                 //
		"no card has the id",               // beside the second paragraph
		"Second, with a",                   //
		"Third paragraph.",                 //
		`no feedback for the wrong option`, // beside its option
		"<span>One</span>", "<span>Two</span>", "<span>Three</span>",
		"HTML is not shown", "Text with ",
	)
	assert.Contains(t, html, `<aside class="finding finding-error" lang="en"><p><b>Error</b>, line 17: no card`)
	assert.Contains(t, html, `<aside class="finding finding-warning" lang="en"><p><b>Warning</b>, stray.txt: `)
}

// inOrder says whether the texts follow each other.
func inOrder(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		_, after, found := strings.Cut(text, part)
		require.True(t, found, "%q is not where it should be, before:\n%s", part, text)
		text = after
	}
}

func TestAProofOfATranslationShowsItsOwnFindings(t *testing.T) {
	files := append(source(validModule), content.File{Name: "module.es.md",
		Data: []byte("---\ntitle: T\nsummary: S\nobjectives: [O]\n---\n\n## Hola\n\n[x](#nada)\n")})
	_, findings := content.ParseModule("p", "s", files)
	require.Len(t, findings, 1)
	m := content.ParseProof("p", "s", files, content.Proof{Findings: findings})
	assert.NotContains(t, string(m.Body), "finding")
	assert.Contains(t, string(m.In("es").Body), "line 9: no card has the id")
}

func TestAProofShowsTheFeedbackOfEveryOption(t *testing.T) {
	_, m := full(t)
	for _, language := range []string{"en", "es"} {
		proof := content.ParseProof(m.Program, m.Slug, m.Source, content.Proof{Feedback: true}).In(language)
		html := string(proof.Body)
		assert.Empty(t, wellFormed(html))
		for _, q := range proof.Questions() {
			for _, o := range q.Options {
				assert.Contains(t, html, o.Feedback)
			}
		}
		assert.Equal(t, 3, strings.Count(html, `<div class="feedback right">`)-strings.Count(html, `<details class="option" open>`)/2,
			"the right options of graded questions, beside those of practice")
	}
	plain := content.ParseProof(m.Program, m.Slug, m.Source, content.Proof{})
	assert.Equal(t, string(m.Body), string(plain.Body), "without them a proof is what learners see")
}
