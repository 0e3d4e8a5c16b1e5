package mongostore

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
	"first5/app/mongostore/mongotest"
	"first5/app/storetest"
)

// readWhole are the questions that may go through a whole collection, and why.
func readWhole() map[string]string {
	const moved = "everything is read, in the order of its ids, to be moved"
	reasons := map[string]string{
		"read publications": "each program holds the list of all versions, and reads it when there is a new publication",
		"read events":       "the whole trail, as whoever downloads it asks for it, in the order of its index",
		"read people":       moved,
		"read records":      moved,
		"read workbooks":    moved,
		"read offices":      moved,
		"read parked":       moved,
		"read once":         moved,
	}
	maps.Copy(reasons, emptied())
	return reasons
}

// emptied are the changes that remove all documents of a collection.
func emptied() map[string]string {
	reasons := map[string]string{}
	for _, c := range collections() {
		if c.name != state {
			reasons["change "+c.name+", many"] = "an operator has everything removed, to put something else there"
		}
	}
	return reasons
}

// excuses are the questions of which something need not be so, in the words of
// [question.subject] or "by anything", and which of them were asked.
type excuses struct {
	reasons map[string]string
	used    map[string]bool
}

func newExcuses(reasons map[string]string) excuses { return excuses{reasons, map[string]bool{}} }

// excuse says whether there is an excuse for a question that needs one.
func (e excuses) excuse(q question, needed bool) bool {
	whole, _, _ := strings.Cut(q.subject(), " by ")
	for _, subject := range []string{q.subject(), whole + " by anything"} {
		if _, ok := e.reasons[subject]; ok && needed {
			e.used[subject] = true
			return true
		}
	}
	return false
}

// unused returns the excuses that nothing needed.
func (e excuses) unused() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(e.reasons)), func(subject string) bool { return e.used[subject] })
}

// The whole contract is run, and everything moved, while all that the store asks
// of the server is watched. The rest of the test is about what was seen.
func TestStoreKeepsTheContractAndAsksWhatItMay(t *testing.T) {
	mongotest.Address(t) // or skip, where there is no server
	seen := &watch{questions: map[string]question{}, documents: map[string]int{}, faults: map[string]bool{}}
	storetest.Run(t, func(t *testing.T) app.Store { return seen.open(t) })
	t.Run("Moving", func(t *testing.T) { moveAll(t, seen) })
	require.NotEmpty(t, seen.list())

	t.Run("nothing that a server may lack", func(t *testing.T) {
		assert.Empty(t, slices.Sorted(maps.Keys(seen.faults)))
	})
	t.Run("each question is served by an index", func(t *testing.T) {
		excused := newExcuses(readWhole())
		for _, q := range seen.list() {
			unserved := q.unserved(indexesOf(t, q.collection))
			if !excused.excuse(q, unserved != "") {
				assert.Empty(t, unserved, "%s", q)
			}
		}
		assert.Empty(t, excused.unused(), "excused, but not asked")
	})
	t.Run("the server itself walks no whole collection", func(t *testing.T) { explainAll(t, seen.list()) })
	t.Run("a sharded cluster knows where to go", func(t *testing.T) { knowTheirShard(t, seen.list()) })
	t.Run("all documents are as their schemas say", func(t *testing.T) {
		for _, c := range collections() {
			assert.Positive(t, seen.documents[c.name], "documents of %s", c.name)
		}
	})
}

// question is something that the server must look for, without its values.
type question struct {
	command, collection string
	filter, sort        bson.D
	limited, multi      bool // multi: it may change more than one document
	upsert              bool
	example             bson.Raw // the command
}

func (q question) String() string {
	words := fmt.Sprintf("%s %s %s", q.command, q.collection, inWords(q.filter))
	if len(q.sort) > 0 {
		words += " sorted by " + inWords(q.sort)
	}
	for word, is := range map[string]bool{" limited": q.limited, " for many": q.multi, " or inserted": q.upsert} {
		if is {
			words += word
		}
	}
	return words
}

// isRead says whether the question changes nothing.
func (q question) isRead() bool {
	return slices.Contains([]string{"find", "aggregate", "count", "distinct"}, q.command)
}

// subject says what is asked about and by which fields, such as "read events by
// at and kind".
func (q question) subject() string {
	bounds, _ := q.bounds()
	fields := slices.DeleteFunc(slices.Sorted(maps.Keys(bounds)), func(f string) bool { return bounds[f] == free })
	words := "change "
	if q.isRead() {
		words = "read "
	}
	words += q.collection
	if len(fields) > 0 {
		words += " by " + strings.Join(fields, " and ")
	}
	if q.multi {
		words += ", many"
	}
	return words
}

// bounds returns how far the filter narrows each field down, and its alternatives.
func (q question) bounds() (bounds map[string]bound, either [][]bson.D) {
	bounds = map[string]bound{}
	narrow("", q.filter, bounds, &either)
	return bounds, either
}

func inWords(d bson.D) string {
	text, err := bson.MarshalExtJSON(d, false, false)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// bound is how far a filter narrows down one field.
type bound int

const (
	free bound = iota
	present
	ranged
	equal
)

// path is an index as one looks through it.
type path struct {
	keys   bson.D
	sparse bool
}

// indexesOf returns the indexes of the collection, the one that every collection
// has with them.
func indexesOf(t *testing.T, name string) []path {
	t.Helper()
	all := []path{{keys: bson.D{{Key: "_id", Value: 1}}}}
	known := false
	for _, c := range collections() {
		known = known || c.name == name
		for _, i := range c.indexes {
			if c.name == name {
				all = append(all, path{i.keys, i.sparse})
			}
		}
	}
	require.True(t, known, "a collection that is not in the list: %s", name)
	return all
}

// unserved returns what is wrong with a question: nothing if an index finds what
// it asks for, in the order that it asks for.
func (q question) unserved(indexes []path) string {
	if len(q.filter) == 0 && len(q.sort) == 0 && q.limited {
		return "" // any of all
	}
	bounds, either := q.bounds()
	return q.unservedWithin(indexes, bounds, either)
}

func (q question) unservedWithin(indexes []path, bounds map[string]bound, either [][]bson.D) string {
	found := false
	for _, p := range indexes {
		finds := p.finds(bounds)
		found = found || finds
		walks := q.limited && len(q.sort) > 0 // a page of what comes first
		if (finds || walks) && p.delivers(q.sort, bounds) {
			return ""
		}
	}
	if found && (bounds["learner"] == equal || bounds["_id"] == equal) {
		return "" // what one learner has is sorted at once
	}
	for _, branches := range either {
		if q.allServed(indexes, bounds, branches) {
			return ""
		}
	}
	if found {
		return "an index finds it, but none gives the order"
	}
	return "no index begins with what it asks for"
}

// allServed says whether each of the alternatives is served.
func (q question) allServed(indexes []path, bounds map[string]bound, branches []bson.D) bool {
	for _, b := range branches {
		within, inner := maps.Clone(bounds), [][]bson.D{}
		narrow("", b, within, &inner)
		if q.unservedWithin(indexes, within, inner) != "" {
			return false
		}
	}
	return len(branches) > 0
}

func (p path) finds(bounds map[string]bound) bool {
	b := bounds[p.keys[0].Key]
	return b >= ranged || b == present && p.sparse
}

// delivers says whether the index has the order, forwards or backwards, once the
// fields that can have one value only are left out.
func (p path) delivers(sort bson.D, bounds map[string]bound) bool {
	many := func(e bson.E) bool { return bounds[e.Key] != equal }
	keys, wanted := only(p.keys, many), only(sort, many)
	if len(wanted) > len(keys) {
		return false
	}
	for i, e := range wanted {
		forwards := fmt.Sprint(e.Value) == fmt.Sprint(keys[i].Value)
		first := fmt.Sprint(wanted[0].Value) == fmt.Sprint(keys[0].Value)
		if e.Key != keys[i].Key || forwards != first {
			return false
		}
	}
	return true
}

func only(d bson.D, fit func(bson.E) bool) bson.D {
	return slices.DeleteFunc(slices.Clone(d), func(e bson.E) bool { return !fit(e) })
}

// narrow adds what a filter says of fields to bounds, and its alternatives to either.
func narrow(prefix string, filter bson.D, bounds map[string]bound, either *[][]bson.D) {
	for _, e := range filter {
		switch v := e.Value.(type) {
		case bson.A:
			var branches []bson.D
			for _, b := range v {
				branches = append(branches, b.(bson.D))
			}
			if e.Key == "$or" {
				*either = append(*either, branches)
			}
			for _, b := range branches {
				if e.Key == "$and" {
					narrow(prefix, b, bounds, either)
				}
			}
		case bson.D:
			narrowField(prefix+e.Key, v, bounds, either)
		case nil: // an index may leave out what isn't there
		default:
			bounds[prefix+e.Key] = equal
		}
	}
}

// narrowField adds what operators say of one field.
func narrowField(field string, operators bson.D, bounds map[string]bound, either *[][]bson.D) {
	for _, o := range operators {
		b := free
		switch o.Key {
		case "$eq":
			b = equal
		case "$in", "$gt", "$gte", "$lt", "$lte":
			b = ranged
		case "$exists":
			if o.Value == true {
				b = present
			}
		case "$elemMatch":
			narrow(field+".", o.Value.(bson.D), bounds, either)
		default:
			if !strings.HasPrefix(o.Key, "$") {
				b = equal // to a whole document
			}
		}
		bounds[field] = max(b, bounds[field])
	}
}

func TestAQuestionThatNoIndexServesIsFound(t *testing.T) {
	any := "?"
	field := func(keys ...string) (d bson.D) {
		for _, k := range keys {
			d = append(d, bson.E{Key: k, Value: any})
		}
		return d
	}
	before := bson.D{{Key: "$lt", Value: any}}
	latest := bson.D{{Key: "active_at", Value: -1}, {Key: "_id", Value: -1}}
	for name, c := range map[string]struct {
		filter, sort bson.D
		limited      bool
		unserved     string
	}{
		"by its id":                        {filter: field("_id")},
		"by the first key of an index":     {filter: field("completion.certificate")},
		"by a range of it":                 {filter: bson.D{{Key: "completion.certificate", Value: before}}},
		"by no key of an index":            {filter: field("title"), unserved: "no index begins with what it asks for"},
		"by the second key of an index":    {filter: field("active_at"), unserved: "no index begins with what it asks for"},
		"by what it is not":                {filter: bson.D{{Key: "_id", Value: bson.D{{Key: "$ne", Value: any}}}}, unserved: "no index begins with what it asks for"},
		"by what an index leaves out":      {filter: bson.D{{Key: "completion.certificate", Value: nil}}, unserved: "no index begins with what it asks for"},
		"all":                              {filter: bson.D{}, unserved: "no index begins with what it asks for"},
		"the first few of all":             {filter: bson.D{}, sort: bson.D{{Key: "_id", Value: 1}}, limited: true},
		"an institution's, the latest":     {filter: field("institution"), sort: latest},
		"an institution's, the oldest":     {filter: field("institution"), sort: bson.D{{Key: "active_at", Value: 1}, {Key: "_id", Value: 1}}},
		"an institution's, both ways":      {filter: field("institution"), sort: bson.D{{Key: "active_at", Value: -1}, {Key: "_id", Value: 1}}, unserved: "an index finds it, but none gives the order"},
		"an institution's, by title":       {filter: field("institution"), sort: bson.D{{Key: "title", Value: 1}}, unserved: "an index finds it, but none gives the order"},
		"a learner's, by title":            {filter: field("learner"), sort: bson.D{{Key: "title", Value: 1}}},
		"one of two, each by an index":     {filter: bson.D{{Key: "$or", Value: bson.A{field("_id"), field("learner")}}}},
		"one of two, one without an index": {filter: bson.D{{Key: "$or", Value: bson.A{field("_id"), field("title")}}}, unserved: "no index begins with what it asks for"},
		"two at once, one by an index":     {filter: bson.D{{Key: "$and", Value: bson.A{field("title"), field("_id")}}}},
		"in a list, by its item":           {filter: bson.D{{Key: "completion", Value: bson.D{{Key: "$elemMatch", Value: field("certificate")}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			q := question{command: "find", collection: records, filter: c.filter, sort: c.sort, limited: c.limited}
			assert.Equal(t, c.unserved, q.unserved(indexesOf(t, records)))
		})
	}
}
