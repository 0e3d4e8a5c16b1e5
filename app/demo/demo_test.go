package demo

import (
	"bytes"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const (
	mercy  = "mercy-lakes"
	harbor = "harbor-point"
)

// clock goes on only when told to.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time          { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) forward(d time.Duration) { c.ahead.Add(int64(d)) }

// site is the provider as it runs, and a browser that follows no redirect.
type site struct {
	base    string
	clients map[string]Client
	clock   *clock
	log     *bytes.Buffer
	browser *http.Client
}

func testClients() map[string]Client {
	clients := make(map[string]Client)
	for _, i := range Institutions() {
		clients[i.ID] = Client{
			ID:                    "first5",
			Secret:                "the secret of " + i.ID,
			RedirectURI:           "http://localhost:8080/signin/" + i.ID + "/callback",
			PostLogoutRedirectURI: "http://localhost:8080/",
		}
	}
	return clients
}

func newSite(t *testing.T) *site {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	s := &site{
		base:    "http://" + server.Listener.Addr().String(),
		clients: testClients(),
		clock:   new(clock),
		log:     new(bytes.Buffer),
	}
	log := slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	handler, err := newProvider(s.base, s.clients, log, s.clock.now)
	require.NoError(t, err)
	server.Config.Handler = handler
	server.Start()
	t.Cleanup(server.Close)
	s.browser = server.Client()
	s.browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return s
}

func TestTheProviderRunsOnThisMachineAlone(t *testing.T) {
	for address, want := range map[string]string{
		"http://127.0.0.1:8081":      "",
		"http://127.8.8.8":           "",
		"http://localhost:8081":      "",
		"http://[::1]:8081":          "",
		"http://0.0.0.0:8081":        `runs on this machine alone, and "0.0.0.0" is not a loopback address`,
		"http://192.168.1.20:8081":   `"192.168.1.20" is not a loopback address`,
		"https://first5.example":     `"first5.example" is not a loopback address`,
		"http://127.0.0.1.evil.test": `"127.0.0.1.evil.test" is not a loopback address`,
		"http://localhost.evil.test": `"localhost.evil.test" is not a loopback address`,
		"http://":                    `"" is not a loopback address`,
		"http://127.0.0.1:8081/":     "must look like http://127.0.0.1:8081",
		"http://127.0.0.1:8081/demo": "must look like",
		"http://a@127.0.0.1:8081":    "must look like",
		"ftp://127.0.0.1":            "must look like",
		"127.0.0.1:8081":             "reading the base address",
		"":                           "must look like",
	} {
		t.Run(address, func(t *testing.T) {
			_, err := NewProvider(address, testClients(), nil)
			if want == "" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, want)
		})
	}
}

func TestEveryInstitutionNeedsItsClient(t *testing.T) {
	right := testClients()[mercy]
	for name, test := range map[string]struct {
		id     string
		client func(Client) Client
		want   string
	}{
		"no secret":               {mercy, func(c Client) Client { c.Secret = ""; return c }, "needs an id and a secret"},
		"no id":                   {mercy, func(c Client) Client { c.ID = ""; return c }, "needs an id and a secret"},
		"no address to return to": {mercy, func(c Client) Client { c.RedirectURI = ""; return c }, "redirect address"},
		"a relative address":      {mercy, func(c Client) Client { c.RedirectURI = "/callback"; return c }, "redirect address"},
		"an odd sign-out address": {mercy, func(c Client) Client { c.PostLogoutRedirectURI = "javascript:x"; return c }, "post-logout address"},
		"an unknown institution":  {"elsewhere", func(c Client) Client { return c }, "does not have"},
	} {
		t.Run(name, func(t *testing.T) {
			clients := testClients()
			clients[test.id] = test.client(right)
			_, err := NewProvider("http://127.0.0.1:8081", clients, nil)
			assert.ErrorContains(t, err, test.want)
		})
	}
	t.Run("none", func(t *testing.T) {
		clients := maps.Clone(testClients())
		delete(clients, harbor)
		_, err := NewProvider("http://127.0.0.1:8081", clients, nil)
		assert.ErrorContains(t, err, `institution "harbor-point" has no client`)
	})
}

func TestARequestByAnotherNameIsTurnedAway(t *testing.T) {
	s := newSite(t)
	r, err := http.NewRequest(http.MethodGet, Issuer(s.base, mercy)+"/.well-known/openid-configuration", nil)
	require.NoError(t, err)
	r.Host = "rebound.evil.test"
	answer, err := s.browser.Do(r)
	require.NoError(t, err)
	defer answer.Body.Close()
	assert.Equal(t, http.StatusMisdirectedRequest, answer.StatusCode)
}
