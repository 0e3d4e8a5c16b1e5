package sqlitestore

import (
	"database/sql"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestARowIsTakenApart(t *testing.T) {
	var row rowText
	require.NoError(t, row.Scan(`["Dr. \"R\\\" 🩺","",7,null,0,-62135596800000,"\u0001é"]`))
	assert.Equal(t, `Dr. "R\" 🩺`, row.text())
	assert.Empty(t, row.text())
	assert.Equal(t, 7, row.whole())
	assert.Nil(t, row.percent())
	assert.Equal(t, 0, *row.percent())
	assert.Equal(t, time.Time{}, row.time())
	assert.Equal(t, "\x01é", row.text())
	assert.NoError(t, row.end())
}

func TestARowOfAnotherShapeIsRefused(t *testing.T) {
	for _, text := range []string{
		`[]`, `["a"]`, `["a",1`, `["a",1,2]`, `[1,"a"]`, `["a","b"]`, `["a`, `["a\`, `["a\"`, `["a\x",1]`, `["a",]`, `["a",1.5]`, `[null,1]`, `["a",null]`,
	} {
		var row rowText
		require.NoError(t, row.Scan(text))
		row.text()
		row.whole()
		assert.Error(t, row.end(), text)
	}
	for _, column := range []any{nil, int64(1), "", `"a"`} {
		var row rowText
		assert.Error(t, row.Scan(column), "%v", column)
	}
}

// FuzzRows checks that texts and numbers come out of SQLite as they went in.
func FuzzRows(f *testing.F) {
	f.Add("Dr. Rivera", `"quoted" \ and`+"\n", int64(80))
	f.Add("", "\u2028\ufeff\U0010ffff", int64(-1)<<63)
	f.Add(strings.Repeat("ü", 5000), "null", int64(0))
	db, err := sql.Open("sqlite", ":memory:")
	require.NoError(f, err)
	f.Cleanup(func() { require.NoError(f, db.Close()) })
	f.Fuzz(func(t *testing.T, a, b string, n int64) {
		if !utf8.ValidString(a + b) {
			return // a text is valid UTF-8
		}
		var row rowText
		require.NoError(t, db.QueryRow("SELECT json_array(?, ?, NULL, ?)", a, n, b).Scan(&row))
		assert.Equal(t, a, row.text())
		got, ok := row.number()
		assert.True(t, ok)
		assert.Equal(t, n, got)
		assert.Nil(t, row.percent())
		assert.Equal(t, b, row.text())
		assert.NoError(t, row.end())
	})
}
