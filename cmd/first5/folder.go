package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"first5/content"
)

// checkFolder says what is wrong with a folder that can't be one of programmes.
func checkFolder(dir string) error {
	info, err := os.Stat(dir)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !info.IsDir() {
		return fmt.Errorf("there is no folder %q: name the one that holds the programmes", dir)
	}
	if err != nil {
		return fmt.Errorf("looking at %s: %w", dir, err)
	}
	for _, inside := range []struct{ file, kind, above string }{
		{"program.md", "a programme", ".."},
		{"module.md", "a module", "../.."},
	} {
		if isFile(filepath.Join(dir, inside.file)) {
			return fmt.Errorf("%q is the folder of %s: name the one that holds the programmes, %q", dir, inside.kind, filepath.Join(dir, inside.above))
		}
	}
	return nil
}

// readFolder reads a folder of programmes with all its findings, of which those
// about dates are as of now. The findings name files as they are found from
// where the program runs.
func readFolder(dir string, now time.Time) (*content.Library, []content.Finding, error) {
	err := checkFolder(dir)
	if err != nil {
		return nil, nil, err
	}
	root, err := os.OpenRoot(dir) // no link in it leads out of it
	if err != nil {
		return nil, nil, fmt.Errorf("opening %s: %w", dir, err)
	}
	lib, findings, err := content.Load(root.FS())
	err = errors.Join(err, root.Close())
	if err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", dir, err)
	}
	findings = append(findings, lib.ExpiredReviews(now)...)
	from := fromHere(dir)
	for i := range findings {
		findings[i].File = path.Join(from, findings[i].File)
	}
	return lib, findings, nil
}

// fromHere returns how a folder is found from where the program runs, if it is
// inside of that: a repository shows findings by such names.
func fromHere(dir string) string {
	here, err := os.Getwd()
	if err == nil && filepath.IsAbs(dir) {
		inside, err := filepath.Rel(here, dir)
		if err == nil && filepath.IsLocal(inside) {
			dir = inside
		}
	}
	return filepath.ToSlash(dir)
}
