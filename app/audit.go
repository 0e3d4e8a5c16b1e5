package app

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// EventPage is a part of the audit trail.
type EventPage struct {
	Events []Event
	Next   *EventCursor // where the trail goes on; nil at its end
}

// Events returns a part of the audit trail, the latest first: a manager's of the
// own institution, whatever the filter says, an operator's of all. It returns
// [ErrForbidden] to others.
func (t *Training) Events(ctx context.Context, p Person, f EventFilter, after EventCursor, limit int) (EventPage, error) {
	f, err := auditable(p, f)
	if err != nil {
		return EventPage{}, err
	}
	events, err := t.Store.Events(ctx, f, after, limit+1)
	if err != nil {
		return EventPage{}, fmt.Errorf("reading the audit trail: %w", err)
	}
	page := EventPage{Events: events}
	if len(events) > limit {
		page.Events = events[:limit]
		next := AfterEvent(events[limit-1])
		page.Next = &next
	}
	return page, nil
}

// AllEvents yields all that [Training.Events] lists, in constant memory. An
// error is the last thing that it yields.
func (t *Training) AllEvents(ctx context.Context, p Person, f EventFilter) (iter.Seq2[Event, error], error) {
	f, err := auditable(p, f)
	if err != nil {
		return nil, err
	}
	return t.Store.AllEvents(ctx, f), nil
}

// Audits says whether the person may read the audit trail, or a part of it.
func (i Identity) Audits() bool { return i.Has(Manager) || i.Has(Operator) }

// auditable narrows a filter to what the person may read.
func auditable(p Person, f EventFilter) (EventFilter, error) {
	if !p.Audits() {
		return f, fmt.Errorf("reading the audit trail: %w", ErrForbidden)
	}
	if !p.Has(Operator) {
		f.Institution = p.Institution
	}
	return f, nil
}

// note adds an event to the audit trail.
func (t *Training) note(ctx context.Context, e Event) error {
	if e.ID == "" {
		e.ID = EventID(NewToken())
	}
	e.At = t.now()
	err := t.Store.AddEvent(ctx, e)
	if err != nil {
		return fmt.Errorf("adding %s to the audit trail: %w", e.Kind, err)
	}
	return nil
}

// noteSignIn tells of a sign-in, and of roles that it gave or took.
func (t *Training) noteSignIn(ctx context.Context, before, p Person, notes []string) error {
	details := Details{}
	if before.Learner == "" {
		details["first_time"] = "yes"
	}
	if len(notes) > 0 {
		details["not_taken"] = strings.Join(notes, "; ")
	}
	err := t.note(ctx, Event{Kind: SignedIn, Institution: p.Institution, Learner: p.Learner, Details: details})
	from, to := rolesText(before.Roles), rolesText(p.Roles)
	if err != nil || from == to {
		return err
	}
	return t.note(ctx, Event{Kind: RolesChanged, Institution: p.Institution, Learner: p.Learner, Details: Details{"from": from, "to": to}})
}

// rolesText names the roles in alphabetical order; everyone is a learner.
func rolesText(roles []Role) string {
	names := []string{"learner"}
	for _, r := range slices.Sorted(slices.Values(roles)) {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

func (t *Training) noteSignOut(ctx context.Context, i InstitutionID, learner LearnerID, where string) error {
	return t.note(ctx, Event{Kind: SignedOut, Institution: i, Learner: learner, Details: Details{"where": where}})
}

// SignInFailed adds to the audit trail that somebody could not sign in at an
// institution, with a short reason. Of very many failures in a minute it adds
// the first ones alone, so that nobody can fill the database: noted is false
// for the others.
func (t *Training) SignInFailed(ctx context.Context, i InstitutionID, reason string) (noted bool, err error) {
	if !t.failures.take(i, t.now()) {
		return false, nil
	}
	return true, t.note(ctx, Event{Kind: SignInFailed, Institution: i, Details: Details{"reason": reason}})
}

// failures counts what the audit trail took of an institution's failed sign-ins
// in the present minute. The zero value is ready.
type failures struct {
	mu     sync.Mutex
	minute time.Time
	taken  map[InstitutionID]int
}

const failuresTaken = 60 // a minute

func (f *failures) take(i InstitutionID, now time.Time) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	minute := now.Truncate(time.Minute)
	if !minute.Equal(f.minute) {
		f.minute, f.taken = minute, map[InstitutionID]int{}
	}
	f.taken[i]++
	return f.taken[i] <= failuresTaken
}

// Download is a file of records or events that somebody takes with them.
type Download struct {
	File   string // its kind, such as "records.csv"
	Filter string // what it was narrowed to, in words or as in an address
}

// DownloadBegins adds to the audit trail that a person downloads a file. Nothing
// may be sent before it has returned nil.
func (t *Training) DownloadBegins(ctx context.Context, p Person, d Download) error {
	return t.note(ctx, Event{Kind: DownloadBegun, Institution: p.Institution, Learner: p.Learner, Details: d.details()})
}

// DownloadEnds adds to the audit trail how many rows of a file a person was
// sent, and whether they were all.
func (t *Training) DownloadEnds(ctx context.Context, p Person, d Download, rows int, whole bool) error {
	details := d.details()
	details["rows"] = fmt.Sprint(rows)
	details["outcome"] = "broken off"
	if whole {
		details["outcome"] = "complete"
	}
	return t.note(ctx, Event{Kind: Downloaded, Institution: p.Institution, Learner: p.Learner, Details: details})
}

func (d Download) details() Details {
	details := Details{"file": d.File}
	if d.Filter != "" {
		details["filter"] = d.Filter
	}
	return details
}

// changesNoted is how many changes of a publication the audit trail names.
const changesNoted = 50

func (t *Training) notePublication(ctx context.Context, p Publication, changes []Change) error {
	var names []string
	for _, c := range changes {
		if isChange(c) {
			names = append(names, fmt.Sprintf("%s %s (version %d)", c.Kind, c.Slug, c.Number))
		}
	}
	details := Details{"publication": fmt.Sprint(p.Number), "origin": p.Origin}
	if more := len(names) - changesNoted; more > 0 {
		names = append(names[:changesNoted], fmt.Sprintf("and %d more", more))
	}
	details["changes"] = strings.Join(names, ", ")
	return t.note(ctx, Event{ID: EventID(fmt.Sprintf("publication-%d", p.Number)), Kind: ModulesPublished, Details: details})
}

// DetailChanged is the detail of [SettingsChanged] that names the settings that
// changed; the other details are the settings as they are now.
const DetailChanged = "changed"

// NoteSettings adds to the audit trail which settings are others than when the
// program was last told, for each institution and, by the empty id, for the
// program itself. Settings hold no secrets.
func (t *Training) NoteSettings(ctx context.Context, settings map[InstitutionID]Details) error {
	last := map[InstitutionID]Event{}
	for e, err := range t.Store.AllEvents(ctx, EventFilter{Kind: SettingsChanged}) {
		if err != nil {
			return fmt.Errorf("reading the audit trail: %w", err)
		}
		if _, known := last[e.Institution]; !known {
			last[e.Institution] = e
		}
	}
	scopes := slices.Collect(maps.Keys(settings))
	for scope := range last {
		if _, there := settings[scope]; !there {
			scopes = append(scopes, scope)
		}
	}
	for _, scope := range slices.Sorted(slices.Values(scopes)) {
		err := t.noteSettingsOf(ctx, scope, last[scope], settings[scope])
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *Training) noteSettingsOf(ctx context.Context, scope InstitutionID, last Event, now Details) error {
	details := Details{}
	maps.Copy(details, now)
	details[DetailChanged] = changedSettings(last, now)
	if details[DetailChanged] == "" {
		return nil
	}
	// By this id replicas that start together tell of the same change once.
	id := hashID("settings", string(scope), string(last.ID), fmt.Sprint(map[string]string(details)))
	return t.note(ctx, Event{ID: EventID(id), Kind: SettingsChanged, Institution: scope, Details: details})
}

// changedSettings names the settings that are not as they were, or returns
// nothing.
func changedSettings(last Event, now Details) string {
	switch {
	case last.ID == "":
		return "all, for the first time"
	case now == nil && len(last.Details) > 1:
		return "taken out of the configuration"
	}
	var names []string
	for name := range now {
		if now[name] != last.Details[name] {
			names = append(names, name)
		}
	}
	for name := range last.Details {
		if _, there := now[name]; !there && name != DetailChanged && now != nil {
			names = append(names, name)
		}
	}
	return strings.Join(slices.Sorted(slices.Values(names)), ", ")
}
