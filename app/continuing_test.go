package app_test

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// edition says which edition of "greet" is offered, in which programme, if at
// all. Beside it "listen" is always in "first", and "walk" in "second".
type edition struct {
	label, text, program string
}

func (c *course) offer(greet edition) {
	c.t.Helper()
	files := fstest.MapFS{}
	add := func(program, slug, source string) {
		files[program+"/"+slug+"/module.md"] = &fstest.MapFile{Data: []byte(source)}
	}
	order := map[string]string{"first": "listen", "second": "walk"}
	add("first", "listen", module("listen", "You listen."))
	add("second", "walk", module("walk", "You walk."))
	if greet.program != "" {
		order[greet.program] = "greet, " + order[greet.program]
		add(greet.program, "greet", strings.Replace(module("greet", greet.text), `"2026"`, `"`+greet.label+`"`, 1))
	}
	for program, slugs := range order {
		text := "---\ntitle: " + program + "\naudience: Physicians\norder: [" + slugs + "]\n---\n\nA programme.\n"
		files[program+"/program.md"] = &fstest.MapFile{Data: []byte(text)}
	}
	lib, findings, err := content.Load(files)
	require.NoError(c.t, err)
	require.Empty(c.t, findings)
	_, err = c.Publish(c.t.Context(), lib, "test")
	require.NoError(c.t, err)
	c.time = c.time.Add(time.Minute)
}

func (c *course) begin(p app.Person, slug string) {
	c.t.Helper()
	require.NoError(c.t, c.Begin(c.t.Context(), p, slug))
}

func (c *course) open(p app.Person, slug string) app.Opened {
	c.t.Helper()
	o, err := c.Open(c.t.Context(), p, slug)
	require.NoError(c.t, err)
	return o
}

// finish answers the module as it opens, and returns the result.
func (c *course) finish(p app.Person, slug string) app.Result {
	c.t.Helper()
	o := c.open(p, slug)
	id := app.AttemptID(app.NewToken())
	c.time = c.time.Add(time.Minute)
	err := c.Submit(c.t.Context(), p, app.Submission{
		Attempt: id, Module: slug, Version: o.Version, Answers: content.Answers{"q": {"yes"}, "r": {"yes"}},
	})
	require.NoError(c.t, err)
	result, err := c.Result(c.t.Context(), p, slug, id)
	require.NoError(c.t, err)
	return result
}

// hidden asserts that nothing of a module is shown to the person.
func (c *course) hidden(p app.Person, slug string) {
	c.t.Helper()
	ctx := c.t.Context()
	_, err := c.Open(ctx, p, slug)
	assert.ErrorIs(c.t, err, app.ErrNotFound)
	assert.ErrorIs(c.t, c.Begin(ctx, p, slug), app.ErrNotFound)
	err = c.Submit(ctx, p, app.Submission{Attempt: "attempt-of-nobody", Module: slug})
	assert.ErrorIs(c.t, err, app.ErrNotFound)
	assert.NotContains(c.t, c.listed(p), slug)
	l, err := c.Learning(ctx, p)
	require.NoError(c.t, err)
	for _, m := range l.Waiting {
		assert.NotEqual(c.t, slug, m.Slug)
	}
}

// listed returns the slugs of the modules in the person's catalogue, each with
// the edition of the record that it shows, if any.
func (c *course) listed(p app.Person) map[string]string {
	c.t.Helper()
	courses, err := c.Catalogue(c.t.Context(), p)
	require.NoError(c.t, err)
	slugs := map[string]string{}
	for _, course := range courses {
		for _, item := range course.Items {
			slugs[item.Slug] = ""
			if item.Record != nil {
				slugs[item.Slug] = string(item.Record.Status()) + " " + item.Record.Edition
			}
		}
	}
	return slugs
}

func TestAWithdrawnModuleIsFinishedByThoseInTheMiddle(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "first"})
	_, ana := c.signIn("mercy", "ana")
	_, bo := c.signIn("mercy", "bo")
	_, cy := c.signIn("harbor", "cy")
	c.begin(ana, "greet")
	done := c.finish(cy, "greet")
	c.offer(edition{"2026", "Hello, again.", "first"})
	c.offer(edition{})

	o := c.open(ana, "greet")
	assert.Contains(t, string(o.Body), "Hello.")
	assert.Equal(t, 1, o.Version, "the one that she began")
	require.NotNil(t, o.Record)
	c.begin(ana, "greet") // a second tap on the button does nothing
	l, err := c.Learning(t.Context(), ana)
	require.NoError(t, err)
	require.Len(t, l.Begun, 1)
	assert.Equal(t, "greet", l.Begun[0].Module)
	assert.NotContains(t, c.listed(ana), "greet")

	result := c.finish(ana, "greet")
	assert.Equal(t, app.Passed, result.Record.Status())
	assert.Equal(t, 1, result.Module.Version)
	require.NotNil(t, result.Next)
	assert.Equal(t, "listen", result.Next.Slug, "after it comes whatever there is for her")
	assert.NotNil(t, c.open(ana, "greet").Record.Completion, "to be read again")
	assert.ErrorIs(t, c.Begin(t.Context(), ana, "greet"), app.ErrNotFound)

	o = c.open(cy, "greet")
	assert.Equal(t, 1, o.Version, "who completed it reads the version of the completion")
	assert.Equal(t, done.Record.Completion, o.Record.Completion)
	certified, err := c.Certificate(t.Context(), done.Record.Completion.Certificate)
	require.NoError(t, err)
	assert.Equal(t, done.Record, certified)
	l, err = c.Learning(t.Context(), cy)
	require.NoError(t, err)
	assert.Len(t, l.Done, 1)

	c.hidden(bo, "greet")
}

func TestANewEditionIsOfferedWhenTheOldOneIsCompleted(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "first"})
	_, ana := c.signIn("mercy", "ana")
	_, bo := c.signIn("mercy", "bo")
	c.begin(ana, "greet")
	c.offer(edition{"2027", "Good day.", "first"})

	o := c.open(ana, "greet")
	assert.Equal(t, "2026", o.Edition)
	assert.Equal(t, 1, o.Version)
	require.NotNil(t, o.Record)
	assert.Equal(t, "2026", o.Record.Edition)
	assert.Equal(t, "in_progress 2026", c.listed(ana)["greet"])
	courses, err := c.Catalogue(t.Context(), ana)
	require.NoError(t, err)
	next, begun := app.NextModule(courses)
	assert.Equal(t, "greet", next.Slug)
	assert.True(t, begun, "it is there to go on with, and not to begin")

	c.begin(ana, "greet")
	records, err := c.Store.LearnerRecords(t.Context(), ana.Learner)
	require.NoError(t, err)
	assert.Len(t, records, 1, "the new edition is not begun while the old one is open")

	require.NoError(t, c.Submit(t.Context(), ana, app.Submission{Attempt: "attempt-of-no-page", Module: "greet"}))
	result := c.finish(ana, "greet")
	assert.Equal(t, "2026", result.Record.Edition)
	assert.Equal(t, app.Passed, result.Record.Status())
	assert.Equal(t, 2, result.Record.Attempts, "answers that name no version are to the one that is open too")

	o = c.open(ana, "greet")
	assert.Equal(t, "2027", o.Edition)
	assert.Nil(t, o.Record, "now the new edition is new")
	assert.Equal(t, "", c.listed(ana)["greet"])
	l, err := c.Learning(t.Context(), ana)
	require.NoError(t, err)
	assert.Equal(t, "greet", l.Waiting[0].Slug)
	assert.Len(t, l.Done, 1)
	c.begin(ana, "greet")
	assert.Equal(t, "2027", c.finish(ana, "greet").Record.Edition)

	assert.Equal(t, "2027", c.open(bo, "greet").Edition, "everyone else begins the new one")
}

func TestAnEditionInTheMiddleIsFinishedAlsoWhenTheNextOneIsWithdrawn(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "first"})
	_, ana := c.signIn("mercy", "ana")
	c.finish(ana, "greet")
	c.offer(edition{"2027", "Good day.", "first"})
	c.begin(ana, "greet")
	c.offer(edition{})
	again := app.Submission{Attempt: "attempt-again", Module: "greet", Version: 1}
	require.NoError(t, c.Submit(t.Context(), ana, again), "from a page that was left open")

	assert.Equal(t, "2027", c.open(ana, "greet").Edition, "of two records the open one, whatever was active last")
	assert.Equal(t, app.Passed, c.finish(ana, "greet").Record.Status())
	assert.Equal(t, "2027", c.open(ana, "greet").Edition, "then the last one")
}

func TestAModuleThatMovedAwayIsFinishedByThoseWhoBeganIt(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "first"})
	_, ana := c.signIn("mercy", "ana") // whose institution lists the first programme alone
	_, bo := c.signIn("mercy", "bo")
	_, cy := c.signIn("harbor", "cy")
	c.begin(ana, "greet")
	c.offer(edition{"2026", "Good day.", "second"})

	o := c.open(ana, "greet")
	assert.Equal(t, 1, o.Version)
	result := c.finish(ana, "greet")
	assert.Equal(t, app.Passed, result.Record.Status())
	require.NotNil(t, result.Next)
	assert.Equal(t, "listen", result.Next.Slug, "and nothing of where it moved to")
	assert.NotContains(t, c.listed(ana), "greet")

	c.hidden(bo, "greet")
	o = c.open(cy, "greet")
	assert.Equal(t, 2, o.Version)
	follows := c.finish(cy, "greet").Next
	require.NotNil(t, follows)
	assert.Equal(t, "walk", follows.Slug)
}

func TestAnswersCountWhenTheInstitutionNoLongerShowsTheProgramme(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "second"})
	_, cy := c.signIn("harbor", "cy")
	_, di := c.signIn("harbor", "di")
	c.begin(cy, "greet")
	c.Institutions[1].Programs = []string{"first"}

	assert.Equal(t, app.Passed, c.finish(cy, "greet").Record.Status())
	c.hidden(di, "greet")
	err := c.Submit(t.Context(), di, app.Submission{Attempt: "attempt-1", Module: "greet", Version: 1})
	assert.ErrorIs(t, err, app.ErrNotFound, "not even by the number of a version")
}

func TestAnOptionThatIsSentAgainAndAgainIsKeptOnce(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "first"})
	_, ana := c.signIn("mercy", "ana")
	c.begin(ana, "greet")
	sent := content.Answers{"q": {"yes", "no", "yes", "no", "yes"}}
	require.NoError(t, c.Submit(t.Context(), ana, app.Submission{Attempt: "attempt-1", Module: "greet", Version: 1, Answers: sent}))
	a, err := c.Store.Attempt(t.Context(), ana.Learner, "attempt-1")
	require.NoError(t, err)
	assert.Equal(t, content.Answers{"q": {"yes", "no"}}, a.Answers)
}
