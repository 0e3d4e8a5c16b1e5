package content_test

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// questions returns the library of a module with graded questions of four
// options, each right in one place, from 1.
func questions(t *testing.T, right ...int) *content.Library {
	t.Helper()
	text := frontMatter() + "Text.\n\n"
	for i, place := range right {
		text += fmt.Sprintf("## Question %d {#q%d objective=1}\n\n", i, i)
		for at := 1; at <= 4; at++ {
			box := " "
			if at == place {
				box = "x"
			}
			text += fmt.Sprintf("- [%s] Words %d\n\n  Feedback %d.\n", box, at, at)
		}
		text += "\n"
	}
	m, findings := content.ParseModule("p", "s", source(text))
	require.Empty(t, findings, listing(findings))
	return &content.Library{Programs: []*content.Program{{Slug: "p", Modules: []*content.Module{m}}}}
}

func TestAModuleHasFourToSixGradedQuestions(t *testing.T) {
	for n, want := range map[int]int{0: 1, 3: 1, 4: 0, 6: 0, 7: 1} {
		found := strings.Count(listing(content.CheckItems(questions(t, []int{1, 2, 3, 4, 1, 2, 3}[:n]...))), "(graded-count)")
		assert.Equal(t, want, found, "%d questions", n)
	}
}

func TestRightOptionsDoNotStandInOnePlace(t *testing.T) {
	tests := []struct {
		name  string
		right []int
		want  int
	}{
		{"one question has to stand somewhere", []int{2}, 0},
		{"two of two", []int{2, 2}, 1},
		{"two of three may be chance", []int{2, 2, 3}, 0},
		{"two of four", []int{2, 2, 3, 4}, 0},
		{"three of four", []int{2, 3, 2, 2}, 1},
		{"three of five", []int{1, 2, 1, 3, 1}, 1},
		{"three of six", []int{1, 2, 1, 3, 1, 4}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			found := content.CheckItems(questions(t, test.right...))
			assert.Equal(t, test.want, strings.Count(listing(found), "(right-in-one-place)"), listing(found))
		})
	}
}

func TestThePlacesOfAWholeCurriculumAreComparedFromTenQuestionsOn(t *testing.T) {
	library := func(modules ...[]int) *content.Library {
		l := &content.Library{}
		for _, right := range modules {
			l.Programs = append(l.Programs, questions(t, right...).Programs...)
		}
		return l
	}
	for want, l := range map[string]*content.Library{
		"4 of 9 are too few to tell": library([]int{1, 1, 2, 3}, []int{1, 1, 2, 3, 4}),
		"4 of 10 are 40 %":           library([]int{1, 1, 2, 3, 4}, []int{1, 1, 2, 3, 4}),
		"5 of 12 are more":           library([]int{1, 1, 2, 3, 4, 4}, []int{1, 1, 1, 2, 3, 4}),
	} {
		assert.Equal(t, strings.HasSuffix(want, "more"), strings.Contains(listing(content.CheckItems(l)), "(right-in-one-place-overall)"), want)
	}
}

func TestTheFiguresOfQuestions(t *testing.T) {
	l, _ := itemsIn(t, "testdata/items/valid")
	all := content.MeasureItems(l)
	require.Len(t, all, 2, "a module and its translation")
	assert.Equal(t, "es", all[1].Module.Language)
	for _, f := range all {
		assert.Equal(t, 4, f.Graded)
		assert.Equal(t, []int{2, 2}, f.PerObjective)
		assert.Equal(t, 4, f.ChooseOne)
		assert.Zero(t, f.LongestRight)
		assert.Equal(t, []int{1, 1, 1, 1}, f.Places)
	}
	total := content.TotalItems(all)
	assert.Equal(t, 4, total.Graded, "a translation is the same questions")
	assert.Equal(t, []int{1, 1, 1, 1}, total.PlacesOfFour)
	assert.InDelta(t, all[0].Unlikeness, total.Unlikeness, 1e-9)

	figures := content.MeasureItems(questions(t, 1, 3))[0]
	assert.InDelta(t, 1, figures.Unlikeness, 1e-9, "all options are as long as each other")
	assert.Equal(t, []int{1, 0, 1, 0}, figures.Places)

	l, _ = itemsIn(t, "testdata/items/longest-is-right")
	assert.Equal(t, 1, content.MeasureItems(l)[0].LongestRight)
	assert.Equal(t, 3, content.MeasureItems(l)[0].ChooseOne, "one question has two right options")
}

func TestWithoutQuestionsThereIsNothingToMeasure(t *testing.T) {
	assert.Empty(t, content.CheckItems(&content.Library{}))
	assert.Zero(t, content.TotalItems(nil))
	l, _, err := content.Load(os.DirFS("testdata/findings/no-program/library"))
	require.NoError(t, err)
	assert.NotPanics(t, func() { content.CheckItems(l) })
}
