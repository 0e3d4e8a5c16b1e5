package site_test

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
	"first5/modules"
)

// A phone asks for a video in parts, and plays none that it can't have so.
func TestAVideoCanBeHadInParts(t *testing.T) {
	b := translatedHouse(t).as(noor)
	address := regexp.MustCompile(`/assets/[^"]*\.mp4`).FindString(b.openIn("en", "names-first").body)
	require.NotEmpty(t, address)
	whole := b.get(address)
	require.Equal(t, 200, whole.status)
	assert.Equal(t, "bytes", whole.header.Get("Accept-Ranges"))
	size := len(whole.body)
	require.Greater(t, size, 4)

	for _, test := range []struct {
		asked  string
		status int
		body   string
	}{
		{"bytes=0-1", 206, whole.body[:2]},
		{"bytes=1-", 206, whole.body[1:]},
		{"bytes=-2", 206, whole.body[size-2:]},
		{"bytes=0-99999999", 206, whole.body},
		{"bytes=99999999-", 416, ""},
		{"bytes=0-0,2-2", 200, whole.body},
		{"lines=0-1", 200, whole.body},
		{"nonsense", 200, whole.body},
	} {
		r := b.request(address)
		r.Header.Set("Range", test.asked)
		p := b.do(r)
		assert.Equal(t, test.status, p.status, test.asked)
		if test.body != "" {
			assert.Equal(t, test.body, p.body, test.asked)
		}
		assert.Equal(t, test.status != 200, p.header.Get("Content-Range") != "", test.asked)
	}
}

func TestAuthorsReadHowModulesAreWritten(t *testing.T) {
	h := newHouse(t)
	guide := h.as(teacher).get("/studio/guide")
	assert.Equal(t, 200, guide.status)
	assert.Contains(t, guide.text(), "- [x] To be heard by you {#heard}", "the source")
	assert.Contains(t, guide.body, `name="q.question" value="heard"`, "beside what learners see")
	for _, a := range content.Guide().Assets {
		file := h.browser().get(a.Path)
		assert.Equal(t, 200, file.status, a.Path)
		assert.Equal(t, string(a.Data), file.body)
	}
	assert.Equal(t, 403, h.as(noor).get("/studio/guide").status, "it is not for learners")
	assert.Contains(t, h.as(teacher).get("/studio").body, `href="/studio/guide"`)
}

// A drawing of a module must not make its first view heavy.
func TestADrawingComesCompressedAndItsPartsDoNot(t *testing.T) {
	h := newHouse(t)
	h.publish(modules.FS)
	b := h.as(noor)
	address := regexp.MustCompile(`/assets/[^"]*seat\.svg`).FindString(b.openIn("en", "names-first").body)
	require.NotEmpty(t, address)
	whole := b.get(address).body
	require.Contains(t, whole, "<svg")

	r := b.request(address)
	r.Header.Set("Accept-Encoding", "gzip") // said by hand, it is not unpacked again
	p := b.do(r)
	assert.Equal(t, "gzip", p.header.Get("Content-Encoding"))
	assert.Equal(t, "Accept-Encoding", p.header.Get("Vary"))
	assert.Less(t, len(p.body), len(whole)/2)

	r.Header.Set("Range", "bytes=0-2047")
	p = b.do(r)
	assert.Equal(t, 206, p.status)
	assert.Empty(t, p.header.Get("Content-Encoding"))
	assert.Equal(t, whole[:2048], p.body)
}
