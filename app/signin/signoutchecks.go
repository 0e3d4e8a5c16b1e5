package signin

import (
	"context"
	"errors"
)

const signOutsAtOnce = 4 // checks of sign-out tokens of one institution

// signOutChecks are the places in which signatures of sign-out tokens are checked,
// so that those cost no more than so many at a time: anybody can send them. They
// are not counted: what is not checked yet may be honest, and a provider sends
// hundreds at once when a shift ends.
type signOutChecks chan struct{}

func newSignOutChecks() signOutChecks { return make(signOutChecks, signOutsAtOnce) }

// begin waits for a place to check a signature in, no longer than ctx, and
// returns what gives it back. A nil receiver has places for all. Who waits gets a
// place in the order in which they came, and a check takes about a millisecond,
// so that an honest token among many others is only in line.
func (s signOutChecks) begin(ctx context.Context) (func(), error) {
	if s == nil {
		return func() {}, nil
	}
	select {
	case s <- struct{}{}:
		return func() { <-s }, nil
	case <-ctx.Done():
		return nil, rejected(ReasonBusy, errors.New("no check of a signature ended in time"))
	}
}
