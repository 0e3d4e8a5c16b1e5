package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"strings"
	"time"

	"first5/app"
	"first5/app/archive"
	"first5/app/mongostore"
	"first5/app/sqlitestore"
)

// database is the address of a database, found right.
type database struct {
	address string
	file    string // SQLite's; empty: the address is MongoDB's
}

// store is what keeps the data: for pages, and for moving it.
type store interface {
	app.Store
	archive.Store
}

// readDatabase reads an address. No error shows a password that is in it.
func readDatabase(address string) (database, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch {
	case scheme == "sqlite" && strings.HasPrefix(rest, "//"):
		return database{}, fmt.Errorf("the database address %q has too many slashes: write sqlite:%s", address, strings.TrimPrefix(rest, "//"))
	case scheme == "sqlite" && rest != "":
		return database{address, rest}, nil
	case scheme == "mongodb", scheme == "mongodb+srv":
		return database{address: address}, mongostore.CheckAddress(address)
	}
	return database{}, fmt.Errorf("the database address %q should be like sqlite:first5.db or mongodb://host:27017/first5", shown(address))
}

// databaseSetting returns the database that a configuration names. The rest of
// the configuration is for those who serve.
func databaseSetting(file string, getenv func(string) string) (database, error) {
	c, err := readConfigFile(file, getenv)
	if err != nil {
		return database{}, err
	}
	if v := getenv("FIRST5_DATABASE"); v != "" {
		return readDatabase(v)
	}
	return readDatabase(c.Database)
}

// String returns the address without a password.
func (d database) String() string { return shown(d.address) }

// sort names the sort of store, as backups have it.
func (d database) sort() string {
	if d.file != "" {
		return "sqlite"
	}
	return "mongodb"
}

// opening is what there is to choose when a database is opened, and whom to tell
// of it.
type opening struct {
	secondaries bool // downloads come from them
	tell        teller
	patience    time.Duration // how long MongoDB is waited for; 0: as long as that takes
}

// teller says something to the operator, and more of it if there is more.
type teller func(what, more string)

// telling writes a line to the log.
func telling(log *slog.Logger) teller {
	return func(what, more string) {
		if more == "" {
			log.Info(what)
			return
		}
		log.Warn(what, slog.String("detail", more))
	}
}

// telling writes a line for people.
func (t terminal) telling(what, more string) {
	if more != "" {
		what += ": " + more
	}
	fmt.Fprintln(t.err, what)
}

// opening is how a command opens a database that does its work and ends.
func (t terminal) opening() opening { return opening{tell: t.telling, patience: t.patience} }

// open opens the database for serving from it. It waits for MongoDB as long as
// that takes, or until ctx ends.
func (d database) open(ctx context.Context, o opening) (store, error) {
	return d.opened(ctx, o, func() (*sqlitestore.Store, error) { return sqlitestore.Open(ctx, d.file) })
}

// openBeside opens the database for short work while others may serve from it.
func (d database) openBeside(ctx context.Context, o opening) (store, error) {
	return d.opened(ctx, o, func() (*sqlitestore.Store, error) { return sqlitestore.OpenBeside(ctx, d.file) })
}

// opened returns a store that is whole and has its indexes.
func (d database) opened(ctx context.Context, o opening, sqlite func() (*sqlitestore.Store, error)) (store, error) {
	if d.file != "" {
		s, err := sqlite()
		if err != nil {
			return nil, err
		}
		return d.whole(ctx, s)
	}
	s, err := d.await(ctx, o)
	if err != nil {
		return nil, err
	}
	_, err = d.whole(ctx, s)
	if err != nil {
		return nil, err
	}
	err = prepareIndexes(ctx, s, o.tell)
	if err != nil {
		return nil, errors.Join(d.hiding(err), s.Close())
	}
	return s, nil
}

// whole returns the store, or closes it and returns an error if only a part of
// what was to be moved into it is there.
func (d database) whole(ctx context.Context, s store) (store, error) {
	begun, err := s.Unfinished(ctx)
	if err == nil && begun != "" {
		err = fmt.Errorf("the database %s is not whole, since %q into it was begun and not finished: "+
			"run that again, or move something else into it with --replace", d, begun)
	}
	if err != nil {
		return nil, errors.Join(d.hiding(err), s.Close())
	}
	return s, nil
}

// prepareIndexes creates the indexes of a database that is new. Where there is
// data an operator decides when that is done, since it takes time. Replicas that
// start together may all do so: what one has created the others find there.
func prepareIndexes(ctx context.Context, s *mongostore.Store, tell teller) error {
	create, err := s.New(ctx)
	if err != nil {
		return err
	}
	var missing []string
	if !create {
		missing, err = s.MissingIndexes(ctx)
		if err != nil || len(missing) == 0 {
			return err
		}
		create, err = s.Empty(ctx) // another replica may be about to create them, or have died of it
		if err != nil {
			return err
		}
	}
	if create {
		tell("the database is new: creating its indexes", "")
		return s.CreateIndexes(ctx, func(string) {})
	}
	for _, name := range missing {
		tell(`an index is missing: run "first5 indexes"`, name)
	}
	return nil
}

// openToMove opens a database to move everything out of it or into it. One that
// is to be moved out of must be there, and whole.
func (d database) openToMove(ctx context.Context, out bool, t terminal) (store, error) {
	s, err := d.openForMoving(ctx, out, t)
	if err != nil || !out {
		return s, err
	}
	return d.holding(ctx, s)
}

// holding returns the store, or closes it and returns an error if it is not
// whole, or if there is nothing in it: who names such a one has probably named
// the wrong one.
func (d database) holding(ctx context.Context, s store) (store, error) {
	_, err := d.whole(ctx, s)
	if err != nil {
		return nil, err
	}
	empty, err := s.Empty(ctx)
	if err == nil && empty {
		err = fmt.Errorf("there is nothing in %s: name the database that holds the data", d)
	}
	if err != nil {
		return nil, errors.Join(d.hiding(err), s.Close())
	}
	return s, nil
}

func (d database) openForMoving(ctx context.Context, out bool, t terminal) (store, error) {
	if d.file == "" {
		s, err := d.await(ctx, t.opening())
		if err != nil {
			return nil, err
		}
		return s, nil
	}
	if out {
		err := d.there()
		if err != nil {
			return nil, err
		}
	}
	s, err := sqlitestore.OpenToMove(ctx, d.file)
	if err != nil {
		return nil, err
	}
	return s, nil
}

// there returns an error unless SQLite's file is there: to open it would make an
// empty one.
func (d database) there() error {
	info, err := os.Stat(d.file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("there is no database %s: name the one that holds the data", d)
	case err != nil:
		return fmt.Errorf("the database %s can't be looked for: name one whose folder first5 may read (%w)", d, err)
	case info.IsDir():
		return fmt.Errorf("%s is a folder: name the database's file in it", d)
	}
	return nil
}

// await opens a MongoDB database and waits until it answers, for as long as the
// opening has patience.
func (d database) await(ctx context.Context, o opening) (*mongostore.Store, error) {
	w := &waiting{tell: o.tell, now: time.Now, hide: d.hiding}
	if o.patience == 0 {
		return d.awaitAnswer(ctx, o, w)
	}
	limited, cancel := context.WithTimeout(ctx, o.patience)
	defer cancel()
	s, err := d.awaitAnswer(limited, o, w)
	if err != nil && ctx.Err() == nil && limited.Err() != nil {
		return nil, fmt.Errorf("the database %s does not answer: %s; look whether it runs, and whether that is its address", d, w.why())
	}
	return s, err
}

func (d database) awaitAnswer(ctx context.Context, o opening, w *waiting) (*mongostore.Store, error) {
	defer w.begin()()
	for {
		s, err := mongostore.Open(d.address, mongostore.Options{DownloadsFromSecondaries: o.secondaries})
		if err == nil {
			err = s.Await(ctx, w.failed)
			if err != nil {
				return nil, errors.Join(d.hiding(err), s.Close())
			}
			w.over()
			return s, nil
		}
		if !unresolved(err) {
			return nil, d.hiding(err)
		}
		w.failed(err)
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("waiting for the database: %w", ctx.Err())
		case <-time.After(shortestWait):
		}
	}
}

// unresolved says whether an address could not be used for want of an answer
// from the network's directory of names, which may come.
func unresolved(err error) bool {
	var name *net.DNSError
	return errors.As(err, &name)
}
