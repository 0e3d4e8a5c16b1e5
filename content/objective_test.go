package content_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

func TestAQuestionNamesTheObjectiveThatItTests(t *testing.T) {
	m, findings := content.ParseModule("p", "s", read(t, "testdata/findings/valid-objectives/module"))
	require.Empty(t, findings)
	for _, language := range []string{"en", "es"} {
		var tested []int
		for _, q := range m.In(language).Questions() {
			tested = append(tested, q.Objective)
		}
		assert.Equal(t, []int{2, 1, 1}, tested, "%s: a translation tests what its module does, whether it repeats that or not", language)
	}
	assert.NotContains(t, string(m.Body), "objective", "learners are not shown it")
}

func TestAQuestionThatNamesNoObjectiveHasNone(t *testing.T) {
	_, m := full(t)
	for _, q := range m.Questions() {
		assert.Zero(t, q.Objective)
	}
	m, _ = content.ParseModule("p", "s", read(t, "testdata/findings/no-such-objective/module"))
	for _, q := range m.Questions() {
		assert.Zero(t, q.Objective, "a number that is none of the objectives is none")
	}
}

func TestAModuleMaySayThatNoOneHasReviewedIt(t *testing.T) {
	m, findings := content.ParseModule("p", "s", read(t, "testdata/findings/valid-objectives/module"))
	require.Empty(t, findings)
	assert.True(t, m.Reviewed.IsZero())
	assert.True(t, m.In("es").Reviewed.IsZero())
}

func TestATranslationMayAwaitAReviewThatItsModuleHas(t *testing.T) {
	files := append(source(validModule), content.File{Name: "module.es.md",
		Data: []byte("---\ntitle: T\nsummary: S\nobjectives: [O]\nreviewed: no one yet\n---\n\n## Hola\n\nTexto.\n")})
	m, findings := content.ParseModule("p", "s", files)
	require.Empty(t, findings)
	assert.False(t, m.Reviewed.IsZero())
	assert.True(t, m.In("es").Reviewed.IsZero())
}
