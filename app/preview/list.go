package preview

import (
	"net/http"
	"net/url"

	"first5/web"
)

func (s *Server) list(w http.ResponseWriter, _ *http.Request) {
	s.show(w, http.StatusOK, s.listPage(s.current.Load()))
}

// noModule answers for a module that is not there with the list of those that
// are. The page keeps looking, so the module comes back by itself.
func (s *Server) noModule(w http.ResponseWriter, n *snapshot) {
	page := s.listPage(n)
	page.Missing = true
	s.show(w, http.StatusNotFound, page)
}

func (s *Server) listPage(n *snapshot) web.PreviewPage {
	page := web.PreviewPage{
		Frame:    web.Frame{Title: web.T("Preview"), Wide: true, Proof: true},
		State:    n.id,
		Folder:   s.Folder,
		Trouble:  n.trouble,
		Findings: showFindings(n.findings, nil),
	}
	for _, p := range n.programs {
		page.Programs = append(page.Programs, n.listProgram(p))
	}
	return page
}

func (n *snapshot) listProgram(p *program) web.PreviewProgram {
	shown := web.PreviewProgram{
		Program:  p.Program,
		Findings: showFindings(p.findings, sourceIn(p.Slug+"/", p.Source)),
	}
	for _, m := range p.modules {
		row := web.PreviewModule{Module: m.Module, Takes: web.Takes(m.ReadingTime()), Grade: web.Grade(m.ReadingGrade())}
		row.Errors, row.Warnings = count(m.findings)
		if n.modules[m.Slug] == m {
			row.Address = "/desk/" + url.PathEscape(m.Slug)
		} else {
			row.Findings = showFindings(m.findings, sourceIn(m.folder()+"/", m.Source))
		}
		shown.Modules = append(shown.Modules, row)
	}
	return shown
}
