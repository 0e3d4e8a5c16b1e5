package signin

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

const (
	discoveryFresh = time.Hour      // after that, the next use asks again in the background
	discoveryStale = 24 * time.Hour // after that, it is used no more
	discoveryRetry = time.Minute    // between two background refreshes
)

// discovered is a provider as it was found to be at a time. It does not change.
type discovered struct {
	metadata
	at time.Time
}

// discover returns what the provider says of itself. Only where nothing usable
// is known does it wait for the provider, and then no longer than ctx.
func (c *client) discover(ctx context.Context) (*discovered, error) {
	now := c.now()
	c.mu.Lock()
	known, tried := c.known, c.tried
	c.mu.Unlock()
	if known == nil || now.Sub(known.at) > discoveryStale {
		return c.waitForDiscovery(ctx)
	}
	if now.Sub(known.at) > discoveryFresh && now.Sub(tried) > discoveryRetry {
		c.asking.DoChan("", c.ask) // nobody waits for it, and it ends by its own deadline
	}
	return known, nil
}

// waitForDiscovery asks the provider once for all who wait. Whoever asked first
// may leave while others wait, so the question is bound to no one's context.
func (c *client) waitForDiscovery(ctx context.Context) (*discovered, error) {
	select {
	case r := <-c.asking.DoChan("", c.ask):
		if r.Err != nil {
			return nil, r.Err
		}
		return r.Val.(*discovered), nil
	case <-ctx.Done():
		return nil, uncalled(fmt.Errorf("discovery at %s: %w", c.Issuer, ctx.Err()))
	}
}

// ask asks the provider and remembers a good answer; a bad one changes nothing
// but when it is asked again.
func (c *client) ask() (any, error) {
	ctx, cancel := context.WithTimeout(context.Background(), c.deadline)
	defer cancel()
	now := c.now()
	c.mu.Lock()
	c.tried = now
	former := c.known
	c.mu.Unlock()
	if former != nil && now.Sub(former.at) <= discoveryFresh {
		return former, nil // another's question was answered while this one was on its way
	}
	m, _, err := c.fetchMetadata(ctx)
	if err == nil {
		err = c.checkMetadata(m)
	}
	if err != nil {
		return nil, uncalled(fmt.Errorf("discovery at %s: %w", c.Issuer, err))
	}
	found := &discovered{metadata: m, at: now}
	c.mu.Lock()
	c.known = found
	c.mu.Unlock()
	return found, nil
}

// fetchMetadata reads the discovery document, without judging what it says.
func (c *client) fetchMetadata(ctx context.Context) (metadata, answer, error) {
	a, err := c.get(ctx, strings.TrimSuffix(c.Issuer, "/")+"/.well-known/openid-configuration", "")
	if err != nil {
		return metadata{}, a, err
	}
	var m metadata
	err = json.Unmarshal(a.body, &m)
	if err != nil {
		return metadata{}, a, unavailable(ReasonBadAnswer, fmt.Errorf("reading the discovery document of %s: %w", c.Issuer, err))
	}
	return m, a, nil
}
