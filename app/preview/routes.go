package preview

import (
	"bytes"
	"net/http"

	"first5/web"
)

// Handler returns every address of the preview.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", s.list)
	mux.HandleFunc("GET /desk/{slug}", s.desk)
	mux.HandleFunc("GET /modules/{slug}", s.module)
	mux.HandleFunc("POST /modules/{slug}/attempts", s.submit)
	mux.HandleFunc("GET /modules/{slug}/attempts", s.result)
	mux.HandleFunc("GET /guide", s.notation)
	mux.HandleFunc("GET /events", s.stream)
	mux.HandleFunc("GET /assets/{hash}/{name}", s.asset)
	mux.HandleFunc("GET /static/{hash}/{name}", s.static)
	mux.HandleFunc("/", s.elsewhere)
	return guard(http.NewCrossOriginProtection().Handler(mux))
}

// show answers with a page.
func (s *Server) show(w http.ResponseWriter, status int, p web.Page) {
	var b bytes.Buffer
	err := s.Views.Render(&b, p)
	if err != nil {
		s.say("A page can't be shown: %v", err)
		http.Error(w, "this page can't be shown", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(b.Bytes()) // a browser that is gone needs no page
}

// notation shows how modules are written.
func (s *Server) notation(w http.ResponseWriter, _ *http.Request) {
	s.show(w, http.StatusOK, web.NewGuidePage(web.Frame{Title: web.T("How modules are written"), Proof: true}, s.guide))
}

// elsewhere answers for what the program has and the preview has not, such as a
// certificate that a result leads to.
func (s *Server) elsewhere(w http.ResponseWriter, r *http.Request) {
	s.show(w, http.StatusNotFound, web.ProblemPage{
		Frame: web.Frame{Title: web.T("Not in the preview"), Proof: true},
		Text:  web.Verbatim("The preview shows modules and what an attempt at them earns. It keeps no records, so there is nothing at this address."),
		Link:  &web.Link{Address: "/", Words: web.Verbatim("All modules")},
	})
}
