package storetest

import (
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// told are the events that are added in the same step as what they tell of.
func told() []test {
	return []test{
		{"a sign-in stands with its events", signInTold},
		{"a sign-in of nothing to tell adds no event", signInUntold},
		{"a publication stands with its event", publicationTold},
		{"a refused publication tells nothing", refusedPublicationUntold},
		{"ended sessions stand with their events", endTold},
		{"an end of no session is told too", endOfNoneTold},
		{"sessions may end without a word", endUntold},
		{"a refused withdrawal tells nothing", refusedWithdrawalUntold},
		{"an event that is there is no fault and stays as it is", toldBefore},
	}
}

func signInTold(c clinic) {
	p := person(mercy, "rivera")
	s := sessionOf(p, minute(1))
	first, second := eventOf(p, "signed in", minute(1)), eventOf(p, "roles", minute(2))
	second.Kind = app.RolesChanged
	require.NoError(c, c.store.SignIn(c.Context(), p, s, func(app.Person) []app.Event { return []app.Event{first, second} }))
	assert.Equal(c, p, c.personOf(s))
	assert.Equal(c, []app.Event{second, first}, c.events(app.EventFilter{}))
}

func signInUntold(c clinic) {
	p := person(mercy, "rivera")
	for _, nothing := range [][]app.Event{nil, {}} {
		s := sessionOf(p, minute(1))
		require.NoError(c, c.store.SignIn(c.Context(), p, s, func(app.Person) []app.Event { return nothing }))
		assert.Equal(c, p, c.personOf(s))
	}
	assert.Empty(c, c.events(app.EventFilter{}))
}

func publicationTold(c clinic) {
	v := version(app.ModuleVersion, "names-first", 1)
	p := publication(1, v)
	who := c.learner(mercy, "rivera")
	tells := eventOf(who, "published", minute(1))
	tells.Kind = app.ModulesPublished
	require.NoError(c, c.store.Publish(c.Context(), p, []app.Version{v}, tells))
	assert.Equal(c, p, c.lastPublication())
	assert.Equal(c, []app.Event{tells}, c.events(app.EventFilter{}))
}

func refusedPublicationUntold(c clinic) {
	names, fresh := version(app.ModuleVersion, "names-first", 1), version(app.ModuleVersion, "open-questions", 1)
	c.publish(1, names)
	before := c.events(app.EventFilter{})
	require.Len(c, before, 1)
	for _, refused := range []struct {
		publication app.Publication
		versions    []app.Version
	}{
		{publication(1, fresh), []app.Version{fresh}},
		{publication(3, fresh), []app.Version{fresh}},
		{publication(2, fresh, names), []app.Version{fresh, names}},
	} {
		tells := event(app.EventID(app.NewToken()), minute(9))
		err := c.store.Publish(c.Context(), refused.publication, refused.versions, tells)
		require.ErrorIs(c, err, app.ErrConflict)
		assert.Equal(c, before, c.events(app.EventFilter{}))
	}
}

func endTold(c clinic) {
	p, other := person(mercy, "rivera"), person(mercy, "okafor")
	all := c.browsers(p, other)
	var noted []app.Session
	signedOut := eventOf(p, "signed out", minute(3))
	signedOut.Kind = app.SignedOut
	which := app.SessionFilter{Learner: p.Learner, CreatedBy: minute(1)}
	ended, err := c.store.EndSessions(c.Context(), which, app.Once{}, func(ended []app.Session) []app.Event {
		noted = ended
		return []app.Event{signedOut}
	})
	require.NoError(c, err)
	want := []app.Session{all["rivera phone 1"], all["rivera desk 1"], all["rivera unnamed 1"]}
	assert.ElementsMatch(c, want, noted, "as they were, with their hints")
	assert.ElementsMatch(c, want, ended)
	assert.Len(c, c.sessionsOf(p), 2)
	assert.Equal(c, []app.Event{signedOut}, c.events(app.EventFilter{}))
}

func endOfNoneTold(c clinic) {
	s := c.signIn(person(mercy, "rivera"))
	tried := event("tried", minute(3))
	for _, which := range []app.SessionFilter{{Learner: "stranger"}, {Hash: "nobody's"}, {Provider: "provider's"}, {CreatedBy: minute(9)}} {
		tried.ID, tried.At = app.EventID(app.NewToken()), tried.At.Add(time.Millisecond)
		ended, err := c.store.EndSessions(c.Context(), which, app.Once{}, func(ended []app.Session) []app.Event {
			assert.Empty(c, ended)
			return []app.Event{tried}
		})
		require.NoError(c, err)
		assert.Empty(c, ended)
		assert.Equal(c, tried, c.events(app.EventFilter{})[0], "%+v", which)
	}
	assert.Equal(c, []app.Session{s}, c.sessionsOf(person(mercy, "rivera")))
}

func endUntold(c clinic) {
	p := person(mercy, "rivera")
	for _, note := range []func([]app.Session) []app.Event{nil, func([]app.Session) []app.Event { return nil }} {
		s := c.signIn(p)
		ended, err := c.store.EndSessions(c.Context(), app.SessionFilter{Hash: s.Hash}, app.Once{}, note)
		require.NoError(c, err)
		assert.Equal(c, []app.Session{s}, ended)
	}
	assert.Empty(c, c.events(app.EventFilter{}))
}

func refusedWithdrawalUntold(c clinic) {
	r := c.certifiedRecord(c.learner(mercy, "rivera"), module(1))
	w, told := withdrawal(r, 2)
	require.ErrorIs(c, c.store.Withdraw(c.Context(), "nobody's", w, told), app.ErrNotFound)
	assert.Empty(c, c.events(app.EventFilter{}))
	require.NoError(c, c.store.Withdraw(c.Context(), r.Completion.Certificate, w, told))
	assert.Equal(c, []app.Event{told}, c.events(app.EventFilter{}))
	fresh := event("again", minute(9))
	require.ErrorIs(c, c.store.Withdraw(c.Context(), r.Completion.Certificate, w, fresh), app.ErrConflict)
	assert.Equal(c, []app.Event{told}, c.events(app.EventFilter{}))
}

func toldBefore(c clinic) {
	p := person(mercy, "rivera")
	was := event("one id", minute(1))
	c.add(was)
	again := event("one id", minute(5))
	again.Kind = app.SignedIn
	fresh := event("another", minute(0))
	s := sessionOf(p, minute(1))
	require.NoError(c, c.store.SignIn(c.Context(), p, s, func(app.Person) []app.Event { return []app.Event{again, again, fresh} }))
	assert.Equal(c, p, c.personOf(s))
	require.NoError(c, c.store.Publish(c.Context(), publication(1), nil, again))
	assert.Equal(c, publication(1), c.lastPublication())
	r := c.certifiedRecord(p, module(1))
	w, _ := withdrawal(r, 2)
	require.NoError(c, c.store.Withdraw(c.Context(), r.Completion.Certificate, w, again))
	assert.Equal(c, &w, c.record(r.ID).Withdrawn)
	ended, err := c.store.EndSessions(c.Context(), app.SessionFilter{Hash: s.Hash}, app.Once{}, func([]app.Session) []app.Event {
		return []app.Event{again}
	})
	require.NoError(c, err)
	assert.Equal(c, []app.Session{s}, ended)
	assert.Equal(c, []app.Event{was, fresh}, c.events(app.EventFilter{}))
}
