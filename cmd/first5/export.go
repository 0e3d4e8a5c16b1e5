package main

import (
	"context"
	"fmt"
	"path"
	"time"

	"first5/content"
	"first5/content/questionbank"
)

// runExport writes the questions of modules as GIFT.
func runExport(_ context.Context, args []string, t terminal) error {
	slug := ""
	folder, err := parse(args, []option{{"module", &slug}}, "the folder of modules")
	if err != nil {
		return err
	}
	lib, findings, err := readFolder(folder[0], time.Now())
	if err != nil {
		return err
	}
	if content.HasErrors(findings) {
		printFindings(t.err, findings)
		return errFindings
	}
	problems, err := exportModules(lib, slug, t)
	for i := range problems {
		problems[i].File = path.Join(fromHere(folder[0]), problems[i].File)
	}
	return told(t, problems, err)
}

// exportModules writes the modules of a library, or the one that a slug names.
func exportModules(lib *content.Library, slug string, t terminal) ([]questionbank.Problem, error) {
	var problems []questionbank.Problem
	found := slug == ""
	for _, p := range lib.Programs {
		for _, m := range p.Modules {
			if slug != "" && m.Slug != slug {
				continue
			}
			found = true
			more, err := questionbank.WriteGIFT(t.out, m)
			if err != nil {
				return problems, err
			}
			problems = append(problems, more...)
		}
	}
	if !found {
		return nil, fmt.Errorf("there is no module %q here: name a module by its folder", slug)
	}
	return problems, nil
}
