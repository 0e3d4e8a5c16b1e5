package app

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"
)

// TokenDraft is an access token that a manager asks for.
type TokenDraft struct {
	ID     string // made by the form, with [NewToken], so that sending it twice makes one
	Name   string // what the institution calls it, on one line
	Scopes []Scope
	Days   int // how long it is valid: one of TokenDays
}

// TokenDays returns for how many days a token may be valid.
func TokenDays() []int { return []int{30, 90, 180, 365} }

// TokenFault is what is wrong with a draft of a token: an [ErrInvalid].
type TokenFault string

// The faults.
const (
	TokenWithoutName  TokenFault = "it has no name"
	TokenNameTooLong  TokenFault = "its name is too long"
	TokenWithoutScope TokenFault = "it may read nothing"
	TokenWithoutEnd   TokenFault = "it does not say how long it is valid"
	TokensTooMany     TokenFault = "there are too many"
	TokenFormBroken   TokenFault = "its id is not one of a form"
)

// Error implements error.
func (f TokenFault) Error() string { return "a draft of a token: " + string(f) }

// Is makes every fault an [ErrInvalid].
func (f TokenFault) Is(target error) bool { return target == ErrInvalid }

// tokenPrefix is what every token begins with, so that whoever finds one in a file
// or a log knows what it is, and secret scanners can be told.
const tokenPrefix = "first5"

// MakeToken makes an access token of the manager's institution and returns its
// text, which is kept nowhere and can't be had again. It returns a [TokenFault] of
// what is wrong with the draft, [ErrConflict] if it was made already, and
// [ErrForbidden] to anyone but a manager.
func (t *Training) MakeToken(ctx context.Context, p Person, d TokenDraft) (string, AccessToken, error) {
	err := p.manages("making an access token")
	if err != nil {
		return "", AccessToken{}, err
	}
	d.Name = ReasonLine(d.Name)
	d.Scopes = slices.DeleteFunc(Scopes(), func(s Scope) bool { return !slices.Contains(d.Scopes, s) })
	err = d.check()
	if err != nil {
		return "", AccessToken{}, err
	}
	text := newTokenText(p.Institution)
	now := t.now()
	made := AccessToken{
		ID: d.ID, Hash: hashToken(text), Name: d.Name, Scopes: d.Scopes,
		Maker: p.Learner, MadeAt: now, ExpiresAt: now.AddDate(0, 0, d.Days),
	}
	err = t.changeOffice(ctx, p, func(o *Office) (Event, error) {
		switch {
		case slices.ContainsFunc(o.Tokens, func(a AccessToken) bool { return a.ID == made.ID }):
			return Event{}, fmt.Errorf("token %s is made: %w", made.ID, ErrConflict)
		case len(o.Tokens) >= MostTokens:
			return Event{}, TokensTooMany
		}
		o.Tokens = append(o.Tokens, made)
		return t.event(TokenMade, p.Institution, p.Learner, made.details()), nil
	})
	if err != nil {
		return "", AccessToken{}, err
	}
	return text, made, nil
}

func (d TokenDraft) check() error {
	switch {
	case d.Name == "":
		return TokenWithoutName
	case utf8.RuneCountInString(d.Name) > LongestOfficeText:
		return TokenNameTooLong
	case len(d.Scopes) == 0:
		return TokenWithoutScope
	case !slices.Contains(TokenDays(), d.Days):
		return TokenWithoutEnd
	case len(d.ID) != len(NewToken()) || strings.Trim(d.ID, "abcdefghijklmnopqrstuvwxyz234567") != "":
		return TokenFormBroken
	}
	return nil
}

// details tell of a token without its name, which may be a person's.
func (a AccessToken) details() Details {
	var scopes []string
	for _, s := range a.Scopes {
		scopes = append(scopes, string(s))
	}
	return Details{"token": a.ID, "scopes": strings.Join(scopes, ", "), "expires": a.ExpiresAt.Format(time.DateOnly)}
}

// newTokenText returns the text of a new token: whose it is, and 256 random bits.
func newTokenText(i InstitutionID) string {
	var secret [32]byte
	rand.Read(secret[:]) // never fails, by its contract
	return strings.Join([]string{tokenPrefix, string(i), base64.RawURLEncoding.EncodeToString(secret[:])}, "_")
}

// tokenInstitution returns whose a text says that it is, if it is a token's. An
// institution's id has no "_" in it; the secret may.
func tokenInstitution(text string) (InstitutionID, bool) {
	parts := strings.SplitN(text, "_", 3)
	if len(parts) != 3 || parts[0] != tokenPrefix {
		return "", false
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(parts[2])
	return InstitutionID(parts[1]), err == nil && len(secret) == 32
}

// LooksLikeToken says whether there is an access token in a text, so that it can
// be kept from where it does not belong.
func LooksLikeToken(text string) bool {
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t/&=,;\"'", r) }) {
		if _, is := tokenInstitution(part); is {
			return true
		}
	}
	return false
}

func hashToken(text string) TokenHash {
	sum := sha256.Sum256([]byte(text))
	return TokenHash(hex.EncodeToString(sum[:]))
}

// ListedToken is a token as its institution's managers find it.
type ListedToken struct {
	AccessToken
	MadeBy  string // the maker's name, or how they are known; empty: they have left
	Expired bool
	UsedAt  time.Time // a moment of the last day on which it was used; zero: it was not yet
}

// Tokens returns the tokens of the manager's institution, the last made first. It
// returns [ErrForbidden] to anyone but a manager.
func (t *Training) Tokens(ctx context.Context, p Person) ([]ListedToken, error) {
	err := p.manages("listing access tokens")
	if err != nil {
		return nil, err
	}
	o, err := t.readOffice(ctx, p.Institution)
	if err != nil {
		return nil, err
	}
	used, err := t.lastUses(ctx, p.Institution, o.Tokens)
	if err != nil {
		return nil, err
	}
	makers := map[LearnerID]string{}
	var listed []ListedToken
	for _, a := range slices.Backward(o.Tokens) {
		if _, known := makers[a.Maker]; !known {
			maker, err := t.Store.Person(ctx, a.Maker)
			if err != nil && !errors.Is(err, ErrNotFound) {
				return nil, fmt.Errorf("reading who made a token: %w", err)
			}
			makers[a.Maker] = maker.Name
			if maker.Name == "" {
				makers[a.Maker] = maker.Subject
			}
		}
		listed = append(listed, ListedToken{AccessToken: a, MadeBy: makers[a.Maker], Expired: a.expired(t.now()), UsedAt: used[a.ID]})
	}
	return listed, nil
}

// lastUses returns when tokens were last used, by their ids. It reads the audit
// trail back to the use of each of them, or to when the first of them was made.
func (t *Training) lastUses(ctx context.Context, i InstitutionID, tokens []AccessToken) (map[string]time.Time, error) {
	used := map[string]time.Time{}
	waiting := map[string]bool{}
	first := t.now()
	for _, a := range tokens {
		waiting[a.ID] = true
		if a.MadeAt.Before(first) {
			first = a.MadeAt
		}
	}
	if len(waiting) == 0 {
		return used, nil
	}
	for e, err := range t.Store.AllEvents(ctx, EventFilter{Institution: i, Kind: TokenUsed, From: first}) {
		if err != nil {
			return nil, fmt.Errorf("reading when tokens were used: %w", err)
		}
		id := e.Details[detailToken]
		if waiting[id] {
			used[id] = e.At
			delete(waiting, id)
		}
		if len(waiting) == 0 {
			break
		}
	}
	return used, nil
}

// RevokeToken takes a token of the manager's institution away: at once where it is
// done, and everywhere within a few seconds. It returns [ErrNotFound] if the
// institution has no such token, and [ErrForbidden] to anyone but a manager.
func (t *Training) RevokeToken(ctx context.Context, p Person, id string) error {
	err := p.manages("revoking an access token")
	if err != nil {
		return err
	}
	return t.changeOffice(ctx, p, func(o *Office) (Event, error) {
		i := slices.IndexFunc(o.Tokens, func(a AccessToken) bool { return a.ID == id })
		if i < 0 {
			return Event{}, fmt.Errorf("access token %q: %w", id, ErrNotFound)
		}
		told := t.event(TokenRevoked, p.Institution, p.Learner, o.Tokens[i].details())
		o.Tokens = slices.Delete(o.Tokens, i, i+1)
		return told, nil
	})
}

func (a AccessToken) expired(now time.Time) bool { return !now.Before(a.ExpiresAt) }

// find returns the institution's token with that text. It takes as long for any
// text.
func (o Office) find(text string) (AccessToken, bool) {
	hash := []byte(hashToken(text))
	var found AccessToken
	there := false
	for _, a := range o.Tokens {
		if subtle.ConstantTimeCompare([]byte(a.Hash), hash) == 1 {
			found, there = a, true
		}
	}
	return found, there
}
