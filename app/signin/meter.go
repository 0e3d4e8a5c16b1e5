package signin

import (
	"slices"
	"sync"
	"time"
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
