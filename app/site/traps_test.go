package site_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/site"
)

// What fiber does that a program must know of, each with the test that we do.
// A panic, in a page and in a download, is in request_test.go, as are headers
// over the limit and what of an error people see; a body over the limit is in
// attempt_test.go.

func TestWhatOneVisitorTypesNeverStandsInAnothersPage(t *testing.T) {
	h := newHouse(t)
	var everybody sync.WaitGroup
	for n := range 8 {
		everybody.Go(func() {
			b := h.browser()
			for round := range 25 {
				own := fmt.Sprintf("visitor-%d-round-%d", n, round)
				p := b.post("/signin", url.Values{"find": {own}, "return": {"/modules/" + own}})
				assert.Equal(t, 2, strings.Count(p.body, "visitor-")-strings.Count(p.body, "/modules/visitor-"), "said and kept in the field: %s", p.body)
				assert.Equal(t, strings.Count(p.body, "visitor-"), strings.Count(p.body, own))
			}
		})
	}
	everybody.Wait()
}

// watched is a store that keeps the context of a page.
type watched struct {
	app.Store
	contexts chan context.Context
}

func (s watched) LearnerRecords(ctx context.Context, learner app.LearnerID) ([]app.Record, error) {
	s.contexts <- ctx
	return s.Store.LearnerRecords(ctx, learner)
}

func TestAPagesWorkHasADeadlineAndEndsWithIt(t *testing.T) {
	contexts := make(chan context.Context, 10)
	h := newHouseOn(t, func(s app.Store) app.Store { return watched{s, contexts} })
	h.as(noor).get("/learning")
	ctx := <-contexts
	deadline, ok := ctx.Deadline()
	require.True(t, ok)
	assert.LessOrEqual(t, time.Until(deadline), 10*time.Second)
	select {
	case <-ctx.Done():
	case <-time.After(time.Minute):
		assert.Fail(t, "the context outlives its page")
	}
}

func TestAnErrorsPageIsWholeWhateverWasPreparedBeforeIt(t *testing.T) {
	h := newHouse(t)
	p := h.as(noor).get("/records.csv") // a learner
	assert.Equal(t, 403, p.status)
	assert.Equal(t, "text/html; charset=utf-8", p.header.Get("Content-Type"))
	assert.Empty(t, p.header.Get("Content-Disposition"))
	assert.Equal(t, "no-store", p.header.Get("Cache-Control"))
	assert.Contains(t, h.log.String(), `"route":"/records.csv","status":403`, "and the log tells the status that was sent")
}

func TestWhatARequestSaysOfItsHostIsNotBelieved(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range []string{"/signin/mercy-lakes", "/modules", "/records"} {
		r := b.request(path)
		r.Host = "evil.example"
		for name, value := range map[string]string{
			"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "X-Forwarded-Protocol": "https",
			"X-Forwarded-Ssl": "on", "X-Url-Scheme": "https", "X-Forwarded-For": "1.2.3.4", "Forwarded": "host=evil.example",
		} {
			r.Header.Set(name, value)
		}
		p := b.do(r)
		assert.Equal(t, 303, p.status, path)
		assert.NotContains(t, p.header.Get("Location"), "evil.example", path)
		assert.NotContains(t, p.body, "evil.example", path)
	}
	begun, err := url.Parse(b.get("/signin/mercy-lakes").header.Get("Location"))
	require.NoError(t, err)
	assert.Equal(t, h.url+"/signin/mercy-lakes/callback", begun.Query().Get("redirect_uri"))
}

func TestAddressesAreTakenExactly(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	for path, status := range map[string]int{
		"/modules": 200, "/MODULES": 404, "/modules/": 404, "/Modules/greet": 404, "/modules/greet": 200, "/modules/GREET": 404,
		"/modules/greet/": 404, "/modules/%67reet": 404, "/modules/greet%00": 404, "/recordsx": 404, "/records/": 404,
		"/studioguide": 404, "/audit.csvx": 404, "//modules": 404,
	} {
		p := b.get(path)
		assert.Equal(t, status, p.status, path)
	}
}

func TestFormsAreAnsweredWith303(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	assert.Equal(t, 303, b.post(address, fields).status)
	assert.Equal(t, 303, b.post("/modules/listen/begin", fields).status)
}

func TestSlowRequestsAreCutOff(t *testing.T) {
	h := newHouseWith(t, func(s app.Store) app.Store { return s }, func(c *site.Config) { c.ReadTime = 200 * time.Millisecond })
	for name, begun := range map[string]string{
		"nothing at all":     "",
		"half of its header": "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
		"half of its body": "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
			"Content-Length: 100\r\n\r\nfind=",
	} {
		t.Run(name, func(t *testing.T) {
			conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
			require.NoError(t, err)
			defer conn.Close()
			_, err = io.WriteString(conn, begun)
			require.NoError(t, err)
			require.NoError(t, conn.SetReadDeadline(time.Now().Add(time.Minute)))
			said, err := io.ReadAll(conn) // until the program closes the connection
			assert.NoError(t, err)
			assert.NotContains(t, string(said), "200 OK")
		})
	}
	assert.Equal(t, 200, h.browser().get("/").status, "who is quick is served")
}

func TestThePersonOfARequestIsForgottenWithIt(t *testing.T) {
	h := newHouse(t)
	cookies := h.as(noor).cookies()
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	answers := bufio.NewReader(conn)
	ask := func(cookies string) (int, string) {
		_, err := fmt.Fprintf(conn, "GET /account HTTP/1.1\r\nHost: x\r\nCookie: %s\r\n\r\n", cookies)
		require.NoError(t, err)
		res, err := http.ReadResponse(answers, nil)
		require.NoError(t, err)
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		require.NoError(t, err)
		return res.StatusCode, string(body)
	}
	status, body := ask(cookies)
	assert.Equal(t, 200, status)
	assert.Contains(t, body, "Noor Haddad")
	status, body = ask("") // fiber takes the same context from its pool
	assert.Equal(t, 303, status)
	assert.NotContains(t, body, "Noor Haddad")
}
