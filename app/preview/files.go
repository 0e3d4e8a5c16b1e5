package preview

import (
	"bytes"
	"net/http"
	"slices"
	"time"

	"first5/content"
)

// forever is for addresses that are made from their content.
const forever = "public, max-age=31536000, immutable"

func (s *Server) static(w http.ResponseWriter, r *http.Request) {
	f, ok := s.Views.Static(r.URL.Path)
	if !ok {
		s.elsewhere(w, r)
		return
	}
	send(w, r, f.ContentType, f.Data)
}

// asset sends a file that a module shows. It finds files among those alone, so
// no address leads to another one.
func (s *Server) asset(w http.ResponseWriter, r *http.Request) {
	for _, m := range s.current.Load().modules {
		a, ok := m.asset(r.URL.Path)
		if ok {
			sendAsset(w, r, a)
			return
		}
	}
	if a, ok := assetOf(r.URL.Path, s.guide); ok {
		sendAsset(w, r, a)
		return
	}
	s.elsewhere(w, r)
}

func sendAsset(w http.ResponseWriter, r *http.Request, a content.Asset) {
	// A drawing opened on its own may style itself and do nothing else.
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	send(w, r, a.ContentType, a.Data)
}

// asset returns the file at an address that the module, or the version of it
// that is shown, refers to.
func (m *module) asset(address string) (content.Asset, bool) {
	shown, _ := m.shown()
	return assetOf(address, slices.Concat([]*content.Module{m.Module, shown.Module}, m.Translations, shown.Translations)...)
}

func assetOf(address string, modules ...*content.Module) (content.Asset, bool) {
	for _, one := range modules {
		for _, a := range one.Assets {
			if a.Path == address {
				return a, true
			}
		}
	}
	return content.Asset{}, false
}

// send sends data, or the part of it that a player asks for.
func send(w http.ResponseWriter, r *http.Request, contentType string, data []byte) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", forever)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(data))
}
