package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// found returns what a search finds: the modules, each with the card.
func (c *course) found(p app.Person, query, language string) []string {
	var all []string
	for _, hit := range c.Search(p, query, language) {
		all = append(all, hit.Slug+"#"+hit.Card)
	}
	return all
}

func TestASearchFindsTheModuleAndTheCard(t *testing.T) {
	c, ana := newSittingCourse(t)
	for query, want := range map[string][]string{
		"":                         nil,
		"  ?! ":                    nil,
		"sit":                      {"sit-down#"},
		"SIT down":                 {"sit-down#"},
		"before you ask":           {"sit-down#"}, // an objective
		"window":                   {"sit-down#chair"},
		"wind":                     {"sit-down#chair"},
		"indow":                    nil, // words begin so, or not at all
		"chair window":             {"sit-down#chair"},
		"Knock":                    {"sit-down#tomorrow"},
		"window knock":             {"sit-down#"}, // over several places
		"window walk":              nil,
		"listen":                   {"listen#"},
		"learn":                    {"listen#"},
		"module":                   {"listen#"}, // its summary
		"walk":                     nil,         // of a programme that her institution does not show
		"ghost":                    nil,
		strings.Repeat("sit ", 40): {"sit-down#"},
	} {
		assert.Equal(t, want, c.found(ana, query, "en"), query)
	}
	assert.Equal(t, []string{"sit-down#chair"}, c.found(ana, "ESTÁ junto", "es"))
	assert.Equal(t, []string{"sit-down#chair"}, c.found(ana, "esta junto", "es"), "accents are hard to type on a phone")
	assert.Empty(t, c.found(ana, "ventana", "en"))
	assert.Equal(t, []string{"sit-down#chair"}, c.found(ana, "window", "fr"), "in the language that there is")
}

func TestASearchTellsNoAnswers(t *testing.T) {
	c, ana := newSittingCourse(t)
	for _, query := range []string{"yes", "first", "what first"} {
		for _, hit := range c.Search(ana, query, "en") {
			assert.NotEqual(t, "first", hit.Card, "cards with a question that counts are for after reading")
			for _, piece := range hit.Excerpt {
				assert.NotContains(t, piece.Text, "Yes.")
			}
		}
	}
}

func TestModulesWithTheWordsInTheirTitleComeFirst(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Then listen.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")
	assert.Equal(t, []string{"listen#", "greet#card"}, c.found(ana, "listen", "en"))
}

func TestAnExcerptShowsTheWordsInTheirPlace(t *testing.T) {
	c, ana := newSittingCourse(t)
	hits := c.Search(ana, "knows bed", "en")
	require.Len(t, hits, 1)
	assert.Equal(t, "The chair", hits[0].Heading)
	said, marked := "", []string{}
	for _, piece := range hits[0].Excerpt {
		said += piece.Text + "|"
		if piece.Found {
			marked = append(marked, piece.Text)
		}
	}
	assert.Equal(t, []string{"bed.", "knows"}, marked)
	assert.True(t, strings.HasPrefix(said, "…|"), "what comes before it is left out: %s", said)
}

func TestASearchShowsThirtyModulesAtMost(t *testing.T) {
	c := newCourse(t)
	files, order := map[string]string{}, []string{}
	for i := range 35 {
		slug := fmt.Sprintf("m-%d", i)
		order = append(order, slug)
		files["first/"+slug+"/module.md"] = module(fmt.Sprintf("Listen %d", i), "You listen.")
	}
	files["first/program.md"] = "---\ntitle: First\naudience: Physicians\norder: [" + strings.Join(order, ", ") + "]\n---\n\nA programme.\n"
	c.shelve(files)
	_, ana := c.signIn("mercy", "ana")
	assert.Len(t, c.Search(ana, "listen", "en"), 30)
}
