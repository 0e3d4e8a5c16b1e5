package app

import "time"

// Filter chooses records of one institution. Its zero values choose all.
type Filter struct {
	Dates    FilterDates
	From, To time.Time // From <= the time that Dates names < To

	Program string
	Module  string
	Edition string
	Status  Status // or Completed

	// ScoreFrom <= the best score < ScoreBelow, in percent; 0 is no bound. Where a
	// bound is set, records without a score are not chosen.
	ScoreFrom, ScoreBelow int

	Query   string // part of the learner's name, e-mail address or subject, without regard to case
	Learner LearnerID
	Present bool // only of people who have not left

	ChangedBefore time.Time // ChangedAt < ChangedBefore
}

// FilterDates says which of a record's times a filter's dates are about.
type FilterDates string

// The times.
const (
	ByActivity   FilterDates = ""          // the last activity
	ByCompletion FilterDates = "completed" // the completion: records in progress are not chosen, also without dates
)

// Order is the order of a listing of records. The zero Order has the last active
// first. Where the keys of two records are equal, their ids decide, in the same
// direction.
type Order struct {
	By OrderKey
	Up bool // the smallest key first
}

// OrderKey is what a listing is ordered by.
type OrderKey string

// The keys. A record that has none counts as smaller than all that have one.
const (
	OrderActivity   OrderKey = ""          // ActiveAt
	OrderCompletion OrderKey = "completed" // of the completion, its time
	OrderName       OrderKey = "name"      // NameKey of what the learner is called, or of the subject
	OrderScore      OrderKey = "score"
	OrderChange     OrderKey = "changed" // ChangedAt
)

// OrderKeys returns those that a page offers.
func OrderKeys() []OrderKey {
	return []OrderKey{OrderActivity, OrderCompletion, OrderName, OrderScore}
}

// Cursor is a place in a listing of records, after one of them. Of At, Text and
// Number the order's key is set, and no other. The zero Cursor is the beginning.
type Cursor struct {
	At     time.Time
	Text   string
	Number int
	ID     RecordID
}

// After returns the cursor of the listing in that order after r.
func (o Order) After(r Record) Cursor {
	c := Cursor{ID: r.ID}
	switch o.By {
	case OrderActivity:
		c.At = r.ActiveAt
	case OrderCompletion:
		if r.Completion != nil {
			c.At = r.Completion.At
		}
	case OrderName:
		c.Text = r.NameKey()
	case OrderScore:
		c.Number = NoScore
		if r.Score != nil {
			c.Number = *r.Score
		}
	case OrderChange:
		c.At = r.ChangedAt
	}
	return c
}

// NoScore is the key of a record without a score.
const NoScore = -1

// NameKey returns what the record is ordered by among names.
func (r Record) NameKey() string { return NameKey(r.LearnerName(), r.Subject) }

// NameKey returns what somebody is ordered by among names: without regard to case
// and accents, and by their subject if they have no name.
func NameKey(name, subject string) string {
	if name == "" {
		name = subject
	}
	return searchable(name)
}
