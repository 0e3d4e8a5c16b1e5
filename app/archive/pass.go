package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"iter"
)

// tellEvery is after how many items progress is told.
const tellEvery = 2000

// askEvery is after how many items it is asked whether to go on: a file is read
// without anything that would stop of itself.
const askEvery = 100

// lined is an item with its line, which counts until the next one is read.
type lined struct {
	Item
	line []byte
}

// source is whatever items come from, a kind at a time in the order of [Kinds].
type source interface {
	// items yields the items of a kind. An error is the last thing that it yields.
	items(ctx context.Context, kind Kind) iter.Seq2[lined, error]

	// ended is told what there was of a kind, after its last item.
	ended(Count) error
}

// target is whatever items go to.
type target interface {
	take(ctx context.Context, i lined) error

	// ended is told what there was of a kind, after its last item.
	ended(ctx context.Context, c Count) error
}

// nowhere is a target of items that are counted only.
type nowhere struct{}

func (nowhere) take(context.Context, lined) error  { return nil }
func (nowhere) ended(context.Context, Count) error { return nil }

// pass hands everything from one to the other, and returns what there was of
// each kind.
func pass(ctx context.Context, from source, to target, told func(Kind, int)) ([]Count, error) {
	var counts []Count
	for _, kind := range Kinds() {
		c, err := passKind(ctx, kind, from, to, told)
		if err != nil {
			return nil, err
		}
		counts = append(counts, c)
	}
	return counts, nil
}

func passKind(ctx context.Context, kind Kind, from source, to target, told func(Kind, int)) (Count, error) {
	t := newTally(kind)
	for i, err := range from.items(ctx, kind) {
		if err == nil {
			err = to.take(ctx, i)
		}
		if err == nil && t.items%askEvery == 0 {
			err = ctx.Err()
		}
		if err != nil {
			return Count{}, err
		}
		t.add(i.line)
		if told != nil && t.items%tellEvery == 0 {
			told(kind, t.items)
		}
	}
	c := t.count()
	err := from.ended(c)
	if err == nil {
		err = to.ended(ctx, c)
	}
	if err == nil {
		err = ctx.Err()
	}
	if err == nil && told != nil && t.items > 0 {
		told(kind, t.items)
	}
	return c, err
}

// tally counts the lines of a kind.
type tally struct {
	kind  Kind
	items int
	hash  hash.Hash
}

func newTally(kind Kind) *tally { return &tally{kind: kind, hash: sha256.New()} }

func (t *tally) add(line []byte) {
	t.items++
	t.hash.Write(line)
}

func (t *tally) count() Count { return Count{t.kind, t.items, sum(t.hash)} }

// sum returns what was hashed so far, in hex.
func sum(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// stored is everything that a store holds.
type stored struct {
	store     Store
	published map[Ref]struct{} // the versions of the publications that were read
	line      bytes.Buffer
}

func newStored(s Store) *stored { return &stored{store: s, published: map[Ref]struct{}{}} }

func (s *stored) items(ctx context.Context, kind Kind) iter.Seq2[lined, error] {
	return func(yield func(lined, error) bool) {
		last := ""
		for i, err := range s.store.Items(ctx, kind) {
			if err == nil {
				err = s.encode(i, kind, last)
			}
			if err != nil {
				yield(lined{}, fmt.Errorf("reading what the store holds: %w", err))
				return
			}
			last = i.Key()
			if s.leaveOut(i) {
				continue
			}
			if !yield(lined{i, s.line.Bytes()}, nil) {
				return
			}
		}
	}
}

// encode makes the line of an item. A store that does not keep the order would
// be taken for a different one, so that is seen to at once.
func (s *stored) encode(i Item, kind Kind, last string) error {
	err := i.check(kind)
	if err != nil {
		return fmt.Errorf("an item of kind %s: %w", kind, err)
	}
	if i.Key() <= last {
		return fmt.Errorf("%s %q comes after %q", kind, i.Key(), last)
	}
	err = encode(&s.line, i)
	if err != nil {
		return fmt.Errorf("%s %q: %w", kind, i.Key(), err)
	}
	return nil
}

// leaveOut says whether an item is a file of a version that was published after
// the publications were read.
func (s *stored) leaveOut(i Item) bool {
	switch i.Kind {
	case Publications:
		for _, v := range i.Publication.Versions {
			s.published[v.Ref] = struct{}{}
		}
	case Files:
		_, ok := s.published[i.File.Version]
		return !ok
	}
	return false
}

func (s *stored) ended(Count) error { return nil }
