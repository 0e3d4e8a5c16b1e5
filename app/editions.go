package app

import (
	"context"
	"fmt"
	"slices"
)

// HasEdition says whether a module has, or ever had, an edition: one that the
// manager's institution is shown, that somebody there has a record of, or that a
// version of a module which it is shown had. It returns [ErrForbidden] to anyone
// but a manager.
func (t *Training) HasEdition(ctx context.Context, p Person, ref EditionRef) (bool, error) {
	err := p.manages("looking for an edition")
	if err != nil {
		return false, err
	}
	shown := t.Modules(p)
	if slices.ContainsFunc(shown, func(m *Module) bool { return m.Slug == ref.Module && m.Edition == ref.Edition }) {
		return true, nil
	}
	counts, err := t.Store.Counts(ctx, p.Institution)
	if err != nil {
		return false, fmt.Errorf("looking for an edition: %w", err)
	}
	if slices.ContainsFunc(counts.Records, func(of Tally) bool { return of.Module == ref.Module && of.Edition == ref.Edition }) {
		return true, nil
	}
	if !slices.ContainsFunc(shown, func(m *Module) bool { return m.Slug == ref.Module }) {
		return false, nil
	}
	return t.hadEdition(ctx, ref)
}

// hadEdition looks for an edition in the older versions of a module.
func (t *Training) hadEdition(ctx context.Context, ref EditionRef) (bool, error) {
	for _, head := range t.library().older {
		if head.Kind != ModuleVersion || head.Slug != ref.Module {
			continue
		}
		v, err := t.older.get(ctx, t.Store, head)
		if err != nil {
			return false, err
		}
		if v.module != nil && v.module.Edition == ref.Edition {
			return true, nil
		}
	}
	return false, nil
}
