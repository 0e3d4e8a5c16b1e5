package content

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
)

// largestFile is how many bytes a file of a module may have.
const largestFile = 1 << 20

// Load reads a folder of programmes: program.md and a folder for each module
// in every one of its folders. Hidden files are passed over, and so are Go
// files and read-me files at the top, where modules are embedded from.
//
// What an author should mend is in the findings, by file and line; the library
// holds all that could be read nevertheless, and is fit to publish only if no
// finding is an error. Load returns an error only if a file can't be read.
func Load(fsys fs.FS) (*Library, []Finding, error) {
	l := &loader{fsys: fsys, library: &Library{}, folders: map[string]string{}}
	entries, err := l.entries(".")
	if err != nil {
		return nil, nil, err
	}
	for _, e := range entries {
		name := e.Name()
		switch {
		case e.IsDir():
			err := l.program(name)
			if err != nil {
				return nil, nil, err
			}
		case path.Ext(name) == ".go" || strings.HasPrefix(strings.ToUpper(name), "README"):
		default:
			l.unused(name)
		}
	}
	l.checkLinks()
	sortFindings(l.findings)
	return l.library, l.findings, nil
}

// loader collects a library and what is wrong with it.
type loader struct {
	fsys     fs.FS
	library  *Library
	findings []Finding
	folders  map[string]string // of modules, by slug
}

func (l *loader) error(file, rule, format string, args ...any) {
	l.findings = append(l.findings, absent(file, rule, fmt.Sprintf(format, args...)))
}

func (l *loader) unused(file string) {
	l.findings = append(l.findings, Finding{
		File: file, Line: 1, Column: 1, Severity: Warning, Rule: "unused-file",
		Message: "nothing uses this file: move it into the folder of its module, or remove it",
	})
}

// entries lists a folder by name, without hidden files and without what is
// neither a file nor a folder: a link could lead out of the library.
func (l *loader) entries(dir string) ([]fs.DirEntry, error) {
	all, err := fs.ReadDir(l.fsys, dir)
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", dir, err)
	}
	var entries []fs.DirEntry
	for _, e := range all {
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case !e.IsDir() && !e.Type().IsRegular():
			l.error(path.Join(dir, e.Name()), "symlink", "this is a link to a file and not a file: put the file itself here")
		default:
			entries = append(entries, e)
		}
	}
	return entries, nil
}

// program reads a programme and its modules.
func (l *loader) program(slug string) error {
	entries, err := l.entries(slug)
	if err != nil {
		return err
	}
	l.checkSlug(slug, slug)
	var source Source
	var modules []*Module
	for _, e := range entries {
		if !e.IsDir() {
			source, err = l.file(source, slug, e.Name(), e)
			if err != nil {
				return err
			}
			continue
		}
		m, err := l.module(slug, e.Name())
		if err != nil {
			return err
		}
		modules = append(modules, m)
	}
	l.add(slug, source, modules)
	return nil
}

// add adds a programme to the library, with its modules in their order. One
// that the order leaves out comes last, so that its author can see it.
func (l *loader) add(slug string, source Source, modules []*Module) {
	p := &Program{Slug: slug, Language: "en", Modules: modules, Source: source}
	if _, ok := source.File(programFile); ok {
		parsed, d, order := parseProgram(slug, source)
		p = parsed
		p.Modules = d.arrange(order, modules)
		l.keep(slug, d.findings)
	} else if !l.refused(path.Join(slug, programFile)) {
		l.error(path.Join(slug, programFile), "no-program", "the folder %q has no program.md: add one with a title, an audience and an order", slug)
	}
	for _, m := range p.Modules {
		l.findings = append(l.findings, p.hardToRead(m)...)
	}
	l.library.Programs = append(l.library.Programs, p)
}

// checkLinks reports links to modules that are not there.
func (l *loader) checkLinks() {
	for _, p := range l.library.Programs {
		l.keep(p.Slug, l.broken(p.links))
		for _, m := range p.Modules {
			l.keep(path.Join(p.Slug, m.Slug), l.broken(m.links))
		}
	}
}

func (l *loader) broken(links []moduleLink) []Finding {
	var findings []Finding
	for _, link := range links {
		if _, ok := l.folders[link.slug]; !ok {
			findings = append(findings, link.finding())
		}
	}
	return findings
}

// refused says whether a file is there but was not read.
func (l *loader) refused(file string) bool {
	return slices.ContainsFunc(l.findings, func(f Finding) bool {
		return f.File == file && (f.Rule == "symlink" || f.Rule == "file-too-large")
	})
}

// arrange puts modules in order, and reports where the two don't match.
func (d *draft) arrange(order []entry, modules []*Module) []*Module {
	var arranged []*Module
	for _, e := range order {
		at := slices.IndexFunc(modules, func(m *Module) bool { return m.Slug == e.text })
		switch {
		case at < 0:
			d.page.error(e.at, "no-such-module", "there is no folder %q here: add the module, or mend its name in the order", e.text)
		case !slices.Contains(arranged, modules[at]):
			arranged = append(arranged, modules[at])
		}
	}
	for _, m := range modules {
		if !slices.Contains(arranged, m) {
			d.page.error(d.front.keyAt("order"), "not-in-order", "the module %q has no place in the order: add it where learners should take it", m.Slug)
			arranged = append(arranged, m)
		}
	}
	return arranged
}

// module reads one module.
func (l *loader) module(program, slug string) (*Module, error) {
	dir := path.Join(program, slug)
	l.checkSlug(dir, slug)
	if other, ok := l.folders[slug]; ok {
		l.error(path.Join(dir, moduleFile), "duplicate-slug", "the folder %s has the same name, and modules are found by it: rename one of the two", other)
	}
	l.folders[slug] = dir
	source, err := l.source(nil, dir, "")
	if err != nil {
		return nil, err
	}
	slices.SortFunc(source, func(a, b File) int { return strings.Compare(a.Name, b.Name) })
	m, findings := ParseModule(program, slug, source)
	if _, ok := source.File(moduleFile); !ok && l.refused(path.Join(dir, moduleFile)) {
		findings = nil
	}
	l.keep(dir, findings)
	return m, nil
}

// keep adds the findings about the files of a folder.
func (l *loader) keep(dir string, findings []Finding) {
	for _, f := range findings {
		f.File = path.Join(dir, f.File)
		l.findings = append(l.findings, f)
	}
}

func (l *loader) checkSlug(file, slug string) {
	if !IsSlug(slug) {
		l.error(file, "bad-slug", "the folder's name is part of an address: rename %q with small letters, digits and hyphens alone", slug)
	}
}

// source reads the files in a folder of a module and in the folders therein.
func (l *loader) source(source Source, dir, under string) (Source, error) {
	entries, err := l.entries(path.Join(dir, under))
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := path.Join(under, e.Name())
		if e.IsDir() {
			source, err = l.source(source, dir, name)
		} else {
			source, err = l.file(source, dir, name, e)
		}
		if err != nil {
			return nil, err
		}
	}
	return source, nil
}

// file appends a file to a source, unless it is too large.
func (l *loader) file(source Source, dir, name string, e fs.DirEntry) (Source, error) {
	full := path.Join(dir, name)
	info, err := e.Info()
	if err != nil {
		return nil, fmt.Errorf("looking at %s: %w", full, err)
	}
	if info.Size() > largestFile {
		l.error(full, "file-too-large", "this file has %.1f MB, and a module must load fast on a phone: make it smaller than 1 MB", float64(info.Size())/(1<<20))
		return source, nil
	}
	data, err := fs.ReadFile(l.fsys, full)
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", full, err)
	}
	return append(source, File{Name: name, Data: data}), nil
}
