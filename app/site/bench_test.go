package site_test

import (
	"bytes"
	"cmp"
	"fmt"
	"net"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/require"
	"github.com/valyala/fasthttp"

	"first5/app"
	"first5/app/archive"
	"first5/app/mongostore"
	"first5/app/mongostore/mongotest"
	"first5/app/seed"
	"first5/modules"
)

// BenchmarkModulePage compares a signed-in module page, with its session and its
// progress read from the store, to fiber serving the same bytes from memory.
// Both are asked in turn, in the same run, over real connections.
//
// of-static is the page's rate as a part of fiber's: it should be 0.3 or more.
func BenchmarkModulePage(b *testing.B) {
	h := newHouse(b)
	h.publish(modules.FS) // as long as modules are
	noor := h.as(noor)
	body := noor.open("names-first").body
	page := loader{b, h.url + "/modules/names-first", noor.cookies()}
	memory := loader{b, serveFromMemory(b, body), ""}
	const round = 500
	page.load(round) // so that both are warm
	memory.load(round)

	var fromPage, fromMemory time.Duration
	rounds := 0
	for b.Loop() {
		fromPage += page.load(round)
		fromMemory += memory.load(round)
		rounds++
	}
	n := float64(rounds * round)
	b.ReportMetric(fromMemory.Seconds()/fromPage.Seconds(), "of-static")
	b.ReportMetric(n/fromPage.Seconds(), "pages/s")
	b.ReportMetric(n/fromMemory.Seconds(), "static/s")
	b.ReportMetric(float64(len(body)), "bytes")
	b.ReportMetric(0, "ns/op") // of a round of both: it says nothing
}

// BenchmarkThousandModules publishes 1,000 modules in 20 programmes, each with
// the words of a real one, begins each of them and reads its page, over real
// connections.
//
// s-to-serve is how long that takes from reading the folder on: it should be
// below 5 on two cores. MB is what the modules take in memory afterwards: it
// should be below 150.
func BenchmarkThousandModules(b *testing.B) {
	files, slugs := manyModules(b)
	var took time.Duration
	var memory float64
	rounds := 0
	for b.Loop() {
		h := newHouse(b)
		learner := h.as(noor)
		_, form := learner.get("/learning").form(b, "/signout")
		cookies, csrf := learner.cookies(), form.Get("csrf")
		before := heap()
		begun := time.Now()
		h.publish(files)
		readAll(b, h.url, slugs, cookies, csrf)
		took += time.Since(begun)
		memory += heap() - before
		rounds++
		h.shutdown()
	}
	b.ReportMetric(took.Seconds()/float64(rounds), "s-to-serve")
	b.ReportMetric(memory/float64(rounds), "MB")
	b.ReportMetric(0, "ns/op") // of making the house too: it says nothing
}

// BenchmarkRecordsPage opens the manager's first page, and the first pages of lists
// that a manager may ask for, over real connections. There are 20,000 records of
// the manager's institution, or as many as FIRST5_RECORDS says, in SQLite and on the
// MongoDB server that FIRST5_TEST_MONGODB names.
//
// ms/page is what a page takes: it should be below 100 at a million records.
func BenchmarkRecordsPage(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchRecordsPages(b, newHouse(b)) })
	b.Run("mongodb", func(b *testing.B) {
		store, err := mongostore.Open(mongotest.Address(b), mongostore.Options{})
		require.NoError(b, err)
		b.Cleanup(func() { require.NoError(b, store.Close()) })
		require.NoError(b, store.CreateIndexes(b.Context(), func(string) {}))
		benchRecordsPages(b, newHouseOn(b, func(app.Store) app.Store { return store }))
	})
}

// benchRecordsPages fills a house and opens its manager's pages.
func benchRecordsPages(b *testing.B, h *house) {
	h.publish(modules.FS)
	records, err := strconv.Atoi(cmp.Or(os.Getenv("FIRST5_RECORDS"), "20000"))
	require.NoError(b, err)
	h.sow(records)
	cookies := h.as(manager).cookies()
	for name, query := range map[string]string{
		"first": "", "by-name": "?sort=name&up=1", "by-score": "?sort=score", "by-completion": "?sort=completed",
		"completed": "?status=completed", "one-module": "?module=names-first&people=present", "this-month": "?dates=completed&from=" + time.Now().AddDate(0, -1, 0).Format(time.DateOnly),
	} {
		b.Run(name, func(b *testing.B) {
			page := loader{b, h.url + "/records" + query, cookies}
			page.load(8) // so that all is warm
			var took time.Duration
			for b.Loop() {
				took += page.one()
			}
			b.ReportMetric(took.Seconds()*1e3/float64(b.N), "ms/page")
			b.ReportMetric(0, "ns/op") // of making the request too: it says nothing
		})
	}
}

// sow puts so many records of invented people into the first institution.
func (h *house) sow(records int) {
	h.t.Helper()
	institution, err := h.training.Institution("mercy-lakes")
	require.NoError(h.t, err)
	crowd := seed.Crowd{Institution: institution, Editions: h.training.Modules(app.Person{Identity: app.Identity{Institution: institution.ID}}), Until: time.Now().UTC().Truncate(24 * time.Hour)}
	to, takes := h.store.(archive.Store)
	require.True(h.t, takes)
	for batch := range crowd.Batches(records) {
		require.NoError(h.t, to.Put(h.t.Context(), batch.People))
	}
	for batch := range crowd.Batches(records) {
		require.NoError(h.t, to.Put(h.t.Context(), batch.Records))
	}
}

// one sends one request and returns how long that took.
func (l loader) one() time.Duration {
	var req fasthttp.Request
	var res fasthttp.Response
	req.SetRequestURI(l.url)
	req.Header.Set("Cookie", l.cookies)
	begun := time.Now()
	err := fasthttp.Do(&req, &res)
	took := time.Since(begun)
	if err != nil || res.StatusCode() != 200 {
		l.b.Errorf("%v, status %d", err, res.StatusCode())
	}
	return took
}

// manyModules returns the folder, and the slugs of the modules in it.
func manyModules(b *testing.B) (fstest.MapFS, []string) {
	source, err := modules.FS.ReadFile("first-5-minutes/names-first/module.md")
	require.NoError(b, err)
	files := fstest.MapFS{}
	var slugs []string
	for p := range 20 {
		program := fmt.Sprintf("program-%02d", p)
		var order []string
		for m := range 50 {
			slug := fmt.Sprintf("module-%02d-%02d", p, m)
			order = append(order, slug)
			text := strings.Replace(string(source), "title: ", "title: Number "+slug+" ", 1)
			files[program+"/"+slug+"/module.md"] = &fstest.MapFile{Data: []byte(text)}
		}
		front := "---\ntitle: " + program + "\naudience: Physicians\norder: [" + strings.Join(order, ", ") + "]\n---\n\nA programme.\n"
		files[program+"/program.md"] = &fstest.MapFile{Data: []byte(front)}
		slugs = append(slugs, order...)
	}
	return files, slugs
}

// readAll begins each module and gets its page, over eight connections.

func readAll(b *testing.B, base string, slugs []string, cookies, csrf string) {
	client := &fasthttp.Client{ReadBufferSize: 16 << 10}
	defer client.CloseIdleConnections()
	var group sync.WaitGroup
	for some := range slices.Chunk(slugs, len(slugs)/8) {
		group.Go(func() {
			var req fasthttp.Request
			var res fasthttp.Response
			for _, slug := range some {
				req.Reset()
				req.Header.Set("Cookie", cookies)
				req.Header.Set("Origin", base)
				req.Header.SetMethod("POST")
				req.Header.SetContentType("application/x-www-form-urlencoded")
				req.SetRequestURI(base + "/modules/" + slug + "/begin")
				req.SetBodyString("csrf=" + csrf)
				err := client.Do(&req, &res)
				if err != nil || res.StatusCode() != 303 {
					b.Errorf("beginning %s: %v, status %d", slug, err, res.StatusCode())
					return
				}
				req.Reset()
				req.Header.Set("Cookie", cookies)
				req.SetRequestURI(base + "/modules/" + slug)
				err = client.Do(&req, &res)
				if err != nil || res.StatusCode() != 200 || !bytes.Contains(res.Body(), []byte("/modules/"+slug+"/attempts")) {
					b.Errorf("%s: %v, status %d", slug, err, res.StatusCode())
					return
				}
			}
		})
	}
	group.Wait()
}

// heap returns how many megabytes are in use once what is not was collected.
func heap() float64 {
	runtime.GC()
	runtime.GC() // what had a finalizer is gone only now
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc) / 1e6
}

// loader sends many requests to one address.
type loader struct {
	b       *testing.B
	url     string
	cookies string
}

// load sends n requests over eight connections and returns how long that took.
func (l loader) load(n int) time.Duration {
	client := &fasthttp.Client{ReadBufferSize: 16 << 10}
	defer client.CloseIdleConnections()
	begun := time.Now()
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			var req fasthttp.Request
			var res fasthttp.Response
			req.SetRequestURI(l.url)
			req.Header.Set("Cookie", l.cookies)
			for range n / 8 {
				err := client.Do(&req, &res)
				if err != nil || res.StatusCode() != 200 {
					l.b.Errorf("%v, status %d", err, res.StatusCode())
					return
				}
			}
		})
	}
	group.Wait()
	return time.Since(begun)
}

// serveFromMemory starts a bare fiber program and returns its address.
func serveFromMemory(b *testing.B, body string) string {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(b, err)
	bare := fiber.New(fiber.Config{DisableStartupMessage: true})
	bytes := []byte(body)
	bare.Get("/", func(c *fiber.Ctx) error {
		c.Set(fiber.HeaderContentType, fiber.MIMETextHTMLCharsetUTF8)
		return c.Send(bytes)
	})
	go func() { _ = bare.Listener(ln) }() // ends with the benchmark
	b.Cleanup(func() { _ = bare.Shutdown() })
	return "http://" + ln.Addr().String() + "/"
}

// cookies returns what the browser sends to the site.
func (b *browser) cookies() string {
	request := b.request("/")
	var all []string
	for _, c := range b.http.Jar.Cookies(request.URL) {
		all = append(all, c.Name+"="+c.Value)
	}
	return strings.Join(all, "; ")
}
