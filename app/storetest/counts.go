package storetest

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func counts() []test {
	return []test{
		{"are none where there is nothing", nothingCounted},
		{"equal the rows behind them after every kind of change", countsAfterEach},
		{"have each week apart, also long ago and in years to come", countsByWeek},
		{"equal the rows behind them after many changes at once", countsAtOnce},
		{"follow a person who goes to another institution", countsOfAMove},
	}
}

// counted makes sure that the counts of each institution are those of its rows,
// and returns mercy's.
func (c clinic) counted(doing string) app.Counts {
	c.Helper()
	var ours app.Counts
	for _, institution := range []app.InstitutionID{mercy, prairie} {
		got, err := c.store.Counts(c.Context(), institution)
		require.NoError(c, err)
		want := map[app.Tally]int{}
		for _, r := range c.all(institution, app.Filter{}) {
			t := app.Tally{Program: r.Program, Module: r.Module, Edition: r.Edition, Status: r.Status(), Former: r.Former}
			if r.Completion != nil {
				t.Week = app.WeekOf(r.Completion.At)
			}
			want[t]++
		}
		is := map[app.Tally]int{}
		for _, t := range got.Records {
			n := t.Records
			t.Records = 0
			assert.Positive(c, n, "%s: there is no tally of none", doing)
			assert.NotContains(c, is, t, "%s: nothing is tallied twice", doing)
			is[t] = n
		}
		require.Equal(c, want, is, "%s", doing)
		people, err := c.store.CountPeople(c.Context(), institution, app.PersonFilter{})
		require.NoError(c, err)
		require.Equal(c, people, got.People, "%s", doing)
		if institution == mercy {
			ours = got
		}
	}
	return ours
}

func nothingCounted(c clinic) {
	got := c.counted("nothing")
	assert.Zero(c, got.People)
	assert.Empty(c, got.Records)
	c.learner(prairie, "theirs")
	c.learner(mercy, "rivera")
	got = c.counted("who begins nothing")
	assert.Equal(c, 1, got.People)
	assert.Empty(c, got.Records)
}

func countsAfterEach(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	c.certifiedRecord(c.learner(prairie, "theirs"), module(1))
	r := c.begin(p, module(1), minute(0))
	c.begin(p, module(1), minute(1))
	c.begin(other, module(1), minute(0))
	got := c.counted("begun")
	assert.Equal(c, []app.Tally{{Program: r.Program, Module: r.Module, Edition: r.Edition, Status: app.InProgress, Records: 2}}, got.Records)
	assert.Equal(c, 2, got.People)

	c.save(r, attemptAt(r, "first", 1, minute(2)))
	c.counted("an attempt")
	r = c.save(r, earning(attemptAt(r, "second", 4, minute(3))))
	c.counted("a completion")
	c.save(r, earning(attemptAt(r, "second", 4, minute(3))))
	c.save(r, earning(attemptAt(r, "third", 4, minute(60*24*30))))
	c.counted("completed again")
	c.withdrawn(r, 40)
	c.counted("withdrawn")
	c.waive(recordOf(p, module(2), minute(4)), minute(4))
	c.counted("waived")

	c.erase(p.Learner, minute(50))
	got = c.counted("erased")
	assert.Equal(c, 1, got.People)
	c.erase(p.Learner, minute(51))
	c.counted("erased again")
	require.NoError(c, c.store.Forget(c.Context(), minute(0).AddDate(7, 0, 0)))
	c.counted("forgotten")
	p.SignedInAt = minute(55)
	c.signIn(p)
	got = c.counted("back again")
	assert.Equal(c, 2, got.People)
	for _, t := range got.Records {
		assert.False(c, t.Former)
	}
	p.Name = "another"
	c.signIn(p)
	assert.Equal(c, 2, c.counted("renamed").People)
}

func countsByWeek(c clinic) {
	p := c.learner(mercy, "rivera")
	for n, at := range []time.Time{
		time.Date(2026, 10, 4, 23, 59, 59, 999_000_000, time.UTC), time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC),
		time.Date(2026, 10, 11, 23, 59, 59, 999_000_000, time.UTC), time.Date(2026, 10, 12, 0, 0, 0, 0, time.UTC),
		time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(1969, 12, 31, 0, 0, 0, 0, time.UTC), time.Date(1969, 12, 28, 23, 59, 59, 0, time.UTC),
		time.Date(1936, 2, 29, 0, 0, 0, 1_000_000, time.UTC), time.Date(2400, 2, 29, 0, 0, 0, 0, time.UTC), time.Date(2024, 2, 29, 12, 0, 0, 0, time.UTC),
	} {
		r := recordOf(p, module(n%2), minute(0))
		r.Edition = fmt.Sprint(2000 + n/2)
		r.ID = app.NewRecordID(p.Learner, r.Module, r.Edition)
		done := completion(app.Passed, at)
		a := attemptAt(r, app.AttemptID(r.ID), 4, minute(1))
		a.Completion = &done
		c.save(r, a)
	}
	c.counted("in each week")
	monday := time.Date(2026, 10, 5, 0, 0, 0, 0, time.UTC)
	for _, f := range []app.Filter{
		{Dates: app.ByCompletion, From: monday, To: monday.AddDate(0, 0, 7)}, {Dates: app.ByCompletion, From: monday},
		{Dates: app.ByCompletion, To: monday}, {Dates: app.ByCompletion, From: monday.Add(time.Millisecond), To: monday.AddDate(0, 0, 7)},
		{Dates: app.ByCompletion, From: app.WeekOf(time.UnixMilli(0)), To: app.WeekOf(time.UnixMilli(0)).AddDate(0, 0, 7)},
	} {
		want := chosen(c.all(mercy, app.Filter{}), f)
		n, err := c.store.CountRecords(c.Context(), mercy, f)
		require.NoError(c, err)
		assert.Equal(c, len(want), n, "%+v", f)
		assert.NotEmpty(c, want)
	}
}

func countsAtOnce(c clinic) {
	together(func(n int) {
		p := person(mercy, fmt.Sprint("learner-", n%8))
		err := c.store.SignIn(c.Context(), p, sessionOf(p, minute(0)), func(app.Person) []app.Event { return nil })
		assert.NoError(c, err)
		for m := range 3 {
			r := recordOf(p, module((n+m)%4), minute(m))
			_, err := c.store.Begin(c.Context(), r)
			assert.NoError(c, err)
			_, err = c.store.SaveAttempt(c.Context(), r, earning(attemptAt(r, app.AttemptID(fmt.Sprint(n%16, m)), n%5, minute(m))))
			assert.NoError(c, err)
		}
		if n%8 < 2 {
			assert.NoError(c, c.store.Erase(c.Context(), app.Erasure{Learner: p.Learner, At: minute(20)}, event(app.EventID(app.NewToken()), minute(20))))
		}
	})
	got := c.counted("many changes")
	assert.NotEmpty(c, got.Records)
}

func countsOfAMove(c clinic) {
	p := c.learner(mercy, "rivera")
	c.certifiedRecord(p, module(1))
	p.Institution, p.SignedInAt = prairie, minute(30)
	c.signIn(p)
	got := c.counted("gone to another")
	assert.Zero(c, got.People)
	assert.Len(c, got.Records, 1, "the record stays where it was earned")
	assert.Equal(c, []string{"rivera"}, c.finds("RIVER"), "and is found by its name")
	assert.Empty(c, c.all(prairie, app.Filter{Query: "river"}))
	c.begin(p, module(2), minute(31))
	assert.Len(c, c.all(prairie, app.Filter{Query: "river"}), 1)
}
