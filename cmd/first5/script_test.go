package main

import (
	"context"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/require"

	"first5/app/mongostore/mongotest"
)

// TestMain lets the scripts run the program as a command of its own.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"first5": func() {
		ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, os.Args[1:], terminal{out: os.Stdout, err: os.Stderr, getenv: os.Getenv}))
	}})
}

// TestScripts runs the commands as they are typed. Each script says what a
// person sees.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			busy, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				return err
			}
			e.Defer(func() { busy.Close() })
			e.Setenv("BUSY", busy.Addr().String())
			return nil
		},
	})
}

// TestScriptsWithMongoDB runs those that need a MongoDB server. Each has two
// databases of its own there.
func TestScriptsWithMongoDB(t *testing.T) {
	const folder = "testdata/mongodb"
	scripts, err := filepath.Glob(folder + "/*.txtar")
	require.NoError(t, err)
	addresses := make(chan string, 2*len(scripts))
	for range cap(addresses) {
		addresses <- mongotest.Address(t)
	}
	testscript.Run(t, testscript.Params{
		Dir: folder,
		Setup: func(e *testscript.Env) error {
			e.Setenv("MONGODB", <-addresses)
			e.Setenv("OTHER", <-addresses)
			return nil
		},
	})
}
