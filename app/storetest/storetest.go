// Package storetest is the contract of [app.Store] as tests. Every store that
// First5 offers passes all of it.
package storetest

import (
	"testing"

	"first5/app"
)

// Run tests that a store keeps the contract. Each call of open returns a new
// store with nothing in it, which Run closes.
func Run(t *testing.T, open func(t *testing.T) app.Store) {
	subjects := map[string][]test{
		"Publications":  publications(),
		"Sign-in":       signIn(),
		"Sessions":      sessions(),
		"Once":          once(),
		"Told":          told(),
		"EndedOnce":     endedOnce(),
		"Events":        events(),
		"Trail":         trails(),
		"TrailDownload": trailDownloads(),
		"Records":       records(),
		"Completions":   completions(),
		"Withdrawals":   withdrawals(),
		"Workbooks":     workbooks(),
		"Attempts":      attempts(),
		"Persistent":    persistent(),
		"ParkedAnswers": parkedAnswers(),
		"Listing":       listings(),
		"Orders":        orders(),
		"Counts":        counts(),
		"Changes":       changes(),
		"People":        attendees(),
		"Waivers":       waivers(),
		"Erasures":      erasures(),
		"Offices":       offices(),
		"Search":        searches(),
		"Download":      downloads(),
		"Texts":         texts(),
		"Times":         times(),
		"Clocks":        clocks(),
		"AtOnce":        atOnce(),
		"Closing":       closing(),
	}
	for subject, tests := range subjects {
		t.Run(subject, func(t *testing.T) {
			for _, c := range tests {
				t.Run(c.name, func(t *testing.T) {
					store := open(t)
					t.Cleanup(func() {
						err := store.Close()
						if err != nil {
							t.Errorf("closing the store: %v", err)
						}
					})
					c.run(clinic{T: t, store: store})
				})
			}
		})
	}
}

// test is one thing that a store must do, in words.
type test struct {
	name string
	run  func(c clinic)
}
