package main

import (
	"flag"
	"fmt"
	"io"
)

// option is a flag with a value.
type option struct {
	name  string
	value *string
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
		flags.StringVar(o.value, o.name, *o.value, "")
	}
	err := flags.Parse(args)
	if err != nil {
		return nil, fmt.Errorf("%w; %w", err, errUsage)
	}
	return flags.Args(), nil
}
