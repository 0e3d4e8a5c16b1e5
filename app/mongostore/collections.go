package mongostore

import (
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// The collections. What is in them is described beside the type of their
// documents.
const (
	people       = "people"       // with their sessions; see personDoc
	records      = "records"      // with their last attempts; see recordDoc
	attempts     = "attempts"     // those that no longer stand in their record; see attemptDoc
	workbooks    = "workbooks"    // what learners keep for themselves; see workbookDoc
	parked       = "parked"       // answers that wait for a sign-in; see parkedDoc
	events       = "events"       // the audit trail; see eventDoc
	once         = "once"         // what may happen once, and has; see onceDoc
	publications = "publications" // with the heads of the versions that are new in each; see publicationDoc
	files        = "files"        // the sources of versions, in pieces; see fileDoc
	offices      = "offices"      // what institutions' managers keep; see officeDoc
	state        = "state"        // what the store knows of itself; see stateDoc
)

// index is one index of a collection.
type index struct {
	name   string
	keys   bson.D
	unique bool
	sparse bool // leaves out documents without the keys
}

// collection is a collection with the indexes that its queries need.
type collection struct {
	name    string
	indexes []index

	// retired are the names of indexes that others have taken the place of.
	retired []string

	// shardKey is what a sharded cluster should divide the collection by; nil: it
	// is too small to be divided. Ids are hashes already, and so spread evenly: a
	// key that hashes them once more could not guard that something is unique.
	shardKey bson.D
}

// byUntold is the name of the index of documents that hold events on their way to
// the trail.
const byUntold = "by_untold"

// tells says whether the collection has documents that hold such events.
func (c collection) tells() bool {
	return slices.ContainsFunc(c.indexes, func(i index) bool { return i.name == byUntold })
}

// hasShardKey says whether one of the collection's own indexes is that of its
// shard key.
func (c collection) hasShardKey() bool {
	return slices.ContainsFunc(c.indexes, func(i index) bool { return !i.sparse && slices.Equal(i.keys, c.shardKey) })
}

// itself returns the filter of one document alone, with its shard key.
func (c collection) itself(document bson.Raw) bson.D {
	which := bson.D{{Key: "_id", Value: document.Lookup("_id")}}
	for _, key := range c.shardKey {
		which = append(which, bson.E{Key: key.Key, Value: document.Lookup(key.Key)})
	}
	return which
}

// inOrder returns the index of a listing of an institution's records by a field,
// which carries what they are filtered by.
func inOrder(name, field string, direction int, carries bson.D) index {
	keys := bson.D{{Key: "institution", Value: 1}, {Key: field, Value: direction}, {Key: "_id", Value: direction}}
	return index{name: name, keys: append(keys, without(carries, field)...)}
}

// carried are the fields that listings are filtered by: with them in the index, a
// page and a count read no record that isn't chosen.
func carried() bson.D {
	return bson.D{{Key: "program", Value: 1}, {Key: "module", Value: 1}, {Key: "edition", Value: 1}, {Key: "status", Value: 1},
		{Key: "score_key", Value: 1}, {Key: "former", Value: 1}, {Key: "folded", Value: 1}}
}

// ofKind are the fields of which one tally has the same, after the institution.
func ofKind() bson.D {
	return bson.D{{Key: "institution", Value: 1}, {Key: "program", Value: 1}, {Key: "module", Value: 1}, {Key: "edition", Value: 1},
		{Key: "status", Value: 1}, {Key: "week", Value: 1}, {Key: "former", Value: 1}}
}

func without(keys bson.D, field string) bson.D {
	return slices.DeleteFunc(keys, func(e bson.E) bool { return e.Key == field })
}

// collections returns all of them, in one list.
func collections() []collection {
	return []collection{
		{name: people, indexes: []index{
			{name: "by_session", keys: bson.D{{Key: "sessions.hash", Value: 1}}, sparse: true},
			{name: "by_provider_session", keys: bson.D{{Key: "sessions.provider", Value: 1}}, sparse: true},
			{name: "by_session_creation", keys: bson.D{{Key: "sessions.created_at", Value: 1}}, sparse: true},
			{name: "by_session_sight", keys: bson.D{{Key: "sessions.seen_at", Value: 1}}, sparse: true},
			{name: byUntold, keys: bson.D{{Key: "told._id", Value: 1}}, sparse: true},
			{name: "by_name", keys: bson.D{{Key: "institution", Value: 1}, {Key: "present", Value: 1}, {Key: "name_key", Value: 1}, {Key: "_id", Value: 1}, {Key: "folded", Value: 1}}},
			{name: "by_sign_in", keys: bson.D{{Key: "institution", Value: 1}, {Key: "present", Value: 1}, {Key: "signed_in_at", Value: 1}, {Key: "_id", Value: 1}}},
			{name: "by_email", keys: bson.D{{Key: "institution", Value: 1}, {Key: "email_key", Value: 1}}},
			{name: "by_subject", keys: bson.D{{Key: "institution", Value: 1}, {Key: "subject", Value: 1}}},
			{name: "by_unfinished_erasure", keys: bson.D{{Key: "erasing_since", Value: 1}}, sparse: true},
		}},
		{name: records, retired: []string{"by_activity"}, shardKey: bson.D{{Key: "institution", Value: 1}, {Key: "learner", Value: 1}}, indexes: []index{
			inOrder("by_last_activity", "active_at", -1, carried()),
			inOrder("by_completion", "completed_key", -1, carried()),
			inOrder("by_name", "name_key", 1, carried()),
			inOrder("by_score", "score_key", -1, carried()),
			inOrder("by_change", "changed_at", 1, nil),
			// What is counted of an institution is read here and nowhere else.
			{name: "by_kind", keys: ofKind()},
			{name: "by_forgetting", keys: bson.D{{Key: "forget_at", Value: 1}}, sparse: true},
			{name: "by_id", keys: bson.D{{Key: "institution", Value: 1}, {Key: "_id", Value: 1}}},
			{name: "by_learner", keys: bson.D{{Key: "learner", Value: 1}, {Key: "active_at", Value: -1}, {Key: "_id", Value: -1}}},
			{name: "by_certificate", keys: bson.D{{Key: "completion.certificate", Value: 1}}, sparse: true},
			// Of a learner's records one alone has an attempt.
			{name: "by_sent", keys: bson.D{{Key: "institution", Value: 1}, {Key: "learner", Value: 1}, {Key: "sent", Value: 1}}, unique: true},
			{name: byUntold, keys: bson.D{{Key: "told._id", Value: 1}}, sparse: true},
		}},
		{name: attempts, shardKey: bson.D{{Key: "institution", Value: 1}, {Key: "learner", Value: 1}}, indexes: []index{
			{name: "by_learner", keys: bson.D{{Key: "learner", Value: 1}, {Key: "id", Value: 1}}},
			{name: "by_record", keys: bson.D{{Key: "record", Value: 1}, {Key: "number", Value: 1}}},
		}},
		{name: workbooks, shardKey: bson.D{{Key: "learner", Value: 1}, {Key: "_id", Value: 1}}, indexes: []index{
			{name: "by_learner", keys: bson.D{{Key: "learner", Value: 1}, {Key: "_id", Value: 1}}},
		}},
		{name: parked, indexes: []index{
			{name: "by_learner", keys: bson.D{{Key: "learner", Value: 1}, {Key: "at", Value: 1}, {Key: "id", Value: 1}}},
		}},
		{name: events, shardKey: bson.D{{Key: "institution", Value: 1}, {Key: "_id", Value: 1}}, indexes: []index{
			// One for each way in which the trail is walked, the latest event first.
			{name: "by_time", keys: bson.D{{Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
			{name: "by_institution", keys: bson.D{{Key: "institution", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
			{name: "by_kind", keys: bson.D{{Key: "kind", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
			{name: "by_institution_and_kind", keys: bson.D{{Key: "institution", Value: 1}, {Key: "kind", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
			{name: "by_learner", keys: bson.D{{Key: "learner", Value: 1}, {Key: "at", Value: -1}, {Key: "_id", Value: -1}}},
		}},
		{name: once, indexes: []index{
			{name: "by_end", keys: bson.D{{Key: "until", Value: 1}}},
		}},
		{name: publications, indexes: []index{
			{name: "by_version", keys: bson.D{{Key: "versions.kind", Value: 1}, {Key: "versions.slug", Value: 1}, {Key: "versions.number", Value: 1}}},
			{name: byUntold, keys: bson.D{{Key: "told._id", Value: 1}}, sparse: true},
		}},
		{name: files, indexes: []index{
			{name: "by_place", keys: bson.D{{Key: "version", Value: 1}, {Key: "position", Value: 1}, {Key: "piece", Value: 1}}, unique: true},
		}},
		{name: offices, indexes: []index{
			{name: byUntold, keys: bson.D{{Key: "told._id", Value: 1}}, sparse: true},
		}},
		{name: state},
	}
}
