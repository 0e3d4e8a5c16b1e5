package sqlitestore

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"first5/app"
)

// eventColumn is a whole event in one column, as [scanEvent] takes it apart.
const eventColumn = `json_array(e.id, e.at, e.kind, e.institution, e.learner, e.details,
	coalesce(p.subject, ''), coalesce(p.name, ''))`

const addEventSQL = `INSERT INTO events (id, at, kind, institution, learner, details) VALUES (?, ?, ?, ?, ?, ?)
	ON CONFLICT (id) DO NOTHING`

// noDetails is what stands in the database of an event without details.
const noDetails = "{}"

// AddEvent implements [app.Store].
func (s *Store) AddEvent(ctx context.Context, e app.Event) error {
	return s.write(ctx, "adding an event", func(w *writes) error { return addEvents(w, e) })
}

// addEvents adds each of the events, unless there is one with its id.
func addEvents(w *writes, events ...app.Event) error {
	for _, e := range events {
		details := noDetails
		if len(e.Details) > 0 {
			var err error
			details, err = toJSON(e.Details)
			if err != nil {
				return err
			}
		}
		_, err := w.addEvent.run(string(e.ID), e.At.UnixMilli(), string(e.Kind), string(e.Institution), string(e.Learner), details)
		if err != nil {
			return err
		}
	}
	return nil
}

// trail returns the query of a part of the audit trail, the latest event first.
// Its index is named for the same reason as that of a [listing].
func trail(f app.EventFilter, after app.EventCursor, limit int) (query string, args []any) {
	var c conditions
	if f.Institution != "" {
		c.and("e.institution = ?", string(f.Institution))
	}
	if f.Kind != "" {
		c.and("e.kind = ?", string(f.Kind))
	}
	if f.Learner != "" {
		c.and("e.learner = ?", string(f.Learner))
	}
	if !f.From.IsZero() {
		c.and("e.at >= ?", f.From.UnixMilli())
	}
	at, id := trailFrom(f, after)
	c.and("(e.at, e.id) < (?, ?)", at, id)
	query = "SELECT " + eventColumn + " FROM events e INDEXED BY " + trailIndex(f) +
		" LEFT JOIN people p ON p.learner = e.learner" +
		" WHERE " + strings.Join(c.where, " AND ") + " ORDER BY e.at DESC, e.id DESC LIMIT ?"
	return query, append(c.args, limit)
}

// trailFrom returns the place before which the events lie that the filter
// chooses after the cursor: the earlier one of the two ends.
func trailFrom(f app.EventFilter, after app.EventCursor) (at int64, id string) {
	at = math.MaxInt64
	if !f.To.IsZero() {
		at = f.To.UnixMilli()
	}
	if after != (app.EventCursor{}) && after.At.UnixMilli() < at {
		return after.At.UnixMilli(), string(after.ID)
	}
	return at, "" // no id comes before this one
}

func trailIndex(f app.EventFilter) string {
	switch {
	case f.Learner != "":
		return "events_by_learner"
	case f.Institution != "" && f.Kind != "":
		return "events_by_institution_and_kind"
	case f.Institution != "":
		return "events_by_institution"
	case f.Kind != "":
		return "events_by_kind"
	}
	return "events_by_time"
}

// Events implements [app.Store].
func (s *Store) Events(ctx context.Context, f app.EventFilter, after app.EventCursor, limit int) ([]app.Event, error) {
	const doing = "listing events"
	err := s.begin(doing)
	if err != nil {
		return nil, err
	}
	defer s.end()
	events, err := readEvents(ctx, s.lists, f, after, limit)
	return events, failed(doing, err)
}

func readEvents(ctx context.Context, from *sql.DB, f app.EventFilter, after app.EventCursor, limit int) ([]app.Event, error) {
	query, args := trail(f, after, limit)
	rows, err := from.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	var events []app.Event
	err = each(rows, func(rows *sql.Rows) error {
		e, err := scanEvent(rows)
		events = append(events, e)
		return err
	})
	if err != nil {
		return nil, err
	}
	return events, nil
}

// scanEvent reads a row of [eventColumn].
func scanEvent(rows *sql.Rows) (app.Event, error) {
	var row rowText
	err := rows.Scan(&row)
	if err != nil {
		return app.Event{}, err
	}
	e := app.Event{
		ID:          app.EventID(row.text()),
		At:          row.time(),
		Kind:        app.EventKind(row.text()),
		Institution: app.InstitutionID(row.text()),
		Learner:     app.LearnerID(row.text()),
	}
	details := row.text()
	e.Subject, e.Name = row.text(), row.text()
	err = row.end()
	if err != nil {
		return app.Event{}, err
	}
	if details != noDetails {
		err = json.Unmarshal([]byte(details), &e.Details)
		if err != nil {
			return app.Event{}, fmt.Errorf("an event's details: %w", err)
		}
	}
	return e, nil
}
