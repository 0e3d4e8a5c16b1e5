package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"first5/app"
)

// runErase takes away who somebody was. A program that serves from the same
// database goes on meanwhile.
func runErase(ctx context.Context, args []string, t terminal) error {
	var config, learner string
	var yes bool
	named, err := parseAny(args, []option{{"config", &config}, {"learner", &learner}, {"yes", &yes}})
	if err != nil {
		return err
	}
	who, err := namedLearner(named, learner, config, t.getenv)
	if err != nil {
		return err
	}
	d, err := databaseSetting(config, t.getenv)
	if err != nil {
		return err
	}
	if d.file != "" {
		err = d.there()
		if err != nil {
			return err
		}
	}
	s, err := d.openBeside(ctx, t.opening())
	if err != nil {
		return err
	}
	err = eraseFrom(ctx, &app.Training{Store: s, Now: time.Now}, who, yes, t.out)
	return errors.Join(d.hiding(err), s.Close())
}

// sought is somebody whom an operator has named, and by what words.
type sought struct {
	learner app.LearnerID
	words   string
}

// namedLearner returns whom the arguments name: by an institution and an account
// there, or by a learner id.
func namedLearner(named []string, learner, config string, getenv func(string) string) (sought, error) {
	for _, name := range named {
		if strings.HasPrefix(name, "-") {
			return sought{}, fmt.Errorf("options come before everything else: write %s first; %w", name, errUsage)
		}
	}
	switch {
	case learner != "" && len(named) > 0:
		return sought{}, fmt.Errorf("%q is one name too many: name either a learner id, or an institution and an account there; %w", named[0], errUsage)
	case learner != "":
		return sought{app.LearnerID(learner), fmt.Sprintf("the learner id %q", learner)}, nil
	case len(named) != 2:
		return sought{}, fmt.Errorf("name the institution and the account there, or a learner id with --learner; %w", errUsage)
	}
	c, err := readInstitutions(config, getenv)
	if err != nil {
		return sought{}, err
	}
	i := slices.IndexFunc(c.Institutions, func(i institution) bool { return i.ID == named[0] })
	if i < 0 {
		return sought{}, fmt.Errorf("there is no institution %q in the configuration: name one that is, or name the person by --learner", named[0])
	}
	return sought{
		learner: app.NewLearnerID(c.Institutions[i].Issuer, named[1]),
		words:   fmt.Sprintf("the account %q at %s", named[1], c.Institutions[i].Issuer),
	}, nil
}

// readInstitutions reads the institutions of a configuration. Whatever proves
// First5 to their providers is left unread.
func readInstitutions(file string, getenv func(string) string) (config, error) {
	c, err := readConfigFile(file, getenv)
	if err != nil {
		return config{}, err
	}
	if v := getenv("FIRST5_INSTITUTIONS"); v != "" {
		c.Institutions = nil
		err = readYAML(v, settings{"institutions": &c.Institutions})
		if err != nil {
			return config{}, fmt.Errorf("FIRST5_INSTITUTIONS: %w", err)
		}
	}
	return c, nil
}

// eraseFrom says what goes and what stays, and erases the person if that is
// confirmed.
func eraseFrom(ctx context.Context, t *app.Training, who sought, confirmed bool, out io.Writer) error {
	l, err := t.Leaving(ctx, who.learner)
	if errors.Is(err, app.ErrNotFound) {
		return fmt.Errorf("nobody has signed in with %s: look for the account on the page of the person, under Records, or in a download", who.words)
	}
	if err != nil {
		return err
	}
	if !l.Person.ErasedAt.IsZero() {
		fmt.Fprintf(out, "Whoever had %s was erased on %s: there is nothing left to erase.\n", who.words, l.Person.ErasedAt.Format(time.DateOnly))
		return nil
	}
	err = printLeaving(out, l)
	if err != nil {
		return err
	}
	if !confirmed {
		return errors.New("nobody is erased yet: if that is whom you mean, run the same again with --yes before the other arguments")
	}
	err = t.Erase(ctx, who.learner)
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "Erased. Where they are signed in that ends within half a minute.")
	fmt.Fprintln(out, "Backups that were made before still hold all of it: erase the same person again after you restore one.")
	return nil
}

// printLeaving writes what an erasure takes and leaves, for an operator to look
// whether it is the right person.
func printLeaving(out io.Writer, l app.Leaving) error {
	p := l.Person
	table := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	row := func(what, detail string) { fmt.Fprintln(table, what+"\t"+detail) }
	row("person", fmt.Sprintf("%s, account %s of %s, last signed in %s", called(p), p.Subject, p.Institution, p.SignedInAt.Format(time.DateOnly)))
	row("goes", "name, e-mail address, NPI, account and roles; every session")
	row("goes", fmt.Sprintf("single answers: of attempts %d, not counted yet %d", l.Attempts, l.Parked))
	row("goes", fmt.Sprintf("what they wrote: reflections %d, commitments %d", l.Reflections, l.Commitments))
	row("goes", fmt.Sprintf("places on lists of assignments: %d", l.Lists))
	row("stays", fmt.Sprintf("records without a name, under the learner id %s: %d, of them completed %d", p.Learner, l.Records, l.Completed))
	if !l.NamesUntil.IsZero() {
		row("stays", "the name in each completion for six years, the last one until "+l.NamesUntil.Format(time.DateOnly))
	}
	row("stays", "what the audit trail tells of that learner id")
	err := table.Flush()
	if err != nil {
		return fmt.Errorf("saying what goes and what stays: %w", err)
	}
	return nil
}

// called returns by what an operator knows the right person.
func called(p app.Person) string {
	name := p.Name
	if name == "" {
		name = "somebody without a name"
	}
	if p.Email != "" {
		name += " <" + p.Email + ">"
	}
	return name
}
