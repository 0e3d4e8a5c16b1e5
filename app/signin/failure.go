package signin

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Failure is a sign-in, or a sign-out at the provider, that did not come about.
// [errors.Is] finds both its Kind and its Err.
type Failure struct {
	Kind   error // ErrUnavailable or ErrRejected
	Reason Reason
	Err    error // for the log alone: it may hold addresses that a provider wrote, but no descriptions and no bodies; may be nil
}

// Reason says in a few fixed words why a sign-in did not come about, for the
// audit trail. It never holds anything that a provider or a visitor sent.
type Reason string

// Why the provider is taken for unavailable.
const (
	ReasonNoAnswer      Reason = "the provider does not answer"
	ReasonTooLate       Reason = "the provider answered too late"
	ReasonStopping      Reason = "First5 is stopping"
	ReasonBadAnswer     Reason = "the provider's answer can't be used"
	ReasonHost          Reason = "the provider uses a host that is not configured"
	ReasonClient        Reason = "the provider does not accept First5's client id, secret or key"
	ReasonProviderFault Reason = "the provider reported a fault of its own"
)

// Why an answer by way of the browser is rejected.
const (
	ReasonRefused       Reason = "the person refused or was refused at the provider"
	ReasonErrorAnswer   Reason = "the provider answered with an error"
	ReasonExpired       Reason = "the sign-in took too long"
	ReasonOtherFlow     Reason = "the answer belongs to another sign-in"
	ReasonOtherProvider Reason = "the answer is another provider's"
	ReasonNoCode        Reason = "the answer has no code"
)

// Why a token, or the person in it, is rejected.
const (
	ReasonCode        Reason = "the provider did not accept the code"
	ReasonNoToken     Reason = "the provider sent no token"
	ReasonMalformed   Reason = "the token can't be read"
	ReasonSignature   Reason = "the signature is not the provider's"
	ReasonIssuer      Reason = "the token is of another provider"
	ReasonAudience    Reason = "the token is for somebody else"
	ReasonOld         Reason = "the token is too old"
	ReasonTimes       Reason = "the token's times do not fit"
	ReasonNonce       Reason = "the nonce is not that of the sign-in"
	ReasonSubject     Reason = "the token names nobody"
	ReasonAccessToken Reason = "the access token does not belong to the token"
	ReasonOtherPerson Reason = "the details are another person's"
	ReasonRequired    Reason = "the account is not one of this institution's"
	ReasonTwoFit      Reason = "the account fits two institutions"
	ReasonNoSignOut   Reason = "the token is no sign-out token"
	ReasonBusy        Reason = "First5 was too busy to check the token"
)

// logLimit is how many bytes of an error's text are kept: addresses of any length
// that a provider wrote stand in some.
const logLimit = 300

// Error implements the error interface. What a provider wrote is cut, and its
// control characters are escaped, so that it can't forge lines of the log.
func (f *Failure) Error() string {
	text := fmt.Sprintf("%s: %s", f.Kind, f.Reason)
	if f.Err == nil {
		return text
	}
	return text + ": " + printable(f.Err.Error())
}

// Unwrap gives [errors.Is] both the kind and the cause.
func (f *Failure) Unwrap() []error {
	if f.Err == nil {
		return []error{f.Kind}
	}
	return []error{f.Kind, f.Err}
}

// ReasonOf returns why a sign-in did not come about, or "" if the error does
// not say.
func ReasonOf(err error) Reason {
	var f *Failure
	if !errors.As(err, &f) {
		return ""
	}
	return f.Reason
}

// printable cuts a text that others wrote to what the log keeps of it, and
// escapes what can't be printed.
func printable(s string) string {
	var b strings.Builder
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		shown := s[:size]
		if !strconv.IsPrint(r) || r == utf8.RuneError && size == 1 {
			quoted := strconv.Quote(shown)
			shown = quoted[1 : len(quoted)-1]
		}
		if b.Len()+len(shown) > logLimit {
			break
		}
		b.WriteString(shown)
		s = s[size:]
	}
	return b.String()
}

func rejected(r Reason, err error) error { return &Failure{Kind: ErrRejected, Reason: r, Err: err} }

func unavailable(r Reason, err error) error {
	return &Failure{Kind: ErrUnavailable, Reason: r, Err: err}
}

// uncalled is the failure of a call to a provider. An error that already is a
// failure stays what it is. Only the program's stop cancels a call: that a person
// has left is not seen before the answer is sent.
func uncalled(err error) error {
	var (
		f         *Failure
		elsewhere *hostError
		redirect  *redirectError
		status    *statusError
		network   net.Error
		call      *url.Error
	)
	switch {
	case errors.As(err, &f):
		return err
	case errors.Is(err, context.Canceled):
		return unavailable(ReasonStopping, err)
	case errors.As(err, &elsewhere):
		return unavailable(ReasonHost, err)
	case errors.As(err, &status) && status.code >= http.StatusInternalServerError:
		return unavailable(ReasonProviderFault, err)
	case errors.As(err, &redirect), errors.As(err, &status), errors.Is(err, errTooLong):
		return unavailable(ReasonBadAnswer, err)
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &network) && network.Timeout():
		return unavailable(ReasonTooLate, err)
	case errors.As(err, &call):
		return unavailable(ReasonNoAnswer, err)
	}
	return unavailable(ReasonBadAnswer, err)
}
