package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"first5/app"
	"first5/app/signin"
	"first5/app/site"
	"first5/content"
	"first5/modules"
	"first5/web"
)

// program is First5, built and ready to run.
type program struct {
	listener net.Listener
	store    app.Store
	training *app.Training
	site     *site.Site
	log      *slog.Logger
}

// build makes the program out of its configuration. Everything that can be
// found wrong at the start is found wrong here, and before the database is
// waited for if that does not take it. t is told of modules with errors.
func build(ctx context.Context, c config, ln net.Listener, log *slog.Logger, t terminal) (*program, error) {
	lib, origin, err := c.loadModules(t)
	if err != nil {
		return nil, err
	}
	p := &program{listener: ln, log: log, training: &app.Training{
		Institutions: c.institutions(),
		Now:          time.Now,
		SessionIdle:  c.SessionIdle,
		SessionLife:  c.SessionLife,
	}}
	p.site, err = newSite(c, p.training, log)
	if err != nil {
		return nil, err
	}
	p.store, err = c.openDatabase(ctx, log)
	if err != nil {
		return nil, err
	}
	p.training.Store = p.store
	err = p.publish(ctx, lib, origin)
	if err == nil { // last: the audit trail is told of settings that are in force
		err = p.training.NoteSettings(ctx, c.audited())
	}
	if err != nil {
		return nil, errors.Join(err, p.store.Close())
	}
	p.warnOfPrograms()
	return p, nil
}

// openDatabase opens the database to serve from it, however long that takes.
func (c config) openDatabase(ctx context.Context, log *slog.Logger) (app.Store, error) {
	d, err := readDatabase(c.Database)
	if err != nil {
		return nil, err
	}
	secondaries := c.DownloadsFrom == fromSecondaries
	if secondaries && d.file != "" {
		log.Warn("downloads_from has no effect on SQLite, which has no secondaries")
	}
	return d.open(ctx, opening{secondaries: secondaries, tell: telling(log)})
}

// warnOfPrograms tells of what an institution is to see and nobody has
// published: its people would find nothing, and not know why.
func (p *program) warnOfPrograms() {
	for _, i := range p.training.Institutions {
		missing := p.training.MissingPrograms(i)
		if len(missing) > 0 {
			p.log.Warn("an institution is to see programmes that are not published",
				slog.String("institution", string(i.ID)), slog.Any("programs", missing))
		}
	}
}

func newSite(c config, t *app.Training, log *slog.Logger) (*site.Site, error) {
	views, err := web.New()
	if err != nil {
		return nil, err
	}
	secret, err := c.secret()
	if err != nil {
		return nil, err
	}
	return site.New(site.Config{
		BaseURL:        c.BaseURL,
		Secret:         secret,
		TrustedProxies: c.TrustedProxies,
		RateLimits:     c.RateLimits == "on",
		Training:       t,
		SignIn:         signin.New(c.providers(), signin.Options{}),
		Views:          views,
		Log:            log,
	})
}

// embedded is the origin of the modules that come with the program.
const embedded = "embedded"

// loadModules reads the folder of modules, or the embedded ones, and says which.
// Errors in them are listed on t.
func (c config) loadModules(t terminal) (*content.Library, string, error) {
	if c.Modules == "" {
		lib, _, err := content.Load(modules.FS) // a test sees to its having no findings
		if err != nil {
			return nil, "", fmt.Errorf("reading the embedded modules: %w", err)
		}
		return lib, embedded, nil
	}
	lib, findings, err := readFolder(c.Modules, time.Now())
	if err != nil {
		return nil, "", c.naming("modules", fmt.Errorf("the modules can't be read: %w", err))
	}
	if content.HasErrors(findings) {
		printFindings(t.err, findings)
		return nil, "", errors.New("the modules have errors, listed above; mend them and start again")
	}
	return lib, c.Modules, nil
}

// publish publishes the library. The embedded modules give way to what somebody
// has published from elsewhere.
func (p *program) publish(ctx context.Context, lib *content.Library, origin string) error {
	changes, err := p.offer(ctx, lib, origin)
	// Of replicas that start together one publishes. The others conflict, and find
	// on the second look that it is the same as theirs, which is no publication.
	if errors.Is(err, app.ErrConflict) {
		changes, err = p.offer(ctx, lib, origin)
	}
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.Kind != app.Unchanged {
			p.log.Info("published", slog.String("change", string(c.Kind)), slog.String("kind", string(c.VersionRef.Kind)),
				slog.String("slug", c.Slug), slog.Int("version", c.Number))
		}
	}
	return nil
}

func (p *program) offer(ctx context.Context, lib *content.Library, origin string) ([]app.Change, error) {
	last, err := p.training.Origin(ctx)
	if err != nil {
		return nil, err
	}
	if origin == embedded && last != "" && last != embedded {
		return nil, p.training.Load(ctx)
	}
	return p.training.Publish(ctx, lib, origin)
}

// grace is how long requests that have begun may take when the program stops.
const grace = 20 * time.Second

// run answers requests until ctx ends, and then finishes what was begun.
func (p *program) run(ctx context.Context) error {
	group, running := errgroup.WithContext(ctx)
	group.Go(func() error { return p.site.Serve(p.listener) })
	group.Go(func() error { p.sweep(running); return nil })
	group.Go(func() error { p.watch(running); return nil })
	group.Go(func() error {
		<-running.Done()
		limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
		defer cancel()
		return p.site.Shutdown(limit)
	})
	return errors.Join(group.Wait(), p.store.Close())
}

// sweep removes ended sessions, and erases people who have left, every hour. Every replica tries to, and one does:
// see [app.Training.Sweep].
func (p *program) sweep(ctx context.Context) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		err := p.training.Sweep(ctx)
		if err != nil && ctx.Err() == nil {
			p.log.Error("removing what is not to be kept", slog.Any("error", err))
		}
		select {
		case <-ctx.Done():
			return
		case <-hourly.C:
		}
	}
}

// lookEvery is how often the program looks whether somebody else has published.
const lookEvery = 2 * time.Second

// watch serves learners what other programs publish into the same database.
// Every replica does so for itself, and writes nothing.
func (p *program) watch(ctx context.Context) {
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	p.training.Watch(ctx, ticker.C, func(publication int, err error) {
		if err != nil {
			p.log.Error("looking for publications", slog.Any("error", err))
			return
		}
		p.log.Info("publication loaded", slog.Int("publication", publication))
	})
}

func (c config) institutions() []app.Institution {
	var all []app.Institution
	for _, i := range c.Institutions {
		all = append(all, app.Institution{
			ID: app.InstitutionID(i.ID), Name: i.Name, Issuer: i.Issuer, Domains: i.Domains, Programs: i.Programs,
			RetentionMonths: int(i.RetentionMonths),
		})
	}
	return all
}

func (c config) providers() []signin.Provider {
	var all []signin.Provider
	for _, i := range c.Institutions {
		all = append(all, signin.Provider{
			Institution:  app.InstitutionID(i.ID),
			Issuer:       i.Issuer,
			Hosts:        i.Hosts,
			ClientID:     i.ClientID,
			ClientAuth:   signin.ClientAuth(i.ClientAuth),
			ClientSecret: i.ClientSecret,
			ClientKey:    i.key,
			RedirectURL:  c.redirectURL(i.ID),
			SignedOutURL: c.signedOutURL(),
			Scopes:       i.Scopes,
			Claims:       signin.Claims(i.Claims),
			Roles:        i.Roles.values(),
			Operators:    i.Operators,
			Require:      i.Require,
		})
	}
	return all
}

// audited returns what the audit trail is told of the settings.
func (c config) audited() map[app.InstitutionID]app.Details {
	all := map[app.InstitutionID]app.Details{"": present(app.Details{
		"base_url": c.BaseURL, "modules": c.Modules, "rate_limits": c.RateLimits, "trusted_proxies": list(c.TrustedProxies),
		"session_idle": c.SessionIdle.String(), "session_life": c.SessionLife.String(), "downloads_from": c.DownloadsFrom,
	})}
	for _, i := range c.Institutions {
		all[app.InstitutionID(i.ID)] = i.settings()
	}
	return all
}

// signedOutURL is the address to which providers send people who have signed
// out.
func (c config) signedOutURL() string { return c.BaseURL + "/signed-out" }

// redirectURL is the address that an institution's provider sends people back to.
func (c config) redirectURL(institution string) string {
	return c.BaseURL + "/signin/" + institution + "/callback"
}

// listen opens an address, and says in one sentence if it is taken.
func listen(address string) (net.Listener, error) {
	ln, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("the address %s is in use by another program: stop that one, or choose another address to listen on", address)
	}
	if err != nil {
		return nil, fmt.Errorf("listening on %s: %w", address, err)
	}
	return ln, nil
}
