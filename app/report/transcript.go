package report

import (
	"fmt"
	"io"
	"iter"
	"strconv"

	"first5/app"
)

// TranscriptColumns are the columns of a learner's transcript in their order.
func TranscriptColumns() []string {
	return []string{
		"name", "institution", "program", "module", "title", "edition", "version", "status", "score",
		"completed_at", "certificate_id", "certificate_address", "withdrawn_at",
	}
}

// WriteTranscript writes completed records as CSV, as a [File] has records, each
// as its certificate shows it. certificates is what the address of each certificate
// begins with, before its id.
func WriteTranscript(w io.Writer, completed iter.Seq[app.Record], certificates string) (int, error) {
	all := func(yield func(app.Record, error) bool) {
		for r := range completed {
			if r.Completion != nil && !yield(r, nil) {
				return
			}
		}
	}
	table := csvTable[app.Record]{columns: TranscriptColumns(), cells: func(r *app.Record) []string { return transcriptRow(r, certificates) }}
	n, err := table.write(w, all)
	if err != nil {
		return n, fmt.Errorf("writing a transcript: %w", err)
	}
	return n, nil
}

func transcriptRow(r *app.Record, certificates string) []string {
	c := r.Completion
	score, withdrawn, address := "", "", ""
	if c.Score != nil {
		score = strconv.Itoa(*c.Score)
	}
	if r.Withdrawn != nil {
		withdrawn = timestamp(r.Withdrawn.At)
	}
	if c.Certificate != "" {
		address = certificates + string(c.Certificate)
	}
	return []string{
		c.Name, c.Institution, r.Program, r.Module, c.Title, r.Edition, strconv.Itoa(c.Version), string(c.Status), score,
		timestamp(c.At), string(c.Certificate), address, withdrawn,
	}
}
