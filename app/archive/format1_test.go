package archive

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// format1 returns the lines of a backup that a first5 wrote before there were
// workbooks. It is never written anew.
func format1(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("archivetest", "testdata", "format1.jsonl"))
	require.NoError(t, err)
	return slices.Collect(strings.Lines(string(text)))
}

// ofFormat1 returns the lines of a backup without workbooks as they were in the
// first format.
func ofFormat1(t testing.TB, lines []string) []string {
	t.Helper()
	lines = slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return strings.HasPrefix(line, `{"kind":"workbook","items":0,`) })
	lines[0] = strings.Replace(lines[0], `"backup":2`, `"backup":1`, 1)
	return ended(lines[:len(lines)-1])
}

// ended returns the lines with the last one that fits them.
func ended(lines []string) []string {
	all := newTally("")
	for _, line := range lines {
		all.add([]byte(line))
	}
	return append(slices.Clone(lines), fmt.Sprintf("{\"sha256\":%q}\n", all.count().Hash))
}

func TestABackupOfBeforeThereWereWorkbooksIsRestored(t *testing.T) {
	_, lines := backup(t, clinicOfFormat1())
	require.Equal(t, format1(t), ofFormat1(t, lines), "it holds what the clinic held")
	file := compressed(t, format1(t)...)
	want := counts(t, clinicOfFormat1())

	got, read, err := Check(bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, about(), got)
	assert.Equal(t, want, read)
	at := slices.IndexFunc(read, func(c Count) bool { return c.Kind == Workbooks })
	assert.Zero(t, read[at].Items)

	to := newShelf()
	restored, err := Restore(t.Context(), bytes.NewReader(file), to, "restore", Options{})
	require.NoError(t, err)
	assert.Equal(t, want, restored)
	assert.Equal(t, clinicOfFormat1().held, to.held)
	assert.Empty(t, to.begun)

	full := clinic()
	full.begun = "restore"
	_, err = Restore(t.Context(), bytes.NewReader(file), full, "restore", Options{})
	require.NoError(t, err)
	assert.Empty(t, full.held[Workbooks], "nothing is left of what was there")
}

func TestABackupOfBeforeThereWereWorkbooksIsCheckedAsAnyOther(t *testing.T) {
	lines := format1(t)
	text := strings.Join(lines, "")
	for n := range text {
		_, _, err := throughLines(t.Context(), strings.NewReader(text[:n]), nowhere{}, nil)
		require.Error(t, err, "after %d bytes", n)
	}
	for n := range lines {
		assert.Error(t, check(compressed(t, slices.Delete(slices.Clone(lines), n, n+1)...)), "without line %d", n+1)
	}
}

func TestWhatCameLaterIsInNoBackupOfBefore(t *testing.T) {
	_, now := backup(t, clinic())
	section := slices.Clone(now[6:9])
	require.Contains(t, section[2], `{"kind":"workbook","items":2,`)
	lines := format1(t)
	lines = ended(slices.Insert(lines[:len(lines)-1], 6, section...))
	assert.EqualError(t, check(compressed(t, lines...)), "the backup is damaged in line 7 (once): it is not as First5 writes it; take another backup")

	for _, change := range []func(r *Record){
		func(r *Record) { r.Withdrawn = &Withdrawal{At: minute(3)} },
		func(r *Record) { r.Completion.Credit = "0.25 AMA PRA Category 1 Credit™" },
	} {
		s := clinicOfFormat1()
		change(s.held[Records]["record 1"].Record)
		_, lines := backup(t, s)
		assert.EqualError(t, check(compressed(t, ofFormat1(t, lines)...)),
			"the backup is damaged in line 4 (record): it is not as First5 writes it; take another backup")
		assert.NoError(t, check(compressed(t, lines...)))
	}
}
