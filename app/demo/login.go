package demo

import (
	"bytes"
	"embed"
	"fmt"
	"html/template"
	"net/http"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	loginPath     = "/login"
	signedOutPath = "/signed-out"
	stylePath     = "/style.css"

	requestField = "authRequestID"
	personField  = "person"
)

//go:embed page
var pageFiles embed.FS

// loginPage asks whom the visitor wants to be.
type loginPage struct {
	Institution Institution
	Request     string
}

// noticePage says one thing and what to do next.
type noticePage struct {
	Institution Institution
	Title       string
	Text        string
	Detail      string // for whoever sets up First5; may be empty
}

func parsePages() (*template.Template, error) {
	pages, err := template.ParseFS(pageFiles, "page/*.html")
	if err != nil {
		return nil, fmt.Errorf("parsing the pages: %w", err)
	}
	return pages, nil
}

// askWho shows the institution's people.
func (i *issuer) askWho(w http.ResponseWriter, r *http.Request) {
	id := r.URL.Query().Get(requestField)
	if _, ok := i.store.requests.get(id); !ok {
		i.stale(w, r)
		return
	}
	// Browsers hold the redirects that follow a form to its policy, too.
	w.Header().Set("Content-Security-Policy", i.formPolicy)
	i.show(w, r, http.StatusOK, "login.html", loginPage{Institution: i.institution, Request: id})
}

// answer leads back to First5 as the person that was chosen.
func (i *issuer) answer(w http.ResponseWriter, r *http.Request) {
	person, ok := i.institution.person(r.PostFormValue(personField))
	if !ok {
		i.refuse(w, r, oidc.ErrInvalidRequest().WithDescription("Nobody of that name is here."))
		return
	}
	chosen, ok := i.store.choose(r.PostFormValue(requestField), person)
	if !ok {
		i.stale(w, r)
		return
	}
	back, err := op.BuildAuthResponseCallbackURL(r.Context(), chosen, i.provider)
	if err != nil {
		i.refuse(w, r, oidc.DefaultToServerError(err, "The answer can't be written."))
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}

func (i *issuer) stale(w http.ResponseWriter, r *http.Request) {
	i.show(w, r, http.StatusBadRequest, "notice.html", noticePage{
		Institution: i.institution,
		Title:       "This sign-in is over",
		Text:        "It was used already, it waited for more than ten minutes, or the demonstration was started anew. Please go back to First5 and start again there.",
	})
}

// refuse tells the visitor that a request can't be taken.
func (i *issuer) refuse(w http.ResponseWriter, r *http.Request, e *oidc.Error) {
	i.note(r, "request refused", e)
	status := http.StatusBadRequest
	if e.ErrorType == oidc.ServerError {
		status = http.StatusInternalServerError
	}
	i.show(w, r, status, "notice.html", noticePage{
		Institution: i.institution,
		Title:       "This can’t go on",
		Text:        "The request that led here can’t be taken. Please go back to First5 and start again there.",
		Detail:      e.Description,
	})
}

func (i *issuer) signedOut(w http.ResponseWriter, r *http.Request) {
	i.show(w, r, http.StatusOK, "notice.html", noticePage{
		Institution: i.institution,
		Title:       "You are signed out",
		Text:        "Nobody stays signed in here. You can close this page, or go back to First5.",
	})
}

// show writes a page whole or not at all.
func (i *issuer) show(w http.ResponseWriter, r *http.Request, status int, name string, page any) {
	var b bytes.Buffer
	if err := i.pages.ExecuteTemplate(&b, name, page); err != nil {
		i.log.ErrorContext(r.Context(), "page not shown", "page", name, "error", err.Error())
		http.Error(w, "This page can't be shown.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = b.WriteTo(w) // fails only when the visitor has gone
}

func style(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "max-age=300")
	http.ServeFileFS(w, r, pageFiles, "page/style.css")
}
