package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// writes are the statements of the writer's connection.
type writes struct {
	begin, commit, rollback  *statement
	savepoint, undo, release *statement

	lastNumber, addPublication, addVersion, addFile *statement

	person, putPerson, addSession, touchSession             *statement
	endOfHash, endOfLearner, endOfProvider, endOld, endIdle *statement

	useOnce, forgetOnce, addEvent *statement

	addRecord, countAttempt, raiseScore, complete, record *statement
	completions, callRecord, erasePerson, forget          *statement
	dropSessions, dropWorkbooks, dropParked               *statement
	dropAnswers, addOffice, replaceOffice                 *statement
	institution, eraseRecord                              *statement

	addAttempt, park *statement

	withdrawn, withdraw *statement

	addWorkbook, replaceWorkbook *statement
}

// listed is a prepared statement, of one kind or the other, and its text.
type listed[S any] struct {
	to  **S
	sql string
}

func (w *writes) list() []listed[statement] {
	return []listed[statement]{
		{&w.begin, "BEGIN IMMEDIATE"},
		{&w.commit, "COMMIT"},
		{&w.rollback, "ROLLBACK"},
		{&w.savepoint, "SAVEPOINT job"},
		{&w.undo, "ROLLBACK TO job"},
		{&w.release, "RELEASE job"},
		{&w.lastNumber, lastNumberSQL},
		{&w.addPublication, addPublicationSQL},
		{&w.addVersion, addVersionSQL},
		{&w.addFile, addFileSQL},
		{&w.person, personSQL},
		{&w.putPerson, putPersonSQL},
		{&w.addSession, addSessionSQL},
		{&w.touchSession, touchSessionSQL},
		{&w.endOfHash, endOfHashSQL},
		{&w.endOfLearner, endOfLearnerSQL},
		{&w.endOfProvider, endOfProviderSQL},
		{&w.endOld, endOldSQL},
		{&w.endIdle, endIdleSQL},
		{&w.useOnce, useOnceSQL},
		{&w.forgetOnce, forgetOnceSQL},
		{&w.addEvent, addEventSQL},
		{&w.addRecord, addRecordSQL},
		{&w.countAttempt, countAttemptSQL},
		{&w.raiseScore, raiseScoreSQL},
		{&w.complete, completeSQL},
		{&w.record, recordSQL},
		{&w.completions, completionsSQL},
		{&w.callRecord, callRecordSQL},
		{&w.eraseRecord, eraseRecordSQL},
		{&w.institution, institutionSQL},
		{&w.erasePerson, erasePersonSQL},
		{&w.forget, forgetSQL},
		{&w.dropSessions, dropSessionsSQL},
		{&w.dropWorkbooks, dropWorkbooksSQL},
		{&w.dropParked, dropParkedSQL},
		{&w.dropAnswers, dropAnswersSQL},
		{&w.addOffice, addOfficeSQL},
		{&w.replaceOffice, replaceOfficeSQL},
		{&w.addAttempt, addAttemptSQL},
		{&w.park, parkSQL},
		{&w.withdrawn, withdrawnSQL},
		{&w.withdraw, withdrawSQL},
		{&w.addWorkbook, addWorkbookSQL},
		{&w.replaceWorkbook, replaceWorkbookSQL},
	}
}

func (w *writes) prepare(on *conn) error {
	for _, s := range w.list() {
		stmt, err := on.prepare(s.sql)
		if err != nil {
			return err
		}
		*s.to = stmt
	}
	return nil
}

func (w *writes) close() error {
	var errs []error
	for _, s := range w.list() {
		if *s.to != nil {
			errs = append(errs, (*s.to).close())
		}
	}
	return errors.Join(errs...)
}

// reads are the statements of the connections that serve pages.
type reads struct {
	lastPublication        *sql.Stmt
	versions, source       *sql.Stmt
	session, sessions      *sql.Stmt
	record, learnerRecords *sql.Stmt
	certified              *sql.Stmt
	attempt, parkedBy      *sql.Stmt
	learnerAttempts        *sql.Stmt
	workbook, workbooks    *sql.Stmt
	person, counts, office *sql.Stmt
	leftBefore             *sql.Stmt
}

func (r *reads) list() []listed[sql.Stmt] {
	return []listed[sql.Stmt]{
		{&r.lastPublication, lastPublicationSQL},
		{&r.versions, versionsSQL},
		{&r.source, sourceSQL},
		{&r.session, sessionSQL},
		{&r.sessions, sessionsSQL},
		{&r.record, recordSQL},
		{&r.learnerRecords, learnerRecordsSQL},
		{&r.certified, certifiedSQL},
		{&r.attempt, attemptSQL},
		{&r.parkedBy, parkedBySQL},
		{&r.workbook, workbookSQL},
		{&r.workbooks, workbooksSQL},
		{&r.learnerAttempts, learnerAttemptsSQL},
		{&r.person, personSQL},
		{&r.counts, countsSQL},
		{&r.office, officeSQL},
		{&r.leftBefore, leftBeforeSQL},
	}
}

// prepareReads prepares the statements on a pool of connections, which does it
// again on each.
func prepareReads(ctx context.Context, on *sql.DB) (*reads, error) {
	r := &reads{}
	for _, s := range r.list() {
		stmt, err := on.PrepareContext(ctx, s.sql)
		if err != nil {
			return nil, fmt.Errorf("preparing %q: %w", s.sql, err)
		}
		*s.to = stmt
	}
	return r, nil
}
