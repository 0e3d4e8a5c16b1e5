package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// officeAt returns what managers keep in a revision.
func officeAt(revision int) app.Office {
	return app.Office{Institution: "mercy-lakes", Revision: revision,
		Assignments: []app.Assignment{{ID: "a", Maker: "rivera", MadeAt: after(1), People: []string{"x@mercy-lakes.example"}, Module: "names-first", By: "The board", Because: "We promised."}},
		Tokens:      []app.AccessToken{{ID: "t", Hash: "hash", Name: "Warehouse", Scopes: app.Scopes(), Maker: "rivera", MadeAt: after(1), ExpiresAt: after(9)}},
		Filters:     []app.SavedFilter{{Name: "All", Query: ""}},
	}
}

func (d desk) saveOffice(o app.Office, what string) error {
	return d.store.SaveOffice(d.Context(), o, happens(app.TokenMade, "", what))
}

func (d desk) office() app.Office {
	d.Helper()
	o, err := d.store.Office(d.Context(), "mercy-lakes")
	require.NoError(d, err)
	return o
}

func TestAnOfficeSavedOverABrokenLineIsSavedAndToldOnce(t *testing.T) {
	for name, revision := range map[string]int{"the first time": 1, "another time": 2} {
		t.Run(name, func(t *testing.T) {
			atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
				d := desk{t, s}
				for before := 1; before < revision; before++ {
					require.NoError(t, s.SaveOffice(t.Context(), officeAt(before)))
				}
				breaks()
				require.NoError(t, d.saveOffice(officeAt(revision), "once"), "a reply that was lost is no conflict")
				assert.Equal(t, officeAt(revision), d.office())
				assert.Equal(t, []string{"token_made once"}, d.told())
				d.nothingUntold()
			})
		})
	}
}

func TestOfTwoManagersWhoSaveTheSameTheSecondIsAConflict(t *testing.T) {
	d := atDesk(t)
	require.NoError(t, d.saveOffice(officeAt(1), "first"))
	assert.ErrorIs(t, d.saveOffice(officeAt(1), "second"), app.ErrConflict, "though it is the same to the letter")
	assert.ErrorIs(t, d.saveOffice(officeAt(3), "third"), app.ErrConflict)
	assert.Equal(t, []string{"token_made first"}, d.told())
}

func TestWhatAnOfficeStillHasToTellIsNotLostWithTheNextRevision(t *testing.T) {
	d := atDesk(t)
	doc := newOfficeDoc(officeAt(1))
	doc.Told = newEventDocs([]app.Event{happens(app.AssignmentMade, "", "and then the program died")})
	d.put(offices, doc)
	require.NoError(t, d.saveOffice(officeAt(2), "next"))
	assert.ElementsMatch(t, []string{"assignment_made and then the program died", "token_made next"}, d.told())
	d.nothingUntold()
}

func TestSavingAnOfficeIsOneWrite(t *testing.T) {
	w := newWard(t)
	save := func(revision int) map[string]int {
		return w.sent.during(func() { require.NoError(t, w.SaveOffice(t.Context(), officeAt(revision))) })
	}
	assert.Equal(t, map[string]int{"insert": 1}, save(1))
	assert.Equal(t, map[string]int{"update": 1}, save(2))
	for revision := 3; revision < 2*changesKept; revision++ {
		save(revision)
	}
	got, err := w.findOffice(t.Context(), "mercy-lakes", bson.D{{Key: "told", Value: 0}})
	require.NoError(t, err)
	assert.Len(t, got.Done, changesKept, "documents can't grow for ever")
}
