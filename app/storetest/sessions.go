package storetest

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func sessions() []test {
	return []test{
		{"are found by their hash alone", sessionByHash},
		{"remember when they were last seen", sessionTouched},
		{"keep their provider's name, and its hint until they end", sessionOfProvider},
		{"of a learner come last seen first", sessionsInOrder},
		{"end once and for all", sessionEnds},
		{"end by learner and provider, up to a time", sessionsEndTogether},
		{"end by hash where all else fits", sessionEndsIfAllFits},
		{"end for nobody where nobody is named", sessionsOfNobodyEnd},
		{"end when they were created or seen too long ago", oldSessionsEnd},
	}
}

// sessionsOf returns the sessions of the person.
func (c clinic) sessionsOf(p app.Person) []app.Session {
	c.Helper()
	all, err := c.store.Sessions(c.Context(), p.Learner)
	require.NoError(c, err)
	return all
}

// end ends the sessions that the filter chooses and returns them.
func (c clinic) end(which app.SessionFilter) []app.Session {
	c.Helper()
	ended, err := c.store.EndSessions(c.Context(), which, app.Once{}, nil)
	require.NoError(c, err)
	return ended
}

// withoutHint returns the session as it is read.
func withoutHint(s app.Session) app.Session {
	s.LogoutHint = ""
	return s
}

func sessionByHash(c clinic) {
	p, other := person(mercy, "rivera"), person(prairie, "rivera")
	s, otherSession := c.signIn(p), c.signIn(other)
	assert.Equal(c, p, c.personOf(s))
	assert.Equal(c, other, c.personOf(otherSession))
	for _, hash := range []app.SessionHash{"", "nobody's", s.Hash[1:], s.Hash + "0"} {
		_, _, err := c.store.Session(c.Context(), hash)
		assert.ErrorIs(c, err, app.ErrNotFound, "%q", hash)
	}
}

func sessionTouched(c clinic) {
	p := person(mercy, "rivera")
	s, other := c.signIn(p), c.signIn(p)
	require.NoError(c, c.store.TouchSession(c.Context(), s.Hash, minute(7)))

	got, _, err := c.store.Session(c.Context(), s.Hash)
	require.NoError(c, err)
	assert.Equal(c, minute(7), got.SeenAt)
	assert.Equal(c, s.CreatedAt, got.CreatedAt)
	got, _, err = c.store.Session(c.Context(), other.Hash)
	require.NoError(c, err)
	assert.Equal(c, other, got, "the other browser was not seen")
}

func sessionEnds(c clinic) {
	p := person(mercy, "rivera")
	s, other := sessionOf(p, minute(0)), sessionOf(p, minute(0))
	s.LogoutHint, other.LogoutHint = "hint", "another"
	c.signInAs(p, s)
	c.signInAs(p, other)
	s.SeenAt = minute(8)
	require.NoError(c, c.store.TouchSession(c.Context(), s.Hash, s.SeenAt))
	assert.Equal(c, []app.Session{s}, c.end(app.SessionFilter{Hash: s.Hash}), "as it was")
	for range 2 {
		require.NoError(c, c.store.TouchSession(c.Context(), s.Hash, minute(9)), "seeing it afterwards is no fault")
		_, _, err := c.store.Session(c.Context(), s.Hash)
		assert.ErrorIs(c, err, app.ErrNotFound, "and does not bring it back")
		assert.Empty(c, c.end(app.SessionFilter{Hash: s.Hash}), "it ends once")
	}
	assert.Equal(c, []app.Session{withoutHint(other)}, c.sessionsOf(p), "the other browser stays signed in")
}

func oldSessionsEnd(c clinic) {
	p := person(mercy, "rivera")
	cases := []struct {
		what          string
		created, seen int
		stays         bool
	}{
		{"created before, seen before", 9, 19, false},
		{"created before, seen lately", 9, 59, false},
		{"created in time, seen before", 10, 19, false},
		{"created in time, seen at the bound", 10, 20, true},
		{"created and seen later", 11, 21, true},
	}
	hashes := map[string]app.SessionHash{}
	for _, k := range cases {
		s := sessionOf(p, minute(k.created))
		s.SeenAt = minute(k.seen)
		c.signInAs(p, s)
		hashes[k.what] = s.Hash
	}
	require.NoError(c, c.store.Sweep(c.Context(), minute(10), minute(20), minute(0)))
	for _, k := range cases {
		_, _, err := c.store.Session(c.Context(), hashes[k.what])
		if k.stays {
			assert.NoError(c, err, k.what)
		} else {
			assert.ErrorIs(c, err, app.ErrNotFound, k.what)
		}
	}
}

func sessionOfProvider(c clinic) {
	p := person(mercy, "rivera")
	for _, hint := range []string{"", "header.claims.signature", strings.Repeat("long", 4000)} {
		s := sessionOf(p, minute(0))
		s.Provider, s.LogoutHint = app.NewProviderSession(mercy, hint), hint
		c.signInAs(p, s)
		got, _, err := c.store.Session(c.Context(), s.Hash)
		require.NoError(c, err)
		assert.Equal(c, withoutHint(s), got)
		assert.Equal(c, []app.Session{withoutHint(s)}, c.sessionsOf(p))
		assert.Equal(c, []app.Session{s}, c.end(app.SessionFilter{Hash: s.Hash}), "the hint was kept")
	}
}

func sessionsInOrder(c clinic) {
	p, other, nobody := person(mercy, "rivera"), person(prairie, "rivera"), person(mercy, "nobody")
	var want []app.Session
	for n := range 12 {
		s := sessionOf(p, minute(n))
		s.SeenAt, s.LogoutHint = minute(20+n%3), "hint"
		c.signInAs(p, s)
		want = append(want, withoutHint(s))
	}
	theirs := c.signIn(other)
	want[0].SeenAt = minute(40)
	require.NoError(c, c.store.TouchSession(c.Context(), want[0].Hash, minute(40)))
	slices.SortFunc(want, func(a, b app.Session) int {
		return cmp.Or(b.SeenAt.Compare(a.SeenAt), cmp.Compare(a.Hash, b.Hash))
	})
	assert.Equal(c, want, c.sessionsOf(p))
	assert.Equal(c, []app.Session{theirs}, c.sessionsOf(other))
	assert.Empty(c, c.sessionsOf(nobody), "having none is no fault")
}

// browsers signs two people in at several browsers, and returns their sessions
// by a name for each that ends with the minute of its creation.
func (c clinic) browsers(rivera, okafor app.Person) map[string]app.Session {
	c.Helper()
	phone, desk := app.NewProviderSession(mercy, "phone"), app.NewProviderSession(mercy, "desk")
	all := map[string]app.Session{}
	for _, k := range []struct {
		name     string
		who      app.Person
		provider app.ProviderSession
		created  int
	}{
		{"rivera phone 1", rivera, phone, 1}, {"rivera phone 2", rivera, phone, 2}, {"rivera phone 3", rivera, phone, 3},
		{"rivera desk 1", rivera, desk, 1}, {"rivera unnamed 1", rivera, "", 1},
		{"okafor phone 1", okafor, phone, 1}, {"okafor unnamed 2", okafor, "", 2},
	} {
		s := sessionOf(k.who, minute(k.created))
		s.SeenAt, s.Provider, s.LogoutHint = minute(9), k.provider, "hint of "+k.name
		c.signInAs(k.who, s)
		all[k.name] = s
	}
	return all
}

func sessionsEndTogether(c clinic) {
	rivera, okafor := person(mercy, "rivera"), person(mercy, "okafor")
	phone, desk := app.NewProviderSession(mercy, "phone"), app.NewProviderSession(mercy, "desk")
	second := minute(2)
	for _, k := range []struct {
		what  string
		which app.SessionFilter
		ended []string
	}{
		{"a learner's, up to a time", app.SessionFilter{Learner: rivera.Learner, CreatedBy: second},
			[]string{"rivera phone 1", "rivera phone 2", "rivera desk 1", "rivera unnamed 1"}},
		{"a learner's, up to just before", app.SessionFilter{Learner: rivera.Learner, CreatedBy: second.Add(-time.Millisecond)},
			[]string{"rivera phone 1", "rivera desk 1", "rivera unnamed 1"}},
		{"a learner's, at any time", app.SessionFilter{Learner: rivera.Learner},
			[]string{"rivera phone 1", "rivera phone 2", "rivera phone 3", "rivera desk 1", "rivera unnamed 1"}},
		{"a provider's, up to a time", app.SessionFilter{Provider: phone, CreatedBy: second},
			[]string{"rivera phone 1", "rivera phone 2", "okafor phone 1"}},
		{"a provider's, at any time", app.SessionFilter{Provider: phone},
			[]string{"rivera phone 1", "rivera phone 2", "rivera phone 3", "okafor phone 1"}},
		{"a learner's of a provider, up to a time", app.SessionFilter{Learner: rivera.Learner, Provider: phone, CreatedBy: second},
			[]string{"rivera phone 1", "rivera phone 2"}},
		{"another learner's of a provider", app.SessionFilter{Learner: okafor.Learner, Provider: desk, CreatedBy: minute(9)}, nil},
		{"all created later", app.SessionFilter{Learner: rivera.Learner, CreatedBy: minute(0)}, nil},
		{"a stranger's", app.SessionFilter{Learner: "stranger", CreatedBy: minute(9)}, nil},
		{"a stranger's of a provider", app.SessionFilter{Learner: "stranger", Provider: phone, CreatedBy: minute(9)}, nil},
		{"of another institution's provider", app.SessionFilter{Provider: app.NewProviderSession(prairie, "phone"), CreatedBy: minute(9)}, nil},
	} {
		stay := c.browsers(rivera, okafor)
		var want []app.Session
		for _, name := range k.ended {
			want = append(want, stay[name])
			delete(stay, name)
		}
		assert.ElementsMatch(c, want, c.end(k.which), k.what)
		left := append(c.end(app.SessionFilter{Learner: rivera.Learner}), c.end(app.SessionFilter{Learner: okafor.Learner})...)
		assert.ElementsMatch(c, slices.Collect(maps.Values(stay)), left, k.what)
	}
}

func sessionEndsIfAllFits(c clinic) {
	rivera, okafor := person(mercy, "rivera"), person(mercy, "okafor")
	all := c.browsers(rivera, okafor)
	s := all["rivera phone 2"]
	for what, which := range map[string]app.SessionFilter{
		"another learner's":            {Hash: s.Hash, Learner: okafor.Learner},
		"another provider's":           {Hash: s.Hash, Provider: app.NewProviderSession(mercy, "desk")},
		"created later":                {Hash: s.Hash, CreatedBy: minute(1)},
		"nobody's":                     {Hash: "nobody's"},
		"nobody's, of a learner":       {Hash: "nobody's", Learner: rivera.Learner},
		"nobody's, of a provider":      {Hash: "nobody's", Provider: s.Provider},
		"the learner's, at no phone":   {Hash: all["rivera unnamed 1"].Hash, Provider: s.Provider},
		"all of it, but created later": {Hash: s.Hash, Learner: s.Learner, Provider: s.Provider, CreatedBy: minute(1)},
	} {
		assert.Empty(c, c.end(which), what)
	}
	for what, which := range map[string]app.SessionFilter{
		"rivera phone 1":   {Hash: all["rivera phone 1"].Hash},
		"rivera phone 2":   {Hash: s.Hash, Learner: s.Learner, Provider: s.Provider, CreatedBy: minute(2)},
		"rivera phone 3":   {Hash: all["rivera phone 3"].Hash, CreatedBy: minute(3)},
		"rivera unnamed 1": {Hash: all["rivera unnamed 1"].Hash, Learner: rivera.Learner},
		"okafor phone 1":   {Hash: all["okafor phone 1"].Hash, Provider: s.Provider},
	} {
		assert.Equal(c, []app.Session{all[what]}, c.end(which), what)
		delete(all, what)
	}
	left := slices.Concat(c.sessionsOf(rivera), c.sessionsOf(okafor))
	assert.ElementsMatch(c, []app.Session{withoutHint(all["rivera desk 1"]), withoutHint(all["okafor unnamed 2"])}, left)
}

// sessionsOfNobodyEnd is about a caller's mistake, which may be refused but
// must not sign everybody out.
func sessionsOfNobodyEnd(c clinic) {
	rivera, okafor := person(mercy, "rivera"), person(mercy, "okafor")
	stay := c.browsers(rivera, okafor)
	for _, which := range []app.SessionFilter{{}, {CreatedBy: minute(9)}} {
		ended, _ := c.store.EndSessions(c.Context(), which, app.Once{}, nil)
		assert.Empty(c, ended)
	}
	assert.Len(c, slices.Concat(c.sessionsOf(rivera), c.sessionsOf(okafor)), len(stay))
}
