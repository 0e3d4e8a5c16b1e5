package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"first5/app/archive"
	"first5/app/mongostore"
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

// moveInto opens the database that is moved into, and has move do it. MongoDB's
// indexes are created before there is data: those that are unique guard it.
func moveInto(ctx context.Context, d database, t terminal, move func(to store) ([]archive.Count, error)) ([]archive.Count, error) {
	to, err := d.openToMove(ctx, false, t.telling)
	if err != nil {
		return nil, err
	}
	if m, ok := to.(*mongostore.Store); ok {
		err = m.CreateIndexes(ctx, func(string) {})
	}
	var counts []archive.Count
	if err == nil {
		counts, err = move(to)
	}
	if errors.Is(err, archive.ErrNotEmpty) {
		err = fmt.Errorf("the database %s is not empty: use --replace to remove all that it holds, or name another one", d)
	}
	if err != nil && ctx.Err() != nil {
		err = fmt.Errorf("interrupted, so that the database %s is not whole: run the same again: %w", d, err)
	}
	return counts, errors.Join(d.hiding(err), to.Close())
}
