package app

import (
	"context"
	"fmt"
	"iter"
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

// event returns an event of this moment.
func (t *Training) event(kind EventKind, i InstitutionID, learner LearnerID, details Details) Event {
	return Event{ID: EventID(NewToken()), At: t.now(), Kind: kind, Institution: i, Learner: learner, Details: details}
}

// note adds an event to the audit trail.
func (t *Training) note(ctx context.Context, e Event) error {
	err := t.Store.AddEvent(ctx, e)
	if err != nil {
		return fmt.Errorf("adding %s to the audit trail: %w", e.Kind, err)
	}
	return nil
}

// signInEvents tell of a sign-in, and of roles that it gave or took.
func (t *Training) signInEvents(before, p Person, notes []string) []Event {
	details := Details{}
	if before.Learner == "" {
		details["first_time"] = "yes"
	}
	if len(notes) > 0 {
		details["not_taken"] = strings.Join(notes, "; ")
	}
	events := []Event{t.event(SignedIn, p.Institution, p.Learner, details)}
	from, to := rolesText(before.Roles), rolesText(p.Roles)
	if from != to {
		events = append(events, t.event(RolesChanged, p.Institution, p.Learner, Details{"from": from, "to": to}))
	}
	return events
}

// rolesText names the roles in alphabetical order; everyone is a learner.
func rolesText(roles []Role) string {
	names := []string{"learner"}
	for _, r := range slices.Sorted(slices.Values(roles)) {
		names = append(names, string(r))
	}
	return strings.Join(names, ", ")
}

// signOutEvents tells of the people whose sessions have ended, each once.
func (t *Training) signOutEvents(i InstitutionID, where string) func([]Session) []Event {
	return func(ended []Session) []Event {
		var events []Event
		told := map[LearnerID]bool{}
		for _, s := range ended {
			if !told[s.Learner] {
				told[s.Learner] = true
				events = append(events, t.event(SignedOut, i, s.Learner, Details{"where": where}))
			}
		}
		return events
	}
}

// SignInFailed adds to the audit trail that somebody could not sign in at an
// institution, with a short reason. Of very many failures in a minute it adds
// the first ones alone; the next line tells how many were left out.
func (t *Training) SignInFailed(ctx context.Context, i InstitutionID, reason string) error {
	leftOut, taken := t.failures.take(i, t.now())
	if !taken {
		return nil
	}
	details := Details{"reason": reason}
	if leftOut > 0 {
		details["left_out"] = fmt.Sprintf("%d failures before this one", leftOut)
	}
	return t.note(ctx, t.event(SignInFailed, i, "", details))
}

// failures counts an institution's failed sign-ins in the present minute. The
// zero value is ready.
type failures struct {
	mu      sync.Mutex
	minute  time.Time
	counted map[InstitutionID]int
	leftOut map[InstitutionID]int // since the last that was taken
}

const failuresTaken = 60 // a minute

// take says whether the audit trail takes a failure, and how many it did not
// take before.
func (f *failures) take(i InstitutionID, now time.Time) (leftOut int, taken bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	minute := now.Truncate(time.Minute)
	if !minute.Equal(f.minute) {
		f.minute, f.counted = minute, map[InstitutionID]int{}
	}
	f.counted[i]++
	if f.leftOut == nil {
		f.leftOut = map[InstitutionID]int{}
	}
	if f.counted[i] > failuresTaken {
		f.leftOut[i]++
		return 0, false
	}
	leftOut = f.leftOut[i]
	delete(f.leftOut, i)
	return leftOut, true
}

// changesNoted is how many changes of a publication the audit trail names.
const changesNoted = 50

// publicationEvent tells of a publication.
func (t *Training) publicationEvent(p Publication, changes []Change) Event {
	var names []string
	for _, c := range changes {
		if isChange(c) {
			names = append(names, fmt.Sprintf("%s %s (version %d)", c.Kind, c.Slug, c.Number))
		}
	}
	if more := len(names) - changesNoted; more > 0 {
		names = append(names[:changesNoted], fmt.Sprintf("and %d more", more))
	}
	return t.event(ModulesPublished, "", "", Details{
		"publication": fmt.Sprint(p.Number), "origin": p.Origin, "changes": strings.Join(names, ", "),
	})
}
