package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// names returns those of all people that a manager's filter chooses, by pages.
func (c *course) names(p app.Person, f app.PersonFilter, limit int) []string {
	c.t.Helper()
	names := []string{}
	var after app.PersonCursor
	for {
		page, err := c.People(c.t.Context(), p, f, after, limit)
		require.NoError(c.t, err)
		for _, who := range page.People {
			names = append(names, who.Name)
		}
		if page.Next == nil {
			assert.Len(c.t, names, page.Total, "the count is of those who are listed")
			return names
		}
		require.Len(c.t, page.People, limit)
		after = *page.Next
	}
}

func TestManagersListTheirOwnPeopleByName(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	for _, name := range []string{"Élodie", "Zoe", "ana", "Bo", "Émile"} {
		c.signIn("mercy", name)
	}
	c.signIn("harbor", "Ann")
	want := []string{"ana", "Bo", "Élodie", "Émile", "Zoe"}
	for limit := 1; limit <= 6; limit++ {
		assert.Equal(t, want, c.names(managerOf("mercy"), app.PersonFilter{}, limit), "%d on a page", limit)
	}
	assert.Equal(t, []string{"Élodie", "Émile"}, c.names(managerOf("mercy"), app.PersonFilter{Query: "é"}, 1))
	assert.Equal(t, []string{"Ann"}, c.names(managerOf("harbor"), app.PersonFilter{}, 10))
}

func TestManagersFindWhoHasNotBegunAModule(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	begins := func(name string, does func(app.Person)) {
		_, p := c.signIn("mercy", name)
		does(p)
	}
	begins("ana", func(p app.Person) { c.right(p, "attempt-1") })
	begins("bo", func(p app.Person) { require.NoError(t, c.Begin(t.Context(), p, "greet")) })
	begins("cy", func(p app.Person) {
		require.NoError(t, c.Waive(t.Context(), managerOf("mercy"), p.Learner, "greet", "A reason."))
	})
	begins("di", func(app.Person) {})
	notBegun := func(module, edition string) []string {
		return c.names(managerOf("mercy"), app.PersonFilter{NotBegun: app.EditionRef{Module: module, Edition: edition}}, 2)
	}
	assert.Equal(t, []string{"di"}, notBegun("greet", "2026"))
	assert.Equal(t, []string{"ana", "bo", "cy", "di"}, notBegun("listen", "2026"))
	assert.Equal(t, []string{"ana", "bo", "cy", "di"}, notBegun("greet", "2025"))
}

func TestAPersonsPageAndTheListAgreeOnWhatIsNotBegun(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")
	require.NoError(t, c.Begin(t.Context(), ana, "greet"))
	boss := managerOf("mercy")
	slugs := func() (notBegun, waivable []string) {
		all, err := c.PersonRecords(t.Context(), boss, ana.Learner)
		require.NoError(t, err)
		for _, u := range all.NotBegun {
			for _, m := range u.Modules {
				notBegun = append(notBegun, m.Slug)
				assert.Equal(t, []string{"ana"}, c.names(boss, app.PersonFilter{NotBegun: app.EditionRef{Module: m.Slug, Edition: m.Edition}}, 10))
			}
		}
		for _, m := range all.Waivable {
			waivable = append(waivable, m.Slug)
		}
		return notBegun, waivable
	}
	notBegun, waivable := slugs()
	assert.Equal(t, []string{"listen"}, notBegun)
	assert.Equal(t, []string{"greet", "listen"}, waivable)

	c.right(ana, "attempt-1")
	_, waivable = slugs()
	assert.Equal(t, []string{"listen"}, waivable, "what is completed needs no waiver")
}

func TestAPersonsPageSaysWhatIsRequiredAndHowFarTheyAre(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	for i, d := range []app.Assignment{
		{Program: "first", Because: "All do.", Due: noon.Truncate(24 * time.Hour)},
		{Module: "greet", Because: "It is short.", Due: noon.Truncate(24*time.Hour).AddDate(0, 0, -7)},
		{Module: "listen", People: []string{"somebody.else@mercy.example"}},
	} {
		d.ID, d.By, d.MadeAt = fmt.Sprint(i), "The office", noon
		o, err := c.Store.Office(t.Context(), "mercy")
		if err != nil {
			require.ErrorIs(t, err, app.ErrNotFound)
		}
		o.Institution, o.Revision, o.Assignments = "mercy", o.Revision+1, append(o.Assignments, d)
		require.NoError(t, c.Store.SaveOffice(t.Context(), o))
	}
	required := func() string {
		c.time = c.time.Add(time.Minute)
		all, err := c.PersonRecords(t.Context(), boss, ana.Learner)
		require.NoError(t, err)
		var lines []string
		for _, d := range all.Required {
			lines = append(lines, fmt.Sprintf("%s %d/%d late=%t", d.Title, d.Done, d.Of, d.Late))
		}
		return strings.Join(lines, "; ")
	}
	assert.Equal(t, "greet 0/1 late=true; First 0/2 late=false", required())
	require.NoError(t, c.Waive(t.Context(), boss, ana.Learner, "greet", "She teaches it."))
	assert.Equal(t, "greet 1/1 late=false; First 1/2 late=false", required(), "a waiver counts")
	c.time = c.time.AddDate(0, 0, 3)
	assert.Equal(t, "greet 1/1 late=false; First 1/2 late=true", required())
}
