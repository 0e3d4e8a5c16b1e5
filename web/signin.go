package web

import (
	"net/url"

	"first5/app"
)

// SignInPage lets the viewer choose their institution.
type SignInPage struct {
	Frame
	Institutions []app.Institution
	Return       string // where to go afterwards: an own path, or empty
	AnswersKept  bool   // answers were sent without a session, and wait
}

func (SignInPage) template() string { return "signin.html" }

// Address returns where the sign-in at an institution begins.
func (p SignInPage) Address(id app.InstitutionID) string {
	address := "/signin/" + string(id)
	if p.Return != "" {
		address += "?" + url.Values{"return": {p.Return}}.Encode()
	}
	return address
}
