package web

import (
	"net/url"

	"first5/app"
)

// SignInPage lets the viewer find their institution.
type SignInPage struct {
	Frame
	Remembered  *app.Institution  // where somebody signed in last in this browser; nil if nobody did
	Typed       string            // what was searched for; empty: nothing yet
	Found       []app.Institution // by what was typed
	More        bool              // there are more than those
	Listed      []app.Institution // to choose from without typing; none where there are very many
	Unknown     string            // the institution that a link named and that there is not
	Return      string            // where to go afterwards: an own path, or empty
	AnswersKept bool              // answers were sent without a session, and wait
}

func (SignInPage) template() string { return "signin.html" }

// Address returns where the sign-in at an institution begins.
func (p SignInPage) Address(id app.InstitutionID) string {
	return SignInAddress(id, p.Return)
}

// SignInAddress returns where the sign-in at an institution begins that leads to
// an own path, or home if that is empty.
func SignInAddress(id app.InstitutionID, back string) string {
	q := url.Values{}
	if back != "" {
		q.Set("return", back)
	}
	return WithQuery("/signin/"+string(id), q)
}

// Heading returns what the page is about, in its state.
func (p SignInPage) Heading() Message {
	switch {
	case p.Typed != "" && len(p.Found) == 0:
		return T("Nothing found")
	case len(p.Found) > 1:
		return T("Which of these is yours?")
	case p.AnswersKept:
		return T("Your answers are safe")
	}
	return T("Sign in")
}

// Elsewhere says whether the page offers one institution, so that its search is
// for another.
func (p SignInPage) Elsewhere() bool {
	if p.Typed != "" {
		return len(p.Found) == 1
	}
	return p.Remembered != nil || p.Viewer != nil
}

// Onward returns where somebody who is signed in goes on.
func (p SignInPage) Onward() string {
	if p.Return == "" {
		return "/"
	}
	return p.Return
}

// One returns the one institution that fits what was typed, or nil.
func (p SignInPage) One() *app.Institution {
	if len(p.Found) == 1 {
		return &p.Found[0]
	}
	return nil
}
