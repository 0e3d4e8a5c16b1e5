package mongostore

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/event"

	"first5/app"
)

// certifiedFor returns a record of the person's with a certificate.
func (d desk) certifiedFor(p app.Person) app.Record {
	d.Helper()
	r := recordAt(p, "names-first")
	r, err := d.store.SaveAttempt(d.Context(), r, earned(attemptNumber(r, 3)))
	require.NoError(d, err)
	return r
}

// withdraw withdraws the certificate of a record, with an event of its own.
func (d desk) withdraw(r app.Record, reason string) error {
	return d.store.Withdraw(d.Context(), r.Completion.Certificate, app.Withdrawal{At: after(2), Reason: reason},
		happens(app.CertificateWithdrawn, "", reason))
}

func TestAWithdrawalOverABrokenLineIsDoneAndToldOnce(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		r := d.certifiedFor(known("rivera"))
		breaks()
		require.NoError(t, d.withdraw(r, "somebody else's"), "a reply that was lost is no conflict")
		is, err := s.Record(t.Context(), r.ID)
		require.NoError(t, err)
		assert.Equal(t, &app.Withdrawal{At: after(2), Reason: "somebody else's"}, is.Withdrawn)
		assert.Equal(t, []string{"certificate_withdrawn somebody else's"}, d.told())
		d.nothingUntold()
	})
}

func TestASecondWithdrawalOverABrokenLineIsAConflict(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		r := d.certifiedFor(known("rivera"))
		require.NoError(t, d.withdraw(r, "first"))
		breaks()
		assert.ErrorIs(t, d.withdraw(r, "second"), app.ErrConflict)
		assert.Equal(t, []string{"certificate_withdrawn first"}, d.told())
	})
}

// Somebody else withdraws the certificate after it was looked at, and before it
// is written.
func TestOfTwoWithdrawalsTheSecondIsAConflict(t *testing.T) {
	w := newWard(t)
	d := desk{t, w.Store}
	r := d.certifiedFor(w.learner)
	first := true
	w.sent.before = func(e *event.CommandStartedEvent) {
		if e.CommandName == "update" && first {
			first = false
			require.NoError(t, d.withdraw(r, "theirs"))
		}
	}
	assert.ErrorIs(t, d.withdraw(r, "mine"), app.ErrConflict)
	assert.Equal(t, []string{"certificate_withdrawn theirs"}, d.told())
}

func TestWhatWaitsToBeToldIsReadWithNoRecord(t *testing.T) {
	d := atDesk(t)
	d.dead()
	id := recordAt(known("rivera"), "open-questions").ID
	doc, err := findRecord(t.Context(), d.store.db, idIs(id))
	require.NoError(t, err)
	assert.Nil(t, doc.Told)
	assert.NotNil(t, doc.Withdrawn)
}
