package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"

	"first5/app"
)

// keysMigration is the number of the migration that adds the keys of names.
const keysMigration = 5

// keysAtOnce is for how many people the keys are filled in at once, so that those
// of all of them need not fit into memory.
const keysAtOnce = 1000

const (
	namedAfterSQL = `SELECT learner, name, email, subject FROM people WHERE learner > ? ORDER BY learner LIMIT ?`

	keyPersonSQL = `UPDATE people SET name_key = ?, email_key = ? WHERE learner = ?`

	// Of somebody without a name, each record may have its own; see [app.Record.LearnerName].
	keyRecordsSQL = `UPDATE records SET name_key = ? WHERE learner = ?`
	keyRecordSQL  = `UPDATE records SET name_key = ? WHERE id = ?`

	completedNamesSQL = `SELECT id, completed_name FROM records WHERE learner = ? AND completed_name <> ''`
)

// fillKeys fills in the keys of names, as they are ordered and found by, which
// SQLite can't make by itself.
func fillKeys(ctx context.Context, tx *sql.Tx) error {
	last := ""
	for {
		people, err := namedAfter(ctx, tx, last)
		if err != nil {
			return fmt.Errorf("reading the names: %w", err)
		}
		for _, p := range people {
			err = fillKeysOf(ctx, tx, p)
			if err != nil {
				return fmt.Errorf("filling in the keys of a name: %w", err)
			}
		}
		if len(people) < keysAtOnce {
			return nil
		}
		last = string(people[len(people)-1].Learner)
	}
}

func namedAfter(ctx context.Context, tx *sql.Tx, last string) ([]app.Person, error) {
	rows, err := tx.QueryContext(ctx, namedAfterSQL, last, keysAtOnce)
	if err != nil {
		return nil, err
	}
	var people []app.Person
	err = each(rows, func(rows *sql.Rows) error {
		var p app.Person
		err := rows.Scan((*string)(&p.Learner), &p.Name, &p.Email, &p.Subject)
		people = append(people, p)
		return err
	})
	return people, err
}

func fillKeysOf(ctx context.Context, tx *sql.Tx, p app.Person) error {
	_, err := tx.ExecContext(ctx, keyPersonSQL, p.NameKey(), fold(p.Email), string(p.Learner))
	if err == nil {
		_, err = tx.ExecContext(ctx, keyRecordsSQL, p.NameKey(), string(p.Learner))
	}
	if err != nil || p.Name != "" {
		return err
	}
	rows, err := tx.QueryContext(ctx, completedNamesSQL, string(p.Learner))
	if err != nil {
		return err
	}
	names := map[string]string{}
	err = each(rows, func(rows *sql.Rows) error {
		var id, name string
		err := rows.Scan(&id, &name)
		names[id] = name
		return err
	})
	for id, name := range names {
		if err == nil {
			_, err = tx.ExecContext(ctx, keyRecordSQL, app.NameKey(name, p.Subject), id)
		}
	}
	return err
}
