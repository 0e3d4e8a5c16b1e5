package app

import (
	"context"
	"fmt"
	"maps"
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
// it came from. It returns [ErrConflict] if somebody else published meanwhile;
// called again, it publishes on top of that.
//
// Nothing is parsed again: the library is served as it is.
func (t *Training) Publish(ctx context.Context, lib *content.Library, origin string) ([]Change, error) {
	t.publishing.Lock()
	defer t.publishing.Unlock()
	last, heads, err := t.latest(ctx)
	if err != nil {
		return nil, err
	}
	next, versions, changes := compare(last, heads, lib, t.now())
	if !slices.ContainsFunc(changes, isChange) {
		if last.Number != t.Published().Number {
			t.serve(newLibrary(last, heads, t.given(last, heads, lib)))
		}
		return changes, nil
	}
	next.Origin = origin
	err = t.Store.Publish(ctx, next, versions, t.publicationEvent(next, changes))
	if err != nil {
		return nil, fmt.Errorf("publishing: %w", err)
	}
	heads = maps.Clone(heads)
	for _, v := range versions {
		v.Source = nil
		heads[v.VersionRef] = v
	}
	t.serve(newLibrary(next, heads, t.given(next, heads, lib)))
	return changes, nil
}

// Origin returns where the latest publication came from, or "" before the first.
func (t *Training) Origin(ctx context.Context) (string, error) {
	last, err := t.last(ctx)
	return last.Origin, err
}

func isChange(c Change) bool { return c.Kind != Unchanged }

// given returns what a publication of lib has, out of lib. What was parsed
// before stays, so that pages that are being made share it.
func (t *Training) given(p Publication, heads map[VersionRef]Version, lib *content.Library) map[VersionRef]parsed {
	programs, modules := map[string]*content.Program{}, map[string]*content.Module{}
	for _, p := range lib.Programs {
		own := *p
		own.Modules = nil // they have versions of their own
		programs[p.Slug] = &own
		for _, m := range p.Modules {
			modules[m.Slug] = m
		}
	}
	was := t.library()
	all := make(map[VersionRef]parsed, len(p.Current))
	for _, ref := range p.Current {
		v, ok := was.keeps(heads[ref])
		switch {
		case ok:
		case ref.Kind == ProgramVersion:
			v = parsed{program: programs[ref.Slug]}
		default:
			v = parsedModule(heads[ref], modules[ref.Slug])
		}
		all[ref] = v
	}
	return all
}

// subject is what versions are versions of.
type subject struct {
	kind VersionKind
	slug string
}

func (r VersionRef) subject() subject { return subject{r.Kind, r.Slug} }

// compare works out the publication that follows last if lib is published, the
// versions that are new in it, and what changes.
func compare(last Publication, existing map[VersionRef]Version, lib *content.Library, now time.Time) (Publication, []Version, []Change) {
	was := map[subject]bool{}
	for _, ref := range last.Current {
		was[ref.subject()] = true
	}
	newest := map[subject]Version{}
	for ref, v := range existing {
		if ref.Number > newest[ref.subject()].Number {
			newest[ref.subject()] = v
		}
	}
	next := Publication{Number: last.Number + 1, At: now}
	var versions []Version
	var changes []Change
	is := map[subject]bool{}
	for _, offered := range offers(lib) {
		of := offered.subject()
		version, change := follow(offered, newest[of], was[of])
		if version.At.IsZero() {
			version.At = now
			versions = append(versions, version)
		}
		is[of] = true
		next.Current = append(next.Current, version.VersionRef)
		changes = append(changes, change)
	}
	for _, ref := range last.Current {
		if !is[ref.subject()] {
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
// thing has the same content, that one is meant, and its time is set. was says
// whether the thing is offered already.
func follow(offered, newest Version, was bool) (Version, Change) {
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
