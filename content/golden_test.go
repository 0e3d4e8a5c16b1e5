package content_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"
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

// eachArchive runs a test for every archive in a folder of golden files. The
// test returns what should be in the archive's last file, named golden.
func eachArchive(t *testing.T, dir, golden string, test func(t *testing.T, name string, files content.Source) string) {
	archives, err := filepath.Glob(filepath.Join("testdata", dir, "*.txtar"))
	require.NoError(t, err)
	require.NotEmpty(t, archives)
	for _, archive := range archives {
		name := strings.TrimSuffix(filepath.Base(archive), ".txtar")
		t.Run(name, func(t *testing.T) {
			a, err := txtar.ParseFile(archive)
			require.NoError(t, err)
			last := len(a.Files) - 1
			require.Equal(t, golden, a.Files[last].Name)
			var files content.Source
			for _, f := range a.Files[:last] {
				files = append(files, content.File{Name: f.Name, Data: f.Data})
			}
			got := test(t, name, files)
			if update() {
				a.Files[last].Data = []byte(got)
				require.NoError(t, os.WriteFile(archive, txtar.Format(a), 0o666))
				return
			}
			assert.Equal(t, string(a.Files[last].Data), got)
		})
	}
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

// Every rule has a module that breaks it and a golden list of what its author
// is told.
func TestAuthorsAreToldWhatToMendAndWhere(t *testing.T) {
	eachArchive(t, "findings", "findings", func(t *testing.T, rule string, files content.Source) string {
		m, findings := content.ParseModule("program", "names-first", files)
		require.NotNil(t, m, "an author always gets something to look at")
		if rule == "valid" {
			assert.Empty(t, findings)
		} else {
			assert.Contains(t, rules(findings), rule)
		}
		return listing(findings)
	})
}
