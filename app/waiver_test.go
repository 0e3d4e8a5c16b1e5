package app_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// greetOf returns somebody's record of "greet".
func (c *course) greetOf(p app.Person) app.Record {
	c.t.Helper()
	r, err := c.Store.Record(c.t.Context(), app.NewRecordID(p.Learner, "greet", "2026"))
	require.NoError(c.t, err)
	return r
}

func (c *course) right(p app.Person, attempt app.AttemptID) {
	c.t.Helper()
	err := c.Submit(c.t.Context(), p, app.Submission{Attempt: attempt, Module: "greet", Answers: content.Answers{"q": {"yes"}, "r": {"yes"}}})
	require.NoError(c.t, err)
}

func TestAWaivedModuleIsDoneWithoutACertificate(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	c.then()
	require.NoError(t, c.Waive(t.Context(), boss, ana.Learner, "greet", " She teaches\r\n it.  "))

	r := c.greetOf(ana)
	assert.Equal(t, app.Waived, r.Status())
	assert.Equal(t, &app.Completion{Status: app.Waived, At: c.time, Version: 1, Name: "ana", Title: "greet", Institution: "Mercy", Reason: "She teaches it."}, r.Completion)
	assert.Equal(t, c.time, r.ChangedAt)
	assert.Equal(t, c.time, r.StartedAt, "who has not begun, begins with the waiver")
	assert.Nil(t, r.Score)
	assert.Zero(t, r.Attempts)
	assert.Equal(t, []string{"module_waived mercy boss map[edition:2026 module:greet record:" + string(r.ID) + "]"},
		c.trail(boss, app.EventFilter{Kind: app.ModuleWaived}))

	home, err := c.Home(t.Context(), ana)
	require.NoError(t, err)
	assert.Equal(t, "listen", home.Next.Slug, "there is nothing to do about it")
	learning, err := c.Learning(t.Context(), ana)
	require.NoError(t, err)
	assert.Len(t, learning.Done, 1)
	_, err = c.Certificate(t.Context(), "")
	assert.ErrorIs(t, err, app.ErrNotFound, "nor is there a certificate without a number")
}

func TestAWaivedModuleStaysWaivedWhateverIsAnswered(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	require.NoError(t, c.Begin(t.Context(), ana, "greet"))
	require.NoError(t, c.Waive(t.Context(), boss, ana.Learner, "greet", "She teaches it."))
	was := c.greetOf(ana).Completion
	c.then()
	c.right(ana, "attempt-1")
	r := c.greetOf(ana)
	assert.Equal(t, was, r.Completion)
	assert.Equal(t, 1, r.Attempts)
	assert.Equal(t, 100, *r.Score)

	assert.ErrorIs(t, c.Waive(t.Context(), boss, ana.Learner, "greet", "She teaches it."), app.ErrConflict, "nor waived once more")
	assert.Equal(t, was, c.greetOf(ana).Completion)
	assert.Len(t, c.trail(boss, app.EventFilter{Kind: app.ModuleWaived}), 1)
}

func TestOnlyManagersOfTheirInstitutionWaive(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	_, bo := c.signIn("harbor", "bo")
	for who, p := range map[string]app.Person{
		"the learner": ana, "an operator": operator, "nobody who is known": {},
		"an educator": {Identity: app.Identity{Institution: "mercy", Roles: []app.Role{app.Educator}}},
	} {
		assert.ErrorIs(t, c.Waive(t.Context(), p, ana.Learner, "greet", "A reason."), app.ErrForbidden, who)
		_, err := c.PersonRecords(t.Context(), p, ana.Learner)
		assert.ErrorIs(t, err, app.ErrForbidden, who)
		_, err = c.People(t.Context(), p, app.PersonFilter{}, app.PersonCursor{}, 10)
		assert.ErrorIs(t, err, app.ErrForbidden, who)
	}
	for _, learner := range []app.LearnerID{bo.Learner, "nobody", ""} {
		assert.ErrorIs(t, c.Waive(t.Context(), boss, learner, "greet", "A reason."), app.ErrNotFound)
		_, err := c.PersonRecords(t.Context(), boss, learner)
		assert.ErrorIs(t, err, app.ErrNotFound)
	}
	assert.ErrorIs(t, c.Waive(t.Context(), boss, ana.Learner, "walk", "A reason."), app.ErrNotFound, "her institution does not show it")
	_, err := c.Store.Record(t.Context(), app.NewRecordID(ana.Learner, "greet", "2026"))
	assert.ErrorIs(t, err, app.ErrNotFound, "nothing was begun")
	require.NoError(t, c.Waive(t.Context(), managerOf("harbor"), bo.Learner, "greet", "A reason."))
	assert.Equal(t, app.Waived, c.greetOf(bo).Status())
}

func TestAWaiverNeedsAReasonOfAtMost280Characters(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	for _, reason := range []string{"", " \r\n\t ", "\u200b\u202e", "\xff", strings.Repeat("ñ", 281)} {
		assert.ErrorIs(t, c.Waive(t.Context(), managerOf("mercy"), ana.Learner, "greet", reason), app.ErrInvalid, "%q", reason)
	}
	require.NoError(t, c.Waive(t.Context(), managerOf("mercy"), ana.Learner, "greet", strings.Repeat("ñ", 280)+"\r\n"))
	assert.Equal(t, strings.Repeat("ñ", 280), c.greetOf(ana).Completion.Reason)
}

func TestNothingIsWaivedForWhoHasLeft(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")
	boss := managerOf("mercy")
	require.NoError(t, c.Waive(t.Context(), boss, ana.Learner, "greet", "She teaches it."))
	c.then()
	require.NoError(t, c.Store.Erase(t.Context(), app.Erasure{Learner: ana.Learner, At: c.time}, app.Event{ID: "e", Kind: app.PersonErased, At: c.time}))
	assert.ErrorIs(t, c.Waive(t.Context(), boss, ana.Learner, "listen", "A reason."), app.ErrNotFound)

	all, err := c.PersonRecords(t.Context(), boss, ana.Learner)
	require.NoError(t, err)
	assert.True(t, all.Left())
	assert.Equal(t, "ana", all.LearnerName(), "as on the day of the completion")
	assert.Empty(t, all.Person.Subject)
	assert.Len(t, all.Records, 1)
	assert.Empty(t, all.Waivable)
	assert.Empty(t, all.NotBegun)
}

func TestWorkOfAnotherInstitutionIsNotWaived(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	move := func(institution app.InstitutionID) app.Person {
		_, p, _, err := c.SignIn(t.Context(), app.Arrival{Identity: app.Identity{
			Institution: institution, Issuer: "https://shared", Subject: "ana", Name: "Ana"}})
		require.NoError(t, err)
		return p
	}
	require.NoError(t, c.Begin(t.Context(), move("mercy"), "greet"))
	c.then()
	ana := move("harbor")
	want := c.greetOf(ana)
	assert.True(t, want.Former, "she has left there")
	assert.ErrorIs(t, c.Waive(t.Context(), managerOf("harbor"), ana.Learner, "greet", "She teaches it."), app.ErrNotFound)
	assert.ErrorIs(t, c.Waive(t.Context(), managerOf("mercy"), ana.Learner, "greet", "She teaches it."), app.ErrNotFound)
	assert.Equal(t, want, c.greetOf(ana))
}
