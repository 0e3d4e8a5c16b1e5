package app_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// send answers the module's question, from its page or from that of its questions
// alone, and returns the result.
func (c *course) send(p app.Person, slug string, answers content.Answers, quiz bool) app.Result {
	c.t.Helper()
	id := app.AttemptID(app.NewToken())
	c.time = c.time.Add(time.Minute)
	require.NoError(c.t, c.Submit(c.t.Context(), p, app.Submission{Attempt: id, Module: slug, Version: c.open(p, slug).Version, Answers: answers, Quiz: quiz}))
	r, err := c.Result(c.t.Context(), p, slug, id)
	require.NoError(c.t, err)
	return r
}

var (
	sits = content.Answers{"first": {"sit"}}
	asks = content.Answers{"first": {"ask"}}
)

func (c *course) pass(p app.Person, slug string) app.Result {
	c.t.Helper()
	return c.send(p, slug, map[string]content.Answers{"sit-down": sits, "listen": {"q": {"yes"}, "r": {"yes"}}}[slug], false)
}

func (c *course) home(p app.Person) app.Home {
	c.t.Helper()
	h, err := c.Home(c.t.Context(), p)
	require.NoError(c.t, err)
	return h
}

func TestHomeShowsTheOneThingToDo(t *testing.T) {
	c, ana := newSittingCourse(t)
	ctx := t.Context()
	_, bo := c.signIn("mercy", "bo")
	h := c.home(bo)
	assert.Equal(t, "sit-down", h.Next.Slug)
	assert.Nil(t, h.Record, "to be begun")
	assert.Equal(t, 4, h.Left)
	assert.Equal(t, "Siéntese", h.In("es").Next.Title)
	assert.Equal(t, "Siéntese", h.In("es").Courses[0].Items[0].Title)
	assert.Equal(t, "Sit down", h.Courses[0].Items[0].Title, "which changes nothing for others")

	h = c.home(ana)
	assert.NotNil(t, h.Record, "to go on with")
	assert.Empty(t, h.Card)
	assert.Equal(t, 4, h.Left, "from its beginning")
	left := h.Left
	for _, card := range []string{"chair", "last", "tomorrow", "first"} {
		require.NoError(t, c.MoveTo(ctx, ana, page, card))
		h = c.home(ana)
		assert.Equal(t, card, h.Card)
		assert.LessOrEqual(t, h.Left, left)
		assert.GreaterOrEqual(t, h.Left, 1, "it is never over before it is over")
		left = h.Left
	}
	assert.Less(t, left, 4)

	c.send(ana, "sit-down", asks, false)
	h = c.home(ana)
	assert.Equal(t, "sit-down", h.Next.Slug)
	assert.Empty(t, h.Card, "where the answers were sent from is no place to go on at")
	assert.Equal(t, 4, h.Left)

	c.pass(ana, "sit-down")
	assert.Equal(t, "listen", c.home(ana).Next.Slug)
	c.pass(ana, "listen")
	assert.Nil(t, c.home(ana).Next)
}

// newBilingualCourse returns a course whose programme has a Spanish cover with a
// picture, and that picture's address.
func newBilingualCourse(t *testing.T) (*course, string) {
	t.Helper()
	c := newCourse(t)
	data, address := drawing("calm")
	c.shelve(map[string]string{
		"first/program.md":            "---\ntitle: First\naudience: Physicians\norder: [sit-down, listen]\ncredit: [{type: Points, maximum: 0.5, professions: [physician]}]\n---\n\nA programme.\n",
		"first/program.es.md":         "---\ntitle: Primero\naudience: Médicos\n---\n\nUn programa.\n\n![Una cara](face.svg)\n",
		"first/face.svg":              string(data),
		"first/sit-down/module.md":    sitDown,
		"first/sit-down/module.es.md": sitDownInSpanish,
		"first/listen/module.md":      module("Listen", "You listen."),
	})
	return c, address
}

func TestALearnersProgrammesAreShownInTheirLanguage(t *testing.T) {
	published, address := newBilingualCourse(t)
	restarted, _ := published.replica()
	require.NoError(t, restarted.Load(t.Context()))
	for name, c := range map[string]*course{"as published": published, "read from the store": restarted} {
		t.Run(name, func(t *testing.T) {
			_, ana := c.signIn("mercy", "ana")
			catalogue, err := c.Catalogue(t.Context(), ana)
			require.NoError(t, err)
			h := c.home(ana)
			for _, in := range []app.Course{h.In("es").Courses[0], catalogue[0].In("es")} {
				assert.Equal(t, "Primero", in.Title)
				assert.Equal(t, "Médicos", in.Audience)
				assert.Equal(t, "es", in.Language)
				assert.Contains(t, in.Cover, "<p>Un programa.</p>")
				assert.Contains(t, in.Cover, `alt="Una cara"`)
				assert.Equal(t, "Siéntese", in.Items[0].Title)
				assert.Equal(t, "Siéntese", in.Program.Modules[0].Title)
				assert.Equal(t, "Listen", in.Items[1].Title, "what is not translated is shown as it was written")
				assert.Equal(t, "first", in.Slug)
			}
			assert.Equal(t, "First", h.Courses[0].Title, "which changes nothing for others")
			assert.Equal(t, "First", h.In("fr").Courses[0].Title, "it is not in French")
			_, err = c.Asset(t.Context(), address)
			assert.NoError(t, err, "the picture of the Spanish cover")
		})
	}
}

func TestWhatManagersAndPapersSayOfAProgrammeIsAsItWasWritten(t *testing.T) {
	c, _ := newBilingualCourse(t)
	_, ana := c.signIn("mercy", "ana")
	assert.Equal(t, "First", c.Programs(ana)[0].Title)
	c.begin(ana, "sit-down")
	assert.Contains(t, c.pass(ana, "sit-down").Record.Completion.Credit, "Part of First, ")
}

func TestAResultLeadsToWhatIsLeft(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "first"}) // greet and listen; walk is in the second programme
	next := func(p app.Person, slug string) string {
		r := c.finish(p, slug)
		if r.Next == nil {
			return ""
		}
		return r.Next.Slug
	}
	_, cy := c.signIn("harbor", "cy")
	assert.Equal(t, "greet", next(cy, "listen"), "nothing is behind it, so what is before it")
	assert.Equal(t, "walk", next(cy, "greet"), "then the next programme")
	assert.Empty(t, next(cy, "walk"), "then nothing")

	_, ana := c.signIn("mercy", "ana") // who has the first programme alone
	assert.Equal(t, "listen", next(ana, "greet"))
	assert.Empty(t, next(ana, "listen"))

	_, di := c.signIn("harbor", "di")
	c.finish(di, "greet")
	r := c.send(di, "listen", content.Answers{"q": {"no"}}, false)
	require.NotNil(t, r.Next)
	assert.Equal(t, "walk", r.Next.Slug, "a module that is not passed is not what follows itself")
}

func TestAPlaceToGoOnAtIsOneAfterTheLastAnswers(t *testing.T) {
	r := &app.Record{ActiveAt: noon}
	for name, test := range map[string]struct {
		at   time.Time
		of   *app.Record
		want string
	}{
		"moved since":           {noon.Add(time.Second), r, "chair"},
		"moved at that moment":  {noon, r, "chair"},
		"answered since":        {noon.Add(-time.Second), r, ""},
		"without any record":    {noon, nil, ""},
		"never moved, answered": {time.Time{}, r, ""},
	} {
		assert.Equal(t, test.want, app.Workbook{Card: "chair", CardAt: test.at}.CardToGoOnAt(test.of), name)
	}
}
