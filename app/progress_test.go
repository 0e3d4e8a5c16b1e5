package app_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

func (c *course) progressOf(id string) app.AssignmentProgress {
	c.t.Helper()
	a, err := c.AssignmentProgress(c.t.Context(), managerOf("mercy"), id)
	require.NoError(c.t, err)
	return a
}

// lines returns everybody whom an assignment is about, each as one line.
func (c *course) lines(id string) []string {
	c.t.Helper()
	_, all, err := c.AllAssigned(c.t.Context(), managerOf("mercy"), id)
	require.NoError(c.t, err)
	var lines []string
	for row, err := range all {
		require.NoError(c.t, err)
		name := "nobody"
		if row.Person != nil {
			name = row.Person.Name
		}
		lines = append(lines, fmt.Sprint(name, " ", row.Account, " ", row.States))
	}
	return lines
}

// newWard returns a course with four people: ana has completed greet, bo is in the
// middle of it, cy and the manager have begun nothing; di of another institution
// has completed it.
func newWard(t *testing.T) *course {
	c := newDemandingCourse(t)
	ana, bo := c.staff("mercy", "ana", "ana@mercy.example"), c.staff("mercy", "bo", "")
	c.staff("mercy", "cy", "cy@mercy.example")
	c.signIn("mercy", "boss", app.Manager)
	di := c.staff("harbor", "di", "di@mercy.example")
	c.finish(ana, "greet")
	c.begin(bo, "greet")
	c.finish(di, "greet")
	return c
}

func TestTheManagerSeesHowFarEveryoneIs(t *testing.T) {
	c := newWard(t)
	one := c.progressOf(c.assign(func(*app.AssignmentDraft) {}).ID)
	assert.Equal(t, "greet", one.Title)
	assert.True(t, one.OfPeople())
	assert.Equal(t, app.Reach{Completed: 1, InProgress: 1, NotBegun: 2}, one.Total)
	assert.Equal(t, []app.Reach{one.Total}, one.ByModule)

	whole := c.assign(func(d *app.AssignmentDraft) { d.Module, d.Program = "", "first" })
	all := c.progressOf(whole.ID)
	assert.Equal(t, "First", all.Title)
	assert.False(t, all.OfPeople())
	assert.Equal(t, []app.Reach{{Completed: 1, InProgress: 1, NotBegun: 2}, {NotBegun: 4}}, all.ByModule)
	assert.Equal(t, app.Reach{Completed: 1, InProgress: 1, NotBegun: 6}, all.Total, "of 4 people and 2 modules")
	assert.Equal(t, []string{
		"ANA ana@mercy.example [completed not_begun]", "BO bo [in_progress not_begun]",
		"boss boss [not_begun not_begun]", "CY cy@mercy.example [not_begun not_begun]",
	}, c.lines(whole.ID), "the same in the file")
}

func TestTheManagerSeesWhoOfAListHasNotBegunOrNeverSignedIn(t *testing.T) {
	c := newWard(t)
	list := c.assign(func(d *app.AssignmentDraft) {
		of("new@mercy.example", "bo", "ANA@mercy.example", "ana", "di@mercy.example", "CY")(d)
		d.Module, d.Program = "", "first"
	})
	p := c.progressOf(list.ID)
	assert.Equal(t, []string{
		"ANA ANA@mercy.example [completed not_begun]", // who is listed twice
		"BO bo [in_progress not_begun]",
		"nobody new@mercy.example [not_begun not_begun]",
		"nobody di@mercy.example [not_begun not_begun]", // of another institution
		"nobody CY [not_begun not_begun]",               // an id of other letters
	}, c.lines(list.ID))
	assert.True(t, p.OfPeople())
	assert.Equal(t, app.Reach{InProgress: 2, NotBegun: 3}, p.Total)
	assert.Equal(t, []app.Reach{{Completed: 1, InProgress: 1, NotBegun: 3}, {NotBegun: 5}}, p.ByModule)
	for filter, want := range map[app.AssignedFilter]int{
		{}:                                      5,
		{State: app.NotBegun}:                   3,
		{State: app.InProgress}:                 2,
		{State: app.Completed}:                  0,
		{State: app.Completed, Module: "greet"}: 1,
		{State: app.NotBegun, Module: "listen"}: 5,
		{State: app.InProgress, Module: "no such one"}: 2,
	} {
		n := 0
		for _, row := range p.Rows {
			if filter.Chooses(row, p.Modules) {
				n++
			}
		}
		assert.Equal(t, want, n, filter)
	}
}

func TestOnlyTheEditionThatIsOfferedCounts(t *testing.T) {
	c := newCourse(t)
	c.offer(edition{"2026", "Hello.", "first"})
	ana, bo := c.staff("mercy", "ana", ""), c.staff("mercy", "bo", "")
	everyone, list := c.assign(func(*app.AssignmentDraft) {}), c.assign(of("ana", "bo"))
	c.finish(ana, "greet")
	c.begin(bo, "greet")
	c.offer(edition{"2027", "Good day.", "first"})
	for _, a := range []app.Assignment{everyone, list} {
		assert.Equal(t, app.Reach{NotBegun: 2}, c.progressOf(a.ID).Total)
	}
	assert.Len(t, c.open(ana, "greet").Required, 2, "a new edition asks for a new completion")

	c.offer(edition{})
	gone := c.progressOf(everyone.ID)
	assert.Empty(t, gone.Modules)
	assert.Equal(t, "greet", gone.Title)
	assert.Empty(t, c.progressOf(list.ID).ByModule)
}

func TestManyListsDoNotMakeThePageOfAssignmentsSlow(t *testing.T) {
	c := newDemandingCourse(t)
	list := func(n int) []string {
		var people []string
		for i := range app.MostPeopleNamed {
			people = append(people, fmt.Sprintf("person%d-%d@mercy.example", n, i))
		}
		return people
	}
	for n := range 3 {
		c.assign(of(list(n)...))
	}
	c.assign(func(*app.AssignmentDraft) {})
	all, err := c.Assignments(t.Context(), managerOf("mercy"))
	require.NoError(t, err)
	counted := 0
	for _, a := range all {
		if a.Counted && !a.Everyone() {
			counted++
			assert.Equal(t, app.MostPeopleNamed, a.Total.NotBegun)
		}
		assert.Equal(t, a.Everyone(), a.Counted && a.Total.NotBegun == 0)
	}
	assert.Equal(t, 2, counted, "the third one is counted on its own page")
	assert.True(t, c.progressOf(all[len(all)-1].ID).Counted)
}

func TestWhatIsRequiredAndDueSoonestIsTakenUpFirst(t *testing.T) {
	due := func(day string) []app.Requirement {
		a := app.Assignment{}
		if day != "" {
			a.Due = noon.AddDate(0, 0, int(day[0]-'0'))
		}
		return []app.Requirement{{Assignment: a}}
	}
	done := &app.Record{Completion: &app.Completion{Status: app.Waived}}
	open := &app.Record{}
	item := func(slug string, r *app.Record, required []app.Requirement) app.CourseItem {
		return app.CourseItem{Module: &app.Module{Module: &content.Module{Slug: slug}}, Record: r, Required: required}
	}
	type items = []app.CourseItem
	for name, test := range map[string]struct {
		first, second items
		want          string
		begun         bool
	}{
		"nothing":                            {nil, nil, "", false},
		"nothing is required":                {items{item("a", nil, nil)}, items{item("b", nil, nil)}, "a", false},
		"nothing is required, one is begun":  {items{item("a", nil, nil)}, items{item("b", open, nil)}, "b", true},
		"one is required":                    {items{item("a", open, nil)}, items{item("b", nil, due(""))}, "b", false},
		"one is due":                         {items{item("a", open, due(""))}, items{item("b", nil, due("9"))}, "b", false},
		"one is due sooner":                  {items{item("a", open, due("9"))}, items{item("b", nil, due("2"))}, "b", false},
		"both are due, one is begun":         {items{item("a", nil, due("2"))}, items{item("b", open, due("2"))}, "b", true},
		"both are due":                       {items{item("a", nil, due("2"))}, items{item("b", nil, due("2"))}, "a", false},
		"the soonest of several counts":      {items{item("a", nil, due("3"))}, items{item("b", nil, append(due("9"), due("2")...))}, "b", false},
		"what is completed is not taken up":  {items{item("a", done, due("1"))}, items{item("b", nil, nil)}, "b", false},
		"all are completed":                  {items{item("a", done, nil)}, items{item("b", done, nil)}, "", false},
		"what is required and at no set day": {items{item("a", nil, nil), item("b", open, nil)}, items{item("c", nil, due(""))}, "c", false},
	} {
		next, begun := app.NextModule([]app.Course{{Items: test.first}, {Items: test.second}})
		if test.want == "" {
			assert.Nil(t, next, name)
			continue
		}
		require.NotNil(t, next, name)
		assert.Equal(t, test.want, next.Slug, name)
		assert.Equal(t, test.begun, begun, name)
	}
}

func TestHomeAndAResultLeadToWhatIsRequired(t *testing.T) {
	c := newDemandingCourse(t)
	ana := c.staff("mercy", "ana", "")
	assert.Equal(t, "greet", c.home(ana).Next.Slug)
	assert.Nil(t, c.home(ana).Required)
	c.assign(func(d *app.AssignmentDraft) { d.Module = "listen" })
	h := c.home(ana)
	assert.Equal(t, "listen", h.Next.Slug)
	require.NotNil(t, h.Required)
	assert.Equal(t, "New staff begin here.", h.Required.Because)
	assert.Equal(t, "listen", c.finish(ana, "greet").Next.Slug)
	_, bo := c.signIn("mercy", "bo")
	assert.Equal(t, "greet", c.finish(bo, "listen").Next.Slug, "then what is not required")
}
