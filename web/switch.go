package web

// SwitchPage asks somebody who is signed in whether they want to sign in at
// another institution instead.
type SwitchPage struct {
	Frame
	To      string // the other institution's name
	Address string // where its sign-in begins for those who agree
	Stay    string // where those go who don't
}

func (SwitchPage) template() string { return "switch.html" }
