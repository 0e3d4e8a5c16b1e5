package app_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// counted is a store that counts what is read of it, and can be away.
type counted struct {
	app.Store
	sources, lists atomic.Int64
	away           atomic.Bool
	hold           chan struct{} // if it is not nil, sources wait until it is closed
}

func (s *counted) Source(ctx context.Context, ref app.VersionRef) (content.Source, error) {
	s.sources.Add(1)
	if s.hold != nil {
		<-s.hold
	}
	return s.Store.Source(ctx, ref)
}

func (s *counted) Versions(ctx context.Context) ([]app.Version, error) {
	s.lists.Add(1)
	return s.Store.Versions(ctx)
}

func (s *counted) LastPublication(ctx context.Context) (app.Publication, error) {
	if s.away.Load() {
		return app.Publication{}, fmt.Errorf("asking: %w", app.ErrStoreAway)
	}
	return s.Store.LastPublication(ctx)
}

// replica returns another program on the same database.
func (c *course) replica() (*course, *counted) {
	store := &counted{Store: c.Store}
	r := &course{t: c.t, time: c.time}
	r.Training = &app.Training{
		Store: store, Institutions: c.Institutions, Now: func() time.Time { return r.time },
		SessionIdle: c.SessionIdle, SessionLife: c.SessionLife,
	}
	return r, store
}

func TestWhatAProgramPublishesItDoesNotReadAgain(t *testing.T) {
	c := newCourse(t)
	r, store := c.replica()
	r.publish(map[string]string{"greet": "Hello."})
	r.publish(map[string]string{"greet": "Hello!"})
	require.NoError(t, r.Load(t.Context()))
	assert.Zero(t, store.sources.Load())
	assert.Zero(t, store.lists.Load(), "neither what there was before, since it knows")

	_, ana := r.signIn("mercy", "ana")
	assert.Contains(t, string(r.open(ana, "greet").Body), "Hello!")
	again, store := c.replica()
	again.publish(map[string]string{"greet": "Hello!"})
	assert.Zero(t, store.sources.Load(), "a program that starts with the same folder has it already")
	assert.Equal(t, 2, again.open(ana, "greet").Version)
	assert.Equal(t, 2, again.Published().Number)
}

func TestAReplicaReadsOnlyWhatIsNew(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello.", "listen": "Hm."})
	c.publish(map[string]string{"greet": "Hello!", "listen": "Hm."})
	r, store := c.replica()
	require.NoError(t, r.Load(t.Context()))
	assert.EqualValues(t, 5, store.sources.Load(), "two programmes and three modules are current")
	_, ana := r.signIn("harbor", "ana")
	before := r.open(ana, "listen").Module

	c.publish(map[string]string{"greet": "Good day.", "listen": "Hm."})
	require.NoError(t, r.Load(t.Context()))
	assert.EqualValues(t, 6, store.sources.Load(), "one module is new")
	assert.Equal(t, 3, r.open(ana, "greet").Version)
	assert.Same(t, before, r.open(ana, "listen").Module, "the others stay as they are")
	require.NoError(t, r.Load(t.Context()))
	assert.EqualValues(t, 2, store.lists.Load(), "without news nothing is listed")
}

func TestAnOldVersionIsReadOnceHoweverManyAreInIt(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	_, ana := c.signIn("mercy", "ana")
	c.begin(ana, "greet")
	c.publish(map[string]string{"greet": "Hello!"})
	r, store := c.replica()
	require.NoError(t, r.Load(t.Context()))
	read := store.sources.Load()

	store.hold = make(chan struct{})
	var readers sync.WaitGroup
	for range 32 {
		readers.Go(func() {
			o, err := r.Open(t.Context(), ana, "greet")
			assert.NoError(t, err)
			assert.Contains(t, string(o.Body), "Hello.")
		})
	}
	require.Eventually(t, func() bool { return store.sources.Load() > read }, 10*time.Second, time.Millisecond)
	close(store.hold)
	readers.Wait()
	assert.Equal(t, read+1, store.sources.Load())
}

func TestTheProgramThatPublishesHasTheOldVersionAtHand(t *testing.T) {
	c := newCourse(t)
	r, store := c.replica()
	r.publish(map[string]string{"greet": "Hello."})
	_, ana := r.signIn("mercy", "ana")
	r.begin(ana, "greet")
	r.publish(map[string]string{"greet": "Hello!"})
	assert.Contains(t, string(r.open(ana, "greet").Body), "Hello.")
	assert.Zero(t, store.sources.Load())
}

func TestOldVersionsDoNotFillTheMemory(t *testing.T) {
	c := newCourse(t)
	const versions = 100
	for n := range versions {
		c.publish(map[string]string{"greet": fmt.Sprint("Text ", n)})
	}
	_, ana := c.signIn("mercy", "ana")
	r, store := c.replica()
	require.NoError(t, r.Load(t.Context()))
	read := store.sources.Load()
	answer := func(version int) {
		s := app.Submission{Attempt: app.AttemptID(app.NewToken()), Module: "greet", Version: version}
		require.NoError(t, r.Submit(t.Context(), ana, s))
	}
	for n := range versions - 1 {
		answer(n + 1)
	}
	assert.Equal(t, read+versions-1, store.sources.Load(), "each is read when it is needed")
	answer(versions - 1)
	assert.Equal(t, read+versions-1, store.sources.Load(), "the last ones are still there")
	answer(1)
	assert.Equal(t, read+versions, store.sources.Load(), "the first one had made room")
	answer(versions)
	assert.Equal(t, read+versions, store.sources.Load(), "the current one stays in any case")
}

func TestAReplicaKnowsAVersionThatWasPublishedThisMoment(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	r, _ := c.replica()
	require.NoError(t, r.Load(t.Context()))
	_, ana := c.signIn("mercy", "ana")
	c.publish(map[string]string{"greet": "Hello!"})
	err := r.Submit(t.Context(), ana, app.Submission{Attempt: "attempt-1", Module: "greet", Version: 2})
	require.NoError(t, err)
	assert.Equal(t, 2, r.Published().Number)
	err = r.Submit(t.Context(), ana, app.Submission{Attempt: "attempt-2", Module: "greet", Version: 3})
	assert.ErrorIs(t, err, app.ErrConflict)
}

// drawing returns a picture that says something, and its address.
func drawing(words string) ([]byte, string) {
	data := []byte(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><title>` + words + `</title></svg>`)
	return data, content.AssetPath("face.svg", data)
}

// publishDrawing publishes "greet" with a picture, beside one that it does not
// show; without words, it withdraws "greet".
func (c *course) publishDrawing(words string) {
	c.t.Helper()
	files := fstest.MapFS{"first/listen/module.md": {Data: []byte(module("listen", "You listen."))}}
	order := "listen"
	if words != "" {
		order = "greet, listen"
		data, _ := drawing(words)
		unused, _ := drawing("unused " + words)
		files["first/greet/module.md"] = &fstest.MapFile{Data: []byte(module("greet", "![A face](pictures/face.svg)"))}
		files["first/greet/pictures/face.svg"] = &fstest.MapFile{Data: data}
		files["first/greet/other/face.svg"] = &fstest.MapFile{Data: unused}
	}
	files["first/program.md"] = &fstest.MapFile{Data: []byte("---\ntitle: First\naudience: Physicians\norder: [" + order + "]\n---\n\nA programme.\n")}
	lib, findings, err := content.Load(files)
	require.NoError(c.t, err)
	require.False(c.t, content.HasErrors(findings))
	_, err = c.Publish(c.t.Context(), lib, "test")
	require.NoError(c.t, err)
	c.time = c.time.Add(time.Minute)
}

func TestPicturesOfOlderVersionsAreServedEverywhere(t *testing.T) {
	c := newCourse(t)
	all := []string{"calm", "glad", "sad"}
	for _, words := range all {
		c.publishDrawing(words)
	}
	restarted, store := c.replica()
	require.NoError(t, restarted.Load(t.Context()))
	withdrawn, _ := c.replica()
	c.publishDrawing("")
	require.NoError(t, withdrawn.Load(t.Context()))
	for name, r := range map[string]*course{"the publisher": c, "a replica": restarted, "after the module was withdrawn": withdrawn} {
		for _, words := range all {
			data, address := drawing(words)
			a, err := r.Asset(t.Context(), address)
			require.NoError(t, err, "%s: %s", name, words)
			assert.Equal(t, data, a.Data, name)
			assert.Equal(t, "image/svg+xml", a.ContentType)

			_, address = drawing("unused " + words)
			_, err = r.Asset(t.Context(), address)
			assert.ErrorIs(t, err, app.ErrNotFound, "a file that no page shows is not given away")
		}
	}
	read := store.sources.Load()
	for range 9 {
		_, err := restarted.Asset(t.Context(), "/assets/0123456789abcdef/face.svg")
		assert.ErrorIs(t, err, app.ErrNotFound)
	}
	assert.Equal(t, read, store.sources.Load(), "an address that nobody made costs no reading, once all is known")
}

func TestPicturesOfOneOldPageAreThereForEverybodyAtOnce(t *testing.T) {
	c := newCourse(t)
	for _, words := range []string{"calm", "glad", "sad"} {
		c.publishDrawing(words)
	}
	for range 20 {
		r, store := c.replica()
		require.NoError(t, r.Load(t.Context()))
		read := store.sources.Load()
		var readers sync.WaitGroup
		for n := range 16 {
			readers.Go(func() {
				_, address := drawing([]string{"calm", "glad", "sad"}[n%3])
				_, err := r.Asset(t.Context(), address)
				assert.NoError(t, err)
			})
		}
		readers.Wait()
		assert.LessOrEqual(t, store.sources.Load()-read, int64(4), "two old versions, each indexed once and parsed once")
	}
}

func TestAPictureOfAPageFromAReplicaThatIsAheadIsServed(t *testing.T) {
	c := newCourse(t)
	c.publishDrawing("calm")
	r, store := c.replica()
	require.NoError(t, r.Load(t.Context()))
	c.publishDrawing("glad")
	_, address := drawing("glad")
	_, err := r.Asset(t.Context(), address)
	assert.NoError(t, err)

	store.away.Store(true)
	_, err = r.Asset(t.Context(), address)
	assert.NoError(t, err, "what is current needs no database")
	_, err = r.Asset(t.Context(), "/assets/0123456789abcdef/face.svg")
	assert.ErrorIs(t, err, app.ErrStoreAway)
}

// watch is a watch whose ticks a test gives.
type watch struct {
	*course
	ticks   chan time.Time
	reports chan error
	loaded  chan int
	ended   chan struct{}
	stop    func()
}

func (c *course) watch() *watch {
	w := &watch{course: c, ticks: make(chan time.Time), reports: make(chan error, 9), loaded: make(chan int, 9), ended: make(chan struct{})}
	ctx, stop := context.WithCancel(c.t.Context())
	w.stop = stop
	go func() {
		defer close(w.ended)
		c.Watch(ctx, w.ticks, func(publication int, err error) {
			if err != nil {
				w.reports <- err
			} else {
				w.loaded <- publication
			}
		})
	}()
	c.t.Cleanup(func() { stop(); <-w.ended })
	return w
}

// tick gives one tick and waits until what it caused is over: the next tick is
// taken only then.
func (w *watch) tick() {
	w.ticks <- w.time
	w.ticks <- w.time
}

func TestAReplicaServesWhatAnotherOneHasPublished(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	r, _ := c.replica()
	require.NoError(t, r.Load(t.Context()))
	_, ana := c.signIn("mercy", "ana")
	w := r.watch()
	w.tick()
	assert.Empty(t, w.loaded, "nothing is new")

	c.publish(map[string]string{"greet": "Hello!"})
	assert.Equal(t, 1, r.open(ana, "greet").Version, "not before it has looked")
	w.tick()
	require.Len(t, w.loaded, 1)
	assert.Equal(t, 2, <-w.loaded)
	assert.Equal(t, 2, r.open(ana, "greet").Version)

	c.publish(map[string]string{"listen": "Hm."})
	w.tick()
	assert.Equal(t, 3, <-w.loaded)
	r.hidden(ana, "greet")
	assert.Empty(t, w.reports)
}

func TestADatabaseThatIsAwayIsAskedAgainAndKeepsNobodyFromReading(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	r, store := c.replica()
	require.NoError(t, r.Load(t.Context()))
	_, ana := c.signIn("mercy", "ana")
	w := r.watch()
	store.away.Store(true)
	c.publish(map[string]string{"greet": "Hello!"})
	for range 3 {
		w.tick()
	}
	require.Len(t, w.reports, 1, "it is said once, and not at every tick")
	assert.ErrorIs(t, <-w.reports, app.ErrStoreAway)
	assert.Equal(t, 1, r.open(ana, "greet").Version)

	store.away.Store(false)
	w.tick()
	assert.Equal(t, 2, <-w.loaded)
	assert.Equal(t, 2, r.open(ana, "greet").Version)

	store.away.Store(true)
	w.tick()
	require.Len(t, w.reports, 1, "the next time is said too")
}

func TestAWatchEndsWithItsContext(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	r, store := c.replica()
	w := r.watch()
	store.hold = make(chan struct{})
	w.ticks <- noon
	require.Eventually(t, func() bool { return store.sources.Load() > 0 }, 10*time.Second, time.Millisecond)
	w.stop()
	close(store.hold) // it was in the middle of reading
	<-w.ended
	assert.Empty(t, w.reports, "that it was told to stop is no failure")
	assert.ErrorIs(t, r.Ready(t.Context()), app.ErrNotFound, "and half a publication is none")
}

func TestOfTwoWhoPublishAtOnceNoneUndoesTheOtherUnseen(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	r, _ := c.replica()
	racing := &overtaken{Store: c.Store, first: func() { c.publish(map[string]string{"greet": "Hello!"}) }}
	r.Store = racing
	_, err := r.Publish(t.Context(), folder(t, map[string]string{"greet": "Good day."}), "test")
	require.ErrorIs(t, err, app.ErrConflict)
	changes, err := r.Publish(t.Context(), folder(t, map[string]string{"greet": "Good day."}), "test")
	require.NoError(t, err)
	assert.Contains(t, changes, app.Change{Kind: app.Changed, VersionRef: app.VersionRef{Kind: app.ModuleVersion, Slug: "greet", Number: 3}})
	_, ana := r.signIn("mercy", "ana")
	assert.Contains(t, string(r.open(ana, "greet").Body), "Good day.")
}

// overtaken is a store in which somebody else publishes first, once.
type overtaken struct {
	app.Store
	first func()
}

func (s *overtaken) Publish(ctx context.Context, p app.Publication, v []app.Version, told app.Event) error {
	if s.first != nil {
		first := s.first
		s.first = nil
		first()
	}
	return s.Store.Publish(ctx, p, v, told)
}

func TestADatabaseThatIsPutBackFromACopyIsServedAsItIs(t *testing.T) {
	c, copied := newCourse(t), newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	copied.time = noon.Add(time.Hour)
	copied.publish(map[string]string{"greet": "Good day."})
	copied.publish(map[string]string{"greet": "Good day.", "listen": "Hm."})
	_, ana := c.signIn("mercy", "ana")

	c.Store = newCourse(t).Store
	require.NoError(t, c.Load(t.Context()))
	assert.Equal(t, 1, c.Published().Number, "what is served stays while there is nothing else")
	c.Store = copied.Store
	require.NoError(t, c.Load(t.Context()))
	o := c.open(ana, "greet")
	assert.Equal(t, 1, o.Version)
	assert.Contains(t, string(o.Body), "Good day.", "the same number, and other content")
}
