package report

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"first5/app"
)

// update writes what the package writes into the golden files; look through the
// changes before you keep them.
func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden files anew")
	flag.Parse()
	os.Exit(m.Run())
}

func update() bool { return flag.Lookup("update").Value.String() == "true" }

// fileOf is a file for mercy-lakes.
func fileOf(f Format) File {
	return File{
		Format: f, MadeAt: noon, Institution: "Mercy Lakes Health", Filter: "status: completed",
		BaseURL: "https://first5.example", Issuer: "https://login.mercy-lakes.example",
	}
}

func contents(t testing.TB, f File, records ...app.Record) []byte {
	t.Helper()
	var b bytes.Buffer
	n, err := f.Write(&b, sequence(records, nil))
	require.NoError(t, err)
	if f.Format != XAPI {
		require.Equal(t, len(records), n)
	}
	return b.Bytes()
}

// theRows are what a file should say of records, without its own way of writing.
func theRows(records ...app.Record) [][]string {
	rows := [][]string{}
	for _, r := range records {
		var row []string
		for _, c := range Columns() {
			row = append(row, c.cell(&r).written(c.Type))
		}
		rows = append(rows, row)
	}
	return rows
}

func columnNames() []string {
	var names []string
	for _, c := range Columns() {
		names = append(names, c.Name)
	}
	return names
}

// readCSV, readLines and readWorkbook read a file as a program would that knows
// nothing of this one.
func readCSV(t testing.TB, file []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(file, []byte(bom)))).ReadAll()
	require.NoError(t, err)
	require.Equal(t, columnNames(), rows[0])
	return rows[1:]
}

func readLines(t testing.TB, file []byte) [][]string {
	t.Helper()
	rows := [][]string{}
	for line := range bytes.Lines(file) {
		var all map[string]any
		d := json.NewDecoder(bytes.NewReader(line))
		d.UseNumber()
		require.NoError(t, d.Decode(&all), string(line))
		require.Len(t, all, len(Columns()))
		var row []string
		for _, c := range Columns() {
			row = append(row, fromJSON(t, c, all[c.Name]))
		}
		rows = append(rows, row)
	}
	return rows
}

func fromJSON(t testing.TB, c Column, value any) string {
	t.Helper()
	if value == nil {
		require.True(t, c.Optional || c.Type == Text, "%s is null", c.Name)
		return ""
	}
	if n, ok := value.(json.Number); ok {
		require.Equal(t, Number, c.Type, c.Name)
		return n.String()
	}
	require.NotEqual(t, Number, c.Type, c.Name)
	s, ok := value.(string)
	require.True(t, ok, "%s is %v", c.Name, value)
	if c.Type == Time {
		_, err := time.Parse(time.RFC3339, s)
		require.NoError(t, err, c.Name)
	}
	return s
}

func open(t testing.TB, file []byte) *excelize.File {
	t.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(file))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, book.Close()) })
	return book
}

func readWorkbook(t testing.TB, file []byte) [][]string {
	t.Helper()
	book := open(t, file)
	rows := [][]string{}
	for _, sheet := range book.GetSheetList() {
		if !strings.HasPrefix(sheet, "Records") {
			continue
		}
		all, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
		require.NoError(t, err)
		require.Equal(t, columnNames(), all[0])
		for _, row := range all[1:] {
			row = append(row, make([]string, len(Columns())-len(row))...) // what is empty at the end is not there
			for i, c := range Columns() {
				if c.Type == Time && row[i] != "" {
					row[i] = fromSerial(t, row[i])
				}
			}
			rows = append(rows, row)
		}
	}
	return rows
}

// fromSerial reads a day as spreadsheets count it.
func fromSerial(t testing.TB, s string) string {
	t.Helper()
	days, err := strconv.ParseFloat(s, 64)
	require.NoError(t, err)
	began := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC).UnixMilli()
	return timestamp(time.UnixMilli(began + int64(math.Round(days*86400e3))))
}

// sameInAll checks that every format tells of the same records.
func sameInAll(t testing.TB, records ...app.Record) {
	t.Helper()
	want := theRows(records...)
	assert.Equal(t, want, readLines(t, contents(t, fileOf(JSONLines), records...)), "JSON Lines")
	assert.Equal(t, want, readWorkbook(t, contents(t, fileOf(Workbook), records...)), "XLSX")
	for _, row := range want {
		for i := range row {
			row[i] = harmless(row[i])
		}
	}
	assert.Equal(t, want, readCSV(t, contents(t, fileOf(CSV), records...)), "CSV")
}

// sample is one record of each kind.
func sample() []app.Record {
	begun, read, waived, left, withdrawn := passed(), passed(), passed(), passed(), passed()
	begun.ID, begun.Completion, begun.Score, begun.Attempts = "r2", nil, nil, 0
	read.ID, read.Score, read.Attempts = "r3", nil, 1
	read.Completion = &app.Completion{Status: app.Read, At: noon, Version: 3, Certificate: "c3", Attempt: "a3", Name: "Dr Ana Núñez", Title: "Names first"}
	waived.ID, waived.Score, waived.Attempts = "r4", nil, 0
	waived.Completion = &app.Completion{Status: app.Waived, At: noon, Version: 3, Name: "Dr Ana Núñez", Title: "Names first", Reason: "Teaches it."}
	left.ID, left.Former, left.Subject, left.Name, left.Email, left.NPI = "r5", true, "", "", "", ""
	left.Completion = &app.Completion{Status: app.TestedOut, At: noon, Version: 2, Score: score(80), Certificate: "c5", Attempt: "a5", Name: "Ana Núñez", Title: "Names first"}
	withdrawn.ID, withdrawn.Withdrawn = "r6", &app.Withdrawal{At: noon.Add(time.Hour), Reason: "By mistake."}
	return []app.Record{passed(), begun, read, waived, left, withdrawn}
}

func TestEveryFormatTellsTheSameOfEveryKindOfRecord(t *testing.T) {
	sameInAll(t, sample()...)
	sameInAll(t)
}

func TestWhatPeopleAndModulesAreCalledComesBackAsItWas(t *testing.T) {
	for name, text := range map[string]string{
		"a formula":                     "=HYPERLINK(\"http://evil.example\",\"click\")",
		"a command":                     "@SUM(1+1)*cmd|' /C calc'!A0",
		"a signed number":               "-2+3",
		"a number with leading zeros":   "0012",
		"a long number":                 "12345678901234567890",
		"something like a day":          "1-2",
		"line breaks of all kinds":      "Ana\nNúñez\r\nMD\rJr",
		"quotes, commas and semicolons": `"Ana", 'Núñez'; MD`,
		"markup":                        `<b>&amp;</b>]]>`,
		"Hebrew and Arabic":             "ד״ר נועה לוי \u202eabc\u202c د. أمل",
		"Chinese":                       "李小龍 𠮷野家",
		"accents that stand alone":      "Nu\u0301n\u0303ez",
		"a family of emoji":             "👩\u200d⚕️👨\u200d👩\u200d👧",
		"blanks around":                 "  Ana \t ",
		"NUL and other controls":        "a\x00b\x01c\x1bd\x7fe\u0085f",
		"what is no character":          "a\ufffeb\uffffc\ufffd",
		"what workbooks escape":         "_x000D_ _x0041_ _X0041_ _x41_ __x0041_ _x005F_x0041_",
		"what JSON escapes":             `a\b"c/` + "\u2028\u2029\b\f",
		"a very long name":              strings.Repeat("Núñez-", 5000),
	} {
		t.Run(name, func(t *testing.T) {
			r := passed()
			r.Name, r.Subject, r.Title, r.Email, r.NPI = text, text, text, text, text
			sameInAll(t, r, passed())
		})
	}
}

func FuzzEveryFormatTellsTheSame(f *testing.F) {
	f.Add("=1+1", "a\r\nb", 3, int64(1772625600005), "passed")
	f.Add("_x0041_", "\x00\ufffe", -1, int64(0), "read")
	f.Add("_x0_x0041_", "'@x", 100, int64(253402300799999), "waived")
	f.Fuzz(func(t *testing.T, name, title string, percent int, at int64, status string) {
		if len(name)+len(title) > 2000 {
			t.Skip("a workbook cuts long texts")
		}
		// A store holds texts in UTF-8 alone, and times of this age.
		r := passed()
		r.Name, r.Title = strings.ToValidUTF8(name, "?"), strings.ToValidUTF8(title, "?")
		r.StartedAt = time.UnixMilli(at % 253402300800000).UTC()
		if r.StartedAt.Year() <= 1900 {
			r.StartedAt = noon
		}
		r.Score = &percent
		r.Completion = &app.Completion{Status: app.Status(strings.ToValidUTF8(status, "?")), At: noon}
		sameInAll(t, r)
	})
}

func TestFilesAreAsTheyWere(t *testing.T) {
	for _, f := range []Format{CSV, JSONLines, XAPI} {
		golden := filepath.Join("testdata", "records."+string(f))
		got := contents(t, fileOf(f), sample()...)
		if update() {
			require.NoError(t, os.WriteFile(golden, got, 0o644))
		}
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		assert.Equal(t, string(want), string(got), golden)
	}
}

func TestAFileForProgramsHasNoByteOrderMark(t *testing.T) {
	plain := fileOf(CSV)
	plain.Plain = true
	assert.Equal(t, contents(t, fileOf(CSV), sample()...), append([]byte(bom), contents(t, plain, sample()...)...))
}

func TestAFileBeginsBeforeTheFirstRecordIsRead(t *testing.T) {
	for _, f := range []Format{CSV, Workbook} { // the others have nothing to say before it
		var w bytes.Buffer
		_, err := fileOf(f).Write(&w, func(func(app.Record, error) bool) {
			assert.NotZero(t, w.Len(), f)
		})
		require.NoError(t, err)
	}
}

func TestAFileOfFewSlowRecordsBeginsWithTheFirst(t *testing.T) {
	for _, f := range []Format{JSONLines, XAPI} {
		var w bytes.Buffer
		_, err := fileOf(f).Write(&w, func(yield func(app.Record, error) bool) {
			if yield(passed(), nil) {
				assert.NotZero(t, w.Len(), f)
			}
		})
		require.NoError(t, err)
	}
}

func TestABrokenListingIsAnErrorInEveryFormatAndLeavesTheFileCutOff(t *testing.T) {
	lost := errors.New("connection lost")
	for _, f := range Formats() {
		var b bytes.Buffer
		_, err := fileOf(f).Write(&b, sequence(sample(), lost))
		require.ErrorIs(t, err, lost, f)
		if f == Workbook {
			_, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
			assert.Error(t, err, "no program opens it")
		}
	}
}

// narrow takes so many bytes and no more.
type narrow struct{ room int }

func (n *narrow) Write(b []byte) (int, error) {
	if len(b) > n.room {
		return 0, errors.New("no room")
	}
	n.room -= len(b)
	return len(b), nil
}

func TestAFileThatDoesNotFitIsAnErrorWhereverItEnds(t *testing.T) {
	for _, f := range Formats() {
		whole := len(contents(t, fileOf(f), sample()...))
		for _, room := range []int{0, whole / 2, whole - 1} {
			_, err := fileOf(f).Write(&narrow{room}, sequence(sample(), nil))
			assert.ErrorContains(t, err, "no room", "%s of %d bytes in %d", f, whole, room)
		}
	}
	_, err := File{Format: "pdf"}.Write(io.Discard, sequence(nil, nil))
	assert.ErrorContains(t, err, `there is no format "pdf"`)
}

func TestEveryColumnIsDefinedInOneSentenceOrMore(t *testing.T) {
	for _, c := range Columns() {
		assert.True(t, strings.HasSuffix(c.Meaning, "."), c.Name)
		assert.Contains(t, []Type{Text, Number, Time}, c.Type, c.Name)
		assert.Positive(t, c.width, c.Name)
	}
	assert.Len(t, slices.Compact(slices.Sorted(slices.Values(columnNames()))), len(Columns()), "each once")
	for _, r := range sample() {
		for _, c := range Columns() {
			if c.cell(&r).empty {
				assert.True(t, c.Optional, "%s may be empty", c.Name)
			}
		}
	}
}

// many yields a record again and again.
func many(n int) iter.Seq2[app.Record, error] {
	return func(yield func(app.Record, error) bool) {
		r := passed()
		for i := range n {
			r.ID = app.RecordID(fmt.Sprintf("%032d", i))
			if !yield(r, nil) {
				return
			}
		}
	}
}
