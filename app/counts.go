package app

import "time"

// Counts is what an institution has, all counted at one moment.
type Counts struct {
	People  int // who have signed in and have not left
	Records []Tally
}

// Tally is how many of an institution's records are alike. There is none of 0.
type Tally struct {
	Program, Module, Edition string
	Status                   Status
	Week                     time.Time // of the completion, see [WeekOf]; zero while in progress
	Former                   bool      // their learners have left
	Records                  int
}

// WeekOf returns the beginning of the week of a time: its Monday, UTC.
func WeekOf(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	return day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
}
