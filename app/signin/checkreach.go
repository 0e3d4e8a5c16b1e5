package signin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"syscall"
)

// unreached says why a call got no answer.
func unreached(what string, err error) Finding {
	var (
		names     *net.DNSError
		redirect  *redirectError
		elsewhere *hostError
		network   net.Error
	)
	text, mend := "can't be had: "+printable(err.Error())+".", theirs+"check what the provider answers there; "+ours+"check this machine's way to the network."
	switch {
	case errors.As(err, &names) && names.IsNotFound:
		text, mend = fmt.Sprintf("can't be had: there is no host %s.", names.Name), ours+"check the host for a typing error, and this machine's name servers."
	case errors.As(err, &names):
		text, mend = fmt.Sprintf("can't be had: the name servers do not tell where %s is.", names.Name), ours+"check this machine's name servers."
	case errors.Is(err, syscall.ECONNREFUSED):
		text, mend = "can't be had: the host refuses the connection.", theirs+"check that the provider runs and that First5 may reach it; "+ours+"check its port."
	case untrusted(err):
		text, mend = "can't be had: the host's TLS certificate is not trusted: "+printable(tlsCause(err))+".", theirs+"give the host a valid certificate with its whole chain; "+ours+"add the institution's own authority to this machine's trusted ones, if it has one."
	case errors.As(err, &redirect):
		text, mend = "is elsewhere: the provider redirects to "+printable(redirect.to.Redacted())+", and First5 follows no redirects.", theirs+"write into the discovery document where it is."
	case errors.As(err, &elsewhere):
		text, mend = "is at another host than the issuer's.", ours+"if the host is the provider's, add it to the institution's hosts: "+printable(elsewhere.host)
	case errors.Is(err, errTooLong):
		text, mend = "is longer than 1 MB.", theirs+"check what the provider answers there."
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		text, mend = "can't be had: the provider did not answer in time.", theirs+"check that the provider runs and that First5 may reach it."
	}
	return Finding{Problem, what + " " + text, mend}
}

func untrusted(err error) bool {
	var (
		verification *tls.CertificateVerificationError
		notTLS       tls.RecordHeaderError
	)
	return errors.As(err, &verification) || errors.As(err, &notTLS)
}

// tlsCause returns what is wrong with a certificate, without the words around it.
func tlsCause(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
	)
	switch {
	case errors.As(err, &unknown):
		return "nobody whom this machine trusts has signed it"
	case errors.As(err, &name):
		return "it is for another host"
	case errors.As(err, &invalid) && invalid.Reason == x509.Expired:
		return "it has expired, or does not count yet"
	}
	return err.Error()
}
