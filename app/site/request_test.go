package site_test

import (
	"bufio"
	"embed"
	"errors"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"context"
	"first5/app"
)

//go:embed testdata/modules
var modulesFS embed.FS

func TestEveryAnswerCarriesTheSecurityHeaders(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	for _, path := range []string{"/", "/modules", "/nowhere", "/healthz"} {
		header := b.get(path).header
		policy := header.Get("Content-Security-Policy")
		assert.Contains(t, policy, "default-src 'none'", path)
		assert.NotContains(t, policy, "unsafe", path)
		assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		assert.Equal(t, "same-origin", header.Get("Referrer-Policy"), path)
		assert.Equal(t, "same-origin", header.Get("Cross-Origin-Opener-Policy"), path)
		assert.NotEmpty(t, header.Get("Permissions-Policy"), path)
		assert.NotContains(t, header.Get("Cache-Control"), "public", path)
	}
}

func TestStylesAndFontsAreCachedForAYear(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	home := b.get("/").body
	start := strings.Index(home, `href="/static/`)
	require.Positive(t, start)
	address, _, _ := strings.Cut(home[start+len(`href="`):], `"`)
	p := b.get(address)
	assert.Equal(t, 200, p.status)
	assert.Equal(t, "public, max-age=31536000, immutable", p.header.Get("Cache-Control"))
	assert.Equal(t, "nosniff", p.header.Get("X-Content-Type-Options"))
	assert.Empty(t, p.header.Get("Content-Security-Policy"), "a style does nothing that a policy could forbid, and a phone loads many")
	name := address[strings.LastIndex(address, "/"):]
	old := b.get("/static/0000000000000000" + name)
	assert.Equal(t, 200, old.status, "a page of another version of the program stands in today’s styles")
	assert.Equal(t, p.body, old.body)
	assert.Equal(t, "no-cache", old.header.Get("Cache-Control"), "which are not kept as the ones of its version")
	assert.Equal(t, 404, b.get("/static/0000000000000000/nothing.css").status)
}

func TestAFormFromAnotherSiteDoesNothing(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	assert.Equal(t, 403, b.postFrom("https://evil.example", h.url+address, fields).status)
	assert.Equal(t, 403, b.postFrom("null", h.url+address, fields).status)
	assert.Equal(t, 403, b.postFrom("https://evil.example", h.url+"/signout", fields).status)
	fields.Set("csrf", "guessed")
	assert.Equal(t, 403, b.post("/signout", fields).status)
	assert.Equal(t, 403, b.post("/modules/listen/begin", fields).status)
	assert.Equal(t, 200, b.get("/learning").status, "still signed in")
	assert.Equal(t, "0", byName(h.as(manager).records())[0]["attempts"])
}

func TestTheSessionCookieIsForThisSiteAloneAndNoScript(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	var cookies []string
	b.http.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
		res, err := http.DefaultTransport.RoundTrip(r)
		if err == nil {
			cookies = append(cookies, res.Header.Values("Set-Cookie")...)
		}
		return res, err
	})
	b.signIn(noor, "")
	var session string
	for _, c := range cookies {
		assert.Contains(t, strings.ToLower(c), "httponly")
		assert.Contains(t, strings.ToLower(c), "samesite=lax")
		if strings.HasPrefix(c, "first5_session=") {
			session = c
		}
	}
	require.NotEmpty(t, session)
	token, _, _ := strings.Cut(strings.TrimPrefix(session, "first5_session="), ";")
	assert.Len(t, token, 64, "256 bits")
	_, _, err := h.store.Session(t.Context(), app.SessionHash(token))
	assert.ErrorIs(t, err, app.ErrNotFound, "the store knows its hash alone")
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestSignInLeadsBackToThePageAndNowhereElse(t *testing.T) {
	h := newHouse(t)
	deep := h.browser().get("/modules/greet")
	assert.Equal(t, "/signin", deep.url.Path)
	assert.Equal(t, "/modules/greet", deep.url.Query().Get("return"))
	for asked, want := range map[string]string{
		"/modules/greet":         "/modules/greet",
		"/records?status=passed": "/records",
		"https://evil.example/":  "/",
		"//evil.example/":        "/",
		`/\evil.example/`:        "/",
		"/\t/evil.example/":      "/",
		"javascript:alert(1)":    "/",
		"modules/greet":          "/",
	} {
		p := h.browser().signIn(manager, "?"+url.Values{"return": {asked}}.Encode())
		assert.Equal(t, h.url, p.url.Scheme+"://"+p.url.Host, asked)
		assert.Equal(t, want, p.url.Path, asked)
	}
}

func TestACallbackThatThisBrowserHasNotBegunIsRefused(t *testing.T) {
	h := newHouse(t)
	victim := h.browser()
	// Somebody else's flow, stopped right before the callback.
	attacker := h.browser()
	var callback string
	attacker.http.CheckRedirect = func(r *http.Request, _ []*http.Request) error {
		if strings.HasSuffix(r.URL.Path, "/callback") && r.URL.Host == strings.TrimPrefix(h.url, "http://") {
			callback = strings.TrimPrefix(r.URL.String(), h.url)
			return http.ErrUseLastResponse
		}
		return nil
	}
	attacker.signIn(noor, "")
	require.NotEmpty(t, callback)

	for _, path := range []string{callback, strings.Replace(callback, "mercy-lakes", "harbor-point", 1), "/signin/mercy-lakes/callback", "/signin/mercy-lakes/callback?state=12345678&code=x"} {
		p := victim.get(path)
		assert.Equal(t, 403, p.status, path)
		assert.Contains(t, p.text(), "Sign in again", path)
	}
	assert.Equal(t, "/signin", victim.get("/learning").url.Path)

	attacker.http.CheckRedirect = nil
	assert.Equal(t, 200, attacker.get(callback).status, "the browser that began it finishes it")
	assert.Equal(t, 403, attacker.get(callback).status, "once")
}

func TestAnUnknownInstitutionIsNotThere(t *testing.T) {
	assert.Equal(t, 404, newHouse(t).browser().get("/signin/nowhere").status)
}

func TestLogsNameNobody(t *testing.T) {
	h := newHouse(t)
	h.as(noor).answer("greet", right())
	h.as(manager).get("/records?q=Haddad")
	log := h.log.String()
	assert.Contains(t, log, `"route":"/modules/:slug/attempts","status":303`)
	for _, personal := range []string{"Haddad", "Noor", "mercy-lakes.example", "ml-20417", "the-patient"} {
		assert.NotContains(t, log, personal)
	}
}

// broken is a store whose listing breaks after some records, or panics.
type broken struct {
	app.Store
	panics bool
}

func (b broken) AllRecords(ctx context.Context, i app.InstitutionID, f app.Filter) iter.Seq2[app.Record, error] {
	return func(yield func(app.Record, error) bool) {
		for range 5000 {
			if !yield(app.Record{ID: "r", Name: "Somebody"}, nil) {
				return
			}
		}
		if b.panics {
			panic("the driver has a fault")
		}
		yield(app.Record{}, errors.New("connection lost"))
	}
}

func TestADownloadThatBreaksIsVisiblyBroken(t *testing.T) {
	for name, panics := range map[string]bool{"by an error": false, "by a panic": true} {
		t.Run(name, func(t *testing.T) {
			h := newHouseOn(t, func(s app.Store) app.Store { return broken{s, panics} })
			b := h.as(manager)
			res, err := b.http.Do(b.request("/records.csv"))
			require.NoError(t, err)
			defer res.Body.Close()
			_, err = io.ReadAll(res.Body)
			assert.ErrorIs(t, err, io.ErrUnexpectedEOF, "not a short file that looks whole")
			assert.Equal(t, 200, b.get("/healthz").status, "and the program goes on")
		})
	}
}

func TestAPanicIsAPageAndNotTheEnd(t *testing.T) {
	h := newHouseOn(t, func(s app.Store) app.Store { return panicking{s} })
	b := h.as(noor)
	p := b.get("/learning")
	assert.Equal(t, 500, p.status)
	assert.Contains(t, p.text(), "Something went wrong here")
	assert.NotContains(t, p.body, "the driver has a fault", "what went wrong goes to the log")
	assert.Contains(t, h.log.String(), "the driver has a fault")
	assert.Equal(t, 200, b.get("/healthz").status)
}

type panicking struct{ app.Store }

func (panicking) LearnerRecords(context.Context, app.LearnerID) ([]app.Record, error) {
	panic("the driver has a fault")
}

func TestHeadersOverTheLimitGetAnAnswer(t *testing.T) {
	h := newHouse(t)
	conn, err := net.Dial("tcp", strings.TrimPrefix(h.url, "http://"))
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nCookie: a="+strings.Repeat("x", 20<<10)+"\r\n\r\n")
	require.NoError(t, err)
	res, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	defer res.Body.Close()
	assert.Equal(t, 431, res.StatusCode)
	assert.Contains(t, res.Header.Get("Content-Security-Policy"), "default-src 'none'", "as every answer")
	assert.Contains(t, h.log.String(), `"status":431`)
}

func TestEveryRequestIsOneLineInTheLog(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	for path, status := range map[string]int{"/modules": 200, "/modules/nothing": 404, "/records": 403, "/records?from=x": 422} {
		before := strings.Count(h.log.String(), "\n")
		assert.Equal(t, status, b.get(path).status, path)
		lines := strings.Split(strings.TrimSpace(h.log.String()), "\n")[before:]
		if assert.Len(t, lines, 1, path) {
			assert.Contains(t, lines[0], fmt.Sprintf(`"status":%d`, status), path)
			assert.Equal(t, status != 200, strings.Contains(lines[0], `"error":`), "why it was refused stands in the same line")
		}
	}
}

func TestSomebodyWhoSignsInWithoutPauseIsAskedToWait(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	var last page
	for range 301 {
		last = b.get("/signin/mercy-lakes")
	}
	assert.Equal(t, 429, last.status)
	assert.NotEmpty(t, last.header.Get("Retry-After"))
	assert.Contains(t, last.text(), "Try again in a minute")
	assert.Equal(t, 200, b.get("/").status, "other pages stay")
}

func TestOtherSitesPicturesAndFramesUseUpNobodysSignIns(t *testing.T) {
	h := newHouse(t)
	b := h.browser().still()
	for _, path := range []string{"/signin/mercy-lakes", "/signin/mercy-lakes/callback?state=123456789"} {
		for _, from := range [][2]string{{"no-cors", "image"}, {"navigate", "iframe"}, {"cors", "empty"}} {
			for range 110 {
				r := b.request(path)
				r.Header.Set("Sec-Fetch-Mode", from[0])
				r.Header.Set("Sec-Fetch-Dest", from[1])
				require.Equal(t, 403, b.do(r).status)
			}
		}
	}
	r := b.request("/signin/mercy-lakes")
	r.Header.Set("Sec-Fetch-Mode", "navigate")
	r.Header.Set("Sec-Fetch-Dest", "document")
	assert.Equal(t, 303, b.do(r).status)
	r.Header.Set("Sec-Purpose", "prefetch;prerender")
	assert.Equal(t, 403, b.do(r).status, "nobody has gone there yet")
}

func TestOtherSitesFormsUseUpNobodysAnswers(t *testing.T) {
	h := newHouse(t)
	b := h.browser()
	for range 610 {
		require.Equal(t, 403, b.postFrom("https://evil.example", h.url+"/modules/greet/attempts", url.Values{"page": {"x"}}).status)
	}
	for range 310 {
		require.Equal(t, 403, b.postFrom("https://evil.example", h.url+"/signin", url.Values{"find": {"x"}}).status)
	}
	assert.Equal(t, 200, b.post("/signin", url.Values{"find": {"mercy"}}).status)
	assert.Contains(t, h.as(noor).answer("greet", right()).text(), "Module completed")
}

func TestDownloadsThatNobodyReadsHoldUpNobody(t *testing.T) {
	h := newHouse(t)
	h.seed(2000)
	b := h.as(manager)
	for range 10 {
		head := b.request("/records.csv")
		head.Method = http.MethodHead
		assert.Equal(t, 200, b.do(head).status)

		left, err := b.http.Do(b.request("/records.csv"))
		require.NoError(t, err)
		_, err = io.ReadFull(left.Body, make([]byte, 10))
		require.NoError(t, err)
		require.NoError(t, left.Body.Close(), "gone in the middle of it")
	}
	assert.Len(t, b.records(), 2001)
}
