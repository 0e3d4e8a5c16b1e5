package storetest

import (
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func events() []test {
	return []test{
		{"come back as they were added", eventComesBack},
		{"are added once, as they were sent first", eventOnce},
		{"without details have none", eventWithoutDetails},
		{"show who the learner is now", eventShowsPresentName},
		{"keep no name that they were given", eventKeepsNoName},
		{"of somebody who never signed in, or of nobody, have no name", eventOfStranger},
	}
}

// event returns an event of one kind, which concerns the program as a whole.
func event(id app.EventID, at time.Time) app.Event {
	return app.Event{ID: id, At: at, Kind: app.ModulesPublished, Details: app.Details{"origin": "/modules"}}
}

// eventOf returns an event that befell the person, as it comes back.
func eventOf(p app.Person, id app.EventID, at time.Time) app.Event {
	return app.Event{
		ID: id, At: at, Kind: app.SignedIn, Institution: p.Institution, Learner: p.Learner,
		Details: app.Details{"first_time": "yes"}, Subject: p.Subject, Name: p.Name,
	}
}

func (c clinic) add(e app.Event) {
	c.Helper()
	require.NoError(c, c.store.AddEvent(c.Context(), e))
}

// events returns all events that the filter chooses, which are few, and makes
// sure that a download holds the same.
func (c clinic) events(f app.EventFilter) []app.Event {
	c.Helper()
	listed, err := c.store.Events(c.Context(), f, app.EventCursor{}, 1000)
	require.NoError(c, err)
	assert.Equal(c, listed, c.allEvents(f), "%+v, downloaded", f)
	return listed
}

// allEvents returns the download of all events that the filter chooses.
func (c clinic) allEvents(f app.EventFilter) []app.Event {
	c.Helper()
	var all []app.Event
	for e, err := range c.store.AllEvents(c.Context(), f) {
		require.NoError(c, err)
		all = append(all, e)
	}
	return all
}

func eventComesBack(c clinic) {
	p := c.learner(mercy, "rivera")
	want := []app.Event{eventOf(p, "second", minute(2)), event("first", minute(1))}
	want[0].Details = app.Details{
		"reason": "", "changes": strings.Repeat("ü module, ", 5000), "line\nbreak": "a\nb", "$set.dotted": "{}", "null": "null",
	}
	for _, e := range want {
		c.add(e)
	}
	assert.Equal(c, want, c.events(app.EventFilter{}))
}

func eventOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	first := eventOf(p, "one id", minute(5))
	c.add(first)
	for _, at := range []int{5, 1, 9} {
		again := event("one id", minute(at))
		c.add(again)
		assert.Equal(c, []app.Event{first}, c.events(app.EventFilter{}))
	}
	assert.Empty(c, c.events(app.EventFilter{Kind: app.ModulesPublished}))
}

func eventWithoutDetails(c clinic) {
	for _, details := range []app.Details{nil, {}} {
		e := event(app.EventID(app.NewToken()), minute(1))
		e.Details = details
		c.add(e)
	}
	got := c.events(app.EventFilter{})
	require.Len(c, got, 2)
	for _, e := range got {
		assert.Nil(c, e.Details, "no details are nil details, whichever they were")
	}
}

func eventShowsPresentName(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	c.add(eventOf(p, "first", minute(1)))
	theirs := eventOf(other, "second", minute(2))
	c.add(theirs)
	p.Name = "Dr. Rivera-Cho"
	c.signIn(p)
	assert.Equal(c, []app.Event{theirs, eventOf(p, "first", minute(1))}, c.events(app.EventFilter{}))
	p.Institution = prairie
	c.signIn(p)
	assert.Len(c, c.events(app.EventFilter{Institution: mercy}), 2, "an event stays where it happened")
	assert.Empty(c, c.events(app.EventFilter{Institution: prairie}))
}

func eventKeepsNoName(c clinic) {
	p := c.learner(mercy, "rivera")
	given := eventOf(p, "first", minute(1))
	given.Subject, given.Name = "another subject", "Another Name"
	c.add(given)
	assert.Equal(c, []app.Event{eventOf(p, "first", minute(1))}, c.events(app.EventFilter{}))
}

func eventOfStranger(c clinic) {
	p := person(mercy, "rivera")
	nobody := event("first", minute(1))
	nobody.Kind, nobody.Institution, nobody.Subject, nobody.Name = app.SignInFailed, mercy, "given", "Given"
	c.add(nobody)
	c.add(eventOf(p, "second", minute(2)))
	got := c.events(app.EventFilter{Institution: mercy})
	require.Len(c, got, 2)
	for _, e := range got {
		assert.Empty(c, e.Subject)
		assert.Empty(c, e.Name)
	}
	assert.Equal(c, p.Learner, got[0].Learner)
	c.signIn(p)
	assert.Equal(c, eventOf(p, "second", minute(2)), c.events(app.EventFilter{})[0], "who signed in later has a name")
}
