package site_test

import (
	"context"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"first5/app"
	"first5/app/demo"
	"first5/app/signin"
	"first5/app/site"
	"first5/app/sqlitestore"
	"first5/content"
	"first5/web"
)

// The people of the demo's institutions, by what they are in these tests.
const (
	noor    = "mercy-lakes/ml-20417" // a physician
	daniel  = "mercy-lakes/ml-20893" // another one
	manager = "mercy-lakes/ml-31150"
	teacher = "mercy-lakes/ml-40062"
	amara   = "harbor-point/hp-1183" // a physician at the other institution
	others  = "harbor-point/hp-2071" // its manager
)

// house is the whole program, on a real port, with a real provider, a store in a
// file, and two small modules.
type house struct {
	t        testing.TB
	url      string
	training *app.Training
	store    app.Store
	clock    *clock
	log      *lines
	shutdown func() // finishes what was begun
}

// clock is a time that a test can move.
type clock struct {
	mu    sync.Mutex
	ahead time.Duration
}

func (c *clock) now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return time.Now().Add(c.ahead)
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ahead += d
}

// lines is a log that a test can read.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// views are made once: that takes longer than all else of a house.
var views = sync.OnceValues(web.New)

func newHouse(t testing.TB) *house { return newHouseOn(t, func(s app.Store) app.Store { return s }) }

// newHouseOn builds a house whose store may be wrapped, to make it fail.
func newHouseOn(t testing.TB, wrap func(app.Store) app.Store) *house {
	t.Helper()
	return newHouseWith(t, wrap, func(*site.Config) {})
}

// newHouseWith builds a house whose site may be set up differently.
func newHouseWith(t testing.TB, wrap func(app.Store) app.Store, adjust func(*site.Config)) *house {
	t.Helper()
	store, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "first5.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	h := &house{t: t, url: "http://" + ln.Addr().String(), clock: &clock{}, log: &lines{}}
	institutions, providers := h.institutions()
	h.store = wrap(store)
	h.training = &app.Training{
		Store:        h.store,
		Institutions: institutions,
		Now:          h.clock.now,
		SessionIdle:  app.DefaultSessionIdle,
		SessionLife:  app.DefaultSessionLife,
	}
	h.publish(os.DirFS("testdata/modules"))
	views, err := views()
	require.NoError(t, err)
	config := site.Config{
		BaseURL:    h.url,
		Secret:     []byte(strings.Repeat("s", 32)),
		RateLimits: true,
		Training:   h.training,
		SignIn:     signin.New(providers, signin.Options{}),
		Views:      views,
		Log:        slog.New(slog.NewJSONHandler(h.logTo(), nil)),
	}
	adjust(&config)
	s, err := site.New(config)
	require.NoError(t, err)
	served := make(chan error, 1)
	go func() { served <- s.Serve(ln) }()
	h.shutdown = sync.OnceFunc(func() {
		// A connection that has asked nothing yet is given five seconds.
		ctx, cancel := context.WithTimeout(context.Background(), 15*time.Second)
		defer cancel()
		assert.NoError(t, s.Shutdown(ctx))
		assert.NoError(t, <-served)
	})
	t.Cleanup(h.shutdown)
	return h
}

// logTo returns where the house logs. A benchmark keeps no lines.
func (h *house) logTo() io.Writer {
	if _, benchmark := h.t.(*testing.B); benchmark {
		return io.Discard
	}
	return h.log
}

// institutions starts the demo's provider and registers the house with it.
func (h *house) institutions() ([]app.Institution, []signin.Provider) {
	server := httptest.NewUnstartedServer(nil)
	base := "http://" + server.Listener.Addr().String()
	clients := map[string]demo.Client{}
	var institutions []app.Institution
	var providers []signin.Provider
	for _, i := range demo.Institutions() {
		id := app.InstitutionID(i.ID)
		callback := h.url + "/signin/" + i.ID + "/callback"
		clients[i.ID] = demo.Client{ID: "first5", Secret: "secret-of-" + i.ID, RedirectURI: callback, PostLogoutRedirectURI: h.url + "/signed-out"}
		institutions = append(institutions, app.Institution{ID: id, Name: i.Name, Issuer: demo.Issuer(base, i.ID), Domains: []string{i.Domain}})
		providers = append(providers, signin.Provider{
			Institution:  id,
			Issuer:       demo.Issuer(base, i.ID),
			ClientID:     "first5",
			ClientSecret: "secret-of-" + i.ID,
			RedirectURL:  callback,
			SignedOutURL: h.url + "/signed-out",
			Operators:    true,
			Scopes:       []string{"openid", "profile", "email"},
			Claims:       signin.Claims{Name: "name", Email: "email", NPI: "npi", Roles: "groups"},
			Roles: map[app.Role][]string{
				app.Manager:  {demo.GroupManagers},
				app.Educator: {demo.GroupEducators},
				app.Operator: {demo.GroupOperators},
			},
		})
	}
	handler, err := demo.NewProvider(base, clients, nil)
	require.NoError(h.t, err)
	server.Config.Handler = handler
	server.Start()
	h.t.Cleanup(server.Close)
	return institutions, providers
}

// publish publishes a folder of modules.
func (h *house) publish(files fs.FS) {
	h.t.Helper()
	lib, findings, err := content.Load(files)
	require.NoError(h.t, err)
	require.Empty(h.t, findings)
	_, err = h.training.Publish(h.t.Context(), lib, "test")
	require.NoError(h.t, err)
}

// browser is one person's browser, with its cookies and no JavaScript.
type browser struct {
	t    testing.TB
	base string
	http *http.Client
}

func (h *house) browser() *browser {
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	return &browser{t: h.t, base: h.url, http: &http.Client{Jar: jar, Timeout: 20 * time.Second}}
}

// as returns a browser in which a person, "institution/subject", has signed in.
func (h *house) as(person string) *browser {
	h.t.Helper()
	b := h.browser()
	b.signIn(person, "")
	return b
}

// signIn goes through the provider and returns where that ended.
func (b *browser) signIn(person, query string) page {
	b.t.Helper()
	institution, subject, _ := strings.Cut(person, "/")
	choose := b.get("/signin/" + institution + query)
	require.Equal(b.t, 200, choose.status, choose.body)
	return b.send(choose, "login", url.Values{"person": {subject}})
}

// page is what a browser shows.
type page struct {
	status int
	url    *url.URL
	header http.Header
	body   string
}

func (b *browser) do(r *http.Request) page {
	b.t.Helper()
	res, err := b.http.Do(r)
	require.NoError(b.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(b.t, err)
	return page{res.StatusCode, res.Request.URL, res.Header, string(body)}
}

func (b *browser) get(path string) page {
	b.t.Helper()
	return b.do(b.request(path))
}

func (b *browser) request(path string) *http.Request {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodGet, b.base+path, nil)
	require.NoError(b.t, err)
	return r
}

// post sends a form as this site's own page would.
func (b *browser) post(path string, fields url.Values) page {
	b.t.Helper()
	return b.postFrom(b.base, b.base+path, fields)
}

func (b *browser) postFrom(origin, address string, fields url.Values) page {
	b.t.Helper()
	r, err := http.NewRequestWithContext(b.t.Context(), http.MethodPost, address, strings.NewReader(fields.Encode()))
	require.NoError(b.t, err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", origin)
	return b.do(r)
}

// send fills in the form of a page whose action ends in the given text, and
// sends it.
func (b *browser) send(p page, action string, more url.Values) page {
	b.t.Helper()
	address, fields := p.form(b.t, action)
	for name, values := range more {
		fields[name] = values
	}
	target, err := p.url.Parse(address)
	require.NoError(b.t, err)
	return b.postFrom(p.url.Scheme+"://"+p.url.Host, target.String(), fields)
}

// form returns the address and the hidden fields of a form.
func (p page) form(t testing.TB, action string) (string, url.Values) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(p.body))
	require.NoError(t, err)
	for n := range root.Descendants() {
		if n.Data != "form" || !strings.HasSuffix(attribute(n, "action"), action) {
			continue
		}
		fields := url.Values{}
		for f := range n.Descendants() {
			if f.Data == "input" && attribute(f, "type") == "hidden" {
				fields.Add(attribute(f, "name"), attribute(f, "value"))
			}
		}
		return attribute(n, "action"), fields
	}
	require.Failf(t, "no form", "to %s in %s", action, p.body)
	return "", nil
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// text returns the page's words without its markup.
func (p page) text() string {
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return p.body
	}
	var words []string
	for n := range root.Descendants() {
		if n.Type == html.TextNode && !inTemplate(n) {
			words = append(words, strings.Fields(n.Data)...)
		}
	}
	return strings.Join(words, " ")
}

// inTemplate says whether a text is for a script, and not on the page yet.
func inTemplate(n *html.Node) bool {
	for a := range n.Ancestors() {
		if a.Data == "template" {
			return true
		}
	}
	return false
}

// link returns the address of the link with those words, or nothing.
func (p page) link(words string) string {
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return ""
	}
	for n := range root.Descendants() {
		if n.Data == "a" && n.FirstChild != nil && n.FirstChild.Data == words {
			return attribute(n, "href")
		}
	}
	return ""
}

// linkTo returns the address of the first link with words that fit, whatever markup
// they have, or nothing.
func (p page) linkTo(fits func(words string) bool) string {
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return ""
	}
	for n := range root.Descendants() {
		if n.Data == "a" && fits(wordsOf(n)) {
			return attribute(n, "href")
		}
	}
	return ""
}

// people returns the names in a table of records.
func (p page) people() []string {
	root, err := html.Parse(strings.NewReader(p.body))
	if err != nil {
		return nil
	}
	var names []string
	for n := range root.Descendants() {
		if n.Data == "td" && attribute(n, "data-label") == "Person" {
			names = append(names, firstText(n))
		}
	}
	return names
}

// firstText returns the first words in an element.
func firstText(n *html.Node) string {
	for d := range n.Descendants() {
		if d.Type == html.TextNode && strings.TrimSpace(d.Data) != "" {
			return strings.TrimSpace(d.Data)
		}
	}
	return ""
}
