package app

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"first5/content"
)

// Module is one published version of a module.
type Module struct {
	*content.Module
	Version     int
	PublishedAt time.Time
}

// Program is a published programme with the modules that are current in it, in
// their order.
type Program struct {
	*content.Program
	Modules []*Module
}

// library is everything that was ever published, parsed and rendered. It is
// never changed after it is made.
type library struct {
	publication int
	programs    []*Program // the current ones
	current     map[string]*Module
	versions    map[VersionRef]*Module
	assets      map[string]content.Asset // by path, of all versions
}

// Load reads everything that was published into memory. It does nothing if the
// latest publication is there already, and it is no error if there is none.
func (t *Training) Load(ctx context.Context) error {
	t.publishing.Lock()
	defer t.publishing.Unlock()
	_, err := t.load(ctx)
	return err
}

// load returns the latest publication, which it makes the one that learners are
// served. The caller holds t.publishing.
func (t *Training) load(ctx context.Context) (Publication, error) {
	last, err := t.Store.LastPublication(ctx)
	if errors.Is(err, ErrNotFound) {
		return Publication{}, nil
	}
	if err != nil {
		return Publication{}, fmt.Errorf("reading the last publication: %w", err)
	}
	if lib := t.published.Load(); lib != nil && lib.publication == last.Number {
		return last, nil
	}
	versions, err := t.Store.Versions(ctx)
	if err != nil {
		return Publication{}, fmt.Errorf("reading the published versions: %w", err)
	}
	t.published.Store(newLibrary(last, versions))
	return last, nil
}

// newLibrary parses versions. Their findings were dealt with when they were
// published, so they are not looked at again: a version stays servable even if
// a later release of the program finds more in it.
func newLibrary(p Publication, versions []Version) *library {
	lib := &library{
		publication: p.Number,
		current:     map[string]*Module{},
		versions:    map[VersionRef]*Module{},
		assets:      map[string]content.Asset{},
	}
	for _, v := range versions {
		isCurrent := slices.Contains(p.Current, v.VersionRef)
		switch {
		case v.Kind == ModuleVersion:
			lib.addModule(v, isCurrent)
		case isCurrent:
			program, _ := content.ParseProgram(v.Slug, v.Source)
			lib.programs = append(lib.programs, &Program{Program: program})
		}
	}
	for _, program := range lib.programs {
		program.Modules = lib.inOrder(program.Program)
	}
	return lib
}

func (lib *library) addModule(v Version, isCurrent bool) {
	parsed, _ := content.ParseModule(v.Program, v.Slug, v.Source)
	m := &Module{Module: parsed, Version: v.Number, PublishedAt: v.At}
	lib.versions[v.VersionRef] = m
	for _, a := range m.Assets {
		lib.assets[a.Path] = a
	}
	if isCurrent {
		lib.current[v.Slug] = m
	}
}

func (lib *library) inOrder(p *content.Program) []*Module {
	var modules []*Module
	for _, slug := range p.Order {
		if m := lib.current[slug]; m != nil && m.Program == p.Slug {
			modules = append(modules, m)
		}
	}
	return modules
}

// library returns what is published, or an empty library before the first
// publication.
func (t *Training) library() *library {
	if lib := t.published.Load(); lib != nil {
		return lib
	}
	return &library{}
}

// Asset returns the file with that address, or [ErrNotFound]. Assets are no
// secret: their addresses are made from their content.
func (t *Training) Asset(path string) (content.Asset, error) {
	a, ok := t.library().assets[path]
	if !ok {
		return content.Asset{}, fmt.Errorf("asset %q: %w", path, ErrNotFound)
	}
	return a, nil
}

// programsFor returns the programmes that the person's institution lists, or
// all if it lists none.
func (t *Training) programsFor(p Person) []*Program {
	institution, err := t.Institution(p.Institution)
	if err != nil {
		return nil
	}
	var visible []*Program
	for _, program := range t.library().programs {
		if institution.shows(program.Slug) {
			visible = append(visible, program)
		}
	}
	return visible
}

func (i Institution) shows(program string) bool {
	return len(i.Programs) == 0 || slices.Contains(i.Programs, program)
}

// currentFor returns the current version of a module, or [ErrNotFound] if there
// is none that the person may see.
func (t *Training) currentFor(p Person, slug string) (*Module, error) {
	m := t.library().current[slug]
	if m == nil {
		return nil, fmt.Errorf("module %q: %w", slug, ErrNotFound)
	}
	return m, t.allow(p, m)
}

// allow returns [ErrNotFound] if the person's institution does not show the
// module's programme.
func (t *Training) allow(p Person, m *Module) error {
	institution, err := t.Institution(p.Institution)
	if err != nil {
		return err
	}
	if !institution.shows(m.Program) {
		return fmt.Errorf("module %q at %s: %w", m.Slug, p.Institution, ErrNotFound)
	}
	return nil
}

// version returns one version of a module. It looks into the store if it does
// not know the version, since another replica may just have published it.
func (t *Training) version(ctx context.Context, slug string, number int) (*Module, error) {
	ref := VersionRef{Kind: ModuleVersion, Slug: slug, Number: number}
	if m := t.library().versions[ref]; m != nil {
		return m, nil
	}
	err := t.Load(ctx)
	if err != nil {
		return nil, err
	}
	if m := t.library().versions[ref]; m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("version %d of module %q is not published: %w", number, slug, ErrConflict)
}

// Publications lists the current programmes for those who make them: educators
// and operators. It returns [ErrForbidden] to others.
func (t *Training) Publications(p Person) ([]*Program, error) {
	if !p.Has(Educator) && !p.Has(Operator) {
		return nil, fmt.Errorf("listing publications: %w", ErrForbidden)
	}
	programs := slices.Clone(t.library().programs)
	slices.SortFunc(programs, func(a, b *Program) int { return strings.Compare(a.Slug, b.Slug) })
	return programs, nil
}
