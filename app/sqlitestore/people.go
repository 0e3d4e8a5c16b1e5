package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"first5/app"
)

// personColumns are those of a person beside the learner's id, as [takePerson]
// takes them.
const personColumns = `institution, issuer, subject, name, email, npi, roles, signed_in_at, erased_at`

const (
	personSQL = `SELECT json_array(` + personColumns + `) FROM people WHERE learner = ?`

	putPersonSQL = `INSERT INTO people
		(learner, institution, issuer, subject, name, email, npi, roles, signed_in_at, erased_at, folded, name_key, email_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (learner) DO UPDATE SET
			institution = excluded.institution, issuer = excluded.issuer, subject = excluded.subject,
			name = excluded.name, email = excluded.email, npi = excluded.npi, roles = excluded.roles,
			signed_in_at = excluded.signed_in_at, erased_at = excluded.erased_at,
			folded = excluded.folded, name_key = excluded.name_key, email_key = excluded.email_key`
)

// personRow returns what [putPersonSQL] takes. Of who was erased there is nothing
// to find them by.
func personRow(p app.Person) ([]any, error) {
	roles, err := toJSON(p.Roles)
	if err != nil {
		return nil, err
	}
	folded, erased := "", any(nil)
	if p.ErasedAt.IsZero() {
		folded = fold(p.Name + "\n" + p.Email + "\n" + p.Subject)
	} else {
		erased = p.ErasedAt.UnixMilli()
	}
	return []any{string(p.Learner), string(p.Institution), p.Issuer, p.Subject, p.Name, p.Email, p.NPI, roles,
		p.SignedInAt.UnixMilli(), erased, folded, p.NameKey(), fold(p.Email)}, nil
}

// SignIn implements [app.Store].
func (s *Store) SignIn(ctx context.Context, p app.Person, session app.Session, note func(before app.Person) []app.Event) error {
	const doing = "signing in"
	p.ErasedAt = time.Time{}
	row, err := personRow(p)
	if err != nil {
		return failed(doing, err)
	}
	return s.write(ctx, doing, func(w *writes) error {
		before, err := personBefore(w, p.Learner)
		if err != nil {
			return err
		}
		_, err = w.putPerson.run(row...)
		if err == nil {
			err = callRecords(w, before, p)
		}
		if err != nil {
			return err
		}
		err = addSession(w, session)
		if err != nil {
			return err
		}
		return addEvents(w, note(before)...)
	})
}

// personBefore returns what is known of the learner, or the zero person.
func personBefore(w *writes, learner app.LearnerID) (app.Person, error) {
	row, err := w.person.first(string(learner))
	if errors.Is(err, sql.ErrNoRows) {
		return app.Person{}, nil
	}
	if err != nil {
		return app.Person{}, err
	}
	return takePerson(&row, learner)
}

// fold returns the text as it is searched: SQLite itself knows the case of
// ASCII letters alone.
func fold(text string) string { return strings.ToLower(text) }

// takePerson takes [personColumns], which end a row.
func takePerson(row *rowText, learner app.LearnerID) (app.Person, error) {
	p := app.Person{
		Learner: learner,
		Identity: app.Identity{
			Institution: app.InstitutionID(row.text()),
			Issuer:      row.text(),
			Subject:     row.text(),
			Name:        row.text(),
			Email:       row.text(),
			NPI:         row.text(),
		},
	}
	roles := row.text()
	p.SignedInAt = row.time()
	erased, left := row.number()
	if left {
		p.ErasedAt = time.UnixMilli(erased).UTC()
	}
	err := row.end()
	if err != nil {
		return app.Person{}, err
	}
	if roles != "null" { // the roles of nearly everyone
		err = json.Unmarshal([]byte(roles), &p.Roles)
		if err != nil {
			return app.Person{}, fmt.Errorf("a person's roles: %w", err)
		}
	}
	return p, nil
}

// Person implements [app.Store].
func (s *Store) Person(ctx context.Context, learner app.LearnerID) (app.Person, error) {
	const doing = "reading a person"
	var row rowText
	err := s.readRow(ctx, doing, s.read.person, func(r *sql.Row) error { return r.Scan(&row) }, string(learner))
	if err != nil {
		return app.Person{}, err
	}
	p, err := takePerson(&row, learner)
	return p, failed(doing, err)
}
