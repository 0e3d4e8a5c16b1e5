package site_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"

	"first5/app"
)

// pinged is a store that answers as it is told.
type pinged struct {
	app.Store
	err error
}

func (p *pinged) Ping(context.Context) error { return p.err }

// lacking is an error of a store that an operator must mend, as stores make it.
type lacking string

func (l lacking) Error() string { return string(l) }

func (l lacking) Unwrap() []error { return []error{errors.New("something missing"), app.ErrIncomplete} }

func TestWhoSendsPeopleHereIsToldWhyNotTo(t *testing.T) {
	const missing = `the index records.by_sent is missing: run "first5 indexes"`
	for name, c := range map[string]struct {
		err    error
		status int
		says   string
	}{
		"well":                {nil, 200, "ready\n"},
		"away":                {fmt.Errorf("asking db.internal:27017 as root: %w", app.ErrStoreAway), 503, "the database does not answer\n"},
		"fault":               {errors.New("db.internal: not authorised as root"), 503, "the database does not answer\n"},
		"missing index":       {lacking(missing), 503, missing + "\n"},
		"missing, in between": {fmt.Errorf("asking db.internal: %w", lacking(missing)), 503, missing + "\n"},
		"missing, in words":   {fmt.Errorf("asking: %w", fmt.Errorf("the index\nx is missing: %w", app.ErrIncomplete)), 503, "the index x is missing: incomplete\n"},
		"missing and away":    {fmt.Errorf("db.internal: %w: %w", app.ErrStoreAway, lacking(missing)), 503, "the database does not answer\n"},
	} {
		t.Run(name, func(t *testing.T) {
			store := &pinged{}
			h := newHouseOn(t, func(s app.Store) app.Store {
				store.Store = s
				return store
			})
			store.err = c.err
			p := h.browser().get("/readyz")
			assert.Equal(t, c.status, p.status)
			assert.Equal(t, c.says, string(p.body))
			if c.status == 503 {
				assert.Equal(t, "10", p.header.Get("Retry-After"))
				assert.Contains(t, h.log.String(), `"msg":"not ready"`)
			}
		})
	}
}
