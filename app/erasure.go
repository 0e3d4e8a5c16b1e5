package app

import "time"

// attendanceYears is for how long accreditation asks who has attended what.
const attendanceYears = 6

// Erasure takes away who somebody was. What stays is what accreditation asks for:
// that somebody did what their records say, and for six years after a completion
// their name on that day. The learner id stays too. It is a pseudonym: whoever knows
// the issuer and guesses the subject can find it again.
type Erasure struct {
	Learner LearnerID
	At      time.Time

	SignedInBefore time.Time // only if they last signed in before it; zero: whenever they did
}

// ForgetAt returns when the name in a completion is to be forgotten too. It may
// be past at the erasure, and the name is forgotten then at once.
func (e Erasure) ForgetAt(c Completion) time.Time { return c.At.AddDate(attendanceYears, 0, 0) }
