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
// A sign-in that the audit trail does not take does not come about.
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
	before, err := t.Store.SignIn(ctx, p, session)
	t.sessions.forget(func(s heldSession) bool { return s.Learner == p.Learner }) // they hold the former roles
	if err != nil {
		return "", Person{}, nil, fmt.Errorf("signing in %s: %w", p.Learner, err)
	}
	err = t.noteSignIn(ctx, before, p, a.Notes)
	if err != nil {
		return "", Person{}, nil, err
	}
	return token, p, t.countParked(ctx, p), nil
}

// UseFlow takes the state of a sign-in, which counts until a time. It returns
// [ErrConflict] if it was taken before: a sign-in is finished once.
func (t *Training) UseFlow(ctx context.Context, state string, until time.Time) error {
	err := t.Store.UseOnce(ctx, NewOnceKey("state", state), until.Add(ClockSkew))
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
	s, err := t.session(ctx, token.Hash(), now)
	if errors.Is(err, ErrNotFound) {
		return Person{}, ErrSignedOut
	}
	if err != nil {
		return Person{}, fmt.Errorf("reading the session: %w", err)
	}
	if !t.lives(s.Session, s.person, now) {
		return Person{}, ErrSignedOut
	}
	_, err = t.Institution(s.person.Institution)
	if err != nil {
		return Person{}, ErrSignedOut // the institution has left the configuration
	}
	if now.Sub(s.SeenAt) > touchEvery(t.idle(s.person)) {
		err = t.Store.TouchSession(ctx, s.Hash, now)
		if err != nil {
			return Person{}, fmt.Errorf("touching the session: %w", err)
		}
		t.sessions.touch(s.Hash, now)
	}
	return s.person, nil
}

// session returns a session from memory, or from the store.
func (t *Training) session(ctx context.Context, hash SessionHash, now time.Time) (heldSession, error) {
	held, ended, ok := t.sessions.get(hash, now)
	if ok {
		return held, nil
	}
	s, p, err := t.Store.Session(ctx, hash)
	if err != nil {
		return heldSession{}, err
	}
	held = heldSession{Session: s, person: p, readAt: now}
	t.sessions.put(held, ended)
	return held, nil
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

// SignOut ends the person's session with the token, here and on every replica,
// and returns what its provider wants to see to sign the person out there too.
func (t *Training) SignOut(ctx context.Context, p Person, token SessionToken) (logoutHint string, err error) {
	hint, err := t.LeaveSession(ctx, token)
	if err != nil || hint == nil {
		return "", err
	}
	return *hint, t.noteSignOut(ctx, p.Institution, p.Learner, "in this browser")
}

// LeaveSession ends the session with the token, if there is one, without a word
// in the audit trail: a browser that signs in again leaves its former session.
// It returns the session's LogoutHint, or nil if there was none to end.
func (t *Training) LeaveSession(ctx context.Context, token SessionToken) (*string, error) {
	hash := token.Hash()
	ended, err := t.Store.EndSession(ctx, hash)
	t.sessions.forget(func(s heldSession) bool { return s.Hash == hash })
	if errors.Is(err, ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("ending the session: %w", err)
	}
	return &ended.LogoutHint, nil
}

// SignOutEverywhere ends all sessions of the person.
func (t *Training) SignOutEverywhere(ctx context.Context, p Person) error {
	_, err := t.endSessions(ctx, SessionFilter{Learner: p.Learner, CreatedBy: t.now()})
	if err != nil {
		return err
	}
	return t.noteSignOut(ctx, p.Institution, p.Learner, "everywhere")
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
// [ErrConflict] if it did so on the same word before. Sessions that began later
// stay in any case, so that an old word can't be used against anybody.
func (t *Training) SignOutByProvider(ctx context.Context, o ProviderSignOut) error {
	err := t.Store.UseOnce(ctx, NewOnceKey("sign-out", o.Issuer+" "+o.ID), o.Expires.Add(ClockSkew))
	if err != nil {
		return fmt.Errorf("taking a sign-out token: %w", err)
	}
	which := SessionFilter{CreatedBy: o.At.Add(ClockSkew)}
	if o.Subject != "" {
		which.Learner = NewLearnerID(o.Issuer, o.Subject)
	}
	if o.Session != "" {
		which.Provider = NewProviderSession(o.Institution, o.Session)
	}
	ended, err := t.endSessions(ctx, which)
	if err != nil {
		return err
	}
	learners := map[LearnerID]bool{}
	for _, s := range ended {
		if learners[s.Learner] {
			continue
		}
		learners[s.Learner] = true
		err = t.noteSignOut(ctx, o.Institution, s.Learner, "at the institution")
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *Training) endSessions(ctx context.Context, which SessionFilter) ([]Session, error) {
	ended, err := t.Store.EndSessions(ctx, which)
	t.sessions.forget(which.fits) // also if it is not known whether it was done
	if err != nil {
		return nil, fmt.Errorf("ending sessions: %w", err)
	}
	return ended, nil
}

// fits says whether a session is one that the filter chooses.
func (f SessionFilter) fits(s heldSession) bool {
	return (f.Learner == "" || s.Learner == f.Learner) && (f.Provider == "" || s.Provider == f.Provider) &&
		(f.CreatedBy.IsZero() || !s.CreatedAt.After(f.CreatedBy))
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

// Sweep removes sessions that have ended, and what need not be remembered of
// sign-ins that are over.
func (t *Training) Sweep(ctx context.Context) error {
	now := t.now()
	err := t.Store.Sweep(ctx, now.Add(-t.SessionLife), now.Add(-t.SessionIdle), now)
	if err != nil {
		return fmt.Errorf("removing ended sessions: %w", err)
	}
	return nil
}
