package mongostore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/event"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app/mongostore/mongotest"
)

// watch gathers what is asked of the server.
type watch struct {
	mu        sync.Mutex
	questions map[string]question // by their words
	documents map[string]int      // how many were held against the schema of their collection
	faults    map[string]bool
}

// open returns a new store that is watched.
func (w *watch) open(t *testing.T) *Store {
	t.Helper()
	address := mongotest.Address(t)
	s, err := Open(address, Options{Client: func(o *options.ClientOptions) {
		o.SetMonitor(&event.CommandMonitor{Started: func(_ context.Context, e *event.CommandStartedEvent) { w.note(e.Command) }})
	}})
	require.NoError(t, err)
	require.NoError(t, s.CreateIndexes(t.Context(), func(string) {}))
	t.Cleanup(func() { w.checkAll(t, address) })
	return s
}

func (w *watch) list() []question {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.SortedFunc(maps.Values(w.questions), func(a, b question) int { return cmp.Compare(a.String(), b.String()) })
}

// note takes down a command.
func (w *watch) note(sent bson.Raw) {
	w.mu.Lock()
	defer w.mu.Unlock()
	command, collection := first(sent)
	if _, err := sent.LookupErr("startTransaction"); err == nil {
		w.faults["a transaction: "+command] = true
	}
	switch command {
	case "find", "count", "distinct", "aggregate":
		if concern := sent.Lookup("readConcern", "level").String(); concern != `"majority"` {
			w.faults[command+" "+collection+" with the read concern "+concern] = true
		}
	case "insert", "update", "delete", "findAndModify":
		if concern := sent.Lookup("writeConcern").String(); concern != `{"w": "majority","j": true}` {
			w.faults[command+" "+collection+" with the write concern "+concern] = true
		}
	}
	switch command {
	case "insert":
		for _, document := range documentsOf(sent, "documents") {
			w.check(collection, document)
		}
	case "find":
		w.add(question{command: command, collection: collection, filter: shapeOf(sent, "filter"), sort: sortOf(sent), limited: has(sent, "limit")}, sent)
	case "findAndModify":
		w.noteUpdate(command, collection, sent.Lookup("update"))
		w.add(question{command: command, collection: collection, filter: shapeOf(sent, "query"), sort: sortOf(sent), upsert: isSet(sent, "upsert")}, sent)
	case "update":
		for _, u := range documentsOf(sent, "updates") {
			w.noteUpdate(command, collection, u.Lookup("u"))
			w.add(question{command: command, collection: collection, filter: shapeOf(u, "q"), multi: isSet(u, "multi"), upsert: isSet(u, "upsert")}, sent)
		}
	case "delete":
		for _, d := range documentsOf(sent, "deletes") {
			w.add(question{command: command, collection: collection, filter: shapeOf(d, "q"), multi: d.Lookup("limit").AsInt64() == 0}, sent)
		}
	case "count", "distinct":
		w.add(question{command: command, collection: collection, filter: shapeOf(sent, "query")}, sent)
	case "aggregate":
		w.noteAggregate(collection, sent)
	case "create", "createIndexes", "collMod", "listCollections", "listIndexes", "hello", "isMaster", "ping", "getMore", "killCursors", "endSessions":
	default:
		w.faults["a command that this test does not know: "+command] = true
	}
}

func (w *watch) noteUpdate(command, collection string, u bson.RawValue) {
	if u.Type == bson.TypeArray {
		w.faults[command+" "+collection+" by a pipeline"] = true
	}
}

// noteAggregate takes down a pipeline that only chooses, sorts and counts.
func (w *watch) noteAggregate(collection string, sent bson.Raw) {
	q := question{command: "aggregate", collection: collection}
	for n, stage := range documentsOf(sent, "pipeline") {
		name, _ := first(stage)
		switch {
		case name == "$match" && n == 0:
			q.filter = shapeOf(stage, "$match")
		case name == "$sort" && n <= 1:
			q.sort = orderOf(stage, "$sort")
		case name == "$limit":
			q.limited = true
		case slices.Contains([]string{"$group", "$count", "$project", "$unwind"}, name):
		default:
			w.faults[fmt.Sprintf("aggregate %s with %s as stage %d", collection, name, n+1)] = true
		}
	}
	w.add(q, sent)
}

func (w *watch) add(q question, sent bson.Raw) {
	if _, ok := w.questions[q.String()]; !ok {
		q.example = slices.Clone(sent)
		w.questions[q.String()] = q
	}
}

// first returns the name of a document's first element, and its text if it is one.
func first(document bson.Raw) (name, text string) {
	e, err := document.IndexErr(0)
	if err != nil {
		return "", ""
	}
	text, _ = e.Value().StringValueOK()
	return e.Key(), text
}

func documentsOf(in bson.Raw, name string) []bson.Raw {
	values, err := in.Lookup(name).Array().Values()
	if err != nil {
		return nil
	}
	var all []bson.Raw
	for _, v := range values {
		all = append(all, v.Document())
	}
	return all
}

func has(in bson.Raw, name string) bool {
	_, err := in.LookupErr(name)
	return err == nil
}

func isSet(in bson.Raw, name string) bool {
	v, err := in.LookupErr(name)
	return err == nil && v.Boolean()
}

func sortOf(in bson.Raw) bson.D { return orderOf(in, "sort") }

func orderOf(in bson.Raw, name string) bson.D {
	var order bson.D
	v, err := in.LookupErr(name)
	if err == nil {
		_ = v.Unmarshal(&order) // what is not a document sorts nothing
	}
	return order
}

// shapeOf returns a filter without its values.
func shapeOf(in bson.Raw, name string) bson.D {
	v, err := in.LookupErr(name)
	if err != nil {
		return bson.D{}
	}
	return withoutValues(v.Document())
}

func withoutValues(document bson.Raw) bson.D {
	shape := bson.D{}
	elements, err := document.Elements()
	if err != nil {
		return bson.D{{Key: "unreadable", Value: err.Error()}}
	}
	for _, e := range elements {
		shape = append(shape, bson.E{Key: e.Key(), Value: withoutValue(e.Key(), e.Value())})
	}
	return shape
}

func withoutValue(key string, v bson.RawValue) any {
	switch {
	case v.Type == bson.TypeEmbeddedDocument:
		return withoutValues(v.Document())
	case v.Type == bson.TypeArray && (key == "$or" || key == "$and" || key == "$nor"):
		branches := bson.A{}
		for _, b := range documentsOf(bson.Raw(mustDocument(v)), "it") {
			branches = append(branches, withoutValues(b))
		}
		return branches
	case v.Type == bson.TypeBoolean:
		return v.Boolean()
	case v.Type == bson.TypeNull:
		return nil
	}
	return "?"
}

func mustDocument(v bson.RawValue) []byte {
	document, err := bson.Marshal(bson.D{{Key: "it", Value: v}})
	if err != nil {
		panic(err) // a value that was read can be written
	}
	return document
}
