package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// waiver returns a completion that nobody has earned.
func waiver(reason string) app.Completion {
	return app.Completion{Status: app.Waived, At: after(3), Version: 1, Name: "Dr. rivera", Title: "Names first",
		Institution: "Mercy Lakes", Reason: reason}
}

// waive waives the record, with an event of its own.
func (d desk) waive(r app.Record, reason string) (app.Record, error) {
	r.ChangedAt = after(3)
	return d.store.Complete(d.Context(), r, waiver(reason), happens(app.ModuleWaived, r.Learner, reason))
}

func TestAWaiverOverABrokenLineIsGivenAndToldOnce(t *testing.T) {
	for name, begun := range map[string]bool{"of a module that was begun": true, "of one that was not": false} {
		t.Run(name, func(t *testing.T) {
			atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
				d := desk{t, s}
				r := recordAt(known("rivera"), "names-first")
				if begun {
					_, err := s.Begin(t.Context(), r)
					require.NoError(t, err)
				}
				breaks()
				got, err := d.waive(r, "teaches it")
				require.NoError(t, err, "a reply that was lost is no conflict")
				want := waiver("teaches it")
				assert.Equal(t, &want, got.Completion)
				assert.Equal(t, got, d.recordOf(r.ID))
				assert.Equal(t, []string{"module_waived teaches it"}, d.told())
				d.nothingUntold()
			})
		})
	}
}

// The learner passes after the manager's page has looked, and before the waiver
// is written.
func TestWhoeverPassesMeanwhileNeedsNoWaiver(t *testing.T) {
	for name, begun := range map[string]bool{"that was begun": true, "that was not begun": false} {
		t.Run(name, func(t *testing.T) {
			w := newWard(t)
			d := desk{t, w.Store}
			r := recordAt(w.learner, "names-first")
			if begun {
				w.begin(r)
			}
			look := deciding{store: w.Store, id: "call", told: []eventDoc{}}
			looks := 0
			_, err := look.decide(t.Context(), r.ID, func(is recordDoc) (*recordDoc, bson.D, error) {
				looks++
				if looks > 1 {
					assert.Equal(t, app.Passed, is.Status)
					return nil, nil, app.ErrConflict
				}
				w.save(r, earned(attemptNumber(r, 3)))
				if is.ID == "" {
					begun := newRecordDoc(r)
					return &begun, nil, nil
				}
				return nil, bson.D{{Key: "$set", Value: bson.D{{Key: "status", Value: app.Waived}}}}, nil
			})
			assert.ErrorIs(t, err, app.ErrConflict)
			assert.Equal(t, app.Passed, d.recordOf(r.ID).Status())
			_, err = d.waive(r, "too late")
			assert.ErrorIs(t, err, app.ErrConflict)
			assert.Empty(t, d.told())
		})
	}
}

// A learner whose provider tells no name completes a module under the one that
// they had on that day.
func TestANamelessLearnerIsOrderedAndNotFoundByTheNameOfTheirCompletion(t *testing.T) {
	w := newWard(t)
	w.learner.Name = ""
	w.signIn(w.learner)
	r := w.begin(recordAt(w.learner, "names-first"))
	w.save(r, earned(attemptNumber(r, 3)))
	assert.Equal(t, "the learner", w.whole(r.ID).Keys.Name)
	found, err := w.CountRecords(t.Context(), r.Institution, app.Filter{Query: "THE LEARNER"})
	require.NoError(t, err)
	assert.Zero(t, found, "only of who has left a search looks in it")
	w.learner.Email = "new@mercy-lakes.example"
	w.signIn(w.learner)
	assert.Equal(t, w.whole(r.ID).keyed(), w.whole(r.ID).Keys, "whatever else of them changes")
}
