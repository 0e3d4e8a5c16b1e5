package signin

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
)

const (
	keysFresh  = time.Hour   // after that, keys are fetched anew before they count
	keysBurst  = 6           // fetches of a provider's keys, good or not,
	keysPeriod = time.Minute // in any such time
)

// keyring holds a provider's public keys. They are asked for again when a token
// fits none of them, so that keys rotate without a restart, and when they are
// old, so that one that the provider has withdrawn soon counts no more.
type keyring struct {
	fetches *meter // tokens for a sign-out come from anybody, and each may name a key that was never seen
	asking  singleflight.Group

	mu     sync.Mutex
	known  *keySet // nil before the first
	failed error   // of the last fetch; nil if it was good
}

func newKeyring() *keyring { return &keyring{fetches: newMeter(keysBurst, keysPeriod)} }

// latest returns the keys at an address, or nil if none are known that count,
// and why the last fetch failed.
func (r *keyring) latest(address string, now time.Time) (*keySet, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.known == nil || r.known.address != address || now.Sub(r.known.at) > keysFresh {
		return nil, r.failed
	}
	return r.known, r.failed
}

// remember keeps the outcome of a fetch. A failed one leaves what is known.
func (r *keyring) remember(found *keySet, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = err
	if err == nil {
		r.known = found
	}
}

// newerKeys asks the provider for its keys, once for all who wait, unless others
// than those seen are known already. It waits no longer than ctx.
func (c *client) newerKeys(ctx context.Context, address string, seen *keySet) (*keySet, error) {
	known, _ := c.keys.latest(address, c.now())
	if known != nil && known != seen {
		return known, nil
	}
	select {
	case r := <-c.keys.asking.DoChan(address, func() (any, error) { return c.askForKeys(address) }):
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*keySet), nil
	case <-ctx.Done():
		return nil, uncalled(fmt.Errorf("asking for the provider's keys: %w", ctx.Err()))
	}
}

// askForKeys fetches the keys, or gives the last outcome again if that was done
// too often. Whoever asked first may leave while others wait, so the question is
// bound to no one's context.
func (c *client) askForKeys(address string) (*keySet, error) {
	now := c.now()
	if !c.keys.fetches.allows(now) {
		known, err := c.keys.latest(address, now)
		if err == nil && known == nil {
			err = unavailable(ReasonBadAnswer, errors.New("the provider moved its keys too often"))
		}
		return known, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), c.deadline)
	defer cancel()
	found, err := c.fetchKeys(ctx, address)
	if err == nil {
		found.at = now
	}
	c.keys.remember(found, err)
	return found, err
}

func (c *client) fetchKeys(ctx context.Context, address string) (*keySet, error) {
	a, err := c.get(ctx, address, "")
	if err != nil {
		// As a call that failed, also where the answer began and broke off.
		return nil, uncalled(&url.Error{Op: "asking for the provider's keys at", URL: address, Err: err})
	}
	all, err := readKeys(a.body)
	if err != nil {
		return nil, unavailable(ReasonBadAnswer, fmt.Errorf("reading the provider's keys: %w", err))
	}
	return &keySet{address: address, all: all}, nil
}
