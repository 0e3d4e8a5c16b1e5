package app

import (
	"slices"
	"time"
)

// Event is one line of the audit trail. Events are added and never changed.
type Event struct {
	ID          EventID
	At          time.Time
	Kind        EventKind
	Institution InstitutionID // empty: it concerns the program as a whole
	Learner     LearnerID     // who did it, or whom it befell; empty: nobody who is known
	Details     Details

	// Who the learner is, as known now. Stores fill these in when they read an
	// event, and keep neither with it.
	Subject, Name string
}

// EventID names an event.
type EventID string

// Details say more of an event, each by a short name such as "reason". They
// hold no names of people, no e-mail addresses and no secrets.
type Details map[string]string

// EventKind says what happened.
type EventKind string

// The kinds of event.
const (
	SignedIn         EventKind = "signed_in"
	SignInFailed     EventKind = "sign_in_failed"
	SignedOut        EventKind = "signed_out"
	RolesChanged     EventKind = "roles_changed"
	DownloadBegun    EventKind = "download_begun"
	Downloaded       EventKind = "downloaded" // or broken off, as the details say
	ModulesPublished EventKind = "modules_published"
	SettingsChanged  EventKind = "settings_changed"

	CertificateWithdrawn EventKind = "certificate_withdrawn"

	ModuleWaived      EventKind = "module_waived"
	AssignmentMade    EventKind = "assignment_made"
	AssignmentEnded   EventKind = "assignment_ended"
	TokenMade         EventKind = "token_made"
	TokenUsed         EventKind = "token_used" // at most once a day for each
	TokenRevoked      EventKind = "token_revoked"
	PersonErased      EventKind = "person_erased"
	OwnDataDownloaded EventKind = "own_data_downloaded" // by the learner whose it is
)

// EventKinds returns all kinds of event.
func EventKinds() []EventKind {
	return []EventKind{
		SignedIn, SignInFailed, SignedOut, RolesChanged, DownloadBegun, Downloaded, ModulesPublished, SettingsChanged,
		CertificateWithdrawn, ModuleWaived, AssignmentMade, AssignmentEnded,
		TokenMade, TokenUsed, TokenRevoked, PersonErased, OwnDataDownloaded,
	}
}

// Known says whether k is one of the kinds.
func (k EventKind) Known() bool { return slices.Contains(EventKinds(), k) }

// EventFilter chooses events. Its zero values choose all.
type EventFilter struct {
	Institution InstitutionID
	Kind        EventKind
	Learner     LearnerID
	From, To    time.Time // From <= At < To
}

// EventCursor is a place in a listing of events, after its last one. The zero
// EventCursor is the beginning.
type EventCursor struct {
	At time.Time
	ID EventID
}

// AfterEvent returns the cursor of the listing after e.
func AfterEvent(e Event) EventCursor { return EventCursor{At: e.At, ID: e.ID} }
