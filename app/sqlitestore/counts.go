package sqlitestore

import (
	"context"
	"database/sql"
	"time"

	"first5/app"
)

// countsSQL begins with the number of people, if there is anybody. No record has
// the status of its row.
const countsSQL = `SELECT json_array('', '', '', '', 0, 0, people) FROM heads WHERE institution = ?1
	UNION ALL
	SELECT json_array(program, module, edition, status, week, former, records) FROM tallies WHERE institution = ?1`

// Counts implements [app.Store].
func (s *Store) Counts(ctx context.Context, institution app.InstitutionID) (app.Counts, error) {
	var counts app.Counts
	err := s.readRows(ctx, "counting people and records", s.read.counts, func(rows *sql.Rows) error {
		var row rowText
		err := rows.Scan(&row)
		if err != nil {
			return err
		}
		t := app.Tally{Program: row.text(), Module: row.text(), Edition: row.text(), Status: app.Status(row.text())}
		week := row.whole()
		if week != 0 {
			t.Week = time.UnixMilli(int64(week)).UTC()
		}
		t.Former = row.whole() == 1
		t.Records = row.whole()
		if t.Status == "" {
			counts.People = t.Records
		} else {
			counts.Records = append(counts.Records, t)
		}
		return row.end()
	}, string(institution))
	if err != nil {
		return app.Counts{}, err
	}
	return counts, nil
}
