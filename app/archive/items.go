package archive

import (
	"fmt"
	"time"

	"first5/app"
)

// Publication is an [app.Publication] with the heads of the versions that are new in it.
type Publication struct {
	Number   int       `bson:"number"`
	At       time.Time `bson:"at"`
	Origin   string    `bson:"origin"`
	Current  []Ref     `bson:"current"`
	Versions []Version `bson:"versions"` // ordered by kind, slug and number
}

// Ref is an [app.VersionRef].
type Ref struct {
	Kind   app.VersionKind `bson:"kind"`
	Slug   string          `bson:"slug"`
	Number int             `bson:"number"`
}

// Version is an [app.Version] without its files.
type Version struct {
	Ref     `bson:",inline"`
	Program string    `bson:"program"`
	Hash    string    `bson:"hash"`
	At      time.Time `bson:"at"`
}

// File is one file of a version's source, in its place.
type File struct {
	Version  Ref    `bson:"version"`
	Position int    `bson:"position"` // 0, 1, 2, …
	Name     string `bson:"name"`
	Data     []byte `bson:"data"` // empty, never nil, where there is none
}

// Person is an [app.Person] with all their sessions, those ordered by hash. Of one
// who was erased only Learner, Institution, SignedInAt and ErasedAt are set.
type Person struct {
	Learner     app.LearnerID     `bson:"learner"`
	Institution app.InstitutionID `bson:"institution"`
	Issuer      string            `bson:"issuer"`
	Subject     string            `bson:"subject"`
	Name        string            `bson:"name"`
	Email       string            `bson:"email"`
	NPI         string            `bson:"npi"`
	Roles       []app.Role        `bson:"roles"` // empty, never nil, where there is none
	SignedInAt  time.Time         `bson:"signed_in_at"`
	ErasedAt    time.Time         `bson:"erased_at,omitempty"` // zero, and not in the line, unless they were
	Sessions    []Session         `bson:"sessions"`            // as Roles
}

// Session is an [app.Session] of the person in whom it stands.
type Session struct {
	Hash       app.SessionHash     `bson:"hash"`
	CreatedAt  time.Time           `bson:"created_at"`
	SeenAt     time.Time           `bson:"seen_at"`
	Provider   app.ProviderSession `bson:"provider"`
	LogoutHint string              `bson:"logout_hint"`
}

// Record is an [app.Record] with all its attempts, those ordered by time and
// then by id. Who the person is stands in the [Person].
type Record struct {
	ID          app.RecordID      `bson:"id"`
	Institution app.InstitutionID `bson:"institution"`
	Learner     app.LearnerID     `bson:"learner"`
	Program     string            `bson:"program"`
	Module      string            `bson:"module"`
	Title       string            `bson:"title"`
	Edition     string            `bson:"edition"`
	Version     int               `bson:"version"`
	Score       *int              `bson:"score"`
	StartedAt   time.Time         `bson:"started_at"`
	ActiveAt    time.Time         `bson:"active_at"`
	ChangedAt   time.Time         `bson:"changed_at,omitempty"` // zero, and to be kept so, in files of before it was kept
	Former      bool              `bson:"former,omitempty"`     // its learner was erased
	ForgetAt    time.Time         `bson:"forget_at,omitempty"`  // when the completion's name is to be forgotten; zero: there is none to forget
	Completion  *Completion       `bson:"completion"`
	Withdrawn   *Withdrawal       `bson:"withdrawn,omitempty"` // not in files of before there were any
	Attempts    []Attempt         `bson:"attempts"`            // empty, never nil, where there is none
}

// Completion is an [app.Completion].
type Completion struct {
	Status      app.Status        `bson:"status"`
	At          time.Time         `bson:"at"`
	Version     int               `bson:"version"`
	Score       *int              `bson:"score"`
	Certificate app.CertificateID `bson:"certificate"`       // empty for a waiver
	Attempt     app.AttemptID     `bson:"attempt,omitempty"` // empty where none earned it, or where it was not kept
	Name        string            `bson:"name"`
	Title       string            `bson:"title"`
	Institution string            `bson:"institution"`
	Credit      string            `bson:"credit,omitempty"` // not in files of before there was any
	Reason      string            `bson:"reason,omitempty"` // of a waiver
}

// Withdrawal is an [app.Withdrawal].
type Withdrawal struct {
	At     time.Time `bson:"at"`
	Reason string    `bson:"reason"`
}

// Workbook is an [app.Workbook].
type Workbook struct {
	Record      app.RecordID  `bson:"record"`
	Learner     app.LearnerID `bson:"learner"`
	Module      string        `bson:"module"`
	Edition     string        `bson:"edition"`
	Title       string        `bson:"title"`
	Revision    int           `bson:"revision"`
	Card        string        `bson:"card"`
	CardAt      time.Time     `bson:"card_at"`
	Read        bool          `bson:"read"`
	Reflections []Reflection  `bson:"reflections"` // in their order; empty, never nil, where there is none
	Commitments []Commitment  `bson:"commitments"` // likewise
}

// Reflection is an [app.Reflection] of the workbook in which it stands.
type Reflection struct {
	ID     string    `bson:"id"`
	Prompt string    `bson:"prompt"`
	Text   string    `bson:"text"`
	At     time.Time `bson:"at"`
}

// Commitment is an [app.Commitment] of the workbook in which it stands.
type Commitment struct {
	Text   string    `bson:"text"`
	At     time.Time `bson:"at"`
	DoneAt time.Time `bson:"done_at"`
}

// Attempt is an [app.Attempt] of the record in which it stands.
type Attempt struct {
	ID      app.AttemptID `bson:"id"`
	Module  string        `bson:"module"`
	Version int           `bson:"version"`
	Answers []Answer      `bson:"answers"` // ordered by question; empty, never nil, where there is none
	Right   int           `bson:"right"`
	Graded  int           `bson:"graded"`
	At      time.Time     `bson:"at"`
}

// Answer is what was chosen of one question.
type Answer struct {
	Question string   `bson:"question"`
	Chosen   []string `bson:"chosen"` // in the order given; empty, never nil, where nothing was
}

// Parked is an [app.Parked].
type Parked struct {
	ID      app.AttemptID `bson:"id"`
	Learner app.LearnerID `bson:"learner"`
	Module  string        `bson:"module"`
	Version int           `bson:"version"`
	Answers []Answer      `bson:"answers"` // as in Attempt
	Quiz    bool          `bson:"quiz,omitempty"`
	At      time.Time     `bson:"at"`
}

// Office is an [app.Office].
type Office struct {
	Institution app.InstitutionID `bson:"institution"`
	Revision    int               `bson:"revision"`
	Assignments []Assignment      `bson:"assignments"` // in their order; empty, never nil, where there is none
	Tokens      []AccessToken     `bson:"tokens"`      // likewise
	Filters     []SavedFilter     `bson:"filters"`     // likewise
}

// Assignment is an [app.Assignment] of the office in which it stands.
type Assignment struct {
	ID      string        `bson:"id"`
	Maker   app.LearnerID `bson:"maker"`
	MadeAt  time.Time     `bson:"made_at"`
	People  []string      `bson:"people"` // in their order; empty, never nil, for everyone
	Program string        `bson:"program"`
	Module  string        `bson:"module"`
	By      string        `bson:"by"`
	Because string        `bson:"because"`
	Due     time.Time     `bson:"due"`
}

// AccessToken is an [app.AccessToken] of the office in which it stands.
type AccessToken struct {
	ID        string        `bson:"id"`
	Hash      app.TokenHash `bson:"hash"`
	Name      string        `bson:"name"`
	Scopes    []app.Scope   `bson:"scopes"` // in their order; never nil
	Maker     app.LearnerID `bson:"maker"`
	MadeAt    time.Time     `bson:"made_at"`
	ExpiresAt time.Time     `bson:"expires_at"`
}

// SavedFilter is an [app.SavedFilter] of the office in which it stands.
type SavedFilter struct {
	Name  string `bson:"name"`
	Query string `bson:"query"`
}

// Once is an [app.Once] that was used.
type Once struct {
	Key   app.OnceKey `bson:"key"`
	Until time.Time   `bson:"until"`
}

// Event is an [app.Event]. Who the learner is stands in the [Person].
type Event struct {
	ID          app.EventID       `bson:"id"`
	At          time.Time         `bson:"at"`
	Kind        app.EventKind     `bson:"kind"`
	Institution app.InstitutionID `bson:"institution"`
	Learner     app.LearnerID     `bson:"learner"`
	Details     []Detail          `bson:"details"` // ordered by name; empty, never nil, where there is none
}

// Detail is one of an event's details.
type Detail struct {
	Name string `bson:"name"`
	Text string `bson:"text"`
}

// Key returns what the item is known by among those of its kind.
func (i Item) Key() string {
	switch i.Kind {
	case Publications:
		return fmt.Sprintf("%010d", i.Publication.Number)
	case Files:
		return fmt.Sprintf("%s/%s/%010d/%010d", i.File.Version.Kind, i.File.Version.Slug, i.File.Version.Number, i.File.Position)
	case People:
		return string(i.Person.Learner)
	case Records:
		return string(i.Record.ID)
	case Workbooks:
		return string(i.Workbook.Record)
	case ParkedAnswers:
		return string(i.Parked.Learner) + "/" + string(i.Parked.ID)
	case Offices:
		return string(i.Office.Institution)
	case OnceKeys:
		return string(i.Once.Key)
	}
	return string(i.Event.ID)
}
