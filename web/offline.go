package web

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// OfflinePage stands for every page that a device has not kept, while it has no
// connection. It is the same for everyone: a script lists what the device keeps.
type OfflinePage struct{ Frame }

func (OfflinePage) template() string { return "offline.html" }

// Keeper is a page that a device keeps, so that it can be read without a
// connection.
type Keeper interface{ kept() }

func (HomePage) kept()   {}
func (ModulePage) kept() {}

//go:embed sw.js
var workerSource string

// Worker returns the script of the service worker. It has the addresses of the
// static files in it, so that each version of the program has one of its own.
func (v *Views) Worker() StaticFile { return v.worker }

func newWorker(addresses map[string]string) (StaticFile, error) {
	var files []string
	for _, name := range slices.Sorted(maps.Keys(addresses)) {
		if learners(name) {
			files = append(files, addresses[name])
		}
	}
	list, err := json.Marshal(files)
	if err != nil {
		return StaticFile{}, err
	}
	const place = `["static files"]`
	if strings.Count(workerSource, place) != 1 {
		return StaticFile{}, fmt.Errorf("sw.js does not say once where the static files go: %s", place)
	}
	data, err := slim("sw.js", []byte(strings.Replace(linked(workerSource, addresses), place, string(list), 1)), nil)
	if err != nil {
		return StaticFile{}, err
	}
	return StaticFile{ContentType: contentType("sw.js"), Data: data, Gzip: compress(data)}, nil
}

// learners says whether every learner's device keeps a static file: not those of
// authors' previews and of tables, nor those that only some devices ask for.
func learners(name string) bool {
	switch path.Ext(name) {
	case ".css", ".js":
		return !strings.HasPrefix(name, "preview.") && name != "wide.css"
	}
	return name == "mark.svg" || name == "literata.woff2" || name == "literata-italic.woff2"
}

// icon is a picture of an installed program.
type icon struct {
	Source  string `json:"src"`
	Sizes   string `json:"sizes"`
	Type    string `json:"type"`
	Purpose string `json:"purpose"`
}

// shortcut is a page that an installed program offers by itself.
type shortcut struct {
	Name    string `json:"name"`
	Address string `json:"url"`
}

// installed is how the program looks when it is installed: a web app manifest.
type installed struct {
	ID              string     `json:"id"`
	Name            string     `json:"name"`
	ShortName       string     `json:"short_name"`
	Description     string     `json:"description"`
	Lang            string     `json:"lang"`
	Dir             string     `json:"dir"`
	StartURL        string     `json:"start_url"`
	Scope           string     `json:"scope"`
	Display         string     `json:"display"`
	ThemeColor      string     `json:"theme_color"`
	BackgroundColor string     `json:"background_color"`
	Icons           []icon     `json:"icons"`
	Shortcuts       []shortcut `json:"shortcuts"`
}

// Manifest returns how the program is installed on a phone, in a language of the
// interface.
func (v *Views) Manifest(language string) StaticFile {
	m := installed{
		ID: "/", StartURL: "/", Scope: "/", Display: "standalone", Lang: language, Dir: "auto",
		Name: "First5", ShortName: "First5", Description: v.Say(language, T("The first five minutes with a patient, in modules of five minutes.")),
		ThemeColor: "#fbf7f0", BackgroundColor: "#fbf7f0",
		Icons: []icon{
			{v.addresses["mark.svg"], "any", "image/svg+xml", "any"},
			{v.addresses["icon-192.png"], "192x192", "image/png", "any"},
			{v.addresses["icon-512.png"], "512x512", "image/png", "any"},
			{v.addresses["icon-maskable.png"], "512x512", "image/png", "maskable"},
			{v.addresses["icon-monochrome.svg"], "any", "image/svg+xml", "monochrome"},
		},
		Shortcuts: []shortcut{
			{v.Say(language, T("Modules")), "/modules"},
			{v.Say(language, T("My learning")), "/learning"},
		},
	}
	data, err := json.Marshal(m)
	if err != nil {
		panic(err) // it is made of texts alone
	}
	return StaticFile{ContentType: "application/manifest+json; charset=utf-8", Data: data, Gzip: compress(data)}
}
