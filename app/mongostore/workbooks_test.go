package mongostore

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// workbookAt returns what the person keeps of a module, in its first revision.
func workbookAt(p app.Person, module string) app.Workbook {
	return app.Workbook{
		Record: app.NewRecordID(p.Learner, module, "2026"), Learner: p.Learner, Module: module, Edition: "2026",
		Title: "Names first", Revision: 1, Card: "rivera", CardAt: at(1),
		Reflections: []app.Reflection{{ID: "when", Prompt: "When did you feel hurried?", Text: "This morning.", At: at(2)}},
		Commitments: []app.Commitment{{Text: "Sit down first", At: at(3), DoneAt: at(9)}, {Text: "Ask for the name", At: at(3)}},
	}
}

func (d desk) workbook(w app.Workbook) app.Workbook {
	d.Helper()
	got, err := d.store.Workbook(d.Context(), w.Learner, w.Record)
	require.NoError(d, err)
	return got
}

func TestAWorkbookSavedOverABrokenLineIsSavedOnce(t *testing.T) {
	for name, revision := range map[string]int{"the first time": 1, "another time": 2} {
		t.Run(name, func(t *testing.T) {
			atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
				d := desk{t, s}
				w := workbookAt(known("rivera"), "names-first")
				for ; w.Revision < revision; w.Revision++ {
					require.NoError(t, s.SaveWorkbook(t.Context(), w))
				}
				breaks()
				require.NoError(t, s.SaveWorkbook(t.Context(), w), "a reply that was lost is no conflict")
				assert.Equal(t, w, d.workbook(w))
			})
		})
	}
}

func TestAConflictOverABrokenLineStaysOne(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		want := workbookAt(known("rivera"), "names-first")
		require.NoError(t, s.SaveWorkbook(t.Context(), want))
		other := want
		other.Commitments = nil
		breaks()
		assert.ErrorIs(t, s.SaveWorkbook(t.Context(), other), app.ErrConflict)
		assert.Equal(t, want, d.workbook(want))
	})
}

// The learner's page was told that the database is away, though it had saved the
// workbook, and sends it again.
func TestAWorkbookThatIsThereIsSavedHoweverOftenItIsSent(t *testing.T) {
	d := atDesk(t)
	w := workbookAt(known("rivera"), "names-first")
	w.CardAt = time.Date(2026, 10, 1, 5, 0, 0, 1_999_999, time.FixedZone("Chicago", -5*60*60))
	w.Commitments[1].DoneAt = time.Time{}
	for w.Revision = 1; w.Revision < 4; w.Revision++ {
		for range 3 {
			require.NoError(t, d.store.SaveWorkbook(t.Context(), w))
			assert.Equal(t, w.Revision, d.workbook(w).Revision)
		}
	}
	bare := app.Workbook{Record: "another", Learner: w.Learner, Revision: 1}
	for range 2 {
		require.NoError(t, d.store.SaveWorkbook(t.Context(), bare))
	}
	assert.Equal(t, bare, d.workbook(bare))
	w.Revision = 2
	assert.ErrorIs(t, d.store.SaveWorkbook(t.Context(), w), app.ErrConflict, "but what it has become is not taken back")
}

func TestSavingAWorkbookIsOneWriteAndAsksWhetherItsLearnerWasErased(t *testing.T) {
	w := newWard(t)
	book := workbookAt(w.learner, "names-first")
	save := func() { require.NoError(t, w.SaveWorkbook(t.Context(), book)) }
	assert.Equal(t, map[string]int{"find": 1, "insert": 1}, w.sent.during(save))
	book.Revision = 2
	assert.Equal(t, map[string]int{"find": 1, "update": 1}, w.sent.during(save))
}

// Others save the workbook between the write that did not find the one before,
// and the look at what is there.
func TestWhoeverSavesAWorkbookInBetweenWins(t *testing.T) {
	w := newWard(t)
	book := workbookAt(w.learner, "names-first")
	require.NoError(t, w.SaveWorkbook(t.Context(), book))
	theirs, mine := book, book
	theirs.Revision, mine.Revision = 2, 3
	w.sent.meanwhile("find", "learner", func() { require.NoError(t, w.SaveWorkbook(t.Context(), theirs)) })
	require.NoError(t, w.SaveWorkbook(t.Context(), mine), "it follows the one that came in between")
	got, err := w.Workbook(t.Context(), book.Learner, book.Record)
	require.NoError(t, err)
	assert.Equal(t, mine, got)
}

func TestATimeThatThereIsNotStandsInNoWorkbook(t *testing.T) {
	d := atDesk(t)
	w := workbookAt(known("rivera"), "names-first")
	w.Card, w.CardAt = "", time.Time{}
	require.NoError(t, d.store.SaveWorkbook(t.Context(), w))
	absent := bson.D{{Key: "$exists", Value: false}}
	assert.Equal(t, 1, d.count(workbooks, bson.D{{Key: "card_at", Value: absent}, {Key: "commitments.1.done_at", Value: absent},
		{Key: "commitments.0.done_at", Value: at(9)}}))
}
