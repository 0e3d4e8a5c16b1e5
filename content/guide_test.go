package content_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

func TestTheGuideHasNoFindings(t *testing.T) {
	_, findings := content.ParseModule("guide", "guide", content.Guide().Source)
	assert.Empty(t, findings, listing(findings))
}

// The guide shows whatever the notation has: each kind of markup that the full
// module of these tests is made of is made in the guide too.
func TestTheGuideShowsEveryConstruct(t *testing.T) {
	_, m := full(t)
	guide := string(content.Guide().Body)
	for _, part := range strings.Split(string(m.Body), `class="`)[1:] {
		classes, _, _ := strings.Cut(part, `"`)
		for _, class := range strings.Fields(classes) {
			if !strings.HasPrefix(class, "align-") && !strings.HasPrefix(class, "language-") {
				assert.True(t, strings.Contains(guide, class), class)
			}
		}
	}
	for _, markup := range []string{"<table>", "<dl>", "<video", "<figcaption>", "doc-noteref", "<h3>", "<ol>", `data-kind="one"`, `data-kind="all"`, `data-kind="poll"`, "“", "…"} {
		assert.True(t, strings.Contains(guide, markup), markup)
	}
}

func TestSectionsHoldTheSourceBesideTheResult(t *testing.T) {
	guide := content.Guide()
	sections := guide.Sections()
	var source, result strings.Builder
	for _, s := range sections {
		source.WriteString(strings.TrimSpace(s.Markdown))
		result.Write(s.HTML)
		require.Empty(t, wellFormed(string(s.HTML)))
		if s.Title != "" {
			assert.True(t, strings.HasPrefix(s.Markdown, "## "+s.Title), s.Markdown)
		}
	}
	whole, _ := guide.Source.File("module.md")
	assert.Equal(t, squeezed(string(whole)), squeezed(source.String()), "no line of the source is left out")
	assert.Equal(t, string(guide.Body), result.String(), "nor any of the result")

	conversation := sections[4]
	assert.Equal(t, "A conversation", conversation.Title)
	assert.Contains(t, conversation.Markdown, "{#chart .branch}", "branches belong to the card that leads to them")
	assert.Contains(t, string(conversation.HTML), `id="chart"`)
}

// squeezed leaves out all white space.
func squeezed(s string) string { return strings.Join(strings.Fields(s), "") }

func TestANewModuleHasNoFindings(t *testing.T) {
	for _, title := range []string{"Names first", `Say "yes", then: listen # and wait`, "Señora Peña's \\ way"} {
		m, findings := content.ParseModule("p", "s", source(string(content.NewModule(title, "2026"))))
		assert.Empty(t, findings, listing(findings))
		assert.Equal(t, title, m.Title)
		assert.Equal(t, "2026", m.Edition)
		assert.Positive(t, m.Graded())
	}
}
