package paper_test

import (
	"bytes"
	"errors"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/paper"
)

// FuzzTexts holds that whatever people are called and modules say, there is
// either ErrLetters and nothing, or a document that opens and says its number.
func FuzzTexts(f *testing.F) {
	f.Add("Ana Núñez, MD", "Names first", "2026", "", "en", 3, 92)
	f.Add("Nguyễn\x00\r\n", `(\)`, "a\\", "9 April", ") /", -1, -1)
	f.Add("王", "\xff", "\u0301", "\u202e", "", 0, 1000)
	f.Add("W W W W W", "\u00a0\u00a0a", "čđ\r", "endstream", "endobj", 1, 0)
	f.Fuzz(func(t *testing.T, name, title, edition, withdrawn, language string, version, score int) {
		to := url.PathEscape(edition)
		c := paper.Certificate{
			Number: "n1", Name: name, Title: title, Edition: edition, Version: version, Score: &score, Day: edition,
			Institution: title, Credit: name + title, Withdrawn: withdrawn, Language: language,
			Address: "https://first5.example/" + to[:min(len(to), 200)],
		}
		var out bytes.Buffer
		err := paper.WriteCertificate(&out, c, paper.A4, english)
		holds(t, err, out.Bytes(), "Certificaten1")
		one := paper.Transcript{Name: name, Institution: title, Day: edition, Language: language, Rows: []paper.TranscriptRow{
			{Title: title, Edition: edition, Status: withdrawn, Day: edition, Score: &score, Number: "n1", Address: name},
			{Title: name, Edition: edition, Status: withdrawn, Number: title, Address: title, Withdrawn: true},
		}}
		out.Reset()
		err = paper.WriteTranscript(&out, one, paper.Letter, english)
		holds(t, err, out.Bytes(), "n1")
	})
}

func holds(t *testing.T, err error, document []byte, words string) {
	t.Helper()
	if errors.Is(err, paper.ErrLetters) {
		assert.Empty(t, document)
		return
	}
	require.NoError(t, err)
	r := opened(t, document)
	assert.Contains(t, said(t, r), words)
	assert.Contains(t, said(t, r), "First5Minutes")
}
