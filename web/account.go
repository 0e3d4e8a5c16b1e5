package web

import (
	"time"

	"first5/app"
)

// AccountPage shows somebody what First5 knows of them, for how long and who sees
// it, and where they are signed in.
type AccountPage struct {
	Frame
	Person   app.Person
	Sessions []SignedInBrowser
	Months   int // after the last sign-in, until who they are is erased; 0: never
}

func (AccountPage) template() string { return "account.html" }

// SignedInBrowser is one browser in which the viewer is signed in.
type SignedInBrowser struct {
	This   bool // it is the one that the page is shown in
	Since  time.Time
	SeenAt time.Time
}

// RoleName returns a role in plain words.
func RoleName(r app.Role) Message {
	switch r {
	case app.Manager:
		return T("Records manager")
	case app.Educator:
		return T("Educator")
	case app.Operator:
		return T("Operator")
	}
	return Verbatim(string(r))
}
