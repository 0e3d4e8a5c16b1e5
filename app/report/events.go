package report

import (
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"first5/app"
)

// EventColumns are the columns of the audit trail in their order.
func EventColumns() []string {
	return []string{"event_id", "at", "institution", "event", "learner_id", "subject", "name", "details"}
}

// WriteEvents writes events as CSV, as a [File] has records. The details are one
// cell, like "file=records.csv; rows=12".
func WriteEvents(w io.Writer, events iter.Seq2[app.Event, error]) (int, error) {
	n, err := csvTable[app.Event]{columns: EventColumns(), cells: eventRow}.write(w, events)
	if err != nil {
		return n, fmt.Errorf("writing events: %w", err)
	}
	return n, nil
}

func eventRow(e *app.Event) []string {
	var details []string
	for _, name := range slices.Sorted(maps.Keys(e.Details)) {
		details = append(details, name+"="+e.Details[name])
	}
	return []string{
		string(e.ID), timestamp(e.At), string(e.Institution), string(e.Kind), string(e.Learner), e.Subject, e.Name,
		strings.Join(details, "; "),
	}
}
