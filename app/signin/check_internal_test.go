package signin

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/url"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestWhatKeepsAHostFromAnsweringIsToldApart(t *testing.T) {
	certificate := func(err error) error { return &tls.CertificateVerificationError{Err: err} }
	for says, err := range map[string]error{
		"there is no host mercy.invalid":                       &net.DNSError{Name: "mercy.invalid", IsNotFound: true},
		"the name servers do not tell where mercy.invalid is":  &net.DNSError{Name: "mercy.invalid", IsTimeout: true},
		"the host refuses the connection":                      &net.OpError{Err: syscall.ECONNREFUSED},
		"nobody whom this machine trusts has signed it":        certificate(x509.UnknownAuthorityError{}),
		"it is for another host":                               certificate(x509.HostnameError{Host: "x", Certificate: &x509.Certificate{}}),
		"it has expired, or does not count yet":                certificate(x509.CertificateInvalidError{Reason: x509.Expired}),
		"not trusted: asking: tls: first record does not look": tls.RecordHeaderError{Msg: "first record does not look like a TLS handshake"},
		"did not answer in time":                               context.DeadlineExceeded,
		"redirects to https://x.example/, and":                 &redirectError{to: &url.URL{Scheme: "https", Host: "x.example", Path: "/"}},
		"is at another host than the issuer's":                 &hostError{host: "x.example"},
		"is longer than 1 MB":                                  errTooLong,
		`can't be had: asking: a line\nforged`:                 errors.New("a line\nforged"),
	} {
		f := unreached("The answer", fmt.Errorf("asking: %w", err))
		assert.Contains(t, f.Text, says)
		assert.Equal(t, Problem, f.Severity)
		assert.NotEmpty(t, f.Mend)
	}
}

func TestTheWayToAnIssuerIsHintedAtForEachProduct(t *testing.T) {
	entra := &checkup{client: &client{Provider: Provider{Issuer: "https://login.microsoftonline.com/common/v2.0"}}}
	assert.Contains(t, entra.refusedDiscovery(404).Mend, "/v2.0")
	assert.NotContains(t, entra.refusedDiscovery(404).Mend, "Keycloak")
	assert.False(t, entra.checkIssuer(metadata{Issuer: "https://login.microsoftonline.com/{tenantid}/v2.0"}))
	assert.Contains(t, entra.report.Findings[0].Mend, "own tenant id")
	keycloak := &checkup{client: &client{Provider: Provider{Issuer: "https://login.mercy.example"}}}
	assert.Contains(t, keycloak.refusedDiscovery(404).Mend, "/realms/")
	assert.NotContains(t, keycloak.refusedDiscovery(403).Mend, "Keycloak")
}
