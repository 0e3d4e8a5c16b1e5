package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// A learner's page may be answered by a program that read the learner before
// they signed in again under another name.
func TestARecordThatIsBegunUnderAnOldNameShowsTheNewOne(t *testing.T) {
	for name, begins := range map[string]func(w ward, r app.Record) app.Record{
		"by opening the module": func(w ward, r app.Record) app.Record { return w.begin(r) },
		"by an attempt":         func(w ward, r app.Record) app.Record { return w.save(r, attemptNumber(r, 1)) },
	} {
		t.Run(name, func(t *testing.T) {
			w := newWard(t)
			late := recordAt(w.learner, "names-first")
			w.learner.Name, w.learner.Email, w.learner.NPI = "Dr. Cho", "", "0987654321"
			w.signIn(w.learner)

			got := begins(w, late)
			assert.Equal(t, "Dr. Cho", got.Name)
			assert.Empty(t, got.Email)
			assert.Equal(t, "0987654321", got.NPI)
			is, err := w.Record(t.Context(), late.ID)
			require.NoError(t, err)
			assert.Equal(t, got, is)
			found, err := w.Records(t.Context(), late.Institution, app.Filter{Query: "CHO"}, app.Order{}, app.Cursor{}, 10)
			require.NoError(t, err)
			assert.Equal(t, []app.Record{got}, found)
		})
	}
}

func TestARecordWhoseNameWasNotComparedIsMendedByWhateverComesNext(t *testing.T) {
	for name, mend := range map[string]func(w ward, r app.Record){
		"it is opened again":  func(w ward, r app.Record) { w.begin(r) },
		"an attempt comes in": func(w ward, r app.Record) { w.save(r, attemptNumber(r, 1)) },
		"its learner signs in": func(w ward, r app.Record) {
			w.signIn(w.learner)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWard(t)
			r := recordAt(w.learner, "names-first")
			r.Name = "Somebody who was renamed"
			_, err := w.beginRecord(t.Context(), r) // and then the program died
			require.NoError(t, err)
			mend(w, r)
			is, err := w.Record(t.Context(), r.ID)
			require.NoError(t, err)
			assert.Equal(t, w.learner.Name, is.Name)
		})
	}
}

func TestARecordOfNobodyWhoSignedInKeepsTheNameThatItWasBegunUnder(t *testing.T) {
	w := newWard(t)
	stranger := learnerNumber(1)
	want := w.begin(recordAt(stranger, "names-first"))
	assert.Equal(t, stranger.Name, want.Name)
	w.signIn(stranger)
	want.ChangedAt = stranger.SignedInAt
	assert.Equal(t, want, w.begin(recordAt(stranger, "names-first")))
	assert.NotEqual(t, notCompared, w.whole(want.ID).Called.Named)
}

func TestComparingNamesLateTakesNoNewerNameBack(t *testing.T) {
	w := newWard(t)
	r := w.begin(recordAt(w.learner, "names-first"))
	begun := w.whole(r.ID)
	_, err := w.db.Collection(records).UpdateOne(t.Context(), bson.D{{Key: "_id", Value: r.ID}},
		bson.D{{Key: "$set", Value: bson.D{{Key: "name", Value: "Dr. Newer"}, {Key: "named", Value: 99}}}})
	require.NoError(t, err)
	begun.Called.Named = notCompared // as it was read before that
	require.NoError(t, w.compareNames(t.Context(), &begun, begun.Changed))
	assert.Equal(t, "Dr. Newer", begun.Called.Name)
	assert.Equal(t, "Dr. Newer", w.whole(r.ID).Called.Name)
}

// Somebody changes jobs, and keeps their account at the provider that both
// institutions share.
func TestWhoeverMovesIsAFormerLearnerOfTheInstitutionThatTheyLeft(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 0))
	there, err := d.store.Begin(t.Context(), recordAt(p, "names-first"))
	require.NoError(t, err)
	p.Institution, p.SignedInAt = "prairie", after(10)
	d.signIn(p, browser(p, "desk", 10))
	here, err := d.store.Begin(t.Context(), recordAt(p, "open-questions"))
	require.NoError(t, err)
	there.Former, there.ChangedAt = true, after(10)
	assert.Equal(t, there, d.recordOf(there.ID))
	assert.False(t, here.Former)
	_, err = d.store.SaveAttempt(t.Context(), there, attemptNumber(there, 3))
	require.NoError(t, err)
	a, err := d.store.Attempt(t.Context(), p.Learner, attemptNumber(there, 3).ID)
	require.NoError(t, err)
	assert.NotEmpty(t, a.Answers, "who was not erased keeps theirs")
	there = d.recordOf(there.ID)

	for institution, want := range map[app.InstitutionID]bool{"mercy-lakes": true, "prairie": false} {
		counts, err := d.store.Counts(t.Context(), institution)
		require.NoError(t, err)
		require.Len(t, counts.Records, 1)
		assert.Equal(t, want, counts.Records[0].Former, "%s", institution)
	}
	_, err = d.store.Complete(t.Context(), recordAt(p, "names-first"), waiver("of another institution"),
		happens(app.ModuleWaived, p.Learner, "waived"))
	assert.ErrorIs(t, err, app.ErrNotFound)
	assert.Equal(t, there, d.recordOf(there.ID))
	assert.NotContains(t, d.told(), "module_waived waived")

	p.Institution, p.SignedInAt = "mercy-lakes", after(20)
	d.signIn(p, browser(p, "desk", 20))
	assert.False(t, d.recordOf(there.ID).Former)
	here.Former, here.ChangedAt = true, after(20)
	assert.Equal(t, here, d.recordOf(here.ID))
}
