package web

import "first5/app"

// CertificatePage shows the completion that a certificate proves, to whoever
// has its address.
type CertificatePage struct {
	Frame
	Record app.Record // with a completion
}

func (CertificatePage) template() string { return "certificate.html" }
