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
	r.withdrawn_at, r.withdrawn_reason)`

const (
	addRecordSQL = `INSERT INTO records (id, institution, learner, program, module, title, edition, version,
			attempts, started_at, active_at, status)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, 'in_progress')
		ON CONFLICT (id) DO NOTHING`

	completeSQL = `UPDATE records SET version = ?, title = ?, status = ?, completed_at = ?, completed_score = ?,
			certificate = ?, completed_name = ?, completed_institution = ?, completed_credit = ?
		WHERE id = ? AND status = 'in_progress'`

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
	started := r.StartedAt.UnixMilli()
	_, err := w.addRecord.run(string(r.ID), string(r.Institution), string(r.Learner),
		r.Program, r.Module, r.Title, r.Edition, r.Version, started, started)
	return err
}

// complete gives the record the completion, unless it has one.
func complete(w *writes, id app.RecordID, c app.Completion) error {
	_, err := w.complete.run(c.Version, c.Title, string(c.Status), c.At.UnixMilli(), orNull(c.Score),
		string(c.Certificate), c.Name, c.Institution, c.Credit, string(id))
	return err
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
	return r, row.end()
}

// takeCompletion takes the columns of a record's completion, which has the record's version and title. It returns nil while there is none.
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
	}
	if c.Status == app.InProgress {
		return nil
	}
	return &c
}
