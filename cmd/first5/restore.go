package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
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
	about, _, err := checkBackup(named[0])
	if err != nil {
		return err
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
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	counts, err := moveInto(ctx, to, t, func(target store) ([]archive.Count, error) {
		o := archive.Options{Replace: replace, Told: newProgress(t.err, time.Now).told}
		return archive.Restore(ctx, f, target, "first5 restore "+path, o)
	})
	return counts, errors.Join(err, f.Close())
}
