package storetest

import (
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func workbooks() []test {
	return []test{
		{"are not found before they are saved", workbookNotFound},
		{"come back as they were saved", workbookComesBack},
		{"are empty where nothing was written", workbookEmpty},
		{"are put in the place of those before them, whole", workbookReplaced},
		{"are numbered without a gap", workbooksAreNumbered},
		{"that don't follow the stored one change nothing", workbookConflict},
		{"are shown to their learner alone", workbookOfAnother},
		{"of a learner come ordered by record", workbooksInOrder},
		{"need no record, and make none", workbookWithoutRecord},
		{"stay as they are whatever becomes of the record", workbookBesideRecord},
	}
}

// workbookOf returns what the person keeps of a module, with everything in it,
// as it is when it is saved for the first time.
func workbookOf(p app.Person, module string) app.Workbook {
	return app.Workbook{
		Record:   app.NewRecordID(p.Learner, module, "2026"),
		Learner:  p.Learner,
		Module:   module,
		Edition:  "2026",
		Title:    "The module " + module,
		Revision: 1,
		Card:     "rivera",
		CardAt:   minute(4),
		Read:     true,
		Reflections: []app.Reflection{
			{ID: "when", Prompt: "When did you last feel hurried?", Text: "On the ward,\nthis morning.", At: minute(3)},
			{ID: "ask", Prompt: "What would you ask?", Text: "How are you called at home?", At: minute(2)},
		},
		Commitments: []app.Commitment{
			{Text: "Sit down first", At: minute(5), DoneAt: minute(9)},
			{Text: "Ask for the name", At: minute(5)},
			{Text: "Ask for the name", At: minute(6)},
		},
	}
}

// barely returns the workbook of somebody who has hardly begun.
func barely(p app.Person, module string) app.Workbook {
	w := workbookOf(p, module)
	w.Card, w.CardAt, w.Read, w.Reflections, w.Commitments = "", time.Time{}, false, nil, nil
	return w
}

func (c clinic) saveWorkbook(w app.Workbook) {
	c.Helper()
	require.NoError(c, c.store.SaveWorkbook(c.Context(), w))
}

// workbook returns the person's workbook of a module, and makes sure that it is
// among all of theirs.
func (c clinic) workbook(p app.Person, module string) app.Workbook {
	c.Helper()
	w, err := c.store.Workbook(c.Context(), p.Learner, app.NewRecordID(p.Learner, module, "2026"))
	require.NoError(c, err)
	w = plainly(w)
	assert.Contains(c, c.workbooksOf(p), w)
	return w
}

func (c clinic) workbooksOf(p app.Person) []app.Workbook {
	c.Helper()
	all, err := c.store.Workbooks(c.Context(), p.Learner)
	require.NoError(c, err)
	for i, w := range all {
		all[i] = plainly(w)
	}
	return all
}

// plainly returns the workbook with no list where a list is empty, which is the same.
func plainly(w app.Workbook) app.Workbook {
	if len(w.Reflections) == 0 {
		w.Reflections = nil
	}
	if len(w.Commitments) == 0 {
		w.Commitments = nil
	}
	return w
}

func workbookNotFound(c clinic) {
	p := c.learner(mercy, "rivera")
	c.begin(p, module(2), minute(0))
	c.saveWorkbook(workbookOf(p, module(1)))
	for _, id := range []app.RecordID{"", "nobody's", app.NewRecordID(p.Learner, module(2), "2026"), app.NewRecordID(p.Learner, module(1), "2027")} {
		got, err := c.store.Workbook(c.Context(), p.Learner, id)
		assert.ErrorIs(c, err, app.ErrNotFound, "%q", id)
		assert.Zero(c, got)
	}
	assert.Empty(c, c.workbooksOf(person(mercy, "okafor")), "having none is no fault")
}

func workbookComesBack(c clinic) {
	p := c.learner(mercy, "rivera")
	want := workbookOf(p, module(1))
	c.saveWorkbook(want)
	assert.Equal(c, want, c.workbook(p, module(1)))
	assert.Equal(c, []app.Workbook{want}, c.workbooksOf(p))

	ended := app.Commitment{Text: "Done before it was chosen", At: minute(8), DoneAt: minute(-8)}
	want.Commitments = []app.Commitment{ended}
	want.Edition, want.Revision = "another", 2
	c.saveWorkbook(want)
	assert.Equal(c, want, c.workbook(p, module(1)), "a store knows no rule")
}

func workbookEmpty(c clinic) {
	p := c.learner(mercy, "rivera")
	want := barely(p, module(1))
	c.saveWorkbook(want)
	given := barely(p, module(2))
	given.Reflections, given.Commitments = []app.Reflection{}, []app.Commitment{}
	c.saveWorkbook(given)

	got, err := c.store.Workbook(c.Context(), p.Learner, want.Record)
	require.NoError(c, err)
	assert.Empty(c, got.Reflections)
	assert.Empty(c, got.Commitments)
	assert.True(c, got.CardAt.IsZero())
	assert.Equal(c, want, c.workbook(p, module(1)))
	assert.Equal(c, plainly(given), c.workbook(p, module(2)))

	half := barely(p, module(3))
	half.Commitments = []app.Commitment{{Text: "Sit down first", At: minute(1)}}
	c.saveWorkbook(half)
	got = c.workbook(p, module(3))
	assert.Equal(c, half, got)
	assert.True(c, got.Commitments[0].DoneAt.IsZero(), "it is not done yet")
}

func workbookReplaced(c clinic) {
	p := c.learner(mercy, "rivera")
	w := workbookOf(p, module(1))
	c.saveWorkbook(w)
	more := w
	more.Revision, more.Title, more.Card, more.CardAt = 2, "Renamed", "listen", minute(20)
	more.Reflections = append(slices.Clone(w.Reflections), app.Reflection{ID: "last", Prompt: "And now?", Text: "Calmer.", At: minute(20)})
	more.Commitments = w.Commitments[1:2]
	c.saveWorkbook(more)
	assert.Equal(c, more, c.workbook(p, module(1)))

	back := barely(p, module(1))
	back.Revision = 3
	c.saveWorkbook(back)
	assert.Equal(c, back, c.workbook(p, module(1)), "nothing is left of what was there")
	assert.Len(c, c.workbooksOf(p), 1)
}

func workbooksAreNumbered(c clinic) {
	p := c.learner(mercy, "rivera")
	w := workbookOf(p, module(1))
	for n := range 120 {
		w.Revision, w.CardAt = n+1, minute(n)
		c.saveWorkbook(w)
		require.Equal(c, w, c.workbook(p, module(1)))
	}
}

func workbookConflict(c clinic) {
	p := c.learner(mercy, "rivera")
	for _, revision := range []int{0, 2, 3, -1} {
		w := workbookOf(p, module(1))
		w.Revision = revision
		assert.ErrorIs(c, c.store.SaveWorkbook(c.Context(), w), app.ErrConflict, "%d where there is none", revision)
		assert.Empty(c, c.workbooksOf(p))
	}
	want := workbookOf(p, module(1))
	for _, revision := range []int{1, 2} {
		want.Revision = revision
		c.saveWorkbook(want)
	}
	for _, revision := range []int{2, 1, 0, 4, 5, -2} {
		w := barely(p, module(1))
		w.Revision, w.Title = revision, "What nobody may see"
		assert.ErrorIs(c, c.store.SaveWorkbook(c.Context(), w), app.ErrConflict, "%d after 2", revision)
		assert.Equal(c, want, c.workbook(p, module(1)))
	}
	other := workbookOf(p, module(2))
	c.saveWorkbook(other)
	assert.Equal(c, other, c.workbook(p, module(2)), "each workbook has its own numbers")
	want.Revision = 3
	c.saveWorkbook(want)
	assert.Equal(c, want, c.workbook(p, module(1)), "and a refused one does not count")
}

func workbookOfAnother(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	want := workbookOf(p, module(1))
	c.saveWorkbook(want)
	for _, learner := range []app.LearnerID{other.Learner, "", "stranger", person(prairie, "rivera").Learner} {
		got, err := c.store.Workbook(c.Context(), learner, want.Record)
		assert.ErrorIs(c, err, app.ErrNotFound, "%q", learner)
		assert.Zero(c, got)
		all, err := c.store.Workbooks(c.Context(), learner)
		assert.NoError(c, err)
		assert.Empty(c, all, "%q", learner)
	}
	theirs := workbookOf(other, module(1))
	theirs.Commitments = nil
	c.saveWorkbook(theirs)
	assert.Equal(c, []app.Workbook{theirs}, c.workbooksOf(other))
	assert.Equal(c, []app.Workbook{want}, c.workbooksOf(p))
}

func workbooksInOrder(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	var want []app.Workbook
	for n := range 40 {
		w := workbookOf(p, module(n))
		w.CardAt = minute(n * 7 % 40)
		if n%2 == 0 {
			w = barely(p, module(n))
		}
		c.saveWorkbook(w)
		want = append(want, w)
		c.saveWorkbook(workbookOf(other, module(n)))
	}
	slices.SortFunc(want, func(a, b app.Workbook) int { return strings.Compare(string(a.Record), string(b.Record)) })
	assert.Equal(c, want, c.workbooksOf(p))
	assert.Len(c, c.workbooksOf(other), 40)
}

func workbookWithoutRecord(c clinic) {
	p := c.learner(mercy, "rivera")
	w := workbookOf(p, module(1))
	c.saveWorkbook(w)
	_, err := c.store.Record(c.Context(), w.Record)
	assert.ErrorIs(c, err, app.ErrNotFound)
	assert.Empty(c, c.all(mercy, app.Filter{}), "an institution sees nothing of it")
	assert.Empty(c, c.events(app.EventFilter{}))
	begun := c.begin(p, module(1), minute(0))
	assert.Equal(c, recordOf(p, module(1), minute(0)), begun)
}

func workbookBesideRecord(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	w := workbookOf(p, module(1))
	c.saveWorkbook(w)
	assert.Equal(c, r, c.record(r.ID), "nor does the record change")
	r = c.save(r, earning(attemptAt(r, "first", 4, minute(6))))
	c.withdrawn(r, 7)
	p.Name = "Dr. Rivera-Luna"
	c.signIn(p)
	assert.Equal(c, w, c.workbook(p, module(1)))
}
