package sqlitestore

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// holds says whether the text stands anywhere in the files at paths, without regard
// to case.
func holds(t *testing.T, text string, paths ...string) bool {
	t.Helper()
	for _, path := range paths {
		raw, err := os.ReadFile(path)
		require.NoError(t, err)
		if bytes.Contains(bytes.ToLower(raw), []byte(text)) {
			return true
		}
	}
	return false
}

// secretive signs somebody in of whom everything has their number in it, and who
// leaves something of every kind.
func (w ward) secretive(n int) app.Person {
	w.Helper()
	subject := fmt.Sprintf("secret-%03d-", n)
	p := app.Person{Learner: app.NewLearnerID("https://secret.example", subject), SignedInAt: at(1), Identity: app.Identity{
		Institution: "mercy-lakes", Issuer: "https://secret.example", Subject: subject, Name: "Jane " + subject, Email: subject + "@example.org",
	}}
	s := app.Session{Hash: app.SessionHash(app.NewToken()), Learner: p.Learner, LogoutHint: subject}
	require.NoError(w, w.store.SignIn(w.Context(), p, s, func(app.Person) []app.Event { return nil }))
	r := app.Record{ID: app.NewRecordID(p.Learner, "m", "e"), Institution: p.Institution, Learner: p.Learner, Module: "m", Edition: "e", ChangedAt: at(1)}
	done := app.Completion{Status: app.Waived, At: at(2), Name: p.Name, Reason: subject}
	_, err := w.store.Complete(w.Context(), r, done, app.Event{ID: app.EventID(r.ID)})
	require.NoError(w, err)
	for i := range 5 {
		book := app.Workbook{Record: r.ID, Learner: p.Learner, Revision: i + 1,
			Reflections: []app.Reflection{{ID: "q", Text: string(bytes.Repeat([]byte(subject), 600)), At: at(i)}}}
		require.NoError(w, w.store.SaveWorkbook(w.Context(), book))
		a := app.Attempt{ID: app.AttemptID(fmt.Sprint(i)), Record: r.ID, Learner: p.Learner, Answers: content.Answers{"q": {subject}}, At: at(3)}
		_, err = w.store.SaveAttempt(w.Context(), r, a)
		require.NoError(w, err)
	}
	return p
}

func TestTheFileHoldsNothingOfWhoWasErased(t *testing.T) {
	w := newWard(t)
	path := w.pragma("SELECT json_array(file) FROM pragma_database_list")
	var all []app.Person
	for n := range 60 {
		all = append(all, w.secretive(n))
	}
	files := []string{path, path + "-wal"}
	require.True(t, holds(t, "secret-007-", files...))
	require.NoError(t, w.store.Erase(t.Context(), app.Erasure{Learner: all[7].Learner, At: at(9)}, app.Event{ID: "erased"}))
	require.NoError(t, w.store.Erase(t.Context(), app.Erasure{Learner: all[8].Learner, At: at(9).AddDate(7, 0, 0)}, app.Event{ID: "erased too"}))
	assert.True(t, holds(t, "jane secret-007-", files...), "the name of the completion is kept")
	assert.False(t, holds(t, "secret-007-@", files...), "also while the database is open")
	assert.False(t, holds(t, "secret-007-secret-007-", files...))
	assert.False(t, holds(t, "secret-008-", files...))
	require.NoError(t, w.store.Forget(t.Context(), at(9).AddDate(6, 0, 0)))
	assert.False(t, holds(t, "secret-007-", files...))
	for n := range 60 {
		assert.Equal(t, n != 7 && n != 8, holds(t, fmt.Sprintf("secret-%03d-", n), files...), n)
	}
	require.NoError(t, w.store.Close())
	assert.False(t, holds(t, "secret-007-", path), "nor when it is closed")
}

func TestWhoReadsHoldsUpNoErasure(t *testing.T) {
	w := newWard(t)
	path := w.pragma("SELECT json_array(file) FROM pragma_database_list")
	p := w.secretive(7)
	tx, err := w.plainly().Begin()
	require.NoError(t, err)
	var n int
	require.NoError(t, tx.QueryRow("SELECT count(*) FROM people").Scan(&n))
	require.NoError(t, w.store.Erase(t.Context(), app.Erasure{Learner: p.Learner, At: at(9).AddDate(7, 0, 0)}, app.Event{ID: "erased"}))
	require.NoError(t, tx.QueryRow("SELECT count(*) FROM people WHERE name <> ''").Scan(&n))
	assert.Equal(t, 1, n, "an older state")
	require.NoError(t, tx.Rollback())
	require.NoError(t, w.store.Forget(t.Context(), time.Now()))
	require.NoError(t, w.store.Close())
	assert.False(t, holds(t, "secret-007-", path))
}
