package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"
)

// SessionToken is what a browser shows to prove that it is signed in: 256
// random bits in hex.
type SessionToken string

// sessionTouch is how old a session's SeenAt may get before it is written
// again, so that a page is not a write.
const sessionTouch = 5 * time.Minute

// SignIn begins a session for the person whom an institution's single sign-on
// has identified, and counts the answers that the person sent while signed out.
// Answers that can't be counted stay parked; the errors say why, and are no
// failure of the sign-in.
func (t *Training) SignIn(ctx context.Context, id Identity) (token SessionToken, p Person, uncounted []error, err error) {
	_, err = t.Institution(id.Institution)
	if err != nil {
		return "", Person{}, nil, err
	}
	var secret [32]byte
	rand.Read(secret[:]) // never fails, by its contract
	token = SessionToken(hex.EncodeToString(secret[:]))
	now := t.now()
	p = Person{Learner: NewLearnerID(id.Issuer, id.Subject), Identity: id, SignedInAt: now}
	err = t.Store.SignIn(ctx, p, Session{Hash: token.hash(), Learner: p.Learner, CreatedAt: now, SeenAt: now})
	if err != nil {
		return "", Person{}, nil, fmt.Errorf("signing in %s: %w", p.Learner, err)
	}
	return token, p, t.countParked(ctx, p), nil
}

func (t SessionToken) hash() SessionHash {
	sum := sha256.Sum256([]byte(t))
	return SessionHash(hex.EncodeToString(sum[:]))
}

// Authenticate returns the person whose living session has the token. It
// returns [ErrSignedOut] if there is none.
func (t *Training) Authenticate(ctx context.Context, token SessionToken) (Person, error) {
	s, p, err := t.Store.Session(ctx, token.hash())
	if errors.Is(err, ErrNotFound) {
		return Person{}, ErrSignedOut
	}
	if err != nil {
		return Person{}, fmt.Errorf("reading the session: %w", err)
	}
	now := t.now()
	if now.Sub(s.SeenAt) > t.SessionIdle || now.Sub(s.CreatedAt) > t.SessionLife {
		return Person{}, ErrSignedOut
	}
	_, err = t.Institution(p.Institution)
	if err != nil {
		return Person{}, ErrSignedOut // the institution has left the configuration
	}
	if now.Sub(s.SeenAt) > sessionTouch {
		err = t.Store.TouchSession(ctx, s.Hash, now)
		if err != nil {
			return Person{}, fmt.Errorf("touching the session: %w", err)
		}
	}
	return p, nil
}

// SignOut ends the session with the token, if there is one.
func (t *Training) SignOut(ctx context.Context, token SessionToken) error {
	err := t.Store.EndSession(ctx, token.hash())
	if err != nil {
		return fmt.Errorf("signing out: %w", err)
	}
	return nil
}

// Sweep removes sessions that have ended.
func (t *Training) Sweep(ctx context.Context) error {
	now := t.now()
	err := t.Store.EndSessionsBefore(ctx, now.Add(-t.SessionLife), now.Add(-t.SessionIdle))
	if err != nil {
		return fmt.Errorf("removing ended sessions: %w", err)
	}
	return nil
}
