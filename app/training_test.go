package app_test

import (
	"fmt"
	"path/filepath"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/sqlitestore"
	"first5/content"
)

// noon is when these tests begin.
var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// course is a Training with a clock that a test can move.
type course struct {
	*app.Training
	t    *testing.T
	time time.Time
}

func newCourse(t *testing.T) *course {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "first5.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	c := &course{t: t, time: noon}
	c.Training = &app.Training{
		Store: store,
		Institutions: []app.Institution{
			{ID: "mercy", Name: "Mercy", Programs: []string{"first"}},
			{ID: "harbor", Name: "Harbor"},
		},
		Now:         func() time.Time { return c.time },
		SessionIdle: 12 * time.Hour,
		SessionLife: 7 * 24 * time.Hour,
	}
	return c
}

// folder returns a library of two programmes, "first" with the named modules and
// "second" with one.
func folder(t *testing.T, modules map[string]string) *content.Library {
	t.Helper()
	order := ""
	files := fstest.MapFS{}
	for _, slug := range []string{"greet", "listen"} {
		text, ok := modules[slug]
		if !ok {
			continue
		}
		order += slug + ", "
		files["first/"+slug+"/module.md"] = &fstest.MapFile{Data: []byte(module(slug, text))}
	}
	files["first/program.md"] = &fstest.MapFile{Data: []byte("---\ntitle: First\naudience: Physicians\norder: [" + order + "]\n---\n\nA programme.\n")}
	files["second/program.md"] = &fstest.MapFile{Data: []byte("---\ntitle: Second\naudience: Others\norder: [walk]\n---\n\nAnother.\n")}
	files["second/walk/module.md"] = &fstest.MapFile{Data: []byte(module("walk", "You walk."))}
	lib, findings, err := content.Load(files)
	require.NoError(t, err)
	require.Empty(t, findings)
	return lib
}

func module(title, text string) string {
	return fmt.Sprintf(`---
title: %s
summary: A module.
minutes: 2
edition: "2026"
objectives: [Learn]
authors: [A. Educator]
pass: 50
---

## A card {#card}

%s

## A question {#q}

- [x] Yes

  Indeed.
- [ ] No

  Not so.

## Another {#r}

- [x] Yes

  Indeed.
- [ ] No

  Not so.
`, title, text)
}

func (c *course) publish(modules map[string]string) []string {
	c.t.Helper()
	changes, err := c.Publish(c.t.Context(), folder(c.t, modules), "test")
	require.NoError(c.t, err)
	var said []string
	for _, change := range changes {
		said = append(said, fmt.Sprintf("%s %s %s %d", change.Kind, change.VersionRef.Kind, change.Slug, change.Number))
	}
	return said
}

func (c *course) signIn(institution app.InstitutionID, subject string, roles ...app.Role) (app.SessionToken, app.Person) {
	c.t.Helper()
	id := app.Identity{Institution: institution, Issuer: "https://" + string(institution), Subject: subject, Name: subject, Roles: roles}
	token, p, uncounted, err := c.SignIn(c.t.Context(), app.Arrival{Identity: id})
	require.NoError(c.t, err)
	require.Empty(c.t, uncounted)
	return token, p
}

func TestPublishingSaysWhatChanged(t *testing.T) {
	c := newCourse(t)
	two := map[string]string{"greet": "Hello.", "listen": "Hm."}
	assert.Equal(t, []string{
		"added program first 1", "added module greet 1", "added module listen 1",
		"added program second 1", "added module walk 1",
	}, c.publish(two))
	assert.Equal(t, []string{
		"unchanged program first 1", "unchanged module greet 1", "unchanged module listen 1",
		"unchanged program second 1", "unchanged module walk 1",
	}, c.publish(two), "the same content is no new version")
	last, err := c.Store.LastPublication(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 1, last.Number, "and no new publication")

	assert.Contains(t, c.publish(map[string]string{"greet": "Hello!", "listen": "Hm."}), "changed module greet 2")
	assert.Contains(t, c.publish(map[string]string{"greet": "Hello!"}), "withdrawn module listen 1")
	assert.Contains(t, c.publish(map[string]string{"greet": "Hello!", "listen": "Hm."}), "added module listen 1", "offered again as it was")
	assert.Contains(t, c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."}), "changed module greet 3", "an old text is a new version")
}

func TestWhatIsPublishedComesBackAfterARestart(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	c.publish(map[string]string{"greet": "Hello!"})
	again := &app.Training{Store: c.Store, Institutions: c.Institutions, Now: c.Now, SessionIdle: time.Hour, SessionLife: time.Hour}
	assert.ErrorIs(t, again.Ready(t.Context()), app.ErrNotFound)
	require.NoError(t, again.Load(t.Context()))
	assert.NoError(t, again.Ready(t.Context()))
	_, p := c.signIn("mercy", "ana")
	o, err := again.Open(t.Context(), p, "greet")
	require.NoError(t, err)
	assert.Equal(t, 2, o.Version)
	assert.Contains(t, string(o.Body), "Hello!")
}

func TestLearnersSeeTheProgrammesOfTheirInstitution(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	_, bo := c.signIn("harbor", "bo")
	for _, some := range []struct {
		person app.Person
		want   []string
	}{{ana, []string{"first"}}, {bo, []string{"first", "second"}}} {
		courses, err := c.Catalogue(t.Context(), some.person)
		require.NoError(t, err)
		var seen []string
		for _, course := range courses {
			seen = append(seen, course.Slug)
		}
		assert.Equal(t, some.want, seen)
	}
	_, err := c.Open(t.Context(), ana, "walk")
	assert.ErrorIs(t, err, app.ErrNotFound)
	assert.ErrorIs(t, c.Begin(t.Context(), ana, "walk"), app.ErrNotFound)
	assert.ErrorIs(t, c.Submit(t.Context(), ana, app.Submission{Attempt: "attempt-1", Module: "walk", Version: 1}), app.ErrNotFound)
	assert.NoError(t, c.Begin(t.Context(), bo, "walk"))
}

func TestACompletionIsTheFirstAttemptThatReachesThePassMark(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	send := func(id string, answers content.Answers) app.Record {
		c.time = c.time.Add(time.Minute)
		require.NoError(t, c.Submit(t.Context(), ana, app.Submission{Attempt: app.AttemptID(id), Module: "greet", Answers: answers}))
		r, err := c.Store.Record(t.Context(), app.NewRecordID(ana.Learner, "greet", "2026"))
		require.NoError(t, err)
		return r
	}
	r := send("attempt-1", content.Answers{})
	assert.Equal(t, app.InProgress, r.Status())
	assert.Equal(t, 0, *r.Score)

	r = send("attempt-2", content.Answers{"q": {"yes"}})
	assert.Equal(t, app.Passed, r.Status(), "half right reaches 50 %")
	assert.Equal(t, 50, *r.Completion.Score)
	first := *r.Completion
	assert.Equal(t, "ana", first.Name)
	assert.Equal(t, "greet", first.Title)
	assert.Equal(t, "Mercy", first.Institution)
	assert.NotEmpty(t, first.Certificate)

	r = send("attempt-3", content.Answers{"q": {"yes"}, "r": {"yes"}})
	assert.Equal(t, 100, *r.Score, "the best one counts")
	assert.Equal(t, first, *r.Completion, "and the completion stays")
	assert.Equal(t, 3, r.Attempts)
}

func TestASessionEndsWhenItIsIdleOrOld(t *testing.T) {
	c := newCourse(t)
	token, _ := c.signIn("mercy", "ana")
	for range 13 { // always active
		c.time = c.time.Add(11 * time.Hour)
		_, err := c.Authenticate(t.Context(), token)
		require.NoError(t, err, c.time.Sub(noon))
	}
	c.time = noon.Add(7*24*time.Hour + time.Minute)
	_, err := c.Authenticate(t.Context(), token)
	assert.ErrorIs(t, err, app.ErrSignedOut, "after a week in any case")

	token, _ = c.signIn("mercy", "ana")
	c.time = c.time.Add(12*time.Hour + time.Minute)
	_, err = c.Authenticate(t.Context(), token)
	assert.ErrorIs(t, err, app.ErrSignedOut, "after a night")

	token, ana := c.signIn("mercy", "ana")
	_, err = c.SignOut(t.Context(), ana, token, app.SignOutHere)
	require.NoError(t, err)
	_, err = c.Authenticate(t.Context(), token)
	assert.ErrorIs(t, err, app.ErrSignedOut)
}

func TestSweepingRemovesEndedSessionsAlone(t *testing.T) {
	c := newCourse(t)
	ended, _ := c.signIn("mercy", "ana")
	c.time = c.time.Add(13 * time.Hour)
	alive, _ := c.signIn("mercy", "bo")
	require.NoError(t, c.Sweep(t.Context()))
	c.time = noon
	_, err := c.Authenticate(t.Context(), ended)
	assert.ErrorIs(t, err, app.ErrSignedOut, "it is gone, whatever the clock says")
	_, err = c.Authenticate(t.Context(), alive)
	assert.NoError(t, err)
}

func TestAnInstitutionThatLeavesTakesItsPeopleWithIt(t *testing.T) {
	c := newCourse(t)
	token, _ := c.signIn("harbor", "bo")
	c.Institutions = c.Institutions[:1]
	_, err := c.Authenticate(t.Context(), token)
	assert.ErrorIs(t, err, app.ErrSignedOut)
	_, _, _, err = c.SignIn(t.Context(), app.Arrival{Identity: app.Identity{Institution: "harbor", Issuer: "https://harbor", Subject: "bo"}})
	assert.ErrorIs(t, err, app.ErrNotFound)
}

func TestParkedAnswersThatCanNotBeCountedStayParked(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	require.NoError(t, c.Park(t.Context(), ana.Learner, app.Submission{Attempt: "attempt-7", Module: "greet", Version: 7}))
	require.NoError(t, c.Park(t.Context(), ana.Learner, app.Submission{Attempt: "attempt-1", Module: "greet", Version: 1, Answers: content.Answers{"q": {"yes"}}}))

	_, _, uncounted, err := c.SignIn(t.Context(), app.Arrival{Identity: ana.Identity})
	require.NoError(t, err, "nobody is kept out by that")
	require.Len(t, uncounted, 1)
	assert.ErrorIs(t, uncounted[0], app.ErrConflict)
	parked, err := c.Store.ParkedBy(t.Context(), ana.Learner)
	require.NoError(t, err)
	require.Len(t, parked, 1)
	assert.Equal(t, app.AttemptID("attempt-7"), parked[0].ID)
	result, err := c.Result(t.Context(), ana, "greet", "attempt-1")
	require.NoError(t, err)
	assert.Equal(t, app.Passed, result.Record.Status())
}

func TestOnlyOnesOwnAttemptsAndInstitutionAreToBeSeen(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	require.NoError(t, c.Submit(t.Context(), ana, app.Submission{Attempt: "attempt-1", Module: "greet"}))

	_, err := c.Result(t.Context(), boss, "greet", "attempt-1")
	assert.ErrorIs(t, err, app.ErrNotFound, "a manager sees no answers")
	_, err = c.Result(t.Context(), ana, "listen", "attempt-1")
	assert.ErrorIs(t, err, app.ErrNotFound)
	_, err = c.Records(t.Context(), ana, app.Filter{}, app.Order{}, app.Cursor{}, 10)
	assert.ErrorIs(t, err, app.ErrForbidden)
	_, err = c.AllRecords(t.Context(), ana, app.Filter{})
	assert.ErrorIs(t, err, app.ErrForbidden)
	_, err = c.Publications(boss)
	assert.ErrorIs(t, err, app.ErrForbidden)
	page, err := c.Records(t.Context(), boss, app.Filter{}, app.Order{}, app.Cursor{}, 10)
	require.NoError(t, err)
	assert.Len(t, page.Records, 1)
	assert.Nil(t, page.Next)
}

func TestAnswersToAModuleThatWasWithdrawnMeanwhileCount(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")
	require.NoError(t, c.Begin(t.Context(), ana, "listen"))
	c.publish(map[string]string{"greet": "Hello."})

	require.NoError(t, c.Submit(t.Context(), ana, app.Submission{Attempt: "attempt-1", Module: "listen", Version: 1, Answers: content.Answers{"q": {"yes"}}}))
	result, err := c.Result(t.Context(), ana, "listen", "attempt-1")
	require.NoError(t, err)
	assert.Equal(t, app.Passed, result.Record.Status())
	assert.ErrorIs(t, c.Begin(t.Context(), ana, "listen"), app.ErrNotFound, "but nobody begins it any more")
}
