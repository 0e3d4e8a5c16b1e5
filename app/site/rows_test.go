package site_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/app"
)

const written = "2006-01-02T15:04:05.000Z"

// rowsOf returns what every file and answer should say of records, column by
// column.
func rowsOf(all []app.Record) [][]string {
	rows := [][]string{}
	for _, r := range all {
		score, completed, certificate := "", "", ""
		if r.Score != nil {
			score = strconv.Itoa(*r.Score)
		}
		if r.Completion != nil {
			completed = r.Completion.At.Format(written)
		}
		if r.Completion != nil && r.Withdrawn == nil {
			certificate = string(r.Completion.Certificate)
		}
		rows = append(rows, []string{
			string(r.ID), string(r.Institution), string(r.Learner), r.Subject, r.LearnerName(), r.Email, r.NPI,
			r.Program, r.Module, r.Title, r.Edition, strconv.Itoa(r.Version),
			string(r.Status()), score, strconv.Itoa(r.Attempts), r.StartedAt.Format(written), completed, certificate,
		})
	}
	return rows
}

// safe returns rows as a file for spreadsheets has them: each cell on one line, and
// nothing that is run.
func safe(rows [][]string) [][]string {
	all := [][]string{}
	for _, row := range rows {
		line := slices.Clone(row)
		for i, cell := range line {
			cell = strings.Map(func(r rune) rune {
				if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
					return ' '
				}
				return r
			}, cell)
			if seen := strings.TrimLeft(cell, " \u200b\u202e"); seen != "" && strings.Contains("=+-@", seen[:1]) {
				cell = "'" + cell
			}
			line[i] = cell
		}
		all = append(all, line)
	}
	return all
}

// csvRows reads a file with or without a byte-order mark.
func csvRows(t testing.TB, file string) [][]string {
	t.Helper()
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(file, "\ufeff"))).ReadAll()
	require.NoError(t, err)
	require.NotEmpty(t, rows)
	return append([][]string{}, rows[1:]...)
}

// fetch reads all parts of a listing of the API, and where its changes go on.
func (c *comparison) fetch(address string, limit int) (rows [][]string, since string) {
	c.t.Helper()
	cursor, rows := "", [][]string{}
	for {
		a := c.system.do("GET", fmt.Sprintf("%s&limit=%d%s", address, limit, cursor), nil)
		require.Equal(c.t, 200, a.status, a.body)
		var part struct {
			Records     []json.RawMessage
			Next, Since *string
		}
		require.NoError(c.t, json.Unmarshal([]byte(a.body), &part))
		var lines bytes.Buffer
		for _, r := range part.Records {
			lines.Write(append(r, '\n'))
		}
		some := linesOf(c.test, lines.String())
		require.Len(c.t, some, len(part.Records))
		rows = append(rows, some...)
		if part.Next == nil {
			if part.Since != nil {
				since = *part.Since
			}
			return rows, since
		}
		require.Len(c.t, some, limit, "a part that is not the last is full")
		cursor = "&cursor=" + *part.Next
	}
}

// fact is what one xAPI statement tells.
type fact struct{ verb, account, name, object, revision, edition, at string }

// statementsTold returns what should be told of records: of people who have left
// only that a certificate was withdrawn.
func statementsTold(all []app.Record) []fact {
	facts := []fact{}
	for _, r := range all {
		if r.Completion == nil || r.Former && r.Withdrawn == nil {
			continue
		}
		f := fact{account: r.Subject, name: r.Completion.Name, object: "/modules/" + r.Module, revision: strconv.Itoa(r.Completion.Version), edition: r.Edition, at: r.Completion.At.Format(written)}
		if f.name == "" {
			f.name = r.Name
		}
		if r.Subject == "" {
			f.account = string(r.Learner)
		}
		for _, verb := range verbsOf(r.Status()) {
			f.verb = verb
			if r.Withdrawn != nil {
				f = fact{verb: "voided", account: "first5", name: "First5", at: r.Withdrawn.At.Format(written)}
			}
			facts = append(facts, f)
		}
	}
	return facts
}

func verbsOf(s app.Status) []string {
	return map[app.Status][]string{
		app.Passed: {"completed", "passed"}, app.TestedOut: {"completed", "passed"}, app.Read: {"completed"}, app.Waived: {"waived"},
	}[s]
}

// statementsIn reads a file of statements, each of which has an id of its own.
func statementsIn(t testing.TB, file string) []fact {
	t.Helper()
	facts, ids := []fact{}, map[string]bool{}
	for line := range strings.Lines(file) {
		var s struct {
			ID    string
			Actor struct {
				Name    string
				Account struct{ Name string }
			}
			Verb      struct{ ID string }
			Object    struct{ ObjectType, ID string }
			Timestamp string
			Context   struct {
				Revision   string
				Extensions map[string]string
			}
		}
		require.NoError(t, json.Unmarshal([]byte(line), &s))
		require.False(t, ids[s.ID], "a statement comes twice")
		ids[s.ID] = true
		f := fact{verb: s.Verb.ID[strings.LastIndex(s.Verb.ID, "/")+1:], account: s.Actor.Account.Name, name: s.Actor.Name, revision: s.Context.Revision, at: s.Timestamp}
		if s.Object.ObjectType == "Activity" {
			f.object = s.Object.ID[strings.Index(s.Object.ID, "/modules/"):]
		}
		for name, value := range s.Context.Extensions {
			if strings.HasSuffix(name, "/edition") {
				f.edition = value
			}
		}
		facts = append(facts, f)
	}
	return facts
}

// shownOf returns the cells that a page should have of records.
func shownOf(all []app.Record) [][]string {
	rows := [][]string{}
	for _, r := range all {
		person, score, completed := strings.Join(strings.Fields(r.LearnerName()), " "), "–", "–"
		switch {
		case r.LearnerName() != "":
		case r.Subject != "":
			person = r.Subject
		default:
			person = "Former learner"
		}
		words := append(strings.Fields(person), strings.Fields(r.Email)...)
		if r.Former && r.LearnerName() != "" {
			words = append(words, "has", "left")
		}
		status := map[app.Status]string{app.InProgress: "In progress", app.Passed: "Passed", app.Read: "Read", app.TestedOut: "Tested out", app.Waived: "Waived"}[r.Status()]
		if r.Withdrawn != nil {
			status += " Certificate withdrawn"
		}
		if r.Score != nil {
			score = strconv.Itoa(*r.Score) + " %"
		}
		if r.Completion != nil {
			completed = shownAt(r.Completion.At)
		}
		rows = append(rows, []string{
			strings.Join(words, " "), strings.Join(strings.Fields(r.Title), " "), status, score, strconv.Itoa(r.Attempts), shownAt(r.ActiveAt), completed,
		})
	}
	return rows
}

func shownAt(t time.Time) string { return t.UTC().Format("2006-01-02 15:04") }

// listed returns the records that a page lists, with the words of their cells.
func (p page) listed(t testing.TB) (ids []app.RecordID, rows [][]string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.body))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if id := attribute(n, "data-record"); n.Data == "tr" && id != "" {
			ids, rows = append(ids, app.RecordID(id)), append(rows, cellsOf(n))
		}
	}
	return ids, rows
}

// table returns the words in the body of the table with that class.
func (p page) table(t testing.TB, class string) (rows [][]string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.body))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Data == "tr" && n.Parent.Data == "tbody" && attribute(n.Parent.Parent, "class") == class {
			rows = append(rows, cellsOf(n))
		}
	}
	return rows
}

func cellsOf(row *html.Node) (cells []string) {
	for n := range row.ChildNodes() {
		if n.Data == "td" {
			cells = append(cells, wordsOf(n))
		}
	}
	return cells
}

// said returns how many records a page says there are.
func (p page) said(t testing.TB) int {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.body))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Data == "p" && attribute(n.Parent, "class") == "records-head" {
			number, _, _ := strings.Cut(strings.ReplaceAll(wordsOf(n), ",", ""), " ")
			said, err := strconv.Atoi(number)
			require.NoError(t, err, wordsOf(n))
			return said
		}
	}
	require.Fail(t, "the page says no number", p.text())
	return 0
}
