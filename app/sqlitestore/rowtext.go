package sqlitestore

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// rowText is a row in one column: a JSON array of texts, whole numbers and
// nulls, as SQLite's json_array writes it. The driver asks about as much for
// each column as SQLite asks for such an array, and package encoding/json asks
// more than both to take it apart.
//
// Its methods take the next value. After one has failed the others return
// nothing, and err says why.
type rowText struct {
	rest string
	err  error
}

// Scan implements [database/sql.Scanner].
func (r *rowText) Scan(src any) error {
	text, ok := src.(string)
	if !ok || !strings.HasPrefix(text, "[") {
		return fmt.Errorf("a column holds %T instead of a list", src)
	}
	r.rest = text[1:]
	return nil
}

// fail says that the next value is not what was expected. It does not say what
// it is, since that may be somebody's name.
func (r *rowText) fail(expected string) {
	if r.err == nil {
		r.err = fmt.Errorf("a row does not hold %s where one was expected", expected)
	}
	r.rest = ""
}

// text takes a text.
func (r *rowText) text() string {
	if !strings.HasPrefix(r.rest, `"`) {
		r.fail("a text")
		return ""
	}
	end := 1 + strings.IndexByte(r.rest[1:], '"')
	plain := r.rest[1:max(end, 1)]
	if end == 0 || strings.IndexByte(plain, '\\') >= 0 {
		return r.escapedText()
	}
	r.skip(end + 1)
	return plain
}

// escapedText takes a text in which something is escaped.
func (r *rowText) escapedText() string {
	var s string
	d := json.NewDecoder(strings.NewReader(r.rest))
	err := d.Decode(&s)
	if err != nil {
		r.fail("a text")
		return ""
	}
	r.skip(int(d.InputOffset()))
	return s
}

// number takes a whole number, or returns false for null.
func (r *rowText) number() (int64, bool) {
	end := strings.IndexAny(r.rest, ",]")
	if end < 0 {
		r.fail("a number")
		return 0, false
	}
	digits := r.rest[:end]
	if digits == "null" {
		r.skip(end)
		return 0, false
	}
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		r.fail("a number")
		return 0, false
	}
	r.skip(end)
	return n, true
}

// skip goes on after the value that ends at end, and the comma that follows.
func (r *rowText) skip(end int) { r.rest = strings.TrimPrefix(r.rest[end:], ",") }

// whole takes a number that is always there.
func (r *rowText) whole() int {
	n, ok := r.number()
	if !ok {
		r.fail("a number")
	}
	return int(n)
}

// percent takes a score.
func (r *rowText) percent() *int {
	n, ok := r.number()
	if !ok {
		return nil
	}
	score := int(n)
	return &score
}

// time takes a time.
func (r *rowText) time() time.Time {
	n, _ := r.number()
	return time.UnixMilli(n).UTC()
}

// end returns what went wrong, if anything did.
func (r *rowText) end() error {
	if r.rest != "]" {
		r.fail("an end")
	}
	return r.err
}
