package mongostore

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"first5/app"
)

func TestAnErrorSaysWhetherWaitingHelps(t *testing.T) {
	for name, c := range map[string]struct {
		err        error
		lost, away bool
	}{
		"a connection that broke":              {mongo.CommandError{Labels: []string{"NetworkError"}}, true, true},
		"connections that were all given up":   {poolCleared{}, true, true},
		"a primary that stepped down":          {mongo.CommandError{Code: 189}, true, true},
		"a server that is no primary":          {mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 10107}}}, true, true},
		"a router that finds no primary":       {mongo.CommandError{Code: 133}, false, true},
		"a majority that can't be read yet":    {mongo.CommandError{Code: 134}, false, true},
		"a write that the driver may repeat":   {mongo.CommandError{Labels: []string{"RetryableWriteError"}}, true, true},
		"a majority that has not confirmed":    {mongo.WriteException{WriteConcernError: &mongo.WriteConcernError{Code: 64}}, false, true},
		"a time that is over":                  {context.DeadlineExceeded, false, true},
		"no server at all":                     {topology.ServerSelectionError{Wrapped: errors.New("refused")}, false, true},
		"a caller who went away":               {context.Canceled, false, false},
		"a command that the server can't read": {mongo.CommandError{Code: 9, Name: "FailedToParse"}, false, false},
		"a document that is there already":     {mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000}}}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.lost, isLost(c.err))
			assert.Equal(t, c.away, errors.Is(failed("testing", c.err), app.ErrStoreAway))
			assert.ErrorContains(t, failed("testing", c.err), "testing: ")
		})
	}
}

// poolCleared is what the driver says when it has given up its connections.
type poolCleared struct{}

func (poolCleared) Error() string   { return "connection pool was cleared" }
func (poolCleared) Retryable() bool { return true }

func TestWhatTheDriverCancelsIsNoCallerWhoWentAway(t *testing.T) {
	canceled := fmt.Errorf("incomplete read: %w", context.Canceled)
	ctx, cancel := context.WithCancel(t.Context())
	err := givenUp(ctx, canceled)
	assert.True(t, isLost(err))
	assert.ErrorIs(t, failed("testing", err), app.ErrStoreAway)
	assert.NotErrorIs(t, err, context.Canceled)
	cancel()
	assert.Equal(t, canceled, givenUp(ctx, canceled))
	assert.NoError(t, givenUp(ctx, nil))
}

func TestWhatIsThereIsNoFaultUnlessAMajorityHasNotConfirmedIt(t *testing.T) {
	there := mongo.WriteException{WriteErrors: mongo.WriteErrors{{Code: 11000}}}
	assert.True(t, isThere(there))
	there.WriteConcernError = &mongo.WriteConcernError{Code: 64}
	assert.False(t, isThere(there))
	assert.False(t, isThere(nil))
}

func TestWhatIsNotThereIsNoFault(t *testing.T) {
	assert.NoError(t, failed("testing", nil))
	assert.ErrorIs(t, failed("testing", mongo.ErrNoDocuments), app.ErrNotFound)
}
