package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// Office is what an institution's managers keep: of whom they require what, the
// tokens of systems that fetch records, and the filters that they come back to.
type Office struct {
	Institution InstitutionID
	Revision    int // how often it was saved: 1, 2, 3, …
	Assignments []Assignment
	Tokens      []AccessToken
	Filters     []SavedFilter
}

// AccessToken lets a system of the institution read what its scopes say. The
// token itself is shown once and kept nowhere.
type AccessToken struct {
	ID        string
	Hash      TokenHash
	Name      string // what the institution calls it
	Scopes    []Scope
	Maker     LearnerID
	MadeAt    time.Time
	ExpiresAt time.Time
}

// TokenHash is the SHA-256 of an access token, in hex.
type TokenHash string

// Scope is something that an access token lets a system read.
type Scope string

// The scopes.
const (
	ReadRecords  Scope = "records"
	ReadLearners Scope = "learners"
	ReadModules  Scope = "modules"
)

// Scopes returns all of them, in the order in which pages offer them.
func Scopes() []Scope { return []Scope{ReadRecords, ReadLearners, ReadModules} }

// SavedFilter is a filter of the records that managers come back to.
type SavedFilter struct {
	Name  string // unique in its institution
	Query string // the filter and the order, as in an address
}

// What an institution may keep, so that reading it stays cheap.
const (
	MostAssignments   = 100
	MostPeopleNamed   = 1000 // in one assignment
	MostTokens        = 50
	MostSavedFilters  = 50
	LongestOfficeText = 280 // of a name or a sentence, in characters
)

// officeHeld is for how long an office that was read serves pages: so long what
// another replica changed may go unseen.
const officeHeld = 10 * time.Second

// heldOffices keeps the offices that were read a moment ago. The zero value is
// ready.
type heldOffices struct {
	mu  sync.Mutex
	all map[InstitutionID]heldOffice
}

type heldOffice struct {
	Office
	wanted *wanted // what its assignments ask of whom
	readAt time.Time
}

func (h *heldOffices) get(i InstitutionID, now time.Time) (heldOffice, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	held, there := h.all[i]
	age := now.Sub(held.readAt)
	return held, there && age >= 0 && age < officeHeld
}

// put keeps an office, unless a later one was put meanwhile, and returns it ready.
func (h *heldOffices) put(o Office, readAt time.Time) heldOffice {
	held := heldOffice{o, h.wantedOf(o), readAt}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.all == nil {
		h.all = map[InstitutionID]heldOffice{}
	}
	if o.Revision >= h.all[o.Institution].Revision {
		h.all[o.Institution] = held
	}
	return held
}

// wantedOf returns what an office requires, made ready only if it was not: its
// lists may be long.
func (h *heldOffices) wantedOf(o Office) *wanted {
	h.mu.Lock()
	held, there := h.all[o.Institution]
	h.mu.Unlock()
	if there && held.Revision == o.Revision {
		return held.wanted
	}
	return newWanted(o.Assignments)
}

// office returns what an institution's managers keep, as it was some seconds ago
// at most, or here at most since it was last changed. What it returns is shared,
// and must not be changed.
func (t *Training) office(ctx context.Context, i InstitutionID) (Office, error) {
	held, err := t.heldOffice(ctx, i)
	return held.Office, err
}

// heldOffice returns the same, with what it requires of whom.
func (t *Training) heldOffice(ctx context.Context, i InstitutionID) (heldOffice, error) {
	now := t.now()
	held, ok := t.offices.get(i, now)
	if ok {
		return held, nil
	}
	o, err := t.readOffice(ctx, i)
	if err != nil {
		return heldOffice{}, err
	}
	return t.offices.put(o, now), nil
}

func (t *Training) readOffice(ctx context.Context, i InstitutionID) (Office, error) {
	o, err := t.Store.Office(ctx, i)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return Office{}, fmt.Errorf("reading what the managers of %s keep: %w", i, err)
	}
	o.Institution = i
	return o, nil
}

// changeOffice changes what the managers of the person's institution keep. The
// function may be called more than once; it changes the office and returns the
// event that tells of it, or an error, and nothing is changed.
func (t *Training) changeOffice(ctx context.Context, p Person, with func(*Office) (Event, error)) error {
	for range saves {
		o, err := t.readOffice(ctx, p.Institution)
		if err != nil {
			return err
		}
		o.Assignments, o.Tokens, o.Filters = slices.Clone(o.Assignments), slices.Clone(o.Tokens), slices.Clone(o.Filters)
		told, err := with(&o)
		if err != nil {
			return err
		}
		o.Revision++
		events := []Event{told}
		if told.ID == "" { // it is nothing to tell of
			events = nil
		}
		err = t.Store.SaveOffice(ctx, o, events...)
		if err == nil {
			t.offices.put(o, t.now())
			return nil
		}
		if !errors.Is(err, ErrConflict) {
			return fmt.Errorf("saving what the managers of %s keep: %w", p.Institution, err)
		}
	}
	return fmt.Errorf("saving what the managers of %s keep: %w", p.Institution, ErrConflict)
}

// manages returns nil for managers, and [ErrForbidden] for others.
func (p Person) manages(doing string) error {
	if !p.Has(Manager) {
		return fmt.Errorf("%s: %w", doing, ErrForbidden)
	}
	return nil
}
