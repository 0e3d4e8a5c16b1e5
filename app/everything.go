package app

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
)

// Everything is all that First5 keeps of one person, for that person.
type Everything struct {
	Person      Person
	Institution Institution
	Sessions    []Session // those that have not ended, without what proves them
	Records     []History // the last active first
	Workbooks   []Workbook
	Parked      []Parked

	Required []Assignment // of them, without the lists of who else is asked
	Assigned []Assignment // by them, as a manager; likewise
	Tokens   []AccessToken
	Events   []Event // the latest first; of what they did to others no more than that they did it
}

// History is a record with the attempts at it, the oldest first.
type History struct {
	Record
	Tries []Try
}

// Try is an attempt with the version of the module that it answers; nil, if that
// can't be shown any more.
type Try struct {
	Attempt
	Of *Module
}

// Everything returns all that is kept of the person, and tells the audit trail that
// they were given it.
func (t *Training) Everything(ctx context.Context, p Person) (Everything, error) {
	e := Everything{Person: p}
	for _, read := range []func(context.Context, *Everything) error{
		t.readOwn, t.readHistory, t.readFromOffice, t.readOwnEvents,
	} {
		err := read(ctx, &e)
		if err != nil {
			return Everything{}, err
		}
	}
	err := t.note(ctx, t.event(OwnDataDownloaded, p.Institution, p.Learner, Details{}))
	if err != nil {
		return Everything{}, err
	}
	return e, nil
}

// readOwn reads who they are, and what is theirs alone.
func (t *Training) readOwn(ctx context.Context, e *Everything) error {
	var err error
	e.Institution, err = t.Institution(e.Person.Institution)
	if err != nil {
		return err
	}
	e.Sessions, err = t.Sessions(ctx, e.Person)
	if err != nil {
		return err
	}
	e.Workbooks, err = t.Workbooks(ctx, e.Person)
	if err != nil {
		return err
	}
	e.Parked, err = t.Store.ParkedBy(ctx, e.Person.Learner)
	if err != nil {
		return fmt.Errorf("reading parked answers: %w", err)
	}
	return nil
}

func (t *Training) readHistory(ctx context.Context, e *Everything) error {
	records, err := t.Store.LearnerRecords(ctx, e.Person.Learner)
	if err != nil {
		return fmt.Errorf("reading the learner's records: %w", err)
	}
	attempts, err := t.Store.LearnerAttempts(ctx, e.Person.Learner)
	if err != nil {
		return fmt.Errorf("reading the learner's attempts: %w", err)
	}
	tries := map[RecordID][]Try{}
	for _, a := range attempts {
		m, err := t.ifAtHand(ctx, a.Module, a.Version)
		if err != nil {
			return err
		}
		tries[a.Record] = append(tries[a.Record], Try{a, m})
	}
	for _, r := range records {
		e.Records = append(e.Records, History{r, tries[r.ID]})
	}
	return nil
}

// ifAtHand returns a version of a module, or nil if a later release of the program
// can't read it any more: nobody is kept from what is theirs by that.
func (t *Training) ifAtHand(ctx context.Context, module string, version int) (*Module, error) {
	m, err := t.version(ctx, module, version)
	if err != nil && (errors.Is(err, ErrStoreAway) || ctx.Err() != nil) {
		return nil, err
	}
	if err != nil {
		return nil, nil
	}
	return m, nil
}

// readFromOffice reads what the managers of the institution require of the person,
// and what the person has made there as one of them. It is read anew: what is held
// may be some seconds old.
func (t *Training) readFromOffice(ctx context.Context, e *Everything) error {
	o, err := t.readOffice(ctx, e.Person.Institution)
	if err != nil {
		return err
	}
	e.Required = newWanted(o.Assignments).of(e.Person)
	for i := range e.Required {
		e.Required[i].People = nil
	}
	for _, a := range o.Assignments {
		if a.Maker == e.Person.Learner {
			a.People = nil
			e.Assigned = append(e.Assigned, a)
		}
	}
	for _, token := range o.Tokens {
		if token.Maker == e.Person.Learner {
			e.Tokens = append(e.Tokens, token)
		}
	}
	return nil
}

func (t *Training) readOwnEvents(ctx context.Context, e *Everything) error {
	for told, err := range t.Store.AllEvents(ctx, EventFilter{Learner: e.Person.Learner}) {
		if err != nil {
			return fmt.Errorf("reading what the audit trail says of a learner: %w", err)
		}
		told.Details = told.ownDetails()
		e.Events = append(e.Events, told)
	}
	return nil
}

// ownDetails returns the details of an event without those that may be about
// somebody else: what a manager looked for, and whose work they decided on.
func (e Event) ownDetails() Details {
	switch e.Kind {
	case DownloadBegun, Downloaded, ModuleWaived, CertificateWithdrawn:
	default:
		return e.Details
	}
	own := maps.Clone(e.Details)
	maps.DeleteFunc(own, func(name, _ string) bool {
		return slices.Contains([]string{detailFilter, "record", "certificate", "reason"}, name)
	})
	return own
}
