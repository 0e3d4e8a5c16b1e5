package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"first5/content"
)

// ChangeKind says what publishing did with one programme or module.
type ChangeKind string

// The kinds of change.
const (
	Added     ChangeKind = "added"
	Changed   ChangeKind = "changed"
	Unchanged ChangeKind = "unchanged"
	Withdrawn ChangeKind = "withdrawn" // no longer offered; its records stay
)

// Change is what publishing did with one programme or module.
type Change struct {
	Kind ChangeKind
	VersionRef
}

// Publish makes the library what learners are served from now on, all of it or
// nothing, and says what changed. Content that is the same as before is no new
// version, and a library that is the same as before is no new publication.
// The caller has seen to it that the library has no errors. origin says where
// it came from. It returns [ErrConflict] if somebody else published meanwhile.
func (t *Training) Publish(ctx context.Context, lib *content.Library, origin string) ([]Change, error) {
	t.publishing.Lock()
	defer t.publishing.Unlock()
	last, err := t.load(ctx)
	if err != nil {
		return nil, err
	}
	existing, err := t.Store.Versions(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading the published versions: %w", err)
	}
	next, versions, changes := compare(last, existing, lib, t.now())
	if len(versions) == 0 && !slices.ContainsFunc(changes, isChange) {
		return changes, nil
	}
	next.Origin = origin
	err = t.Store.Publish(ctx, next, versions)
	if err != nil {
		return nil, fmt.Errorf("publishing: %w", err)
	}
	_, err = t.load(ctx)
	if err != nil {
		return nil, err
	}
	return changes, nil
}

// Origin returns where the latest publication came from, or "" before the first.
func (t *Training) Origin(ctx context.Context) (string, error) {
	t.publishing.Lock()
	defer t.publishing.Unlock()
	last, err := t.load(ctx)
	return last.Origin, err
}

func isChange(c Change) bool { return c.Kind != Unchanged }

// compare works out the publication that follows last if lib is published, the
// versions that are new in it, and what changes.
func compare(last Publication, existing []Version, lib *content.Library, now time.Time) (Publication, []Version, []Change) {
	next := Publication{Number: last.Number + 1, At: now}
	var versions []Version
	var changes []Change
	for _, offered := range offers(lib) {
		version, change := follow(offered, last, existing)
		if change.Kind == Added || change.Kind == Changed {
			if version.At.IsZero() {
				version.At = now
				versions = append(versions, version)
			}
		}
		next.Current = append(next.Current, version.VersionRef)
		changes = append(changes, change)
	}
	for _, ref := range last.Current {
		if !slices.ContainsFunc(next.Current, ref.sameContent) {
			changes = append(changes, Change{Withdrawn, ref})
		}
	}
	return next, versions, changes
}

// offers returns everything in a library as versions without number or time.
func offers(lib *content.Library) []Version {
	var vs []Version
	for _, p := range lib.Programs {
		ref := VersionRef{Kind: ProgramVersion, Slug: p.Slug}
		vs = append(vs, Version{VersionRef: ref, Program: p.Slug, Hash: p.Source.Hash(), Source: p.Source})
		for _, m := range p.Modules {
			ref := VersionRef{Kind: ModuleVersion, Slug: m.Slug}
			vs = append(vs, Version{VersionRef: ref, Program: p.Slug, Hash: m.Source.Hash(), Source: m.Source})
		}
	}
	return vs
}

// follow numbers an offered version. If the newest existing version of the same
// thing has the same content, that one is meant, and its time is set.
func follow(offered Version, last Publication, existing []Version) (Version, Change) {
	newest := Version{}
	for _, v := range existing {
		if v.sameContent(offered.VersionRef) && v.Number > newest.Number {
			newest = v
		}
	}
	was := slices.ContainsFunc(last.Current, offered.sameContent)
	if newest.Number > 0 && newest.Hash == offered.Hash && newest.Program == offered.Program {
		if was {
			return newest, Change{Unchanged, newest.VersionRef}
		}
		return newest, Change{Added, newest.VersionRef} // offered again after it was withdrawn
	}
	offered.Number = newest.Number + 1
	if was {
		return offered, Change{Changed, offered.VersionRef}
	}
	return offered, Change{Added, offered.VersionRef}
}

// sameContent says whether two versions are of the same module or programme.
func (r VersionRef) sameContent(other VersionRef) bool {
	return r.Kind == other.Kind && r.Slug == other.Slug
}
