package report

import (
	"fmt"
	"io"
	"iter"

	"first5/app"
)

// WriteAssigned writes how far people are with some modules as CSV, as a [File] has
// records: after the person and the account there is a column for each module, with
// not_begun, in_progress or completed. An account by which nobody has signed in is not
// found, and has no name.
func WriteAssigned(w io.Writer, modules []*app.Module, people iter.Seq2[app.AssignedPerson, error]) (int, error) {
	columns := []string{"person", "account", "account_found"}
	for _, m := range modules {
		columns = append(columns, m.Slug)
	}
	n, err := csvTable[app.AssignedPerson]{columns: columns, cells: assignedRow}.write(w, people)
	if err != nil {
		return n, fmt.Errorf("writing assigned people: %w", err)
	}
	return n, nil
}

func assignedRow(a *app.AssignedPerson) []string {
	name, found := "", "no"
	if a.Person != nil {
		name, found = a.Person.Name, "yes"
	}
	line := []string{name, a.Account, found}
	for _, s := range a.States {
		line = append(line, string(s))
	}
	return line
}
