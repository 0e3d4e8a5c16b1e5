// Package archive moves everything that a store holds: into another store, or
// into one portable file and back.
//
// A file is lines of MongoDB's extended JSON, compressed, with checksums; see
// [Write]. Moved data is compared by the same lines: what two stores hold is
// equal if the lines of every kind are.
package archive

import (
	"context"
	"iter"
)

// Kind is one sort of item.
type Kind string

// The kinds of item.
const (
	ParkedAnswers Kind = "parked"
	Records       Kind = "record"
	Workbooks     Kind = "workbook"
	Offices       Kind = "office"
	OnceKeys      Kind = "once"
	Events        Kind = "event"
	People        Kind = "person"
	Publications  Kind = "publication"
	Files         Kind = "file"
)

// Kinds returns all kinds, in the order in which they are read and put. A store
// may go on working while it is read: what an item names was there before the
// item, so a kind that is read later has it. Answers that are counted meanwhile
// are read as parked, as an attempt or as both, and so never lost. Events come
// after all that they tell of. Files alone are of publications read before them,
// and those of none that was read are left out.
func Kinds() []Kind {
	return []Kind{ParkedAnswers, Records, Workbooks, Offices, OnceKeys, Events, People, Publications, Files}
}

// Item is one thing that a store holds. The field of its kind is set, and no
// other.
type Item struct {
	Kind        Kind         `bson:"kind"`
	Publication *Publication `bson:"publication,omitempty"`
	File        *File        `bson:"file,omitempty"`
	Person      *Person      `bson:"person,omitempty"`
	Record      *Record      `bson:"record,omitempty"`
	Workbook    *Workbook    `bson:"workbook,omitempty"`
	Parked      *Parked      `bson:"parked,omitempty"`
	Office      *Office      `bson:"office,omitempty"`
	Once        *Once        `bson:"once,omitempty"`
	Event       *Event       `bson:"event,omitempty"`
}

// Store is what moving needs of a store, beside [app.Store]. Items of one key
// are the same thing: to put one again replaces it.
type Store interface {
	// Items yields all items of a kind, ordered by key, byte by byte, in constant
	// memory. An error is the last thing that it yields: without one, nothing is
	// missing. Parked answers that are counted are attempts alone.
	Items(ctx context.Context, kind Kind) iter.Seq2[Item, error]

	// Put adds or replaces items, all of one kind, whether or not what they name is
	// there yet. When it returns nil they are durable. Answers that an attempt
	// counts are no longer parked, whichever of the two is put first.
	Put(ctx context.Context, items []Item) error

	// Empty says whether the store holds no item.
	Empty(ctx context.Context) (bool, error)

	// Clear removes every item.
	Clear(ctx context.Context) error

	// Unfinished returns what was begun to be moved into the store and has not
	// been finished, as SetUnfinished was told; empty if nothing. Such a store is
	// not fit to be served from.
	Unfinished(ctx context.Context) (string, error)

	// SetUnfinished remembers what is being moved into the store, or with an empty
	// text that it is done. Clear does not change it.
	SetUnfinished(ctx context.Context, what string) error
}
