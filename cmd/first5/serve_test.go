package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app/demo"
)

// hospital is a configuration file for "serve", and the provider that it names.
type hospital struct {
	t    testing.TB
	file string
	base string
	env  map[string]string
}

func newHospital(t testing.TB) *hospital {
	t.Helper()
	address := freeAddress(t)
	h := &hospital{t: t, base: "http://" + address, env: map[string]string{
		"FIRST5_SECRET": "c2VjcmV0IHNlY3JldCBzZWNyZXQgc2VjcmV0IHNlY3JldCE=",
		"FIRST5_LISTEN": address,
	}}
	folder := t.TempDir()
	h.file = filepath.Join(folder, "first5.yaml")
	text := fmt.Sprintf("listen: 127.0.0.1:1\nbase_url: %s\ndatabase: sqlite:%s\ninstitutions:\n", h.base, filepath.Join(folder, "first5.db"))
	provider := httptest.NewUnstartedServer(nil)
	issuers := "http://" + provider.Listener.Addr().String()
	clients := map[string]demo.Client{}
	for _, i := range demo.Institutions() {
		secret := filepath.Join(folder, i.ID)
		require.NoError(t, os.WriteFile(secret, []byte("secret of "+i.ID+"\n"), 0o600))
		clients[i.ID] = demo.Client{ID: "first5", Secret: "secret of " + i.ID, RedirectURI: h.base + "/signin/" + i.ID + "/callback", PostLogoutRedirectURI: h.base + "/signed-out"}
		text += fmt.Sprintf("  - {id: %s, name: %q, issuer: %q, client_id: first5, client_secret_file: %q, roles: {manager: [cme-office]}}\n",
			i.ID, i.Name, demo.Issuer(issuers, i.ID), secret)
	}
	require.NoError(t, os.WriteFile(h.file, []byte(text), 0o600))
	handler, err := demo.NewProvider(issuers, clients, nil)
	require.NoError(t, err)
	provider.Config.Handler = handler
	provider.Start()
	t.Cleanup(provider.Close)
	return h
}

// freeAddress returns an address that nobody listens on, below the ports that
// systems hand out by themselves, so that it stays free between two starts.
func freeAddress(t testing.TB) string {
	t.Helper()
	for range 100 {
		ln, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20000+rand.IntN(12000)))
		if err == nil {
			require.NoError(t, ln.Close())
			return ln.Addr().String()
		}
	}
	require.Fail(t, "no port is free")
	return ""
}

func (h *hospital) terminal(out, err io.Writer) terminal {
	return terminal{out: out, err: err, getenv: func(name string) string { return h.env[name] }}
}

// serve runs "first5 serve" until it is stopped.
func (h *hospital) serve() (stop func()) {
	h.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan int, 1)
	go func() {
		stopped <- run(ctx, []string{"serve", "--config", h.file}, h.terminal(io.Discard, h.t.Output()))
	}()
	require.Eventually(h.t, func() bool { return h.healthy() == done }, 20*time.Second, 20*time.Millisecond)
	return func() {
		cancel()
		assert.Equal(h.t, done, <-stopped)
	}
}

// healthy runs "first5 health" and returns its exit code.
func (h *hospital) healthy() int {
	return run(h.t.Context(), []string{"health", "--config", h.file}, h.terminal(io.Discard, io.Discard))
}

// get returns what a browser shows at an address.
func (h *hospital) get(browser *http.Client, address string) string {
	h.t.Helper()
	res, err := browser.Get(address)
	require.NoError(h.t, err)
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	require.NoError(h.t, err)
	return string(body)
}

func TestServeRunsFromAFileAndTheEnvironmentAndComesBackAsItWas(t *testing.T) {
	h := newHospital(t)
	assert.Equal(t, failed, h.healthy(), "nothing runs yet")
	stop := h.serve()
	jar, err := cookiejar.New(nil)
	require.NoError(t, err)
	browser := &http.Client{Jar: jar}
	assert.Equal(t, "ready\n", h.get(browser, h.base+"/readyz"))

	res, err := browser.Get(h.base + "/signin/mercy-lakes")
	require.NoError(t, err)
	var login bytes.Buffer
	_, err = login.ReadFrom(res.Body)
	require.NoError(t, err)
	res.Body.Close()
	request := regexp.MustCompile(`name="authRequestID" value="([^"]+)"`).FindStringSubmatch(login.String())
	require.NotNil(t, request, login.String())
	res, err = browser.PostForm(res.Request.URL.String(), url.Values{"authRequestID": {request[1]}, "person": {"ml-31150"}})
	require.NoError(t, err)
	res.Body.Close()
	assert.Equal(t, h.base+"/", res.Request.URL.String())
	assert.Contains(t, h.get(browser, h.base+"/records"), "Mercy Lakes Health")

	stop()
	assert.Equal(t, failed, h.healthy())
	stop = h.serve()
	defer stop()
	home := h.get(browser, h.base+"/")
	assert.Contains(t, home, "Good to see you, Grace Whitfield.", "signed in across a restart")
	assert.Contains(t, home, "Names first", "with the modules that come with the program")
}

func TestServePublishesWhatChangedInItsFolder(t *testing.T) {
	h := newHospital(t)
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(filepath.Join(folder, "first-5-minutes"), os.DirFS("../../modules/first-5-minutes")))
	h.env["FIRST5_MODULES"] = folder
	h.serve()()

	file := filepath.Join(folder, "first-5-minutes", "names-first", "module.md")
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, bytes.Replace(source, []byte("title: Names first"), []byte("title: Names before all"), 1), 0o600))
	var log bytes.Buffer
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan int, 1)
	go func() { stopped <- run(ctx, []string{"serve", "--config", h.file}, h.terminal(io.Discard, &log)) }()
	require.Eventually(t, func() bool { return h.healthy() == done }, 20*time.Second, 20*time.Millisecond)
	cancel()
	assert.Equal(t, done, <-stopped)
	assert.Equal(t, 1, strings.Count(log.String(), `"msg":"published"`), "what is the same is no new version")
	assert.Contains(t, log.String(), `"change":"changed","kind":"module","slug":"names-first","version":2`)
}

func TestHealthAsksWhereTheProgramListens(t *testing.T) {
	for listen, want := range map[string]string{
		"0.0.0.0:8080": "127.0.0.1:8080", ":8080": "127.0.0.1:8080", "[::]:8080": "[::1]:8080",
		"127.0.0.1:8080": "127.0.0.1:8080", "10.0.0.7:8080": "10.0.0.7:8080", "[::1]:8080": "[::1]:8080",
	} {
		got, err := reachable(listen)
		require.NoError(t, err)
		assert.Equal(t, want, got, listen)
	}
}
