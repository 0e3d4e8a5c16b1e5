package report

import (
	"bufio"
	"iter"
	"strconv"
	"unicode/utf8"

	"first5/app"
)

// writeLines writes records as JSON Lines: each an object, on a line of its own.
func writeLines(out *bufio.Writer, records iter.Seq2[app.Record, error]) (int, error) {
	columns := Columns()
	var b []byte
	return each(records, func(r *app.Record) error {
		first := b == nil
		b = append(AppendJSON(b[:0], columns, *r), '\n')
		_, err := out.Write(b)
		if err == nil && first { // whoever waits sees that the file has begun
			err = out.Flush()
		}
		return err
	})
}

// AppendJSON adds to b the columns of a record as one JSON object on one line, in
// their order: numbers as numbers, times as in RFC 3339, and what is empty as
// null.
func AppendJSON(b []byte, columns []Column, r app.Record) []byte {
	for i, c := range columns {
		between := byte(',')
		if i == 0 {
			between = '{'
		}
		b = append(b, between)
		b = append(appendString(b, c.Name), ':')
		b = c.cell(&r).appendJSON(b, c.Type)
	}
	return append(b, '}')
}

func (c cell) appendJSON(b []byte, as Type) []byte {
	switch {
	case c.empty:
		return append(b, "null"...)
	case as == Number:
		return strconv.AppendInt(b, int64(c.number), 10)
	}
	return appendString(b, c.written(as))
}

const hexDigits = "0123456789abcdef"

// appendString adds a text as JSON. It does what encoding/json does, but for
// what is special in HTML, at a fraction of the cost.
func appendString(b []byte, s string) []byte {
	b = append(b, '"')
	begin := 0
	for i := 0; i < len(s); {
		c := s[i]
		if c >= ' ' && c < utf8.RuneSelf && c != '"' && c != '\\' {
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if size > 1 && r != '\u2028' && r != '\u2029' {
			i += size
			continue
		}
		b = append(b, s[begin:i]...)
		b = appendEscaped(b, r)
		i += size
		begin = i
	}
	b = append(b, s[begin:]...)
	return append(b, '"')
}

// appendEscaped adds what can't stand in a JSON text as it is; what is no UTF-8
// comes as the rune that says so.
func appendEscaped(b []byte, r rune) []byte {
	switch r {
	case '"', '\\':
		return append(b, '\\', byte(r))
	case '\n':
		return append(b, '\\', 'n')
	case '\r':
		return append(b, '\\', 'r')
	case '\t':
		return append(b, '\\', 't')
	}
	return append(b, '\\', 'u', hexDigits[r>>12&0xf], hexDigits[r>>8&0xf], hexDigits[r>>4&0xf], hexDigits[r&0xf])
}
