package sqlitestore

import (
	"database/sql"
	"encoding/json"
	"maps"
	"slices"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

// Each of these is ordered by the key of its items.
const (
	// Nobody waits in large numbers, so they may be sorted.
	parkedItemsSQL = `SELECT learner, id, module, version, answers, at, quiz FROM attempts
		WHERE record IS NULL
		ORDER BY learner || '/' || id`

	workbookItemsSQL = `SELECT ` + workbookColumns + ` FROM workbooks ORDER BY record`

	officeItemsSQL = `SELECT institution, revision, kept FROM offices ORDER BY institution`

	onceItemsSQL = `SELECT key, until FROM once ORDER BY key`

	eventItemsSQL = `SELECT json_array(id, at, kind, institution, learner, details) FROM events ORDER BY id`

	personItemsSQL = `SELECT json_array(learner, ` + personColumns + `),
			(SELECT json_group_array(json_array(` + sessionColumns + `, logout_hint) ORDER BY hash)
				FROM sessions WHERE learner = people.learner)
		FROM people ORDER BY learner`

	publicationItemsSQL = `SELECT number, at, origin, current,
			(SELECT json_group_array(json_array(kind, slug, number, program, hash, at) ORDER BY kind, slug, number)
				FROM versions WHERE publication = publications.number)
		FROM publications ORDER BY number`
)

func scanParkedItem(rows *sql.Rows) (archive.Item, error) {
	var p archive.Parked
	var answers content.Answers
	err := rows.Scan((*string)(&p.Learner), (*string)(&p.ID), &p.Module, &p.Version, asJSON{&answers}, asTime{&p.At}, &p.Quiz)
	p.Answers = archivedAnswers(answers)
	return archive.Item{Parked: &p}, err
}

// archivedAnswers returns answers by question, in order.
func archivedAnswers(answers content.Answers) []archive.Answer {
	all := []archive.Answer{}
	for _, question := range slices.Sorted(maps.Keys(answers)) {
		all = append(all, archive.Answer{Question: question, Chosen: append([]string{}, answers[question]...)})
	}
	return all
}

func scanWorkbookItem(rows *sql.Rows) (archive.Item, error) {
	w, err := scanWorkbook(rows)
	if err != nil {
		return archive.Item{}, err
	}
	i := archive.Workbook{
		Record: w.Record, Learner: w.Learner, Module: w.Module, Edition: w.Edition, Title: w.Title, Revision: w.Revision,
		Card: w.Card, CardAt: w.CardAt, Read: w.Read, Reflections: []archive.Reflection{}, Commitments: []archive.Commitment{},
	}
	for _, r := range w.Reflections {
		i.Reflections = append(i.Reflections, archive.Reflection(r))
	}
	for _, c := range w.Commitments {
		i.Commitments = append(i.Commitments, archive.Commitment(c))
	}
	return archive.Item{Workbook: &i}, nil
}

func scanOfficeItem(rows *sql.Rows) (archive.Item, error) {
	var o app.Office
	var kept keptOffice
	err := rows.Scan((*string)(&o.Institution), &o.Revision, asJSON{&kept})
	if err != nil {
		return archive.Item{}, err
	}
	kept.put(&o)
	i := archive.Office{
		Institution: o.Institution, Revision: o.Revision,
		Assignments: []archive.Assignment{}, Tokens: []archive.AccessToken{}, Filters: []archive.SavedFilter{},
	}
	for _, a := range o.Assignments {
		i.Assignments = append(i.Assignments, archive.Assignment{
			ID: a.ID, Maker: a.Maker, MadeAt: a.MadeAt, People: append([]string{}, a.People...),
			Program: a.Program, Module: a.Module, By: a.By, Because: a.Because, Due: a.Due,
		})
	}
	for _, t := range o.Tokens {
		token := archive.AccessToken(t)
		token.Scopes = append([]app.Scope{}, t.Scopes...)
		i.Tokens = append(i.Tokens, token)
	}
	for _, f := range o.Filters {
		i.Filters = append(i.Filters, archive.SavedFilter(f))
	}
	return archive.Item{Office: &i}, nil
}

func scanOnceItem(rows *sql.Rows) (archive.Item, error) {
	var o archive.Once
	err := rows.Scan((*string)(&o.Key), asTime{&o.Until})
	return archive.Item{Once: &o}, err
}

func scanEventItem(rows *sql.Rows) (archive.Item, error) {
	var row rowText
	err := rows.Scan(&row)
	if err != nil {
		return archive.Item{}, err
	}
	e := archive.Event{
		ID:          app.EventID(row.text()),
		At:          row.time(),
		Kind:        app.EventKind(row.text()),
		Institution: app.InstitutionID(row.text()),
		Learner:     app.LearnerID(row.text()),
		Details:     []archive.Detail{},
	}
	details := row.text()
	err = row.end()
	if err != nil {
		return archive.Item{}, err
	}
	var texts app.Details
	err = json.Unmarshal([]byte(details), &texts)
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		e.Details = append(e.Details, archive.Detail{Name: name, Text: texts[name]})
	}
	return archive.Item{Event: &e}, err
}

func scanPersonItem(rows *sql.Rows) (archive.Item, error) {
	var row rowText
	var sessions []json.RawMessage
	err := rows.Scan(&row, asJSON{&sessions})
	if err != nil {
		return archive.Item{}, err
	}
	p, err := takePerson(&row, app.LearnerID(row.text()))
	if err != nil {
		return archive.Item{}, err
	}
	i := archive.Person{
		Learner: p.Learner, Institution: p.Institution, Issuer: p.Issuer, Subject: p.Subject,
		Name: p.Name, Email: p.Email, NPI: p.NPI, Roles: append([]app.Role{}, p.Roles...), SignedInAt: p.SignedInAt,
		ErasedAt: p.ErasedAt, Sessions: []archive.Session{},
	}
	for _, text := range sessions {
		s, err := archivedSession(string(text))
		if err != nil {
			return archive.Item{}, err
		}
		i.Sessions = append(i.Sessions, s)
	}
	return archive.Item{Person: &i}, nil
}

// archivedSession reads a text of [endedColumn].
func archivedSession(text string) (archive.Session, error) {
	var row rowText
	err := row.Scan(text)
	if err != nil {
		return archive.Session{}, err
	}
	s, err := takeEnded(&row)
	return archive.Session{Hash: s.Hash, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, Provider: s.Provider, LogoutHint: s.LogoutHint}, err
}

func scanPublicationItem(rows *sql.Rows) (archive.Item, error) {
	p := archive.Publication{Current: []archive.Ref{}, Versions: []archive.Version{}}
	var current []app.VersionRef
	var versions []json.RawMessage
	err := rows.Scan(&p.Number, asTime{&p.At}, &p.Origin, asJSON{&current}, asJSON{&versions})
	if err != nil {
		return archive.Item{}, err
	}
	for _, ref := range current {
		p.Current = append(p.Current, archive.Ref(ref))
	}
	for _, text := range versions {
		v, err := archivedVersion(string(text))
		if err != nil {
			return archive.Item{}, err
		}
		p.Versions = append(p.Versions, v)
	}
	return archive.Item{Publication: &p}, nil
}

func archivedVersion(text string) (archive.Version, error) {
	var row rowText
	err := row.Scan(text)
	if err != nil {
		return archive.Version{}, err
	}
	v := archive.Version{
		Ref:     archive.Ref{Kind: app.VersionKind(row.text()), Slug: row.text(), Number: row.whole()},
		Program: row.text(),
		Hash:    row.text(),
		At:      row.time(),
	}
	return v, row.end()
}
