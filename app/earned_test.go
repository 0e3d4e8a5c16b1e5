package app_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestWhoPassesTheQuizBeforeReadingHasTestedOut(t *testing.T) {
	for name, test := range map[string]struct {
		cards []string // that were on the screen
		quiz  bool
		want  app.Status
	}{
		"the quiz alone":                  {nil, true, app.TestedOut},
		"after a glance at the module":    {[]string{"chair"}, true, app.TestedOut},
		"after its last card to read":     {[]string{"chair", "last", "tomorrow"}, true, app.Passed},
		"after leafing back":              {[]string{"tomorrow", "chair"}, true, app.Passed},
		"in the module":                   {[]string{"chair"}, false, app.Passed},
		"in the module, without a script": {nil, false, app.Passed},
	} {
		t.Run(name, func(t *testing.T) {
			c, ana := newSittingCourse(t)
			for _, card := range test.cards {
				require.NoError(t, c.MoveTo(t.Context(), ana, page, card))
			}
			r := c.send(ana, "sit-down", sits, test.quiz)
			assert.Equal(t, test.want, r.Record.Status())
			assert.Equal(t, 100, *r.Record.Completion.Score)
		})
	}
}

func TestWhoAnsweredFromThePageOfAllCardsHasReadThem(t *testing.T) {
	parked := app.Submission{Attempt: "attempt-1", Module: "sit-down", Version: 1, Answers: asks}
	for name, answer := range map[string]func(c *course, ana app.Person){
		"at once": func(c *course, ana app.Person) { c.send(ana, "sit-down", asks, false) },
		"without a session": func(c *course, ana app.Person) {
			require.NoError(t, c.Park(t.Context(), ana.Learner, parked))
			c.signIn("mercy", "ana")
		},
		"twice": func(c *course, ana app.Person) {
			c.send(ana, "sit-down", asks, false)
			c.send(ana, "sit-down", asks, false)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c, ana := newSittingCourse(t)
			answer(c, ana)
			o := c.open(ana, "sit-down")
			assert.True(t, o.Workbook.Read)
			assert.Equal(t, 1, o.Workbook.Revision, "saved once")
			assert.Empty(t, o.Workbook.CardToGoOnAt(o.Record), "which is no place to go on at")
			assert.Equal(t, app.Passed, c.send(ana, "sit-down", sits, true).Record.Status(), "whatever page they answer on next")
		})
	}
	c, ana := newSittingCourse(t)
	c.send(ana, "sit-down", asks, true)
	c.send(ana, "sit-down", sits, false)
	assert.Zero(t, c.workbook(ana), "nothing is kept of a quiz alone, nor once nothing hangs on it")
}

func TestHowAModuleWasCompletedStaysAsItWas(t *testing.T) {
	c, ana := newSittingCourse(t)
	assert.Equal(t, app.InProgress, c.send(ana, "sit-down", asks, true).Record.Status(), "a quiz that is not passed is worth nothing")
	assert.Equal(t, app.TestedOut, c.send(ana, "sit-down", sits, true).Record.Status(), "as often as one likes")
	require.NoError(t, c.MoveTo(t.Context(), ana, page, "tomorrow"))
	r := c.send(ana, "sit-down", sits, false)
	assert.Equal(t, app.TestedOut, r.Record.Status())
	assert.Equal(t, 3, r.Record.Attempts)
}

func TestAQuizSentWithoutASessionIsStillAQuiz(t *testing.T) {
	c, ana := newSittingCourse(t)
	require.NoError(t, c.Park(t.Context(), ana.Learner, app.Submission{Attempt: "attempt-1", Module: "sit-down", Version: 1, Answers: sits, Quiz: true}))
	_, ana = c.signIn("mercy", "ana")
	assert.Equal(t, app.TestedOut, c.open(ana, "sit-down").Record.Status())
}

func TestACertificateSaysWhichCreditItsProgrammeCarries(t *testing.T) {
	for name, test := range map[string]struct{ terms, want string }{
		"none": {"", ""},
		"one": {
			"credit:\n  - {type: AMA PRA Category 1 Credit, maximum: 0.5, professions: [physician]}\n",
			"Part of First, which as a whole carries up to 0.5 AMA PRA Category 1 Credit (physician).",
		},
		"several, and who accredits them": {
			"credit:\n  - {type: A, maximum: 1, professions: [physician, nurse]}\n  - {type: B, maximum: 0.25, professions: [nurse]}\naccreditation: CHEST is accredited.\n",
			"Part of First, which as a whole carries up to 1 A (physician, nurse); up to 0.25 B (nurse). CHEST is accredited.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			c.shelve(map[string]string{
				"first/program.md":         "---\ntitle: First\naudience: Physicians\norder: [sit-down]\n" + test.terms + "---\n\nA programme.\n",
				"first/sit-down/module.md": sitDown,
			})
			_, ana := c.signIn("mercy", "ana")
			assert.Equal(t, test.want, c.pass(ana, "sit-down").Record.Completion.Credit)
		})
	}
}
