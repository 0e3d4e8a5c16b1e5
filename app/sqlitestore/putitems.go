package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

const (
	putPublicationSQL = `INSERT INTO publications (number, at, origin, current) VALUES (?, ?, ?, ?)
		ON CONFLICT (number) DO UPDATE SET at = excluded.at, origin = excluded.origin, current = excluded.current`

	dropVersionsSQL = `DELETE FROM versions WHERE publication = ?`

	putVersionSQL = `INSERT INTO versions (kind, slug, number, program, hash, at, publication) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, slug, number) DO UPDATE SET
			program = excluded.program, hash = excluded.hash, at = excluded.at, publication = excluded.publication`

	putFileSQL = `INSERT INTO files (kind, slug, number, position, name, data) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (kind, slug, number, position) DO UPDATE SET name = excluded.name, data = excluded.data`

	dropSessionsSQL = `DELETE FROM sessions WHERE learner = ?`

	putSessionSQL = addSessionSQL + ` ON CONFLICT (hash) DO UPDATE SET
		learner = excluded.learner, created_at = excluded.created_at, seen_at = excluded.seen_at,
		provider = excluded.provider, logout_hint = excluded.logout_hint`

	putRecordSQL = `INSERT INTO records (id, institution, learner, program, module, title, edition, version, attempts, score,
			started_at, active_at, status, completed_at, completed_score, certificate, completed_name, completed_institution,
			completed_credit, completed_attempt, completed_reason, withdrawn_at, withdrawn_reason,
			changed_at, former, forget_at, folded, name_key, done_at, score_key)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (id) DO UPDATE SET
			institution = excluded.institution, learner = excluded.learner, program = excluded.program, module = excluded.module,
			title = excluded.title, edition = excluded.edition, version = excluded.version, attempts = excluded.attempts,
			score = excluded.score, started_at = excluded.started_at, active_at = excluded.active_at, status = excluded.status,
			completed_at = excluded.completed_at, completed_score = excluded.completed_score, certificate = excluded.certificate,
			completed_name = excluded.completed_name, completed_institution = excluded.completed_institution,
			completed_credit = excluded.completed_credit, completed_attempt = excluded.completed_attempt,
			completed_reason = excluded.completed_reason,
			withdrawn_at = excluded.withdrawn_at, withdrawn_reason = excluded.withdrawn_reason,
			changed_at = excluded.changed_at, former = excluded.former, forget_at = excluded.forget_at,
			folded = excluded.folded, name_key = excluded.name_key,
			done_at = excluded.done_at, score_key = excluded.score_key`

	putOfficeSQL = `INSERT INTO offices (institution, revision, kept) VALUES (?, ?, ?)
		ON CONFLICT (institution) DO UPDATE SET revision = excluded.revision, kept = excluded.kept`

	// A person and their records come in any order, and what a record is ordered by
	// among names is of both.
	namedSQL = `SELECT name, subject FROM people WHERE learner = ?`

	allNamesSQL = `SELECT id, completed_name FROM records WHERE learner = ?`

	putWorkbookSQL = `INSERT INTO workbooks (` + workbookColumns + `) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (record) DO UPDATE SET
			learner = excluded.learner, module = excluded.module, edition = excluded.edition, title = excluded.title,
			revision = excluded.revision, card = excluded.card, card_at = excluded.card_at, read = excluded.read,
			reflections = excluded.reflections, commitments = excluded.commitments`

	// By the learner too, since attempts have no index by record.
	dropAttemptsSQL = `DELETE FROM attempts WHERE learner = ? AND record = ?`

	// What is counted takes the place of what is parked, and never the other way round.
	putAttemptSQL = `INSERT INTO attempts (learner, id, record, module, version, answers, right, graded, at, quiz)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (learner, id) DO UPDATE SET
			record = excluded.record, module = excluded.module, version = excluded.version,
			answers = excluded.answers, right = excluded.right, graded = excluded.graded, at = excluded.at, quiz = excluded.quiz
		WHERE record IS NULL OR excluded.record IS NOT NULL`

	putOnceSQL = `INSERT INTO once (key, until) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET until = excluded.until`
)

// Put implements [archive.Store]. An event that is there already is left as it
// is, since events never change.
func (s *Store) Put(ctx context.Context, items []archive.Item) error {
	const doing = "putting what is moved"
	return s.move(ctx, doing, func(tx *sql.Tx) error {
		p := &putting{ctx: ctx, tx: tx, prepared: map[string]*sql.Stmt{}}
		for _, i := range items {
			err := p.put(i)
			if err != nil {
				return fmt.Errorf("%s %s: %w", i.Kind, i.Key(), err)
			}
		}
		return nil
	})
}

// putting is a transaction that puts items.
type putting struct {
	ctx      context.Context
	tx       *sql.Tx
	prepared map[string]*sql.Stmt // by their texts; closed with the transaction
}

// run runs a statement.
func (p *putting) run(query string, args ...any) error {
	stmt, err := p.prepare(query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(p.ctx, args...)
	return err
}

// prepare returns the statement, which is prepared when it is first needed.
func (p *putting) prepare(query string) (*sql.Stmt, error) {
	stmt, ok := p.prepared[query]
	if ok {
		return stmt, nil
	}
	stmt, err := p.tx.PrepareContext(p.ctx, query)
	if err != nil {
		return nil, err
	}
	p.prepared[query] = stmt
	return stmt, nil
}

func (p *putting) put(i archive.Item) error {
	switch i.Kind {
	case archive.Publications:
		return p.publication(i.Publication)
	case archive.Files:
		return p.file(i.File)
	case archive.People:
		return p.person(i.Person)
	case archive.Records:
		return p.record(i.Record)
	case archive.Workbooks:
		return p.workbook(i.Workbook)
	case archive.ParkedAnswers:
		return p.parked(i.Parked)
	case archive.Offices:
		return p.office(i.Office)
	case archive.OnceKeys:
		return p.run(putOnceSQL, string(i.Once.Key), i.Once.Until.UnixMilli())
	case archive.Events:
		return p.event(i.Event)
	}
	return fmt.Errorf("there are no items of kind %q", i.Kind)
}

func (p *putting) publication(a *archive.Publication) error {
	var refs []app.VersionRef // null if there is none, as from Publish
	for _, r := range a.Current {
		refs = append(refs, app.VersionRef(r))
	}
	current, err := toJSON(refs)
	if err == nil {
		err = p.run(putPublicationSQL, a.Number, a.At.UnixMilli(), a.Origin, current)
	}
	if err == nil {
		err = p.run(dropVersionsSQL, a.Number)
	}
	for _, v := range a.Versions {
		if err == nil {
			err = p.run(putVersionSQL, string(v.Kind), v.Slug, v.Number, v.Program, v.Hash, v.At.UnixMilli(), a.Number)
		}
	}
	return err
}

func (p *putting) file(f *archive.File) error {
	data := f.Data
	if data == nil {
		data = []byte{} // nil would be null
	}
	return p.run(putFileSQL, string(f.Version.Kind), f.Version.Slug, f.Version.Number, f.Position, f.Name, data)
}

func (p *putting) person(a *archive.Person) error {
	var roles []app.Role // null if there is none, as from a sign-in
	who := app.Person{
		Learner: a.Learner, SignedInAt: a.SignedInAt, ErasedAt: a.ErasedAt,
		Identity: app.Identity{
			Institution: a.Institution, Issuer: a.Issuer, Subject: a.Subject,
			Name: a.Name, Email: a.Email, NPI: a.NPI, Roles: append(roles, a.Roles...),
		},
	}
	row, err := personRow(who)
	if err == nil {
		err = p.run(putPersonSQL, row...)
	}
	if err == nil {
		err = p.callRecords(who)
	}
	if err == nil {
		err = p.run(dropSessionsSQL, string(a.Learner))
	}
	for _, s := range a.Sessions {
		if err == nil {
			err = p.run(putSessionSQL, string(s.Hash), string(a.Learner), s.CreatedAt.UnixMilli(), s.SeenAt.UnixMilli(),
				string(s.Provider), s.LogoutHint)
		}
	}
	return err
}

// callRecords gives the records that are there what the person is called by.
func (p *putting) callRecords(who app.Person) error {
	stmt, err := p.prepare(allNamesSQL)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(p.ctx, string(who.Learner))
	if err != nil {
		return err
	}
	names := map[string]string{}
	err = each(rows, func(rows *sql.Rows) error {
		var id, completed string
		err := rows.Scan(&id, &completed)
		names[id] = completed
		return err
	})
	for id, completed := range names {
		if err == nil {
			err = p.run(keyRecordSQL, recordKey(who.Identity, completed), id)
		}
	}
	return err
}

func (p *putting) record(r *archive.Record) error {
	row, err := p.recordRow(r)
	if err == nil {
		err = p.run(putRecordSQL, row...)
	}
	if err == nil {
		err = p.run(dropAttemptsSQL, string(r.Learner), string(r.ID))
	}
	for _, a := range r.Attempts {
		if err == nil {
			err = p.answers(r.Learner, a.ID, string(r.ID), a.Module, a.Version, a.Answers, a.Right, a.Graded, a.At.UnixMilli(), false)
		}
	}
	return err
}

// recordRow returns what [putRecordSQL] takes.
func (p *putting) recordRow(r *archive.Record) ([]any, error) {
	c := archive.Completion{Status: app.InProgress, Version: r.Version, Title: r.Title}
	var completed, withdrawn, forget any
	reason, folded, done, score := "", "", time.Time{}, app.NoScore
	if r.Score != nil {
		score = *r.Score
	}
	if r.Completion != nil {
		c, done = *r.Completion, r.Completion.At
		completed = c.At.UnixMilli()
	}
	if r.Withdrawn != nil {
		withdrawn, reason = r.Withdrawn.At.UnixMilli(), r.Withdrawn.Reason
	}
	if !r.ForgetAt.IsZero() { // the learner was erased
		forget, folded = r.ForgetAt.UnixMilli(), fold(c.Name)
	}
	who, err := p.named(r.Learner)
	return []any{
		string(r.ID), string(r.Institution), string(r.Learner), r.Program, r.Module, c.Title, r.Edition,
		c.Version, len(r.Attempts), orNull(r.Score), r.StartedAt.UnixMilli(), r.ActiveAt.UnixMilli(),
		string(c.Status), completed, orNull(c.Score), string(c.Certificate), c.Name, c.Institution,
		c.Credit, string(c.Attempt), c.Reason, withdrawn, reason,
		r.ChangedAt.UnixMilli(), r.Former, forget, folded, recordKey(who, c.Name),
		done.UnixMilli(), score,
	}, err
}

// named returns what the learner is called, or nothing if they have yet to come.
func (p *putting) named(learner app.LearnerID) (app.Identity, error) {
	var who app.Identity
	stmt, err := p.prepare(namedSQL)
	if err != nil {
		return who, err
	}
	err = stmt.QueryRowContext(p.ctx, string(learner)).Scan(&who.Name, &who.Subject)
	if errors.Is(err, sql.ErrNoRows) {
		return who, nil
	}
	return who, err
}

func (p *putting) office(a *archive.Office) error {
	o := app.Office{}
	for _, i := range a.Assignments {
		o.Assignments = append(o.Assignments, app.Assignment{
			ID: i.ID, Maker: i.Maker, MadeAt: i.MadeAt, People: i.People,
			Program: i.Program, Module: i.Module, By: i.By, Because: i.Because, Due: i.Due,
		})
	}
	for _, t := range a.Tokens {
		o.Tokens = append(o.Tokens, app.AccessToken(t))
	}
	for _, f := range a.Filters {
		o.Filters = append(o.Filters, app.SavedFilter(f))
	}
	kept, err := toJSON(keep(o))
	if err != nil {
		return err
	}
	return p.run(putOfficeSQL, string(a.Institution), a.Revision, kept)
}

func (p *putting) workbook(a *archive.Workbook) error {
	w := app.Workbook{
		Record: a.Record, Learner: a.Learner, Module: a.Module, Edition: a.Edition, Title: a.Title, Revision: a.Revision,
		Card: a.Card, CardAt: a.CardAt, Read: a.Read,
	}
	for _, r := range a.Reflections {
		w.Reflections = append(w.Reflections, app.Reflection(r))
	}
	for _, c := range a.Commitments {
		w.Commitments = append(w.Commitments, app.Commitment(c))
	}
	row, err := workbookRow(w)
	if err != nil {
		return err
	}
	return p.run(putWorkbookSQL, row...)
}

func (p *putting) parked(a *archive.Parked) error {
	return p.answers(a.Learner, a.ID, nil, a.Module, a.Version, a.Answers, 0, 0, a.At.UnixMilli(), a.Quiz)
}

// answers puts an attempt, or parked answers where record is nil.
func (p *putting) answers(learner app.LearnerID, id app.AttemptID, record any, module string, version int,
	answers []archive.Answer, right, graded int, at int64, quiz bool) error {
	chosen := content.Answers{}
	for _, a := range answers {
		chosen[a.Question] = a.Chosen
	}
	text, err := toJSON(chosen)
	if err != nil {
		return err
	}
	return p.run(putAttemptSQL, string(learner), string(id), record, module, version, text, right, graded, at, quiz)
}

func (p *putting) event(e *archive.Event) error {
	details := app.Details{}
	for _, d := range e.Details {
		details[d.Name] = d.Text
	}
	text, err := toJSON(details)
	if err != nil {
		return err
	}
	return p.run(addEventSQL, string(e.ID), e.At.UnixMilli(), string(e.Kind), string(e.Institution), string(e.Learner), text)
}
