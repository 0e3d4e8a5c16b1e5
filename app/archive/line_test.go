package archive

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// line returns the line of an item.
func line(t *testing.T, i Item) string {
	t.Helper()
	var b bytes.Buffer
	require.NoError(t, encode(&b, i))
	return b.String()
}

func TestTimesKeepTheirMilliseconds(t *testing.T) {
	for at, text := range map[time.Time]string{
		time.Date(2026, 10, 1, 9, 30, 0, 120_000_000, time.UTC):            `"2026-10-01T09:30:00.12Z"`,
		time.Date(2026, 10, 1, 9, 30, 0, 0, time.FixedZone("west", -3600)): `"2026-10-01T10:30:00Z"`,
		time.UnixMilli(-1).UTC(): `{"$numberLong":"-1"}`,
		{}:                       `{"$numberLong":"-62135596800000"}`,
		time.Date(2400, 2, 29, 0, 0, 0, 1_000_000, time.UTC): `"2400-02-29T00:00:00.001Z"`,
	} {
		i := Item{Kind: OnceKeys, Once: &Once{Key: "k", Until: at}}
		assert.Equal(t, `{"kind":"once","once":{"key":"k","until":{"$date":`+text+"}}}\n", line(t, i))
		var got Item
		require.NoError(t, decode([]byte(line(t, i)), &got, &bytes.Buffer{}))
		assert.Equal(t, at.UTC(), got.Once.Until)
	}
}

func TestTextsComeBackAsTheyWentIn(t *testing.T) {
	for _, text := range []string{
		"", "Dr. 🩺👩🏽‍⚕️ Rivera", "e\u0301 is not \u00e9", "\u202bעברית\u202c", "line\nbreak\r\nand\ttab", "\x00\x01\x1f\x7f", "<b>&amp;</b>\u2028\u2029",
		`'single' "double" \back\`, "$date", "$oid.dot{brace}", "null", "0", "\ufeffBOM", "\U0010ffff", strings.Repeat("ü", 100_000),
	} {
		i := Item{Kind: Events, Event: &Event{ID: app.EventID(text), Details: []Detail{{Name: text, Text: text}}, At: time.UnixMilli(0).UTC()}}
		got := line(t, i)
		assert.Equal(t, 1, strings.Count(got, "\n"), "one line")
		assert.NotContains(t, got, `\u003c`, "nothing is escaped for HTML")
		var back Item
		require.NoError(t, decode([]byte(got), &back, &bytes.Buffer{}))
		assert.Equal(t, i, back)
	}
}

func TestNumbersStayWhole(t *testing.T) {
	for _, n := range []int{0, 1, -1, math.MaxInt32, math.MaxInt32 + 1, math.MaxInt64, math.MinInt64} {
		i := publicationItem(n)
		i.Publication.At = time.UnixMilli(0).UTC()
		var back Item
		require.NoError(t, decode([]byte(line(t, i)), &back, &bytes.Buffer{}), "%d", n)
		assert.Equal(t, i, back)
	}
}

func TestNoneAndEmptyAreTheSameLine(t *testing.T) {
	none, empty := recordItem("record"), recordItem("record")
	none.Record.Attempts = nil
	assert.Equal(t, line(t, empty), line(t, none))
	noData, noBytes := fileItem("a", ""), fileItem("a", "")
	noData.File.Data = nil
	assert.Equal(t, line(t, noBytes), line(t, noData))
	everyone, nobody := officeItem(), officeItem()
	require.Equal(t, []string{}, nobody.Office.Assignments[1].People)
	everyone.Office.Assignments[1].People, everyone.Office.Tokens, nobody.Office.Tokens = nil, nil, []AccessToken{}
	assert.Equal(t, line(t, nobody), line(t, everyone))
}

func TestWhatHasNotHappenedIsNotWritten(t *testing.T) {
	record, person := recordItem("record"), Item{Kind: People, Person: &Person{Learner: "rivera"}}
	never := line(t, record) + line(t, person)
	for _, field := range []string{"changed_at", "former", "forget_at", "attempt\"", "reason", "erased_at"} {
		assert.NotContains(t, never, field)
	}
	sooner := time.UnixMilli(-62135596800000) // the same, as a database may give it back
	record.Record.ChangedAt, record.Record.ForgetAt, person.Person.ErasedAt = sooner, sooner, sooner
	assert.Equal(t, never, line(t, record)+line(t, person))
	said := strings.Replace(line(t, record), `"completion":`, `"changed_at":{"$date":{"$numberLong":"-62135596800000"}},"completion":`, 1)
	var i Item
	assert.ErrorIs(t, decode([]byte(said), &i, &bytes.Buffer{}), errForeign, "or one record had two lines")

	first := time.UnixMilli(0).UTC()
	record.Record.ChangedAt, record.Record.ForgetAt, record.Record.Former, person.Person.ErasedAt = first, first, true, first
	record.Record.Completion.Attempt, record.Record.Completion.Reason = "first", " "
	for _, want := range []Item{record, person} {
		var got Item
		require.NoError(t, decode([]byte(line(t, want)), &got, &bytes.Buffer{}))
		assert.Equal(t, line(t, want), line(t, got))
	}
	assert.Contains(t, line(t, record), `"changed_at":{"$date":"1970-01-01T00:00:00Z"},"former":true,"forget_at":{"$date":"1970-01-01T00:00:00Z"}`)
}

func TestALineThatFirst5DidNotWriteIsRefused(t *testing.T) {
	good := strings.TrimSuffix(line(t, publicationItem(7, "names-first")), "\n")
	var i Item
	require.NoError(t, decode([]byte(good+"\n"), &i, &bytes.Buffer{}))
	for name, bad := range map[string]string{
		"an empty one":       "",
		"no line break":      good,
		"two on one":         good + good + "\n",
		"blanks":             " " + good + "\n",
		"a broken-off one":   good[:len(good)-1] + "\n",
		"broken off deeply":  strings.Repeat(`{"new":`, 300) + "\n",
		"an unknown field":   strings.Replace(good, `"origin"`, `"new":{"deep":[{}]},"origin"`, 1) + "\n",
		"a doubled field":    strings.Replace(good, `"origin"`, `"origin":"x","origin"`, 1) + "\n",
		"a missing field":    strings.Replace(good, `"origin":"embedded",`, "", 1) + "\n",
		"another order":      strings.Replace(good, `"kind":"publication",`, "", 1) + "\n",
		"a fraction":         strings.Replace(good, `"number":7`, `"number":7.5`, 1) + "\n",
		"a number as a text": strings.Replace(good, `"number":7`, `"number":"7"`, 1) + "\n",
		"no list":            strings.Replace(good, `"current":[`, `"current":null,"x":[`, 1) + "\n",
		"another escape":     strings.Replace(good, "embedded", `\u0065mbedded`, 1) + "\n",
		"a canonical number": strings.Replace(good, `"number":7`, `"number":{"$numberInt":"7"}`, 1) + "\n",
		"no UTF-8":           strings.Replace(good, "embedded", "embed\xff", 1) + "\n",
	} {
		var i Item
		assert.ErrorIs(t, decode([]byte(bad), &i, &bytes.Buffer{}), errForeign, name)
	}
}
