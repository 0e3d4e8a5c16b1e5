package sqlitestore

import (
	"context"
	"database/sql"

	"first5/app"
)

const (
	// Whether the learner ?1 was erased.
	isErasedSQL = `EXISTS (SELECT 1 FROM people WHERE learner = ?1 AND erased_at IS NOT NULL)`

	// Adds an attempt, or makes one of the answers that wait under its id.
	// It changes nothing if the learner has an attempt of that id. Of somebody who was
	// erased, no answers are kept.
	addAttemptSQL = `INSERT INTO attempts (learner, id, record, module, version, answers, right, graded, at)
		VALUES (?1, ?2, ?3, ?4, ?5, CASE WHEN ` + isErasedSQL + ` THEN '{}' ELSE ?6 END, ?7, ?8, ?9)
		ON CONFLICT (learner, id) DO UPDATE SET
			record = excluded.record, module = excluded.module, version = excluded.version,
			answers = excluded.answers, right = excluded.right, graded = excluded.graded, at = excluded.at
		WHERE record IS NULL`

	// What every attempt changes, apart from what few do: SQLite writes each index
	// that has a column which a statement sets, also to what it was.
	countAttemptSQL = `UPDATE records SET attempts = attempts + 1, active_at = max(active_at, ?1), changed_at = max(changed_at, ?2)
		WHERE id = ?3`
	raiseScoreSQL = `UPDATE records SET score = ?1, score_key = ?1 WHERE id = ?2 AND score_key < ?1`

	attemptSQL = `SELECT learner, id, record, module, version, answers, right, graded, at FROM attempts
		WHERE learner = ? AND id = ? AND record IS NOT NULL`

	learnerAttemptsSQL = `SELECT learner, id, record, module, version, answers, right, graded, at FROM attempts
		WHERE learner = ? AND record IS NOT NULL
		ORDER BY at, id`

	parkSQL = `INSERT INTO attempts (learner, id, module, version, answers, right, graded, at, quiz)
		SELECT ?1, ?2, ?3, ?4, ?5, 0, 0, ?6, ?7 WHERE NOT ` + isErasedSQL + `
		ON CONFLICT (learner, id) DO NOTHING`

	parkedBySQL = `SELECT learner, id, module, version, answers, at, quiz FROM attempts
		WHERE learner = ? AND record IS NULL
		ORDER BY at, id`
)

// SaveAttempt implements [app.Store].
func (s *Store) SaveAttempt(ctx context.Context, r app.Record, a app.Attempt) (app.Record, error) {
	const doing = "saving an attempt"
	answers, err := toJSON(a.Answers)
	if err != nil {
		return app.Record{}, failed(doing, err)
	}
	return s.writeRecord(ctx, doing, r, func(w *writes) error {
		added, err := w.addAttempt.run(string(a.Learner), string(a.ID), string(a.Record),
			a.Module, a.Version, answers, a.Grade.Right, a.Grade.Graded, a.At.UnixMilli())
		if err != nil || !added {
			return err
		}
		err = count(w, r, a)
		if err != nil || a.Completion == nil {
			return err
		}
		_, err = complete(w, r, *a.Completion)
		return err
	})
}

// count counts an attempt in its record. The record is nearly always there, so
// that is tried first.
func count(w *writes, r app.Record, a app.Attempt) error {
	counted, err := countOnce(w, r, a)
	if err != nil || counted {
		return err
	}
	err = addRecord(w, r)
	if err != nil {
		return err
	}
	_, err = countOnce(w, r, a)
	return err
}

// countOnce counts an attempt, and returns false if its record is not there.
func countOnce(w *writes, r app.Record, a app.Attempt) (bool, error) {
	counted, err := w.countAttempt.run(a.At.UnixMilli(), r.ChangedAt.UnixMilli(), string(r.ID))
	if err != nil || !counted || a.Grade.Graded == 0 {
		return counted, err
	}
	_, err = w.raiseScore.run(int64(a.Grade.Score()), string(r.ID))
	return counted, err
}

// Attempt implements [app.Store].
func (s *Store) Attempt(ctx context.Context, learner app.LearnerID, id app.AttemptID) (app.Attempt, error) {
	var a app.Attempt
	err := s.readRow(ctx, "reading an attempt", s.read.attempt, func(row *sql.Row) error {
		var err error
		a, err = scanAttempt(row)
		return err
	}, string(learner), string(id))
	return a, err
}

// LearnerAttempts implements [app.Store].
func (s *Store) LearnerAttempts(ctx context.Context, learner app.LearnerID) ([]app.Attempt, error) {
	var attempts []app.Attempt
	err := s.readRows(ctx, "reading a learner's attempts", s.read.learnerAttempts, func(rows *sql.Rows) error {
		a, err := scanAttempt(rows)
		attempts = append(attempts, a)
		return err
	}, string(learner))
	if err != nil {
		return nil, err
	}
	return attempts, nil
}

func scanAttempt(row interface{ Scan(dest ...any) error }) (app.Attempt, error) {
	var a app.Attempt
	err := row.Scan((*string)(&a.Learner), (*string)(&a.ID), (*string)(&a.Record), &a.Module, &a.Version,
		asJSON{&a.Answers}, &a.Grade.Right, &a.Grade.Graded, asTime{&a.At})
	return a, err
}

// Park implements [app.Store].
func (s *Store) Park(ctx context.Context, p app.Parked) error {
	const doing = "parking answers"
	answers, err := toJSON(p.Answers)
	if err != nil {
		return failed(doing, err)
	}
	return s.write(ctx, doing, func(w *writes) error {
		_, err := w.park.run(string(p.Learner), string(p.ID), p.Module, p.Version, answers, p.At.UnixMilli(), p.Quiz)
		return err
	})
}

// ParkedBy implements [app.Store].
func (s *Store) ParkedBy(ctx context.Context, learner app.LearnerID) ([]app.Parked, error) {
	var parked []app.Parked
	err := s.readRows(ctx, "reading parked answers", s.read.parkedBy, func(rows *sql.Rows) error {
		var p app.Parked
		err := rows.Scan((*string)(&p.Learner), (*string)(&p.ID), &p.Module, &p.Version, asJSON{&p.Answers}, asTime{&p.At}, &p.Quiz)
		parked = append(parked, p)
		return err
	}, string(learner))
	if err != nil {
		return nil, err
	}
	return parked, nil
}
