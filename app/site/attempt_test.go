package site_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// fill returns the address and all fields of an answered module page.
func (b *browser) fill(slug string, answers url.Values) (string, url.Values) {
	b.t.Helper()
	address, fields := b.open(slug).form(b.t, "/attempts")
	maps.Copy(fields, answers)
	return address, fields
}

func TestADoubleTapCountsOnce(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", wrong())
	var taps sync.WaitGroup
	for range 8 {
		taps.Go(func() { assert.Equal(t, 200, b.post(address, fields).status) })
	}
	taps.Wait()
	assert.Equal(t, "1", byName(h.as(manager).records())[0]["attempts"])
}

func TestAnswersSentAfterTheSessionExpiredAreCountedAfterSigningIn(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	h.clock.pass(13 * time.Hour)

	parked := b.post(address, fields)
	assert.Equal(t, "/signin", parked.url.Path)
	assert.Contains(t, parked.text(), "Your answers are safe")
	assert.Equal(t, "in_progress", byName(h.as(manager).records())[0]["status"], "not before they have signed in")

	back := b.signIn(noor, "?"+url.Values{"return": {parked.url.Query().Get("return")}}.Encode())
	assert.Contains(t, back.text(), "Module completed", "and lands on the result")
	row := byName(h.as(manager).records())[0]
	assert.Equal(t, "passed", row["status"])
	assert.Equal(t, "1", row["attempts"])

	b.signIn(noor, "")
	b.post(address, fields)
	assert.Equal(t, "1", byName(h.as(manager).records())[0]["attempts"], "once, however often")
}

func TestParkedAnswersCountForTheirLearnerAlone(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	h.clock.pass(8 * 24 * time.Hour)
	b.post(address, fields)

	b.signIn(daniel, "")
	assert.NotContains(t, b.get("/learning").text(), "Completed", "whoever signs in next on the ward's computer")
	b.signIn(noor, "")
	assert.Contains(t, b.get("/learning").text(), "Done Greet first Completed")
}

func TestAPageFromBeforeTheSignInStillCounts(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	b.signIn(noor, "") // in another tab
	assert.Contains(t, b.post(address, fields).text(), "Module completed")
}

func TestAnswersOfSomebodyElsesPageCountForNobody(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	assert.Equal(t, 403, h.as(daniel).post(address, fields).status)

	stranger := h.browser()
	fields.Set("page", strings.Replace(fields.Get("page"), string(app.NewLearnerID("x", "y"))[:3], "zzz", 1)+"x")
	assert.Equal(t, 403, stranger.post(address, fields).status)
	assert.Equal(t, "in_progress", byName(h.as(manager).records())[0]["status"])
}

func TestBadInputGetsAReadableAnswerAndLosesNone(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		change func(fields url.Values)
		status int
		says   string
	}{
		"an unknown option":            {func(f url.Values) { f.Set("q.whom", "the-ghost") }, 422, "names a question or an option that the module does not have"},
		"an unknown question":          {func(f url.Values) { f.Set("q.ghost", "x") }, 422, "names a question or an option that the module does not have"},
		"no attempt id":                {func(f url.Values) { f.Del("attempt") }, 422, "did not say which attempt this is"},
		"an attempt id that is a path": {func(f url.Values) { f.Set("attempt", "../../records") }, 422, "did not say which attempt this is"},
		"an unpublished version": {func(f url.Values) {
			version, rest, _ := strings.Cut(f.Get("page"), ".")
			f.Set("page", version+"7."+rest)
		}, 409, "is not published"},
	} {
		t.Run(name, func(t *testing.T) {
			b := h.as(noor)
			b.t = t
			b.get("/modules/greet")
			address, fields := b.openAgain("greet").form(t, "/attempts")
			maps.Copy(fields, right())
			c.change(fields)
			p := b.post(address, fields)
			assert.Equal(t, c.status, p.status)
			assert.Contains(t, p.text(), c.says)
			_, kept := p.form(t, "/attempts")
			assert.Equal(t, fields, kept, "the answers are still in the page")
		})
	}
	assert.Equal(t, "0", byName(h.as(manager).records())[0]["attempts"])
}

// openAgain returns the module's page, begun or not.
func (b *browser) openAgain(slug string) page {
	p := b.get("/modules/" + slug)
	if strings.Contains(p.body, `action="/modules/`+slug+`/begin"`) {
		return b.send(p, "/begin", nil)
	}
	return p
}

func TestAnUnknownModuleIsNotThere(t *testing.T) {
	b := newHouse(t).as(noor)
	for _, path := range []string{"/modules/nothing", "/modules/GREET", "/modules/greet/", "/modules/greet/attempts/aaaaaaaa", "/nowhere", "/certificates/x"} {
		p := b.get(path)
		assert.Equal(t, 404, p.status, path)
		assert.Contains(t, p.text(), "There is no such page", path)
	}
}

func TestABodyOverTheLimitIsRefusedWithAPage(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	for path, sizes := range map[string][]int{"/learning/commitments": {64 << 10, 300 << 10, 3 << 20}, "/modules/greet/place": {64 << 10}, "/learning/reflections": {64 << 10}} {
		for _, size := range sizes {
			p := b.post(path, url.Values{"text": {strings.Repeat("x", size)}})
			assert.Equal(t, 413, p.status, path)
			assert.Contains(t, p.text(), "at most 64 KB")
		}
	}
	for _, path := range []string{"attempts", "reflections", "commitments"} {
		for _, size := range []int{512 << 10, 3 << 20} {
			p := b.post("/modules/greet/"+path, url.Values{"own": {strings.Repeat("x", size)}})
			assert.Equal(t, 413, p.status, path)
			assert.Contains(t, p.text(), "at most 512 KB", "where somebody may write much")
		}
	}
	assert.Contains(t, b.post(address, fields).text(), "Module completed", "and the next request is fine")
}

func TestSomebodyInTheMiddleFinishesTheVersionThatTheyBegan(t *testing.T) {
	h := newHouse(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())

	h.publish(renamed(t, "Greet better"))
	assert.Contains(t, b.get("/modules/greet").text(), "Greet first", "in the middle")
	assert.Contains(t, h.as(daniel).get("/modules/greet").text(), "Greet better", "at the start")
	b.post(address, fields)

	row := byName(h.as(manager).records())[0]
	assert.Equal(t, "1", row["version"])
	assert.Equal(t, "Greet first", row["title"])
	assert.Contains(t, b.get("/modules/greet").text(), "Greet better", "after the end")
}

// renamed returns the test's modules with another title of "greet".
func renamed(t *testing.T, title string) fstest.MapFS {
	files := fstest.MapFS{}
	for _, name := range []string{"program.md", "greet/module.md", "listen/module.md"} {
		data, err := modulesFS.ReadFile("testdata/modules/first-5-minutes/" + name)
		require.NoError(t, err)
		text := strings.Replace(string(data), "title: Greet first", "title: "+title, 1)
		files["first-5-minutes/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files
}

// outage is a store that does not answer while it is away.
type outage struct {
	app.Store
	away atomic.Bool
}

func (o *outage) SaveAttempt(ctx context.Context, r app.Record, a app.Attempt) (app.Record, error) {
	if o.away.Load() {
		return app.Record{}, fmt.Errorf("saving: %w", app.ErrStoreAway)
	}
	return o.Store.SaveAttempt(ctx, r, a)
}

// newHouseWithOutages builds a house whose database can be away.
func newHouseWithOutages(t *testing.T) (*house, *outage) {
	t.Helper()
	store := &outage{}
	return newHouseOn(t, func(s app.Store) app.Store {
		store.Store = s
		return store
	}), store
}

func TestADatabaseThatIsAwayLosesNoAnswer(t *testing.T) {
	h, store := newHouseWithOutages(t)
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	store.away.Store(true)
	p := b.post(address, fields)
	assert.Equal(t, 503, p.status)
	assert.NotEmpty(t, p.header.Get("Retry-After"))
	assert.Contains(t, p.text(), "Your answers are kept in this page")

	store.away.Store(false)
	assert.Contains(t, b.send(p, "/attempts", nil).text(), "Module completed", "by the page's own button")
}

// slow is a store that takes its time to save.
type slow struct {
	app.Store
	began, goOn chan struct{}
}

func (s slow) SaveAttempt(ctx context.Context, r app.Record, a app.Attempt) (app.Record, error) {
	close(s.began)
	<-s.goOn
	return s.Store.SaveAttempt(ctx, r, a)
}

func TestStoppingTheProgramFinishesWhatWasBegun(t *testing.T) {
	store := slow{began: make(chan struct{}), goOn: make(chan struct{})}
	h := newHouseOn(t, func(s app.Store) app.Store {
		store.Store = s
		return store
	})
	b := h.as(noor)
	address, fields := b.fill("greet", right())
	b.http.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	answered := make(chan page)
	go func() { answered <- b.post(address, fields) }()
	<-store.began
	stopped := make(chan struct{})
	go func() { h.shutdown(); close(stopped) }()
	close(store.goOn)
	assert.Equal(t, 303, (<-answered).status)
	<-stopped
	_, learner, _ := strings.Cut(fields.Get("page"), ".")
	learner, _, _ = strings.Cut(learner, ".")
	a, err := h.store.Attempt(t.Context(), app.LearnerID(learner), app.AttemptID(fields.Get("attempt")))
	require.NoError(t, err)
	assert.Equal(t, 100, a.Grade.Score())
}
