package app

import (
	"fmt"
	"slices"
	"strings"
)

// creditStatement returns what a certificate says of the credit that a
// programme carries, or nothing if it carries none. A module earns none by
// itself: it is too short for the steps in which credit moves.
func (t *Training) creditStatement(program string) string {
	programs := t.library().programs
	i := slices.IndexFunc(programs, func(p *Program) bool { return p.Slug == program })
	if i < 0 || len(programs[i].Credit) == 0 {
		return ""
	}
	p := programs[i]
	var kinds []string
	for _, c := range p.Credit {
		kind := fmt.Sprintf("up to %g %s", c.Maximum, c.Type)
		if len(c.Professions) > 0 {
			kind += " (" + strings.Join(c.Professions, ", ") + ")"
		}
		kinds = append(kinds, kind)
	}
	statement := fmt.Sprintf("Part of %s, which as a whole carries %s.", p.Title, strings.Join(kinds, "; "))
	return strings.TrimSpace(statement + " " + p.Accreditation)
}
