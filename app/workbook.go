package app

import (
	"errors"
	"time"

	"first5/content"
)

// Workbook is what a learner keeps of one edition of a module for themself: how
// far they have come in it, what they wrote, and what they mean to do. It is
// private: nothing that is made for an institution reads it.
type Workbook struct {
	Record   RecordID // that of the same learner, module and edition
	Learner  LearnerID
	Module   string
	Edition  string
	Title    string // the module's, when the workbook was last changed
	Revision int    // how often it was saved: 1, 2, 3, …

	Card   string    // the card that the learner is at; empty: the beginning
	CardAt time.Time // when they came there; zero with an empty Card
	Read   bool      // has been at a card behind which only questions come, or has answered from the page that holds all cards

	Reflections []Reflection // in the order in which they were first written
	Commitments []Commitment // at most MostCommitments
}

// Reflection is a learner's answer to one of a module's private questions.
type Reflection struct {
	ID     string // of the question, in its module
	Prompt string // the question, as it was then
	Text   string // never empty
	At     time.Time
}

// Commitment is something that a learner means to do.
type Commitment struct {
	Text   string
	At     time.Time // when it was chosen
	DoneAt time.Time // zero: not yet
}

const (
	// MostCommitments is how many things somebody may mean to do after a module.
	MostCommitments = 3
	// LongestCommitment is how long one in own words may be, in characters.
	LongestCommitment = 280
	// LongestReflection is how long an answer may be, in characters. What is kept
	// may be twice as long, where two devices wrote at once.
	LongestReflection = content.LongestAnswer
)

// Why a learner can't keep something, beside the kind of the error.
var (
	// ErrTooLong comes with [ErrInvalid].
	ErrTooLong = errors.New("too long")
	// ErrNotCompleted comes with [ErrConflict]: what somebody means to do is chosen
	// after a module.
	ErrNotCompleted = errors.New("not completed")
)

// CardToGoOnAt returns the card at which the learner has left the module, or
// nothing for its beginning. Where they sent their answers from is no place to go
// on at.
func (w Workbook) CardToGoOnAt(r *Record) string {
	if r == nil || w.CardAt.Before(r.ActiveAt) {
		return ""
	}
	return w.Card
}

// Withdrawal says that a certificate no longer proves anything.
type Withdrawal struct {
	At     time.Time
	Reason string // for the audit trail and the institution; the public is not told
}
