package sqlitestore

import (
	"context"
	"database/sql"
	"fmt"

	"first5/app"
	"first5/content"
)

const (
	lastNumberSQL = `SELECT json_array(coalesce(max(number), 0)) FROM publications`

	addPublicationSQL = `INSERT INTO publications (number, at, origin, current) VALUES (?, ?, ?, ?)`

	addVersionSQL = `INSERT INTO versions (kind, slug, number, program, hash, at, publication) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, slug, number) DO NOTHING`

	addFileSQL = `INSERT INTO files (kind, slug, number, position, name, data) VALUES (?, ?, ?, ?, ?, ?)`

	lastPublicationSQL = `SELECT number, at, origin, current FROM publications ORDER BY number DESC LIMIT 1`

	versionsSQL = `SELECT kind, slug, number, program, hash, at FROM versions ORDER BY kind, slug, number`

	// One row for each file, or one without a file for a version that has none.
	sourceSQL = `SELECT f.name, f.data
		FROM versions v LEFT JOIN files f ON f.kind = v.kind AND f.slug = v.slug AND f.number = v.number
		WHERE v.kind = ? AND v.slug = ? AND v.number = ?
		ORDER BY f.position`
)

// Publish implements [app.Store].
func (s *Store) Publish(ctx context.Context, p app.Publication, versions []app.Version, told app.Event) error {
	const doing = "adding a publication"
	current, err := toJSON(p.Current)
	if err != nil {
		return failed(doing, err)
	}
	return s.write(ctx, doing, func(w *writes) error {
		row, err := w.lastNumber.first()
		if err != nil {
			return err
		}
		last := row.whole()
		if p.Number != last+1 {
			return fmt.Errorf("%w: number %d, after number %d", app.ErrConflict, p.Number, last)
		}
		_, err = w.addPublication.run(p.Number, p.At.UnixMilli(), p.Origin, current)
		if err != nil {
			return err
		}
		for _, v := range versions {
			err = addVersion(w, p.Number, v)
			if err != nil {
				return err
			}
		}
		return addEvents(w, told)
	})
}

func addVersion(w *writes, publication int, v app.Version) error {
	added, err := w.addVersion.run(string(v.Kind), v.Slug, v.Number, v.Program, v.Hash, v.At.UnixMilli(), publication)
	if err != nil {
		return err
	}
	if !added {
		return fmt.Errorf("%w: %s %s has a version %d already", app.ErrConflict, v.Kind, v.Slug, v.Number)
	}
	for i, f := range v.Source {
		data := f.Data
		if data == nil {
			data = []byte{} // nil would be null
		}
		_, err = w.addFile.run(string(v.Kind), v.Slug, v.Number, i, f.Name, data)
		if err != nil {
			return err
		}
	}
	return nil
}

// LastPublication implements [app.Store].
func (s *Store) LastPublication(ctx context.Context) (app.Publication, error) {
	var p app.Publication
	err := s.readRow(ctx, "reading the last publication", s.read.lastPublication, func(row *sql.Row) error {
		return row.Scan(&p.Number, asTime{&p.At}, &p.Origin, asJSON{&p.Current})
	})
	return p, err
}

// Versions implements [app.Store].
func (s *Store) Versions(ctx context.Context) ([]app.Version, error) {
	var versions []app.Version
	err := s.readRows(ctx, "reading the versions", s.read.versions, func(rows *sql.Rows) error {
		var v app.Version
		err := rows.Scan((*string)(&v.Kind), &v.Slug, &v.Number, &v.Program, &v.Hash, asTime{&v.At})
		versions = append(versions, v)
		return err
	})
	if err != nil {
		return nil, err
	}
	return versions, nil
}

// Source implements [app.Store].
func (s *Store) Source(ctx context.Context, ref app.VersionRef) (content.Source, error) {
	const doing = "reading a version"
	var source content.Source
	found := false
	err := s.readRows(ctx, doing, s.read.source, func(rows *sql.Rows) error {
		found = true
		var name sql.NullString
		var data []byte
		err := rows.Scan(&name, &data)
		if name.Valid {
			source = append(source, content.File{Name: name.String, Data: data})
		}
		return err
	}, string(ref.Kind), ref.Slug, ref.Number)
	if err == nil && !found {
		err = failed(doing, sql.ErrNoRows)
	}
	if err != nil {
		return nil, err
	}
	return source, nil
}
