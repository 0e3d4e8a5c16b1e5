package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/sqlitestore"
	"first5/content"
	"first5/modules"
)

// signIn returns a browser in which one of the demo's people has signed in.
func (h *hospital) signIn(institution, subject string) *http.Client {
	h.t.Helper()
	jar, err := cookiejar.New(nil)
	require.NoError(h.t, err)
	browser := &http.Client{Jar: jar}
	res, err := browser.Get(h.base + "/signin/" + institution)
	require.NoError(h.t, err)
	defer res.Body.Close()
	page, err := io.ReadAll(res.Body)
	require.NoError(h.t, err)
	request := regexp.MustCompile(`name="authRequestID" value="([^"]+)"`).FindSubmatch(page)
	require.NotNil(h.t, request, string(page))
	res, err = browser.PostForm(res.Request.URL.String(), url.Values{"authRequestID": {string(request[1])}, "person": {subject}})
	require.NoError(h.t, err)
	defer res.Body.Close()
	require.Equal(h.t, h.base+"/", res.Request.URL.String())
	return browser
}

// publish runs "first5 publish" and returns what it prints.
func (h *hospital) publish(folder string) string {
	h.t.Helper()
	var out bytes.Buffer
	require.Equal(h.t, done, run(h.t.Context(), []string{"publish", "--config", h.file, folder}, h.terminal(&out, h.t.Output())))
	return out.String()
}

// shelf returns a folder with the modules that come with the program.
func shelf(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, modules.FS))
	return folder
}

// retitle gives a module in a folder another title.
func retitle(t *testing.T, folder, slug, title string) {
	t.Helper()
	file := filepath.Join(folder, "first-5-minutes", slug, "module.md")
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	changed := regexp.MustCompile(`(?m)^title: .*$`).ReplaceAll(source, []byte("title: "+title))
	require.NotEqual(t, string(source), string(changed))
	require.NoError(t, os.WriteFile(file, changed, 0o600))
}

func TestLearnersSeeWhatIsPublishedWhileTheProgramRuns(t *testing.T) {
	onEach(t, learnersSeeWhatIsPublished)
}

func learnersSeeWhatIsPublished(t *testing.T, h *hospital) {
	var log bytes.Buffer // read when its writer has ended
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan int, 1)
	go func() { stopped <- run(ctx, []string{"serve", "--config", h.file}, h.terminal(io.Discard, &log)) }()
	require.Eventually(t, func() bool { return h.healthy() == done }, 20*time.Second, 20*time.Millisecond)
	noor := h.signIn("mercy-lakes", "ml-20417")
	assert.Contains(t, h.get(noor, h.base+"/modules"), "Names first")

	folder := shelf(t)
	retitle(t, folder, "names-first", "Names before all")
	said := h.publish(folder)
	published := time.Now()
	assert.Contains(t, said, "changed   names-first   version 2\nPublished as publication 2: 0 added, 1 changed, 0 withdrawn, ")
	require.Eventually(t, func() bool {
		return strings.Contains(h.get(noor, h.base+"/modules"), "Names before all")
	}, 30*time.Second, 50*time.Millisecond, "without a restart; five seconds are promised, and a busy machine is given more")
	t.Logf("seen after %s", time.Since(published).Round(time.Millisecond))

	cancel()
	assert.Equal(t, done, <-stopped)
	assert.Contains(t, log.String(), `"msg":"publication loaded","publication":2`)
	assert.NotContains(t, log.String(), `"level":"ERROR"`)

	assert.Contains(t, h.publish(folder), "Nothing changed: publication 2 stays as it is.", "also while nobody serves")
	defer h.serve()()
	assert.Contains(t, h.get(noor, h.base+"/modules"), "Names before all", "the modules that come with the program give way")
}

func TestWhatIsPublishedSaysWhereItCameFrom(t *testing.T) {
	h := newHospital(t)
	folder := shelf(t)
	t.Chdir(filepath.Dir(folder))
	h.publish(filepath.Base(folder))
	store, err := sqlitestore.Open(t.Context(), filepath.Join(filepath.Dir(h.file), "first5.db"))
	require.NoError(t, err)
	defer func() { assert.NoError(t, store.Close()) }()
	last, err := store.LastPublication(t.Context())
	require.NoError(t, err)
	assert.Equal(t, folder, last.Origin, "the whole name of the folder")
}

// rival is a store in which somebody else publishes first, so many times.
type rival struct {
	app.Store
	times int
}

func (r *rival) Publish(ctx context.Context, p app.Publication, v []app.Version, told app.Event) error {
	if r.times == 0 {
		return r.Store.Publish(ctx, p, v, told)
	}
	r.times--
	err := r.Store.Publish(ctx, app.Publication{Number: p.Number, At: p.At, Origin: "somebody else"}, nil, told)
	if err != nil {
		return err
	}
	return r.Store.Publish(ctx, p, v, told)
}

func TestPublishingAtTheSameTimeAsSomebodyElse(t *testing.T) {
	lib, findings, err := content.Load(fstest.MapFS{
		"first/program.md":      {Data: []byte("---\ntitle: First\naudience: Physicians\norder: [greet]\n---\n\nA programme.\n")},
		"first/greet/module.md": {Data: []byte("---\ntitle: Greet\nsummary: A module.\nminutes: 1\nedition: \"2026\"\nobjectives: [One]\nauthors: [A. Educator]\n---\n\n## One {#one}\n\nYou greet.\n")},
	})
	require.NoError(t, err)
	require.Empty(t, findings)
	for times, says := range []string{
		0: "Published as publication 1: 2 added,",
		1: "Published as publication 2: 2 added,",
		2: "somebody else is publishing at the same time, so nothing was published: find out who, and publish again",
	} {
		file, err := sqlitestore.Open(t.Context(), filepath.Join(t.TempDir(), "first5.db"))
		require.NoError(t, err)
		var out bytes.Buffer
		err = publishFolder(t.Context(), &rival{Store: file, times: times}, lib, "/modules", &out)
		if times < 2 {
			require.NoError(t, err)
			assert.Contains(t, out.String(), says)
		} else {
			assert.EqualError(t, err, says)
			assert.Empty(t, out.String())
		}
		require.NoError(t, file.Close())
	}
}
