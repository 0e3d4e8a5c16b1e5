package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
	"first5/modules"
)

// eachBuiltIn runs a test on each module that comes with the program, in each of
// its languages.
func eachBuiltIn(t *testing.T, test func(t *testing.T, p *content.Program, m *content.Module)) {
	t.Helper()
	lib, findings, err := content.Load(modules.FS)
	require.NoError(t, err)
	require.Empty(t, findings)
	for _, p := range lib.Programs {
		for _, m := range p.Modules {
			for _, in := range append([]*content.Module{m}, m.Translations...) {
				t.Run(m.Slug+"/"+in.Language, func(t *testing.T) { test(t, p, in) })
			}
		}
	}
}

func TestTheCurriculumIsWhole(t *testing.T) {
	lib, findings, err := content.Load(modules.FS)
	require.NoError(t, err)
	assert.Empty(t, findings, "not a warning")
	assert.Empty(t, content.CheckItems(lib), "and its questions keep the rules")
	modules := map[string]int{}
	languages := map[string][]string{}
	for _, p := range lib.Programs {
		modules[p.Slug] = len(p.Modules)
		for _, m := range p.Modules {
			for _, in := range m.Translations {
				languages[p.Slug] = append(languages[p.Slug], in.Language)
			}
		}
	}
	assert.Equal(t, map[string]int{"first-5-minutes": 10, "heart-health": 3, "community-health-workers": 3}, modules)
	assert.Equal(t, map[string][]string{
		"heart-health":             {"es", "es", "es"},
		"community-health-workers": {"es", "es", "es"},
	}, languages)
}

func TestEachModuleTakesLessThanItsMinutesAndIsPlainToRead(t *testing.T) {
	hardest := map[string]int{"first-5-minutes": 9, "heart-health": 7, "community-health-workers": 7}
	eachBuiltIn(t, func(t *testing.T, p *content.Program, m *content.Module) {
		promised := time.Duration(m.Minutes) * time.Minute
		assert.Less(t, m.ReadingTime(), promised, "to read, and to answer")
		assert.Less(t, m.AloudTime(), promised)
		assert.Equal(t, hardest[p.Slug], p.ReadingGrade)
		assert.LessOrEqual(t, m.ReadingGrade(), float64(p.ReadingGrade))
		assert.NotZero(t, m.ReadingGrade())
	})
}

// What a module of this curriculum is made of, so that none goes without.
func TestEachModuleHasItsParts(t *testing.T) {
	eachBuiltIn(t, func(t *testing.T, _ *content.Program, m *content.Module) {
		assert.True(t, m.Reviewed.IsZero(), "no clinician has reviewed it yet, and its page says so")
		assert.NotEmpty(t, m.Objectives)
		assert.Len(t, m.Prompts, 1, "a private question")
		assert.Len(t, m.Intentions, 3, "of which one is for tomorrow")
		assert.NotEmpty(t, m.Pocket())
		assert.NotEmpty(t, m.Notes, "its sources")
		assert.True(t, slices.ContainsFunc(m.Cards, func(c content.Card) bool { return c.ID == "asked" }), "what patients and communities asked for")
		assert.True(t, slices.ContainsFunc(m.Cards, func(c content.Card) bool { return !c.Branch && len(c.Replies) >= 3 }), "somebody to answer, in three ways at least")
		assert.True(t, slices.ContainsFunc(m.Cards, func(c content.Card) bool { return c.Branch && len(c.Replies) >= 2 }), "and a slip that can be mended, or not")
		practice, last := 0, m.Cards[len(m.Cards)-1]
		for _, q := range m.Questions() {
			if q.Practice {
				practice++
			}
			for _, o := range q.Options {
				assert.NotEmpty(t, o.Feedback, "%s: %s", q.ID, o.ID)
			}
		}
		assert.Equal(t, 1, practice, "one question to try")
		assert.True(t, last.Question != nil && last.Question.Graded(), "the quiz comes last")
	})
}

// A number that somebody measured has its source beside it. Numbers of the scene,
// such as an age or a room, stand in sentences without a sign of a study.
func TestWhatWasMeasuredHasItsSource(t *testing.T) {
	eachBuiltIn(t, func(t *testing.T, _ *content.Program, m *content.Module) {
		for line := range strings.Lines(moduleSource(t, m)) {
			if strings.HasPrefix(line, "[^") || !strings.ContainsAny(line, "%") {
				continue
			}
			assert.True(t, strings.Contains(line, "[^") || strings.Contains(line, "](#"), line)
		}
	})
}

// moduleSource returns the Markdown of a module, in its language.
func moduleSource(t *testing.T, m *content.Module) string {
	t.Helper()
	name := "module.md"
	if m.Language != "en" {
		name = "module." + m.Language + ".md"
	}
	data, ok := m.Source.File(name)
	require.True(t, ok, name)
	return string(data)
}

func TestDrawingsAreDrawnForLightAndForDark(t *testing.T) {
	drawings := 0
	eachBuiltIn(t, func(t *testing.T, _ *content.Program, m *content.Module) {
		for _, a := range m.Assets {
			if strings.HasPrefix(a.ContentType, "image/svg") {
				drawings++
				assert.Contains(t, string(a.Data), "prefers-color-scheme: dark", a.Path)
				assert.Less(t, len(a.Data), 6_000, "%s: bytes on a phone in a corridor", a.Path)
			}
		}
	})
	assert.GreaterOrEqual(t, drawings, 10)
}
