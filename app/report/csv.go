// Package report writes records for other systems to take.
package report

import (
	"bufio"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode"

	"first5/app"
)

// bom makes spreadsheets read a file as UTF-8.
const bom = "\ufeff"

// writeCSV writes records as RFC 4180 in UTF-8.
func (f File) writeCSV(out *bufio.Writer, records iter.Seq2[app.Record, error]) (int, error) {
	columns := Columns()
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.Name
	}
	line := make([]string, len(columns))
	table := csvTable[app.Record]{columns: names, plain: f.Plain, cells: func(r *app.Record) []string {
		for i, c := range columns {
			line[i] = c.cell(r).written(c.Type)
		}
		return line
	}}
	return table.write(out, records)
}

// csvTable is how things of a kind are written as CSV.
type csvTable[T any] struct {
	columns []string
	plain   bool // without a byte-order mark
	cells   func(*T) []string
}

// write writes a line for each thing, after one with the columns.
func (t csvTable[T]) write(w io.Writer, all iter.Seq2[T, error]) (int, error) {
	if !t.plain {
		_, err := io.WriteString(w, bom)
		if err != nil {
			return 0, err
		}
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	err := out.Write(t.columns)
	if err != nil {
		return 0, err
	}
	out.Flush() // whoever waits sees that the file has begun
	n := 0
	for one, err := range all {
		if err != nil {
			return n, fmt.Errorf("reading them: %w", err)
		}
		line := t.cells(&one)
		for i, cell := range line {
			line[i] = harmless(cell)
		}
		err = out.Write(line)
		if err != nil {
			return n, err
		}
		n++
	}
	out.Flush()
	return n, out.Error()
}

// harmless returns a cell that no spreadsheet runs as a formula, on one line and
// without control characters. The apostrophe is what spreadsheets themselves put
// before such a text. A semicolon parts cells where the comma is a decimal one, so
// what stands behind it may become a cell too.
func harmless(cell string) string {
	cell = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return ' '
		}
		return r
	}, cell)
	parts := strings.Split(cell, ";")
	for i, part := range parts {
		if isFormula(part) {
			parts[i] = "'" + part
		}
	}
	return strings.Join(parts, ";")
}

// isFormula says whether a spreadsheet may take a text for a formula. What can't be
// seen before it does not keep it from that.
func isFormula(text string) bool {
	seen := strings.TrimLeftFunc(text, func(r rune) bool { return unicode.In(r, unicode.Zs, unicode.Cf) })
	return seen != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(seen)[0])
}
