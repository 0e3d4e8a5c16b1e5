package main

import (
	"context"
	"errors"
	"fmt"

	"first5/app/mongostore"
)

// runIndexes creates the indexes that are missing, while others may serve.
func runIndexes(ctx context.Context, args []string, t terminal) error {
	var config string
	_, err := parse(args, []option{{"config", &config}})
	if err != nil {
		return err
	}
	d, err := databaseSetting(config, t.getenv)
	if err != nil {
		return err
	}
	if d.file != "" {
		fmt.Fprintln(t.out, "SQLite's indexes come with its migrations, whenever the program starts: there is nothing to do.")
		return nil
	}
	s, err := d.await(ctx, t.opening())
	if err != nil {
		return err
	}
	return d.hiding(errors.Join(createIndexes(ctx, s, t), s.Close()))
}

// createIndexes creates what is missing, and says what stands in the end.
func createIndexes(ctx context.Context, s *mongostore.Store, t terminal) error {
	before, err := s.MissingIndexes(ctx)
	if err != nil {
		return err
	}
	err = s.CreateIndexes(ctx, func(step string) { fmt.Fprintln(t.out, step) })
	if err != nil {
		return err
	}
	missing, err := s.MissingIndexes(ctx)
	if err != nil {
		return err
	}
	if len(missing) > 0 {
		return fmt.Errorf("these indexes are still missing: %s; look into the database's own log", list(missing))
	}
	fmt.Fprintf(t.out, "All indexes stand; new ones: %d.\n", len(before))
	return nil
}
