package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"time"

	"first5/app"
	"first5/app/archive"
	"first5/app/demo"
	"first5/app/seed"
	"first5/app/signin"
	"first5/content"
	"first5/modules"
)

// runSeed adds records of invented people, for trials.
func runSeed(ctx context.Context, args []string, t terminal) error {
	var config, institution, records string
	_, err := parse(args, []option{{"config", &config}, {"institution", &institution}, {"records", &records}})
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(records)
	if err != nil || n < 1 {
		return fmt.Errorf("say with --records how many, such as --records 2000; %w", errUsage)
	}
	i, err := seededInstitution(config, institution, t.getenv)
	if err != nil {
		return err
	}
	d, err := databaseSetting(config, t.getenv)
	if err != nil {
		return err
	}
	s, err := d.openBeside(ctx, t.opening())
	if err != nil {
		return err
	}
	people, err := sow(ctx, s, i, n, t)
	if isFull(err) {
		err = fmt.Errorf("not all of the records are in %s, so run the same again when you can: %w", d, roomless(err))
	}
	err = errors.Join(d.hiding(err), s.Close())
	if err != nil {
		return err
	}
	fmt.Fprintf(t.out, "%d records of %d invented people of %s are in %s.\n", n, people, i.ID, d)
	return nil
}

// seededInstitution returns the institution of an id, or the first one. Without
// a configuration those of the demo are meant.
func seededInstitution(file, id string, getenv func(string) string) (app.Institution, error) {
	c, err := readInstitutions(file, getenv)
	if err != nil {
		return app.Institution{}, err
	}
	if len(c.Institutions) == 0 {
		for _, i := range demo.Institutions() {
			c.Institutions = append(c.Institutions, institution{ID: i.ID, Name: i.Name, Programs: i.Programs})
		}
	}
	all := c.institutions()
	at := slices.IndexFunc(all, func(i app.Institution) bool { return id == "" || string(i.ID) == id })
	if at < 0 {
		return app.Institution{}, fmt.Errorf("there is no institution %q to put the records into, but %s", id, c.institutionIDs())
	}
	return all[at], nil
}

// sow puts so many records into a store, and returns how many people they are of.
func sow(ctx context.Context, s store, i app.Institution, records int, t terminal) (people int, err error) {
	err = refuseReal(ctx, s)
	if err != nil {
		return 0, err
	}
	err = publishIfNothingIs(ctx, s)
	if err != nil {
		return 0, err
	}
	editions, err := publishedEditions(ctx, s, i)
	if err != nil {
		return 0, err
	}
	crowd := seed.Crowd{Institution: i, Editions: editions, Until: time.Now().UTC().Truncate(24 * time.Hour)}
	// Everybody first: a store gives records the names of the people that it has.
	for b := range crowd.Batches(records) {
		people += len(b.People)
		err = s.Put(ctx, b.People)
		if err != nil {
			return 0, fmt.Errorf("putting the people: %w", err)
		}
	}
	far, put := newProgress(t.err, time.Now), 0
	for b := range crowd.Batches(records) {
		err = s.Put(ctx, b.Records)
		if err != nil {
			return 0, fmt.Errorf("putting the records: %w", err)
		}
		put += len(b.Records)
		far.told(archive.Records, put)
	}
	return people, nil
}

// refuseReal returns an error if there is anybody in the store whom a provider
// signed in that is not on this machine, as the demo's is.
func refuseReal(ctx context.Context, s archive.Store) error {
	for item, err := range s.Items(ctx, archive.People) {
		if err != nil {
			return fmt.Errorf("looking who is in the database: %w", err)
		}
		if !item.Person.ErasedAt.IsZero() {
			continue // of whom nobody knows it any more: those who are left say
		}
		issuer, err := url.Parse(item.Person.Issuer)
		if item.Person.Issuer != seed.Issuer && (err != nil || !signin.IsLoopback(issuer)) {
			return fmt.Errorf("the database holds people of institution %q: trials don't belong among real records, so name another database",
				item.Person.Institution)
		}
	}
	return nil
}

// publishIfNothingIs publishes the modules that come with the program.
func publishIfNothingIs(ctx context.Context, s app.Store) error {
	_, err := s.LastPublication(ctx)
	if !errors.Is(err, app.ErrNotFound) {
		return err
	}
	lib, _, err := content.Load(modules.FS) // a test sees to its having no findings
	if err != nil {
		return fmt.Errorf("reading the embedded modules: %w", err)
	}
	return publishFolder(ctx, s, lib, embedded, io.Discard)
}

// publishedEditions returns every edition of a module that was ever published
// and that the institution sees, each in its newest version.
func publishedEditions(ctx context.Context, s app.Store, i app.Institution) ([]*app.Module, error) {
	versions, err := s.Versions(ctx)
	if err != nil {
		return nil, fmt.Errorf("reading what is published: %w", err)
	}
	type edition struct{ slug, label string }
	newest := map[edition]*app.Module{} // versions come in the order of their numbers
	for _, v := range versions {
		if v.Kind != app.ModuleVersion || len(i.Programs) > 0 && !slices.Contains(i.Programs, v.Program) {
			continue
		}
		source, err := s.Source(ctx, v.VersionRef)
		if err != nil {
			return nil, fmt.Errorf("reading version %d of %s: %w", v.Number, v.Slug, err)
		}
		m, _ := content.ParseModule(v.Program, v.Slug, source) // it was checked before it was published
		newest[edition{m.Slug, m.Edition}] = &app.Module{Module: m, Version: v.Number, PublishedAt: v.At}
	}
	var all []*app.Module
	for _, m := range newest {
		all = append(all, m)
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("nothing is published that institution %q sees: publish a programme of it first", i.ID)
	}
	slices.SortFunc(all, func(a, b *app.Module) int {
		return cmp.Or(cmp.Compare(a.Slug, b.Slug), cmp.Compare(a.Edition, b.Edition))
	})
	return all, nil
}
