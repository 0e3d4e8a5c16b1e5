// Command first5 runs First5, a learning management system for clinicians.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const usage = `first5 is a learning management system for clinicians.

Usage:

  first5 demo [--data DIR] [--listen ADDRESS]
                            everything on this machine, with invented people
  first5 serve [--config FILE]
                            run with your institutions' own single sign-on
  first5 new [--program DIR] SLUG
                            begin a module, with every part of one in it
  first5 preview [--listen ADDRESS] DIR
                            show modules as learners will see them, while you write
  first5 check [--items] [--format text|json|sarif] DIR
                            report what is wrong in a folder of modules, how long
                            they take and how hard they are to read; with --items
                            also what could be better about their questions
  first5 publish [--config FILE] DIR
                            give learners what changed in a folder of modules
  first5 import [--module DIR] FILE
                            turn questions in GIFT or Moodle XML into Markdown
  first5 export-questions [--module SLUG] DIR
                            write the questions of modules as GIFT
  first5 signin check [--config FILE] [INSTITUTION...]
                            ask institutions' providers what is wrong, and say what
                            their IT must be told
  first5 signin guide [NAME]
                            show how First5 is registered with Entra ID, Okta, Ping,
                            Google, Keycloak or Shibboleth
  first5 indexes [--config FILE]
                            create what indexes MongoDB lacks
  first5 backup [--config FILE] [--from ADDRESS] FILE
                            write everything that the database holds into one file
  first5 restore [--config FILE] [--to ADDRESS] [--replace] FILE
                            put what is in such a file into a database
  first5 copy --from ADDRESS --to ADDRESS [--replace]
                            copy everything from one database into another
  first5 seed --records N [--institution ID] [--config FILE]
                            add records of invented people, for trials; the same again
                            changes nothing
  first5 erase [--config FILE] [--yes] INSTITUTION ACCOUNT
  first5 erase [--config FILE] [--yes] --learner ID
                            take away who somebody was, and leave what accreditation
                            asks for; without --yes only say what that would be
  first5 help notation      show how modules are written
  first5 health [--config FILE]
                            ask a running "first5 serve" whether it is well
  first5 version            print the version

See the README for the settings and for how modules are written.
`

// Exit codes, as the contract has them.
const (
	done       = 0
	failed     = 1 // or findings
	wrongUsage = 2
)

// errUsage says that the command line can't be understood.
var errUsage = errors.New(`run "first5" without arguments to see how it is used`)

// terminal is where a command reads its settings and writes what it has to say.
type terminal struct {
	out, err io.Writer
	getenv   func(string) string
	patience time.Duration // how long a command waits for MongoDB before it gives up; 0: for ever
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], terminal{out: os.Stdout, err: os.Stderr, getenv: os.Getenv, patience: 30 * time.Second}))
}

// run runs one command until it is done or ctx ends.
func run(ctx context.Context, args []string, t terminal) int {
	if len(args) == 0 {
		fmt.Fprint(t.err, usage)
		return wrongUsage
	}
	commands := map[string]func(context.Context, []string, terminal) error{
		"demo":    runDemo,
		"serve":   runServe,
		"new":     runNew,
		"preview": runPreview,
		"check":   runCheck,
		"publish": runPublish,
		"import":  runImport,
		"health":  runHealth,
		"signin":  runSignIn,
		"version": runVersion,
		"help":    runHelp,
		"indexes": runIndexes,
		"backup":  runBackup,
		"restore": runRestore,
		"copy":    runCopy,
		"seed":    runSeed,
		"erase":   runErase,

		"export-questions": runExport,
	}
	command, ok := commands[args[0]]
	if args[0] == "-h" || args[0] == "--help" {
		command, ok = runHelp, true
	}
	if !ok {
		fmt.Fprintf(t.err, "first5: there is no command %q; %v\n", args[0], errUsage)
		return wrongUsage
	}
	err := command(ctx, args[1:], t)
	switch {
	case err == nil:
		return done
	case errors.Is(err, flag.ErrHelp):
		fmt.Fprint(t.out, usage)
		return done
	case errors.Is(err, errFindings):
		return failed // they have been printed
	case errors.Is(err, errUsage):
		fmt.Fprintf(t.err, "first5 %s: %v\n", args[0], err)
		return wrongUsage
	}
	fmt.Fprintf(t.err, "first5 %s: %v\n", args[0], err)
	return failed
}

// runHelp prints how the program is used, or how modules are written.
func runHelp(_ context.Context, args []string, t terminal) error {
	switch {
	case len(args) == 0:
		fmt.Fprint(t.out, usage)
	case len(args) == 1 && args[0] == "notation":
		printNotation(t.out)
	case len(args) == 1 && strings.Contains(usage, "\n  first5 "+args[0]+" "):
		fmt.Fprint(t.out, usage) // it has them all
	default:
		return fmt.Errorf("there is help on %q and on the commands; %w", "notation", errUsage)
	}
	return nil
}

func runVersion(_ context.Context, args []string, t terminal) error {
	if len(args) > 0 {
		return fmt.Errorf("version takes no arguments; %w", errUsage)
	}
	fmt.Fprintln(t.out, "first5", version(), runtime.Version())
	return nil
}
