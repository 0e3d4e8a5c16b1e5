package app_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func (c *course) signedIn(token app.SessionToken) bool {
	c.t.Helper()
	_, err := c.Authenticate(c.t.Context(), token)
	if err != nil {
		require.ErrorIs(c.t, err, app.ErrSignedOut)
	}
	return err == nil
}

func TestManagersAndOperatorsAreSignedOutAfterHalfAnHourUnused(t *testing.T) {
	for role, want := range map[app.Role]bool{app.Manager: false, app.Operator: false, app.Educator: true} {
		c := newCourse(t)
		token, _ := c.signIn("mercy", "ana", role)
		for range 5 {
			c.time = c.time.Add(28 * time.Minute)
			assert.True(t, c.signedIn(token), "%s, who uses it", role)
		}
		c.time = c.time.Add(31 * time.Minute)
		assert.Equal(t, want, c.signedIn(token), role)
	}
}

func TestSessionLengthsCanBeSet(t *testing.T) {
	c := newCourse(t)
	c.SessionIdle, c.SessionLife = 10*time.Minute, time.Hour
	token, _ := c.signIn("mercy", "ana")
	c.time = c.time.Add(11 * time.Minute)
	assert.False(t, c.signedIn(token))
	token, _ = c.signIn("mercy", "ana", app.Manager)
	for range 7 {
		c.time = c.time.Add(9 * time.Minute)
		c.signedIn(token)
	}
	assert.False(t, c.signedIn(token), "after an hour in any case")
}

// countedSessions counts how often sessions are read.
type countedSessions struct {
	app.Store
	reads atomic.Int32
}

func (s *countedSessions) Session(ctx context.Context, hash app.SessionHash) (app.Session, app.Person, error) {
	s.reads.Add(1)
	return s.Store.Session(ctx, hash)
}

func TestASessionIsReadFromTheStoreOnceInHalfAMinute(t *testing.T) {
	c := newCourse(t)
	store := &countedSessions{Store: c.Store}
	c.Store = store
	token, _ := c.signIn("mercy", "ana")
	for range 10 {
		assert.True(t, c.signedIn(token))
		c.time = c.time.Add(2900 * time.Millisecond)
	}
	assert.EqualValues(t, 1, store.reads.Load())
	c.time = c.time.Add(2 * time.Second)
	assert.True(t, c.signedIn(token))
	assert.EqualValues(t, 2, store.reads.Load())
}

func TestWhoSignsOutIsOutAtOnceOnThisReplicaAndSoonOnOthers(t *testing.T) {
	c := newCourse(t)
	other := &app.Training{Store: c.Store, Institutions: c.Institutions, Now: c.Now, SessionIdle: c.SessionIdle, SessionLife: c.SessionLife}
	token, ana := c.signIn("mercy", "ana")
	assert.True(t, c.signedIn(token))
	_, err := other.Authenticate(t.Context(), token)
	require.NoError(t, err)
	_, err = c.SignOut(t.Context(), ana, token, app.SignOutHere)
	require.NoError(t, err)
	assert.False(t, c.signedIn(token))
	c.time = c.time.Add(30 * time.Second)
	_, err = other.Authenticate(t.Context(), token)
	assert.ErrorIs(t, err, app.ErrSignedOut)
}

// slowRead is a store where something happens between the reading of a session
// and its answer.
type slowRead struct {
	app.Store
	meanwhile func()
}

func (s slowRead) Session(ctx context.Context, hash app.SessionHash) (app.Session, app.Person, error) {
	session, p, err := s.Store.Session(ctx, hash)
	s.meanwhile()
	return session, p, err
}

func TestAPageThatIsBeingMadeDoesNotBringAnEndedSessionBack(t *testing.T) {
	c := newCourse(t)
	token, ana := c.signIn("mercy", "ana")
	quick := c.Store
	c.Store = slowRead{quick, func() {
		_, err := c.SignOut(t.Context(), ana, token, app.SignOutHere)
		require.NoError(t, err)
	}}
	c.signedIn(token) // that page was asked for before the sign-out
	c.Store = quick
	assert.False(t, c.signedIn(token))
}

func TestARoleThatWasTakenIsGoneInEveryBrowser(t *testing.T) {
	c := newCourse(t)
	token, _ := c.signIn("mercy", "ana", app.Manager)
	assert.True(t, c.signedIn(token))
	c.signIn("mercy", "ana")
	p, err := c.Authenticate(t.Context(), token)
	require.NoError(t, err)
	assert.False(t, p.Has(app.Manager))
}

func TestSigningOutEverywhereEndsAllOfOnesOwnSessions(t *testing.T) {
	c := newCourse(t)
	phone, ana := c.signIn("mercy", "ana")
	desk, _ := c.signIn("mercy", "ana")
	others, _ := c.signIn("mercy", "bo")
	sessions, err := c.Sessions(t.Context(), ana)
	require.NoError(t, err)
	assert.Len(t, sessions, 2)
	assert.True(t, c.signedIn(phone))
	_, err = c.SignOutEverywhere(t.Context(), ana, phone)
	require.NoError(t, err)
	assert.False(t, c.signedIn(phone))
	assert.False(t, c.signedIn(desk))
	assert.True(t, c.signedIn(others))
	sessions, err = c.Sessions(t.Context(), ana)
	require.NoError(t, err)
	assert.Empty(t, sessions)
}

func TestABrowserThatAManagerLeftHoursAgoStaysSignedOut(t *testing.T) {
	c := newCourse(t)
	ward, _ := c.signIn("mercy", "ana", app.Manager)
	c.time = c.time.Add(2 * time.Hour)
	assert.False(t, c.signedIn(ward))
	c.signIn("mercy", "ana") // she is no manager any more, and her sessions last longer
	assert.False(t, c.signedIn(ward))
}

// stopped is a store that takes no sign-in: the program was stopped before it.
type stopped struct{ app.Store }

func (stopped) SignIn(context.Context, app.Person, app.Session, func(app.Person) []app.Event) error {
	return app.ErrStoreAway
}

func TestABrowserThatAManagerLeftStaysSignedOutWhateverFails(t *testing.T) {
	c := newCourse(t)
	ward, ana := c.signIn("mercy", "ana", app.Manager)
	c.time = c.time.Add(2 * time.Hour)
	whole := c.Store
	for _, s := range []app.Store{broken{whole}, stopped{whole}} {
		c.Store = s
		learner := ana.Identity
		learner.Roles = nil
		_, _, _, err := c.SignIn(t.Context(), app.Arrival{Identity: learner})
		require.ErrorIs(t, err, app.ErrStoreAway)
		c.Store = whole
		assert.False(t, c.signedIn(ward))
	}
	c.signIn("mercy", "ana")
	assert.False(t, c.signedIn(ward))
}

func TestSigningInElsewhereLeavesOnesOtherBrowsersSignedIn(t *testing.T) {
	c := newCourse(t)
	desk, _ := c.signIn("mercy", "ana")
	c.time = c.time.Add(2 * time.Hour)
	c.signIn("mercy", "ana")
	assert.True(t, c.signedIn(desk))
}

func TestSessionsThatHaveEndedAreNotListed(t *testing.T) {
	c := newCourse(t)
	c.signIn("mercy", "ana")
	c.time = c.time.Add(13 * time.Hour)
	_, ana := c.signIn("mercy", "ana")
	sessions, err := c.Sessions(t.Context(), ana)
	require.NoError(t, err)
	assert.Len(t, sessions, 1)
}

// arrive signs in somebody whose provider names its session.
func (c *course) arrive(institution app.InstitutionID, subject, sid string) app.SessionToken {
	c.t.Helper()
	id := app.Identity{Institution: institution, Issuer: "https://" + string(institution), Subject: subject, Name: subject}
	token, _, _, err := c.SignIn(c.t.Context(), app.Arrival{Identity: id, ProviderSession: sid, LogoutHint: "token of " + sid})
	require.NoError(c.t, err)
	return token
}

func TestASignOutAtTheInstitutionEndsTheSessionsThatItMeans(t *testing.T) {
	for name, k := range map[string]struct {
		word app.ProviderSignOut
		left []string
	}{
		"one session":                    {app.ProviderSignOut{Session: "s1"}, []string{"desk", "bo", "harbor"}},
		"one session of somebody":        {app.ProviderSignOut{Session: "s1", Subject: "ana"}, []string{"desk", "bo", "harbor"}},
		"all of somebody":                {app.ProviderSignOut{Subject: "ana"}, []string{"bo", "harbor"}},
		"a session of somebody else":     {app.ProviderSignOut{Session: "s1", Subject: "bo"}, []string{"phone", "desk", "bo", "harbor"}},
		"what is not known":              {app.ProviderSignOut{Session: "s9", Subject: "eve"}, []string{"phone", "desk", "bo", "harbor"}},
		"what another institution knows": {app.ProviderSignOut{Institution: "harbor", Issuer: "https://harbor", Subject: "bo"}, []string{"phone", "desk", "bo"}},
	} {
		t.Run(name, func(t *testing.T) {
			c := newCourse(t)
			tokens := map[string]app.SessionToken{
				"phone": c.arrive("mercy", "ana", "s1"), "desk": c.arrive("mercy", "ana", "s2"),
				"bo": c.arrive("mercy", "bo", "s3"), "harbor": c.arrive("harbor", "bo", "s1"),
			}
			for _, token := range tokens {
				require.True(t, c.signedIn(token))
			}
			if k.word.Institution == "" {
				k.word.Institution, k.word.Issuer = "mercy", "https://mercy"
			}
			k.word.ID, k.word.At, k.word.Expires = "j1", c.time, c.time.Add(2*time.Minute)
			require.NoError(t, c.SignOutByProvider(t.Context(), k.word))
			var left []string
			for _, browser := range []string{"phone", "desk", "bo", "harbor"} {
				if c.signedIn(tokens[browser]) {
					left = append(left, browser)
				}
			}
			assert.Equal(t, k.left, left)
			assert.ErrorIs(t, c.SignOutByProvider(t.Context(), k.word), app.ErrConflict, "the same word again")
		})
	}
}

func TestAnOldWordOfAProviderEndsNoLaterSession(t *testing.T) {
	c := newCourse(t)
	word := app.ProviderSignOut{ID: "j1", Institution: "mercy", Issuer: "https://mercy", Subject: "ana", At: c.time, Expires: c.time.Add(time.Hour)}
	c.time = c.time.Add(5 * time.Minute)
	token := c.arrive("mercy", "ana", "s1")
	require.NoError(t, c.SignOutByProvider(t.Context(), word))
	assert.True(t, c.signedIn(token))
	assert.Empty(t, c.trail(operator, app.EventFilter{Kind: app.SignedOut}))
}

func TestSigningOutTellsWhatTheProviderWantsToSee(t *testing.T) {
	c := newCourse(t)
	token := c.arrive("mercy", "ana", "s1")
	ana, err := c.Authenticate(t.Context(), token)
	require.NoError(t, err)
	hint, err := c.SignOut(t.Context(), ana, token, app.SignOutHere)
	require.NoError(t, err)
	assert.Equal(t, "token of s1", hint)
	again := c.arrive("mercy", "ana", "s2")
	c.arrive("mercy", "ana", "s3")
	hint, err = c.SignOutEverywhere(t.Context(), ana, again)
	require.NoError(t, err)
	assert.Equal(t, "token of s2", hint, "that of the browser which asks")
	hint, err = c.SignOut(t.Context(), ana, token, app.SignOutHere)
	require.NoError(t, err, "twice is no fault")
	assert.Empty(t, hint)
	assert.Len(t, c.trail(operator, app.EventFilter{Kind: app.SignedOut}), 2)
}

// broken is a store in which sessions can't be ended.
type broken struct{ app.Store }

func (broken) EndSessions(context.Context, app.SessionFilter, app.Once, func([]app.Session) []app.Event) ([]app.Session, error) {
	return nil, app.ErrStoreAway
}

func TestAProvidersWordThatCouldNotBeFollowedMayComeAgain(t *testing.T) {
	c := newCourse(t)
	token := c.arrive("mercy", "ana", "s1")
	word := app.ProviderSignOut{ID: "j1", Institution: "mercy", Issuer: "https://mercy", Subject: "ana", At: c.time, Expires: c.time.Add(time.Minute)}
	whole := c.Store
	c.Store = broken{whole}
	require.ErrorIs(t, c.SignOutByProvider(t.Context(), word), app.ErrStoreAway)
	c.Store = whole
	require.NoError(t, c.SignOutByProvider(t.Context(), word))
	assert.False(t, c.signedIn(token))
}

func TestASignInIsFinishedOnce(t *testing.T) {
	c := newCourse(t)
	until := c.time.Add(10 * time.Minute)
	require.NoError(t, c.UseFlow(t.Context(), "state-1", until))
	assert.ErrorIs(t, c.UseFlow(t.Context(), "state-1", until), app.ErrConflict)
	assert.NoError(t, c.UseFlow(t.Context(), "state-2", until))
}

// sweeper is a store that counts how often it is swept, and keeps what it was
// asked to remember.
type sweeper struct {
	app.Store
	swept, failing atomic.Int32
	kept           []app.Once
}

func (s *sweeper) Sweep(ctx context.Context, created, seen, now time.Time) error {
	s.swept.Add(1)
	if s.failing.Load() > 0 {
		return app.ErrStoreAway
	}
	return s.Store.Sweep(ctx, created, seen, now)
}

func (s *sweeper) UseOnce(ctx context.Context, once app.Once) error {
	err := s.Store.UseOnce(ctx, once)
	if err == nil {
		s.kept = append(s.kept, once)
	}
	return err
}

func TestOneReplicaSweepsInEachHour(t *testing.T) {
	c := newCourse(t)
	store := &sweeper{Store: c.Store}
	replica := func() *app.Training {
		return &app.Training{Store: store, Now: c.Now, SessionIdle: c.SessionIdle, SessionLife: c.SessionLife}
	}
	ended, _ := c.signIn("mercy", "ana")
	c.time = c.time.Add(13 * time.Hour)
	require.NoError(t, replica().Sweep(t.Context()))
	require.NoError(t, replica().Sweep(t.Context()), "the other one has nothing to do, which is no failure")
	assert.EqualValues(t, 1, store.swept.Load())
	_, _, err := c.Store.Session(t.Context(), ended.Hash())
	assert.ErrorIs(t, err, app.ErrNotFound)

	c.time = c.time.Add(time.Hour)
	require.NoError(t, replica().Sweep(t.Context()), "a third one, an hour later")
	assert.EqualValues(t, 2, store.swept.Load())
}

func TestASweepThatFailsIsMadeUpForInTheNextHour(t *testing.T) {
	c := newCourse(t)
	store := &sweeper{Store: c.Store}
	c.Store = store
	ended, _ := c.signIn("mercy", "ana")
	c.time = c.time.Add(13 * time.Hour)
	store.failing.Store(1)
	require.ErrorIs(t, c.Sweep(t.Context()), app.ErrStoreAway)
	store.failing.Store(0)
	c.time = c.time.Add(time.Hour)
	require.NoError(t, c.Sweep(t.Context()))
	_, _, err := store.Session(t.Context(), ended.Hash())
	assert.ErrorIs(t, err, app.ErrNotFound)
}

func TestTheTurnToSweepIsForgottenByALaterSweep(t *testing.T) {
	c := newCourse(t)
	store := &sweeper{Store: c.Store}
	c.Store = store
	c.time = noon.Add(59 * time.Minute) // the hour is nearly over
	require.NoError(t, c.Sweep(t.Context()))
	first := store.kept[0]
	assert.True(t, first.Until.After(noon.Add(time.Hour+59*time.Minute)), "until the next hour is over: %s", first.Until)
	c.time = c.time.Add(time.Hour)
	require.NoError(t, c.Sweep(t.Context()))
	assert.ErrorIs(t, c.Store.UseOnce(t.Context(), first), app.ErrConflict, "still remembered")
	c.time = c.time.Add(2 * time.Hour)
	require.NoError(t, c.Sweep(t.Context()))
	assert.NoError(t, c.Store.UseOnce(t.Context(), first), "forgotten")
}
