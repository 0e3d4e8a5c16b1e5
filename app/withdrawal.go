package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// LongestReason is how long the reason for a withdrawal may be, in characters.
const LongestReason = 280

// MayWithdraw says whether the person may withdraw the certificate of a record:
// managers those of their own institution.
func (p Person) MayWithdraw(r Record) bool {
	return p.Has(Manager) && p.Institution == r.Institution
}

// Withdraw withdraws a certificate, once: from then on its page says that it
// proves nothing any more. The reason stands in the audit trail, on one line. It
// returns [ErrNotFound] if there is no such certificate, [ErrForbidden] to whoever
// may not do so, [ErrInvalid] without a reason or with one over [LongestReason],
// and [ErrConflict] if it was withdrawn already.
func (t *Training) Withdraw(ctx context.Context, p Person, id CertificateID, reason string) error {
	r, err := t.Certificate(ctx, id)
	if err != nil {
		return err
	}
	if !p.MayWithdraw(r) {
		return fmt.Errorf("withdrawing a certificate: %w", ErrForbidden)
	}
	if r.Withdrawn != nil {
		return fmt.Errorf("certificate %s is withdrawn: %w", id, ErrConflict)
	}
	reason = ReasonLine(reason)
	if n := utf8.RuneCountInString(reason); n == 0 || n > LongestReason {
		return fmt.Errorf("a reason of %d characters: %w", n, ErrInvalid)
	}
	w := Withdrawal{At: t.now(), Reason: reason}
	told := t.event(CertificateWithdrawn, r.Institution, p.Learner, Details{
		"certificate": string(id), "record": string(r.ID), "reason": reason,
	})
	err = t.Store.Withdraw(ctx, id, w, told)
	if err != nil && !errors.Is(err, ErrConflict) {
		return fmt.Errorf("withdrawing a certificate: %w", err)
	}
	return err
}

// ReasonLine returns a reason as it is kept, which is how its length counts: on
// one line, without what nobody can see.
func ReasonLine(written string) string {
	written = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r):
			return ' '
		case unicode.Is(unicode.Cf, r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(written, ""))
	return strings.Join(strings.Fields(written), " ")
}
