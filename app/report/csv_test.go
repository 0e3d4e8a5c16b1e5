package report

import (
	"encoding/csv"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 5e6, time.UTC)

func score(n int) *int { return &n }

func passed() app.Record {
	return app.Record{
		ID: "r1", Institution: "mercy-lakes", Learner: "l1", Subject: "s1", Name: "Dr Ana Núñez",
		Email: "ana@mercy-lakes.example", NPI: "1234567893", Program: "first-5-minutes",
		Module: "names-first", Title: "Names first", Edition: "2026", Version: 3,
		Attempts: 2, Score: score(100), StartedAt: noon, ActiveAt: noon,
		Completion: &app.Completion{
			Status: app.Passed, At: noon.Add(time.Minute), Version: 3, Score: score(90), Certificate: "c1",
			Attempt: "a1", Name: "Ana Núñez", Title: "Names first",
		},
	}
}

func sequence(records []app.Record, err error) iter.Seq2[app.Record, error] {
	return func(yield func(app.Record, error) bool) {
		for _, r := range records {
			if !yield(r, nil) {
				return
			}
		}
		if err != nil {
			yield(app.Record{}, err)
		}
	}
}

func write(t *testing.T, records ...app.Record) string {
	var b strings.Builder
	n, err := File{Format: CSV}.Write(&b, sequence(records, nil))
	require.NoError(t, err)
	assert.Equal(t, len(records), n)
	return b.String()
}

func TestCSVHasTheContractsColumns(t *testing.T) {
	want := bom +
		"record_id,institution,learner_id,subject,name,email,npi,program,module,title,edition,version," +
		"status,score,attempts,started_at,completed_at,certificate_id\r\n" +
		"r1,mercy-lakes,l1,s1,Dr Ana Núñez,ana@mercy-lakes.example,1234567893,first-5-minutes,names-first," +
		"Names first,2026,3,passed,100,2,2026-03-04T12:00:00.005Z,2026-03-04T12:01:00.005Z,c1\r\n"
	assert.Equal(t, want, write(t, passed()))
}

func TestARecordInProgressHasNoCompletionAndNoScore(t *testing.T) {
	r := passed()
	r.Completion, r.Score, r.Attempts = nil, nil, 0
	assert.Contains(t, write(t, r), ",in_progress,,0,2026-03-04T12:00:00.005Z,,\r\n")
}

func TestARecordWhoseCertificateWasWithdrawnNamesNone(t *testing.T) {
	r := passed()
	r.Withdrawn = &app.Withdrawal{At: noon, Reason: "A secret."}
	file := write(t, r)
	assert.Contains(t, file, ",passed,100,2,2026-03-04T12:00:00.005Z,2026-03-04T12:01:00.005Z,\r\n", "and stays as it is otherwise")
	assert.NotContains(t, file, "secret")
}

func TestCellsAreHarmlessInASpreadsheet(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"formula":                  {"=1+1", "'=1+1"},
		"formula after blanks":     {"  =cmd|' /C calc'!A0", "'  =cmd|' /C calc'!A0"},
		"plus":                     {"+47 22 00", "'+47 22 00"},
		"minus":                    {"-1", "'-1"},
		"at":                       {"@SUM(A1)", "'@SUM(A1)"},
		"full-width formula":       {"＝1+1", "'＝1+1"},
		"tab before a formula":     {"\t=1", "' =1"},
		"behind a semicolon":       {"Ann;=HYPERLINK(A1); x", "Ann;'=HYPERLINK(A1); x"},
		"line breaks":              {"Ana\r\nNúñez\nJr", "Ana  Núñez Jr"},
		"line separators":          {"a\u2028b\u2029c\u0085d", "a b c d"},
		"NUL before a formula":     {"\x00=1", "' =1"},
		"unseen before a formula":  {"\u200b\u202e=1", "'\u200b\u202e=1"},
		"escapes":                  {"\x1b[2J", " [2J"},
		"quotes and commas":        {`"Ana", MD`, `"Ana", MD`},
		"a name is left as it is":  {"Anne-Marie O’Neill 李", "Anne-Marie O’Neill 李"},
		"an e-mail address too":    {"a@b.example", "a@b.example"},
		"nothing":                  {"", ""},
		"nothing but blanks stays": {"  ", "  "},
	} {
		t.Run(name, func(t *testing.T) {
			r := passed()
			r.Name, r.Completion.Name = c.in, c.in
			rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(write(t, r), bom))).ReadAll()
			require.NoError(t, err)
			require.Len(t, rows, 2)
			assert.Equal(t, c.want, rows[1][4])
		})
	}
}

func TestABrokenListingIsAnErrorAndNotAShortFile(t *testing.T) {
	broken := errors.New("connection lost")
	n, err := File{Format: CSV}.Write(&strings.Builder{}, sequence([]app.Record{passed()}, broken))
	require.ErrorIs(t, err, broken)
	assert.Equal(t, 1, n)
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left") }

func TestAFileThatCanNotBeWrittenIsAnError(t *testing.T) {
	_, err := File{Format: CSV}.Write(fullDisk{}, sequence([]app.Record{passed()}, nil))
	require.Error(t, err)
}
