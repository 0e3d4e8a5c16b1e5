package sqlitestore

import (
	"time"

	"first5/app"
)

const (
	completionsSQL = `SELECT json_array(id, institution, former, completed_at, completed_name) FROM records WHERE learner = ?`

	callRecordSQL = `UPDATE records SET former = ?2, name_key = ?3, folded = '', forget_at = NULL,
			changed_at = max(changed_at, ?4)
		WHERE id = ?1`

	eraseRecordSQL = `UPDATE records SET former = 1, name_key = ?2, folded = ?3, completed_name = ?4, forget_at = ?5,
			completed_reason = '', withdrawn_reason = '', changed_at = max(changed_at, ?6)
		WHERE id = ?1`
)

// calledAnew says whether a person's records show something else of them than
// before.
func calledAnew(before, now app.Person) bool {
	return before.Learner != "" && (!before.ErasedAt.IsZero() ||
		before.Subject != now.Subject || before.Name != now.Name || before.Email != now.Email || before.NPI != now.NPI)
}

// callRecords gives the records of somebody who has signed in what they are
// called by now, if that is another than before, and makes them a former learner's
// at every institution but their own.
func callRecords(w *writes, before, p app.Person) error {
	anew := calledAnew(before, p)
	if !anew && before.Institution == p.Institution {
		return nil
	}
	rows, err := w.completions.all(string(p.Learner))
	if err != nil {
		return err
	}
	for _, row := range rows {
		r, err := takeNamed(&row)
		if err != nil {
			return err
		}
		former := r.institution != p.Institution
		if !anew && former == r.former {
			continue
		}
		_, err = w.callRecord.run(r.id, former, recordKey(p.Identity, r.name), p.SignedInAt.UnixMilli())
		if err != nil {
			return err
		}
	}
	return nil
}

// recordKey returns what a record is ordered by among names; see [app.Record.NameKey].
func recordKey(who app.Identity, completed string) string {
	r := app.Record{Name: who.Name, Subject: who.Subject, Completion: &app.Completion{Name: completed}}
	return r.NameKey()
}

// named is what [completionsSQL] returns of a record. Where there is no completion,
// its name is empty.
type named struct {
	id          string
	institution app.InstitutionID
	former      bool
	at          time.Time // of the completion
	name        string    // likewise
}

func takeNamed(row *rowText) (named, error) {
	r := named{
		id: row.text(), institution: app.InstitutionID(row.text()), former: row.whole() == 1,
		at: row.time(), name: row.text(),
	}
	return r, row.end()
}
