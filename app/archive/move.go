package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Count is how many items of a kind were moved, and the SHA-256 of their lines
// in hex.
type Count struct {
	Kind  Kind
	Items int
	Hash  string
}

// Options are what an operator may choose of a move.
type Options struct {
	// Replace removes what the target holds. Otherwise a target that holds anything
	// is refused, unless it is what an unfinished move from the same place left.
	Replace bool

	// Told is told of progress: so many items of a kind so far. It may be nil.
	Told func(kind Kind, items int)
}

// ErrNotEmpty says that the target holds something already.
var ErrNotEmpty = errors.New("the target is not empty")

// Copy copies everything from one store into another, and then reads both again
// and compares them. what names the source, as [Store.Unfinished] returns it.
func Copy(ctx context.Context, from, to Store, what string, o Options) ([]Count, error) {
	err := fit(ctx, from)
	if err != nil {
		return nil, err
	}
	err = begin(ctx, to, what, o)
	if err != nil {
		return nil, err
	}
	_, err = pass(ctx, newStored(from), &batches{to: to}, o.Told)
	if err != nil {
		return nil, fmt.Errorf("copying: %w", err)
	}
	held, err := pass(ctx, newStored(from), nowhere{}, nil)
	if err != nil {
		return nil, fmt.Errorf("comparing: %w", err)
	}
	return finish(ctx, to, held, "the source probably changed meanwhile: "+
		"stop the program that serves from it, or take a backup and restore that")
}

// Restore checks a file whole, puts what is in it into a store, and compares.
// what names the file, as in [Copy].
func Restore(ctx context.Context, file io.ReadSeeker, to Store, what string, o Options) ([]Count, error) {
	erased, err := newLeavers(file)
	if err != nil {
		return nil, err
	}
	_, held, err := again(ctx, file, erased, nil)
	if err != nil {
		return nil, err
	}
	err = begin(ctx, to, what, o)
	if err != nil {
		return nil, err
	}
	counted := &overtaken{target: &batches{to: to}, parked: map[string]bool{}}
	left := newSettled(counted, erased)
	_, put, err := again(ctx, file, left, o.Told)
	if err == nil {
		err = compare(held, put, "the file was changed meanwhile: restore it again")
	}
	held = left.counts()
	if err == nil && counted.any {
		held, err = withoutOvertaken(ctx, file, held, erased, counted.parked)
	}
	if err != nil {
		return nil, fmt.Errorf("restoring: %w", err)
	}
	return finish(ctx, to, held, "something else probably wrote into the target meanwhile: "+
		"stop the programs that use it, and restore again")
}

// again reads a file from its beginning.
func again(ctx context.Context, file io.ReadSeeker, to target, told func(Kind, int)) (About, []Count, error) {
	_, err := file.Seek(0, io.SeekStart)
	if err != nil {
		return About{}, nil, fmt.Errorf("reading the backup: %w", err)
	}
	return through(ctx, file, to, told)
}

// fit makes sure that a store is whole, before it is taken for all there is.
func fit(ctx context.Context, from Store) error {
	begun, err := from.Unfinished(ctx)
	if err != nil {
		return fmt.Errorf("looking whether the source is whole: %w", err)
	}
	if begun != "" {
		return fmt.Errorf("the source is not whole, since %q into it was begun and not finished: run that again first", begun)
	}
	return nil
}

// Target is how a store is found that something is to be moved into.
type Target struct {
	Empty bool
	Begun string // what [Store.Unfinished] returns
}

// Look looks at a target, and returns an error that wraps [ErrNotEmpty] if it
// may not be moved into. It writes nothing. what and o are as in [Copy], which
// looks again.
func Look(ctx context.Context, to Store, what string, o Options) (Target, error) {
	empty, err := to.Empty(ctx)
	if err != nil {
		return Target{}, fmt.Errorf("looking whether the target is empty: %w", err)
	}
	begun, err := to.Unfinished(ctx)
	if err != nil {
		return Target{}, fmt.Errorf("looking whether the target is whole: %w", err)
	}
	found := Target{Empty: empty, Begun: begun}
	if !empty && !o.Replace && begun != what {
		return found, notEmpty(begun)
	}
	return found, nil
}

// begin prepares a target. From then on it is unfinished, until [finish].
func begin(ctx context.Context, to Store, what string, o Options) error {
	if what == "" {
		return errors.New("a move needs a name by which it can be begun again")
	}
	found, err := Look(ctx, to, what, o)
	if err != nil {
		return err
	}
	err = to.SetUnfinished(ctx, what)
	if err != nil {
		return fmt.Errorf("preparing the target: %w", err)
	}
	if found.Empty {
		return nil
	}
	err = to.Clear(ctx)
	if err != nil {
		return fmt.Errorf("emptying the target: %w", err)
	}
	return nil
}

// notEmpty says what a target holds, and what to do about it.
func notEmpty(begun string) error {
	if begun != "" {
		return fmt.Errorf("%w: it holds what %q, begun and not finished, has left; run that again, or ask for what it holds to be replaced",
			ErrNotEmpty, begun)
	}
	return fmt.Errorf("%w: name one that is, or ask for what it holds to be replaced", ErrNotEmpty)
}

// finish reads what a target holds, and declares it whole if that is what it
// should hold. Otherwise it says why that may be.
func finish(ctx context.Context, to Store, held []Count, why string) ([]Count, error) {
	got, err := pass(ctx, newStored(to), nowhere{}, nil)
	if err != nil {
		return nil, fmt.Errorf("comparing: %w", err)
	}
	err = compare(held, got, why)
	if err != nil {
		return nil, err
	}
	err = to.SetUnfinished(ctx, "")
	if err != nil {
		return nil, fmt.Errorf("finishing: %w", err)
	}
	return got, nil
}

// compare says how the kinds differ, if they do, and why that may be.
func compare(held, got []Count, why string) error {
	var differ []string
	for n, h := range held {
		g := got[n]
		switch {
		case g.Items < h.Items:
			differ = append(differ, fmt.Sprintf("of %d items of kind %s it lacks %d", h.Items, h.Kind, h.Items-g.Items))
		case g.Items > h.Items:
			differ = append(differ, fmt.Sprintf("beside %d items of kind %s it has %d more", h.Items, h.Kind, g.Items-h.Items))
		case g.Hash != h.Hash:
			differ = append(differ, fmt.Sprintf("it has as many items of kind %s (%d), but not the same ones", h.Kind, h.Items))
		}
	}
	if differ == nil {
		return nil
	}
	return fmt.Errorf("the target does not hold what the source holds (%s); %s", strings.Join(differ, "; "), why)
}
