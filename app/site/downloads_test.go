package site_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"math"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"first5/app"
	"first5/app/report"
	"first5/content"
)

// fill gives the institution people with names that files break at, and records
// of every kind.
func (h *house) fill(institution app.InstitutionID, people int) {
	h.t.Helper()
	names := []string{
		"=HYPERLINK(\"http://evil.example\")", "Núñez, \"Ana\"\r\nMD", "ד״ר נועה לוי", "李小龍 𠮷", "_x0041_\x01", "", "+47 22", "  Bo ",
		strings.Repeat("Long-", 400), "<b>&amp;",
	}
	began := time.Date(2026, 3, 2, 8, 0, 0, 7e6, time.UTC)
	for n := range people {
		p := app.Person{SignedInAt: began, Identity: app.Identity{
			Institution: institution, Issuer: "https://" + string(institution), Subject: fmt.Sprintf("%05d", n), Name: names[n%len(names)],
		}}
		p.Learner = app.NewLearnerID(p.Issuer, p.Subject)
		session := app.Session{Hash: app.SessionHash(fmt.Sprintf("%s %d", institution, n)), Learner: p.Learner, CreatedAt: began, SeenAt: began}
		require.NoError(h.t, h.store.SignIn(h.t.Context(), p, session, func(app.Person) []app.Event { return nil }))
		for m, module := range []string{"greet", "listen"} {
			h.work(p, module, n+m, began.Add(time.Duration(n)*time.Hour))
		}
	}
}

// work saves a record of the kind with that number, which goes round.
func (h *house) work(p app.Person, module string, kind int, at time.Time) {
	h.t.Helper()
	r := app.Record{
		ID: app.NewRecordID(p.Learner, module, "2026"), Institution: p.Institution, Learner: p.Learner, Subject: p.Subject, Name: p.Name,
		Program: "first-5-minutes", Module: module, Title: "Title of " + module, Edition: "2026", Version: 1, StartedAt: at, ActiveAt: at, ChangedAt: at,
	}
	status := []app.Status{app.InProgress, app.Passed, app.Read, app.TestedOut, app.Waived}[kind%5]
	if status == app.InProgress {
		_, err := h.store.Begin(h.t.Context(), r)
		require.NoError(h.t, err)
		return
	}
	c := &app.Completion{
		Status: status, At: at.Add(time.Minute), Version: 1, Certificate: app.CertificateID("c" + r.ID), Attempt: app.AttemptID("a" + r.ID),
		Name: p.Name, Title: r.Title, Institution: string(p.Institution),
	}
	if status == app.Waived {
		c.Certificate, c.Attempt, c.Reason, r.ChangedAt = "", "", "Teaches it.", c.At
		_, err := h.store.Complete(h.t.Context(), r, *c, app.Event{ID: app.EventID("e" + r.ID), At: c.At, Kind: app.ModuleWaived, Institution: p.Institution})
		require.NoError(h.t, err)
		return
	}
	a := app.Attempt{ID: c.Attempt, Record: r.ID, Learner: p.Learner, Module: module, Version: 1, At: c.At, Completion: c}
	if status != app.Read {
		percent := 80 + kind%21
		a.Grade, c.Score = content.Grade{Right: percent, Graded: 100}, &percent
	}
	_, err := h.store.SaveAttempt(h.t.Context(), r, a)
	require.NoError(h.t, err)
}

// stored returns what the store has for a filter, in its own order.
func (h *house) stored(institution app.InstitutionID, f app.Filter) []app.Record {
	h.t.Helper()
	var all []app.Record
	for r, err := range h.store.AllRecords(h.t.Context(), institution, f) {
		require.NoError(h.t, err)
		all = append(all, r)
	}
	return all
}

func TestEveryFormatHasTheSameRowsAsTheStoreWhateverTheFilter(t *testing.T) {
	h := newHouse(t)
	h.fill("mercy-lakes", 60)
	h.fill("harbor-point", 10)
	b := h.as(manager)
	for query, f := range map[string]app.Filter{
		"":                              {},
		"?status=passed":                {Status: app.Passed},
		"?status=completed":             {Status: app.Completed},
		"?status=waived":                {Status: app.Waived},
		"?module=listen&status=read":    {Module: "listen", Status: app.Read},
		"?q=long":                       {Query: "long"},
		"?q=nobody+at+all":              {Query: "nobody at all"},
		"?from=2026-03-03":              {From: time.Date(2026, 3, 3, 0, 0, 0, 0, time.UTC)},
		"?score_from=85&score_to=90":    {ScoreFrom: 85, ScoreBelow: 91},
		"?dates=completed&edition=2026": {Dates: app.ByCompletion, Edition: "2026"},
		"?people=present":               {Present: true},
	} {
		want := h.stored("mercy-lakes", f)
		rows := linesOf(t, b.get("/records.jsonl"+query).body)
		require.Len(t, rows, len(want), query)
		require.Equal(t, len(want) == 0, strings.Contains(query, "nobody"), "%s chooses something", query)
		for i, r := range want {
			assert.Equal(t, []string{string(r.ID), "mercy-lakes"}, rows[i][:2], "ordered by id")
			assert.Equal(t, r.LearnerName(), rows[i][4])
			assert.Equal(t, string(r.Status()), rows[i][12])
		}
		assert.Equal(t, rows, sheetOf(t, b.get("/records.xlsx"+query).body), query)
		assert.Equal(t, statementsOf(want), strings.Count(b.get("/records.xapi.jsonl"+query).body, "\n"), query)
		for _, row := range rows {
			for i := range row {
				row[i] = spreadsheetSafe(row[i])
			}
		}
		assert.Equal(t, rows, append([][]string{}, b.read("/records.csv" + query)[1:]...), query)
	}
}

// statementsOf returns how many statements there should be of records.
func statementsOf(records []app.Record) int {
	n := 0
	for _, r := range records {
		n += map[app.Status]int{app.Passed: 2, app.TestedOut: 2, app.Read: 1, app.Waived: 1}[r.Status()]
	}
	return n
}

// linesOf reads JSON Lines into texts, with the empty one for null.
func linesOf(t *testing.T, file string) [][]string {
	t.Helper()
	rows := [][]string{}
	for line := range strings.Lines(file) {
		var all map[string]any
		d := json.NewDecoder(strings.NewReader(line))
		d.UseNumber()
		require.NoError(t, d.Decode(&all))
		var row []string
		for _, c := range report.Columns() {
			if all[c.Name] == nil {
				row = append(row, "")
			} else {
				row = append(row, fmt.Sprint(all[c.Name]))
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// sheetOf reads the records of a workbook.
func sheetOf(t *testing.T, file string) [][]string {
	t.Helper()
	book, err := excelize.OpenReader(strings.NewReader(file))
	require.NoError(t, err)
	defer book.Close()
	all, err := book.GetRows("Records", excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	rows := [][]string{}
	for _, row := range all[1:] {
		row = append(row, make([]string, len(report.Columns())-len(row))...)
		for i, c := range report.Columns() {
			if c.Type == report.Time && row[i] != "" {
				days, err := strconv.ParseFloat(row[i], 64)
				require.NoError(t, err)
				at := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).Add(time.Duration(math.Round(days*86400e3)) * time.Millisecond)
				row[i] = at.Format("2006-01-02T15:04:05.000Z")
			}
		}
		rows = append(rows, row)
	}
	return rows
}

// spreadsheetSafe is what CSV has of the texts above.
func spreadsheetSafe(s string) string {
	s = strings.NewReplacer("\r", " ", "\n", " ", "\x01", " ").Replace(s)
	if strings.HasPrefix(s, "=") || strings.HasPrefix(s, "+") {
		return "'" + s
	}
	return s
}

func TestAFinishedFileIsProvedByItsHash(t *testing.T) {
	h := newHouse(t)
	h.fill("mercy-lakes", 30)
	b := h.as(manager)
	boss, err := h.training.LastDownloads(t.Context(), managing("mercy-lakes"), 10)
	require.NoError(t, err)
	require.Empty(t, boss)
	for _, format := range report.Formats() {
		p := b.get("/records." + string(format) + "?status=completed")
		last, err := h.training.LastDownloads(t.Context(), managing("mercy-lakes"), 1)
		require.NoError(t, err)
		require.Len(t, last, 1, format)
		hash := sha256.Sum256([]byte(p.body))
		assert.Equal(t, hex.EncodeToString(hash[:]), last[0].SHA256)
		assert.Equal(t, int64(len(p.body)), last[0].Bytes)
		assert.Equal(t, "records."+string(format), last[0].File)
		assert.Equal(t, "status: completed", last[0].Filter)
		assert.Equal(t, "Grace Whitfield", last[0].Name)
		want := h.stored("mercy-lakes", app.Filter{Status: app.Completed})
		if format == report.XAPI {
			assert.Equal(t, statementsOf(want), last[0].Rows)
		} else {
			assert.Len(t, want, last[0].Rows)
		}
	}
	assert.Contains(t, b.get("/audit?kind=downloaded").text(), "SHA-256:")
	theirs, err := h.training.LastDownloads(t.Context(), managing("harbor-point"), 10)
	require.NoError(t, err)
	assert.Empty(t, theirs)
}

func managing(i app.InstitutionID) app.Person {
	return app.Person{Identity: app.Identity{Institution: i, Roles: []app.Role{app.Manager}}}
}

func TestEachFileComesAsWhatItIs(t *testing.T) {
	h := newHouse(t)
	h.fill("mercy-lakes", 2)
	b := h.as(manager)
	day := h.training.Now().UTC().Format(time.DateOnly)
	for format, mediaType := range map[string]string{
		"csv":        "text/csv; charset=utf-8; header=present",
		"xlsx":       "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"jsonl":      "application/jsonl",
		"xapi.jsonl": "application/jsonl",
	} {
		r := b.request("/records." + format)
		r.Header.Set("Accept-Encoding", "gzip")
		p := b.do(r)
		assert.Equal(t, 200, p.status, format)
		assert.Equal(t, mediaType, p.header.Get("Content-Type"))
		assert.Equal(t, `attachment; filename="mercy-lakes-records-`+day+"."+format+`"`, p.header.Get("Content-Disposition"))
		assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
		assert.Empty(t, p.header.Get("Content-Encoding"), "what is hashed is what is sent")

		r = b.request("/records." + format)
		r.Method = "HEAD"
		assert.Equal(t, mediaType, b.do(r).header.Get("Content-Type"))
	}
	begun, err := h.training.Events(t.Context(), managing("mercy-lakes"), app.EventFilter{Kind: app.DownloadBegun}, app.EventCursor{}, 100)
	require.NoError(t, err)
	assert.Len(t, begun.Events, 4, "who asks for a file's head has downloaded nothing")
}

func TestNobodyButTheManagersOfAnInstitutionGetsItsFiles(t *testing.T) {
	h := newHouse(t)
	h.fill("mercy-lakes", 3)
	person := string(app.NewLearnerID("https://mercy-lakes", "00001"))
	for _, format := range report.Formats() {
		path := "/records." + string(format)
		assert.Equal(t, 403, h.as(noor).get(path).status, format)
		assert.Equal(t, 403, h.as(teacher).get(path).status, format)
		assert.Equal(t, "/signin", h.browser().get(path).url.Path, format)
		for _, query := range []string{"", "?of=mercy-lakes", "?learner=" + person, "?q=00001", "?after=1.x"} {
			p := h.as(others).get(path + query)
			require.Equal(t, 200, p.status, query)
			assert.NotContains(t, p.body, person, "%s%s", path, query)
			assert.NotContains(t, p.body, "00001", "%s%s", path, query)
			if format == report.Workbook {
				assert.Empty(t, sheetOf(t, p.body), query)
			}
		}
	}
}

func TestABadFilterGivesASentenceAndNoFile(t *testing.T) {
	b := newHouse(t).as(manager)
	for _, format := range report.Formats() {
		p := b.get("/records." + string(format) + "?from=yesterday")
		assert.Equal(t, 422, p.status)
		assert.Contains(t, p.text(), "A day is written like 2026-01-31, and not “yesterday”.")
		assert.Empty(t, p.header.Get("Content-Disposition"))
	}
}

func TestEveryFormatThatBreaksIsVisiblyBrokenAndHasNoHash(t *testing.T) {
	for _, panics := range []bool{false, true} {
		h := newHouseOn(t, func(s app.Store) app.Store { return broken{s, panics} })
		b := h.as(manager)
		for _, format := range report.Formats() {
			res, err := b.http.Do(b.request("/records." + string(format)))
			if err != nil { // of what is not complete there is no statement, so nothing was sent
				assert.ErrorIs(t, err, io.EOF, format)
				assert.Equal(t, report.XAPI, format)
				continue
			}
			_, err = io.ReadAll(res.Body)
			assert.ErrorIs(t, err, io.ErrUnexpectedEOF, format)
			_ = res.Body.Close() // says the same again
		}
		last, err := h.training.LastDownloads(t.Context(), managing("mercy-lakes"), 10)
		require.NoError(t, err)
		assert.Empty(t, last)
		assert.NotContains(t, b.get("/audit?kind=downloaded").text(), "SHA-256")
	}
}

// paused is a store whose listing waits after its first records until somebody
// lets it go on.
type paused struct {
	app.Store
	goOn chan struct{}
}

func (s paused) AllRecords(ctx context.Context, i app.InstitutionID, f app.Filter) iter.Seq2[app.Record, error] {
	return func(yield func(app.Record, error) bool) {
		if !yield(app.Record{ID: "r1"}, nil) {
			return
		}
		<-s.goOn
		yield(app.Record{ID: "r2"}, nil)
	}
}

func TestAFileBeginsBeforeAllOfItIsThere(t *testing.T) {
	goOn := make(chan struct{})
	h := newHouseOn(t, func(s app.Store) app.Store { return paused{s, goOn} })
	b := h.as(manager)
	for _, format := range []report.Format{report.CSV, report.Workbook, report.JSONLines} {
		res, err := b.http.Do(b.request("/records." + string(format)))
		require.NoError(t, err)
		_, err = io.ReadFull(res.Body, make([]byte, 100))
		require.NoError(t, err, format)
		goOn <- struct{}{}
		_, err = io.ReadAll(res.Body)
		require.NoError(t, err, format)
		require.NoError(t, res.Body.Close())
	}
}

func TestTheTrailKeepsNothingOfAnAddressThatIsNoSlugOrId(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	b.get("/records.csv?module=jane.doe%40example.org&edition=first5_mercy-lakes_SECRET&learner=Jane+Doe&program=first-5-minutes")
	for _, listed := range []string{b.get("/audit.csv").body, b.get("/records").body} {
		assert.NotContains(t, listed, "jane.doe")
		assert.NotContains(t, listed, "SECRET")
		assert.NotContains(t, listed, "Jane Doe")
	}
	assert.Contains(t, b.get("/audit.csv").body, "program: first-5-minutes")
}

func TestAnAddressThatCanNotBeReadChoosesNothing(t *testing.T) {
	h := newHouse(t)
	b := h.as(manager)
	for _, query := range []string{"module=%FC", "status=%01", "learner=%EF%BF%BD", "q=a%00b"} {
		p := b.get("/records.csv?" + query)
		assert.Equal(t, 422, p.status, query)
		assert.Contains(t, p.text(), "can’t be read", "and not all records")
	}
}
