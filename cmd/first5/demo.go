package main

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"text/tabwriter"
	"time"

	"golang.org/x/sync/errgroup"

	"first5/app"
	"first5/app/demo"
)

// demoState is what a demo keeps beside its database, so that it comes back as
// it was: people are known by their provider's address, so that may not move.
type demoState struct {
	Listen   string `json:"listen"`
	Provider string `json:"provider"`
	Secret   string `json:"secret"`
}

// runDemo runs everything on this machine: First5 with an embedded database,
// and an identity provider with invented people on a second port. First5 itself
// knows that provider only as one more issuer.
func runDemo(ctx context.Context, args []string, t terminal) error {
	var data, address string
	_, err := parse(args, []option{{"data", &data}, {"listen", &address}})
	if err != nil {
		return err
	}
	folder, remove, err := dataFolder(data)
	if err != nil {
		return err
	}
	defer remove()
	state, err := readDemoState(folder)
	if err != nil {
		return err
	}
	if address != "" {
		state.Listen = address
	}
	first5, provider, err := listenDemo(&state)
	if err != nil {
		return err
	}
	err = state.write(folder)
	if err != nil {
		return errors.Join(err, first5.Close(), provider.Close())
	}
	c := demoConfig(state, folder)
	log := slog.New(slog.NewTextHandler(t.err, &slog.HandlerOptions{Level: slog.LevelError}))
	p, err := build(ctx, c, first5, log, t)
	if err != nil {
		return errors.Join(err, first5.Close(), provider.Close())
	}
	err = requireSomething(ctx, p.training, c.Institutions[0])
	if err != nil {
		return errors.Join(err, first5.Close(), provider.Close(), p.store.Close())
	}
	issuers, err := demo.NewProvider("http://"+state.Provider, demoClients(c), log)
	if err != nil {
		return errors.Join(err, first5.Close(), provider.Close(), p.store.Close())
	}
	t.welcome(c, data == "")
	return runBoth(ctx, p, issuers, provider)
}

// runBoth runs First5 and its provider until one of them fails or ctx ends.
func runBoth(ctx context.Context, p *program, issuers http.Handler, ln net.Listener) error {
	server := &http.Server{Handler: issuers, ReadTimeout: 15 * time.Second, IdleTimeout: time.Minute}
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return p.run(running) })
	group.Go(func() error {
		err := server.Serve(ln)
		if errors.Is(err, http.ErrServerClosed) {
			return nil
		}
		return fmt.Errorf("serving the demo sign-in: %w", err)
	})
	group.Go(func() error {
		<-running.Done()
		return server.Close()
	})
	return group.Wait()
}

// dataFolder returns the folder for the demo's data: a temporary one if none is
// named, which remove takes away.
func dataFolder(named string) (folder string, remove func(), err error) {
	if named == "" {
		folder, err = os.MkdirTemp("", "first5-demo-")
		if err != nil {
			return "", nil, fmt.Errorf("making a folder for the data: %w", err)
		}
		return folder, func() { _ = os.RemoveAll(folder) }, nil // left to the system if it fails
	}
	err = os.MkdirAll(named, 0o700)
	if err != nil {
		return "", nil, fmt.Errorf("making the folder for the data: %w", err)
	}
	return named, func() {}, nil
}

const demoStateFile = "demo.json"

func readDemoState(folder string) (demoState, error) {
	data, err := os.ReadFile(filepath.Join(folder, demoStateFile))
	if errors.Is(err, fs.ErrNotExist) {
		var secret [32]byte
		rand.Read(secret[:]) // never fails, by its contract
		return demoState{Secret: base64.StdEncoding.EncodeToString(secret[:])}, nil
	}
	if err != nil {
		return demoState{}, fmt.Errorf("reading the demo's data: %w", err)
	}
	var s demoState
	err = json.Unmarshal(data, &s)
	if err != nil {
		return demoState{}, fmt.Errorf("%s can't be read; remove it, or name another folder: %w", filepath.Join(folder, demoStateFile), err)
	}
	return s, nil
}

func (s demoState) write(folder string) error {
	data, err := json.MarshalIndent(s, "", "  ")
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, demoStateFile), data, 0o600)
	}
	if err != nil {
		return fmt.Errorf("keeping the demo's data: %w", err)
	}
	return nil
}

// listenDemo opens the addresses of the state. The first time it takes the usual
// ports, or any others if those are in use.
func listenDemo(s *demoState) (first5, provider net.Listener, err error) {
	first5, err = listenHere(&s.Listen, "127.0.0.1:8080")
	if err != nil {
		return nil, nil, err
	}
	provider, err = listenHere(&s.Provider, "127.0.0.1:8081")
	if err != nil {
		return nil, nil, errors.Join(err, first5.Close())
	}
	return first5, provider, nil
}

func listenHere(address *string, usual string) (net.Listener, error) {
	wanted := *address
	if wanted == "" {
		wanted = usual
	}
	host, _, err := net.SplitHostPort(wanted)
	if err != nil || !net.ParseIP(host).IsLoopback() {
		return nil, fmt.Errorf("the demo signs in whoever asks, so it listens on this machine alone: %q should be like 127.0.0.1:8080", wanted)
	}
	ln, err := listen(wanted)
	if err != nil && *address == "" {
		ln, err = listen("127.0.0.1:0")
	}
	if err != nil {
		return nil, err
	}
	*address = ln.Addr().String()
	return ln, nil
}

func demoConfig(s demoState, folder string) config {
	c := defaultConfig()
	_, port, _ := net.SplitHostPort(s.Listen) // it is an address that is listened on
	c.Listen = s.Listen
	c.BaseURL = "http://localhost:" + port
	c.Database = "sqlite:" + filepath.Join(folder, "first5.db")
	c.Secret = s.Secret
	for _, i := range demo.Institutions() {
		c.Institutions = append(c.Institutions, institution{
			ID:           i.ID,
			Name:         i.Name,
			Issuer:       demo.Issuer("http://"+s.Provider, i.ID),
			ClientID:     "first5",
			ClientSecret: rand.Text(), // agreed on anew at every start, by both sides at once
			Domains:      []string{i.Domain},
			Scopes:       []string{"openid", "profile", "email"},
			Claims:       claims{Name: "name", Email: "email", NPI: "npi", Roles: "groups"},
			Roles: roles{
				Manager:  []string{demo.GroupManagers},
				Educator: []string{demo.GroupEducators},
				Operator: []string{demo.GroupOperators},
			},
			Programs:  i.Programs,
			Operators: true,
		})
	}
	return c
}

// requireSomething makes an assignment at one of the institutions, if it has none,
// so that both ways can be seen.
func requireSomething(ctx context.Context, t *app.Training, i institution) error {
	manager := app.Person{Identity: app.Identity{Institution: app.InstitutionID(i.ID), Roles: []app.Role{app.Manager}}}
	all, err := t.Assignments(ctx, manager)
	if err != nil || len(all) > 0 {
		return err
	}
	_, err = t.Assign(ctx, manager, app.AssignmentDraft{
		Module: "names-first", Everyone: true, By: "the Office of Medical Education",
		Because: "Every new patient should be asked for the name to use.",
	})
	return err
}

func demoClients(c config) map[string]demo.Client {
	clients := map[string]demo.Client{}
	for _, i := range c.Institutions {
		clients[i.ID] = demo.Client{
			ID:                    i.ClientID,
			Secret:                i.ClientSecret,
			RedirectURI:           c.redirectURL(i.ID),
			PostLogoutRedirectURI: c.signedOutURL(),
		}
	}
	return clients
}

// welcome prints where to go and whom to be.
func (t terminal) welcome(c config, temporary bool) {
	fmt.Fprintf(t.out, "First5 is running. Open\n\n  %s\n\nand sign in as anyone you like; there are no passwords:\n", c.BaseURL)
	w := tabwriter.NewWriter(t.out, 0, 0, 3, ' ', 0)
	for _, i := range demo.Institutions() {
		fmt.Fprintf(w, "\n  %s\n", i.Name)
		for _, p := range i.People {
			fmt.Fprintf(w, "    %s\t%s\n", p.Name, p.Title)
		}
	}
	_ = w.Flush() // a terminal that is gone needs no welcome
	fmt.Fprintf(t.out, "\nData: %s", c.Database)
	if temporary {
		fmt.Fprint(t.out, " (removed when you stop; keep it with --data DIR)")
	}
	fmt.Fprint(t.out, "\nStop with Ctrl-C.\n")
}
