package main

import (
	"flag"
	"fmt"
	"io"
	"strings"
)

// option is a flag.
type option struct {
	name  string
	value any // a *string, or a *bool of a flag that has no value
}

// parse reads the options of a command, and its arguments, of which there must
// be exactly as many as named.
func parse(args []string, options []option, named ...string) ([]string, error) {
	found, err := parseAny(args, options)
	if err != nil {
		return nil, err
	}
	if len(found) < len(named) {
		return nil, fmt.Errorf("%s is missing; %w", named[len(found)], errUsage)
	}
	if len(found) > len(named) && strings.HasPrefix(found[len(named)], "-") {
		return nil, fmt.Errorf("options come before everything else: write %s first; %w", found[len(named)], errUsage)
	}
	if len(found) > len(named) {
		return nil, fmt.Errorf("%q is one argument too many; %w", found[len(named)], errUsage)
	}
	return found, nil
}

// parseAny reads the options of a command, and however many arguments there are.
func parseAny(args []string, options []option) ([]string, error) {
	flags := flag.NewFlagSet("", flag.ContinueOnError)
	flags.SetOutput(io.Discard) // run prints the error, once
	for _, o := range options {
		switch value := o.value.(type) {
		case *string:
			flags.StringVar(value, o.name, *value, "")
		case *bool:
			flags.BoolVar(value, o.name, *value, "")
		}
	}
	err := flags.Parse(args)
	if err != nil {
		return nil, fmt.Errorf("%w; %w", err, errUsage)
	}
	return flags.Args(), nil
}
