package preview

import (
	"cmp"
	"net/http"
	"time"

	"first5/content"
	"first5/web"
)

// module answers with a module as learners see it, with the findings beside what
// caused them.
func (s *Server) module(w http.ResponseWriter, r *http.Request) {
	n := s.current.Load()
	m := n.modules[r.PathValue("slug")]
	if m == nil {
		s.elsewhere(w, r)
		return
	}
	v := viewOf(r)
	shown, kept := m.shown()
	proof := content.ParseProof(shown.Program, shown.Slug, shown.Source, content.Proof{
		Findings: shown.findings,
		Feedback: v.feedback,
	}).In(v.language)
	page := web.NewModulePage(v.frame(proof), proof)
	if kept {
		page.Frame.Note = "Last good version, from " + shown.at.Format(time.TimeOnly)
	}
	s.show(w, http.StatusOK, page)
}

// frame returns what is around a module that is shown.
func (v view) frame(m *content.Module) web.Frame {
	return web.Frame{Title: web.Verbatim(cmp.Or(m.Title, m.Slug)), Scheme: v.scheme, Proof: true}
}
