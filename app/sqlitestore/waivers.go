package sqlitestore

import (
	"context"
	"fmt"

	"first5/app"
)

const institutionSQL = `SELECT json_array(institution) FROM records WHERE id = ?`

// Complete implements [app.Store]. That the record is complete is no failure of
// the job: who waives what was just passed holds up nobody's commit.
func (s *Store) Complete(ctx context.Context, r app.Record, c app.Completion, told app.Event) (app.Record, error) {
	const doing = "completing a record"
	completed := false
	after, err := s.writeRecord(ctx, doing, r, func(w *writes) error {
		err := addRecord(w, r)
		if err == nil {
			err = isAt(w, r)
		}
		if err != nil {
			return err
		}
		completed, err = complete(w, r, c)
		if err != nil || !completed {
			return err
		}
		return addEvents(w, told)
	})
	if err == nil && !completed {
		return app.Record{}, fmt.Errorf("%s: %w: it has a completion", doing, app.ErrConflict)
	}
	return after, err
}

// isAt returns [app.ErrNotFound] if the record that is there is another
// institution's than r: that of somebody who was there before.
func isAt(w *writes, r app.Record) error {
	row, err := w.institution.first(string(r.ID))
	if err != nil {
		return err
	}
	at := app.InstitutionID(row.text())
	err = row.end()
	if err == nil && at != r.Institution {
		err = fmt.Errorf("%w: it is another institution's", app.ErrNotFound)
	}
	return err
}
