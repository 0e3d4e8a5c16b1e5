package signin

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// In whatever period one looks, there are no more than the most: also over the
// end of one and the beginning of the next.
func TestAMeterAllowsNoMoreInAnyPeriod(t *testing.T) {
	m := newMeter(3, time.Minute)
	begin := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	var allowed []time.Duration
	for at := time.Duration(0); at < 5*time.Minute; at += 7 * time.Second {
		if m.allows(begin.Add(at)) {
			allowed = append(allowed, at)
		}
	}
	require.Greater(t, len(allowed), 10)
	for i := 3; i < len(allowed); i++ {
		assert.GreaterOrEqual(t, allowed[i]-allowed[i-3], time.Minute)
	}
}
