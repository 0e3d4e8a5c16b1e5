package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"time"

	"first5/content"
)

// errFindings says that there are findings, which have been printed.
var errFindings = errors.New("there are findings")

// runCheck reports what is wrong in a folder of modules: for a person, or for a
// program that shows it where it is.
func runCheck(_ context.Context, args []string, t terminal) error {
	format, items := "text", false
	folder, err := parse(args, []option{{"format", &format}, {"items", &items}}, "the folder of modules")
	if err != nil {
		return err
	}
	if format != "text" && format != "json" && format != "sarif" {
		return fmt.Errorf("there is no format %q: choose text, json or sarif; %w", format, errUsage)
	}
	lib, findings, err := readFolder(folder[0], time.Now())
	if err != nil {
		return err
	}
	if items {
		for _, f := range content.CheckItems(lib) {
			f.File = path.Join(fromHere(folder[0]), f.File)
			findings = append(findings, f)
		}
	}
	switch format {
	case "json":
		err = writeJSON(t.out, findings)
	case "sarif":
		err = writeSARIF(t.out, findings)
	default:
		err = printCheck(t.out, lib, findings, items)
	}
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	if len(findings) > 0 {
		return errFindings
	}
	return nil
}

// printCheck lists findings for a terminal, or says that there are none, and
// what was measured.
func printCheck(w io.Writer, lib *content.Library, findings []content.Finding, items bool) error {
	printFindings(w, findings)
	if len(findings) == 0 {
		n := 0
		for _, p := range lib.Programs {
			n += len(p.Modules)
		}
		fmt.Fprintln(w, "no findings; modules read:", n)
	}
	err := printMeasures(w, lib)
	if err == nil && items {
		err = printItems(w, content.MeasureItems(lib))
	}
	return err
}
