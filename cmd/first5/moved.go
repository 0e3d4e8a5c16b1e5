package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"syscall"
	"text/tabwriter"
	"time"

	"first5/app/archive"
	"first5/app/mongostore"
	"first5/app/sqlitestore"
)

// progress tells now and then how far a long move is.
type progress struct {
	out  io.Writer
	now  func() time.Time
	next time.Time // when to tell again
}

// tellEvery is how long a move is silent.
const tellEvery = 5 * time.Second

func newProgress(out io.Writer, now func() time.Time) *progress {
	return &progress{out, now, now().Add(tellEvery)}
}

// told is told of so many items of a kind so far.
func (p *progress) told(kind archive.Kind, items int) {
	now := p.now()
	if now.Before(p.next) {
		return
	}
	p.next = now.Add(tellEvery)
	fmt.Fprintf(p.out, "%s: %d so far\n", kind, items)
}

// printMoved prints what was moved, by kind.
func printMoved(out io.Writer, counts []archive.Count, verified string) error {
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	fmt.Fprintln(table, "kind\titems\tSHA-256")
	for _, c := range counts {
		fmt.Fprintf(table, "%s\t%d\t%s\n", c.Kind, c.Items, c.Hash)
	}
	err := table.Flush()
	if err == nil {
		_, err = fmt.Fprintln(out, "verified:", verified)
	}
	if err != nil {
		return fmt.Errorf("saying what was moved, which is done: %w", err)
	}
	return nil
}

// moving is something that is to be moved into a database.
type moving struct {
	what    string // as [archive.Store.Unfinished] has it
	options archive.Options

	// fits looks whether it may go there, after everything else that may be in the
	// way was looked at. It may be nil.
	fits func(to store, found archive.Target) error

	do func(to store) ([]archive.Count, error)
}

// moveInto opens the database that is moved into, and has that done.
func moveInto(ctx context.Context, d database, t terminal, m moving) ([]archive.Count, error) {
	to, err := d.openToMove(ctx, false, t)
	if err != nil {
		return nil, err
	}
	err = ready(ctx, d, to, m)
	if err != nil {
		return nil, errors.Join(d.hiding(err), to.Close())
	}
	counts, err := m.do(to)
	if err != nil {
		err = brokenOff(ctx, d, to, err)
	}
	return counts, errors.Join(d.hiding(err), to.Close())
}

// ready makes a database ready to be moved into. MongoDB's indexes are created
// before there is data: those that are unique guard it. Before that nothing is
// written into a database that is refused.
func ready(ctx context.Context, d database, to store, m moving) error {
	found, err := archive.Look(ctx, to, m.what, m.options)
	switch {
	case errors.Is(err, archive.ErrNotEmpty) && found.Begun != "":
		return fmt.Errorf("the database %s is not empty: it holds what %q, begun and not finished, has left; "+
			"run that again, or use --replace to remove all that it holds", d, found.Begun)
	case errors.Is(err, archive.ErrNotEmpty):
		return fmt.Errorf("the database %s is not empty: use --replace to remove all that it holds, or name another one", d)
	case err != nil:
		return err
	}
	if m.fits != nil {
		err = m.fits(to, found)
		if err != nil {
			return err
		}
	}
	if s, ok := to.(*mongostore.Store); ok {
		return s.CreateIndexes(ctx, func(string) {})
	}
	return nil
}

// brokenOff returns why a move is not done, and what to do if it had begun to
// write into the database.
func brokenOff(ctx context.Context, d database, to store, err error) error {
	// A database that can't be asked may be half of what it should be, too.
	begun, unknown := to.Unfinished(context.WithoutCancel(ctx))
	untouched := begun == "" && unknown == nil
	switch {
	case ctx.Err() != nil && untouched:
		return fmt.Errorf("interrupted before anything was moved: %w", err)
	case ctx.Err() != nil:
		return fmt.Errorf("interrupted, so that the database %s is not whole: run the same again: %w", d, err)
	case untouched:
		return roomless(err)
	}
	return fmt.Errorf("the database %s is not whole, so run the same again when you can: %w", d, roomless(err))
}

// isFull says whether there was no room left on a disk.
func isFull(err error) bool {
	return errors.Is(err, sqlitestore.ErrFull) || errors.Is(err, syscall.ENOSPC)
}

// roomless puts it into words if a disk is full.
func roomless(err error) error {
	if isFull(err) {
		return fullDisk{err}
	}
	return err
}

// fullDisk is an error of a disk that has no room left.
type fullDisk struct{ err error }

// Error implements the error interface.
func (fullDisk) Error() string { return "the disk is full: make room on it" }

// Unwrap returns the error as it is.
func (f fullDisk) Unwrap() error { return f.err }
