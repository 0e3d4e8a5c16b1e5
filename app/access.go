package app

import (
	"context"
	"fmt"
	"iter"
	"slices"
	"sync"
	"time"
)

// Access is what a system may do that has shown a valid token: read what the
// token's scopes say, of the token's institution and of no other.
type Access struct {
	Institution Institution
	Token       AccessToken
}

// AuthorizeToken returns what the text of a token gives access to. It returns
// [ErrSignedOut] if there is no such token, or none any more, and nobody can tell
// which; and [ErrForbidden], with the access, if the token has not the scope.
//
// What another replica has revoked may count here some seconds longer; see
// [Office]. What it has made counts at once, or within a second.
func (t *Training) AuthorizeToken(ctx context.Context, text string, scope Scope) (Access, error) {
	id, is := tokenInstitution(text)
	if !is {
		return Access{}, fmt.Errorf("a text that is no token: %w", ErrSignedOut)
	}
	i, err := t.Institution(id)
	if err != nil {
		return Access{}, fmt.Errorf("a token of nobody's: %w", ErrSignedOut)
	}
	token, err := t.findToken(ctx, i.ID, text)
	if err != nil {
		return Access{}, err
	}
	if token.expired(t.now()) {
		return Access{}, fmt.Errorf("token %s has expired: %w", token.ID, ErrSignedOut)
	}
	a := Access{Institution: i, Token: token}
	return a, a.may(scope)
}

// findToken looks for a token in what is held, and then in the database, where a
// replica may just have put it: once a second at most, however many wrong ones come.
func (t *Training) findToken(ctx context.Context, i InstitutionID, text string) (AccessToken, error) {
	o, err := t.office(ctx, i)
	if err != nil {
		return AccessToken{}, err
	}
	token, there := o.find(text)
	if there {
		return token, nil
	}
	now := t.now()
	if t.tokens.mayLook(i, now) {
		o, err = t.readOffice(ctx, i)
		if err != nil {
			return AccessToken{}, err
		}
		t.offices.put(o, now)
		token, there = o.find(text)
	}
	if !there {
		return AccessToken{}, fmt.Errorf("no token of %s: %w", i, ErrSignedOut)
	}
	return token, nil
}

// tokenNotes remembers what was done of late about tokens. The zero value is ready.
type tokenNotes struct {
	mu     sync.Mutex
	looked map[InstitutionID]time.Time // when one was looked for in the database
	used   map[TokenHash]string        // the day of which it is told that a token was used
}

const lookEvery = time.Second

func (n *tokenNotes) mayLook(i InstitutionID, now time.Time) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.looked == nil {
		n.looked = map[InstitutionID]time.Time{}
	}
	age := now.Sub(n.looked[i])
	if age >= 0 && age < lookEvery {
		return false
	}
	n.looked[i] = now
	return true
}

// told says whether it is told that a token was used on a day, and with mark
// remembers that it is.
func (n *tokenNotes) told(used TokenHash, day string, mark bool) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	before := n.used[used] == day
	if mark {
		if n.used == nil {
			n.used = map[TokenHash]string{}
		}
		n.used[used] = day
	}
	return before
}

// NoteTokenUse adds to the audit trail that a token was used today, once a day, on
// however many replicas. A request is not to fail because this does.
func (t *Training) NoteTokenUse(ctx context.Context, a Access) error {
	now := t.now()
	day := now.Format(time.DateOnly)
	if t.tokens.told(a.Token.Hash, day, false) {
		return nil
	}
	e := t.event(TokenUsed, a.Institution.ID, "", Details{"token": a.Token.ID})
	e.ID = EventID(hashID("token used", string(a.Institution.ID), a.Token.ID, day)) // the same on every replica
	err := t.note(ctx, e)
	if err == nil {
		t.tokens.told(a.Token.Hash, day, true)
	}
	return err
}

// may returns nil if the token has the scope.
func (a Access) may(s Scope) error {
	if !slices.Contains(a.Token.Scopes, s) {
		return fmt.Errorf("token %s may not read %s: %w", a.Token.ID, s, ErrForbidden)
	}
	return nil
}

// RecordsThrough returns a part of the records of the token's institution, and
// whether there are more.
func (t *Training) RecordsThrough(ctx context.Context, a Access, f Filter, o Order, after Cursor, limit int) ([]Record, bool, error) {
	err := a.may(ReadRecords)
	if err != nil {
		return nil, false, err
	}
	records, err := t.Store.Records(ctx, a.Institution.ID, f, o, after, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("listing records: %w", err)
	}
	return records[:min(limit, len(records))], len(records) > limit, nil
}

// RecordThrough returns a record of the token's institution. It returns
// [ErrNotFound] for others' as for what is nowhere.
func (t *Training) RecordThrough(ctx context.Context, a Access, id RecordID) (Record, error) {
	err := a.may(ReadRecords)
	if err != nil {
		return Record{}, err
	}
	r, err := t.Store.Record(ctx, id)
	if err != nil {
		return Record{}, fmt.Errorf("reading a record: %w", err)
	}
	if r.Institution != a.Institution.ID {
		return Record{}, fmt.Errorf("reading a record: %w", ErrNotFound)
	}
	return r, nil
}

// AllRecordsThrough yields what [Training.AllRecords] does to a manager of the
// token's institution.
func (t *Training) AllRecordsThrough(ctx context.Context, a Access, f Filter) (iter.Seq2[Record, error], error) {
	err := a.may(ReadRecords)
	if err != nil {
		return nil, err
	}
	return t.Store.AllRecords(ctx, a.Institution.ID, f), nil
}

// LearnersThrough returns a part of the present people of the token's institution,
// ordered by name, and whether there are more.
func (t *Training) LearnersThrough(ctx context.Context, a Access, f PersonFilter, after PersonCursor, limit int) ([]Person, bool, error) {
	err := a.may(ReadLearners)
	if err != nil {
		return nil, false, err
	}
	people, err := t.Store.People(ctx, a.Institution.ID, f, after, limit+1)
	if err != nil {
		return nil, false, fmt.Errorf("listing people: %w", err)
	}
	return people[:min(limit, len(people))], len(people) > limit, nil
}

// LearnerThrough returns one of the present people of the token's institution. It
// returns [ErrNotFound] for others' people, and for who has left, as for nobody.
func (t *Training) LearnerThrough(ctx context.Context, a Access, id LearnerID) (Person, error) {
	err := a.may(ReadLearners)
	if err != nil {
		return Person{}, err
	}
	p, err := t.Store.Person(ctx, id)
	if err != nil {
		return Person{}, fmt.Errorf("reading a person: %w", err)
	}
	if p.Institution != a.Institution.ID || !p.ErasedAt.IsZero() {
		return Person{}, fmt.Errorf("reading a person: %w", ErrNotFound)
	}
	return p, nil
}

// ModulesThrough returns the modules that the token's institution shows, in the
// order of its programmes.
func (t *Training) ModulesThrough(a Access) ([]*Module, error) {
	err := a.may(ReadModules)
	if err != nil {
		return nil, err
	}
	return t.Modules(Person{Identity: Identity{Institution: a.Institution.ID}}), nil
}

// DownloadsThrough returns what [Training.LastDownloads] does to a manager of the
// token's institution.
func (t *Training) DownloadsThrough(ctx context.Context, a Access, limit int) ([]FinishedDownload, error) {
	err := a.may(ReadRecords)
	if err != nil {
		return nil, err
	}
	return t.LastDownloads(ctx, Person{Identity: Identity{Institution: a.Institution.ID, Roles: []Role{Manager}}}, limit)
}
