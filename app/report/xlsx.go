package report

import (
	"archive/zip"
	"bufio"
	"compress/flate"
	"fmt"
	"io"
	"iter"
	"strconv"
	"time"

	"first5/app"
)

// mostSheetRows is how many rows a sheet holds under the one with the columns: no
// spreadsheet takes more.
const mostSheetRows = 1<<20 - 1

// workbook writes an Office Open XML workbook to a stream, with no more than a
// part of a row in memory. So every sheet comes before what tells of it: how
// many rows it has, and the list of the sheets.
type workbook struct {
	file    File
	columns []Column
	out     *bufio.Writer
	zip     *zip.Writer

	sheet  io.Writer // the one that is being written
	sheets []int     // how many records each has
	line   []byte
}

// writeWorkbook writes records as a workbook: sheets of them, and one that says
// what each column means.
func (f File) writeWorkbook(out *bufio.Writer, records iter.Seq2[app.Record, error]) (int, error) {
	if f.sheetRows == 0 {
		f.sheetRows = mostSheetRows
	}
	b := &workbook{file: f, columns: Columns(), out: out, zip: zip.NewWriter(out)}
	b.zip.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) {
		return flate.NewWriter(w, flate.BestSpeed) // what is repetitive grows small so, too, and nobody waits
	})
	err := b.begin()
	if err != nil {
		return 0, err
	}
	n, err := each(records, b.record)
	if err != nil {
		return n, err
	}
	return n, b.end()
}

// begin writes what does not depend on the records, and sends it.
func (b *workbook) begin() error {
	for _, p := range [][2]string{{"[Content_Types].xml", contentTypes}, {"_rels/.rels", packageParts}, {"xl/styles.xml", styles()}} {
		err := b.part(p[0], p[1])
		if err != nil {
			return err
		}
	}
	err := b.beginSheet()
	if err != nil {
		return err
	}
	err = b.zip.Flush()
	if err != nil {
		return err
	}
	return b.out.Flush()
}

// part writes a small part of the workbook.
func (b *workbook) part(name, content string) error {
	w, err := b.create(name)
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, xmlHead+content)
	return err
}

func (b *workbook) create(name string) (io.Writer, error) {
	return b.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: b.file.MadeAt})
}

// beginSheet begins the next sheet of records.
func (b *workbook) beginSheet() error {
	var err error
	b.sheets = append(b.sheets, 0)
	b.sheet, err = b.create("xl/" + sheetPath(len(b.sheets)))
	if err != nil {
		return err
	}
	b.line = append(b.line[:0], xmlHead+sheetHead(len(b.sheets) == 1)...)
	for i, c := range b.columns {
		b.line = fmt.Appendf(b.line, `<col min="%d" max="%[1]d" width="%d" customWidth="1"/>`, i+1, c.width)
	}
	b.line = append(b.line, `</cols><sheetData><row r="1">`...)
	for i, c := range b.columns {
		b.line = appendText(b.line, i, 1, styleHead, c.Name)
	}
	b.line = append(b.line, "</row>"...)
	_, err = b.sheet.Write(b.line)
	return err
}

// endSheet ends the sheet that is being written.
func (b *workbook) endSheet() error {
	_, err := fmt.Fprintf(b.sheet, `</sheetData><autoFilter ref="%s"/>%s</worksheet>`, b.filtered(len(b.sheets)-1, ""), sheetPrint)
	return err
}

// filtered returns the cells of a sheet of records; absolute is "$" where a
// formula names them.
func (b *workbook) filtered(sheet int, absolute string) string {
	return fmt.Sprintf("%[1]sA%[1]s1:%[1]s%[2]s%[1]s%[3]d", absolute, letters(len(b.columns)-1), b.sheets[sheet]+1)
}

// record writes a record, on a sheet of its own if the one before is full.
func (b *workbook) record(r *app.Record) error {
	if b.sheets[len(b.sheets)-1] == b.file.sheetRows {
		err := b.endSheet()
		if err != nil {
			return err
		}
		err = b.beginSheet()
		if err != nil {
			return err
		}
	}
	b.sheets[len(b.sheets)-1]++
	row := b.sheets[len(b.sheets)-1] + 1
	b.line = append(strconv.AppendInt(append(b.line[:0], `<row r="`...), int64(row), 10), `">`...)
	for i, c := range b.columns {
		b.line = appendCell(b.line, i, row, c.Type, c.cell(r))
	}
	b.line = append(b.line, "</row>"...)
	_, err := b.sheet.Write(b.line)
	return err
}

// end writes what tells of the sheets.
func (b *workbook) end() error {
	err := b.endSheet()
	if err != nil {
		return err
	}
	for _, write := range []func() error{b.definitions, b.list, b.parts, b.zip.Close} {
		err := write()
		if err != nil {
			return err
		}
	}
	return nil
}

// appendCell adds a cell, or nothing where it is empty.
func appendCell(b []byte, column, row int, as Type, c cell) []byte {
	switch {
	case c.empty:
		return b
	case as == Number:
		return appendNumber(b, column, row, styleNumber, strconv.Itoa(c.number))
	case as == Time:
		serial, ok := serialDay(c.at)
		if ok {
			return appendNumber(b, column, row, styleTime, serial)
		}
	}
	return appendText(b, column, row, styleText, c.written(as))
}

// serialDay returns a time as spreadsheets count it: in days, with parts of them.
// They know no others than those of four digits' years after 1900.
func serialDay(t time.Time) (string, bool) {
	const day = 24 * 60 * 60 * 1000 // milliseconds
	since := t.UnixMilli() - time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).UnixMilli()
	if year := t.UTC().Year(); year <= 1900 || year > 9999 {
		return "", false
	}
	return strconv.FormatFloat(float64(since)/day, 'f', -1, 64), true
}

func appendNumber(b []byte, column, row int, s style, n string) []byte {
	b = append(appendPlace(b, column, row, s), `><v>`...)
	return append(append(b, n...), `</v></c>`...)
}

// appendText adds a cell with a text, which no spreadsheet takes for anything
// else: neither for a number nor for a formula.
func appendText(b []byte, column, row int, s style, text string) []byte {
	b = append(appendPlace(b, column, row, s), ` t="inlineStr"><is><t xml:space="preserve">`...)
	return append(appendXML(b, text), `</t></is></c>`...)
}

func appendPlace(b []byte, column, row int, s style) []byte {
	b = append(append(b, `<c r="`...), letters(column)...)
	b = append(strconv.AppendInt(b, int64(row), 10), `" s="`...)
	return append(strconv.AppendInt(b, int64(s), 10), '"')
}

// letters returns what spreadsheets call a column: A, B, … There are fewer than
// 27.
func letters(column int) string { return string(rune('A' + column)) }
