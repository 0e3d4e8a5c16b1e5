package sqlitestore

import (
	sqlite3 "modernc.org/sqlite/lib"
)

// commit does the jobs of a group and sets their outcomes.
//
// The jobs run bare at first, since hardly any ever fails. If one does, all is
// undone and the group runs again with a savepoint around each job, so that
// only those that fail are undone.
func (w *writer) commit(group []*job) {
	err := w.transaction(func() error { return w.runBare(group) })
	if err != nil && code(err) != sqlite3.SQLITE_BUSY { // which has been waited for already
		err = w.transaction(func() error { return w.runIsolated(group) })
		if err == nil {
			return // each job has its own outcome
		}
	}
	for _, j := range group {
		j.err = err
	}
}

// transaction commits what f does if it returns nil, and undoes it otherwise.
func (w *writer) transaction(f func() error) error {
	_, err := w.stmt.begin.run()
	if err != nil {
		return err
	}
	err = f()
	if err == nil {
		_, err = w.stmt.commit.run()
	}
	if err != nil {
		// Where SQLite has undone the transaction itself this fails, and has
		// nothing to do.
		_, _ = w.stmt.rollback.run()
	}
	return err
}

func (w *writer) runBare(group []*job) error {
	for _, j := range group {
		err := j.run(w.stmt)
		if err != nil {
			return err
		}
	}
	return nil
}

// runIsolated runs each job so that it is done whole or not at all. It returns
// an error only if that can't be had.
func (w *writer) runIsolated(group []*job) error {
	for _, j := range group {
		_, err := w.stmt.savepoint.run()
		if err != nil {
			return err
		}
		j.err = j.run(w.stmt)
		if j.err != nil {
			_, err = w.stmt.undo.run()
			if err != nil {
				return j.err // the transaction is gone: this is why
			}
		}
		_, err = w.stmt.release.run()
		if err != nil {
			return err
		}
	}
	return nil
}
