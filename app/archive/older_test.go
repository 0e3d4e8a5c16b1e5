package archive

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// older returns the lines of a backup that a first5 wrote in a format of before.
// It is never written anew.
func older(t testing.TB, format int) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("archivetest", "testdata", fmt.Sprintf("format%d.jsonl", format)))
	require.NoError(t, err)
	return slices.Collect(strings.Lines(string(text)))
}

// inFormat returns the lines of a backup as they were in a format of before,
// which knew all that is in it.
func inFormat(t testing.TB, old int, lines []string) []string {
	t.Helper()
	lines = slices.DeleteFunc(slices.Clone(lines), func(line string) bool {
		return slices.ContainsFunc(Kinds(), func(k Kind) bool {
			return since(k) > old && strings.HasPrefix(line, fmt.Sprintf(`{"kind":%q,"items":0,`, k))
		})
	})
	lines[0] = strings.Replace(lines[0], fmt.Sprintf(`"backup":%d`, format), fmt.Sprintf(`"backup":%d`, old), 1)
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

func TestABackupOfAnEarlierReleaseIsRestored(t *testing.T) {
	for old := 1; old < format; old++ {
		_, lines := backup(t, clinicOf(old))
		require.Equal(t, older(t, old), inFormat(t, old, lines), "it holds what the clinic held")
		file := compressed(t, older(t, old)...)
		want := counts(t, clinicOf(old))

		got, read, err := Check(bytes.NewReader(file))
		require.NoError(t, err)
		assert.Equal(t, about(), got)
		assert.Equal(t, want, read)
		for _, c := range read {
			assert.Equal(t, since(c.Kind) > old, c.Items == 0, "format %d and its %s lines", old, c.Kind)
		}

		to := newShelf()
		restored, err := Restore(t.Context(), bytes.NewReader(file), to, "restore", Options{})
		require.NoError(t, err)
		assert.Equal(t, want, restored)
		assert.Equal(t, clinicOf(old).held, to.held)
		assert.Empty(t, to.begun)

		full := clinic()
		full.begun = "restore"
		_, err = Restore(t.Context(), bytes.NewReader(file), full, "restore", Options{})
		require.NoError(t, err)
		assert.Equal(t, clinicOf(old).held, heldOf(full), "nothing is left of what was there")
	}
}

// heldOf returns what a shelf holds, without the kinds of which there is nothing.
func heldOf(s *shelf) map[Kind]map[string]Item {
	held := map[Kind]map[string]Item{}
	for kind, items := range s.held {
		if len(items) > 0 {
			held[kind] = items
		}
	}
	return held
}

func TestABackupOfAnEarlierReleaseIsCheckedAsAnyOther(t *testing.T) {
	for old := 1; old < format; old++ {
		lines := older(t, old)
		text := strings.Join(lines, "")
		for n := 0; n < len(text); n += 7 { // each byte is tried of one of today's
			_, _, err := throughLines(t.Context(), strings.NewReader(text[:n]), nowhere{}, nil)
			require.Error(t, err, "after %d bytes", n)
		}
		for n := range lines {
			assert.Error(t, check(compressed(t, slices.Delete(slices.Clone(lines), n, n+1)...)), "without line %d", n+1)
		}
	}
}

// section returns the lines of a kind, with the one that closes it.
func section(lines []string, kind Kind) []string {
	var all []string
	for _, line := range lines {
		if strings.HasPrefix(line, fmt.Sprintf(`{"kind":%q,`, kind)) {
			all = append(all, line)
		}
	}
	return all
}

func TestAKindThatCameLaterIsInNoBackupOfBefore(t *testing.T) {
	_, now := backup(t, clinic())
	for old := 1; old < format; old++ {
		for _, kind := range []Kind{Workbooks, Offices} {
			if since(kind) <= old {
				continue
			}
			lines := older(t, old)
			once := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, `{"kind":"once"`) })
			later := section(now, kind)
			require.Len(t, later, 3)
			lines = ended(slices.Insert(lines[:len(lines)-1], once, later...))
			assert.EqualError(t, check(compressed(t, lines...)),
				fmt.Sprintf("the backup is damaged in line %d (once): it is not as First5 writes it; take another backup", once+1))
		}
	}
}

func TestWhatCameLaterIsInNoLineOfBefore(t *testing.T) {
	for _, later := range []struct {
		since  int
		line   string
		change func(r *Record, p *Person)
	}{
		{2, "4 (record)", func(r *Record, _ *Person) { r.Withdrawn = &Withdrawal{At: minute(3)} }},
		{2, "4 (record)", func(r *Record, _ *Person) { r.Completion.Credit = "0.25 AMA PRA Category 1 Credit™" }},
		{3, "4 (record)", func(r *Record, _ *Person) { r.ChangedAt = time.UnixMilli(0).UTC() }},
		{3, "4 (record)", func(r *Record, _ *Person) { r.Former = true }},
		{3, "4 (record)", func(r *Record, _ *Person) { r.ForgetAt = minute(3) }},
		{3, "4 (record)", func(r *Record, _ *Person) { r.Completion.Attempt = "second" }},
		{3, "4 (record)", func(r *Record, _ *Person) {
			r.Completion.Reason, r.Withdrawn = "Teaches it.", &Withdrawal{At: minute(3)}
		}},
		{3, "13 (person)", func(_ *Record, p *Person) { p.ErasedAt = minute(3) }},
	} {
		s := clinicOfFormat1()
		later.change(s.held[Records]["record 1"].Record, s.held[People]["rivera"].Person)
		_, lines := backup(t, s)
		assert.NoError(t, check(compressed(t, lines...)))
		for old := 1; old < format; old++ {
			err := check(compressed(t, inFormat(t, old, lines)...))
			if old >= later.since {
				assert.NoError(t, err)
				continue
			}
			line := later.line
			if old > 1 { // there is one that closes the workbooks
				line = strings.Replace(line, "13", "14", 1)
			}
			assert.EqualError(t, err, "the backup is damaged in line "+line+": it is not as First5 writes it; take another backup")
		}
	}
}

func TestAWaiverWithoutACertificateMayStandInAnyFormat(t *testing.T) {
	s := clinicOfFormat1()
	c := s.held[Records]["record 1"].Record.Completion
	c.Status, c.Certificate = app.Waived, ""
	_, lines := backup(t, s)
	for old := 1; old < format; old++ {
		assert.NoError(t, check(compressed(t, inFormat(t, old, lines)...)))
	}
}
