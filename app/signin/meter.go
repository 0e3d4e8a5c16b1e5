package signin

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"
)

const (
	signOutsAtOnce = 4           // checks of sign-out tokens of one institution
	signOutsBurst  = 60          // sign-out tokens of one institution
	signOutsPeriod = time.Second // in any such time
)

// meter allows something at most so many times in any period.
type meter struct {
	most   int
	period time.Duration

	mu    sync.Mutex
	times []time.Time // when it was allowed in the last period
}

func newMeter(most int, period time.Duration) *meter { return &meter{most: most, period: period} }

// allows counts one more time, unless that would be too many.
func (m *meter) allows(now time.Time) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.times = slices.DeleteFunc(m.times, func(t time.Time) bool { return now.Sub(t) >= m.period })
	if len(m.times) >= m.most {
		return false
	}
	m.times = append(m.times, now)
	return true
}

// signOutChecks limits what sign-out tokens may cost: anybody can send them, and
// each takes the time of a signature's check.
type signOutChecks struct {
	tokens *meter
	places chan struct{}
}

func newSignOutChecks() *signOutChecks {
	return &signOutChecks{tokens: newMeter(signOutsBurst, signOutsPeriod), places: make(chan struct{}, signOutsAtOnce)}
}

// admit counts a token. The error is a [Failure] of ErrRejected.
func (s *signOutChecks) admit(now time.Time) error {
	if s.tokens.allows(now) {
		return nil
	}
	return rejected(ReasonTooMany, nil)
}

// begin waits for a place to check a signature in, no longer than ctx, and
// returns what gives it back. A nil receiver has places for all. A check takes
// about a millisecond, so that many honest tokens at once are only in line.
func (s *signOutChecks) begin(ctx context.Context) (func(), error) {
	if s == nil {
		return func() {}, nil
	}
	select {
	case s.places <- struct{}{}:
		return func() { <-s.places }, nil
	case <-ctx.Done():
		return nil, rejected(ReasonTooMany, errors.New("no check of a signature ended in time"))
	}
}
