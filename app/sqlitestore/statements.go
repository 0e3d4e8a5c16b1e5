package sqlitestore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// writes are the statements of the writer's connection.
type writes struct {
	begin, commit, rollback  *sql.Stmt
	savepoint, undo, release *sql.Stmt

	lastNumber, addPublication, addVersion, addFile *sql.Stmt

	putPerson, addSession, touchSession, endSession, endOld, endIdle *sql.Stmt

	addRecord, countAttempt, complete, record *sql.Stmt

	addAttempt, park *sql.Stmt
}

// reads are the statements of the connections that serve pages.
type reads struct {
	lastPublication, versions *sql.Stmt
	session                   *sql.Stmt
	record, learnerRecords    *sql.Stmt
	certified                 *sql.Stmt
	attempt, parkedBy         *sql.Stmt
}

// statement says where a prepared statement goes.
type statement struct {
	to  **sql.Stmt
	sql string
}

func (w *writes) list() []statement {
	return []statement{
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
		{&w.putPerson, putPersonSQL},
		{&w.addSession, addSessionSQL},
		{&w.touchSession, touchSessionSQL},
		{&w.endSession, endSessionSQL},
		{&w.endOld, endOldSQL},
		{&w.endIdle, endIdleSQL},
		{&w.addRecord, addRecordSQL},
		{&w.countAttempt, countAttemptSQL},
		{&w.complete, completeSQL},
		{&w.record, recordSQL},
		{&w.addAttempt, addAttemptSQL},
		{&w.park, parkSQL},
	}
}

func (r *reads) list() []statement {
	return []statement{
		{&r.lastPublication, lastPublicationSQL},
		{&r.versions, versionsSQL},
		{&r.session, sessionSQL},
		{&r.record, recordSQL},
		{&r.learnerRecords, learnerRecordsSQL},
		{&r.certified, certifiedSQL},
		{&r.attempt, attemptSQL},
		{&r.parkedBy, parkedBySQL},
	}
}

// preparer is a connection, or a pool of them that prepares again on each.
type preparer interface {
	PrepareContext(ctx context.Context, query string) (*sql.Stmt, error)
}

func prepareWrites(ctx context.Context, on preparer) (*writes, error) {
	w := &writes{}
	return w, prepare(ctx, on, w.list())
}

func prepareReads(ctx context.Context, on preparer) (*reads, error) {
	r := &reads{}
	return r, prepare(ctx, on, r.list())
}

func prepare(ctx context.Context, on preparer, list []statement) error {
	for _, s := range list {
		stmt, err := on.PrepareContext(ctx, s.sql)
		if err != nil {
			return fmt.Errorf("preparing %q: %w", s.sql, err)
		}
		*s.to = stmt
	}
	return nil
}

func (w *writes) close() error {
	var errs []error
	for _, s := range w.list() {
		if *s.to != nil {
			errs = append(errs, (*s.to).Close())
		}
	}
	return errors.Join(errs...)
}
