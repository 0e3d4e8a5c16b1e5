package mongostore

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"first5/app"
	"first5/app/mongostore/mongotest"
)

// allIndexes returns the names of the indexes that the store needs on a server
// that is no sharded cluster.
func allIndexes(t *testing.T, s *Store) []string {
	t.Helper()
	needed, err := s.needed(t.Context())
	require.NoError(t, err)
	var all []string
	for _, c := range needed {
		for _, i := range c.indexes {
			all = append(all, c.name+"."+i.name)
		}
	}
	return all
}

func missing(t *testing.T, s *Store) []string {
	t.Helper()
	names, err := s.MissingIndexes(t.Context())
	require.NoError(t, err)
	return names
}

func TestIndexesAreCreatedOnceAndTheDatabaseIsNewUntilThen(t *testing.T) {
	s, err := Open(mongotest.Address(t), Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	isNew, err := s.New(t.Context())
	require.NoError(t, err)
	assert.True(t, isNew)
	assert.ElementsMatch(t, append(allIndexes(t, s), missingKeys), missing(t, s), "a collection that isn't there misses all of its own")

	var steps []string
	require.NoError(t, s.CreateIndexes(t.Context(), func(step string) { steps = append(steps, step) }))
	assert.Contains(t, steps, "creating the collection records")
	assert.Contains(t, steps, "creating the index records.by_sent")
	assert.Empty(t, missing(t, s))
	isNew, err = s.New(t.Context())
	require.NoError(t, err)
	assert.False(t, isNew)

	steps = nil
	require.NoError(t, s.CreateIndexes(t.Context(), func(step string) { steps = append(steps, step) }))
	for _, step := range steps {
		assert.NotContains(t, step, "creating", "what is there stays as it is")
	}
}

func TestAnIndexThatWasRemovedIsMissedAndComesBack(t *testing.T) {
	s, address := openOn(t)
	db := connect(t, address)
	require.NoError(t, db.Collection(records).Indexes().DropOne(t.Context(), "by_sent"))
	require.NoError(t, db.Collection(once).Drop(t.Context()))
	assert.Equal(t, []string{"once.by_end", "records.by_sent"}, missing(t, s))
	var steps []string
	require.NoError(t, s.CreateIndexes(t.Context(), func(step string) { steps = append(steps, step) }))
	assert.Equal(t, []string{"creating the index records.by_sent", "creating the collection once", "creating the index once.by_end"}, steps[:3])
	assert.Empty(t, missing(t, s))
}

func TestIndexesMayBeCreatedByManyAtOnce(t *testing.T) {
	address := mongotest.Address(t)
	ended := make(chan error)
	const replicas = 4
	for range replicas {
		go func() {
			s, err := Open(address, Options{})
			if err == nil {
				defer s.Close() // nothing was written but indexes
				err = s.CreateIndexes(t.Context(), func(string) {})
			}
			ended <- err
		}()
	}
	for range replicas {
		assert.NoError(t, <-ended)
	}
	s, err := Open(address, Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	assert.Empty(t, missing(t, s))
}

func TestAnIndexOfOtherKeysIsNotTouched(t *testing.T) {
	for name, other := range map[string]mongo.IndexModel{
		"other keys":            {Keys: bson.D{{Key: "until", Value: -1}}},
		"more keys":             {Keys: bson.D{{Key: "until", Value: 1}, {Key: "by", Value: 1}}},
		"unique where it isn't": {Keys: bson.D{{Key: "until", Value: 1}}, Options: index{name: "by_end", unique: true}.model().Options},
		"not for all documents": {Keys: bson.D{{Key: "until", Value: 1}}, Options: index{name: "by_end", sparse: true}.model().Options},
	} {
		t.Run(name, func(t *testing.T) {
			s, address := openOn(t)
			indexes := connect(t, address).Collection(once).Indexes()
			require.NoError(t, indexes.DropOne(t.Context(), "by_end"))
			if other.Options == nil {
				other.Options = index{name: "by_end"}.model().Options
			}
			_, err := indexes.CreateOne(t.Context(), other)
			require.NoError(t, err)
			assert.Equal(t, []string{"once.by_end"}, missing(t, s))
			err = s.CreateIndexes(t.Context(), func(string) {})
			require.ErrorContains(t, err, "the index once.by_end is there with other keys")
			assert.ErrorContains(t, err, `db.once.dropIndex("by_end")`)
			specs, err := indexes.ListSpecifications(t.Context())
			require.NoError(t, err)
			assert.Len(t, specs, 2)
		})
	}
}

func TestAnIndexMadeInAShellIsTheSame(t *testing.T) {
	keys, err := bson.Marshal(bson.D{{Key: "until", Value: 1.0}})
	require.NoError(t, err)
	assert.True(t, index{keys: bson.D{{Key: "until", Value: 1}}}.is(mongo.IndexSpecification{KeysDocument: keys}))
	hashed, err := bson.Marshal(bson.D{{Key: "until", Value: "hashed"}})
	require.NoError(t, err)
	assert.False(t, index{keys: bson.D{{Key: "until", Value: 1}}}.is(mongo.IndexSpecification{KeysDocument: hashed}))
}

func TestADatabaseWithoutAnIndexIsNotReady(t *testing.T) {
	s, address := openOn(t)
	require.NoError(t, s.Ping(t.Context()))
	db := connect(t, address)
	require.NoError(t, db.Collection(records).Indexes().DropOne(t.Context(), "by_sent"))
	assert.NoError(t, s.Ping(t.Context()), "it is looked for once a minute")

	s.whole.seen = s.whole.seen.Add(-wholeFor)
	err := s.Ping(t.Context())
	assert.EqualError(t, err, `the index records.by_sent is missing: run "first5 indexes"`)
	assert.ErrorIs(t, err, ErrMissingIndex)
	assert.ErrorIs(t, err, app.ErrIncomplete)
	assert.NotErrorIs(t, err, app.ErrStoreAway)

	require.NoError(t, db.Collection(events).Indexes().DropOne(t.Context(), "by_time"))
	assert.EqualError(t, s.Ping(t.Context()), `the indexes events.by_time, records.by_sent are missing: run "first5 indexes"`)
	require.NoError(t, s.CreateIndexes(t.Context(), func(string) {}))
	assert.NoError(t, s.Ping(t.Context()), "while one is missing it is looked for each time")
	assert.WithinDuration(t, time.Now(), s.whole.seen, wholeFor)
}

func TestEachIndexServesAPurposeOfItsOwn(t *testing.T) {
	for _, c := range collections() {
		names := map[string]bool{}
		for n, i := range c.indexes {
			assert.False(t, names[i.name], "two indexes %s.%s", c.name, i.name)
			names[i.name] = true
			for m, other := range c.indexes {
				longer := len(other.keys) > len(i.keys) && !i.unique
				assert.False(t, m != n && longer && assert.ObjectsAreEqual(i.keys, other.keys[:len(i.keys)]),
					"%s.%s does what %s.%s does too", c.name, other.name, c.name, i.name)
			}
		}
	}
}

func TestAnIndexByAnotherNameDoes(t *testing.T) {
	s, address := openOn(t)
	db := connect(t, address)
	require.NoError(t, db.Collection(once).Indexes().DropOne(t.Context(), "by_end"))
	_, err := db.Collection(once).Indexes().CreateOne(t.Context(), mongo.IndexModel{Keys: bson.D{{Key: "until", Value: 1}}})
	require.NoError(t, err)
	assert.Empty(t, missing(t, s))
	require.NoError(t, s.CreateIndexes(t.Context(), func(step string) { assert.NotContains(t, step, "once.by_end") }))
}

func TestADatabaseIntoWhichSomethingIsMovedIsNotReady(t *testing.T) {
	s, _ := openOn(t)
	require.NoError(t, s.SetUnfinished(t.Context(), "a restore"))
	err := s.Ping(t.Context())
	assert.ErrorContains(t, err, "is not finished: stop the programs that serve from it")
	assert.ErrorIs(t, err, app.ErrIncomplete)
	require.NoError(t, s.SetUnfinished(t.Context(), ""))
	assert.NoError(t, s.Ping(t.Context()))
}

func TestAnAddressThatCannotBeRightIsRefused(t *testing.T) {
	for address, says := range map[string]string{
		"mongodb://host":                            "names no database",
		"mongodb://host/":                           "names no database",
		"mongodb://host/first5/":                    `"first5/", can't be one`,
		"mongodb://host/first.5":                    "can't be one",
		"mongodb://host/" + strings.Repeat("a", 64): "can't be one",
		"mongodb://host/first5?tsl=true":            `an option that there is not, "tsl"`,
		"mongodb://user:p@ss:word@host/first5":      "can't be read",
	} {
		err := CheckAddress(address)
		require.ErrorContains(t, err, says)
		assert.NotContains(t, err.Error(), "p@ss")
	}
	for _, address := range []string{
		"mongodb://user:p%40ss@a.example,b.example:27018/first5?replicaSet=rs0&tls=true",
		"mongodb+srv://user@name.example/first5-trial", "mongodb://127.0.0.1:27017/first5_2?directConnection=true",
	} {
		assert.NoError(t, CheckAddress(address), address)
	}
}
