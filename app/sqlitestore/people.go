package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"first5/app"
)

const (
	putPersonSQL = `INSERT INTO people
		(learner, institution, issuer, subject, name, email, npi, roles, signed_in_at, folded)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (learner) DO UPDATE SET
			institution = excluded.institution, issuer = excluded.issuer, subject = excluded.subject,
			name = excluded.name, email = excluded.email, npi = excluded.npi, roles = excluded.roles,
			signed_in_at = excluded.signed_in_at, folded = excluded.folded`

	addSessionSQL = `INSERT INTO sessions (hash, learner, created_at, seen_at) VALUES (?, ?, ?, ?)`

	touchSessionSQL = `UPDATE sessions SET seen_at = ? WHERE hash = ?`

	endSessionSQL = `DELETE FROM sessions WHERE hash = ?`

	// Two statements, since SQLite reads the whole table for one with an OR.
	endOldSQL  = `DELETE FROM sessions WHERE created_at < ?`
	endIdleSQL = `DELETE FROM sessions WHERE seen_at < ?`

	sessionSQL = `SELECT json_array(s.hash, s.learner, s.created_at, s.seen_at,
			p.institution, p.issuer, p.subject, p.name, p.email, p.npi, p.roles, p.signed_in_at)
		FROM sessions s JOIN people p ON p.learner = s.learner WHERE s.hash = ?`
)

// SignIn implements [app.Store].
func (s *Store) SignIn(ctx context.Context, p app.Person, session app.Session) error {
	const doing = "signing in"
	roles, err := toJSON(p.Roles)
	if err != nil {
		return failed(doing, err)
	}
	return s.write(ctx, doing, func(w *writes) error {
		_, err := w.putPerson.run(string(p.Learner), string(p.Institution), p.Issuer, p.Subject,
			p.Name, p.Email, p.NPI, roles, p.SignedInAt.UnixMilli(), fold(p.Name+"\n"+p.Email+"\n"+p.Subject))
		if err != nil {
			return err
		}
		_, err = w.addSession.run(string(session.Hash), string(session.Learner),
			session.CreatedAt.UnixMilli(), session.SeenAt.UnixMilli())
		return err
	})
}

// fold returns the text as it is searched: SQLite itself knows the case of
// ASCII letters alone.
func fold(text string) string { return strings.ToLower(text) }

// Session implements [app.Store].
func (s *Store) Session(ctx context.Context, hash app.SessionHash) (app.Session, app.Person, error) {
	const doing = "reading a session"
	var text rowText
	err := s.readRow(ctx, doing, s.read.session, func(row *sql.Row) error { return row.Scan(&text) }, string(hash))
	if err != nil {
		return app.Session{}, app.Person{}, err
	}
	session, p, err := decodeSession(&text)
	return session, p, failed(doing, err)
}

func decodeSession(row *rowText) (app.Session, app.Person, error) {
	s := app.Session{
		Hash:      app.SessionHash(row.text()),
		Learner:   app.LearnerID(row.text()),
		CreatedAt: row.time(),
		SeenAt:    row.time(),
	}
	p := app.Person{
		Learner: s.Learner,
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
	if roles != "null" { // the roles of nearly everyone
		err := json.Unmarshal([]byte(roles), &p.Roles)
		if err != nil {
			return app.Session{}, app.Person{}, fmt.Errorf("a person's roles: %w", err)
		}
	}
	return s, p, row.end()
}

// TouchSession implements [app.Store].
func (s *Store) TouchSession(ctx context.Context, hash app.SessionHash, seen time.Time) error {
	return s.write(ctx, "touching a session", func(w *writes) error {
		_, err := w.touchSession.run(seen.UnixMilli(), string(hash))
		return err
	})
}

// EndSession implements [app.Store].
func (s *Store) EndSession(ctx context.Context, hash app.SessionHash) error {
	return s.write(ctx, "ending a session", func(w *writes) error {
		_, err := w.endSession.run(string(hash))
		return err
	})
}

// EndSessionsBefore implements [app.Store].
func (s *Store) EndSessionsBefore(ctx context.Context, created, seen time.Time) error {
	return s.write(ctx, "ending old sessions", func(w *writes) error {
		_, err := w.endOld.run(created.UnixMilli())
		if err != nil {
			return err
		}
		_, err = w.endIdle.run(seen.UnixMilli())
		return err
	})
}
