package app

import (
	"slices"
	"time"

	"first5/content"
)

// Record is one learner's work on one edition of one module: what institutions
// download.
type Record struct {
	ID          RecordID
	Institution InstitutionID
	Learner     LearnerID

	// The person as at their last sign-in.
	Subject, Name, Email, NPI string

	Program string // as published when the record was begun
	Module  string
	Title   string // as at Version
	Edition string
	Version int // that of the completion; before it, the one that was begun

	Attempts   int
	Score      *int // the best one, in percent; nil where nothing was graded yet
	StartedAt  time.Time
	ActiveAt   time.Time   // of the last attempt, else StartedAt
	ChangedAt  time.Time   // when anything of the record last became another, who its learner is included
	Completion *Completion // nil while in progress
	Withdrawn  *Withdrawal // of the completion's certificate; nil while it holds
	Former     bool        // its learner has left; see [Erasure]
}

// Status says how far a record is and, once complete, how that was reached.
type Status string

// The statuses.
const (
	InProgress Status = "in_progress"
	Passed     Status = "passed"     // the score reached the pass mark
	Read       Status = "read"       // every card was read, and nothing is graded
	TestedOut  Status = "tested_out" // passed before the cards were read
	Waived     Status = "waived"     // by a manager, with a reason
)

// Completed, in a filter, chooses every status but InProgress. No record has it.
const Completed Status = "completed"

// Statuses returns all of them, in the order in which pages offer them.
func Statuses() []Status { return []Status{InProgress, Passed, Read, TestedOut, Waived} }

// Completion is how and when an edition of a module was first completed. It
// never changes: it is the snapshot that the certificate prints.
type Completion struct {
	Status      Status // never InProgress
	At          time.Time
	Version     int
	Score       *int          // percent, of the attempt that completed it; nil where nothing is graded
	Certificate CertificateID // empty for a waiver, which proves nothing
	Attempt     AttemptID     // the one that earned it; empty for a waiver, and where it was not kept
	Name        string        // the learner's, on that day
	Title       string        // the module's, on that day
	Institution string        // its name, on that day
	Credit      string        // the credit statement of its programme, on that day; empty where it carries none
	Reason      string        // of a waiver
}

// Status returns how far the record is.
func (r Record) Status() Status {
	if r.Completion == nil {
		return InProgress
	}
	return r.Completion.Status
}

// LearnerName returns what the learner is called: as at the last sign-in, or, of
// somebody who has left, as on the day of the completion. It may be empty.
func (r Record) LearnerName() string {
	if r.Name == "" && r.Completion != nil {
		return r.Completion.Name
	}
	return r.Name
}

// Attempt is one submission of a module's graded questions.
type Attempt struct {
	ID      AttemptID
	Record  RecordID
	Learner LearnerID
	Module  string
	Version int // the one that the page was made from
	Answers content.Answers
	Grade   content.Grade
	At      time.Time

	// Completion is what the attempt earns if the record has no completion yet;
	// nil if it does not reach the pass mark.
	Completion *Completion
}

// Parked is a set of answers that was sent without a living session. It is
// counted when its learner signs in again.
type Parked struct {
	ID      AttemptID
	Learner LearnerID
	Module  string
	Version int
	Answers content.Answers
	Quiz    bool      // from the page that shows the questions alone
	At      time.Time // when they were sent, which is when the attempt counts
}

// Known says whether s is one of the statuses.
func (s Status) Known() bool { return slices.Contains(Statuses(), s) }
