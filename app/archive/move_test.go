package archive

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func TestACopyHoldsWhatItsSourceHolds(t *testing.T) {
	from, to := clinic(), newShelf()
	got, err := Copy(t.Context(), from, to, "a copy", Options{})
	require.NoError(t, err)
	assert.Equal(t, counts(t, from), got)
	assert.Equal(t, from.held, to.held)
	assert.Empty(t, to.begun, "it is finished")
	assert.Zero(t, to.cleared, "what is empty need not be cleared")
}

func TestATargetThatHoldsSomethingIsRefused(t *testing.T) {
	to := newShelf(onceItem("mine"))
	for _, move := range []func(o Options) error{
		func(o Options) error { _, err := Copy(t.Context(), clinic(), to, "a move", o); return err },
		func(o Options) error {
			file, _ := backup(t, clinic())
			_, err := Restore(t.Context(), bytes.NewReader(file), to, "a move", o)
			return err
		},
	} {
		to.held, to.begun, to.cleared = newShelf(onceItem("mine")).held, "", 0
		err := move(Options{})
		require.ErrorIs(t, err, ErrNotEmpty)
		assert.EqualError(t, err, "the target is not empty: name one that is, or ask for what it holds to be replaced")
		assert.Equal(t, newShelf(onceItem("mine")).held, to.held, "nothing was touched")
		assert.Empty(t, to.begun)

		to.begun = "another move"
		err = move(Options{})
		require.ErrorIs(t, err, ErrNotEmpty)
		assert.EqualError(t, err, `the target is not empty: it holds what "another move", begun and not finished, has left; `+
			`run that again, or ask for what it holds to be replaced`)
		assert.Equal(t, "another move", to.begun)

		require.NoError(t, move(Options{Replace: true}))
		assert.Equal(t, clinic().held, to.held)
		assert.Empty(t, to.begun)

		to.add(onceItem("half of it"))
		to.begun = "a move"
		require.NoError(t, move(Options{}), "it goes on with what it had begun itself")
		assert.Equal(t, clinic().held, to.held)
		assert.Equal(t, 2, to.cleared)
	}
}

func TestAMoveWithoutANameIsRefused(t *testing.T) {
	to := newShelf(onceItem("mine"))
	_, err := Copy(t.Context(), clinic(), to, "", Options{Replace: true})
	assert.Error(t, err, "nobody would know that it is not finished")
	assert.Equal(t, newShelf(onceItem("mine")).held, to.held)
}

func TestACopyFromASourceThatChangesIsNotFinished(t *testing.T) {
	for name, c := range map[string]struct {
		change func(s *shelf)
		says   string
	}{
		"more": {func(s *shelf) { s.add(onceItem("new"), onceItem("newer")) }, "of 4 items of kind once it lacks 2"},
		"less": {func(s *shelf) { delete(s.held[OnceKeys], "word") }, "beside 1 items of kind once it has 1 more"},
		"other": {func(s *shelf) { s.add(Item{Kind: OnceKeys, Once: &Once{Key: "word", Until: minute(30)}}) },
			"it has as many items of kind once (2), but not the same ones"},
		"two": {func(s *shelf) { s.add(onceItem("new"), parkedItem("new")) },
			"of 2 items of kind parked it lacks 1; of 3 items of kind once it lacks 1"},
	} {
		from, to := clinic(), newShelf()
		from.during = func(k Kind, reads int) {
			if k == Files && reads == 1 { // everything was read once
				c.change(from)
			}
		}
		_, err := Copy(t.Context(), from, to, "a copy", Options{})
		assert.EqualError(t, err, "the target does not hold what the source holds ("+c.says+"); the source probably changed meanwhile: "+
			"stop the program that serves from it, or take a backup and restore that", name)
		assert.Equal(t, "a copy", to.begun, "it is not fit to be served from")
	}
}

// forgetful is a store that loses an item.
type forgetful struct{ *shelf }

func (f forgetful) Put(ctx context.Context, items []Item) error {
	if items[0].Kind == Records {
		items = items[1:]
	}
	return f.shelf.Put(ctx, items)
}

func TestARestoredBackupIsComparedWithTheFile(t *testing.T) {
	file, _ := backup(t, clinic())
	to := newShelf()
	got, err := Restore(t.Context(), bytes.NewReader(file), to, "restore", Options{})
	require.NoError(t, err)
	assert.Equal(t, counts(t, clinic()), got)
	assert.Equal(t, clinic().held, to.held)
	assert.Empty(t, to.begun)

	to = newShelf()
	_, err = Restore(t.Context(), bytes.NewReader(file), forgetful{to}, "restore", Options{})
	assert.EqualError(t, err, "the target does not hold what the source holds (of 4 items of kind record it lacks 1); "+
		"something else probably wrote into the target meanwhile: stop the programs that use it, and restore again")
	assert.Equal(t, "restore", to.begun)
}

func TestADamagedBackupTouchesNothing(t *testing.T) {
	file, _ := backup(t, clinic())
	for _, damaged := range [][]byte{file[:len(file)-1], append(file[:len(file):len(file)], 0)} {
		to := newShelf(onceItem("mine"))
		_, err := Restore(t.Context(), bytes.NewReader(damaged), to, "restore", Options{Replace: true})
		assert.ErrorContains(t, err, "the backup is damaged")
		assert.Equal(t, newShelf(onceItem("mine")).held, to.held)
		assert.Empty(t, to.begun)
	}
}

// swapped is a file that is another one after it was read once.
type swapped struct {
	*bytes.Reader
	other []byte
	seeks int
}

func (s *swapped) Seek(offset int64, whence int) (int64, error) {
	s.seeks++
	if s.seeks == 3 { // the first two are for who it is of, and to check it
		s.Reset(s.other)
	}
	return s.Reader.Seek(offset, whence)
}

func TestABackupThatIsReplacedMeanwhileIsNotFinished(t *testing.T) {
	file, _ := backup(t, clinic())
	other, _ := backup(t, newShelf(onceItem("other")))
	to := newShelf()
	_, err := Restore(t.Context(), &swapped{Reader: bytes.NewReader(file), other: other}, to, "restore", Options{})
	assert.ErrorContains(t, err, "the file was changed meanwhile: restore it again")
	assert.Equal(t, "restore", to.begun)
}

func TestAnswersThatAreCountedWhileABackupIsTakenAreNotLost(t *testing.T) {
	from := newShelf(parkedItem("a"), parkedItem("b"), parkedItem("c"), recordItem("record", "first"))
	from.during = func(k Kind, _ int) {
		if k == ParkedAnswers { // their learner signs in
			from.add(recordItem("record", "first", "b"))
		}
	}
	file, lines := backup(t, from)
	assert.Contains(t, strings.Join(lines[:4], ""), `"parked":{"id":"b"`, "the file has them both ways")
	require.Contains(t, lines[5], `{"id":"b"`)

	to := newShelf()
	got, err := Restore(t.Context(), bytes.NewReader(file), to, "restore", Options{})
	require.NoError(t, err)
	assert.Equal(t, newShelf(parkedItem("a"), parkedItem("c"), recordItem("record", "first", "b")).held, to.held, "and they count once")
	assert.Equal(t, counts(t, to), got)
}

func TestItemsAreMovedInBatches(t *testing.T) {
	from := newShelf(publicationItem(1, "a", "b", "c", "d"))
	for n := range 2500 {
		from.add(onceItem(fmt.Sprintf("key %04d", n)))
	}
	for _, slug := range []string{"a", "b", "c", "d"} {
		from.add(fileItem(slug, strings.Repeat(slug, 1_400_000))) // a third more in base64
	}
	to := newShelf()
	type told struct {
		kind  Kind
		items int
	}
	var progress []told
	_, err := Copy(t.Context(), from, to, "a copy", Options{Told: func(k Kind, n int) { progress = append(progress, told{k, n}) }})
	require.NoError(t, err)
	var sizes []int
	for _, b := range to.batches {
		sizes = append(sizes, len(b))
		for _, i := range b {
			assert.Equal(t, b[0].Kind, i.Kind, "all of one kind")
		}
	}
	assert.Equal(t, []int{1000, 1000, 500, 1, 2, 2}, sizes)
	assert.Equal(t, from.held, to.held)
	assert.Equal(t, []told{{OnceKeys, 2000}, {OnceKeys, 2500}, {Publications, 1}, {Files, 4}}, progress)
}

func TestAMoveThatIsCalledOffIsNotFinished(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	to := newShelf()
	_, err := Copy(ctx, clinic(), to, "a copy", Options{Told: func(k Kind, _ int) {
		if k == Records {
			cancel()
		}
	}})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, "a copy", to.begun)
}

func TestWhoIsErasedWhileABackupIsTakenIsErasedInIt(t *testing.T) {
	rivera := &Person{Learner: "rivera", Institution: "mercy-lakes", Roles: []app.Role{}, SignedInAt: minute(0), Sessions: []Session{}}
	long := recordItem("record 7", "long ago")
	long.Record.Completion.At = minute(0).AddDate(-6, 0, 0)
	begun := recordItem("record 8")
	begun.Record.Completion, begun.Record.ChangedAt = nil, minute(9)
	from := newShelf(parkedItem("a"), recordItem("record 1", "first"), long, begun, workbookItem("record 1", 1),
		Item{Kind: People, Person: rivera})
	from.during = func(k Kind, _ int) {
		if k == Workbooks {
			rivera.ErasedAt = minute(5)
		}
	}
	file, lines := backup(t, from)
	require.Contains(t, strings.Join(lines, ""), `"workbook":{"record":"record 1"`, "the file still has it")

	to := newShelf()
	got, err := Restore(t.Context(), bytes.NewReader(file), to, "restore", Options{})
	require.NoError(t, err)
	assert.Equal(t, counts(t, to), got)
	assert.Empty(t, to.held[ParkedAnswers])
	assert.Empty(t, to.held[Workbooks])
	r := to.held[Records]["record 1"].Record
	assert.True(t, r.Former)
	assert.Equal(t, []any{"Ana Rivera", minute(5), minute(2).AddDate(6, 0, 0)}, []any{r.Completion.Name, r.ChangedAt, r.ForgetAt})
	assert.Equal(t, []Answer{}, r.Attempts[0].Answers)
	assert.Equal(t, 3, r.Attempts[0].Right, "but what they were worth stays")
	old := to.held[Records]["record 7"].Record
	assert.Empty(t, old.Completion.Name, "nobody asks for it any more")
	assert.Zero(t, old.ForgetAt)
	assert.NotEmpty(t, long.Record.Completion.Name, "the source is not touched")
	assert.Equal(t, minute(9), to.held[Records]["record 8"].Record.ChangedAt, "what was changed later stays so")

	again, _ := backup(t, to)
	whole := newShelf()
	_, err = Restore(t.Context(), bytes.NewReader(again), whole, "restore", Options{})
	require.NoError(t, err)
	assert.Equal(t, to.held, whole.held, "and what is erased stays as it is")
}
