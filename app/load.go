package app

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

// Load reads what is published into memory, as far as it is not there already.
// It is no error if nothing is.
func (t *Training) Load(ctx context.Context) error {
	_, err := t.load(ctx)
	return err
}

// Watch loads what others have published, at each tick, until ctx ends. report
// is called with the number of each publication that was loaded, and with an
// error when the store can't be asked: once, until it can be asked again.
// Learners are served what is there meanwhile.
func (t *Training) Watch(ctx context.Context, ticks <-chan time.Time, report func(publication int, err error)) {
	away := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks:
		}
		number, err := t.look(ctx)
		if ctx.Err() != nil {
			return
		}
		if number > 0 || err != nil && !away {
			report(number, err)
		}
		away = err != nil
	}
}

// lookTime is how long one look at the store may take: one that hangs must not
// keep the watch from looking again.
const lookTime = time.Minute

func (t *Training) look(ctx context.Context) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	return t.load(ctx)
}

// load makes the last publication the one that learners are served, and returns
// its number, or 0 if it is served already.
func (t *Training) load(ctx context.Context) (int, error) {
	t.publishing.Lock()
	defer t.publishing.Unlock()
	last, heads, err := t.latest(ctx)
	if err != nil || last.Number == 0 || last.Number == t.Published().Number {
		return 0, err
	}
	all, err := t.read(ctx, last, heads)
	if err != nil {
		return 0, err
	}
	t.serve(newLibrary(last, heads, all))
	return last.Number, nil
}

// latest returns the last publication, of number 0 if there is none, and all
// versions, without their sources.
func (t *Training) latest(ctx context.Context) (Publication, map[VersionRef]Version, error) {
	last, err := t.last(ctx)
	if err != nil || last.Number == 0 {
		return last, map[VersionRef]Version{}, err
	}
	lib := t.library()
	if lib.publication.Number == last.Number {
		return last, lib.heads, nil
	}
	versions, err := t.Store.Versions(ctx)
	if err != nil {
		return Publication{}, nil, fmt.Errorf("reading the published versions: %w", err)
	}
	heads := make(map[VersionRef]Version, len(versions))
	for _, v := range versions {
		heads[v.VersionRef] = v
	}
	return last, heads, nil
}

// last returns the last publication, of number 0 if there is none.
func (t *Training) last(ctx context.Context) (Publication, error) {
	last, err := t.Store.LastPublication(ctx)
	if errors.Is(err, ErrNotFound) {
		return Publication{}, nil
	}
	if err != nil {
		return Publication{}, fmt.Errorf("reading the last publication: %w", err)
	}
	return last, nil
}

// readAtOnce is how many versions are read and parsed at once.
const readAtOnce = 8

// read returns all that is current in a publication. It reads and parses only
// what the library does not have.
func (t *Training) read(ctx context.Context, p Publication, heads map[VersionRef]Version) (map[VersionRef]parsed, error) {
	lib := t.library()
	all := make(map[VersionRef]parsed, len(p.Current))
	var mu sync.Mutex
	group, running := errgroup.WithContext(ctx)
	group.SetLimit(readAtOnce)
	for _, ref := range p.Current {
		head, ok := heads[ref]
		if !ok {
			return nil, errors.Join(fmt.Errorf("publication %d has %s %s, version %d, which the store does not have",
				p.Number, ref.Kind, ref.Slug, ref.Number), group.Wait())
		}
		v, ok := lib.keeps(head)
		if ok {
			mu.Lock()
			all[ref] = v
			mu.Unlock()
			continue
		}
		group.Go(func() error {
			v, err := readVersion(running, t.Store, head)
			mu.Lock()
			defer mu.Unlock()
			all[ref] = v
			return err
		})
	}
	return all, group.Wait()
}

func readVersion(ctx context.Context, s Store, head Version) (parsed, error) {
	src, err := s.Source(ctx, head.VersionRef)
	if err != nil {
		return parsed{}, fmt.Errorf("reading version %d of %s %s: %w", head.Number, head.Kind, head.Slug, err)
	}
	return parse(head, src), nil
}

// serve makes the library the one that learners are served. What is no longer
// current in it is kept at hand for those in the middle. The caller holds
// t.publishing.
func (t *Training) serve(lib *library) {
	was := t.library()
	t.published.Store(lib)
	for ref, v := range was.parsed {
		if _, ok := lib.keeps(was.heads[ref]); !ok {
			t.older.cache().Add(was.heads[ref].key(), v)
		}
	}
}
