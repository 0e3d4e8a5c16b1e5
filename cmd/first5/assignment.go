package main

import (
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"

	"first5/app"
)

// assignment is what an institution wants its people to complete, as configured.
type assignment struct {
	Program, Module string
	By, Because     string
	Due             string // like 2027-06-30; empty: at any time
}

// UnmarshalYAML implements [yaml.Unmarshaler].
func (a *assignment) UnmarshalYAML(node *yaml.Node) error {
	return settings{
		"program": &a.Program, "module": &a.Module, "by": &a.By, "because": &a.Because, "due": &a.Due,
	}.decode(node)
}

// check returns what is wrong with the assignment, as the end of a sentence.
func (a assignment) check() error {
	switch {
	case (a.Program == "") == (a.Module == ""):
		return errors.New("has an assignment that should name either a program or a module")
	case a.By == "":
		return fmt.Errorf("has an assignment of %s without by: say who requires it, as in the Office of Medical Education", a.what())
	case a.Because == "":
		return fmt.Errorf("has an assignment of %s without because: say in one sentence why it is required", a.what())
	}
	_, err := a.due()
	if err != nil {
		return fmt.Errorf("has an assignment of %s with due %q, which should be a day like 2027-06-30", a.what(), a.Due)
	}
	return nil
}

func (a assignment) what() string { return a.Program + a.Module }

func (a assignment) due() (time.Time, error) {
	if a.Due == "" {
		return time.Time{}, nil
	}
	return time.Parse(time.DateOnly, a.Due)
}

// assignments returns what an institution wants of its people. They have been
// checked.
func (i institution) assignments() []app.Assignment {
	var all []app.Assignment
	for _, a := range i.Assignments {
		due, _ := a.due()
		all = append(all, app.Assignment{Program: a.Program, Module: a.Module, By: a.By, Because: a.Because, Due: due})
	}
	return all
}

func (i institution) checkAssignments() error {
	for _, a := range i.Assignments {
		err := a.check()
		if err != nil {
			return err
		}
	}
	return nil
}

// assigned writes what is assigned, for the audit trail.
func assigned(all []assignment) string {
	var written []string
	for _, a := range all {
		text := a.what() + " by " + a.By
		if a.Due != "" {
			text += ", due " + a.Due
		}
		written = append(written, text)
	}
	return list(written)
}
