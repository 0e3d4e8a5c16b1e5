package web

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// entries are the scripts that pages and the service worker load. Each is sent
// as one file with the others that it imports: a phone pays for every request.
func entries() []string {
	return []string{"page.js", "reading.js", "kept.js", "print.js", "preview.js", outboxScript}
}

// outboxScript is what the service worker shares with the pages.
const outboxScript = "outbox.js"

// slim returns a style or a script without what is there for its authors alone,
// which would be a third of what a phone loads. A script brings those with it that
// it imports, as "static/name.js".
func slim(name string, text []byte, scripts map[string][]byte) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		Stdin:             &api.StdinOptions{Contents: string(text), Sourcefile: name, Loader: loaderOf(name)},
		Bundle:            path.Ext(name) == ".js",
		Format:            api.FormatESModule,
		Target:            api.ESNext, // browsers get what we wrote
		MinifyWhitespace:  true,
		MinifySyntax:      true,
		MinifyIdentifiers: true,
		LegalComments:     api.LegalCommentsNone,
		Plugins:           []api.Plugin{imports(scripts)},
	})
	if len(result.Errors) > 0 {
		return nil, brokenAt(result.Errors[0])
	}
	return result.OutputFiles[0].Contents, nil
}

func loaderOf(name string) api.Loader {
	if path.Ext(name) == ".css" {
		return api.LoaderCSS
	}
	return api.LoaderJS
}

// brokenAt says what is wrong with a style or a script, and where.
func brokenAt(m api.Message) error {
	if m.Location == nil {
		return errors.New(m.Text)
	}
	return fmt.Errorf("%s, line %d: %s", m.Location.File, m.Location.Line, m.Text)
}

// imports finds the scripts that a script imports among those that are embedded.
func imports(scripts map[string][]byte) api.Plugin {
	return api.Plugin{Name: "embedded", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `^static/`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: strings.TrimPrefix(a.Path, "static/"), Namespace: "static"}, nil
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "static"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			text, ok := scripts[a.Path]
			if !ok {
				return api.OnLoadResult{}, fmt.Errorf("there is no script %s", a.Path)
			}
			contents := string(text)
			return api.OnLoadResult{Contents: &contents, Loader: api.LoaderJS}, nil
		})
	}}
}
