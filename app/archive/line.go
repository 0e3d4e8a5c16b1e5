package archive

import (
	"bytes"
	"encoding/json"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
)

const (
	// format is the version of the lines. A program refuses a later one by name.
	//
	// 1 had no workbooks, no credit and no withdrawn certificates. 2 had no offices,
	// and nobody who was erased, and did not say when a record changed, by which
	// attempt it was completed and why it was waived. Those of their lines that
	// there are, are the same.
	format = 3

	// largestFile is how large a file of a version may be in a backup, far beyond
	// what may be published.
	largestFile = 64 << 20

	// longestLine has room for such a file in base64, and its names.
	longestLine = largestFile/3*4 + 1<<20
)

// The lines of a backup that hold no [Item].
type (
	// header is the first line.
	header struct {
		First5 headerFields `bson:"first5"`
	}
	headerFields struct {
		Backup  int       `bson:"backup"` // the format
		At      time.Time `bson:"at"`
		Program string    `bson:"program"`
		Store   string    `bson:"store"`
	}
	// closing follows the items of a kind.
	closing struct {
		Kind   Kind   `bson:"kind"`
		Items  int    `bson:"items"`
		SHA256 string `bson:"sha256"`
	}
	// ending is the last line: of all lines before it.
	ending struct {
		SHA256 string `bson:"sha256"`
	}
)

// since returns the format from which on files hold a kind.
func since(kind Kind) int {
	switch kind {
	case Workbooks:
		return 2
	case Offices:
		return 3
	}
	return 1
}

// since returns the format from which on there are lines such as the item's.
func (i Item) since() int {
	switch {
	case i.Record != nil:
		return i.Record.since()
	case i.Person != nil && !i.Person.ErasedAt.IsZero():
		return 3
	}
	return since(i.Kind)
}

func (r *Record) since() int {
	c := r.Completion
	switch {
	case !r.ChangedAt.IsZero(), r.Former, !r.ForgetAt.IsZero(), c != nil && (c.Attempt != "" || c.Reason != ""):
		return 3
	case r.Withdrawn != nil, c != nil && c.Credit != "":
		return 2
	}
	return 1
}

// encode makes the line of a value, with its line break: MongoDB's extended JSON,
// relaxed, the fields in the order of the struct. One value has one line, so
// that values are equal if their lines are.
func encode(to *bytes.Buffer, value any) error {
	to.Reset()
	e := bson.NewEncoder(bson.NewExtJSONValueWriter(to, false, false))
	e.NilSliceAsEmpty()
	e.NilByteSliceAsEmpty()
	return e.Encode(value)
}

// errForeign says that a line is not as [encode] makes it.
var errForeign = errors.New("it is not as First5 writes it")

// decode reads a line, which must be the one that [encode] makes of the value:
// whatever this program would not give back is refused, not dropped. again is
// room for making that line.
func decode(line []byte, value any, again *bytes.Buffer) error {
	err := read(line, value)
	if err != nil {
		return err
	}
	err = encode(again, value)
	if err != nil || !bytes.Equal(again.Bytes(), line) {
		return errForeign
	}
	return nil
}

// read reads a line into a value, without regard to what the value does not know.
//
// The driver's reader trusts that its input is JSON: of what breaks off it may
// read on for ever, so that is looked at before. It goes by way of a whole
// document for the same reason.
func read(line []byte, value any) error {
	if !json.Valid(line) {
		return errForeign
	}
	var document bson.Raw
	err := bson.UnmarshalExtJSON(line, false, &document)
	if err != nil {
		return errForeign
	}
	err = bson.Unmarshal(document, value)
	if err != nil {
		return errForeign
	}
	return nil
}

// check makes sure that the field of the item's kind is set, and no other.
func (i Item) check(kind Kind) error {
	set := map[Kind]bool{
		Publications: i.Publication != nil, Files: i.File != nil, People: i.Person != nil, Records: i.Record != nil,
		Workbooks: i.Workbook != nil, ParkedAnswers: i.Parked != nil, Offices: i.Office != nil, OnceKeys: i.Once != nil, Events: i.Event != nil,
	}
	for k, is := range set {
		if is != (k == kind) {
			return errForeign
		}
	}
	if i.Kind != kind {
		return errForeign
	}
	return nil
}
