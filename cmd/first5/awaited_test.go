package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app/mongostore/mongotest"
)

// lines is what a program has logged so far.
type lines struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements [io.Writer].
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

// serving runs "first5 serve", which need not become ready, until it is stopped.
func (h *hospital) serving() (log *lines, stop func() (code int)) {
	ctx, cancel := context.WithCancel(context.Background())
	stopped := make(chan int, 1)
	log = &lines{}
	go func() { stopped <- run(ctx, []string{"serve", "--config", h.file}, h.terminal(io.Discard, log)) }()
	return log, func() int {
		cancel()
		return <-stopped
	}
}

// says waits until the log has a text.
func (l *lines) says(t *testing.T, text string) {
	t.Helper()
	require.Eventually(t, func() bool { return strings.Contains(l.String(), text) }, time.Minute, 20*time.Millisecond, "%s", text)
}

// ready returns how "/readyz" answers, or 0 while nobody does.
func (h *hospital) ready() (status int, body string, header http.Header) {
	client := http.Client{Timeout: 20 * time.Second}
	res, err := client.Get(h.base + "/readyz")
	if err != nil {
		return 0, "", nil
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body) // what is missing in it shows
	return res.StatusCode, string(text), res.Header
}

// becomes waits until "/readyz" answers with a status.
func (h *hospital) becomes(want int) {
	h.t.Helper()
	require.Eventually(h.t, func() bool {
		status, _, _ := h.ready()
		return status == want
	}, time.Minute, 50*time.Millisecond, "%d", want)
}

func TestServeWaitsForADatabaseThatComesLaterAndOutlastsOneThatGoes(t *testing.T) {
	d := newDetour(t, mongotest.Address(t))
	h := newHospital(t)
	h.env["FIRST5_DATABASE"] = d.address
	log, stop := h.serving()
	log.says(t, `"msg":"the database does not answer yet","detail":"`)
	assert.NotContains(t, log.String(), `"msg":"serving"`)
	d.open()
	log.says(t, `"msg":"the database answers now"`)
	log.says(t, `"msg":"the database is new: creating its indexes"`)
	h.becomes(http.StatusOK)

	d.close()
	h.becomes(http.StatusServiceUnavailable)
	_, body, header := h.ready()
	assert.Equal(t, "the database does not answer\n", body)
	assert.Equal(t, "10", header.Get("Retry-After"))
	d.open()
	h.becomes(http.StatusOK)
	assert.Equal(t, done, stop())
}

func TestServeThatWaitsForItsDatabaseStopsWhenItIsTold(t *testing.T) {
	h := newHospital(t)
	h.env["FIRST5_DATABASE"] = "mongodb://it:geheim@" + freeAddress(t) + "/first5?serverSelectionTimeoutMS=200"
	log, stop := h.serving()
	log.says(t, `"msg":"the database does not answer yet"`)
	assert.Equal(t, done, stop())
	assert.Contains(t, log.String(), `"msg":"stopped before it could serve"`)
	assert.NotContains(t, log.String(), "geheim")
}

func TestANameThatIsNotYetKnownIsWaitedFor(t *testing.T) {
	h := newHospital(t)
	h.env["FIRST5_DATABASE"] = "mongodb+srv://it:geheim@db.first5.invalid/first5"
	log, stop := h.serving()
	log.says(t, `"msg":"the database does not answer yet"`)
	assert.Equal(t, done, stop())
	assert.NotContains(t, log.String(), "geheim")
}

func TestAMissingIndexIsToldAndMended(t *testing.T) {
	address := mongotest.Address(t)
	h := newHospital(t)
	h.env["FIRST5_DATABASE"] = address
	h.serve()()
	dropIndex(t, address, "records", "by_sent")

	log, stop := h.serving()
	h.becomes(http.StatusServiceUnavailable)
	_, body, header := h.ready()
	assert.Equal(t, "the index records.by_sent is missing: run \"first5 indexes\"\n", body)
	assert.Equal(t, "10", header.Get("Retry-After"))
	assert.Contains(t, log.String(), `"msg":"an index is missing: run \"first5 indexes\"","detail":"records.by_sent"`)
	out := h.must("indexes", "--config", h.file)
	assert.Contains(t, out, "creating the index records.by_sent\n")
	assert.Contains(t, out, "All indexes stand; new ones: 1.\n")
	h.becomes(http.StatusOK)
	assert.Equal(t, done, stop())
}

// dropIndex removes an index, as somebody at the database might.
func dropIndex(t *testing.T, address, collection, index string) {
	t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(address))
	require.NoError(t, err)
	defer func() { assert.NoError(t, client.Disconnect(context.WithoutCancel(t.Context()))) }()
	_, name := database{address: address}.place()
	require.NoError(t, client.Database(name).Collection(collection).Indexes().DropOne(t.Context(), index))
}

func TestReplicasThatStartTogetherOnANewDatabaseAllServe(t *testing.T) {
	address := mongotest.Address(t)
	var stops []func() int
	var replicas []*hospital
	for range 3 {
		h := newHospital(t)
		h.env["FIRST5_DATABASE"] = address
		_, stop := h.serving()
		stops, replicas = append(stops, stop), append(replicas, h)
	}
	for _, h := range replicas {
		h.becomes(http.StatusOK)
	}
	for _, stop := range stops {
		assert.Equal(t, done, stop())
	}
	h := replicas[0]
	h.env["FIRST5_DATABASE"] = address
	assert.Regexp(t, `(?m)^publication +1 `, h.must("backup", t.TempDir()+"/first5.backup"), "published once")
}

func TestASettingThatHasNoEffectIsToldOf(t *testing.T) {
	onEach(t, func(t *testing.T, h *hospital) {
		h.env["FIRST5_DOWNLOADS_FROM"] = "secondaries"
		log, stop := h.serving()
		h.becomes(http.StatusOK)
		told := strings.Contains(log.String(), `"msg":"downloads_from has no effect on SQLite, which has no secondaries"`)
		assert.Equal(t, strings.HasPrefix(h.env["FIRST5_DATABASE"], "sqlite:"), told)
		h.must("seed", "--config", h.file, "--records", "10")
		assert.Equal(t, 11, strings.Count(h.get(h.signIn("mercy-lakes", "ml-31150"), h.base+"/records.csv"), "\n"))
		assert.Equal(t, done, stop())
	})
}
