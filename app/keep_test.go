package app_test

import (
	"context"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// sitDown is a module with all that a learner can keep something of, in two
// languages.
const sitDown = `---
title: Sit down
summary: A chair before the first question.
minutes: 4
edition: "2026"
objectives: [Sit before you ask]
authors: [A. Educator]
pass: 100
---

## The chair {#chair}

It stands by the window. ` + chairs + `

## Your last visit {#last}

` + "```reflect\nWhen did you last sit?\n```" + `

## Tomorrow {#tomorrow}

` + "```commit\nTake the chair\nAsk for the name\nWait three seconds\nKnock\n```" + `

## What first? {#first}

- [x] Sit

  Yes.
- [ ] Ask

  Read on [the chair](#chair).
`

const chairs = "Whoever sits down is felt to stay longer, by those who lie in bed. Nobody knows why that is so, and nobody has to."

const sitDownInSpanish = `---
title: Siéntese
summary: Una silla antes de la primera pregunta.
objectives: [Sentarse antes de preguntar]
---

## La silla {#chair}

Está junto a la ventana.

## Su última visita {#last}

` + "```reflect\n¿Cuándo se sentó por última vez?\n```" + `

## Mañana {#tomorrow}

` + "```commit\nTomar la silla\nPreguntar el nombre\nEsperar tres segundos\nLlamar a la puerta\n```" + `

## ¿Qué primero? {#first}

- [x] Sentarse

  Sí.
- [ ] Preguntar

  Relea [la silla](#chair).
`

// shelve publishes a folder of files, by path.
func (c *course) shelve(files map[string]string) {
	c.t.Helper()
	folder := fstest.MapFS{}
	for name, text := range files {
		folder[name] = &fstest.MapFile{Data: []byte(text)}
	}
	lib, findings, err := content.Load(folder)
	require.NoError(c.t, err)
	require.False(c.t, content.HasErrors(findings), "%v", findings)
	_, err = c.Publish(c.t.Context(), lib, "test")
	require.NoError(c.t, err)
	c.time = c.time.Add(time.Minute)
}

// newSittingCourse returns a course with the module and a physician who has begun
// it.
func newSittingCourse(t *testing.T) (*course, app.Person) {
	t.Helper()
	c := newCourse(t)
	c.shelve(map[string]string{
		"first/program.md":            "---\ntitle: First\naudience: Physicians\norder: [sit-down, listen]\n---\n\nA programme.\n",
		"first/sit-down/module.md":    sitDown,
		"first/sit-down/module.es.md": sitDownInSpanish,
		"first/listen/module.md":      module("Listen", "You listen."),
	})
	_, ana := c.signIn("mercy", "ana")
	c.begin(ana, "sit-down")
	c.time = c.time.Add(time.Second)
	return c, ana
}

var page = app.Page{Module: "sit-down", Version: 1, Language: "en"}

func (c *course) workbook(p app.Person) app.Workbook { return c.open(p, "sit-down").Workbook }

// write writes to the module's question, and returns what is kept then.
func (c *course) write(p app.Person, text, mark string) app.Reflection {
	c.t.Helper()
	c.time = c.time.Add(time.Second)
	kept, err := c.Reflect(c.t.Context(), p, page, "last", text, mark)
	require.NoError(c.t, err)
	return kept
}

func TestWhatIsWrittenOnTwoDevicesIsNeverLost(t *testing.T) {
	for name, test := range map[string]struct {
		kept, typed string
		seen        bool // the page showed what is kept
		want        string
	}{
		"the first words":                        {"", "On Monday.", true, "On Monday."},
		"more of them":                           {"On Monday.", "On Monday, at noon.", true, "On Monday, at noon."},
		"other words in their place":             {"On Monday.", "Never.", true, "Never."},
		"what is no text":                        {"", "On \xff\xfeMonday.", true, "On Monday."},
		"nothing in their place":                 {"On Monday.", "", true, ""},
		"nothing at all":                         {"", " \n ", true, ""},
		"the same words from a page that is old": {"On Monday.", "On Monday.", false, "On Monday."},
		"more from a page that is old":           {"On Monday.", "On Monday, in the ward: On Monday.", false, "On Monday, in the ward: On Monday."},
		"others from a page that is old":         {"On Monday.", "Never.", false, "Never.\n\nOn Monday."},
		"nothing from a page that is old":        {"On Monday.", "", false, "On Monday."},
		"a part from a page that is old":         {"On Monday.", "Monday", false, "On Monday."},
	} {
		t.Run(name, func(t *testing.T) {
			c, ana := newSittingCourse(t)
			mark := c.write(ana, test.kept, "").Mark()
			if !test.seen {
				mark = "of-another-day"
			}
			kept := c.write(ana, test.typed, mark)
			assert.Equal(t, test.want, kept.Text)
			stored := c.workbook(ana).Reflections
			if test.want == "" {
				assert.Empty(t, stored)
				return
			}
			assert.Equal(t, []app.Reflection{kept}, stored)
			assert.Equal(t, "When did you last sit?", kept.Prompt)
		})
	}
}

func TestWhatIsKeptOfOneQuestionIsBounded(t *testing.T) {
	c, ana := newSittingCourse(t)
	ctx := t.Context()
	monday, tuesday := strings.Repeat("m", app.LongestReflection), strings.Repeat("t", app.LongestReflection)
	c.write(ana, monday, "")
	for _, old := range []string{"", "of-another-day"} {
		_, err := c.Reflect(ctx, ana, page, "last", tuesday, old)
		assert.ErrorIs(t, err, app.ErrInvalid, "both together are too long")
		assert.ErrorIs(t, err, app.ErrTooLong)
	}
	assert.Equal(t, monday, c.workbook(ana).Reflections[0].Text, "and what is kept stays")

	both := c.write(ana, tuesday[2:], "of-another-day")
	assert.Len(t, both.Text, 2*app.LongestReflection, "as long as it may become")
	assert.Equal(t, both, c.write(ana, tuesday[2:], "of-another-day"), "sent again, it is in it already")
	_, err := c.Reflect(ctx, ana, page, "last", "On Wednesday.", "of-another-day")
	assert.ErrorIs(t, err, app.ErrTooLong)

	_, err = c.Reflect(ctx, ana, page, "last", both.Text+"!", both.Mark())
	assert.ErrorIs(t, err, app.ErrTooLong)
	edited := c.write(ana, "!"+both.Text[1:], both.Mark())
	assert.Len(t, edited.Text, 2*app.LongestReflection, "who sees it all may edit it")
	shorter := c.write(ana, edited.Text[:app.LongestReflection+1], edited.Mark())
	_, err = c.Reflect(ctx, ana, page, "last", edited.Text, shorter.Mark())
	assert.ErrorIs(t, err, app.ErrTooLong, "and what was made shorter does not grow again")
}

func TestTwoTextsOfOneMomentHaveMarksOfTheirOwn(t *testing.T) {
	c, ana := newSittingCourse(t)
	first, err := c.Reflect(t.Context(), ana, page, "last", "One.", "")
	require.NoError(t, err)
	second, err := c.Reflect(t.Context(), ana, page, "last", "Two.", first.Mark())
	require.NoError(t, err)
	assert.NotEqual(t, first.Mark(), second.Mark())
}

func TestAReflectionKeepsTheQuestionAsItWasRead(t *testing.T) {
	c, ana := newSittingCourse(t)
	spanish := page
	spanish.Language = "es"
	kept, err := c.Reflect(t.Context(), ana, spanish, "last", "El lunes.", "")
	require.NoError(t, err)
	assert.Equal(t, "¿Cuándo se sentó por última vez?", kept.Prompt)
}

func TestNothingIsKeptOfWhatIsNotAskedOrTooLong(t *testing.T) {
	c, ana := newSittingCourse(t)
	ctx := t.Context()
	_, err := c.Reflect(ctx, ana, page, "ghost", "Yes.", "")
	assert.ErrorIs(t, err, app.ErrInvalid)
	assert.NotErrorIs(t, err, app.ErrTooLong)
	_, err = c.Reflect(ctx, ana, page, "last", strings.Repeat("é", app.LongestReflection+1), "")
	assert.ErrorIs(t, err, app.ErrInvalid)
	assert.ErrorIs(t, err, app.ErrTooLong)
	_, err = c.Reflect(ctx, ana, app.Page{Module: "sit-down", Version: 7}, "last", "Yes.", "")
	assert.ErrorIs(t, err, app.ErrConflict)
	assert.ErrorIs(t, c.MoveTo(ctx, ana, page, "ghost"), app.ErrInvalid)
	assert.Zero(t, c.workbook(ana))

	c.write(ana, strings.Repeat("é", app.LongestReflection), "")
	require.NoError(t, c.MoveTo(ctx, ana, page, "last"))
	w := c.workbook(ana)
	assert.Equal(t, "last", w.Card)
	assert.Len(t, w.Reflections, 1, "moving on takes nothing away")
}

func TestWhatIsForgottenIsGoneAndNobodyElses(t *testing.T) {
	c, ana := newSittingCourse(t)
	_, bo := c.signIn("mercy", "bo")
	c.begin(bo, "sit-down")
	c.write(ana, "Hers.", "")
	c.write(bo, "His.", "")
	ctx, record := t.Context(), c.workbook(ana).Record

	require.NoError(t, c.ForgetReflection(ctx, bo, record, "last"))
	require.NoError(t, c.ForgetReflection(ctx, ana, record, "ghost"))
	require.NoError(t, c.MarkCommitment(ctx, bo, record, "Take the chair", true))
	require.NoError(t, c.DropCommitment(ctx, bo, record, "Take the chair"))
	assert.Len(t, c.workbook(ana).Reflections, 1, "by her alone, and by its own name")

	require.NoError(t, c.ForgetReflection(ctx, ana, record, "last"))
	assert.Empty(t, c.workbook(ana).Reflections)
	require.NoError(t, c.ForgetReflections(ctx, ana))
	assert.Len(t, c.workbook(bo).Reflections, 1)

	c.pass(bo, "sit-down")
	require.NoError(t, c.Commit(ctx, bo, page, []string{"knock"}, ""))
	require.NoError(t, c.ForgetReflections(ctx, bo))
	w := c.workbook(bo)
	assert.Empty(t, w.Reflections)
	assert.Len(t, w.Commitments, 1, "what he means to do stays")
}

// crowdedStore is a store in which another device is always a little faster, some
// times.
type crowdedStore struct {
	app.Store
	times int
}

func (s *crowdedStore) SaveWorkbook(ctx context.Context, w app.Workbook) error {
	if s.times > 0 {
		s.times--
		return app.ErrConflict
	}
	return s.Store.SaveWorkbook(ctx, w)
}

func TestAChangeThatCollidesIsTriedAnewAndNotForEver(t *testing.T) {
	for times, want := range map[int]error{0: nil, 1: nil, 7: nil, 8: app.ErrConflict, 100: app.ErrConflict} {
		c, ana := newSittingCourse(t)
		c.Store = &crowdedStore{Store: c.Store, times: times}
		err := c.MoveTo(t.Context(), ana, page, "last")
		assert.ErrorIs(t, err, want, "%d collisions", times)
	}
}

func TestWorkbooksComeWithTheLastChangedPlaceFirst(t *testing.T) {
	c, ana := newSittingCourse(t)
	require.NoError(t, c.MoveTo(t.Context(), ana, page, "last"))
	c.begin(ana, "listen")
	c.time = c.time.Add(time.Minute)
	require.NoError(t, c.MoveTo(t.Context(), ana, app.Page{Module: "listen", Version: 1}, "card"))
	all, err := c.Workbooks(t.Context(), ana)
	require.NoError(t, err)
	require.Len(t, all, 2)
	assert.Equal(t, []string{"listen", "sit-down"}, []string{all[0].Module, all[1].Module})
	l, err := c.Learning(t.Context(), ana)
	require.NoError(t, err)
	assert.Equal(t, all, l.Workbooks)
}
