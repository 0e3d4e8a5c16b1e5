package app

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"first5/content"
)

// Module is one published version of a module.
type Module struct {
	*content.Module
	Version     int
	PublishedAt time.Time
}

// In returns the version in a language, or as it was written if it has no
// translation into that one.
func (m *Module) In(language string) *Module {
	translated := *m
	translated.Module = m.Module.In(language)
	return &translated
}

// Program is a published programme with the modules that are current in it, in
// their order.
type Program struct {
	*content.Program
	Modules []*Module
}

// In returns the programme in a language, or as it was written if it has no
// translation into that one, and its modules likewise.
func (p *Program) In(language string) *Program {
	translated := Program{Program: p.Program.In(language)}
	for _, m := range p.Modules {
		translated.Modules = append(translated.Modules, m.In(language))
	}
	return &translated
}

// library is the current publication, parsed and rendered, and the names of all
// versions that were ever published. It is never changed after it is made.
type library struct {
	publication Publication
	heads       map[VersionRef]Version // everything that was ever published, without its sources
	parsed      map[VersionRef]parsed  // what is current
	older       []Version              // the heads of what is not, the newest first
	programs    []*Program             // the current ones, by slug
	current     map[string]*Module
	assets      map[string]content.Asset // by path, of what is current
}

// parsed is a version made ready to be shown. It has the module, or the
// programme without its modules.
type parsed struct {
	module  *Module
	program *content.Program
}

// parse makes a version ready to be shown. Its findings were dealt with when it
// was published, so they are not looked at again: a version stays servable even
// if a later release of the program finds more in it.
func parse(head Version, src content.Source) parsed {
	if head.Kind == ProgramVersion {
		program, _ := content.ParseProgram(head.Slug, src)
		return parsed{program: program}
	}
	module, _ := content.ParseModule(head.Program, head.Slug, src)
	return parsedModule(head, module)
}

func parsedModule(head Version, m *content.Module) parsed {
	return parsed{module: &Module{Module: m, Version: head.Number, PublishedAt: head.At}}
}

// assets returns the files that the version shows.
func (p parsed) assets() []content.Asset {
	if p.program != nil {
		assets := slices.Clone(p.program.Assets)
		for _, translation := range p.program.Translations {
			assets = append(assets, translation.Assets...)
		}
		return assets
	}
	assets := slices.Clone(p.module.Assets)
	for _, translation := range p.module.Translations {
		assets = append(assets, translation.Assets...)
	}
	return assets
}

// newLibrary returns the library of a publication. parsed has all that is
// current in it, and may have more.
func newLibrary(p Publication, heads map[VersionRef]Version, all map[VersionRef]parsed) *library {
	lib := &library{
		publication: p,
		heads:       heads,
		parsed:      make(map[VersionRef]parsed, len(p.Current)),
		current:     make(map[string]*Module, len(p.Current)),
		assets:      map[string]content.Asset{},
	}
	for _, ref := range p.Current {
		v := all[ref]
		lib.parsed[ref] = v
		for _, a := range v.assets() {
			lib.assets[a.Path] = a
		}
		if v.module != nil {
			lib.current[ref.Slug] = v.module
		} else {
			lib.programs = append(lib.programs, &Program{Program: v.program})
		}
	}
	for ref, head := range heads {
		if _, isCurrent := lib.parsed[ref]; !isCurrent {
			lib.older = append(lib.older, head)
		}
	}
	slices.SortFunc(lib.older, func(a, b Version) int { return b.At.Compare(a.At) })
	slices.SortFunc(lib.programs, func(a, b *Program) int { return cmp.Compare(a.Slug, b.Slug) })
	for _, program := range lib.programs {
		program.Modules = lib.inOrder(program.Program)
	}
	return lib
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

// keeps returns the version if it is current in the library. That its content is
// the same is made sure of: a database may have been replaced by an older copy.
func (lib *library) keeps(head Version) (parsed, bool) {
	v, ok := lib.parsed[head.VersionRef]
	was := lib.heads[head.VersionRef]
	return v, ok && was.Hash == head.Hash && was.Program == head.Program && was.At.Equal(head.At)
}

// library returns what is published, or an empty library before the first
// publication.
func (t *Training) library() *library {
	if lib := t.published.Load(); lib != nil {
		return lib
	}
	return &library{}
}

// Published returns the publication that learners are served; its number is 0
// before the first.
func (t *Training) Published() Publication { return t.library().publication }

// programsFor returns the programmes that the person's institution lists, in the
// order in which it lists them, or all if it lists none.
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
	slices.SortStableFunc(visible, func(a, b *Program) int {
		return cmp.Compare(slices.Index(institution.Programs, a.Slug), slices.Index(institution.Programs, b.Slug))
	})
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
// module's programme, unless they write modules: those read what they all are.
func (t *Training) allow(p Person, m *Module) error {
	institution, err := t.Institution(p.Institution)
	if err != nil {
		return err
	}
	if !institution.shows(m.Program) && !p.Writes() {
		return fmt.Errorf("module %q at %s: %w", m.Slug, p.Institution, ErrNotFound)
	}
	return nil
}

// version returns one version of a module. It looks into the store if it does
// not know the version, since another replica may just have published it.
func (t *Training) version(ctx context.Context, slug string, number int) (*Module, error) {
	ref := VersionRef{Kind: ModuleVersion, Slug: slug, Number: number}
	lib := t.library()
	if _, ok := lib.heads[ref]; !ok {
		err := t.Load(ctx)
		if err != nil {
			return nil, err
		}
		lib = t.library()
	}
	if v, ok := lib.parsed[ref]; ok {
		return v.module, nil
	}
	head, ok := lib.heads[ref]
	if !ok {
		return nil, fmt.Errorf("version %d of module %q is not published: %w", number, slug, ErrConflict)
	}
	v, err := t.older.get(ctx, t.Store, head)
	return v.module, err
}

// MissingPrograms returns the slugs of the programmes that an institution is to
// see and that are not published.
func (t *Training) MissingPrograms(i Institution) []string {
	return slices.DeleteFunc(slices.Clone(i.Programs), t.publishes)
}

// publishes says whether a programme is published.
func (t *Training) publishes(program string) bool {
	return slices.ContainsFunc(t.library().programs, func(p *Program) bool { return p.Slug == program })
}

// Publications lists the current programmes for those who make them: educators
// and operators. It returns [ErrForbidden] to others.
func (t *Training) Publications(p Person) ([]*Program, error) {
	if !p.Writes() {
		return nil, fmt.Errorf("listing publications: %w", ErrForbidden)
	}
	return slices.Clone(t.library().programs), nil
}
