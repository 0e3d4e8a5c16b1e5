package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// serveConfig reads the configuration that a command line names.
func serveConfig(args []string, t terminal) (config, error) {
	var file string
	_, err := parse(args, []option{{"config", &file}})
	if err != nil {
		return config{}, err
	}
	return readConfig(file, t.getenv)
}

func runServe(ctx context.Context, args []string, t terminal) error {
	c, err := serveConfig(args, t)
	if err != nil {
		return err
	}
	err = c.naming("secret", c.checkSecret())
	if err != nil {
		return err
	}
	ln, err := listen(c.Listen)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewJSONHandler(t.err, nil))
	p, err := build(ctx, c, ln, log, t)
	if err != nil {
		ln.Close()
		if errors.Is(err, context.Canceled) && ctx.Err() != nil {
			log.Info("stopped before it could serve")
			return nil // as it was told to
		}
		return err
	}
	log.Info("serving", slog.String("listen", ln.Addr().String()), slog.String("base_url", c.BaseURL))
	return p.run(ctx)
}

// runHealth asks the program that runs with the same configuration whether it is
// well. A container without a shell has no other way to ask.
func runHealth(ctx context.Context, args []string, t terminal) error {
	c, err := serveConfig(args, t)
	if err != nil {
		return err
	}
	address, err := reachable(c.Listen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+"/healthz", nil)
	if err != nil {
		return fmt.Errorf("asking: %w", err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("%s does not answer: either nothing serves there, or it waits for its database, which its log says (%w)", address, err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("it answers %s", res.Status)
	}
	fmt.Fprintln(t.out, "healthy")
	return nil
}

// reachable returns where to ask a program that listens on an address: one that
// listens on all addresses is asked on this machine's own.
func reachable(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", fmt.Errorf("reading the address to ask: %w", err)
	}
	switch host { // by number: an empty root directory has no names
	case "", "0.0.0.0":
		host = "127.0.0.1"
	case "::":
		host = "::1"
	}
	return net.JoinHostPort(host, port), nil
}
