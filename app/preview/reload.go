package preview

import (
	"fmt"
	"strings"

	"first5/content"
)

// reload reads the folder anew and, if that changes anything, tells the open
// pages and the terminal. It says whether the folder could be read; if not, what
// was read before stays.
func (s *Server) reload() (readable bool) {
	before := s.current.Load()
	after, err := s.load(before)
	if err != nil {
		if before.trouble != err.Error() {
			s.replace(before, before.troubled(err.Error()))
			s.say("The folder can't be read now: %v. The preview shows what it read before, and tries again.", err)
		}
		return false
	}
	if after.digest != before.digest {
		s.replace(before, after)
		s.say("%s. In all: %s", changes(before, after), after.summary())
	}
	return true
}

// replace is called by one goroutine alone.
func (s *Server) replace(before, after *snapshot) {
	s.current.Store(after)
	close(before.replaced)
}

// summary says how much there is to mend.
func (n *snapshot) summary() string {
	all := append([]content.Finding{}, n.findings...)
	for _, p := range n.programs {
		all = append(all, p.findings...)
		for _, m := range p.modules {
			all = append(all, m.findings...)
		}
	}
	errors, warnings := count(all)
	return number(errors, "error") + ", " + number(warnings, "warning")
}

func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// changes says what was read anew, for the terminal.
func changes(before, after *snapshot) string {
	var changed []string
	for _, p := range after.programs {
		for _, m := range p.modules {
			old := before.modules[m.Slug]
			if old == nil || old.Source.Hash() != m.Source.Hash() {
				changed = append(changed, m.Slug)
			}
		}
	}
	switch n := len(changed); {
	case n == 0:
		return "Read the folder"
	case n > 3:
		return fmt.Sprintf("Read %d modules", n)
	}
	return "Read " + strings.Join(changed, ", ")
}

// Summary says how much there is to mend in the folder as it was read first.
func (s *Server) Summary() string { return s.current.Load().summary() }
