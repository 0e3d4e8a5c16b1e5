package main

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

func TestTheWholeCurriculumIsSummedUpInOneLine(t *testing.T) {
	var all []content.ItemFigures
	for _, places := range [][]int{{2, 1, 0, 1}, {1, 0, 2, 1}} {
		all = append(all, content.ItemFigures{
			Module: &content.Module{Program: "p", Slug: "m", Language: "en"}, Graded: 4, PerObjective: []int{3, 1},
			Unlikeness: 1.25, ChooseOne: 4, LongestRight: 1, Places: places, PlacesOfFour: places,
		})
	}
	var b bytes.Buffer
	require.NoError(t, printItems(&b, all))
	assert.Contains(t, b.String(), "p/m      en         4                  3 1                  1.25                        1 of 4                 2 1 0 1\n")
	assert.Contains(t, b.String(), "Graded questions: 8. Right ones in place 1, 2, … of those with four options: 38 %, 12 %, 25 %, 25 %. Right one is longest: 25 %.\n")
}

func TestACurriculumWithoutModulesHasNoFigures(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, printMeasures(&b, &content.Library{}))
	require.NoError(t, printItems(&b, nil))
	assert.NotContains(t, b.String(), "Grade, ", "no formula was used")
	assert.NotContains(t, b.String(), "NaN")
	assert.Contains(t, b.String(), "Graded questions: 0. Right ones in place 1, 2, … of those with four options: –. Right one is longest: –.")
}
