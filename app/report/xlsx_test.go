package report

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
)

func TestAWorkbookHasTheRecordsFirstAndThenWhatTheyMean(t *testing.T) {
	book := open(t, contents(t, fileOf(Workbook), sample()...))
	assert.Equal(t, []string{"Records", "Definitions"}, book.GetSheetList())
	assert.Equal(t, 0, book.GetActiveSheetIndex())
	rows, err := book.GetRows("Definitions")
	require.NoError(t, err)
	assert.Equal(t, []string{"Records of Mercy Lakes Health"}, rows[0])
	assert.Equal(t, []string{"Made", "2026-03-04 12:00:00 UTC"}, rows[1])
	assert.Equal(t, []string{"Filter", "status: completed"}, rows[2])
	assert.Equal(t, []string{"Records", "6"}, rows[3])
	var defined []string
	for _, row := range rows[len(rows)-len(Columns()):] {
		require.Len(t, row, 3)
		defined = append(defined, row[0])
	}
	assert.Equal(t, columnNames(), defined)

	all := fileOf(Workbook)
	all.Filter = ""
	said, err := open(t, contents(t, all)).GetCellValue("Definitions", "B3")
	require.NoError(t, err)
	assert.Equal(t, "None: all records of the institution.", said)
}

func TestAWorkbooksCellsHaveTypes(t *testing.T) {
	r := passed()
	r.Subject, r.NPI, r.Name = "00123", "1234567893", "=1+1"
	book := open(t, contents(t, fileOf(Workbook), r))
	for i, c := range Columns() {
		at, err := excelize.CoordinatesToCellName(i+1, 2)
		require.NoError(t, err)
		kind, err := book.GetCellType("Records", at)
		require.NoError(t, err)
		formula, err := book.GetCellFormula("Records", at)
		require.NoError(t, err)
		assert.Empty(t, formula, c.Name)
		if c.Type == Text {
			assert.Equal(t, excelize.CellTypeInlineString, kind, "%s is a text, whatever it looks like", c.Name)
		} else {
			assert.Contains(t, []excelize.CellType{excelize.CellTypeUnset, excelize.CellTypeNumber}, kind, "%s is a number", c.Name)
		}
	}
	shown, err := book.GetCellValue("Records", "P2")
	require.NoError(t, err)
	assert.Equal(t, "2026-03-04 12:00:00", shown, "a time is shown as one")
	shown, err = book.GetCellValue("Records", "D2")
	require.NoError(t, err)
	assert.Equal(t, "00123", shown)
}

func TestAWorkbooksHeadStaysAndCanBeFiltered(t *testing.T) {
	file := contents(t, fileOf(Workbook), sample()...)
	panes, err := open(t, file).GetPanes("Records")
	require.NoError(t, err)
	assert.True(t, panes.Freeze)
	assert.Equal(t, 1, panes.YSplit)
	assert.Contains(t, partOf(t, file, "xl/worksheets/sheet1.xml"), `<autoFilter ref="A1:R7"/>`)
	wide, err := open(t, file).GetColWidth("Records", "A")
	require.NoError(t, err)
	assert.Equal(t, 34.0, wide)
}

func TestTooManyRecordsForASheetGoOnInTheNext(t *testing.T) {
	file := fileOf(Workbook)
	file.sheetRows = 2
	for n, want := range map[int][]string{
		0: {"Records", "Definitions"},
		2: {"Records", "Definitions"},
		3: {"Records", "Records 2", "Definitions"},
		6: {"Records", "Records 2", "Records 3", "Definitions"},
	} {
		made := contents(t, file, sample()[:n]...)
		assert.Equal(t, want, open(t, made).GetSheetList())
		assert.Equal(t, theRows(sample()[:n]...), readWorkbook(t, made))
	}
	made := contents(t, file, sample()...)
	said, err := open(t, made).GetRows("Definitions")
	require.NoError(t, err)
	assert.Contains(t, said, []string{"Sheets", "One sheet can’t hold all the records. They go on from “Records” to “Records 3”."})
	assert.Contains(t, said, []string{"Records", "6"})
	assert.Equal(t, 1048576, mostSheetRows+1, "that is all the rows that a sheet has, its head included")
}

func TestATextThatNoCellHoldsIsCutVisibly(t *testing.T) {
	for name, text := range map[string]string{
		"letters":             strings.Repeat("a", 40000),
		"just too many":       strings.Repeat("a", mostCellText+1),
		"what takes two":      strings.Repeat("𠮷", 20000),
		"what is written out": strings.Repeat("\x00", 10000),
	} {
		r := passed()
		r.Name = text
		got := readWorkbook(t, contents(t, fileOf(Workbook), r))[0][4]
		kept, cut := strings.CutSuffix(got, "…")
		assert.True(t, cut, name)
		assert.True(t, strings.HasPrefix(text, kept), name)
		assert.LessOrEqual(t, len(utf16.Encode([]rune(got))), mostCellText, name)
		assert.Greater(t, len(kept), 4000, name)
		assert.Equal(t, text, readLines(t, contents(t, fileOf(JSONLines), r))[0][4], "elsewhere it is whole")
	}
	r := passed()
	r.Name = strings.Repeat("a", mostCellText)
	assert.Equal(t, r.Name, readWorkbook(t, contents(t, fileOf(Workbook), r))[0][4], "what just fits is whole")
}

func TestATimeThatNoSpreadsheetKnowsIsAText(t *testing.T) {
	r := passed()
	for _, year := range []int{1, 1900, 10000} {
		r.StartedAt = time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC)
		got, err := open(t, contents(t, fileOf(Workbook), r)).GetCellValue("Records", "P2")
		require.NoError(t, err)
		assert.Equal(t, timestamp(r.StartedAt), got)
	}
}

// TestAWorkbooksPartsAreAsTheyWere holds the XML itself, which the reader above
// forgives more than a spreadsheet does.
func TestAWorkbooksPartsAreAsTheyWere(t *testing.T) {
	file := contents(t, fileOf(Workbook), sample()...)
	book, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	assert.Equal(t, "[Content_Types].xml", book.File[0].Name, "by which programs know what it is")
	var got strings.Builder
	for _, f := range book.File {
		got.WriteString("== " + f.Name + "\n" + strings.ReplaceAll(partOf(t, file, f.Name), "><", ">\n<") + "\n")
	}
	golden := filepath.Join("testdata", "records.xlsx.txt")
	if update() {
		require.NoError(t, os.WriteFile(golden, []byte(got.String()), 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), got.String())
}

// partOf returns a part of a workbook.
func partOf(t *testing.T, file []byte, name string) string {
	t.Helper()
	book, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	require.NoError(t, err)
	part, err := book.Open(name)
	require.NoError(t, err)
	defer part.Close()
	all, err := io.ReadAll(part)
	require.NoError(t, err)
	return string(all)
}
