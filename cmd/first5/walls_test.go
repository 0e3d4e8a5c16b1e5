package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// walls says which of our packages each package may import. Arrows go one way.
var walls = map[string][]string{
	"content":                  {},
	"content/questionbank":     {"content"},
	"modules":                  {},
	"app":                      {"content"},
	"app/storetest":            {"app", "content"},
	"app/archive":              {"app"},
	"app/archive/archivetest":  {"app", "app/archive", "content"},
	"app/sqlitestore":          {"app", "app/archive", "content"},
	"app/mongostore":           {"app", "app/archive", "content"},
	"app/mongostore/mongotest": {},
	"app/seed":                 {"app", "app/archive", "content"},
	"app/signin":               {"app"},
	"app/report":               {"app"},
	"app/paper":                {"app"},
	"app/demo":                 {},
	"app/preview":              {"app", "content", "web"},
	"web":                      {"app", "content"},
	"app/site":                 {"app", "content", "app/paper", "app/report", "app/signin", "web"},
	"cmd/first5":               {"app", "content", "content/questionbank", "app/archive", "app/demo", "app/mongostore", "app/preview", "app/seed", "app/signin", "app/site", "app/sqlitestore", "modules", "web"},
}

// homes says which packages alone may import a technology.
var homes = map[string][]string{
	"github.com/gofiber/":                  {"app/site"},
	"modernc.org/sqlite":                   {"app/sqlitestore"},
	"database/sql":                         {"app/sqlitestore"},
	"github.com/coreos/go-oidc/":           {"app/signin"},
	"golang.org/x/oauth2":                  {"app/signin"},
	"github.com/zitadel/":                  {"app/demo"},
	"github.com/yuin/goldmark":             {"content"},
	"github.com/stretchr/testify":          {"app/storetest", "app/archive/archivetest"},
	"github.com/JohannesKaufmann/":         {"content/questionbank"},
	"github.com/fsnotify/":                 {"app/preview"},
	"codeberg.org/go-pdf/fpdf":             {"app/paper"},
	"github.com/makiuchi-d/gozxing":        {"app/paper"},
	"github.com/owenrumney/go-sarif/":      {"cmd/first5"},
	"go.mongodb.org/mongo-driver/v2/mongo": {"app/mongostore", "app/mongostore/mongotest"},
	"go.mongodb.org/mongo-driver/v2/bson":  {"app/mongostore", "app/archive"}, // whose files are in its JSON
	"github.com/Shopify/toxiproxy/":        {"app/mongostore/mongotest"},
}

func TestArrowsBetweenPackagesGoOneWay(t *testing.T) {
	for pkg, imports := range importsOf(t, "../..") {
		allowed, known := walls[pkg]
		if !assert.True(t, known, "package %s is not in the table", pkg) {
			continue
		}
		for _, imported := range imports {
			if own, ok := strings.CutPrefix(imported, "first5/"); ok {
				assert.Contains(t, allowed, own, "%s imports %s", pkg, own)
			}
			for technology, homes := range homes {
				if strings.HasPrefix(imported, technology) {
					assert.Contains(t, homes, pkg, "%s belongs in its own package", imported)
				}
			}
		}
	}
}

// importsOf returns what each package below root imports, tests aside.
func importsOf(t *testing.T, root string) map[string][]string {
	t.Helper()
	imports := map[string][]string{}
	err := fs.WalkDir(os.DirFS(root), ".", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "/testdata/") {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), filepath.Join(root, name), nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		pkg := path.Dir(name)
		imports[pkg] = append(imports[pkg], []string{}...)
		for _, i := range f.Imports {
			imported, err := strconv.Unquote(i.Path.Value)
			if err != nil {
				return err
			}
			imports[pkg] = append(imports[pkg], imported)
		}
		return nil
	})
	require.NoError(t, err)
	require.Len(t, imports, len(walls), "a package of the table is gone")
	return imports
}
