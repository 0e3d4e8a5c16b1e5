package mongostore

import (
	"context"
	"math/rand/v2"
	"time"
)

// longestPause is how long somebody waits at most who was overtaken again and
// again.
const longestPause = 60 * time.Millisecond

// pause waits a random time, longer at each round, so that those who try to
// change one document at once don't meet again. It returns an error if the
// context ends first.
func pause(ctx context.Context, round int) error {
	most := min(time.Duration(round)*2*time.Millisecond, longestPause)
	timer := time.NewTimer(rand.N(most + 1))
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return nil
	}
}
