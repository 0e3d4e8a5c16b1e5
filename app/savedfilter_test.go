package app_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func saved(t *testing.T, c *course, p app.Person) []string {
	t.Helper()
	all, err := c.SavedFilters(t.Context(), p)
	require.NoError(t, err)
	var names []string
	for _, f := range all {
		names = append(names, f.Name+": "+f.Query)
	}
	return names
}

func TestManagersKeepTheFiltersThatTheyComeBackTo(t *testing.T) {
	c := newCourse(t)
	boss, other := managerOf("mercy"), managerOf("harbor")
	require.NoError(t, c.SaveFilter(t.Context(), boss, app.SavedFilter{Name: " To\tremind\n ", Query: "status=in_progress"}))
	require.NoError(t, c.SaveFilter(t.Context(), boss, app.SavedFilter{Name: "Passed", Query: "status=passed"}))
	require.NoError(t, c.SaveFilter(t.Context(), boss, app.SavedFilter{Name: "Passed", Query: "status=passed"}), "saved twice is saved once")
	assert.Equal(t, []string{"To remind: status=in_progress", "Passed: status=passed"}, saved(t, c, boss))
	assert.Empty(t, saved(t, c, other), "another institution has its own")

	require.NoError(t, c.RemoveFilter(t.Context(), other, "Passed"))
	require.NoError(t, c.RemoveFilter(t.Context(), boss, "To remind"))
	require.NoError(t, c.RemoveFilter(t.Context(), boss, "To remind"), "what is gone stays so")
	assert.Equal(t, []string{"Passed: status=passed"}, saved(t, c, boss))
}

func TestAFilterIsSavedUnderAShortNameOfItsOwn(t *testing.T) {
	c := newCourse(t)
	boss := managerOf("mercy")
	require.NoError(t, c.SaveFilter(t.Context(), boss, app.SavedFilter{Name: "Después", Query: "status=passed"}))
	for want, f := range map[app.FilterFault]app.SavedFilter{
		app.FilterWithoutName: {Name: " \u200b\n", Query: "status=read"},
		app.FilterNameTooLong: {Name: strings.Repeat("é", app.LongestFilterName+1), Query: "status=read"},
		app.FilterNameTaken:   {Name: "despues", Query: "status=read"},
		app.FilterOfNothing:   {Name: "All"},
		app.FilterTooLong:     {Name: "Long", Query: strings.Repeat("q", 5000)},
	} {
		err := c.SaveFilter(t.Context(), boss, f)
		assert.ErrorIs(t, err, want)
		assert.ErrorIs(t, err, app.ErrInvalid)
	}
	require.NoError(t, c.SaveFilter(t.Context(), boss, app.SavedFilter{Name: strings.Repeat("é", app.LongestFilterName), Query: "status=read"}))
	assert.Len(t, saved(t, c, boss), 2)
}

func TestAnInstitutionSavesFiftyFiltersAndNoMore(t *testing.T) {
	c := newCourse(t)
	boss := managerOf("mercy")
	for n := range app.MostSavedFilters {
		require.NoError(t, c.SaveFilter(t.Context(), boss, app.SavedFilter{Name: fmt.Sprint("Filter ", n), Query: "status=read"}))
	}
	one := app.SavedFilter{Name: "One more", Query: "status=read"}
	assert.ErrorIs(t, c.SaveFilter(t.Context(), boss, one), app.FiltersTooMany)
	require.NoError(t, c.RemoveFilter(t.Context(), boss, "Filter 7"))
	assert.NoError(t, c.SaveFilter(t.Context(), boss, one))
}

func TestOnlyManagersSaveFiltersAndCountRecords(t *testing.T) {
	c := newCourse(t)
	for _, p := range []app.Person{{}, operator, {Identity: app.Identity{Institution: "mercy", Roles: []app.Role{app.Educator}}}} {
		_, err := c.SavedFilters(t.Context(), p)
		assert.ErrorIs(t, err, app.ErrForbidden)
		assert.ErrorIs(t, c.SaveFilter(t.Context(), p, app.SavedFilter{Name: "x", Query: "y"}), app.ErrForbidden)
		assert.ErrorIs(t, c.RemoveFilter(t.Context(), p, "x"), app.ErrForbidden)
		_, err = c.Glance(t.Context(), p)
		assert.ErrorIs(t, err, app.ErrForbidden)
		_, err = c.CountRecords(t.Context(), p, app.Filter{})
		assert.ErrorIs(t, err, app.ErrForbidden)
		_, err = c.Records(t.Context(), p, app.Filter{}, app.Order{}, app.Cursor{}, 10)
		assert.ErrorIs(t, err, app.ErrForbidden)
	}
}

func TestAGlanceNamesModulesThatAreOfferedNoLonger(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	require.NoError(t, c.Begin(t.Context(), ana, "listen"))
	c.publish(map[string]string{"greet": "Hello."})
	g, err := c.Glance(t.Context(), boss)
	require.NoError(t, err)
	assert.Equal(t, 2, g.People.Count)
	require.Len(t, g.Older, 1)
	m, err := c.Open(t.Context(), ana, "listen")
	require.NoError(t, err)
	assert.Equal(t, m.Title, g.Older[0].Title)
	assert.Equal(t, 1, g.Older[0].InProgress.Count)
}
