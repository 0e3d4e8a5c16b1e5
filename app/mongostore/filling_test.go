package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"first5/app"
)

// asBefore makes the documents of a collection those of a First5 that did not know
// some fields.
func (w ward) asBefore(collection string, fields ...string) {
	w.Helper()
	unset := bson.D{}
	for _, f := range fields {
		unset = append(unset, bson.E{Key: f, Value: ""})
	}
	_, err := w.db.Collection(collection).UpdateMany(w.Context(), bson.D{}, bson.D{{Key: "$unset", Value: unset}})
	require.NoError(w, err)
}

// before makes the database that of a First5 that knew no keys.
func (w ward) before() {
	w.Helper()
	w.asBefore(records, "changed_at", "name_key", "completed_key", "week", "score_key", "former")
	w.asBefore(people, "name_key", "email_key", "folded", "present")
	_, err := w.db.Collection(state).DeleteMany(w.Context(), bson.D{})
	require.NoError(w, err)
}

// steps creates what is missing and returns what was done.
func (w ward) steps() []string {
	w.Helper()
	var steps []string
	require.NoError(w, w.CreateIndexes(w.Context(), func(step string) { steps = append(steps, step) }))
	return steps
}

const filledIn = "filled in what 4 documents of an earlier First5 lacked"

func TestRecordsOfAnEarlierVersionAreFoundOnceTheirKeysAreFilledIn(t *testing.T) {
	w := newWard(t)
	passed := recordAt(w.learner, "names-first")
	w.save(passed, attemptNumber(passed, 2))
	w.save(passed, earned(attemptNumber(passed, 7)))
	w.begin(recordAt(w.learner, "open-questions"))
	other := learnerNumber(1)
	w.signIn(other)
	w.before()
	assert.Equal(t, []string{missingKeys}, missing(t, w.Store))

	assert.Contains(t, w.steps(), filledIn)
	assert.Empty(t, missing(t, w.Store))
	assert.NotContains(t, w.steps(), filledIn, "once is enough")
	found, err := w.Records(t.Context(), "mercy-lakes", app.Filter{Dates: app.ByCompletion, Present: true, ScoreFrom: 75}, app.Order{By: app.OrderName, Up: true}, app.Cursor{}, 10)
	require.NoError(t, err)
	require.Len(t, found, 1)
	assert.Equal(t, at(7), found[0].ChangedAt, "the latest of its times")
	rest, err := w.Records(t.Context(), "mercy-lakes", app.Filter{}, app.Order{By: app.OrderScore}, app.Order{By: app.OrderScore}.After(found[0]), 10)
	require.NoError(t, err)
	require.Len(t, rest, 1, "one without a score comes last")
	named, err := w.PeopleNamed(t.Context(), "mercy-lakes", []string{"LEARNER.1@mercy-lakes.example"})
	require.NoError(t, err)
	assert.Equal(t, []app.Person{other}, named)
	counts, err := w.Counts(t.Context(), "mercy-lakes")
	require.NoError(t, err)
	assert.Equal(t, 2, counts.People)
	assert.Len(t, counts.Records, 2)
}

// A program of the earlier version has a record completed after the keys were
// filled in.
func TestWhatAnEarlierVersionWroteBesideIsMendedTheNextTime(t *testing.T) {
	w := newWard(t)
	r := w.begin(recordAt(w.learner, "names-first"))
	c := newCompletionDoc(earned(attemptNumber(r, 9)).Completion)
	_, err := w.db.Collection(records).UpdateOne(t.Context(), idIs(r.ID), bson.D{{Key: "$set", Value: bson.D{
		{Key: "completion", Value: c}, {Key: "status", Value: c.Status}, {Key: "score", Value: 100}, {Key: "counted", Value: 1}}}})
	require.NoError(t, err)
	assert.Contains(t, w.steps(), "filled in what 1 documents of an earlier First5 lacked")
	n, err := w.CountRecords(t.Context(), "mercy-lakes", app.Filter{Dates: app.ByCompletion, From: at(9), ScoreFrom: 100})
	require.NoError(t, err)
	assert.Equal(t, 1, n)
	assert.Equal(t, at(9), w.whole(r.ID).Changed)
}

func TestARecordThatChangesWhileKeysAreFilledInKeepsItsOwn(t *testing.T) {
	w := newWard(t)
	r := w.begin(recordAt(w.learner, "names-first"))
	w.asBefore(records, "name_key", "score_key")
	old, err := findRecord(t.Context(), w.db, idIs(r.ID))
	require.NoError(t, err)
	change := old.fill()
	require.NotNil(t, change)
	w.save(r, earned(attemptNumber(r, 3)))
	want := w.whole(r.ID).Keys
	assert.Equal(t, w.whole(r.ID).keyed(), want, "an attempt fills them in, too")
	_, err = w.db.Collection(records).BulkWrite(t.Context(), []mongo.WriteModel{change})
	require.NoError(t, err)
	assert.Equal(t, want, w.whole(r.ID).Keys)
}

func TestAnIndexThatAnotherHasTakenThePlaceOfIsRemoved(t *testing.T) {
	w := newWard(t)
	_, err := w.db.Collection(records).Indexes().CreateOne(t.Context(),
		index{name: "by_activity", keys: bson.D{{Key: "institution", Value: 1}, {Key: "active_at", Value: -1}, {Key: "_id", Value: -1}, {Key: "program", Value: 1}}}.model())
	require.NoError(t, err)
	const removed = "removing the index records.by_activity, which others have taken the place of"
	assert.Contains(t, w.steps(), removed)
	assert.NotContains(t, w.steps(), removed)
}
