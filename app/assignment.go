package app

import "time"

// Assignment says that an institution wants its people to complete a programme,
// or one module.
type Assignment struct {
	Program string    // a slug; empty: Module says what
	Module  string    // likewise
	By      string    // who requires it, as people there call them
	Because string    // one sentence
	Due     time.Time // a day, UTC; zero: at any time
}

// assigned returns what the institution wants of a module: what it says of the
// module itself, else of its programme. It returns nil if it wants nothing.
func (i Institution) assigned(m *Module) *Assignment {
	var found *Assignment
	for _, a := range i.Assignments {
		switch {
		case a.Module == m.Slug:
			return &a
		case a.Module == "" && a.Program == m.Program && found == nil:
			found = &a
		}
	}
	return found
}
