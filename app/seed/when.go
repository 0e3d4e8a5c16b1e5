package seed

import (
	"math/rand/v2"
	"time"

	"first5/app"
	"first5/app/archive"
)

const (
	day = 24 * time.Hour

	// years is the time over which records are spread.
	years = 2 * 365 * day

	// longest is how long somebody is busy with a record, at most.
	longest = 8 * day

	// training is how long somebody goes on to begin modules.
	training = 26 * 7 * day

	// kept is how long the institution waits for somebody before it takes them to
	// have left.
	kept = 365 * day
)

// joined draws when somebody begins: half of the people came as more and more
// heard of the training, the others at any time.
func (c Crowd) joined(chance *rand.Rand) time.Time {
	span := years - longest
	from := c.Until.Add(-years)
	if chance.IntN(2) == 0 {
		some := time.Duration(chance.Int64N(int64(span / 2)))
		from, span = from.Add(some), span-some
	}
	return onAWorkingDay(chance, from, span)
}

// onAWorkingDay draws a time of a span: seldom at a weekend, in a summer month or
// when the year ends.
func onAWorkingDay(chance *rand.Rand, from time.Time, span time.Duration) time.Time {
	for {
		at := from.Add(time.Duration(chance.Int64N(int64(span)))).UTC().Truncate(time.Millisecond)
		if chance.IntN(10) >= quiet(at) {
			return at
		}
	}
}

// quiet returns of how many in ten working days' work there is none on a day.
func quiet(at time.Time) int {
	_, week := at.ISOWeek()
	switch {
	case at.Weekday() == time.Saturday, at.Weekday() == time.Sunday, week >= 52, week == 1:
		return 8
	case at.Month() == time.July, at.Month() == time.August:
		return 5
	}
	return 0
}

// leave erases a person who has been away for long, as their institution does: of
// them stay the records, and their name in those that are complete.
func (c Crowd) leave(chance *rand.Rand, p *archive.Person, records []archive.Item) {
	at := p.SignedInAt.Add(kept + time.Duration(chance.Int64N(int64(day)))).Truncate(time.Millisecond)
	if at.After(c.Until) {
		return
	}
	p.Issuer, p.Subject, p.Name, p.Email, p.NPI = "", "", "", "", ""
	p.ErasedAt = at
	erasure := app.Erasure{Learner: p.Learner, At: at}
	for _, i := range records {
		r := i.Record
		r.Former, r.ChangedAt = true, at
		if c := r.Completion; c != nil {
			r.ForgetAt = erasure.ForgetAt(app.Completion{At: c.At})
		}
		for n := range r.Attempts {
			r.Attempts[n].Answers = []archive.Answer{}
		}
	}
}
