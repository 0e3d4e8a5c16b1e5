package report

import (
	"strconv"
	"time"

	"first5/app"
)

// Column is one of the record columns: what every file and the API tell of a
// record.
type Column struct {
	Name     string
	Type     Type
	Optional bool   // it may be empty, or null
	Meaning  string // for whoever reads the records

	width int // in a workbook, in characters
	cell  func(*app.Record) cell
}

// Type is what a column holds, where a format has types.
type Type string

// The types.
const (
	Text   Type = "text"
	Number Type = "number" // whole
	Time   Type = "time"   // UTC, to the millisecond
)

// Columns returns the record columns in their order. Other systems rely on both.
func Columns() []Column {
	return append(append(personColumns(), moduleColumns()...), workColumns()...)
}

func personColumns() []Column {
	return []Column{
		{"record_id", Text, false, "The record: one person’s work on one edition of one module. It never changes and is never given twice.",
			34, func(r *app.Record) cell { return text(string(r.ID)) }},
		{"institution", Text, false, "The short name of the institution in First5.",
			16, func(r *app.Record) cell { return text(string(r.Institution)) }},
		{"learner_id", Text, false, "The person in First5. It stays the same for as long as the institution’s sign-in knows the person by the same subject, and also when they have left.",
			34, func(r *app.Record) cell { return text(string(r.Learner)) }},
		{"subject", Text, true, "What the institution’s sign-in calls the person, often a staff number. Empty once the person has left.",
			18, func(r *app.Record) cell { return text(r.Subject) }},
		{"name", Text, true, "The person’s name as at their last sign-in; once they have left, as on the day of the completion, for six years after it. Empty if the sign-in gave none.",
			28, func(r *app.Record) cell { return text(r.LearnerName()) }},
		{"email", Text, true, "The person’s e-mail address as at their last sign-in. Empty if the sign-in gave none, or the person has left.",
			32, func(r *app.Record) cell { return text(r.Email) }},
		{"npi", Text, true, "The person’s National Provider Identifier, ten digits. Empty if the sign-in gave none, or the person has left.",
			12, func(r *app.Record) cell { return text(r.NPI) }},
	}
}

func moduleColumns() []Column {
	return []Column{
		{"program", Text, false, "The short name of the programme that the module belonged to when the person began it.",
			20, func(r *app.Record) cell { return text(r.Program) }},
		{"module", Text, false, "The short name of the module, as in its address.",
			22, func(r *app.Record) cell { return text(r.Module) }},
		{"title", Text, false, "The title of the module, as in the version that the row names.",
			34, func(r *app.Record) cell { return text(r.Title) }},
		{"edition", Text, false, "The edition of the module, such as 2026. Each edition is completed for itself.",
			10, func(r *app.Record) cell { return text(r.Edition) }},
		{"version", Number, false, "The published version of the module that was completed; before that, the one that was begun.",
			9, func(r *app.Record) cell { return number(r.Version) }},
	}
}

func workColumns() []Column {
	return []Column{
		{"status", Text, false, "in_progress: begun and not complete. passed: the score reached the pass mark. read: every card was read, and nothing is graded. tested_out: passed before the cards were read. waived: a manager waived it.",
			13, func(r *app.Record) cell { return text(string(r.Status())) }},
		{"score", Number, true, "The best score of all attempts, in percent from 0 to 100. Empty where nothing was graded.",
			8, func(r *app.Record) cell { return percent(r.Score) }},
		{"attempts", Number, false, "How many times the person has sent in the module’s graded questions.",
			10, func(r *app.Record) cell { return number(r.Attempts) }},
		{"started_at", Time, false, "When the person began the module, or when it was waived, in UTC.",
			21, func(r *app.Record) cell { return moment(r.StartedAt) }},
		{"completed_at", Time, true, "When the person completed it, or a manager waived it, in UTC. Empty while it is in progress.",
			21, func(r *app.Record) cell { return completedAt(r) }},
		{"certificate_id", Text, true, "The certificate that proves the completion; whoever has the id can verify it. Empty while the record is in progress, for a waiver, and once the certificate was withdrawn.",
			34, func(r *app.Record) cell { return certificate(r) }},
	}
}

// cell is what a record has in a column: what the column's type says is set.
type cell struct {
	empty  bool
	text   string
	number int
	at     time.Time
}

func text(s string) cell { return cell{empty: s == "", text: s} }

func number(n int) cell { return cell{number: n} }

func moment(t time.Time) cell { return cell{empty: t.IsZero(), at: t.UTC()} }

func percent(n *int) cell {
	if n == nil {
		return cell{empty: true}
	}
	return number(*n)
}

func completedAt(r *app.Record) cell {
	if r.Completion == nil {
		return cell{empty: true}
	}
	return moment(r.Completion.At)
}

// certificate is empty where nothing proves the completion: the rest of a record
// whose certificate was withdrawn stays.
func certificate(r *app.Record) cell {
	if r.Completion == nil || r.Withdrawn != nil {
		return cell{empty: true}
	}
	return text(string(r.Completion.Certificate))
}

// written returns the cell of a column with that type as a text.
func (c cell) written(as Type) string {
	switch {
	case c.empty:
		return ""
	case as == Number:
		return strconv.Itoa(c.number)
	case as == Time:
		return timestamp(c.at)
	}
	return c.text
}

func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
