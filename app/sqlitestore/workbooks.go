package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"first5/app"
)

// workbookColumns are those of a workbook, as [workbookRow] gives them and
// [scanWorkbook] takes them.
const workbookColumns = `record, learner, module, edition, title, revision, card, card_at, read, reflections, commitments`

const (
	addWorkbookSQL = `INSERT INTO workbooks (` + workbookColumns + `) SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11
		WHERE NOT EXISTS (SELECT 1 FROM people WHERE learner = ?2 AND erased_at IS NOT NULL)
		ON CONFLICT (record) DO NOTHING`

	replaceWorkbookSQL = `UPDATE workbooks SET module = ?3, edition = ?4, title = ?5, revision = ?6,
			card = ?7, card_at = ?8, read = ?9, reflections = ?10, commitments = ?11
		WHERE record = ?1 AND learner = ?2 AND revision = ?6 - 1`

	workbookSQL = `SELECT ` + workbookColumns + ` FROM workbooks WHERE record = ? AND learner = ?`

	workbooksSQL = `SELECT ` + workbookColumns + ` FROM workbooks WHERE learner = ? ORDER BY record`
)

// SaveWorkbook implements [app.Store]. That another one was saved before is no
// failure of the job: a learner with two windows open holds up nobody's commit.
func (s *Store) SaveWorkbook(ctx context.Context, b app.Workbook) error {
	const doing = "saving a workbook"
	row, err := workbookRow(b)
	if err != nil {
		return failed(doing, err)
	}
	saved := false
	err = s.write(ctx, doing, func(w *writes) error {
		put := w.replaceWorkbook
		if b.Revision == 1 {
			put = w.addWorkbook
		}
		var err error
		saved, err = put.run(row...)
		if err != nil || saved {
			return err
		}
		who, err := personBefore(w, b.Learner)
		saved = !who.ErasedAt.IsZero() // as good as: nothing of theirs is kept
		return err
	})
	if err == nil && !saved {
		return fmt.Errorf("%s: %w: number %d does not follow the one that is there", doing, app.ErrConflict, b.Revision)
	}
	return err
}

// Workbook implements [app.Store].
func (s *Store) Workbook(ctx context.Context, learner app.LearnerID, record app.RecordID) (app.Workbook, error) {
	var w app.Workbook
	err := s.readRow(ctx, "reading a workbook", s.read.workbook, func(row *sql.Row) error {
		var err error
		w, err = scanWorkbook(row)
		return err
	}, string(record), string(learner))
	return w, err
}

// Workbooks implements [app.Store].
func (s *Store) Workbooks(ctx context.Context, learner app.LearnerID) ([]app.Workbook, error) {
	var workbooks []app.Workbook
	err := s.readRows(ctx, "reading a learner's workbooks", s.read.workbooks, func(rows *sql.Rows) error {
		w, err := scanWorkbook(rows)
		workbooks = append(workbooks, w)
		return err
	}, string(learner))
	if err != nil {
		return nil, err
	}
	return workbooks, nil
}

// These stand as JSON in a workbook's lists.
type (
	reflection struct {
		ID, Prompt, Text string
		At               int64
	}
	commitment struct {
		Text       string
		At, DoneAt int64
	}
)

// workbookRow returns the [workbookColumns].
func workbookRow(w app.Workbook) ([]any, error) {
	reflections, commitments := []reflection{}, []commitment{}
	for _, r := range w.Reflections {
		reflections = append(reflections, reflection{r.ID, r.Prompt, r.Text, r.At.UnixMilli()})
	}
	for _, c := range w.Commitments {
		commitments = append(commitments, commitment{c.Text, c.At.UnixMilli(), c.DoneAt.UnixMilli()})
	}
	written, err := toJSON(reflections)
	if err != nil {
		return nil, err
	}
	chosen, err := toJSON(commitments)
	if err != nil {
		return nil, err
	}
	return []any{string(w.Record), string(w.Learner), w.Module, w.Edition, w.Title, w.Revision,
		w.Card, w.CardAt.UnixMilli(), w.Read, written, chosen}, nil
}

// scanWorkbook reads a row of [workbookColumns].
func scanWorkbook(row interface{ Scan(dest ...any) error }) (app.Workbook, error) {
	var w app.Workbook
	var written []reflection
	var chosen []commitment
	err := row.Scan((*string)(&w.Record), (*string)(&w.Learner), &w.Module, &w.Edition, &w.Title, &w.Revision,
		&w.Card, asTime{&w.CardAt}, &w.Read, asJSON{&written}, asJSON{&chosen})
	if err != nil {
		return app.Workbook{}, err
	}
	for _, r := range written {
		w.Reflections = append(w.Reflections, app.Reflection{ID: r.ID, Prompt: r.Prompt, Text: r.Text, At: time.UnixMilli(r.At).UTC()})
	}
	for _, c := range chosen {
		w.Commitments = append(w.Commitments, app.Commitment{Text: c.Text, At: time.UnixMilli(c.At).UTC(), DoneAt: time.UnixMilli(c.DoneAt).UTC()})
	}
	return w, nil
}
