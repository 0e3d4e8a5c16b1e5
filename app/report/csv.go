// Package report writes records for other systems to take.
package report

import (
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"
	"time"

	"first5/app"
)

// Columns are the record columns in their order. Other systems rely on both.
func Columns() []string {
	return []string{
		"record_id", "institution", "learner_id", "subject", "name", "email", "npi",
		"program", "module", "title", "edition", "version",
		"status", "score", "attempts", "started_at", "completed_at", "certificate_id",
	}
}

// bom makes spreadsheets read a file as UTF-8.
const bom = "\ufeff"

// WriteCSV writes records as RFC 4180 in UTF-8 with a byte-order mark, and
// returns how many. A record whose certificate was withdrawn has no
// certificate_id: the rest of it stays, but nothing in it proves a completion. It keeps no more than one record in memory. An error, of the
// records or of w, leaves the file cut off: the caller must let that be seen.
func WriteCSV(w io.Writer, records iter.Seq2[app.Record, error]) (int, error) {
	n, err := writeCSV(w, Columns(), records, row)
	if err != nil {
		return n, fmt.Errorf("writing records: %w", err)
	}
	return n, nil
}

// writeCSV writes a line for each thing, after one with the columns.
func writeCSV[T any](w io.Writer, columns []string, all iter.Seq2[T, error], cells func(T) []string) (int, error) {
	_, err := io.WriteString(w, bom)
	if err != nil {
		return 0, err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	err = out.Write(columns)
	if err != nil {
		return 0, err
	}
	n := 0
	for one, err := range all {
		if err != nil {
			return n, fmt.Errorf("reading them: %w", err)
		}
		line := cells(one)
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

func row(r app.Record) []string {
	completedAt, certificate := "", ""
	if c := r.Completion; c != nil {
		completedAt, certificate = timestamp(c.At), string(c.Certificate)
	}
	if r.Withdrawn != nil {
		certificate = ""
	}
	score := ""
	if r.Score != nil {
		score = strconv.Itoa(*r.Score)
	}
	return []string{
		string(r.ID), string(r.Institution), string(r.Learner), r.Subject, r.Name, r.Email, r.NPI,
		r.Program, r.Module, r.Title, r.Edition, strconv.Itoa(r.Version),
		string(r.Status()), score, strconv.Itoa(r.Attempts), timestamp(r.StartedAt), completedAt, certificate,
	}
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// harmless returns a cell that no spreadsheet runs as a formula, on one line.
// The apostrophe is what spreadsheets themselves put before such a text.
func harmless(cell string) string {
	cell = strings.Map(func(r rune) rune {
		switch r {
		case '\r', '\n', '\t', '\v', '\f', '\u0085', '\u2028', '\u2029':
			return ' '
		}
		return r
	}, cell)
	// A leading blank does not keep a spreadsheet from seeing a formula.
	if trimmed := strings.TrimLeft(cell, " \u00a0"); trimmed != "" && strings.ContainsRune("=+-@＝＋－＠", []rune(trimmed)[0]) {
		return "'" + cell
	}
	return cell
}
