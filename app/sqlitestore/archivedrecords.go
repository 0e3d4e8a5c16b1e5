package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

const (
	recordItemsSQL = `SELECT json_array(id, institution, learner, program, module, title, edition, version, score, started_at,
			active_at, status, completed_at, completed_score, certificate, completed_name, completed_institution,
			completed_credit, completed_attempt, completed_reason, withdrawn_at, withdrawn_reason, changed_at, former, forget_at)
		FROM records ORDER BY id`

	// No index has them in this order, and one would cost every attempt that is
	// saved. So they are sorted, in a temporary file once they are many.
	attemptItemsSQL = `SELECT json_array(record, id, module, version, right, graded, at, answers)
		FROM attempts WHERE record IS NOT NULL
		ORDER BY record, at, id`

	// The keys stand in an index, without what is in the files.
	fileItemsSQL = `SELECT rowid FROM files
		ORDER BY kind || '/' || slug || printf('/%010d/%010d', number, position)`

	fileItemSQL = `SELECT kind, slug, number, position, name, data FROM files WHERE rowid = ?`
)

// recordItems reads the records and the attempts side by side, both in the order
// of the records.
func recordItems(ctx context.Context, tx *sql.Tx, yield func(archive.Item) error) error {
	attempts, err := newAttemptItems(ctx, tx)
	if err != nil {
		return err
	}
	defer attempts.rows.Close() // an error would be that of Err
	rows, err := tx.QueryContext(ctx, recordItemsSQL)
	if err != nil {
		return err
	}
	err = each(rows, func(rows *sql.Rows) error {
		r, err := scanRecordItem(rows)
		if err != nil {
			return err
		}
		r.Attempts, err = attempts.of(r.ID)
		if err != nil {
			return err
		}
		return yield(archive.Item{Record: r})
	})
	if err != nil {
		return err
	}
	return attempts.end()
}

func scanRecordItem(rows *sql.Rows) (*archive.Record, error) {
	var row rowText
	err := rows.Scan(&row)
	if err != nil {
		return nil, err
	}
	r := archive.Record{
		ID:          app.RecordID(row.text()),
		Institution: app.InstitutionID(row.text()),
		Learner:     app.LearnerID(row.text()),
		Program:     row.text(),
		Module:      row.text(),
		Title:       row.text(),
		Edition:     row.text(),
		Version:     row.whole(),
		Score:       row.percent(),
		StartedAt:   row.time(),
		ActiveAt:    row.time(),
	}
	r.Completion = (*archive.Completion)(takeCompletion(&row, r.Version, r.Title))
	r.Withdrawn = (*archive.Withdrawal)(takeWithdrawal(&row))
	r.ChangedAt = row.time()
	r.Former = row.whole() == 1
	forget, ever := row.number()
	if ever {
		r.ForgetAt = time.UnixMilli(forget).UTC()
	}
	return &r, row.end()
}

// attemptItems are all attempts, in the order of their records.
type attemptItems struct {
	rows   *sql.Rows
	record app.RecordID // of the next one
	next   *archive.Attempt
}

func newAttemptItems(ctx context.Context, tx *sql.Tx) (*attemptItems, error) {
	rows, err := tx.QueryContext(ctx, attemptItemsSQL)
	if err != nil {
		return nil, err
	}
	a := &attemptItems{rows: rows}
	err = a.advance()
	if err != nil {
		rows.Close() // the first error counts
		return nil, err
	}
	return a, nil
}

// of returns the attempts of a record that comes after all records asked for before.
func (a *attemptItems) of(record app.RecordID) ([]archive.Attempt, error) {
	all := []archive.Attempt{}
	for a.next != nil && a.record == record {
		all = append(all, *a.next)
		err := a.advance()
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}

// end makes sure that every attempt was of a record.
func (a *attemptItems) end() error {
	if a.next != nil {
		return fmt.Errorf("the database is damaged: it holds an attempt of the record %s, which is not there", a.record)
	}
	return nil
}

// advance reads the next attempt, or none after the last.
func (a *attemptItems) advance() error {
	a.next = nil
	if !a.rows.Next() {
		return a.rows.Err()
	}
	var row rowText
	err := a.rows.Scan(&row)
	if err != nil {
		return err
	}
	a.record = app.RecordID(row.text())
	next := archive.Attempt{
		ID: app.AttemptID(row.text()), Module: row.text(), Version: row.whole(),
		Right: row.whole(), Graded: row.whole(), At: row.time(),
	}
	text := row.text()
	err = row.end()
	if err != nil {
		return err
	}
	var answers content.Answers
	err = json.Unmarshal([]byte(text), &answers)
	if err != nil {
		return fmt.Errorf("an attempt's answers: %w", err)
	}
	next.Answers = archivedAnswers(answers)
	a.next = &next
	return nil
}

// fileItems finds out the order of all files first, and then reads one after the
// other: to sort what is in them would move all of it about.
func fileItems(ctx context.Context, tx *sql.Tx, yield func(archive.Item) error) error {
	one, err := tx.PrepareContext(ctx, fileItemSQL)
	if err != nil {
		return err
	}
	defer one.Close() // it was only read from
	rows, err := tx.QueryContext(ctx, fileItemsSQL)
	if err != nil {
		return err
	}
	return each(rows, func(rows *sql.Rows) error {
		var rowid int64
		err := rows.Scan(&rowid)
		if err != nil {
			return err
		}
		var f archive.File
		err = one.QueryRowContext(ctx, rowid).Scan((*string)(&f.Version.Kind), &f.Version.Slug, &f.Version.Number, &f.Position, &f.Name, &f.Data)
		if err != nil {
			return err
		}
		if f.Data == nil {
			f.Data = []byte{} // the driver knows no empty bytes
		}
		return yield(archive.Item{File: &f})
	})
}
