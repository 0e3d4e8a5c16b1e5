package report

import (
	"fmt"
	"strconv"
	"time"
)

const definitionsHead = `<worksheet xmlns="` + mainNamespace + `"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>` +
	`<sheetViews><sheetView workbookViewId="0"/></sheetViews><cols><col min="1" max="1" width="18" customWidth="1"/>` +
	`<col min="2" max="2" width="90" customWidth="1"/><col min="3" max="3" width="24" customWidth="1"/></cols><sheetData>`

// definitions writes what the file is, and what each column means. It comes after
// the records, and so knows how many there are.
func (b *workbook) definitions() error {
	w, err := b.create("xl/" + definitionsPath)
	if err != nil {
		return err
	}
	d := definitions{line: []byte(xmlHead + definitionsHead)}
	d.say(styleTitle, "Records of "+b.file.Institution)
	d.say(styleProse, "Made", b.file.MadeAt.UTC().Format(time.DateTime)+" UTC")
	d.say(styleProse, "Filter", b.filter())
	d.count("Records", b.records())
	d.say(styleProse, "Long texts", "A text of more than 32,767 characters, which is all that a cell holds, is cut and ends in an ellipsis. The CSV and JSON Lines files have it whole.")
	if len(b.sheets) > 1 {
		d.say(styleProse, "Sheets", fmt.Sprintf("One sheet can’t hold all the records. They go on from “Records” to “%s”.", sheetName(len(b.sheets))))
	}
	d.say(styleProse)
	d.say(styleHead, "Column", "What it means", "Type")
	for _, c := range b.columns {
		d.say(styleProse, c.Name, c.Meaning, typeName(c.Type))
	}
	_, err = w.Write(append(d.line, `</sheetData>`+sheetPrint+`</worksheet>`...))
	return err
}

// filter says what the records were narrowed to.
func (b *workbook) filter() string {
	if b.file.Filter == "" {
		return "None: all records of the institution."
	}
	return b.file.Filter
}

// records returns how many there are on all sheets.
func (b *workbook) records() int {
	n := 0
	for _, some := range b.sheets {
		n += some
	}
	return n
}

func typeName(t Type) string {
	switch t {
	case Number:
		return "whole number"
	case Time:
		return "date and time, UTC"
	}
	return "text"
}

// definitions is the sheet of that name while it is being written.
type definitions struct {
	line []byte
	row  int
}

// say adds a row of texts.
func (d *definitions) say(s style, texts ...string) {
	d.row++
	d.line = fmt.Appendf(d.line, `<row r="%d">`, d.row)
	for i, text := range texts {
		d.line = appendText(d.line, i, d.row, s, text)
	}
	d.line = append(d.line, "</row>"...)
}

// count adds a row with how many there are of something.
func (d *definitions) count(of string, n int) {
	d.row++
	d.line = fmt.Appendf(d.line, `<row r="%d">`, d.row)
	d.line = appendText(d.line, 0, d.row, styleProse, of)
	d.line = appendNumber(d.line, 1, d.row, styleCount, strconv.Itoa(n))
	d.line = append(d.line, "</row>"...)
}
