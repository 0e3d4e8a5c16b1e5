package app

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"golang.org/x/sync/singleflight"

	"first5/content"
)

// olderVersions holds versions that are not current: parsed, those that were
// used last, and of the others no more than the addresses of their files. So
// memory hardly grows with what was ever published. The zero value is ready.
type olderVersions struct {
	once    sync.Once
	parsed  *lru.Cache[versionKey, parsed]
	reading singleflight.Group

	searching sync.Mutex              // so that no two read the same files
	files     map[versionKey][]string // the addresses of a version's files
}

const (
	olderAtHand = 64               // versions that stay parsed
	readTime    = 10 * time.Second // for one version
)

// versionKey names a version and its content.
type versionKey struct {
	VersionRef
	program, hash string
}

func (v Version) key() versionKey { return versionKey{v.VersionRef, v.Program, v.Hash} }

func (o *olderVersions) cache() *lru.Cache[versionKey, parsed] {
	o.once.Do(func() { o.parsed, _ = lru.New[versionKey, parsed](olderAtHand) }) // fails only for a size below 1
	return o.parsed
}

// get returns a version. However many ask for it at once, it is read and parsed
// once; that goes on when one of them leaves.
func (o *olderVersions) get(ctx context.Context, s Store, head Version) (parsed, error) {
	got, err, _ := o.reading.Do(fmt.Sprint(head.key()), func() (any, error) {
		v, ok := o.cache().Get(head.key())
		if ok {
			return v, nil
		}
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
		defer cancel()
		v, err := readVersion(ctx, s, head)
		if err == nil {
			o.cache().Add(head.key(), v)
		}
		return v, err
	})
	if err != nil {
		return parsed{}, err
	}
	return got.(parsed), nil
}

// Asset returns the file with that address, of whatever version, or
// [ErrNotFound]. Assets are no secret: their addresses are made from their
// content.
func (t *Training) Asset(ctx context.Context, address string) (content.Asset, error) {
	// What is read of an old version serves whoever comes next, so it does not
	// end with a request.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readTime)
	defer cancel()
	for range 2 {
		lib := t.library()
		a, ok := lib.assets[address]
		if ok {
			return a, nil
		}
		a, ok, err := t.older.asset(ctx, t.Store, lib, address)
		if err == nil && !ok {
			// The page may be from another replica, which publishes right now.
			_, err = t.load(ctx)
		}
		if err != nil || ok {
			return a, err
		}
	}
	return content.Asset{}, fmt.Errorf("asset %q: %w", address, ErrNotFound)
}

// asset looks for a file in the versions that are no longer current, the newest
// first. A version is parsed only if it has the file; its other files' addresses
// are kept, so that it is read for that only once. Files that a version has and
// does not show are not served.
func (o *olderVersions) asset(ctx context.Context, s Store, lib *library, address string) (content.Asset, bool, error) {
	o.searching.Lock()
	defer o.searching.Unlock()
	for _, head := range lib.older {
		has, err := o.has(ctx, s, head, address)
		if err != nil {
			return content.Asset{}, false, err
		}
		if !has {
			continue
		}
		v, err := o.get(ctx, s, head)
		if err != nil {
			return content.Asset{}, false, err
		}
		assets := v.assets()
		i := slices.IndexFunc(assets, func(a content.Asset) bool { return a.Path == address })
		if i >= 0 {
			return assets[i], true, nil
		}
	}
	return content.Asset{}, false, nil
}

// has says whether a version has a file. The caller holds o.searching.
func (o *olderVersions) has(ctx context.Context, s Store, head Version, address string) (bool, error) {
	files, ok := o.files[head.key()]
	if ok {
		return slices.Contains(files, address), nil
	}
	src, err := s.Source(ctx, head.VersionRef)
	if err != nil {
		return false, fmt.Errorf("reading the files of %s %s: %w", head.Kind, head.Slug, err)
	}
	for _, f := range src {
		files = append(files, content.AssetPath(f.Name, f.Data))
	}
	if o.files == nil {
		o.files = map[versionKey][]string{}
	}
	o.files[head.key()] = files
	return slices.Contains(files, address), nil
}
