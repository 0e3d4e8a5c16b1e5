package report

import "unicode/utf8"

// mostCellText is how long a text in a cell may be, in UTF-16 units: longer ones
// no spreadsheet opens.
const mostCellText = 32767

// appendXML adds a text for a cell. What XML can't hold is written as workbooks
// do, as _x0000_ with its number, and what looks like that is kept from being
// read so. A text that is too long for a cell ends in an ellipsis.
func appendXML(b []byte, s string) []byte {
	length, room := 0, len(b)
	for i, r := range s {
		var units int
		b, units = appendRune(b, s[i:], r)
		length += units
		if length < mostCellText { // an ellipsis still fits behind it
			room = len(b)
		}
		if length > mostCellText {
			return append(b[:room], "…"...)
		}
	}
	return b
}

// appendRune adds the first rune of rest, and returns how many UTF-16 units it
// takes in the cell.
func appendRune(b []byte, rest string, r rune) ([]byte, int) {
	switch {
	case r == '&':
		return append(b, "&amp;"...), 1
	case r == '<':
		return append(b, "&lt;"...), 1
	case r == '>':
		return append(b, "&gt;"...), 1
	case r == '_' && isEscape(rest):
		return append(b, "_x005F_"...), len("_x005F_")
	case r < ' ' && r != '\n' && r != '\t' || r == '\ufffe' || r == '\uffff':
		return append(b, '_', 'x', hexLarge[r>>12&0xf], hexLarge[r>>8&0xf], hexLarge[r>>4&0xf], hexLarge[r&0xf], '_'), len("_x0000_")
	case r > '\uffff':
		return utf8.AppendRune(b, r), 2
	}
	return utf8.AppendRune(b, r), 1
}

const hexLarge = "0123456789ABCDEF"

// isEscape says whether a text begins like _x0000_.
func isEscape(s string) bool {
	if len(s) < len("_x0000_") || s[1] != 'x' || s[6] != '_' {
		return false
	}
	for _, c := range []byte(s[2:6]) {
		if !('0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F') {
			return false
		}
	}
	return true
}
