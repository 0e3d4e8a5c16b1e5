package mongostore

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/app/mongostore/mongotest"
)

// check holds a document against the schema of its collection.
func (w *watch) check(collection string, document bson.Raw) {
	w.documents[collection]++
	for _, field := range alwaysWritten()[collection] {
		if !has(document, field) {
			w.faults[collection+" lacks "+field] = true
		}
	}
	for _, fault := range faultsOf(schemaOf(collection), bson.RawValue{Type: bson.TypeEmbeddedDocument, Value: document}, collection) {
		w.faults[fault] = true
	}
}

// alwaysWritten are the fields, by collection, that First5 writes in every document
// though their schema lets one be without: an earlier First5 that runs beside this
// one may not be refused a learner's answers.
func alwaysWritten() map[string][]string {
	return map[string][]string{
		records: {"changed_at", "name_key", "completed_key", "week", "score_key", "former"},
		people:  {"name_key", "email_key", "folded", "present"},
	}
}

// checkAll holds whatever the database has in the end against the schemas, since
// a document may have been changed into something else.
func (w *watch) checkAll(t *testing.T, address string) {
	ctx := context.Background() // the test's own has ended
	db := connect(t, address)
	for _, c := range collections() {
		cursor, err := db.Collection(c.name).Find(ctx, bson.D{})
		require.NoError(t, err)
		var all []bson.Raw
		require.NoError(t, cursor.All(ctx, &all))
		w.mu.Lock()
		for _, document := range all {
			w.check(c.name, document)
		}
		w.mu.Unlock()
	}
}

// connect returns the database at an address, past the store.
func connect(t *testing.T, address string) *mongo.Database {
	t.Helper()
	name, err := databaseName(address)
	require.NoError(t, err)
	client, err := mongo.Connect(options.Client().ApplyURI(address))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, client.Disconnect(context.Background())) })
	return client.Database(name)
}

// schemaOf returns the schema of a collection as its file has it.
func schemaOf(collection string) bson.Raw {
	text, err := schemas.ReadFile("schemas/" + collection + ".json")
	if err != nil {
		panic(err) // a collection without a schema
	}
	var schema bson.Raw
	err = bson.UnmarshalExtJSON(text, false, &schema)
	if err != nil {
		panic(err)
	}
	return schema
}

// faultsOf returns what of a value is not as the schema says. It knows those
// words of schemas that ours use, and finds fault with any other.
func faultsOf(schema bson.Raw, v bson.RawValue, where string) []string {
	var faults []string
	fault := func(format string, args ...any) { faults = append(faults, where+" "+fmt.Sprintf(format, args...)) }
	elements, err := schema.Elements()
	if err != nil {
		fault("has an unreadable schema: %v", err)
	}
	for _, e := range elements {
		rule := e.Value()
		switch e.Key() {
		case "bsonType":
			if !slices.Contains(textsOf(rule), typeOf(v)) {
				fault("is %s, not %s", typeOf(v), rule)
			}
		case "enum":
			if text, _ := v.StringValueOK(); !slices.Contains(textsOf(rule), text) {
				fault("is %q, none of %s", text, rule)
			}
		case "minimum", "maximum":
			n, ok := v.AsInt64OK()
			if bound := rule.AsInt64(); ok && (e.Key() == "minimum" && n < bound || e.Key() == "maximum" && n > bound) {
				fault("is %d, past the %s %d", n, e.Key(), bound)
			}
		case "required", "properties":
			faults = append(faults, faultsOfFields(e.Key(), rule, v, where)...)
		case "items", "maxItems":
			faults = append(faults, faultsOfItems(e.Key(), rule, v, where)...)
		default:
			fault("has %q in its schema, which this test does not know", e.Key())
		}
	}
	return faults
}

func faultsOfFields(word string, rule, v bson.RawValue, where string) []string {
	document, ok := v.DocumentOK()
	if !ok {
		return nil // told of by its type
	}
	var faults []string
	if word == "required" {
		for _, name := range textsOf(rule) {
			if !has(document, name) {
				faults = append(faults, where+" lacks "+name)
			}
		}
		return faults
	}
	properties, err := rule.Document().Elements()
	if err != nil {
		return []string{where + " has unreadable properties in its schema"}
	}
	for _, p := range properties {
		if field, err := document.LookupErr(p.Key()); err == nil {
			faults = append(faults, faultsOf(p.Value().Document(), field, where+"."+p.Key())...)
		}
	}
	return faults
}

func faultsOfItems(word string, rule, v bson.RawValue, where string) []string {
	array, ok := v.ArrayOK()
	if !ok {
		return nil // told of by its type
	}
	values, err := array.Values()
	if err != nil {
		return []string{where + " can't be read"}
	}
	if word == "maxItems" && int64(len(values)) > rule.AsInt64() {
		return []string{fmt.Sprintf("%s has more than %d items", where, rule.AsInt64())}
	}
	var faults []string
	for _, item := range values {
		if word == "items" {
			faults = append(faults, faultsOf(rule.Document(), item, where+"[]")...)
		}
	}
	return faults
}

// textsOf returns the texts of an array, or the one text.
func textsOf(v bson.RawValue) []string {
	if text, ok := v.StringValueOK(); ok {
		return []string{text}
	}
	var texts []string
	_ = v.Unmarshal(&texts) // nothing fits no text
	return texts
}

// typeOf returns the name that a schema has for the value's type.
func typeOf(v bson.RawValue) string {
	names := map[bson.Type]string{
		bson.TypeString: "string", bson.TypeInt32: "int", bson.TypeInt64: "long", bson.TypeDouble: "double",
		bson.TypeDateTime: "date", bson.TypeBoolean: "bool", bson.TypeEmbeddedDocument: "object", bson.TypeArray: "array",
		bson.TypeBinary: "binData", bson.TypeObjectID: "objectId", bson.TypeNull: "null",
	}
	return names[v.Type]
}

func TestTheSchemasKnowTheStatusesOfTheDomain(t *testing.T) {
	var all []string
	for _, s := range app.Statuses() {
		all = append(all, string(s))
	}
	record := schemaOf(records)
	assert.Equal(t, all, textsOf(record.Lookup("properties", "status", "enum")))
	assert.Equal(t, all[1:], textsOf(record.Lookup("properties", "completion", "properties", "status", "enum")), "a completion is never in progress")
}

// wrong are changes to a record that make it a wrong one.
func wrong() map[string]struct {
	field string
	value any
	fault string
} {
	type change = struct {
		field string
		value any
		fault string
	}
	return map[string]change{
		"of nobody":                    {"learner", nil, "records.learner is null, not \"string\""},
		"of a status that there isn't": {"status", "done", `records.status is "done", none of ["in_progress","passed","read","tested_out","waived"]`},
		"with a time in words":         {"active_at", "yesterday", "records.active_at is string, not \"date\""},
		"with a score of 101":          {"score", int32(101), "records.score is 101, past the maximum 100"},
		"withdrawn without a reason": {"withdrawn", bson.D{{Key: "at", Value: opened()}, {Key: "by", Value: "call"}},
			"records.withdrawn lacks reason"},
		"with an attempt in words": {"attempts", bson.A{"first"}, "records.attempts[] is string, not \"object\""},
	}
}

func TestAWrongRecordIsRefused(t *testing.T) {
	s, address := openOn(t)
	p, r := aRecord()
	require.NoError(t, s.SignIn(t.Context(), p, app.Session{Hash: "browser", Learner: p.Learner}, func(app.Person) []app.Event { return nil }))
	_, err := s.Begin(t.Context(), r)
	require.NoError(t, err)
	db := connect(t, address)
	var right bson.D
	require.NoError(t, db.Collection(records).FindOneAndDelete(t.Context(), bson.D{}).Decode(&right))
	for name, change := range wrong() {
		t.Run(name, func(t *testing.T) {
			changed := slices.DeleteFunc(slices.Clone(right), func(e bson.E) bool { return e.Key == change.field })
			changed = append(changed, bson.E{Key: change.field, Value: change.value})
			document, err := bson.Marshal(changed)
			require.NoError(t, err)
			assert.Equal(t, []string{change.fault}, faultsOf(schemaOf(records), bson.RawValue{Type: bson.TypeEmbeddedDocument, Value: document}, records))
			refusesWrongDocuments(t, db)
			_, err = db.Collection(records).InsertOne(t.Context(), changed)
			assert.True(t, hasCode(err, 121), "a document that fails validation: %v", err)
		})
	}
}

// refusesWrongDocuments skips the rest of a test on a server that can't.
func refusesWrongDocuments(t *testing.T, db *mongo.Database) {
	t.Helper()
	err := db.RunCommand(t.Context(), bson.D{{Key: "collMod", Value: records}}).Err()
	if hasCode(err, codeCommandNotFound) {
		t.Skip("checked here alone: this server can't check documents")
	}
	require.NoError(t, err)
}

// openOn returns a store with all its indexes, and its database's address.
func openOn(t *testing.T) (*Store, string) {
	t.Helper()
	address := mongotest.Address(t)
	s, err := Open(address, Options{})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	require.NoError(t, s.CreateIndexes(t.Context(), func(string) {}))
	return s, address
}

// aRecord returns somebody and what they have of a module when they begin it.
func aRecord() (app.Person, app.Record) {
	p := app.Person{
		Learner:    app.NewLearnerID("https://login.mercy-lakes.example", "rivera"),
		Identity:   app.Identity{Institution: "mercy-lakes", Issuer: "https://login.mercy-lakes.example", Subject: "rivera", Name: "Ana Rivera"},
		SignedInAt: opened(),
	}
	r := app.Record{
		ID: app.NewRecordID(p.Learner, "names-first", "2026"), Institution: p.Institution, Learner: p.Learner, Subject: p.Subject, Name: p.Name,
		Program: "first-5-minutes", Module: "names-first", Title: "Names first", Edition: "2026", Version: 1,
		StartedAt: opened(), ActiveAt: opened(),
	}
	return p, r
}

// opened is when the clinic of these tests has opened.
func opened() time.Time { return time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC) }
