package report

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

const certificates = "https://first5.example/certificates/"

func transcriptOf(t *testing.T, records ...app.Record) string {
	t.Helper()
	var b strings.Builder
	_, err := WriteTranscript(&b, slices.Values(records), certificates)
	require.NoError(t, err)
	return b.String()
}

func certified() app.Record {
	r := passed()
	r.Completion = &app.Completion{
		Status: app.Passed, At: noon, Version: 2, Score: score(80), Certificate: "c1",
		Name: "Ana Núñez", Title: "Names", Institution: "Mercy Lakes Health",
	}
	return r
}

const transcriptHead = bom + "name,institution,program,module,title,edition,version,status,score,completed_at,certificate_id,certificate_address,withdrawn_at\r\n"

func TestATranscriptSaysOfACompletionWhatItsCertificateSays(t *testing.T) {
	want := "Ana Núñez,Mercy Lakes Health,first-5-minutes,names-first,Names,2026,2,passed,80,2026-03-04T12:00:00.005Z,c1," + certificates + "c1,\r\n"
	assert.Equal(t, transcriptHead+want, transcriptOf(t, certified()), "and not the name or the best score of today")
}

func TestATranscriptMarksWhatWasWithdrawnAndLeavesOutWhatIsNotComplete(t *testing.T) {
	withdrawn, begun := certified(), passed()
	withdrawn.Withdrawn = &app.Withdrawal{At: noon.Add(time.Hour), Reason: "a secret"}
	withdrawn.Completion.Score = nil
	begun.Completion = nil
	file := transcriptOf(t, begun, withdrawn)
	assert.Equal(t, 2, strings.Count(file, "\r\n"))
	assert.Contains(t, file, "passed,,2026-03-04T12:00:00.005Z,c1,"+certificates+"c1,2026-03-04T13:00:00.005Z\r\n")
	assert.NotContains(t, file, "secret")
	assert.Equal(t, transcriptHead, transcriptOf(t))
}

func TestATranscriptsCellsAreHarmlessInASpreadsheet(t *testing.T) {
	r := certified()
	r.Completion.Name, r.Completion.Title = "=cmd|' /C calc'!A0", "Two\r\nlines, \"quoted\""
	assert.Contains(t, transcriptOf(t, r), `'=cmd|' /C calc'!A0,Mercy Lakes Health,first-5-minutes,names-first,"Two  lines, ""quoted""",`)
}

// full is a disk without room.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

func TestATranscriptThatCanNotBeWrittenIsAnError(t *testing.T) {
	_, err := WriteTranscript(full{}, slices.Values([]app.Record{certified()}), certificates)
	assert.ErrorContains(t, err, "writing a transcript: no room")
}
