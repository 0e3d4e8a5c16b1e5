package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// errFindings says that there are findings, which have been printed.
var errFindings = errors.New("there are findings")

// runCheck reports what is wrong in a folder of modules: for a person, or for a
// program that shows it where it is.
func runCheck(_ context.Context, args []string, t terminal) error {
	format := "text"
	folder, err := parse(args, []option{{"format", &format}}, "the folder of modules")
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
	switch format {
	case "json":
		err = writeJSON(t.out, findings)
	case "sarif":
		err = writeSARIF(t.out, findings)
	default:
		printFindings(t.out, findings)
		if len(findings) == 0 {
			n := 0
			for _, p := range lib.Programs {
				n += len(p.Modules)
			}
			fmt.Fprintln(t.out, "no findings; modules read:", n)
		}
	}
	if err != nil {
		return fmt.Errorf("writing the findings: %w", err)
	}
	if len(findings) > 0 {
		return errFindings
	}
	return nil
}
