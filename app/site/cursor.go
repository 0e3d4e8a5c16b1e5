package site

import (
	"encoding/base64"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"first5/app"
	"first5/web"
)

// writeCursor writes a place in a list as a part of an address.
func writeCursor(at time.Time, id string) string {
	return strconv.FormatInt(at.UnixMilli(), 10) + "." + id
}

// readCursor reads where the list with that address goes on: zero values are its
// beginning.
func readCursor(written, list string) (at time.Time, id string, err error) {
	if written == "" {
		return time.Time{}, "", nil
	}
	ms, id, ok := strings.Cut(written, ".")
	since, err := strconv.ParseInt(ms, 10, 64)
	if !ok || err != nil {
		return time.Time{}, "", noPlace(list)
	}
	return time.UnixMilli(since).UTC(), id, nil
}

func noPlace(list string) error {
	return filterProblem(list, web.T("The address does not say where the list goes on. Begin at its start."))
}

// writeRecordCursor writes a place in a listing of records in an order. It is only
// a place: whoever follows it gets what they may see, from there on.
func writeRecordCursor(o app.Order, c app.Cursor) string {
	key := ""
	switch o.By {
	case app.OrderName:
		key = base64.RawURLEncoding.EncodeToString([]byte(c.Text))
	case app.OrderScore:
		key = strconv.Itoa(c.Number)
	default:
		if !c.At.IsZero() {
			key = strconv.FormatInt(c.At.UnixMilli(), 10)
		}
	}
	return orderMark(o) + "." + key + "." + string(c.ID)
}

// orderMark tells the cursors of one order from those of another.
func orderMark(o app.Order) string {
	mark := string(o.By)
	if o.By == app.OrderActivity {
		mark = web.SortByActivity
	}
	if o.Up {
		mark += "-up"
	}
	return mark
}

// readRecordCursor reads where a listing of records in an order goes on. The
// cursor of another order is refused: it would leave out records, and nobody would
// see which.
func readRecordCursor(written string, o app.Order, list string) (app.Cursor, error) {
	if written == "" {
		return app.Cursor{}, nil
	}
	mark, rest, _ := strings.Cut(written, ".")
	key, id, whole := strings.Cut(rest, ".")
	if !whole || id == "" || !utf8.ValidString(id) {
		return app.Cursor{}, noPlace(list)
	}
	if mark != orderMark(o) {
		return app.Cursor{}, filterProblem(list, web.T("The address goes on with a list that was sorted otherwise. Begin at the start of the list."))
	}
	c, ok := cursorAt(o.By, key)
	if !ok {
		return app.Cursor{}, noPlace(list)
	}
	c.ID = app.RecordID(id)
	return c, nil
}

// cursorAt reads the key of a place in an order.
func cursorAt(by app.OrderKey, key string) (app.Cursor, bool) {
	switch by {
	case app.OrderName:
		text, err := base64.RawURLEncoding.DecodeString(key)
		return app.Cursor{Text: string(text)}, err == nil && utf8.Valid(text)
	case app.OrderScore:
		number, err := strconv.Atoi(key)
		return app.Cursor{Number: number}, err == nil
	}
	if key == "" {
		return app.Cursor{}, true
	}
	ms, err := strconv.ParseInt(key, 10, 64)
	return app.Cursor{At: time.UnixMilli(ms).UTC()}, err == nil
}
