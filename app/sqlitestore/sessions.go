package sqlitestore

import (
	"context"
	"database/sql"
	"time"

	"first5/app"
)

// sessionColumns are those of a session without its hint, as [takeSession]
// takes them.
const sessionColumns = `hash, learner, created_at, seen_at, provider`

// endedColumn is a whole session in one column, as [takeEnded] takes it.
const endedColumn = `json_array(` + sessionColumns + `, logout_hint)`

const (
	addSessionSQL = `INSERT INTO sessions (hash, learner, created_at, seen_at, provider, logout_hint) VALUES (?, ?, ?, ?, ?, ?)`

	touchSessionSQL = `UPDATE sessions SET seen_at = ? WHERE hash = ?`

	endOfHashSQL = `DELETE FROM sessions
		WHERE hash = ?1 AND created_at <= ?2 AND (?3 = '' OR learner = ?3) AND (?4 = '' OR provider = ?4)
		RETURNING ` + endedColumn

	// Their indexes are named, since one by time would read on through all that
	// is older.
	endOfLearnerSQL = `DELETE FROM sessions INDEXED BY sessions_by_learner
		WHERE learner = ?1 AND created_at <= ?2 AND (?3 = '' OR provider = ?3)
		RETURNING ` + endedColumn
	endOfProviderSQL = `DELETE FROM sessions INDEXED BY sessions_by_provider
		WHERE provider = ? AND provider <> '' AND created_at <= ?
		RETURNING ` + endedColumn

	// Two statements, since SQLite reads the whole table for one with an OR.
	endOldSQL  = `DELETE FROM sessions WHERE created_at < ?`
	endIdleSQL = `DELETE FROM sessions WHERE seen_at < ?`

	sessionSQL = `SELECT json_array(` + sessionColumns + `, ` + personColumns + `)
		FROM sessions JOIN people USING (learner) WHERE hash = ?`

	sessionsSQL = `SELECT json_array(` + sessionColumns + `) FROM sessions WHERE learner = ? ORDER BY seen_at DESC, hash`
)

func addSession(w *writes, s app.Session) error {
	_, err := w.addSession.run(string(s.Hash), string(s.Learner), s.CreatedAt.UnixMilli(), s.SeenAt.UnixMilli(),
		string(s.Provider), s.LogoutHint)
	return err
}

// takeSession takes [sessionColumns].
func takeSession(row *rowText) app.Session {
	return app.Session{
		Hash:      app.SessionHash(row.text()),
		Learner:   app.LearnerID(row.text()),
		CreatedAt: row.time(),
		SeenAt:    row.time(),
		Provider:  app.ProviderSession(row.text()),
	}
}

// Session implements [app.Store].
func (s *Store) Session(ctx context.Context, hash app.SessionHash) (app.Session, app.Person, error) {
	const doing = "reading a session"
	var row rowText
	err := s.readRow(ctx, doing, s.read.session, func(r *sql.Row) error { return r.Scan(&row) }, string(hash))
	if err != nil {
		return app.Session{}, app.Person{}, err
	}
	session := takeSession(&row)
	p, err := takePerson(&row, session.Learner)
	if err != nil {
		return app.Session{}, app.Person{}, failed(doing, err)
	}
	return session, p, nil
}

// Sessions implements [app.Store].
func (s *Store) Sessions(ctx context.Context, learner app.LearnerID) ([]app.Session, error) {
	var sessions []app.Session
	err := s.readRows(ctx, "listing sessions", s.read.sessions, func(rows *sql.Rows) error {
		var row rowText
		err := rows.Scan(&row)
		if err != nil {
			return err
		}
		sessions = append(sessions, takeSession(&row))
		return row.end()
	}, string(learner))
	if err != nil {
		return nil, err
	}
	return sessions, nil
}

// TouchSession implements [app.Store].
func (s *Store) TouchSession(ctx context.Context, hash app.SessionHash, seen time.Time) error {
	return s.write(ctx, "touching a session", func(w *writes) error {
		_, err := w.touchSession.run(seen.UnixMilli(), string(hash))
		return err
	})
}

// Sweep implements [app.Store].
func (s *Store) Sweep(ctx context.Context, created, seen, now time.Time) error {
	return s.write(ctx, "removing what has ended", func(w *writes) error {
		_, err := w.endOld.run(created.UnixMilli())
		if err != nil {
			return err
		}
		_, err = w.endIdle.run(seen.UnixMilli())
		if err != nil {
			return err
		}
		_, err = w.forgetOnce.run(now.UnixMilli())
		return err
	})
}
