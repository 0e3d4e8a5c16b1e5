package preview

import (
	"cmp"
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"first5/app"
	"first5/content"
)

// snapshot is the folder as it was at one moment. It is never changed after it
// is made; a newer one takes its place, which closes replaced.
type snapshot struct {
	id       string // of this one and no other, of this run and others
	digest   [sha256.Size]byte
	trouble  string // why the folder can't be read now; the rest is as it was before
	programs []*program
	findings []content.Finding  // of the folder itself
	modules  map[string]*module // by slug
	good     map[string]version // by folder: the last ones without errors
	replaced chan struct{}
}

// program is a programme with its modules.
type program struct {
	*content.Program
	modules  []*module
	findings []content.Finding // of its program.md, with the folder's name
}

// module is a module as it is now.
type module struct {
	version
	program  *content.Program
	next     *content.Module // the one that follows; nil after the last
	good     *version        // the last one without errors; nil if there was none yet
	findings []content.Finding
}

// version is a module with the findings about it, named relative to its folder.
type version struct {
	*content.Module
	at       time.Time
	findings []content.Finding
}

func (v version) folder() string { return v.Program + "/" + v.Slug }

// shown returns the version to show, and whether it is older than the present
// one, which has errors then.
func (m *module) shown() (v version, kept bool) {
	if m.good != nil && content.HasErrors(m.version.findings) {
		return *m.good, true
	}
	return m.version, false
}

// load reads the folder anew. The versions that were good before are kept.
func (s *Server) load(before *snapshot) (*snapshot, error) {
	lib, findings, err := s.read()
	if err != nil {
		return nil, err
	}
	n := newSnapshot()
	n.digest = digest(lib, findings)
	if before != nil {
		maps.Copy(n.good, before.good)
	}
	sorted := sortOut(lib, findings)
	n.findings = sorted[""]
	for _, p := range lib.Programs {
		n.add(p, sorted, s.Now())
	}
	return n, nil
}

func newSnapshot() *snapshot {
	return &snapshot{
		id: app.NewToken(), replaced: make(chan struct{}),
		modules: map[string]*module{}, good: map[string]version{},
	}
}

// troubled returns the snapshot with what keeps the folder from being read.
func (n *snapshot) troubled(why string) *snapshot {
	t := newSnapshot()
	t.trouble, t.programs, t.findings, t.modules, t.good = why, n.programs, n.findings, n.modules, n.good
	return t // without a digest: whatever is read next is news
}

func (n *snapshot) add(p *content.Program, findings map[string][]content.Finding, now time.Time) {
	own := &program{Program: p, findings: findings[p.Slug]}
	for i, m := range p.Modules {
		v := version{Module: m, at: now}
		all := findings[v.folder()]
		v.findings = relative(v.folder(), all)
		current := &module{version: v, program: p, findings: all}
		if i+1 < len(p.Modules) {
			current.next = p.Modules[i+1]
		}
		n.keepGood(current)
		own.modules = append(own.modules, current)
		if n.modules[m.Slug] == nil { // another one is an error, which is listed
			n.modules[m.Slug] = current
		}
	}
	n.programs = append(n.programs, own)
}

// keepGood keeps a version without errors, or gives the module the one before.
func (n *snapshot) keepGood(m *module) {
	last, known := n.good[m.folder()]
	if !content.HasErrors(m.version.findings) {
		if !known || last.Source.Hash() != m.Source.Hash() {
			last = m.version
		}
		last.findings = m.version.findings // of today
		n.good[m.folder()] = last
		known = true
	}
	if known {
		m.good = &last
	}
}

// sortOut returns the findings by the folder of the module or programme that
// they are about, and those about neither under the empty name.
func sortOut(lib *content.Library, findings []content.Finding) map[string][]content.Finding {
	known := map[string]bool{}
	for _, p := range lib.Programs {
		known[p.Slug] = true
		for _, m := range p.Modules {
			known[p.Slug+"/"+m.Slug] = true
		}
	}
	sorted := map[string][]content.Finding{}
	for _, f := range findings {
		parts := append(strings.SplitN(f.File, "/", 3), "", "")
		folder := ""
		for _, name := range []string{parts[0], parts[0] + "/" + parts[1]} {
			if known[name] {
				folder = name
			}
		}
		sorted[folder] = append(sorted[folder], f)
	}
	for _, some := range sorted {
		slices.SortStableFunc(some, func(a, b content.Finding) int {
			return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
		})
	}
	return sorted
}

// relative names findings relative to a folder.
func relative(folder string, findings []content.Finding) []content.Finding {
	var own []content.Finding
	for _, f := range findings {
		f.File = strings.TrimPrefix(f.File, folder+"/")
		own = append(own, f)
	}
	return own
}

// digest returns the same for the same files with the same findings.
func digest(lib *content.Library, findings []content.Finding) [sha256.Size]byte {
	h := sha256.New()
	for _, p := range lib.Programs {
		fmt.Fprintf(h, "%q %s\n", p.Slug, p.Source.Hash())
		for _, m := range p.Modules {
			fmt.Fprintf(h, "%q %s\n", m.Slug, m.Source.Hash())
		}
	}
	for _, f := range findings {
		fmt.Fprintln(h, f)
	}
	return [sha256.Size]byte(h.Sum(nil))
}

// count returns how many errors and warnings there are.
func count(findings []content.Finding) (errors, warnings int) {
	for _, f := range findings {
		if f.Severity == content.Error {
			errors++
		} else {
			warnings++
		}
	}
	return errors, warnings
}
