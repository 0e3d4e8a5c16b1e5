package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"first5/app"
)

const (
	officeSQL = `SELECT revision, kept FROM offices WHERE institution = ?`

	addOfficeSQL = `INSERT INTO offices (institution, revision, kept) VALUES (?, ?, ?) ON CONFLICT (institution) DO NOTHING`

	replaceOfficeSQL = `UPDATE offices SET revision = ?2, kept = ?3 WHERE institution = ?1 AND revision = ?2 - 1`
)

// These stand as JSON in an office.
type (
	keptOffice struct {
		Assignments []keptAssignment
		Tokens      []keptToken
		Filters     []app.SavedFilter
	}
	keptAssignment struct {
		ID, Maker, Program, Module, By, Because string
		People                                  []string
		MadeAt, Due                             int64
	}
	keptToken struct {
		ID, Hash, Name, Maker string
		Scopes                []app.Scope
		MadeAt, ExpiresAt     int64
	}
)

// Office implements [app.Store].
func (s *Store) Office(ctx context.Context, institution app.InstitutionID) (app.Office, error) {
	o := app.Office{Institution: institution}
	err := s.readRow(ctx, "reading what managers keep", s.read.office, func(row *sql.Row) error {
		var kept keptOffice
		err := row.Scan(&o.Revision, asJSON{&kept})
		kept.put(&o)
		return err
	}, string(institution))
	if err != nil {
		return app.Office{}, err
	}
	return o, nil
}

// SaveOffice implements [app.Store]. That another one was saved before is no
// failure of the job; see [Store.SaveWorkbook].
func (s *Store) SaveOffice(ctx context.Context, o app.Office, told ...app.Event) error {
	const doing = "saving what managers keep"
	kept, err := toJSON(keep(o))
	if err != nil {
		return failed(doing, err)
	}
	saved := false
	err = s.write(ctx, doing, func(w *writes) error {
		put := w.replaceOffice
		if o.Revision == 1 {
			put = w.addOffice
		}
		var err error
		saved, err = put.run(string(o.Institution), o.Revision, kept)
		if err != nil || !saved {
			return err
		}
		return addEvents(w, told...)
	})
	if err == nil && !saved {
		return fmt.Errorf("%s: %w: number %d does not follow the one that is there", doing, app.ErrConflict, o.Revision)
	}
	return err
}

// keep returns the office as it is kept.
func keep(o app.Office) keptOffice {
	kept := keptOffice{Filters: o.Filters}
	for _, a := range o.Assignments {
		kept.Assignments = append(kept.Assignments, keptAssignment{
			ID: a.ID, Maker: string(a.Maker), Program: a.Program, Module: a.Module, By: a.By, Because: a.Because,
			People: a.People, MadeAt: a.MadeAt.UnixMilli(), Due: a.Due.UnixMilli(),
		})
	}
	for _, t := range o.Tokens {
		kept.Tokens = append(kept.Tokens, keptToken{
			ID: t.ID, Hash: string(t.Hash), Name: t.Name, Maker: string(t.Maker),
			Scopes: t.Scopes, MadeAt: t.MadeAt.UnixMilli(), ExpiresAt: t.ExpiresAt.UnixMilli(),
		})
	}
	return kept
}

// put puts what was kept into an office, with nil for an empty list.
func (k keptOffice) put(o *app.Office) {
	o.Filters = append(o.Filters, k.Filters...)
	for _, a := range k.Assignments {
		o.Assignments = append(o.Assignments, app.Assignment{
			ID: a.ID, Maker: app.LearnerID(a.Maker), Program: a.Program, Module: a.Module, By: a.By, Because: a.Because,
			People: append([]string(nil), a.People...), MadeAt: time.UnixMilli(a.MadeAt).UTC(), Due: time.UnixMilli(a.Due).UTC(),
		})
	}
	for _, t := range k.Tokens {
		o.Tokens = append(o.Tokens, app.AccessToken{
			ID: t.ID, Hash: app.TokenHash(t.Hash), Name: t.Name, Maker: app.LearnerID(t.Maker),
			Scopes: append([]app.Scope(nil), t.Scopes...), MadeAt: time.UnixMilli(t.MadeAt).UTC(), ExpiresAt: time.UnixMilli(t.ExpiresAt).UTC(),
		})
	}
}
