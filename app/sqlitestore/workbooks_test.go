package sqlitestore

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

// workbook returns what the ward's learner keeps, saved so often.
func (w ward) workbook(revision int) app.Workbook {
	return app.Workbook{
		Record: w.record.ID, Learner: w.record.Learner, Module: "names-first", Edition: "2026", Title: "Names first",
		Revision: revision, Card: "rivera", CardAt: at(1), Read: true,
		Reflections: []app.Reflection{{ID: "when", Prompt: "When?", Text: "This morning.", At: at(1)}},
		Commitments: []app.Commitment{{Text: "Sit down first", At: at(2)}},
	}
}

func TestAWorkbookAndAWithdrawalAreThereAfterOpeningAgain(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	s, err := Open(t.Context(), path)
	require.NoError(t, err)
	p := app.Person{Learner: "rivera", SignedInAt: at(0)}
	require.NoError(t, s.SignIn(t.Context(), p, app.Session{Hash: "session", Learner: p.Learner}, untold))
	w := ward{T: t, store: s, record: app.Record{ID: "record", Learner: "rivera", Version: 1}}
	require.NoError(t, w.attempt("first", "certificate")())
	require.NoError(t, s.Withdraw(t.Context(), "certificate", app.Withdrawal{At: at(3), Reason: "A mistake."}, app.Event{ID: "told"}))
	require.NoError(t, s.SaveWorkbook(t.Context(), w.workbook(1)))
	require.NoError(t, s.SaveWorkbook(t.Context(), w.workbook(2)))
	require.NoError(t, s.Close())

	s, err = Open(t.Context(), path)
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	got, err := s.Workbook(t.Context(), "rivera", "record")
	require.NoError(t, err)
	assert.Equal(t, w.workbook(2), got)
	r, err := s.CertifiedRecord(t.Context(), "certificate")
	require.NoError(t, err)
	assert.Equal(t, &app.Withdrawal{At: at(3), Reason: "A mistake."}, r.Withdrawn)
	assert.ErrorIs(t, s.SaveWorkbook(t.Context(), w.workbook(2)), app.ErrConflict)
	assert.ErrorIs(t, s.Withdraw(t.Context(), "certificate", app.Withdrawal{At: at(4)}, app.Event{ID: "told again"}), app.ErrConflict)
}

func TestAWorkbookIsNeverPutInThePlaceOfAnotherLearners(t *testing.T) {
	w := newWard(t)
	require.NoError(t, w.store.SaveWorkbook(t.Context(), w.workbook(1)))
	p := app.Person{Learner: "okafor", SignedInAt: at(0)}
	require.NoError(t, w.store.SignIn(t.Context(), p, app.Session{Hash: "okafor's", Learner: p.Learner}, untold))
	for _, revision := range []int{1, 2} {
		theirs := w.workbook(revision)
		theirs.Learner = p.Learner
		assert.ErrorIs(t, w.store.SaveWorkbook(t.Context(), theirs), app.ErrConflict)
	}
	got, err := w.store.Workbook(t.Context(), "rivera", "record")
	require.NoError(t, err)
	assert.Equal(t, w.workbook(1), got)
}

func TestWhatIsRefusedInAGroupLeavesItsNeighboursAlone(t *testing.T) {
	w := newWard(t)
	require.NoError(t, w.attempt("first", "certificate")())
	ctx := t.Context()
	withdraw := func(id app.CertificateID, told app.EventID) func() error {
		return func() error {
			return w.store.Withdraw(ctx, id, app.Withdrawal{At: at(3), Reason: string(told)}, app.Event{ID: told, At: at(3)})
		}
	}
	save := func(revision int) func() error {
		return func() error { return w.store.SaveWorkbook(ctx, w.workbook(revision)) }
	}
	outcomes := w.group(w.attempt("second", ""), save(1), withdraw("certificate", "done"), save(1), withdraw("certificate", "again"),
		withdraw("nobody's", "nothing"), save(3), save(2), w.attempt("third", ""))
	for i, want := range []error{nil, nil, nil, app.ErrConflict, app.ErrConflict, app.ErrNotFound, app.ErrConflict, nil, nil} {
		assert.ErrorIs(t, outcomes[i], want, "number %d", i)
	}
	got, err := w.store.Workbook(ctx, "rivera", "record")
	require.NoError(t, err)
	assert.Equal(t, w.workbook(2), got)
	r, err := w.store.Record(ctx, "record")
	require.NoError(t, err)
	assert.Equal(t, 3, r.Attempts)
	assert.Equal(t, "done", r.Withdrawn.Reason)
	events, err := w.store.Events(ctx, app.EventFilter{}, app.EventCursor{}, 10)
	require.NoError(t, err)
	require.Len(t, events, 1)
	assert.Equal(t, app.EventID("done"), events[0].ID)
}

func TestAWithdrawalThatCannotBeToldIsNotMade(t *testing.T) {
	w := newWard(t)
	require.NoError(t, w.attempt("first", "certificate")())
	_, err := w.plainly().Exec("CREATE TRIGGER refuse BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'it is refused'); END")
	require.NoError(t, err)
	err = w.store.Withdraw(t.Context(), "certificate", app.Withdrawal{At: at(3)}, app.Event{ID: "told"})
	assert.ErrorContains(t, err, "it is refused")
	r, err := w.store.Record(t.Context(), "record")
	require.NoError(t, err)
	assert.Nil(t, r.Withdrawn)
}

func TestADatabaseOfBeforeThereWereWorkbooksGoesOn(t *testing.T) {
	s, err := Open(t.Context(), oldSchema(t, 3, `
		INSERT INTO people VALUES ('rivera', 'mercy-lakes', 'https://login.example', 's-1', 'Dr. Rivera', '', '', '[]', 1000, 'dr. rivera');
		INSERT INTO records (id, institution, learner, program, module, title, edition, version, attempts, started_at, active_at, status,
				completed_at, certificate, completed_name, completed_institution)
			VALUES ('begun', 'mercy-lakes', 'rivera', 'p', 'm', 'Pause', '2026', 1, 0, 1000, 1000, 'in_progress', NULL, '', '', ''),
				('done', 'mercy-lakes', 'rivera', 'p', 'n', 'Names first', '2026', 1, 1, 1000, 2000, 'passed', 2000, 'certificate', 'Dr. Rivera', 'Mercy Lakes')`))
	require.NoError(t, err)
	defer func() { require.NoError(t, s.Close()) }()
	got, err := s.Record(t.Context(), "done")
	require.NoError(t, err)
	done := app.Completion{Status: app.Passed, At: time.UnixMilli(2000).UTC(), Version: 1, Certificate: "certificate",
		Name: "Dr. Rivera", Title: "Names first", Institution: "Mercy Lakes"}
	assert.Equal(t, &done, got.Completion, "it carries no credit")
	assert.Nil(t, got.Withdrawn, "and holds")
	begun, err := s.Record(t.Context(), "begun")
	require.NoError(t, err)
	assert.Nil(t, begun.Completion)

	none, err := s.Workbooks(t.Context(), "rivera")
	require.NoError(t, err)
	assert.Empty(t, none)
	want := ward{record: got}.workbook(1)
	require.NoError(t, s.SaveWorkbook(t.Context(), want))
	w, err := s.Workbook(t.Context(), "rivera", "done")
	require.NoError(t, err)
	assert.Equal(t, want, w)
	require.NoError(t, s.Withdraw(t.Context(), "certificate", app.Withdrawal{At: at(3)}, app.Event{ID: "told"}))
	got, err = s.Record(t.Context(), "done")
	require.NoError(t, err)
	assert.Equal(t, &app.Withdrawal{At: at(3)}, got.Withdrawn)
}
