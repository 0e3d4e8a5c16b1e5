package app_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// erased says whether somebody was.
func (c *course) erased(p app.Person) bool {
	c.t.Helper()
	now, err := c.Store.Person(c.t.Context(), p.Learner)
	require.NoError(c.t, err)
	return !now.ErasedAt.IsZero()
}

// whyErased returns why each person was erased, by the audit trail.
func (c *course) whyErased() []string {
	c.t.Helper()
	var why []string
	for e, err := range c.Store.AllEvents(c.t.Context(), app.EventFilter{Kind: app.PersonErased}) {
		require.NoError(c.t, err)
		why = append(why, string(e.Learner)+" "+e.Details["why"])
	}
	return why
}

func TestWhoStaysAwayForTheMonthsOfTheirInstitutionIsErased(t *testing.T) {
	c := newCourse(t)
	c.Institutions[0].RetentionMonths = 3
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	_, bo := c.signIn("harbor", "bo")
	c.right(ana, "attempt-1")
	c.time = noon.Add(time.Minute)
	c.signIn("mercy", "cy")

	c.time = noon.AddDate(0, 3, 0)
	require.NoError(t, c.Sweep(t.Context()))
	assert.False(t, c.erased(ana), "not before the three months are over")

	c.time = c.time.Add(time.Hour)
	_, cy := c.signIn("mercy", "cy")
	require.NoError(t, c.Sweep(t.Context()))
	assert.True(t, c.erased(ana))
	assert.False(t, c.erased(cy), "who has come back stays")
	assert.False(t, c.erased(bo), "another institution keeps its people")
	r := c.greetOf(ana)
	assert.True(t, r.Former)
	assert.Equal(t, "ana", r.LearnerName(), "since accreditation asks who attended")
	assert.Equal(t, []string{string(ana.Learner) + " retention"}, c.whyErased())

	c.time = c.time.Add(time.Hour)
	require.NoError(t, c.Sweep(t.Context()))
	assert.Len(t, c.whyErased(), 1, "once is enough")

	c.time = noon.AddDate(6, 0, 1)
	require.NoError(t, c.Sweep(t.Context()))
	assert.Empty(t, c.greetOf(ana).LearnerName(), "six years later nobody asks")
	assert.Equal(t, app.Passed, c.greetOf(ana).Status(), "but the number stays")
}

func TestAMonthWithoutTheDayEndsOnItsLastOne(t *testing.T) {
	c := newCourse(t)
	c.Institutions[0].RetentionMonths = 6
	c.time = time.Date(2026, 2, 28, 11, 0, 0, 0, time.UTC)
	_, ana := c.signIn("mercy", "ana")
	c.time = time.Date(2026, 3, 1, 11, 0, 0, 0, time.UTC)
	_, bo := c.signIn("mercy", "bo")
	c.time = time.Date(2026, 8, 31, 12, 0, 0, 0, time.UTC)
	require.NoError(t, c.Sweep(t.Context()))
	assert.True(t, c.erased(ana))
	assert.False(t, c.erased(bo), "whose six months end on the first of September")
}

func TestNobodyIsErasedWhoseSessionMayLive(t *testing.T) {
	c := newCourse(t)
	c.Institutions[0].RetentionMonths = 1
	c.SessionIdle, c.SessionLife = 90*24*time.Hour, 90*24*time.Hour
	token, ana := c.signIn("mercy", "ana")
	c.time = noon.AddDate(0, 2, 0)
	require.NoError(t, c.Sweep(t.Context()))
	assert.False(t, c.erased(ana))
	_, err := c.Authenticate(t.Context(), token)
	assert.NoError(t, err)
	c.time = noon.AddDate(0, 4, 0)
	require.NoError(t, c.Sweep(t.Context()))
	assert.True(t, c.erased(ana))
}

// crossing is a store in which something happens after it was asked who has left,
// and which can't erase some.
type crossing struct {
	app.Store
	meanwhile func()
	erasing   func()
	unable    map[app.LearnerID]bool
}

var errUnable = errors.New("can't be erased")

func (s *crossing) LeftBefore(ctx context.Context, i app.InstitutionID, before time.Time, limit int) ([]app.Person, error) {
	people, err := s.Store.LeftBefore(ctx, i, before, limit)
	if s.meanwhile != nil {
		s.meanwhile()
	}
	return people, err
}

func (s *crossing) Erase(ctx context.Context, e app.Erasure, told app.Event) error {
	if s.unable[e.Learner] {
		return errUnable
	}
	if s.erasing != nil {
		s.erasing()
	}
	return s.Store.Erase(ctx, e, told)
}

func TestWhoComesBackInThatMomentIsNotErased(t *testing.T) {
	c := newCourse(t)
	c.Institutions[0].RetentionMonths = 1
	_, ana := c.signIn("mercy", "ana")
	store := &crossing{Store: c.Store}
	c.Store = store
	store.meanwhile = func() {
		store.meanwhile = nil
		c.signIn("mercy", "ana")
	}
	c.time = noon.AddDate(1, 0, 0)
	require.NoError(t, c.Sweep(t.Context()))
	assert.Nil(t, store.meanwhile, "she was among those who had left")
	assert.False(t, c.erased(ana))
}

func TestWhoComesBackAsTheyAreErasedIsNot(t *testing.T) {
	c := newCourse(t)
	c.Institutions[0].RetentionMonths = 1
	_, ana := c.signIn("mercy", "ana")
	store := &crossing{Store: c.Store}
	c.Store = store
	store.erasing = func() {
		store.erasing = nil
		c.signIn("mercy", "ana")
	}
	c.time = noon.AddDate(1, 0, 0)
	require.NoError(t, c.Sweep(t.Context()), "that is no fault")
	assert.Nil(t, store.erasing)
	assert.False(t, c.erased(ana))
	assert.Empty(t, c.whyErased())
}

func TestOneWhoCanNotBeErasedHoldsUpNobody(t *testing.T) {
	c := newCourse(t)
	c.Institutions[0].RetentionMonths, c.Institutions[1].RetentionMonths = 1, 1
	_, ana := c.signIn("mercy", "ana") // the first in the queue
	c.time = noon.Add(time.Minute)
	var others []app.Person
	for n := range 250 {
		_, p := c.signIn("mercy", "other-"+string(rune('a'+n/26))+string(rune('a'+n%26)))
		others = append(others, p)
	}
	_, bo := c.signIn("harbor", "bo")
	store := &crossing{Store: c.Store, unable: map[app.LearnerID]bool{ana.Learner: true}}
	c.Store = store
	c.time = noon.AddDate(0, 2, 0)
	assert.ErrorIs(t, c.Sweep(t.Context()), errUnable, "the log says so")
	assert.False(t, c.erased(ana))
	for _, p := range append(others, bo) {
		assert.True(t, c.erased(p), p.Subject)
	}
	store.unable = nil
	c.time = c.time.Add(time.Hour)
	require.NoError(t, c.Sweep(t.Context()))
	assert.True(t, c.erased(ana), "the next hour does")
}

func TestAnErasureThatWasAskedForTakesThePersonAndLeavesTheRecord(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	token, ana := c.signIn("mercy", "ana")
	c.right(ana, "attempt-1")
	require.NoError(t, c.Begin(t.Context(), ana, "listen"))
	require.NoError(t, c.Park(t.Context(), ana.Learner, app.Submission{Attempt: "attempt-9", Module: "listen", Version: 9}))
	require.NoError(t, c.Commit(t.Context(), ana, app.Page{Module: "greet"}, nil, "Ask one more question"))

	l, err := c.Leaving(t.Context(), ana.Learner)
	require.NoError(t, err)
	assert.Equal(t, "ana", l.Person.Name)
	l.Person = app.Person{}
	assert.Equal(t, app.Leaving{
		Attempts: 1, Workbooks: 1, Commitments: 1, Parked: 1, Records: 2, Completed: 1, NamesUntil: noon.AddDate(6, 0, 0),
	}, l)
	assert.False(t, c.erased(ana), "to ask what goes takes nothing")

	require.NoError(t, c.Erase(t.Context(), ana.Learner))
	_, err = c.Authenticate(t.Context(), token)
	assert.ErrorIs(t, err, app.ErrSignedOut, "at once")
	who, err := c.Store.Person(t.Context(), ana.Learner)
	require.NoError(t, err)
	assert.Empty(t, who.Subject+who.Name+who.Email)
	attempt, err := c.Store.Attempt(t.Context(), ana.Learner, "attempt-1")
	require.NoError(t, err)
	assert.Empty(t, attempt.Answers)
	assert.Equal(t, content.Grade{Right: 2, Graded: 2}, attempt.Grade)
	assert.Equal(t, []string{string(ana.Learner) + " asked for"}, c.whyErased())

	require.NoError(t, c.Erase(t.Context(), ana.Learner))
	assert.Len(t, c.whyErased(), 1, "again changes nothing")
	assert.ErrorIs(t, c.Erase(t.Context(), "nobody"), app.ErrNotFound)
	_, err = c.Leaving(t.Context(), "nobody")
	assert.ErrorIs(t, err, app.ErrNotFound)
}

func TestNoListNamesWhoWasErased(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	_, boss := c.signIn("mercy", "boss", app.Manager)
	_, ana := c.signIn("mercy", "ana")
	assign := func(module, people string) app.Assignment {
		a, err := c.Assign(t.Context(), boss, app.AssignmentDraft{Module: module, People: people, By: "The board", Because: "It helps."})
		require.NoError(t, err)
		return a
	}
	both, alone := assign("greet", "ana\nbo"), assign("listen", "ana")
	l, err := c.Leaving(t.Context(), ana.Learner)
	require.NoError(t, err)
	assert.Equal(t, 2, l.Lists)

	require.NoError(t, c.Erase(t.Context(), ana.Learner))
	o, err := c.Store.Office(t.Context(), "mercy")
	require.NoError(t, err)
	require.Len(t, o.Assignments, 1, "a list of nobody would be everyone's")
	assert.Equal(t, both.ID, o.Assignments[0].ID)
	assert.Equal(t, []string{"bo"}, o.Assignments[0].People)
	assert.Equal(t, []string{"assignment_ended mercy  map[assignment:" + alone.ID + " module:listen people:1]"},
		c.trail(boss, app.EventFilter{Kind: app.AssignmentEnded}))
}

func TestAListKeepsAnAddressThatIsAnothersToday(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, boss := c.signIn("mercy", "boss", app.Manager)
	arrive := func(subject string) app.Person {
		_, p, _, err := c.SignIn(t.Context(), app.Arrival{Identity: app.Identity{
			Institution: "mercy", Issuer: "https://mercy", Subject: subject, Name: subject, Email: "Ana@mercy.example"}})
		require.NoError(t, err)
		return p
	}
	former, present := arrive("former"), arrive("present")
	_, err := c.Assign(t.Context(), boss, app.AssignmentDraft{Module: "greet", People: "ana@mercy.example", By: "The board", Because: "It helps."})
	require.NoError(t, err)
	require.NoError(t, c.Erase(t.Context(), former.Learner))
	all, err := c.AssignmentsOf(t.Context(), present)
	require.NoError(t, err)
	assert.Len(t, all, 1)

	require.NoError(t, c.Erase(t.Context(), present.Learner))
	o, err := c.Store.Office(t.Context(), "mercy")
	require.NoError(t, err)
	assert.Empty(t, o.Assignments, "nobody is left who has it")
}

func TestNoSavedFilterIsAboutWhoWasErased(t *testing.T) {
	c := newCourse(t)
	_, boss := c.signIn("mercy", "boss", app.Manager)
	arrive := func(subject, name string) app.Person {
		_, p, _, err := c.SignIn(t.Context(), app.Arrival{Identity: app.Identity{
			Institution: "mercy", Issuer: "https://mercy", Subject: subject, Name: name, Email: subject + "@mercy.example"}})
		require.NoError(t, err)
		return p
	}
	ana, bo := arrive("s-1", "Ana Rivera"), arrive("s-2", "Bo Rivera")
	arrive("s-3", "Cy Zhao")
	for name, query := range map[string]string{
		"her": "learner=" + string(ana.Learner), "by name": "sort=name&q=ANA+riv", "by address": "q=s-1%40mercy", "by subject": "q=S-1",
		"him": "learner=" + string(bo.Learner), "both": "q=rivera", "everybody": "q=%40mercy.example", "all passed": "status=passed", "nobody": "q=zorn",
	} {
		require.NoError(t, c.SaveFilter(t.Context(), boss, app.SavedFilter{Name: name, Query: query}))
	}
	names := func() []string {
		filters, err := c.SavedFilters(t.Context(), boss)
		require.NoError(t, err)
		var names []string
		for _, f := range filters {
			names = append(names, f.Name)
		}
		return names
	}
	require.NoError(t, c.Erase(t.Context(), ana.Learner))
	assert.ElementsMatch(t, []string{"him", "both", "everybody", "all passed", "nobody"}, names(), "what finds others stays theirs")
	require.NoError(t, c.Erase(t.Context(), bo.Learner))
	assert.ElementsMatch(t, []string{"everybody", "all passed", "nobody"}, names())
}
