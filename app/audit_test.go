package app_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// trail returns the events that somebody may read, the first one first, each as
// one line.
func (c *course) trail(p app.Person, f app.EventFilter) []string {
	c.t.Helper()
	all, err := c.AllEvents(c.t.Context(), p, f)
	require.NoError(c.t, err)
	lines := []string{}
	for e, err := range all {
		require.NoError(c.t, err)
		lines = append([]string{fmt.Sprintf("%s %s %s %v", e.Kind, e.Institution, e.Name, map[string]string(e.Details))}, lines...)
	}
	return lines
}

// then moves the clock, so that events have an order.
func (c *course) then() { c.time = c.time.Add(time.Second) }

var operator = app.Person{Identity: app.Identity{Institution: "mercy", Roles: []app.Role{app.Operator}}}

func managerOf(i app.InstitutionID) app.Person {
	return app.Person{Identity: app.Identity{Institution: i, Roles: []app.Role{app.Manager}}}
}

func TestTheAuditTrailTellsWhoSignedInAndWithWhichRoles(t *testing.T) {
	c := newCourse(t)
	c.signIn("mercy", "ana")
	c.then()
	c.signIn("mercy", "ana", app.Manager, app.Educator)
	c.then()
	_, ana := c.signIn("mercy", "ana")
	c.then()
	_, err := c.SignOutEverywhere(t.Context(), ana, "")
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{
		"signed_in mercy ana map[first_time:yes]",
		"signed_in mercy ana map[]",
		"roles_changed mercy ana map[from:learner to:learner, educator, manager]",
		"signed_in mercy ana map[]",
		"roles_changed mercy ana map[from:learner, educator, manager to:learner]",
		"signed_out mercy ana map[where:everywhere]",
	}, c.trail(operator, app.EventFilter{}))
}

func TestManagersReadTheTrailOfTheirOwnInstitutionAlone(t *testing.T) {
	c := newCourse(t)
	c.signIn("mercy", "ana")
	c.then()
	c.signIn("harbor", "bo")
	c.then()
	c.publish(map[string]string{"greet": "Hello."})
	for name, k := range map[string]struct {
		who    app.Person
		filter app.EventFilter
		want   int
	}{
		"an operator all":                      {operator, app.EventFilter{}, 3},
		"an operator one institution's":        {operator, app.EventFilter{Institution: "harbor"}, 1},
		"a manager the own":                    {managerOf("harbor"), app.EventFilter{}, 1},
		"a manager the own, whatever is asked": {managerOf("mercy"), app.EventFilter{Institution: "harbor"}, 1},
		"a manager none of another's person":   {managerOf("mercy"), app.EventFilter{Learner: app.NewLearnerID("https://harbor", "bo")}, 0},
	} {
		assert.Len(t, c.trail(k.who, k.filter), k.want, name)
		page, err := c.Events(t.Context(), k.who, k.filter, app.EventCursor{}, 10)
		require.NoError(t, err)
		assert.Len(t, page.Events, k.want, name)
		for _, e := range page.Events {
			if !k.who.Has(app.Operator) {
				assert.Equal(t, k.who.Institution, e.Institution, name)
			}
		}
	}
	for _, role := range [][]app.Role{nil, {app.Educator}} {
		p := app.Person{Identity: app.Identity{Institution: "mercy", Roles: role}}
		_, err := c.Events(t.Context(), p, app.EventFilter{}, app.EventCursor{}, 10)
		assert.ErrorIs(t, err, app.ErrForbidden)
		_, err = c.AllEvents(t.Context(), p, app.EventFilter{})
		assert.ErrorIs(t, err, app.ErrForbidden)
	}
}

func TestTheTrailIsReadPageByPage(t *testing.T) {
	c := newCourse(t)
	for range 5 {
		c.signIn("mercy", "ana")
		c.then()
	}
	var read []app.EventID
	var after app.EventCursor
	for {
		page, err := c.Events(t.Context(), operator, app.EventFilter{}, after, 2)
		require.NoError(t, err)
		for _, e := range page.Events {
			assert.NotContains(t, read, e.ID)
			read = append(read, e.ID)
		}
		if page.Next == nil {
			break
		}
		assert.Len(t, page.Events, 2)
		after = *page.Next
	}
	assert.Len(t, read, 5)
}

func TestFailedSignInsCanNotFillTheTrailAndItSaysHowManyItLeftOut(t *testing.T) {
	c := newCourse(t)
	fail := func(i app.InstitutionID, reason string) {
		require.NoError(t, c.SignInFailed(t.Context(), i, reason))
	}
	for range 100 {
		fail("mercy", "the provider does not answer")
	}
	fail("harbor", "the provider does not answer")
	assert.Len(t, c.trail(managerOf("mercy"), app.EventFilter{}), 60)
	assert.Len(t, c.trail(managerOf("harbor"), app.EventFilter{}), 1, "another institution's failures count for themselves")
	c.time = c.time.Add(time.Minute)
	fail("mercy", "the nonce is not that of the sign-in")
	fail("mercy", "the sign-in took too long")
	trail := c.trail(managerOf("mercy"), app.EventFilter{From: c.time})
	assert.ElementsMatch(t, []string{
		"sign_in_failed mercy  map[left_out:40 failures before this one reason:the nonce is not that of the sign-in]",
		"sign_in_failed mercy  map[reason:the sign-in took too long]",
	}, trail)
}

func TestThePublicationOfModulesStandsInTheTrail(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	c.then()
	c.publish(map[string]string{"greet": "Hello."})
	c.publish(map[string]string{"greet": "Good morning."})
	trail := c.trail(operator, app.EventFilter{Kind: app.ModulesPublished})
	require.Len(t, trail, 2, "the same again is no publication")
	assert.Equal(t, "modules_published   map[changes:changed greet (version 2) origin:test publication:2]", trail[1])
	assert.Contains(t, trail[0], "added greet (version 1)")
}

func TestChangedSettingsStandInTheTrail(t *testing.T) {
	c := newCourse(t)
	told := func(settings map[app.InstitutionID]app.Details) []string {
		before := len(c.trail(operator, app.EventFilter{Kind: app.SettingsChanged}))
		c.then()
		require.NoError(t, c.NoteSettings(t.Context(), settings))
		return c.trail(operator, app.EventFilter{Kind: app.SettingsChanged})[before:]
	}
	settings := func(issuer string) map[app.InstitutionID]app.Details {
		return map[app.InstitutionID]app.Details{"": {"base_url": "https://first5"}, "mercy": {"issuer": issuer, "scopes": "openid"}}
	}
	assert.Len(t, told(settings("a")), 2, "at the first start")
	assert.Empty(t, told(settings("a")), "nothing changed")
	assert.Equal(t, []string{"settings_changed mercy  map[changed:issuer issuer:b scopes:openid]"}, told(settings("b")))
	delete(settings("b")["mercy"], "scopes")
	assert.Equal(t, []string{"settings_changed mercy  map[changed:scopes issuer:b]"},
		told(map[app.InstitutionID]app.Details{"": {"base_url": "https://first5"}, "mercy": {"issuer": "b"}}))
	gone := map[app.InstitutionID]app.Details{"": {"base_url": "https://first5"}}
	assert.Equal(t, []string{"settings_changed mercy  map[changed:taken out of the configuration]"}, told(gone))
	assert.Empty(t, told(gone), "once")
	assert.Len(t, told(settings("b")), 1, "it is back")
}
