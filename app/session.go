package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"time"
)

// SessionToken is what a browser shows to prove that it is signed in: 256
// random bits in hex.
type SessionToken string

// ClockSkew is how far a provider's clock may be from ours.
const ClockSkew = time.Minute

// privilegedIdle is how long the session of somebody who sees what is others'
// lasts unused: a ward's computer is soon somebody else's.
const privilegedIdle = 30 * time.Minute

// Arrival is somebody who has just signed in at their institution.
type Arrival struct {
	Identity
	ProviderSession string   // the provider's name for its session; may be empty
	LogoutHint      string   // see Session
	Notes           []string // what the institution sent that can't be taken
}

// SignIn begins a session for somebody who has signed in at their institution,
// and counts the answers that they sent while signed out. Answers that can't be
// counted stay parked; the errors say why, and are no failure of the sign-in.
func (t *Training) SignIn(ctx context.Context, a Arrival) (token SessionToken, p Person, uncounted []error, err error) {
	_, err = t.Institution(a.Institution)
	if err != nil {
		return "", Person{}, nil, err
	}
	var secret [32]byte
	rand.Read(secret[:]) // never fails, by its contract
	token = SessionToken(hex.EncodeToString(secret[:]))
	now := t.now()
	p = Person{Learner: NewLearnerID(a.Issuer, a.Subject), Identity: a.Identity, SignedInAt: now}
	session := Session{Hash: token.Hash(), Learner: p.Learner, CreatedAt: now, SeenAt: now, LogoutHint: a.LogoutHint}
	if a.ProviderSession != "" {
		session.Provider = NewProviderSession(a.Institution, a.ProviderSession)
	}
	err = t.endDead(ctx, p.Learner, now)
	if err != nil {
		return "", Person{}, nil, err
	}
	err = t.Store.SignIn(ctx, p, session, func(before Person) []Event { return t.signInEvents(before, p, a.Notes) })
	t.sessions.forgetPerson(p.Learner) // what is held has the former roles
	if err != nil {
		return "", Person{}, nil, fmt.Errorf("signing in %s: %w", p.Learner, err)
	}
	return token, p, t.countParked(ctx, p), nil
}

// endDead ends those sessions of a learner that are over, before anything of the
// person changes: with fewer roles, and so more time, they would come back to
// life in a browser that was left hours ago.
func (t *Training) endDead(ctx context.Context, learner LearnerID, now time.Time) error {
	all, err := t.Store.Sessions(ctx, learner)
	if err != nil {
		return fmt.Errorf("listing the sessions of %s: %w", learner, err)
	}
	var before Person // the same of all of them
	for _, s := range all {
		if before.Learner == "" {
			_, before, err = t.Store.Session(ctx, s.Hash)
			if errors.Is(err, ErrNotFound) {
				continue // it has ended meanwhile
			}
			if err != nil {
				return fmt.Errorf("reading a session of %s: %w", learner, err)
			}
		}
		if t.lives(s, before, now) {
			continue
		}
		_, err = t.endSessions(ctx, SessionFilter{Hash: s.Hash}, Once{}, nil)
		if err != nil {
			return err
		}
	}
	return nil
}

// UseFlow takes the state of a sign-in, which counts until a time. It returns
// [ErrConflict] if it was taken before: a sign-in is finished once.
func (t *Training) UseFlow(ctx context.Context, state string, until time.Time) error {
	err := t.Store.UseOnce(ctx, Once{NewOnceKey("state", state), until.Add(ClockSkew)})
	if err != nil {
		return fmt.Errorf("taking the state of a sign-in: %w", err)
	}
	return nil
}

// Hash returns what the store knows the token's session by.
func (t SessionToken) Hash() SessionHash {
	sum := sha256.Sum256([]byte(t))
	return SessionHash(hex.EncodeToString(sum[:]))
}

// Authenticate returns the person whose living session has the token. It
// returns [ErrSignedOut] if there is none. Where another replica has ended the
// session, that counts here within half a minute.
func (t *Training) Authenticate(ctx context.Context, token SessionToken) (Person, error) {
	now := t.now()
	s, p, err := t.session(ctx, token.Hash(), now)
	if errors.Is(err, ErrNotFound) {
		return Person{}, ErrSignedOut
	}
	if err != nil {
		return Person{}, fmt.Errorf("reading the session: %w", err)
	}
	if !t.lives(s, p, now) {
		return Person{}, ErrSignedOut
	}
	_, err = t.Institution(p.Institution)
	if err != nil {
		return Person{}, ErrSignedOut // the institution has left the configuration
	}
	if now.Sub(s.SeenAt) > touchEvery(t.idle(p)) {
		err = t.Store.TouchSession(ctx, s.Hash, now)
		if err != nil {
			return Person{}, fmt.Errorf("touching the session: %w", err)
		}
		t.sessions.touch(s.Hash, now)
	}
	return p, nil
}

// session returns a session with its person, from memory or from the store.
func (t *Training) session(ctx context.Context, hash SessionHash, now time.Time) (Session, Person, error) {
	s, p, ended, ok := t.sessions.get(hash, now)
	if ok {
		return s, p, nil
	}
	s, p, err := t.Store.Session(ctx, hash)
	if err != nil {
		return Session{}, Person{}, err
	}
	t.sessions.put(s, p, now, ended)
	return s, p, nil
}

func (t *Training) lives(s Session, p Person, now time.Time) bool {
	return now.Sub(s.SeenAt) <= t.idle(p) && now.Sub(s.CreatedAt) <= t.SessionLife
}

// idle is how long a session of the person lasts unused.
func (t *Training) idle(p Person) time.Duration {
	if p.Has(Manager) || p.Has(Operator) {
		return min(t.SessionIdle, privilegedIdle)
	}
	return t.SessionIdle
}

// touchEvery is how old a session's SeenAt may get before it is written again,
// so that a page is not a write, and idle sessions still end in time.
func touchEvery(idle time.Duration) time.Duration { return min(idle/30, 5*time.Minute) }

// Where somebody signs out, as the audit trail has it.
const (
	SignOutHere     = "in this browser"
	SignOutAgain    = "to sign in anew in this browser"
	signOutAll      = "everywhere"
	signOutProvider = "at the institution"
)

// SignOut ends the person's session with the token, here and on every replica,
// and returns what its provider wants to see to sign the person out there too.
// where is SignOutHere or SignOutAgain.
func (t *Training) SignOut(ctx context.Context, p Person, token SessionToken, where string) (logoutHint string, err error) {
	hash := token.Hash()
	ended, err := t.endSessions(ctx, SessionFilter{Hash: hash}, Once{}, t.signOutEvents(p.Institution, where))
	return hintOf(ended, hash), err
}

// SignOutEverywhere ends all sessions of the person, and returns of the one with
// the token what its provider wants to see.
func (t *Training) SignOutEverywhere(ctx context.Context, p Person, token SessionToken) (logoutHint string, err error) {
	ended, err := t.endSessions(ctx, SessionFilter{Learner: p.Learner}, Once{}, t.signOutEvents(p.Institution, signOutAll))
	return hintOf(ended, token.Hash()), err
}

func hintOf(ended []Session, hash SessionHash) string {
	for _, s := range ended {
		if s.Hash == hash {
			return s.LogoutHint
		}
	}
	return ""
}

// ProviderSignOut is the word of an institution's provider that somebody has
// signed out there. Its token has been checked.
type ProviderSignOut struct {
	ID              string // the token's
	Institution     InstitutionID
	Issuer, Subject string // the subject is empty if only the session is named
	Session         string // the provider's name for it; empty: all of the subject's
	At              time.Time
	Expires         time.Time
}

// SignOutByProvider ends the sessions that a provider has ended. It returns
// [ErrConflict], and ends none, if it did so on the same word before. Sessions
// that began later stay in any case.
func (t *Training) SignOutByProvider(ctx context.Context, o ProviderSignOut) error {
	which := SessionFilter{CreatedBy: o.At.Add(ClockSkew)}
	if o.Subject != "" {
		which.Learner = NewLearnerID(o.Issuer, o.Subject)
	}
	if o.Session != "" {
		which.Provider = NewProviderSession(o.Institution, o.Session)
	}
	once := Once{NewOnceKey("sign-out", o.Issuer+" "+o.ID), o.Expires.Add(ClockSkew)}
	_, err := t.endSessions(ctx, which, once, t.signOutEvents(o.Institution, signOutProvider))
	return err
}

func (t *Training) endSessions(ctx context.Context, which SessionFilter, once Once, note func([]Session) []Event) ([]Session, error) {
	ended, err := t.Store.EndSessions(ctx, which, once, note)
	if err != nil && !errors.Is(err, ErrConflict) {
		t.sessions.forgetAll() // it is not known whether it was done
	}
	if err != nil {
		return nil, fmt.Errorf("ending sessions: %w", err)
	}
	t.sessions.forget(ended)
	return ended, nil
}

// Sessions returns the browsers in which the person is signed in, the last seen
// first.
func (t *Training) Sessions(ctx context.Context, p Person) ([]Session, error) {
	all, err := t.Store.Sessions(ctx, p.Learner)
	if err != nil {
		return nil, fmt.Errorf("listing sessions: %w", err)
	}
	now := t.now()
	return slices.DeleteFunc(all, func(s Session) bool { return !t.lives(s, p, now) }), nil
}

// sweepEvery is how often sessions are swept, by whichever replica is first.
const sweepEvery = time.Hour

// Sweep removes sessions that have ended, and what need not be remembered of
// sign-ins that are over. It erases the people who have left; see
// [Institution.RetentionMonths] and [Erasure]. Of all the replicas on one database, one does so in
// each hour, and for the others there is nothing to do. If that one fails or
// dies, the next hour's sweep finds all that it left.
func (t *Training) Sweep(ctx context.Context) error {
	now := t.now()
	err := t.Store.UseOnce(ctx, sweepIn(now.Truncate(sweepEvery)))
	if errors.Is(err, ErrConflict) {
		return nil // another replica does, or this one before it was started again
	}
	if err != nil {
		return fmt.Errorf("taking the turn to remove ended sessions: %w", err)
	}
	return errors.Join(t.sweepSessions(ctx, now), t.eraseLeft(ctx), t.forget(ctx, now))
}

func (t *Training) sweepSessions(ctx context.Context, now time.Time) error {
	err := t.Store.Sweep(ctx, now.Add(-t.SessionLife), now.Add(-t.SessionIdle), now)
	if err != nil {
		return fmt.Errorf("removing ended sessions: %w", err)
	}
	return nil
}

// forget forgets the names that are not to be kept any longer.
func (t *Training) forget(ctx context.Context, now time.Time) error {
	err := t.Store.Forget(ctx, now)
	if err != nil {
		return fmt.Errorf("forgetting the names of former learners: %w", err)
	}
	return nil
}

// sweepIn is the turn to sweep in the hour that begins at a time. It is kept
// until the next hour is over, so that replicas whose clocks differ agree on it,
// and a later sweep forgets it.
func sweepIn(hour time.Time) Once {
	return Once{NewOnceKey("sweep", hour.UTC().Format(time.RFC3339)), hour.Add(2 * sweepEvery)}
}
