package mongostore

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
)

// explainAll asks the server how it goes about each question. Only a real
// MongoDB tells.
func explainAll(t *testing.T, all []question) {
	s, _ := openOn(t)
	excused := newExcuses(readWhole())
	for _, q := range all {
		var plan bson.Raw
		err := s.db.RunCommand(t.Context(), bson.D{{Key: "explain", Value: q.asked()}, {Key: "verbosity", Value: "queryPlanner"}}).Decode(&plan)
		if hasCode(err, codeCommandNotFound) {
			t.Skip("skipped: this server can't explain how it goes about a question; a real MongoDB does")
		}
		require.NoError(t, err, "%s", q)
		stages := stagesOf(bson.RawValue{Type: bson.TypeEmbeddedDocument, Value: plan})
		if !excused.excuse(q, len(q.filter) == 0) {
			assert.NotContains(t, stages, "COLLSCAN", "%s reads the whole collection", q)
		}
		if !q.isOfOne() {
			assert.NotContains(t, stages, "SORT", "%s is sorted in memory", q)
		}
	}
}

// isOfOne says whether the question is of what one learner has.
func (q question) isOfOne() bool {
	bounds, _ := q.bounds()
	return bounds["learner"] == equal || bounds["_id"] == equal
}

// asked returns the command without what belongs to its connection.
func (q question) asked() bson.D {
	var command bson.D
	err := bson.Unmarshal(q.example, &command)
	if err != nil {
		panic(err) // it was read before
	}
	return slices.DeleteFunc(command, func(e bson.E) bool {
		return slices.Contains([]string{"$db", "lsid", "$clusterTime", "txnNumber", "readConcern", "writeConcern", "maxTimeMS", "$readPreference"}, e.Key)
	})
}

// stagesOf returns the names of all stages of the plan that was chosen.
func stagesOf(v bson.RawValue) []string {
	var stages []string
	var elements []bson.RawElement
	if document, ok := v.DocumentOK(); ok {
		elements, _ = document.Elements() // the server's own, and so whole
	}
	if array, ok := v.ArrayOK(); ok {
		elements, _ = bson.Raw(array).Elements()
	}
	for _, e := range elements {
		name, isText := e.Value().StringValueOK()
		switch {
		case e.Key() == "stage" && isText:
			stages = append(stages, name)
		case e.Key() == "$sort":
			stages = append(stages, "SORT")
		case slices.Contains([]string{"rejectedPlans", "command", "parsedQuery", "slotBasedPlan"}, e.Key()):
		default:
			stages = append(stages, stagesOf(e.Value())...)
		}
	}
	return stages
}

// Plans as MongoDB 8 prints them, shortened.
func TestTheStagesOfAPlanAreFound(t *testing.T) {
	for name, c := range map[string]struct {
		plan   string
		stages []string
	}{
		"by an index": {`{"queryPlanner": {"winningPlan": {"stage": "LIMIT", "inputStage": {"stage": "FETCH", "inputStage":
			{"stage": "IXSCAN", "indexName": "by_learner"}}}, "rejectedPlans": [{"stage": "SORT"}]}, "command": {"find": "records"}}`,
			[]string{"LIMIT", "FETCH", "IXSCAN"}},
		"through everything": {`{"queryPlanner": {"winningPlan": {"queryPlan": {"stage": "COLLSCAN"}, "slotBasedPlan": {"stages": "scan"}}}}`,
			[]string{"COLLSCAN"}},
		"on the shards of a cluster": {`{"queryPlanner": {"winningPlan": {"stage": "SHARD_MERGE", "shards": [
			{"shardName": "a", "winningPlan": {"stage": "IXSCAN"}}, {"shardName": "b", "winningPlan": {"stage": "COLLSCAN"}}]}}}`,
			[]string{"SHARD_MERGE", "IXSCAN", "COLLSCAN"}},
		"of alternatives, sorted": {`{"queryPlanner": {"winningPlan": {"stage": "SORT", "inputStage": {"stage": "OR", "inputStages": [
			{"stage": "IXSCAN"}, {"stage": "IXSCAN"}]}}}}`,
			[]string{"SORT", "OR", "IXSCAN", "IXSCAN"}},
		"of a pipeline that sorts": {`{"stages": [{"$cursor": {"queryPlanner": {"winningPlan": {"stage": "IXSCAN"}}}}, {"$sort": {"sortKey": {"at": 1}}}]}`,
			[]string{"IXSCAN", "SORT"}},
	} {
		t.Run(name, func(t *testing.T) {
			var plan bson.Raw
			require.NoError(t, bson.UnmarshalExtJSON([]byte(c.plan), false, &plan))
			assert.Equal(t, c.stages, stagesOf(bson.RawValue{Type: bson.TypeEmbeddedDocument, Value: plan}))
		})
	}
}
