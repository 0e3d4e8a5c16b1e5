package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver"
	"go.mongodb.org/mongo-driver/v2/x/mongo/driver/topology"

	"first5/app"
)

// do runs one step of the store. A step whose connection is lost is run once
// more, so every step can be repeated without harm; what is still not done then
// is for the caller to send again.
func (s *Store) do(ctx context.Context, doing string, step func(ctx context.Context) error) error {
	err := s.begin(doing)
	if err != nil {
		return err
	}
	defer s.end()
	err = ctx.Err()
	if err != nil {
		return failed(doing, err)
	}
	err = givenUp(ctx, step(ctx))
	if isLost(err) && ctx.Err() == nil {
		err = givenUp(ctx, step(ctx))
	}
	return failed(doing, err)
}

// errGivenUp says that the driver has given up a connection.
var errGivenUp = errors.New("the connection was given up")

// givenUp tells what the driver has cancelled from what the caller has: when one
// connection breaks it cancels whatever is about to open another, and says so in
// the words of a caller who went away.
func givenUp(ctx context.Context, err error) error {
	if errors.Is(err, context.Canceled) && ctx.Err() == nil {
		return fmt.Errorf("%w: %v", errGivenUp, err)
	}
	return err
}

// failed returns err with what was being done, and as one of the kinds of
// error that package app knows where it is one. It returns nil for nil.
func failed(doing string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mongo.ErrNoDocuments):
		return fmt.Errorf("%s: %w", doing, app.ErrNotFound)
	case isAway(err):
		return fmt.Errorf("%s: %w: %w", doing, app.ErrStoreAway, err)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// isLost says whether a connection broke, or the server that answered has ceased
// to be the primary: it is not known whether anything was done.
func isLost(err error) bool {
	if err == nil || mongo.IsTimeout(err) {
		return false
	}
	return isUnconnected(err) || hasLabel(err, "RetryableWriteError") || isNotPrimary(err)
}

// isUnconnected says whether a connection broke, this one or another one: the
// driver then gives up all that it has to the server.
func isUnconnected(err error) bool {
	var pool driver.RetryablePoolError
	return mongo.IsNetworkError(err) || errors.Is(err, errGivenUp) || errors.As(err, &pool) && pool.Retryable()
}

// isNotPrimary says whether a server answered that is not the primary, or is
// about to cease to be, by the codes of MongoDB's manual.
func isNotPrimary(err error) bool {
	var e mongo.ServerError
	return errors.As(err, &e) && slices.ContainsFunc([]int{
		91,    // ShutdownInProgress
		189,   // PrimarySteppedDown
		10107, // NotWritablePrimary
		11600, // InterruptedAtShutdown
		11602, // InterruptedDueToReplStateChange
		13435, // NotPrimaryNoSecondaryOk
		13436, // NotPrimaryOrSecondary
	}, e.HasErrorCode)
}

// isAway says whether the database did not answer, or could not do now what it
// may do later.
func isAway(err error) bool {
	if errors.Is(err, context.Canceled) {
		return false // by the caller
	}
	return mongo.IsTimeout(err) || isUnconnected(err) || isPassing(err) || hasLabel(err, "RetryableWriteError") ||
		isNotPrimary(err) || isUnacknowledged(err) || errors.As(err, &topology.ServerSelectionError{})
}

func hasLabel(err error, label string) bool {
	var labeled mongo.LabeledError
	return errors.As(err, &labeled) && labeled.HasErrorLabel(label)
}

// isUnacknowledged says whether the server did something that a majority has
// not confirmed: it may yet be taken back.
func isUnacknowledged(err error) bool {
	var we mongo.WriteException
	if errors.As(err, &we) && we.WriteConcernError != nil {
		return true
	}
	var bwe mongo.BulkWriteException
	return errors.As(err, &bwe) && bwe.WriteConcernError != nil
}

// isThere says whether something was not inserted since it is there already, and
// nothing else is wrong: a majority may not have confirmed what is there.
func isThere(err error) bool { return mongo.IsDuplicateKeyError(err) && !isUnacknowledged(err) }

// untilSeen runs a read until it finds what a write has just met: another one's,
// which is seen only when a majority has it, or not at all if that never comes
// to be.
func untilSeen(ctx context.Context, read func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for round := 1; ; round++ {
		err := read(ctx)
		if !errors.Is(err, mongo.ErrNoDocuments) {
			return err
		}
		err = pause(ctx, round)
		if err != nil {
			return fmt.Errorf("%w: what another has begun to write is not confirmed: %w", app.ErrStoreAway, err)
		}
	}
}

// isPassing says whether the server says that it can't now, by the codes after
// which the driver tries again or resumes, and those of queries that were ended
// from outside.
func isPassing(err error) bool {
	var e mongo.ServerError
	return errors.As(err, &e) && slices.ContainsFunc(passingFaults(), e.HasErrorCode)
}

func passingFaults() []int {
	return []int{
		6,     // HostUnreachable
		7,     // HostNotFound
		43,    // CursorNotFound
		63,    // StaleShardVersion
		89,    // NetworkTimeout
		91,    // ShutdownInProgress
		133,   // FailedToSatisfyReadPreference
		134,   // ReadConcernMajorityNotAvailableYet
		150,   // StaleEpoch
		175,   // QueryPlanKilled
		189,   // PrimarySteppedDown
		202,   // NetworkInterfaceExceededTimeLimit
		206,   // NoSuchSession
		234,   // RetryChangeStream
		237,   // CursorKilled
		262,   // ExceededTimeLimit
		9001,  // SocketException
		10107, // NotWritablePrimary
		11600, // InterruptedAtShutdown
		11601, // Interrupted
		11602, // InterruptedDueToReplStateChange
		13388, // StaleConfig
		13435, // NotPrimaryNoSecondaryOk
		13436, // NotPrimaryOrSecondary
	}
}
