package content_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
)

// update writes what the package says into the golden files; look through the
// difference before committing it.
func update() bool { return flag.Lookup("update").Value.String() == "true" }

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the golden files anew")
	os.Exit(m.Run())
}

// eachFinding runs a test for every folder of golden files. Such a folder holds
// either one module or one library, and in findings.txt, below a line that says
// what it is about, what its author is told: of content, or of the graded
// questions in it.
func eachFinding(t *testing.T, test func(t *testing.T, folder string, findings []content.Finding)) {
	for pattern, check := range map[string]func(*testing.T, string) []content.Finding{
		"testdata/findings/*": check, "testdata/items/*": checkItems,
	} {
		folders, err := filepath.Glob(pattern)
		require.NoError(t, err)
		require.NotEmpty(t, folders)
		for _, folder := range folders {
			t.Run(filepath.Base(folder), func(t *testing.T) {
				test(t, folder, check(t, folder))
			})
		}
	}
}

// check returns the findings of the module or library in a golden folder.
func check(t *testing.T, folder string) []content.Finding {
	t.Helper()
	if source := read(t, filepath.Join(folder, "module")); source != nil {
		m, findings := content.ParseModule("program", "names-first", source)
		require.NotNil(t, m, "an author always gets something to look at")
		return findings
	}
	l, findings, err := content.Load(os.DirFS(filepath.Join(folder, "library")))
	require.NoError(t, err)
	return append(findings, l.ExpiredReviews(time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC))...)
}

// checkItems returns the findings about the questions of a golden folder, which
// has nothing else to mend.
func checkItems(t *testing.T, folder string) []content.Finding {
	t.Helper()
	l, findings := itemsIn(t, folder)
	require.Empty(t, findings, "%s: %s", folder, listing(findings))
	return content.CheckItems(l)
}

func itemsIn(t *testing.T, folder string) (*content.Library, []content.Finding) {
	t.Helper()
	source := read(t, filepath.Join(folder, "module"))
	if source == nil {
		l, findings, err := content.Load(os.DirFS(filepath.Join(folder, "library")))
		require.NoError(t, err)
		return l, findings
	}
	m, findings := content.ParseModule("p", "names-first", source)
	return &content.Library{Programs: []*content.Program{{Slug: "p", Modules: []*content.Module{m}}}}, findings
}

// read returns the files of a module in a folder, or nil if it is not there.
func read(t testing.TB, folder string) content.Source {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(folder, "*"))
	require.NoError(t, err)
	var source content.Source
	for _, name := range names {
		data, err := os.ReadFile(name)
		require.NoError(t, err)
		source = append(source, content.File{Name: filepath.Base(name), Data: data})
	}
	return source
}

// listing writes findings as a terminal shows them.
func listing(findings []content.Finding) string {
	var b strings.Builder
	for _, f := range findings {
		b.WriteString(f.String() + "\n")
	}
	return b.String()
}

func rules(findings []content.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, f.Rule)
	}
	return all
}

// Every rule has a folder that breaks it, named after the rule.
func TestAuthorsAreToldWhatToMendAndWhere(t *testing.T) {
	eachFinding(t, func(t *testing.T, folder string, findings []content.Finding) {
		rule := filepath.Base(folder)
		if strings.HasPrefix(rule, "valid") {
			assert.Empty(t, findings)
		} else {
			assert.Contains(t, rules(findings), strings.TrimPrefix(rule, "program-"))
		}
		golden := filepath.Join(folder, "findings.txt")
		want, err := os.ReadFile(golden)
		require.NoError(t, err)
		about, list, _ := strings.Cut(string(want), "\n")
		if update() {
			require.NoError(t, os.WriteFile(golden, []byte(about+"\n"+listing(findings)), 0o666))
			return
		}
		assert.Equal(t, list, listing(findings))
	})
}

// The catalogue of rules is what other programs are told of them.
func TestEveryRuleIsInTheCatalogue(t *testing.T) {
	known := map[string]content.Rule{}
	for _, r := range content.Rules() {
		assert.NotContains(t, known, r.Name, "a rule is listed once")
		known[r.Name] = r
		if r.Name == "file-too-large" { // a file that large is made by its own test
			continue
		}
		folders, err := filepath.Glob(filepath.Join("testdata", "*", r.Name))
		require.NoError(t, err)
		assert.NotEmpty(t, folders, "the rule %s has a folder that breaks it", r.Name)
	}
	eachFinding(t, func(t *testing.T, _ string, findings []content.Finding) {
		for _, f := range findings {
			if assert.Contains(t, known, f.Rule) {
				assert.Equal(t, known[f.Rule].Severity, f.Severity, f.Rule)
			}
		}
	})
}
