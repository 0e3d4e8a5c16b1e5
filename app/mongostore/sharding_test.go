package mongostore

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// toAllShards are the changes that a cluster sends to all its shards, and why
// that is right.
func toAllShards() map[string]string {
	reasons := map[string]string{
		"change attempts by learner, many":  "the answers of a person who is erased, wherever they are",
		"change workbooks by learner, many": "likewise what they kept for themself",
		"change attempts by record, many":   "the older attempts of records that are moved here again",
	}
	for subject, why := range emptied() {
		if name, _, _ := strings.Cut(strings.TrimPrefix(subject, "change "), ","); isSharded(name) {
			reasons[subject] = why
		}
	}
	return reasons
}

func isSharded(name string) bool {
	return slices.ContainsFunc(collections(), func(c collection) bool { return c.name == name && c.shardKey != nil })
}

// readFromAllShards are the questions that a cluster asks all its shards, and
// why. README.md names them.
func readFromAllShards() map[string]string {
	return map[string]string{
		"read records by _id":                    "one record is known by its id alone; each shard looks in the index that all collections have",
		"read records by learner":                "a learner's own page names no institution",
		"read records by learner and sent":       "likewise the result of an attempt",
		"read attempts by id and learner":        "likewise, of an attempt that has left its record",
		"read attempts by learner":               "likewise, of all attempts that have",
		"read records by learner and named":      "the records of a person who is erased, wherever they are",
		"read records by forget_at":              "names to be forgotten may be of any institution",
		"read records by completion.certificate": "whoever verifies a certificate knows nothing but its id",
		"read records by told._id":               "events on their way to the trail may wait in any record",
		"read workbooks":                         "all of them, to be moved, or whether there are any",
		"read records":                           "all of them, to be moved, or whether there are any",
		"read attempts":                          "whether there are any",
		"read events by anything":                "an operator sees the events of all institutions, and those of no institution",
	}
}

// knowTheirShard makes sure that a sharded cluster can route each question. A
// change of one document must go to one shard: an older cluster refuses others.
func knowTheirShard(t *testing.T, all []question) {
	changes, reads := newExcuses(toAllShards()), newExcuses(readFromAllShards())
	for _, q := range all {
		excused := changes
		if q.isRead() {
			excused = reads
		}
		knows := q.knowsItsShard(t)
		if excused.excuse(q, !knows) {
			assert.False(t, q.upsert || q.command == "findAndModify", "a cluster must know where to do it: %s", q)
			continue
		}
		assert.True(t, knows, "%s goes to all shards: %s", q.subject(), q)
	}
	assert.Empty(t, changes.unused(), "excused, but not asked")
	assert.Empty(t, reads.unused(), "excused, but not asked")
}

// knowsItsShard says whether the filter has one value for each field by which
// the collection is divided, if it is. For a read one for the first field will
// do: what belongs to an institution lies on few shards.
func (q question) knowsItsShard(t *testing.T) bool {
	t.Helper()
	bounds, _ := q.bounds()
	for n, e := range collectionOf(t, q.collection).shardKey {
		if bounds[e.Key] != equal {
			return n > 0 && q.isRead()
		}
	}
	return true
}

func collectionOf(t *testing.T, name string) collection {
	t.Helper()
	all := collections()
	n := slices.IndexFunc(all, func(c collection) bool { return c.name == name })
	require.GreaterOrEqual(t, n, 0, "a collection that is not in the list: %s", name)
	return all[n]
}

func TestAShardedClusterNeedsTheIndexesOfItsShardKeys(t *testing.T) {
	router := bson.D{{Key: "ok", Value: 1}, {Key: "ismaster", Value: true}, {Key: "maxWireVersion", Value: 21}, {Key: "msg", Value: "isdbgrid"}}
	s := impatientStore(t, "mongodb://"+pretending(t, map[string]bson.D{"hello": router})+"/first5")
	var ofShards []string
	for _, name := range missing(t, s) {
		if strings.HasSuffix(name, ".by_shard_key") {
			ofShards = append(ofShards, name)
		}
	}
	assert.Equal(t, []string{"attempts.by_shard_key", "events.by_shard_key", "records.by_shard_key"}, ofShards,
		"and of workbooks one that is there in any case")
	workbooks := collectionOf(t, workbooks)
	assert.True(t, workbooks.hasShardKey())
	assert.Equal(t, workbooks.shardKey, workbooks.indexes[0].keys)

	alone := impatientStore(t, "mongodb://"+pretending(t, nil)+"/first5")
	assert.NotContains(t, missing(t, alone), "records.by_shard_key")
}

func TestAUniqueIndexBeginsWithTheShardKey(t *testing.T) {
	// Each shard knows what it has itself, so it could not refuse what another has.
	unique := 0
	for _, c := range collections() {
		for _, i := range c.indexes {
			if !i.unique || c.shardKey == nil {
				continue
			}
			unique++
			require.Greater(t, len(i.keys), len(c.shardKey))
			assert.Equal(t, c.shardKey, i.keys[:len(c.shardKey)], "%s.%s", c.name, i.name)
		}
	}
	assert.Positive(t, unique)
}

func TestTheDocumentTellsHowToShard(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var told []string
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "sh.shardCollection(") {
			told = append(told, strings.TrimSpace(line))
		}
	}
	var want []string
	for _, c := range collections() {
		if c.shardKey == nil {
			continue
		}
		var keys []string
		for _, e := range c.shardKey {
			keys = append(keys, fmt.Sprintf("%s: %v", e.Key, e.Value))
		}
		want = append(want, fmt.Sprintf(`sh.shardCollection("first5.%s", {%s})`, c.name, strings.Join(keys, ", ")))
	}
	assert.Equal(t, want, told)
}

func TestTheDocumentNamesEachCollectionAndItsIndexes(t *testing.T) {
	text, err := os.ReadFile("README.md")
	require.NoError(t, err)
	for _, c := range collections() {
		assert.Contains(t, string(text), "`"+c.name+"`")
		for _, i := range c.indexes {
			assert.Contains(t, string(text), "`"+c.name+"."+i.name+"`")
		}
	}
}
