package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"first5/app/archive"
)

// runRestore puts what is in a backup into a database.
func runRestore(ctx context.Context, args []string, t terminal) error {
	var config, target string
	var replace bool
	named, err := parse(args, []option{{"config", &config}, {"to", &target}, {"replace", &replace}}, "the file to restore")
	if err != nil {
		return err
	}
	to, err := databaseNamed(target, config, t)
	if err != nil {
		return err
	}
	// First, so that a broken file touches no database.
	about, held, err := checkBackup(ctx, named[0])
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(held, func(c archive.Count) bool { return c.Items > 0 }) {
		return fmt.Errorf("there is nothing in %s: name the backup that holds the data", named[0])
	}
	fmt.Fprintf(t.err, "a backup of %s, written by first5 %s from %s\n", about.At.UTC().Format(time.RFC3339), about.Program, about.Store)
	counts, err := restore(ctx, named[0], to, replace, t)
	if err != nil {
		return err
	}
	return printMoved(t.out, counts, fmt.Sprintf("%s holds what %s does", to, named[0]))
}

func restore(ctx context.Context, file string, to database, replace bool, t terminal) ([]archive.Count, error) {
	path, err := filepath.Abs(file)
	if err != nil {
		return nil, fmt.Errorf("finding the file %s: %w", file, err)
	}
	f, err := openBackup(path)
	if err != nil {
		return nil, err
	}
	m := moving{
		what:    "first5 restore " + path,
		options: archive.Options{Replace: replace, Told: newProgress(t.err, time.Now).told},
	}
	m.do = func(target store) ([]archive.Count, error) {
		return archive.Restore(ctx, f, target, m.what, m.options)
	}
	counts, err := moveInto(ctx, to, t, m)
	return counts, errors.Join(err, f.Close())
}
