package sqlitestore

import (
	"context"
	"math"

	"first5/app"
)

// EndSessions implements [app.Store]. That the key was used before is no
// failure of the job; see [Store.UseOnce].
func (s *Store) EndSessions(ctx context.Context, which app.SessionFilter, once app.Once, note func(ended []app.Session) []app.Event) ([]app.Session, error) {
	const doing = "ending sessions"
	var ended []app.Session
	used := true
	err := s.write(ctx, doing, func(w *writes) error {
		var err error
		if once != (app.Once{}) {
			used, err = useOnce(w, once)
			if err != nil || !used {
				return err
			}
		}
		ended, err = endSessions(w, which)
		if err != nil || note == nil {
			return err
		}
		return addEvents(w, note(ended)...)
	})
	if err != nil {
		return nil, err
	}
	if !used {
		return nil, usedBefore(doing)
	}
	return ended, nil
}

// endSessions removes the sessions that the filter chooses and returns them.
func endSessions(w *writes, which app.SessionFilter) ([]app.Session, error) {
	rows, err := removeSessions(w, which)
	if err != nil {
		return nil, err
	}
	var ended []app.Session
	for _, row := range rows {
		session, err := takeEnded(&row)
		if err != nil {
			return nil, err
		}
		ended = append(ended, session)
	}
	return ended, nil
}

// removeSessions finds the sessions by the narrowest thing that the filter names.
func removeSessions(w *writes, which app.SessionFilter) ([]rowText, error) {
	createdBy := int64(math.MaxInt64)
	if !which.CreatedBy.IsZero() {
		createdBy = which.CreatedBy.UnixMilli()
	}
	switch {
	case which.Hash != "":
		return w.endOfHash.all(string(which.Hash), createdBy, string(which.Learner), string(which.Provider))
	case which.Learner != "":
		return w.endOfLearner.all(string(which.Learner), createdBy, string(which.Provider))
	}
	return w.endOfProvider.all(string(which.Provider), createdBy)
}

// takeEnded takes a row of [endedColumn].
func takeEnded(row *rowText) (app.Session, error) {
	session := takeSession(row)
	session.LogoutHint = row.text()
	return session, row.end()
}
