package report

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"slices"
	"time"

	"first5/app"
)

// Format is what a file of records is written in. It is also the file's
// extension.
type Format string

// The formats.
const (
	CSV       Format = "csv"
	Workbook  Format = "xlsx"
	JSONLines Format = "jsonl"
	XAPI      Format = "xapi.jsonl"
)

// Formats returns all of them, in the order in which pages offer them.
func Formats() []Format { return []Format{CSV, Workbook, JSONLines, XAPI} }

// Known says whether f is one of the formats.
func (f Format) Known() bool { return slices.Contains(Formats(), f) }

// MediaType returns the content type of files in the format. That of JSON Lines
// is registered nowhere; it is the one that the OpenAPI Initiative lists.
func (f Format) MediaType() string {
	switch f {
	case CSV:
		return "text/csv; charset=utf-8; header=present"
	case Workbook:
		return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	}
	return "application/jsonl"
}

// File says what a file of records is to be.
type File struct {
	Format Format
	Plain  bool // CSV without a byte-order mark: for programs, and not for spreadsheets

	// What a workbook says of itself.
	MadeAt      time.Time
	Institution string // its name
	Filter      string // in words; empty: all records

	// What xAPI statements need to name people and activities.
	BaseURL string
	Issuer  string // of the institution's single sign-on

	sheetRows int // of records in one sheet of a workbook; 0: as many as it can hold
}

// sendingAtOnce is how many bytes of a file are gathered before they are sent.
const sendingAtOnce = 32 << 10

// Write writes records as the file is to be, and returns how many rows it has: of
// xAPI, how many statements. It keeps no more than some of them in memory, and
// writes the beginning of the file before it asks for the first one. An error, of
// the records or of w, leaves the file cut off: the caller must let that be seen.
func (f File) Write(w io.Writer, records iter.Seq2[app.Record, error]) (int, error) {
	out := bufio.NewWriterSize(w, sendingAtOnce)
	n, err := f.write(out, records)
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		return n, fmt.Errorf("writing records: %w", err)
	}
	return n, nil
}

func (f File) write(out *bufio.Writer, records iter.Seq2[app.Record, error]) (int, error) {
	switch f.Format {
	case CSV:
		return f.writeCSV(out, records)
	case Workbook:
		return f.writeWorkbook(out, records)
	case JSONLines:
		return writeLines(out, records)
	case XAPI:
		return f.writeStatements(out, records)
	}
	return 0, fmt.Errorf("there is no format %q", f.Format)
}

// each does something with every record, and returns how many there were.
func each(records iter.Seq2[app.Record, error], do func(*app.Record) error) (int, error) {
	n := 0
	for r, err := range records {
		if err != nil {
			return n, fmt.Errorf("reading them: %w", err)
		}
		err = do(&r)
		if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}
