package web_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/content"
	"first5/web"
)

// realModule returns one of the program's own modules.
func realModule(t *testing.T, slug string) *content.Module {
	t.Helper()
	lib, _, err := content.Load(os.DirFS("../modules"))
	require.NoError(t, err)
	for _, p := range lib.Programs {
		for _, m := range p.Modules {
			if m.Slug == slug {
				return m
			}
		}
	}
	require.Fail(t, "there is no such module", slug)
	return nil
}

// onTheWay returns how many bytes a page takes on its way to a phone.
func onTheWay(t *testing.T, page string) int {
	t.Helper()
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestSpeed)
	require.NoError(t, err)
	_, err = w.Write([]byte(page))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.Len()
}

var staticAddress = regexp.MustCompile(`/static/[0-9a-f]+/[\w.-]+`)

// A first view has everything in it: the page, what it is made of, and what the
// service worker keeps for later. Letters that the module does not have, and the
// pictures of an installed program, are loaded by nobody.
func TestTheFirstViewOfAModuleIsUnder60KBInAll(t *testing.T) {
	views, err := web.New()
	require.NoError(t, err)
	p := web.NewModulePage(frame, realModule(t, "names-first"))
	p.CSRF, p.Ticket, p.Attempt = strings.Repeat("c", 86), strings.Repeat("t", 130), "0123456789abcdef"
	page := render(t, p)
	worker, manifest := views.Worker(), views.Manifest("en")
	sizes := map[string]int{"the page": onTheWay(t, page), "sw.js": len(worker.Gzip), "manifest": len(manifest.Gzip)}
	waiting := staticAddress.FindAllString(page+string(worker.Data), -1)
	for len(waiting) > 0 {
		address := waiting[0]
		waiting = waiting[1:]
		if _, known := sizes[address]; known || strings.HasSuffix(address, "/icon-180.png") {
			continue
		}
		file, ok := views.Static(address)
		require.True(t, ok, address)
		sizes[address] = len(file.Data)
		if file.Gzip != nil {
			sizes[address] = len(file.Gzip)
		}
		if strings.HasSuffix(address, ".js") {
			waiting = append(waiting, staticAddress.FindAllString(string(file.Data), -1)...)
		}
	}
	sum := 0
	for _, size := range sizes {
		sum += size
	}
	assert.Less(t, sum, 60_000, "%v", sizes)
	assert.Greater(t, sum, 30_000, "it has fonts, styles and scripts in it")
	var names []string
	for address := range sizes {
		names = append(names, address[strings.LastIndex(address, "/")+1:])
	}
	for _, name := range []string{"literata.woff2", "literata-italic.woff2", "first5.css", "reading.js", "mark.svg"} {
		assert.Contains(t, names, name)
	}
}

func TestTheServiceWorkerKnowsTheFilesOfItsVersion(t *testing.T) {
	views, err := web.New()
	require.NoError(t, err)
	worker := string(views.Worker().Data)
	assert.NotContains(t, worker, `"static/`, "every name is an address")
	assert.NotContains(t, worker, "static files", "the list is written in")
	for _, name := range []string{"first5.css", "literata.woff2", "page.js", "outbox.js", "mark.svg"} {
		assert.Regexp(t, `"/static/[0-9a-f]+/`+regexp.QuoteMeta(name)+`"`, worker)
	}
	assert.NotContains(t, worker, "preview.")
	for _, address := range staticAddress.FindAllString(worker, -1) {
		_, ok := views.Static(address)
		assert.True(t, ok, address)
	}
}

func TestTheProgramCanBeInstalledOnAPhone(t *testing.T) {
	views, err := web.New()
	require.NoError(t, err)
	for language, modules := range map[string]string{"en": "Modules", "es": "Módulos"} {
		var m struct {
			Name, Lang, Display string
			Icons               []struct{ Src, Sizes, Type, Purpose string }
			Shortcuts           []struct{ Name, URL string }
		}
		require.NoError(t, json.Unmarshal(views.Manifest(language).Data, &m))
		assert.Equal(t, "First5", m.Name)
		assert.Equal(t, language, m.Lang)
		assert.Equal(t, "standalone", m.Display)
		assert.Equal(t, modules, m.Shortcuts[0].Name)
		purposes := map[string]bool{}
		for _, icon := range m.Icons {
			file, ok := views.Static(icon.Src)
			require.True(t, ok, icon.Src)
			assert.Equal(t, file.ContentType, icon.Type)
			assert.Less(t, len(file.Data), 10_000, icon.Src)
			purposes[icon.Sizes+" "+icon.Purpose] = true
		}
		for _, wanted := range []string{"192x192 any", "512x512 any", "512x512 maskable", "any monochrome"} {
			assert.True(t, purposes[wanted], wanted)
		}
	}
}

func TestAnAddressOfAnotherVersionHasTodaysFile(t *testing.T) {
	views, err := web.New()
	require.NoError(t, err)
	file, ok := views.Current("first5.css")
	require.True(t, ok)
	assert.Contains(t, string(file.Data), "--paper")
	_, ok = views.Current("../web.go")
	assert.False(t, ok)
	_, ok = views.Current("")
	assert.False(t, ok)
}
