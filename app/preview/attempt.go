package preview

import (
	"net/http"
	"net/url"
	"strings"

	"first5/app"
	"first5/content"
	"first5/web"
)

// answersLimit is how many bytes of answers a result's address may have.
const answersLimit = 16 << 10

// submit takes the form of a module. The answers go into the address of their
// result, so that nothing is kept, and a result that is open shows feedback anew
// when it is mended.
func (s *Server) submit(w http.ResponseWriter, r *http.Request) {
	r.Body = http.MaxBytesReader(w, r.Body, answersLimit)
	err := r.ParseForm()
	if err != nil {
		http.Error(w, "these answers can't be read", http.StatusBadRequest)
		return
	}
	q := viewOf(r).query()
	for name, values := range r.PostForm {
		if strings.HasPrefix(name, "q.") {
			q[name] = values
		}
	}
	http.Redirect(w, r, "/modules/"+url.PathEscape(r.PathValue("slug"))+"/attempts?"+q.Encode(), http.StatusSeeOther)
}

// result grades the answers in the address and shows what they would earn.
func (s *Server) result(w http.ResponseWriter, r *http.Request) {
	m := s.current.Load().modules[r.PathValue("slug")]
	if m == nil {
		s.elsewhere(w, r)
		return
	}
	v := viewOf(r)
	shown, _ := m.shown()
	graded := shown.In(v.language)
	answers := content.Answers{}
	for name, values := range r.URL.Query() {
		if id, ok := strings.CutPrefix(name, "q."); ok {
			answers[id] = values
		}
	}
	grade, err := graded.Grade(answers)
	if err != nil {
		s.show(w, http.StatusConflict, web.ProblemPage{
			Frame: v.frame(graded),
			Text:  web.Verbatim("The questions have changed since these answers were given. Open the module again and answer those that it has now."),
			Link:  &web.Link{Address: v.address("modules", m.Slug), Words: web.Verbatim("Open the module")},
		})
		return
	}
	frame := v.frame(graded)
	frame.Note = "What learners see after sending these answers. The preview saves nothing."
	s.show(w, http.StatusOK, web.ResultPage{Frame: frame, Result: s.earned(m, graded, answers, grade)})
}

// earned makes the result that a learner would get for answers, with a completion
// if they earn one.
func (s *Server) earned(m *module, graded *content.Module, answers content.Answers, g content.Grade) app.Result {
	made := &app.Module{Module: graded, PublishedAt: s.Now()}
	r := app.Result{Module: made, Attempt: app.Attempt{Module: m.Slug, Answers: answers, Grade: g, At: s.Now()}}
	if m.next != nil {
		r.Next = &app.Module{Module: m.next}
	}
	if g.Graded == 0 || g.Score() >= graded.Pass {
		r.Record.Completion = &app.Completion{Status: app.Passed, At: s.Now(), Title: graded.Title, Certificate: "preview"}
	}
	return r
}
