package archive

import (
	"context"
	"io"
)

// How much is put at once: enough for a commit to be worth its while, and little
// enough to be in memory.
const (
	batchItems = 1000
	batchBytes = 4 << 20
)

// batches puts items into a store.
type batches struct {
	to      Store
	waiting []Item
	bytes   int // of their lines
}

func (b *batches) take(ctx context.Context, i lined) error {
	if len(b.waiting) == batchItems || len(b.waiting) > 0 && b.bytes+len(i.line) > batchBytes {
		err := b.put(ctx)
		if err != nil {
			return err
		}
	}
	b.waiting = append(b.waiting, i.Item)
	b.bytes += len(i.line)
	return nil
}

func (b *batches) ended(ctx context.Context, _ Count) error {
	if len(b.waiting) == 0 {
		return nil
	}
	return b.put(ctx)
}

func (b *batches) put(ctx context.Context) error {
	err := b.to.Put(ctx, b.waiting)
	clear(b.waiting) // a file may be large
	b.waiting, b.bytes = b.waiting[:0], 0
	return err
}

// overtaken is a target that finds the parked answers of a file which an attempt
// of the same file counts: a store leaves them out; see [Write]. It keeps the
// names of all that are parked, which are few: answers wait only until their
// learner signs in.
type overtaken struct {
	target
	parked map[string]bool // whether they are counted, by their keys
	any    bool            // whether one of them is
}

func (o *overtaken) take(ctx context.Context, i lined) error {
	switch i.Kind {
	case ParkedAnswers:
		o.parked[i.Key()] = false
	case Records:
		o.counted(i.Record)
	}
	return o.target.take(ctx, i)
}

func (o *overtaken) counted(r *Record) {
	if len(o.parked) == 0 {
		return
	}
	for _, a := range r.Attempts {
		key := Item{Kind: ParkedAnswers, Parked: &Parked{Learner: r.Learner, ID: a.ID}}.Key()
		if _, waits := o.parked[key]; waits {
			o.parked[key], o.any = true, true
		}
	}
}

// withoutOvertaken returns what a store holds of a file, without the parked
// answers that are counted.
func withoutOvertaken(ctx context.Context, file io.ReadSeeker, held []Count, erased *leavers, counted map[string]bool) ([]Count, error) {
	rest := &uncounted{tally: newTally(ParkedAnswers), counted: counted}
	_, _, err := again(ctx, file, newSettled(rest, erased), nil)
	if err != nil {
		return nil, err
	}
	all := append([]Count{}, held...)
	for n, c := range all {
		if c.Kind == ParkedAnswers {
			all[n] = rest.tally.count()
		}
	}
	return all, nil
}

// uncounted tallies the parked answers that are not counted.
type uncounted struct {
	nowhere
	tally   *tally
	counted map[string]bool
}

func (u *uncounted) take(_ context.Context, i lined) error {
	if i.Kind == ParkedAnswers && !u.counted[i.Key()] {
		u.tally.add(i.line)
	}
	return nil
}
