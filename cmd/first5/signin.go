package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strings"
	"text/tabwriter"

	"first5/app"
	"first5/app/signin"
)

// runSignIn helps an operator to connect institutions.
func runSignIn(ctx context.Context, args []string, t terminal) error {
	if len(args) == 0 {
		return fmt.Errorf(`say "signin check" or "signin guide"; %w`, errUsage)
	}
	switch args[0] {
	case "check":
		return runSignInCheck(ctx, args[1:], t)
	case "guide":
		return runSignInGuide(args[1:], t)
	}
	return fmt.Errorf(`there is no "signin %s", but "signin check" and "signin guide"; %w`, args[0], errUsage)
}

// runSignInCheck asks the providers of the institutions, or of those that are
// named, and says what is wrong with them and what their IT must be told.
func runSignInCheck(ctx context.Context, args []string, t terminal) error {
	var file string
	named, err := parseAny(args, []option{{"config", &file}})
	if err != nil {
		return err
	}
	if file == "" && t.getenv("FIRST5_CONFIG") == "" && t.getenv("FIRST5_INSTITUTIONS") == "" {
		return errors.New("no configuration is named: use --config FILE, or set FIRST5_CONFIG")
	}
	c, err := readConfig(file, t.getenv)
	if err != nil {
		return err
	}
	c.warnOfThisMachine(t.out)
	if len(named) == 0 {
		for _, i := range c.Institutions {
			named = append(named, i.ID)
		}
	}
	party := signin.New(c.providers(), signin.Options{})
	broken := false
	for n, id := range named {
		report, err := party.Check(ctx, app.InstitutionID(id))
		if errors.Is(err, app.ErrNotFound) {
			return fmt.Errorf("there is no institution %q in the configuration, but %s", id, c.institutionIDs())
		}
		if err != nil {
			return err
		}
		if n > 0 {
			fmt.Fprintln(t.out)
		}
		printReport(t.out, id, report)
		broken = broken || slices.ContainsFunc(report.Findings, func(f signin.Finding) bool { return f.Severity == signin.Problem })
	}
	if broken {
		return errFindings
	}
	return nil
}

// warnOfThisMachine says so where the addresses below would lead an institution's
// IT to its own machines.
func (c config) warnOfThisMachine(w io.Writer) {
	base, err := url.Parse(c.BaseURL)
	if err == nil && signin.IsLoopback(base) {
		fmt.Fprintf(w, "warning  base_url is on this machine (%s): set it to the address that people use before you tell anybody the addresses below.\n\n", c.BaseURL)
	}
}

func (c config) institutionIDs() string {
	var ids []string
	for _, i := range c.Institutions {
		ids = append(ids, i.ID)
	}
	return list(ids)
}

// printReport prints what was found, and what the institution's IT must know.
func printReport(w io.Writer, id string, r signin.Report) {
	fmt.Fprintf(w, "%s\n%s\n\n", id, strings.Repeat("=", len(id)))
	marks := map[signin.Severity]string{signin.Fine: "ok      ", signin.Warning: "warning ", signin.Problem: "PROBLEM "}
	for _, f := range r.Findings {
		fmt.Fprintf(w, "%s%s\n", marks[f.Severity], f.Text)
		if f.Mend != "" {
			fmt.Fprintf(w, "        → %s\n", f.Mend)
		}
	}
	fmt.Fprintln(w, "\nTell the institution's IT:")
	table := tabwriter.NewWriter(w, 0, 0, 3, ' ', 0)
	for _, fact := range r.Tell {
		fmt.Fprintf(table, "  %s\t%s\n", fact.Name, fact.Value)
	}
	_ = table.Flush() // a terminal that is gone reads nothing
}

// runSignInGuide prints how First5 is registered with one make of provider.
func runSignInGuide(args []string, t terminal) error {
	named, err := parseAny(args, nil)
	if err != nil {
		return err
	}
	guides := signin.Guides()
	if len(named) == 1 {
		at := slices.IndexFunc(guides, func(g signin.Guide) bool { return g.ID == named[0] })
		if at >= 0 {
			fmt.Fprint(t.out, guides[at].Text)
			return nil
		}
	}
	var ids []string
	for _, g := range guides {
		ids = append(ids, g.ID)
	}
	if len(named) > 0 {
		return fmt.Errorf("there is no guide %q, but %s; %w", strings.Join(named, " "), list(ids), errUsage)
	}
	for _, g := range guides {
		fmt.Fprintf(t.out, "first5 signin guide %-12s %s\n", g.ID, g.Title)
	}
	return nil
}
