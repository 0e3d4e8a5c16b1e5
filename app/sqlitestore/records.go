package sqlitestore

import (
	"context"
	"database/sql"

	"first5/app"
)

// recordColumn is a whole record in one column, as [decodeRecord] takes it apart.
const recordColumn = `json_array(r.id, r.institution, r.learner, p.subject, p.name, p.email, p.npi,
	r.program, r.module, r.title, r.edition, r.version, r.attempts, r.score, r.started_at, r.active_at,
	r.status, r.completed_at, r.completed_score, r.certificate, r.completed_name, r.completed_institution, r.completed_credit,
	r.completed_attempt, r.completed_reason, r.withdrawn_at, r.withdrawn_reason, r.changed_at, r.former)`

const (
	// The name is that of the person, and not what whoever begins the record knew, who
	// may not know either that they have left.
	addRecordSQL = `INSERT INTO records (id, institution, learner, program, module, title, edition, version,
			attempts, started_at, active_at, changed_at, status, name_key, former)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, ?9, ?9, ?10, 'in_progress',
			coalesce((SELECT name_key FROM people WHERE learner = ?3), ''),
			coalesce((SELECT erased_at IS NOT NULL OR institution <> ?2 FROM people WHERE learner = ?3), 0))
		ON CONFLICT (id) DO NOTHING`

	// Of somebody without a name, the record is ordered by the name in the completion;
	// of somebody who was erased, it is found by it.
	completeSQL = `UPDATE records SET version = ?2, title = ?3, status = ?4, completed_at = ?5, done_at = ?5, completed_score = ?6,
			certificate = ?7, completed_name = ?8, completed_institution = ?9, completed_credit = ?10,
			completed_attempt = ?11, completed_reason = ?12, changed_at = max(changed_at, ?13),
			name_key = CASE WHEN ?8 <> '' AND (SELECT name FROM people WHERE learner = records.learner) = '' THEN ?14 ELSE name_key END,
			folded = CASE WHEN former AND ` + erasedSQL + ` THEN ?15 ELSE '' END,
			forget_at = CASE WHEN former AND ?8 <> '' AND ` + erasedSQL + ` THEN ?16 END
		WHERE id = ?1 AND status = 'in_progress'`

	erasedSQL = `(SELECT erased_at IS NOT NULL FROM people WHERE learner = records.learner)`

	recordSQL = `SELECT ` + recordColumn + `
		FROM records r JOIN people p ON p.learner = r.learner WHERE r.id = ?`

	learnerRecordsSQL = `SELECT ` + recordColumn + `
		FROM records r JOIN people p ON p.learner = r.learner WHERE r.learner = ?
		ORDER BY r.active_at DESC, r.id DESC`

	// The index is for the certificates that there are, and is used only where
	// the query says that it asks for one of those.
	certifiedSQL = `SELECT ` + recordColumn + `
		FROM records r JOIN people p ON p.learner = r.learner WHERE r.certificate = ? AND r.certificate <> ''`
)

// Begin implements [app.Store].
func (s *Store) Begin(ctx context.Context, r app.Record) (app.Record, error) {
	return s.writeRecord(ctx, "beginning a record", r, func(w *writes) error {
		return addRecord(w, r)
	})
}

// writeRecord runs a job and returns the record as the job leaves it. What the
// writer reads is taken apart here, by the caller's goroutine: everyone waits
// for the writer's.
func (s *Store) writeRecord(ctx context.Context, doing string, r app.Record, run func(*writes) error) (app.Record, error) {
	var after rowText
	err := s.write(ctx, doing, func(w *writes) error {
		err := run(w)
		if err != nil {
			return err
		}
		after, err = w.record.first(string(r.ID))
		return err
	})
	if err != nil {
		return app.Record{}, err
	}
	got, err := decodeRecord(&after)
	return got, failed(doing, err)
}

// addRecord begins the record, unless it is there.
func addRecord(w *writes, r app.Record) error {
	_, err := w.addRecord.run(string(r.ID), string(r.Institution), string(r.Learner),
		r.Program, r.Module, r.Title, r.Edition, r.Version, r.StartedAt.UnixMilli(), r.ChangedAt.UnixMilli())
	return err
}

// complete gives the record the completion, at the time of its change, and returns
// false if it has one.
func complete(w *writes, r app.Record, c app.Completion) (bool, error) {
	forget := app.Erasure{}.ForgetAt(c)
	return w.complete.run(string(r.ID), c.Version, c.Title, string(c.Status), c.At.UnixMilli(), orNull(c.Score),
		string(c.Certificate), c.Name, c.Institution, c.Credit,
		string(c.Attempt), c.Reason, r.ChangedAt.UnixMilli(),
		app.NameKey(c.Name, ""), fold(c.Name), forget.UnixMilli())
}

// Record implements [app.Store].
func (s *Store) Record(ctx context.Context, id app.RecordID) (app.Record, error) {
	return s.readRecord(ctx, "reading a record", s.read.record, string(id))
}

// CertifiedRecord implements [app.Store].
func (s *Store) CertifiedRecord(ctx context.Context, id app.CertificateID) (app.Record, error) {
	return s.readRecord(ctx, "reading a certified record", s.read.certified, string(id))
}

func (s *Store) readRecord(ctx context.Context, doing string, q *sql.Stmt, id string) (app.Record, error) {
	var r app.Record
	err := s.readRow(ctx, doing, q, func(row *sql.Row) error {
		var err error
		r, err = scanRecord(row)
		return err
	}, id)
	return r, err
}

// LearnerRecords implements [app.Store].
func (s *Store) LearnerRecords(ctx context.Context, learner app.LearnerID) ([]app.Record, error) {
	var records []app.Record
	err := s.readRows(ctx, "reading a learner's records", s.read.learnerRecords, func(rows *sql.Rows) error {
		r, err := scanRecord(rows)
		records = append(records, r)
		return err
	}, string(learner))
	if err != nil {
		return nil, err
	}
	return records, nil
}

// scanRecord reads a row of [recordColumn].
func scanRecord(row interface{ Scan(dest ...any) error }) (app.Record, error) {
	var text rowText
	err := row.Scan(&text)
	if err != nil {
		return app.Record{}, err
	}
	return decodeRecord(&text)
}

func decodeRecord(row *rowText) (app.Record, error) {
	r := app.Record{
		ID:          app.RecordID(row.text()),
		Institution: app.InstitutionID(row.text()),
		Learner:     app.LearnerID(row.text()),
		Subject:     row.text(),
		Name:        row.text(),
		Email:       row.text(),
		NPI:         row.text(),
		Program:     row.text(),
		Module:      row.text(),
		Title:       row.text(),
		Edition:     row.text(),
		Version:     row.whole(),
		Attempts:    row.whole(),
		Score:       row.percent(),
		StartedAt:   row.time(),
		ActiveAt:    row.time(),
	}
	r.Completion = takeCompletion(row, r.Version, r.Title)
	r.Withdrawn = takeWithdrawal(row)
	r.ChangedAt = row.time()
	r.Former = row.whole() == 1
	return r, row.end()
}

// takeCompletion takes the columns of a record's completion, which has the record's
// version and title. It returns nil while there is none.
func takeCompletion(row *rowText, version int, title string) *app.Completion {
	c := app.Completion{
		Status:      app.Status(row.text()),
		At:          row.time(),
		Version:     version,
		Score:       row.percent(),
		Certificate: app.CertificateID(row.text()),
		Name:        row.text(),
		Title:       title,
		Institution: row.text(),
		Credit:      row.text(),
		Attempt:     app.AttemptID(row.text()),
		Reason:      row.text(),
	}
	if c.Status == app.InProgress {
		return nil
	}
	return &c
}
