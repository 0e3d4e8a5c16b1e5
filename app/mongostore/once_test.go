package mongostore

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// afterNow returns the time so long after this moment: how long a call has taken
// is measured by the program's own clock.
func afterNow(d time.Duration) time.Time { return time.Now().Add(d) }

func TestAKeyUsedOverABrokenLineIsUsedOnce(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		breaks()
		require.NoError(t, s.UseOnce(t.Context(), app.Once{Key: "state", Until: after(10)}))
		assert.ErrorIs(t, s.UseOnce(t.Context(), app.Once{Key: "state", Until: after(10)}), app.ErrConflict)
	})
}

// A provider says its word again after a call that died in the middle of the
// first. The second must not be told that all is done.
func TestAWordThatIsBeingUsedIsWaitedFor(t *testing.T) {
	d := atDesk(t)
	first := d.store.newUse(word(), false)
	require.NoError(t, first.use(t.Context()))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	_, err := d.store.EndSessions(ctx, app.SessionFilter{Learner: "nobody"}, word(), nil)
	assert.ErrorIs(t, err, app.ErrStoreAway, "it is not known yet whether it will be done")
	assert.NotErrorIs(t, err, app.ErrConflict)

	first.release(t.Context())
	_, err = d.store.EndSessions(t.Context(), app.SessionFilter{Learner: "nobody"}, word(), nil)
	assert.NoError(t, err, "it came to nothing, so another may")
	_, err = d.store.EndSessions(t.Context(), app.SessionFilter{Learner: "nobody"}, word(), nil)
	assert.ErrorIs(t, err, app.ErrConflict)
}

func TestAKeyThatServedForAnythingServesForNothingElse(t *testing.T) {
	d := atDesk(t)
	_, err := d.store.EndSessions(t.Context(), app.SessionFilter{Learner: "nobody"}, word(), nil)
	require.NoError(t, err)
	assert.ErrorIs(t, d.store.UseOnce(t.Context(), word()), app.ErrConflict)
	assert.Equal(t, 1, d.count(once, bson.D{{Key: "done", Value: true}}))
}
