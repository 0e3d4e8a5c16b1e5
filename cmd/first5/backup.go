package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"first5/app/archive"
	"first5/app/sqlitestore"
)

// runBackup writes everything that a database holds into one file. A program may
// serve from the database meanwhile.
func runBackup(ctx context.Context, args []string, t terminal) error {
	var config, source string
	named, err := parse(args, []option{{"config", &config}, {"from", &source}}, "the file to write")
	if err != nil {
		return err
	}
	from, err := databaseNamed(source, config, t)
	if err != nil {
		return err
	}
	file := named[0]
	if file == "" || file == "-" {
		return fmt.Errorf("name a file to write, such as first5.backup: a backup is read again, so it goes into no pipe; %w", errUsage)
	}
	err = absent(file)
	if err != nil {
		return err
	}
	counts, err := backUp(ctx, from, file, t)
	if err != nil {
		return from.hiding(err)
	}
	return printMoved(t.out, counts, fmt.Sprintf("%s can be read, and holds what %s did", file, from))
}

// databaseNamed returns the database of an address, or else the configured one.
func databaseNamed(address, config string, t terminal) (database, error) {
	if address != "" {
		return readDatabase(address)
	}
	return databaseSetting(config, t.getenv)
}

// absent returns an error if there is a file already.
func absent(file string) error {
	_, err := os.Lstat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the file %s can't be looked for: name one in a folder that first5 may read (%w)", file, err)
	}
	return fmt.Errorf("there is a file %s already: name another one", file)
}

// backUp writes the file under another name beside, and gives it its name when
// it is whole and was read again. Nothing else stays, whatever happens.
func backUp(ctx context.Context, from database, file string, t terminal) (counts []archive.Count, err error) {
	removeLeft(filepath.Dir(file), t, time.Now())
	folder, err := folderBeside(file)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	source, err := openToBackUp(ctx, from, folder, t)
	if isFull(err) {
		return nil, fullBeside(file)
	}
	if err != nil {
		return nil, err
	}
	part := filepath.Join(folder, "part")
	counts, err = writeBackup(ctx, source, from, part, t)
	err = errors.Join(err, source.Close())
	if err == nil {
		err = verifyBackup(ctx, part, counts)
	}
	if err == nil {
		err = absent(file) // still
	}
	if err == nil {
		err = os.Rename(part, file)
	}
	if isFull(err) {
		return nil, fullBeside(file)
	}
	if err != nil {
		return nil, fmt.Errorf("making the backup: %w", err)
	}
	return counts, nil
}

// openToBackUp opens a database to be read whole. Of SQLite that is a copy of one
// moment, in the folder, so that it is no matter who goes on writing.
func openToBackUp(ctx context.Context, from database, folder string, t terminal) (store, error) {
	if from.file == "" {
		return from.openToMove(ctx, true, t)
	}
	err := from.there()
	if err != nil {
		return nil, err
	}
	moment := filepath.Join(folder, "moment.db")
	err = sqlitestore.Snapshot(ctx, from.file, moment)
	if err != nil {
		return nil, err
	}
	s, err := sqlitestore.OpenToMove(ctx, moment)
	if err != nil {
		return nil, err
	}
	return from.holding(ctx, s)
}

// writeBackup writes the file, for its owner alone, and sees to its being on
// the disk.
func writeBackup(ctx context.Context, source store, from database, file string, t terminal) ([]archive.Count, error) {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return nil, err
	}
	about := archive.About{At: time.Now(), Program: version(), Store: from.sort()}
	counts, err := archive.Write(ctx, f, source, about, newProgress(t.err, time.Now).told)
	if err == nil {
		err = f.Sync()
	}
	return counts, errors.Join(err, f.Close())
}

// verifyBackup reads the file again, as restoring would, and compares.
func verifyBackup(ctx context.Context, file string, written []archive.Count) error {
	_, read, err := checkBackup(ctx, file)
	if err == nil && !slices.Equal(read, written) {
		err = errors.New("the file does not hold what was written into it: the disk may be failing")
	}
	return err
}
