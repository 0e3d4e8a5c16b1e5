package archive

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden file anew")
	os.Exit(m.Run())
}

// backup returns a backup of the store, and its lines.
func backup(t testing.TB, s Store) (file []byte, lines []string) {
	t.Helper()
	var b bytes.Buffer
	_, err := Write(t.Context(), &b, s, about(), nil)
	require.NoError(t, err)
	z, err := gzip.NewReader(bytes.NewReader(b.Bytes()))
	require.NoError(t, err)
	text, err := io.ReadAll(z)
	require.NoError(t, err)
	return b.Bytes(), slices.Collect(strings.Lines(string(text)))
}

// compressed returns a file of these lines.
func compressed(t testing.TB, lines ...string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	for _, line := range lines {
		_, err := io.WriteString(z, line)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	return b.Bytes()
}

func check(file []byte) error {
	_, _, err := Check(bytes.NewReader(file))
	return err
}

func TestABackupIsLinesThatAnybodyCanRead(t *testing.T) {
	_, lines := backup(t, clinic())
	golden := filepath.Join("testdata", "backup.jsonl")
	if flag.Lookup("update").Value.String() == "true" {
		require.NoError(t, os.MkdirAll("testdata", 0o777))
		require.NoError(t, os.WriteFile(golden, []byte(strings.Join(lines, "")), 0o666))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	assert.Equal(t, string(want), strings.Join(lines, ""), "a file that was written once must stay readable")
}

func TestABackupSaysWhatIsInIt(t *testing.T) {
	file, _ := backup(t, clinic())
	got, read, err := Check(bytes.NewReader(file))
	require.NoError(t, err)
	assert.Equal(t, about(), got)
	assert.Equal(t, counts(t, clinic()), read)
	for n, items := range []int{1, 4, 2, 2, 2, 2, 2, 2, 1} {
		assert.Equal(t, items, read[n].Items, "%s", read[n].Kind)
	}

	file, lines := backup(t, newShelf())
	assert.NoError(t, check(file), "there may be nothing in it")
	assert.Len(t, lines, 2+len(Kinds()))
}

func TestAFileThatIsCutOffIsRefused(t *testing.T) {
	file, _ := backup(t, clinic())
	for n := range file {
		err := check(file[:n])
		require.Error(t, err, "after %d bytes", n)
		assert.Regexp(t, "take another backup$", err.Error())
	}
	// Where what is compressed ends well, too.
	_, lines := backup(t, clinic())
	text := strings.Join(lines, "")
	for n := range text {
		_, _, err := throughLines(t.Context(), strings.NewReader(text[:n]), nowhere{}, nil)
		require.Error(t, err, "after %d bytes", n)
		assert.Regexp(t, "take another backup$", err.Error())
	}
}

func TestAFileWithAChangedByteIsRefused(t *testing.T) {
	file, lines := backup(t, clinic())
	unnoticed := 0
	for n := range file {
		for _, with := range []byte{0x01, 0x80} {
			changed := slices.Clone(file)
			changed[n] ^= with
			if check(changed) == nil {
				unnoticed++
			}
		}
	}
	assert.LessOrEqual(t, unnoticed, 2, "bits that fill up the last block mean nothing, and nothing else may change")

	text := []byte(strings.Join(lines, ""))
	for n := range text {
		changed := slices.Clone(text)
		changed[n] ^= 0x01
		_, _, err := throughLines(t.Context(), bytes.NewReader(changed), nowhere{}, nil)
		require.Error(t, err, "byte %d of %q", n, text)
	}
}

func TestAFileWithOtherLinesIsRefused(t *testing.T) {
	_, lines := backup(t, clinic())
	refused := func(n int, what string, other ...string) {
		t.Helper()
		err := check(compressed(t, other...))
		require.Error(t, err, "line %d is %s", n+1, what)
		assert.Regexp(t, "take another backup$", err.Error())
		if n > 0 {
			assert.Regexp(t, `^the backup is damaged in line \d+( \([a-z]+\))?: [^\n]+$`, err.Error())
		}
	}
	for n := range lines {
		refused(n, "missing", slices.Delete(slices.Clone(lines), n, n+1)...)
		refused(n, "doubled", slices.Insert(slices.Clone(lines), n, lines[n])...)
		refused(n, "spaced", slices.Replace(slices.Clone(lines), n, n+1, strings.Replace(lines[n], ":", ": ", 1))...)
		refused(n, "followed by an empty one", slices.Insert(slices.Clone(lines), n+1, "\n")...)
		for m := range n {
			swapped := slices.Clone(lines)
			swapped[n], swapped[m] = swapped[m], swapped[n]
			refused(m, fmt.Sprintf("swapped with %d", n+1), swapped...)
		}
	}
}

func TestWhatIsWrongIsSaidInWords(t *testing.T) {
	file, lines := backup(t, clinic())
	changed := func(old, with string) []byte {
		return compressed(t, strings.Replace(strings.Join(lines, ""), old, with, 1))
	}
	broken := slices.Clone(file)
	broken[len(broken)-6]++ // in the checksum
	named := slices.Clone(file)
	named[4]++ // a time, as gzip itself would write it
	for name, c := range map[string]struct {
		file []byte
		says string
	}{
		"nothing":          {nil, "this is no backup of First5: name the file that was written as one, or take another backup"},
		"a letter":         {[]byte("Dear colleague,"), "this is no backup of First5: "},
		"something else":   {compressed(t, "Dear colleague,\n"), "this is no backup of First5: "},
		"other JSON":       {compressed(t, "{\"first\":5}\n"), "this is no backup of First5: "},
		"compressed anew":  {named, "this is no backup of First5: "},
		"cut off":          {file[:len(file)/2], "the file breaks off there; take another backup"},
		"a later one":      {changed(`"backup":3`, `"backup":4,"new":{"x":{}}`), "the backup was written in format 4 by first5 1.2.3, and this program knows format 3: restore it with that first5, or a later one"},
		"an unknown field": {changed(`"once":{`, `"once":{"new":{"x":{}},`), "the backup is damaged in line 15 (once): it is not as First5 writes it; take another backup"},
		"a changed answer": {changed(`"heard","seen"`, `"heard","Seen"`), "the backup is damaged in line 8 (record): a line of this kind before it was changed; take another backup"},
		"a missing line":   {changed(lines[3], ""), "the backup is damaged in line 7 (record): 4 lines of this kind should stand before it, and 3 do; take another backup"},
		"a changed head":   {changed(`"program":"1.2.3"`, `"program":"1.2.4"`), "the backup is damaged in line 29: it does not fit the lines before it; take another backup"},
		"a checksum":       {broken, "the backup is damaged in line 29: what is compressed was changed there, or before; take another backup"},
		"more lines":       {compressed(t, append(slices.Clone(lines), "{}\n")...), "the backup is damaged in line 29: something follows after it, and it should be the last; take another backup"},
		"two files":        {append(slices.Clone(file), file...), "the backup is damaged: something follows after its end; take another backup"},
	} {
		assert.ErrorContains(t, check(c.file), c.says, name)
	}
}

func TestALineWithoutEndIsNotReadToItsEnd(t *testing.T) {
	_, lines := backup(t, clinic())
	endless := io.MultiReader(strings.NewReader(lines[0]), endlessly{})
	_, _, err := throughLines(t.Context(), endless, nowhere{}, nil)
	assert.EqualError(t, err, "the backup is damaged in line 2 (parked): it is longer than any line of a backup; take another backup")
}

// endlessly is a file that is one long line.
type endlessly struct{}

func (endlessly) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = 'a'
	}
	return len(p), nil
}

func TestAFileOfSixtyFourMegabytesIsTakenAndALargerOneNot(t *testing.T) {
	s := newShelf(publicationItem(1, "film"), fileItem("film", strings.Repeat("a", largestFile)))
	file, _ := backup(t, s)
	require.NoError(t, check(file))
	err := (&lineWriter{to: io.Discard}).take(t.Context(), lined{fileItem("film", ""), make([]byte, longestLine+1)})
	assert.EqualError(t, err, "file module/film/0000000001/0000000000 is larger than the 64 MB that an item of a backup may have")
}

func TestWhatAPublicationThatWasNotReadHasIsLeftOut(t *testing.T) {
	s := newShelf(publicationItem(1, "names-first"), fileItem("names-first", "# Names first"))
	want, _ := backup(t, s)
	s.during = func(k Kind, _ int) {
		if k == Publications { // somebody publishes meanwhile
			s.add(publicationItem(2, "new"), fileItem("new", "# New"))
		}
	}
	got, _ := backup(t, s)
	assert.Equal(t, want, got)
}

func TestASourceThatIsNotWholeIsNotBackedUp(t *testing.T) {
	s := clinic()
	s.begun = "copy --from a"
	_, err := Write(t.Context(), io.Discard, s, about(), nil)
	assert.EqualError(t, err, `the source is not whole, since "copy --from a" into it was begun and not finished: run that again first`)
}

// unordered is a store that yields two items in the wrong order.
type unordered struct{ *shelf }

func TestAStoreThatKeepsNoOrderIsNotBelieved(t *testing.T) {
	s := newShelf(onceItem("b"))
	s.held[OnceKeys]["c"] = onceItem("a")
	_, err := Write(t.Context(), io.Discard, unordered{s}, about(), nil)
	assert.EqualError(t, err, `writing a backup: reading what the store holds: once "a" comes after "b"`)
	s = newShelf(onceItem("a"))
	s.held[Events] = s.held[OnceKeys]
	_, err = Write(t.Context(), io.Discard, s, about(), nil)
	assert.ErrorContains(t, err, "an item of kind event: it is not as First5 writes it")
}

func FuzzBackup(f *testing.F) {
	_, lines := backup(f, clinic())
	for _, line := range lines {
		f.Add([]byte(line))
	}
	f.Add([]byte(strings.Join(lines, "")))
	for n := 1; n < format; n++ {
		f.Add([]byte(strings.Join(older(f, n), "")))
	}
	f.Add([]byte(strings.Repeat(`{"a":`, 300)))
	f.Add([]byte(`{"kind":"once","once":{"key":"k","until":{"$date":{"$numberLong":"-1"}},"more":{"x":{}}}}` + "\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		everyLineIsTheItems(t, data)
		for _, kind := range Kinds() {
			aFileOfTheLine(t, kind, data)
		}
	})
}

// everyLineIsTheItems reads the data as the lines of a file: what is taken for
// one is what would be written.
func everyLineIsTheItems(t *testing.T, data []byte) {
	kept := newShelf()
	about, _, err := throughLines(t.Context(), bytes.NewReader(data), &batches{to: kept}, nil)
	if err != nil {
		return
	}
	var again bytes.Buffer
	_, err = writeLines(t.Context(), &again, kept, about, nil)
	require.NoError(t, err)
	want := again.String()
	for n := 1; n < format; n++ {
		if bytes.HasPrefix(data, fmt.Appendf(nil, `{"first5":{"backup":%d,`, n)) {
			want = strings.Join(inFormat(t, n, slices.Collect(strings.Lines(want))), "")
		}
	}
	assert.Equal(t, want, string(data))
}

// aFileOfTheLine reads the data as a line of a file whose checksums are right.
func aFileOfTheLine(t *testing.T, kind Kind, line []byte) {
	r := &lineReader{in: bufio.NewReader(bytes.NewReader(line)), format: format, before: newTally(kind).hash}
	if r.next(kind) != nil {
		return
	}
	i, err := r.item(kind, "")
	if err != nil {
		return
	}
	var again bytes.Buffer
	require.NoError(t, encode(&again, i.Item))
	assert.Equal(t, string(r.line), again.String())
	s := newShelf()
	s.held[kind] = map[string]Item{i.Key(): i.Item}
	var whole bytes.Buffer
	wrote, err := writeLines(t.Context(), &whole, s, about(), nil)
	require.NoError(t, err)
	_, read, err := throughLines(t.Context(), &whole, nowhere{}, nil)
	require.NoError(t, err)
	assert.Equal(t, wrote, read)
}
