package web

// SignedOutPage says that somebody is signed out. Where their institution's
// provider signs people out too, it leads on there.
type SignedOutPage struct {
	Frame
	Institution string // that the frame's Continue leads to; empty if it leads nowhere
	There       bool   // the institution has signed the person out too
}

func (SignedOutPage) template() string { return "signedout.html" }
