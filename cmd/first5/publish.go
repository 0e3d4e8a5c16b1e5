package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strconv"
	"text/tabwriter"
	"time"

	"first5/app"
	"first5/content"
)

// runPublish publishes what changed in a folder of modules. A program that
// serves from the same database shows it to learners within seconds.
func runPublish(ctx context.Context, args []string, t terminal) error {
	var config string
	named, err := parse(args, []option{{"config", &config}}, "the folder of modules")
	if err != nil {
		return err
	}
	d, err := databaseSetting(config, t.getenv)
	if err != nil {
		return err
	}
	folder, err := filepath.Abs(named[0])
	if err != nil {
		return fmt.Errorf("finding the folder %q: %w", named[0], err)
	}
	lib, err := loadToPublish(named[0], t)
	if err != nil {
		return err
	}
	store, err := d.openBeside(ctx, t.opening())
	if err != nil {
		return err
	}
	err = publishFolder(ctx, store, lib, folder, t.out)
	return errors.Join(err, store.Close())
}

// loadToPublish reads a folder of modules and lists on t what is to be mended.
// It refuses what is not fit to publish, and a folder that holds no programme:
// to publish that would withdraw everything.
func loadToPublish(folder string, t terminal) (*content.Library, error) {
	lib, findings, err := readFolder(folder, time.Now())
	if err != nil {
		return nil, err
	}
	printFindings(t.err, findings)
	if content.HasErrors(findings) {
		return nil, errors.New("the modules have errors, listed above, so nothing was published: mend them and publish again")
	}
	if len(lib.Programs) == 0 {
		return nil, fmt.Errorf("there is no programme in %q, and to publish that would withdraw everything: "+
			"name a folder with a folder for each programme in it", folder)
	}
	return lib, nil
}

// publishFolder publishes a library and says on out what changed. If somebody
// else publishes in the same moment it tries once more, on top of that.
func publishFolder(ctx context.Context, store app.Store, lib *content.Library, origin string, out io.Writer) error {
	training := &app.Training{Store: store, Now: time.Now}
	changes, err := training.Publish(ctx, lib, origin)
	if errors.Is(err, app.ErrConflict) {
		changes, err = training.Publish(ctx, lib, origin)
	}
	if errors.Is(err, app.ErrConflict) {
		return errors.New("somebody else is publishing at the same time, so nothing was published: find out who, and publish again")
	}
	if err != nil {
		return err
	}
	return printChanges(out, training.Published().Number, changes)
}

// printChanges writes a line for everything that is not as it was, and a closing
// line that counts.
func printChanges(out io.Writer, publication int, changes []app.Change) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	count := map[app.ChangeKind]int{}
	for _, c := range changes {
		count[c.Kind]++
		if c.Kind != app.Unchanged {
			fmt.Fprintln(table, string(c.Kind)+"\t"+c.Slug+"\tversion "+strconv.Itoa(c.Number))
		}
	}
	if count[app.Unchanged] == len(changes) {
		fmt.Fprintf(table, "Nothing changed: publication %d stays as it is.\n", publication)
	} else {
		fmt.Fprintf(table, "Published as publication %d: %d added, %d changed, %d withdrawn, %d unchanged.\n",
			publication, count[app.Added], count[app.Changed], count[app.Withdrawn], count[app.Unchanged])
	}
	err := table.Flush()
	if err != nil {
		return fmt.Errorf("saying what was published, which is done: %w", err)
	}
	return nil
}
