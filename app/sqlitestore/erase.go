package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"first5/app"
)

const (
	erasePersonSQL = `UPDATE people SET issuer = '', subject = '', name = '', email = '', npi = '', roles = 'null',
			folded = '', name_key = '', email_key = '', erased_at = ?2
		WHERE learner = ?1`

	dropWorkbooksSQL = `DELETE FROM workbooks WHERE learner = ?`
	dropParkedSQL    = `DELETE FROM attempts WHERE learner = ? AND record IS NULL`
	dropAnswersSQL   = `UPDATE attempts SET answers = '{}' WHERE learner = ?`

	// The learners of these have left, and have no other name.
	forgetSQL = `UPDATE records SET completed_name = '', name_key = '', folded = '', forget_at = NULL,
			changed_at = max(changed_at, ?1)
		WHERE forget_at <= ?1`

	leftBeforeSQL = `SELECT json_array(learner, ` + personColumns + `) FROM people
		WHERE institution = ? AND signed_in_at < ? AND erased_at IS NULL
		ORDER BY signed_in_at, learner LIMIT ?`
)

// Erase implements [app.Store]. Who has come back holds up nobody's commit.
func (s *Store) Erase(ctx context.Context, e app.Erasure, told app.Event) error {
	const doing = "erasing a person"
	back := false
	err := s.write(ctx, doing, func(w *writes) error {
		row, err := w.person.first(string(e.Learner))
		if err != nil {
			return err
		}
		before, err := takePerson(&row, e.Learner)
		if err != nil || !before.ErasedAt.IsZero() {
			return err
		}
		back = !e.SignedInBefore.IsZero() && !before.SignedInAt.Before(e.SignedInBefore)
		if back {
			return nil
		}
		_, err = w.erasePerson.run(string(e.Learner), e.At.UnixMilli())
		if err != nil {
			return err
		}
		for _, drop := range []*statement{w.dropSessions, w.dropWorkbooks, w.dropParked, w.dropAnswers} {
			_, err = drop.run(string(e.Learner))
			if err != nil {
				return err
			}
		}
		err = eraseFromRecords(w, e)
		if err != nil {
			return err
		}
		return addEvents(w, told)
	})
	if err == nil && back {
		return fmt.Errorf("%s: %w: they have signed in since", doing, app.ErrConflict)
	}
	if err == nil {
		s.emptyJournal(ctx)
	}
	return err
}

// eraseFromRecords makes the learner's records a former learner's.
func eraseFromRecords(w *writes, e app.Erasure) error {
	rows, err := w.completions.all(string(e.Learner))
	if err != nil {
		return err
	}
	for _, row := range rows {
		r, err := takeNamed(&row)
		if err != nil {
			return err
		}
		forget, forgetAt := e.ForgetAt(app.Completion{At: r.at}), any(nil)
		switch {
		case !forget.After(e.At):
			r.name = ""
		case r.name != "":
			forgetAt = forget.UnixMilli()
		}
		_, err = w.eraseRecord.run(r.id, app.NameKey(r.name, ""), fold(r.name), r.name, forgetAt, e.At.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// Forget implements [app.Store]. An [Store.Erase] is done whole, and leaves nothing
// to finish.
func (s *Store) Forget(ctx context.Context, now time.Time) error {
	forgot := false
	err := s.write(ctx, "forgetting names", func(w *writes) error {
		var err error
		forgot, err = w.forget.run(now.UnixMilli())
		return err
	})
	if forgot && err == nil {
		s.emptyJournal(ctx)
	}
	return err
}

// emptyJournal carries what was written over into the database and empties the
// journal, which still has what was erased. Whoever reads an older state may hold
// that up: then a later one does it, or closing the database.
func (s *Store) emptyJournal(ctx context.Context) {
	err := s.begin("emptying the journal")
	if err != nil {
		return // closing does it
	}
	defer s.end()
	_, _ = s.journal.ExecContext(context.WithoutCancel(ctx), "PRAGMA wal_checkpoint(TRUNCATE)")
}

// LeftBefore implements [app.Store].
func (s *Store) LeftBefore(ctx context.Context, institution app.InstitutionID, before time.Time, limit int) ([]app.Person, error) {
	var people []app.Person
	err := s.readRows(ctx, "listing who has been away", s.read.leftBefore, func(rows *sql.Rows) error {
		p, err := scanPerson(rows)
		people = append(people, p)
		return err
	}, string(institution), before.UnixMilli(), limit)
	if err != nil {
		return nil, err
	}
	return people, nil
}

// scanPerson reads a row of the learner's id and [personColumns].
func scanPerson(rows *sql.Rows) (app.Person, error) {
	var row rowText
	err := rows.Scan(&row)
	if err != nil {
		return app.Person{}, err
	}
	return takePerson(&row, app.LearnerID(row.text()))
}
