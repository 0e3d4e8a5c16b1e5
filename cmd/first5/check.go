package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"first5/content"
)

// errFindings says that there are findings, which have been printed.
var errFindings = errors.New("there are findings")

func runCheck(_ context.Context, args []string, t terminal) error {
	folder, err := parse(args, nil, "the folder of modules")
	if err != nil {
		return err
	}
	info, err := os.Stat(folder[0])
	if err != nil || !info.IsDir() {
		return fmt.Errorf("there is no folder %q", folder[0])
	}
	lib, findings, err := content.Load(os.DirFS(folder[0]))
	if err != nil {
		return fmt.Errorf("reading %s: %w", folder[0], err)
	}
	findings = append(findings, lib.ExpiredReviews(time.Now())...)
	printFindings(t.out, findings)
	if len(findings) > 0 {
		return errFindings
	}
	n := 0
	for _, p := range lib.Programs {
		n += len(p.Modules)
	}
	fmt.Fprintln(t.out, "no findings; modules read:", n)
	return nil
}

func printFindings(w io.Writer, findings []content.Finding) {
	for _, f := range findings {
		fmt.Fprintln(w, f)
	}
}
