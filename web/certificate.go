package web

import (
	"unicode/utf8"

	"first5/app"
)

// CertificatePage shows the completion that a certificate proves, to whoever
// has its address. It says at once if the certificate was withdrawn.
type CertificatePage struct {
	Frame
	Record app.Record // with a completion
	Place  string     // what its whole address begins with, before its id
	Own    bool       // the viewer is the learner whose it is
	Papers []Link     // for that learner: the PDF, on the likely paper first

	// What a manager of its institution may do.
	Audited     bool // read why it was withdrawn
	MayWithdraw bool
	Reason      string  // that was sent and could not be taken
	Wrong       Message // with that; zero: nothing
}

func (CertificatePage) template() string { return "certificate.html" }

// Crowded says whether there is so much to say that it is set smaller, so that it
// prints on one page.
func (p CertificatePage) Crowded() bool {
	c := p.Record.Completion
	return utf8.RuneCountInString(c.Name+c.Title+c.Institution)+utf8.RuneCountInString(c.Credit)/4 > 160
}

// LongestReason is how long the reason for a withdrawal may be.
func (CertificatePage) LongestReason() int { return app.LongestReason }
