package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"first5/content"
)

// runNew begins a module: a whole one, which shows by example how modules are
// written, in its place in the order of its programme.
func runNew(_ context.Context, args []string, t terminal) error {
	program := "."
	named, err := parse(args, []option{{"program", &program}}, "the module's name, such as names-first,")
	if err != nil {
		return err
	}
	slug := named[0]
	if !content.IsSlug(slug) {
		return fmt.Errorf("%q can't be a module's name, since that is part of an address: take small letters, digits and hyphens, as in names-first", slug)
	}
	err = checkProgramFolder(program, slug)
	if err != nil {
		return err
	}
	folder := filepath.Join(program, slug)
	err = os.MkdirAll(program, 0o777)
	if err == nil {
		err = os.Mkdir(folder, 0o777)
	}
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("%s is there already: choose another name", folder)
	}
	if err != nil {
		return fmt.Errorf("making the folder: %w", err)
	}
	file := filepath.Join(folder, "module.md")
	err = os.WriteFile(file, content.NewModule(titleOf(slug), strconv.Itoa(time.Now().Year())), 0o666)
	if err != nil {
		return fmt.Errorf("writing the module: %w", err)
	}
	fmt.Fprintln(t.out, "Wrote", file)
	err = takeUp(program, slug, t)
	if err != nil {
		return err
	}
	above := filepath.Join(program, "..")
	fmt.Fprintf(t.out, "\nSee it while you write:  first5 preview %s\nHow modules are written: first5 help notation\n", above)
	return nil
}

// checkProgramFolder refuses folders that are no place for a module.
func checkProgramFolder(program, slug string) error {
	whole, err := filepath.Abs(program)
	if err != nil {
		return fmt.Errorf("finding the folder %q: %w", program, err)
	}
	others, err := filepath.Glob(filepath.Join(filepath.Dir(whole), "*", slug, "module.md"))
	if err == nil && len(others) > 0 && filepath.Dir(filepath.Dir(others[0])) != whole {
		return fmt.Errorf("there is a module %s already, in %s: modules are found by their names, so choose another one", slug, filepath.Dir(others[0]))
	}
	if isFile(filepath.Join(whole, "program.md")) {
		return nil
	}
	const which = "name the folder of a programme, as in: first5 new --program modules/first-5-minutes " // a module follows
	if isFile(filepath.Join(whole, "module.md")) {
		return fmt.Errorf("%s is the folder of a module: %s%s", program, which, slug)
	}
	inside, err := os.ReadDir(whole)
	switch {
	case errors.Is(err, fs.ErrNotExist), err == nil && len(inside) == 0: // a new programme
	case err != nil:
		return fmt.Errorf("reading %s: %w", program, err)
	default:
		return fmt.Errorf("%s has no program.md: %s%s; a folder that is new or empty begins a programme", program, which, slug)
	}
	if name := filepath.Base(whole); !content.IsSlug(name) {
		return fmt.Errorf("%q can't be a programme's name: take small letters, digits and hyphens, as in first-5-minutes", name)
	}
	return nil
}

// takeUp puts the module at the end of its programme's order, or begins the
// programme.
func takeUp(program, slug string, t terminal) error {
	file := filepath.Join(program, "program.md")
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		whole, err := filepath.Abs(program)
		if err == nil {
			err = os.WriteFile(file, content.NewProgram(titleOf(filepath.Base(whole)), slug), 0o666)
		}
		if err != nil {
			return fmt.Errorf("writing the programme: %w", err)
		}
		fmt.Fprintln(t.out, "Wrote", file)
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading the programme: %w", err)
	}
	edited, ok := content.AddToOrder(data, slug)
	if !ok {
		fmt.Fprintf(t.out, "Add %s to the order in %s yourself: it is not written in a way that can be added to.\n", slug, file)
		return nil
	}
	err = os.WriteFile(file, edited, 0o666)
	if err != nil {
		return fmt.Errorf("writing the programme: %w", err)
	}
	fmt.Fprintln(t.out, "Added it to the order in", file)
	return nil
}

func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// titleOf makes a title of a slug: names-first is "Names first".
func titleOf(slug string) string {
	words := strings.ReplaceAll(slug, "-", " ")
	return strings.ToUpper(words[:1]) + words[1:]
}
