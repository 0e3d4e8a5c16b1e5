package sqlitestore

import (
	"context"
	"fmt"
	"time"

	"first5/app"
)

// Both say that they ask for a certificate that there is; see [certifiedSQL].
const (
	withdrawnSQL = `SELECT json_array(withdrawn_at) FROM records WHERE certificate = ? AND certificate <> ''`

	withdrawSQL = `UPDATE records SET withdrawn_at = ?1, withdrawn_reason = ?2, changed_at = max(changed_at, ?1)
		WHERE certificate = ?3 AND certificate <> ''`
)

// Withdraw implements [app.Store].
func (s *Store) Withdraw(ctx context.Context, id app.CertificateID, wd app.Withdrawal, told app.Event) error {
	return s.write(ctx, "withdrawing a certificate", func(w *writes) error {
		row, err := w.withdrawn.first(string(id))
		if err != nil {
			return err
		}
		_, before := row.number()
		err = row.end()
		if err != nil {
			return err
		}
		if before {
			return fmt.Errorf("%w: it was withdrawn before", app.ErrConflict)
		}
		_, err = w.withdraw.run(wd.At.UnixMilli(), wd.Reason, string(id))
		if err != nil {
			return err
		}
		return addEvents(w, told)
	})
}

// takeWithdrawal takes what a record's completion is followed by. It returns nil
// while the certificate holds.
func takeWithdrawal(row *rowText) *app.Withdrawal {
	at, withdrawn := row.number()
	w := app.Withdrawal{At: time.UnixMilli(at).UTC(), Reason: row.text()}
	if !withdrawn {
		return nil
	}
	return &w
}
