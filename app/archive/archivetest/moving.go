package archivetest

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed" // for a file that an earlier release wrote
	"errors"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

func emptyUntil(w ward) {
	all := w.all(w.filled())
	for _, kind := range archive.Kinds() {
		store := w.open()
		assert.True(w, w.empty(store))
		require.NoError(w, store.Put(w.Context(), all[kind][:1]))
		assert.False(w, w.empty(store), "%s", kind)
	}
}

func cleared(w ward) {
	store := w.filled()
	all := w.all(store)
	require.NoError(w, store.SetUnfinished(w.Context(), "a copy"))
	for range 2 {
		require.NoError(w, store.Clear(w.Context()))
		assert.True(w, w.empty(store))
		w.same(nil, store)
	}
	what, err := store.Unfinished(w.Context())
	require.NoError(w, err)
	assert.Equal(w, "a copy", what, "that it is being moved into is no item")
	require.NoError(w, store.SetUnfinished(w.Context(), ""))

	_, _, err = store.Session(w.Context(), "hash of the desk")
	assert.ErrorIs(w, err, app.ErrNotFound)
	_, err = store.LastPublication(w.Context())
	assert.ErrorIs(w, err, app.ErrNotFound)
	require.NoError(w, Fill(w.Context(), store), "it is as new")
	w.same(all, store)
}

func begunAndFinished(w ward) {
	store := w.open()
	unfinished := func() string {
		what, err := store.Unfinished(w.Context())
		require.NoError(w, err)
		return what
	}
	assert.Empty(w, unfinished())
	for _, what := range []string{"copy --from " + oddText, "another copy", "another copy", "", ""} {
		require.NoError(w, store.SetUnfinished(w.Context(), what))
		assert.Equal(w, what, unfinished())
	}
	assert.True(w, w.empty(store), "it is no item")
}

func copied(w ward) {
	from, to := w.filled(), w.open()
	counts, err := archive.Copy(w.Context(), from, to, "a copy", archive.Options{})
	require.NoError(w, err)
	require.Len(w, counts, len(archive.Kinds()))
	w.same(w.all(from), to)
	_, err = archive.Copy(w.Context(), from, to, "a copy", archive.Options{})
	assert.ErrorIs(w, err, archive.ErrNotEmpty, "it was finished")
	again, err := archive.Copy(w.Context(), from, to, "a copy", archive.Options{Replace: true})
	require.NoError(w, err)
	assert.Equal(w, counts, again)
}

// breaking is a store whose connection is lost after so many batches.
type breaking struct {
	archive.Store
	batches int
}

func (b *breaking) Put(ctx context.Context, items []archive.Item) error {
	b.batches--
	if b.batches < 0 {
		return errors.New("the connection is lost")
	}
	return b.Store.Put(ctx, items)
}

func copiedAgain(w ward) {
	from, to := w.filled(), w.open()
	for batches := range 4 {
		_, err := archive.Copy(w.Context(), from, &breaking{to, batches}, "a copy", archive.Options{})
		require.ErrorContains(w, err, "the connection is lost")
		what, err := to.Unfinished(w.Context())
		require.NoError(w, err)
		assert.Equal(w, "a copy", what)
	}
	_, err := archive.Copy(w.Context(), from, to, "another copy", archive.Options{})
	assert.ErrorIs(w, err, archive.ErrNotEmpty)
	assert.ErrorContains(w, err, `"a copy", begun and not finished`)
	_, err = archive.Copy(w.Context(), from, to, "a copy", archive.Options{})
	require.NoError(w, err)
	w.same(w.all(from), to)
	what, err := to.Unfinished(w.Context())
	require.NoError(w, err)
	assert.Empty(w, what)
}

func restored(w ward) {
	from, to := w.filled(), w.open()
	var file, again bytes.Buffer
	about := archive.About{At: minute(0), Program: "1.2.3", Store: "sqlite"}
	written, err := archive.Write(w.Context(), &file, from, about, nil)
	require.NoError(w, err)
	got, checked, err := archive.Check(bytes.NewReader(file.Bytes()))
	require.NoError(w, err)
	assert.Equal(w, about, got)
	assert.Equal(w, written, checked)
	counts, err := archive.Restore(w.Context(), bytes.NewReader(file.Bytes()), to, "restore", archive.Options{})
	require.NoError(w, err)
	assert.Equal(w, written, counts)
	w.same(w.all(from), to)
	_, err = archive.Write(w.Context(), &again, to, about, nil)
	require.NoError(w, err)
	assert.Equal(w, file.Bytes(), again.Bytes(), "a backup of what was restored is the same file")
}

// format1 and format2 are the lines of backups that a first5 wrote before there
// were workbooks, and before there were offices. They are never written anew.
var (
	//go:embed testdata/format1.jsonl
	format1 []byte

	//go:embed testdata/format2.jsonl
	format2 []byte
)

// restoredLines returns a store into which the lines of a backup were restored.
func (w ward) restoredLines(lines []byte) Both {
	w.Helper()
	var file bytes.Buffer
	z := gzip.NewWriter(&file)
	_, err := z.Write(lines)
	require.NoError(w, err)
	require.NoError(w, z.Close())
	to := w.open()
	counts, err := archive.Restore(w.Context(), bytes.NewReader(file.Bytes()), to, "restore", archive.Options{})
	require.NoError(w, err)
	require.Len(w, counts, len(archive.Kinds()))
	return to
}

func restoredOfFormat1(w ward) {
	to := w.restoredLines(format1)
	assert.Empty(w, w.items(to, archive.Workbooks))

	r, err := to.CertifiedRecord(w.Context(), "certificate of record 1")
	require.NoError(w, err)
	assert.Nil(w, r.Withdrawn)
	assert.Empty(w, r.Completion.Credit)
	require.NoError(w, to.Withdraw(w.Context(), r.Completion.Certificate, app.Withdrawal{At: minute(9)}, app.Event{ID: "withdrawn", At: minute(9)}))
	book := app.Workbook{Record: r.ID, Learner: r.Learner, Module: r.Module, Edition: r.Edition, Title: r.Title, Revision: 1}
	require.NoError(w, to.SaveWorkbook(w.Context(), book))
	assert.Len(w, w.items(to, archive.Workbooks), 1)
}

func restoredOfFormat2(w ward) {
	to := w.restoredLines(format2)
	assert.Empty(w, w.items(to, archive.Offices))
	r, err := to.CertifiedRecord(w.Context(), "certificate of record 1")
	require.NoError(w, err)
	assert.Zero(w, r.ChangedAt, "which was not kept")
	assert.False(w, r.Former)
	assert.Empty(w, r.Completion.Attempt)
	p, err := to.Person(w.Context(), r.Learner)
	require.NoError(w, err)
	assert.Zero(w, p.ErasedAt)
	changed, err := to.Records(w.Context(), r.Institution, app.Filter{}, app.Order{By: app.OrderChange, Up: true}, app.Cursor{}, 10)
	require.NoError(w, err)
	assert.Len(w, changed, 2, "and a system that asks for what has changed gets them all")
	rest, err := to.Records(w.Context(), r.Institution, app.Filter{}, app.Order{By: app.OrderChange, Up: true}, app.Order{By: app.OrderChange}.After(changed[0]), 10)
	require.NoError(w, err)
	assert.Equal(w, changed[1:], rest)

	office := app.Office{Institution: r.Institution, Revision: 1, Filters: []app.SavedFilter{{Name: "All"}}}
	require.NoError(w, to.SaveOffice(w.Context(), office))
	waived := app.Record{ID: "new", Institution: r.Institution, Learner: r.Learner, Module: "another", Title: "Another", Edition: "2026", Version: 1,
		StartedAt: minute(8), ActiveAt: minute(8), ChangedAt: minute(8)}
	_, err = to.Complete(w.Context(), waived, waiver(waived, 8), app.Event{ID: "waived", At: minute(8)})
	require.NoError(w, err)
	require.NoError(w, to.Erase(w.Context(), app.Erasure{Learner: r.Learner, At: minute(9)}, app.Event{ID: "erased", At: minute(9)}))
	r, err = to.Record(w.Context(), r.ID)
	require.NoError(w, err)
	assert.True(w, r.Former)
	assert.Equal(w, minute(9), r.ChangedAt)
	assert.Equal(w, "Ana Rivera", r.LearnerName())
	assert.Empty(w, w.items(to, archive.Workbooks))
}
