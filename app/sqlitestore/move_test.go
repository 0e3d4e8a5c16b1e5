package sqlitestore_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
	"first5/app/archive/archivetest"
	"first5/app/sqlitestore"
)

func TestADatabaseThatIsNotWholeIsNotServedFrom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	s := open(t, path)
	require.NoError(t, s.SetUnfinished(t.Context(), "copy --from a --to b"))
	require.NoError(t, s.Close())
	const says = `it is not whole, since "copy --from a --to b" into this database was begun and not finished: run it again`
	_, err := sqlitestore.Open(t.Context(), path)
	assert.EqualError(t, err, "opening the database "+path+": "+says)
	_, err = sqlitestore.OpenBeside(t.Context(), path)
	assert.ErrorContains(t, err, says, "nor published into")

	s, err = sqlitestore.OpenToMove(t.Context(), path)
	require.NoError(t, err, "but the move can go on")
	_, err = sqlitestore.OpenBeside(t.Context(), path)
	assert.ErrorContains(t, err, says, "and meanwhile nobody publishes")
	_, err = sqlitestore.OpenToMove(t.Context(), path)
	assert.ErrorContains(t, err, "another program has it open")
	require.NoError(t, s.SetUnfinished(t.Context(), ""))
	require.NoError(t, s.Close())
	require.NoError(t, open(t, path).Close())
}

func TestNothingIsMovedIntoADatabaseThatIsServedFrom(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	closeAtEnd(t, open(t, path))
	_, err := sqlitestore.OpenToMove(t.Context(), path)
	assert.ErrorContains(t, err, "another program has it open")
}

func TestAMoveIsNotFinishedWhileSomethingIsMissing(t *testing.T) {
	from := open(t, filepath.Join(t.TempDir(), "from.db"))
	closeAtEnd(t, from)
	require.NoError(t, archivetest.Fill(t.Context(), from))
	for _, c := range []struct {
		without archive.Kind
		says    string
	}{
		{archive.People, "refer to people that are not there"},
		{archive.Publications, "refer to versions that are not there"},
	} {
		to := open(t, filepath.Join(t.TempDir(), "to.db"))
		closeAtEnd(t, to)
		require.NoError(t, to.SetUnfinished(t.Context(), "a copy"))
		var missing []archive.Item
		for _, kind := range archive.Kinds() {
			items := itemsOf(t, from, kind)
			if kind == c.without {
				missing = items
				continue
			}
			require.NoError(t, to.Put(t.Context(), items))
		}
		assert.ErrorContains(t, to.SetUnfinished(t.Context(), ""), c.says)
		what, err := to.Unfinished(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "a copy", what, "it stays unfit to be served from")
		require.NoError(t, to.Put(t.Context(), missing))
		assert.NoError(t, to.SetUnfinished(t.Context(), ""))
	}
}

// itemsOf returns all items of a kind.
func itemsOf(t *testing.T, s archive.Store, kind archive.Kind) []archive.Item {
	t.Helper()
	var all []archive.Item
	for i, err := range s.Items(t.Context(), kind) {
		require.NoError(t, err)
		all = append(all, i)
	}
	return all
}

func TestWhatPagesWriteMustStillFitAfterAMove(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "first5.db"))
	closeAtEnd(t, s)
	require.NoError(t, s.Put(t.Context(), []archive.Item{{Kind: archive.OnceKeys, Once: &archive.Once{Key: "state"}}}))
	_, err := s.Begin(t.Context(), crashRecord(0))
	assert.ErrorContains(t, err, "FOREIGN KEY constraint failed", "a record of nobody")
}

func TestABatchIsPutWholeOrNotAtAll(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "first5.db"))
	closeAtEnd(t, s)
	certified := func(id app.RecordID) archive.Item {
		return archive.Item{Kind: archive.Records, Record: &archive.Record{ID: id, Completion: &archive.Completion{Status: app.Passed, Certificate: "one"}}}
	}
	err := s.Put(t.Context(), []archive.Item{certified("a"), certified("b")})
	assert.ErrorContains(t, err, "record b: ", "two records can't have one certificate")
	empty, err := s.Empty(t.Context())
	require.NoError(t, err)
	assert.True(t, empty)
}

func TestAnAttemptWithoutARecordIsDamage(t *testing.T) {
	path := filepath.Join(t.TempDir(), "first5.db")
	s := open(t, path)
	closeAtEnd(t, s)
	require.NoError(t, archivetest.Fill(t.Context(), s))
	execute(t, path, "UPDATE attempts SET record = 'a lost one' WHERE id = 'late'")
	var last error
	for _, err := range s.Items(t.Context(), archive.Records) {
		last = err
	}
	assert.ErrorContains(t, last, "it holds an attempt of the record a lost one, which is not there")
}

func TestMovingIsRefusedOnceTheDatabaseIsClosed(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "first5.db"))
	require.NoError(t, s.Close())
	for _, err := range s.Items(t.Context(), archive.Records) {
		assert.ErrorIs(t, err, app.ErrStoreAway)
	}
	_, err := s.Empty(t.Context())
	assert.ErrorIs(t, err, app.ErrStoreAway)
	_, err = s.Unfinished(t.Context())
	assert.ErrorIs(t, err, app.ErrStoreAway)
	assert.ErrorIs(t, s.Put(t.Context(), nil), app.ErrStoreAway)
	assert.ErrorIs(t, s.Clear(t.Context()), app.ErrStoreAway)
	assert.ErrorIs(t, s.SetUnfinished(t.Context(), ""), app.ErrStoreAway)
}
