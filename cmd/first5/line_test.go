package main

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
)

// line is what lies between a browser and the program, and what may happen to it.
type line struct {
	cut   atomic.Bool // nothing comes through
	mute  atomic.Bool // what is asked arrives, and no answer comes back
	older atomic.Bool // the program is an older version, whose files have other addresses
	posts atomic.Int32

	cutAt, hangAt atomic.Value // a path that alone does not come through, or gets no answer

	proxy *httputil.ReverseProxy
}

// newLine puts a line before a hospital's program, at the address at which people
// reach that.
func newLine(t *testing.T, h *hospital) *line {
	t.Helper()
	own := freeAddress(t)
	h.env["FIRST5_LISTEN"] = own
	target, err := url.Parse("http://" + own)
	require.NoError(t, err)
	l := &line{proxy: httputil.NewSingleHostReverseProxy(target)}
	l.proxy.ModifyResponse = l.answer
	ln, err := net.Listen("tcp", strings.TrimPrefix(h.base, "http://"))
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(l)
	require.NoError(t, server.Listener.Close())
	server.Listener = ln
	server.Start()
	t.Cleanup(server.Close)
	return l
}

// ServeHTTP implements [http.Handler].
func (l *line) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == l.hangAt.Load() {
		<-r.Context().Done()
	}
	if l.cut.Load() || r.URL.Path == l.cutAt.Load() {
		panic(http.ErrAbortHandler) // ends the connection
	}
	if r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/attempts") {
		l.posts.Add(1)
	}
	r.Header.Del("Accept-Encoding")
	if l.older.Load() {
		r.URL.Path = strings.Replace(r.URL.Path, "/static/older-", "/static/", 1)
	}
	l.proxy.ServeHTTP(w, r)
}

var ofThisVersion = regexp.MustCompile(`/static/([0-9a-f]{16})/`)

func (l *line) answer(r *http.Response) error {
	if l.mute.Load() {
		r.Body.Close()
		panic(http.ErrAbortHandler)
	}
	if !l.older.Load() || strings.HasPrefix(r.Header.Get("Content-Type"), "font/") {
		return nil
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	body = ofThisVersion.ReplaceAll(body, []byte("/static/older-$1/"))
	r.Body = io.NopCloser(bytes.NewReader(body))
	r.ContentLength = int64(len(body))
	r.Header.Set("Content-Length", strconv.Itoa(len(body)))
	return nil
}
