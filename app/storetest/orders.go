package storetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func orders() []test {
	return []test{
		{"show each filter in each order, whole and in pages", everyOrder},
		{"choose by editions, scores, completions, learners and changes", everyNewFilter},
		{"go on where they stopped, also among equals and after what is not there", everyOrdersPage},
		{"have names without regard to case and accents, and subjects for names", namesInOrder},
		{"have records without a key at the end where the largest is first", withoutKeyLast},
		{"have the new name at once", newNameInOrder},
	}
}

// everyKey returns all keys of an order.
func everyKey() []app.OrderKey {
	return []app.OrderKey{app.OrderActivity, app.OrderCompletion, app.OrderName, app.OrderScore, app.OrderChange}
}

func bothWays() []app.Order {
	var orders []app.Order
	for _, key := range everyKey() {
		orders = append(orders, app.Order{By: key}, app.Order{By: key, Up: true})
	}
	return orders
}

// sorted says what an order means.
func sorted(all []app.Record, o app.Order) []app.Record {
	var sorted []app.Record
	sorted = append(sorted, all...)
	slices.SortFunc(sorted, func(r, s app.Record) int {
		a, b := o.After(r), o.After(s)
		n := cmp.Or(a.At.Compare(b.At), strings.Compare(a.Text, b.Text), cmp.Compare(a.Number, b.Number),
			strings.Compare(string(a.ID), string(b.ID)))
		if o.Up {
			return n
		}
		return -n
	})
	return sorted
}

// inOrder returns one page of a listing in an order.
func (c clinic) inOrder(f app.Filter, o app.Order, after app.Cursor, limit int) []app.Record {
	c.Helper()
	return c.page(mercy, f, o, after, limit)
}

// inPages returns all pages of a listing in an order, one after the other.
func (c clinic) inPages(f app.Filter, o app.Order, limit int) []app.Record {
	c.Helper()
	return c.pages(mercy, f, o, limit)
}

// crowded fills the store with records that differ in all that an order and a
// filter look at, and of which some are alike in each of these. One of the people
// has left. It returns mercy's.
func (c clinic) crowded() []app.Record {
	c.Helper()
	names := []string{"Zoe Adler", "Ana Éluard", "ana eluard", "Émile Zola", "", "Bo Nguyễn", "Åse Ødegård", "Bo Nguyễn"}
	var people []app.Person
	for n, name := range names {
		for _, institution := range []app.InstitutionID{mercy, prairie} {
			p := person(institution, fmt.Sprintf("subject-%d", n))
			p.Name = name
			c.signIn(p)
			people = append(people, p)
		}
	}
	for n, p := range people {
		for m := range 7 {
			c.crowd(p, n, m)
		}
	}
	c.erase(people[2*3].Learner, minute(40))
	all := c.all(mercy, app.Filter{})
	require.Len(c, all, 7*len(names))
	return all
}

// crowd adds the person's record of one module, in one of seven states.
func (c clinic) crowd(p app.Person, n, m int) {
	c.Helper()
	r := recordOf(p, module(m%4), minute(m%3))
	r.Edition = []string{"2026", "2027"}[m/4]
	r.ID = app.NewRecordID(p.Learner, r.Module, r.Edition)
	r.Program = []string{"first-5-minutes", "heart-health"}[m%2]
	r = c.beginAs(r)
	a := attemptAt(r, app.AttemptID(r.Module+r.Edition), n%5, minute(2+m))
	r.ChangedAt = minute(2 + n%4)
	switch (n/2 + m) % 7 {
	case 1:
		c.save(r, a)
	case 2:
		c.save(r, earning(a))
	case 3:
		done := completion(app.Read, minute(4+m%2))
		done.Name = p.Name
		c.complete(r, done)
	case 4:
		done := completion(app.TestedOut, minute(5))
		a.Completion = &done
		c.save(r, a)
	case 5:
		c.waive(r, minute(20+m%2))
	case 6:
		r = c.save(r, earning(a))
		c.withdrawn(r, 30+n%2)
	}
}

// someFilters are filters that choose all, many, few and none.
func someFilters() []app.Filter {
	rivera := person(mercy, "subject-3")
	return []app.Filter{
		{}, {Present: true}, {Status: app.Completed}, {Status: app.Waived}, {Program: "heart-health", Module: module(1)},
		{Module: module(1), Edition: "2027"}, {From: minute(3), To: minute(6)}, {Query: "é"}, {Query: "SUBJECT-"}, {Query: "nobody"},
		{Dates: app.ByCompletion, From: minute(4), To: minute(6)}, {Dates: app.ByCompletion}, {ScoreFrom: 50}, {ScoreFrom: 25, ScoreBelow: 75},
		{Learner: rivera.Learner}, {Query: "zola"}, {Query: "zola", Status: app.Passed}, {ChangedBefore: minute(5)},
		{From: minute(3), ScoreBelow: 80, Query: "subject", Present: true, Status: app.Completed},
		{Query: "mercy-lakes.example", Dates: app.ByCompletion, To: minute(6), ScoreFrom: 1, Edition: "2026"},
	}
}

func everyOrder(c clinic) {
	all := c.crowded()
	some := 0
	for _, f := range someFilters() {
		chosen := chosen(all, f)
		some += min(len(chosen), 1)
		for _, o := range bothWays() {
			want := sorted(chosen, o)
			assert.Equal(c, ids(want), ids(c.inOrder(f, o, app.Cursor{}, 1000)), "%+v, %+v", f, o)
			assert.Equal(c, want, c.inPages(f, o, 5), "%+v, %+v, in pages", f, o)
		}
	}
	assert.Greater(c, some, 17, "the filters choose too little to tell")
}

// ids returns those of the records.
func ids(all []app.Record) []app.RecordID {
	var ids []app.RecordID
	for _, r := range all {
		ids = append(ids, r.ID)
	}
	return ids
}

// newFilters returns each combination of some values of what a filter may ask for.
func newFilters() []app.Filter {
	filters := []app.Filter{{}}
	for _, values := range [][]func(f *app.Filter){
		{func(f *app.Filter) { f.Dates = app.ByCompletion }},
		{func(f *app.Filter) { f.From = minute(4) }},
		{func(f *app.Filter) { f.To = minute(6) }},
		{func(f *app.Filter) { f.Edition = "2027" }},
		{func(f *app.Filter) { f.Status = app.Completed }, func(f *app.Filter) { f.Status = app.InProgress }},
		{func(f *app.Filter) { f.ScoreFrom = 50 }, func(f *app.Filter) { f.ScoreBelow = 50 }, func(f *app.Filter) { f.ScoreFrom, f.ScoreBelow = 50, 51 }},
		{func(f *app.Filter) { f.Present = true }, func(f *app.Filter) { f.Learner = person(mercy, "subject-3").Learner }},
		{func(f *app.Filter) { f.Query = "É" }},
		{func(f *app.Filter) { f.ChangedBefore = minute(6) }},
	} {
		for _, f := range filters {
			for _, set := range values {
				also := f
				set(&also)
				filters = append(filters, also)
			}
		}
	}
	return filters
}

func everyNewFilter(c clinic) {
	all := c.crowded()
	some := 0
	for _, f := range newFilters() {
		want := chosen(all, f)
		some += min(len(want), 1)
		n, err := c.store.CountRecords(c.Context(), mercy, f)
		require.NoError(c, err)
		assert.Equal(c, len(want), n, "%+v, counted", f)
		assert.Equal(c, ids(byID(want)), ids(c.all(mercy, f)), "%+v, downloaded", f)
		assert.Equal(c, ids(sorted(want, app.Order{})), ids(c.inOrder(f, app.Order{}, app.Cursor{}, 1000)), "%+v", f)
	}
	assert.Greater(c, some, 400, "the filters choose too little to tell")
}

func everyOrdersPage(c clinic) {
	all := c.crowded()
	for _, o := range bothWays() {
		want := sorted(all, o)
		for _, limit := range []int{1, 2, 7, 13, 55, 56, 57} {
			assert.Equal(c, ids(want), ids(c.inPages(app.Filter{}, o, limit)), "%+v by %d", o, limit)
		}
		assert.Empty(c, c.inOrder(app.Filter{}, o, o.After(want[len(want)-1]), 10), "%+v after the last one", o)
		gone := o.After(want[20])
		gone.ID += "~" // later than that one, and before any other
		from := 21
		if !o.Up {
			from = 20
		}
		assert.Equal(c, ids(want[from:]), ids(c.inOrder(app.Filter{}, o, gone, 100)), "%+v after a record that is not there", o)
	}
	f := app.Filter{From: minute(3), To: minute(6)}
	for _, n := range []int{1, 3, 4, 6, 8} {
		after := app.Cursor{At: minute(n), ID: "~"}
		want := chosen(all, f)
		want = slices.DeleteFunc(want, func(r app.Record) bool { return r.ActiveAt.After(minute(n)) })
		assert.Equal(c, ids(sorted(want, app.Order{})), ids(c.inOrder(f, app.Order{}, after, 100)), "from minute %d down", n)
		want = slices.DeleteFunc(chosen(all, f), func(r app.Record) bool { return !r.ActiveAt.After(minute(n)) })
		assert.Equal(c, ids(sorted(want, app.Order{Up: true})), ids(c.inOrder(f, app.Order{Up: true}, after, 100)), "from minute %d up", n)
	}
}

func namesInOrder(c clinic) {
	for _, name := range []string{"zoe adler", "Émile Zola", "emil Zorn", "ÅSE Ødegård", "asf", "Ñandú", "nandu b", "Ольга", "李", "", "Éa"} {
		c.attends("s-"+name, name, "")
	}
	p := person(mercy, "Fritz")
	p.Name = ""
	c.signIn(p)
	c.begin(p, module(1), minute(0))
	var got []string
	for _, r := range c.inOrder(app.Filter{}, app.Order{By: app.OrderName, Up: true}, app.Cursor{}, 100) {
		got = append(got, r.LearnerName())
	}
	assert.Equal(c, []string{"ÅSE Ødegård", "asf", "Éa", "emil Zorn", "Émile Zola", "", "Ñandú", "nandu b", "", "zoe adler", "Ольга", "李"}, got)

	r := c.completed(p, module(2), "Aaron, on that day", minute(3))
	first := c.inOrder(app.Filter{}, app.Order{By: app.OrderName, Up: true}, app.Cursor{}, 1)
	assert.Equal(c, []app.Record{r}, first, "of somebody without a name, that of the completion")
}

// completed completes the module for the person by reading it, under a name.
func (c clinic) completed(p app.Person, module, name string, at time.Time) app.Record {
	c.Helper()
	done := completion(app.Read, at)
	done.Name = name
	r := recordOf(p, module, minute(0))
	r.ChangedAt = at
	return c.complete(r, done)
}

func withoutKeyLast(c clinic) {
	p := c.learner(mercy, "rivera")
	begun := c.begin(p, module(1), minute(50))
	zero := c.begin(p, module(2), minute(0))
	zero = c.save(zero, attemptAt(zero, "none right", 0, minute(1)))
	read := c.completed(p, module(3), "Dr. rivera", minute(-60*24*365*70)) // before 1970
	for _, o := range []app.Order{{By: app.OrderScore}, {By: app.OrderScore, Up: true}} {
		got := c.inPages(app.Filter{}, o, 1)
		zeroAt := slices.IndexFunc(got, func(r app.Record) bool { return r.ID == zero.ID })
		assert.Equal(c, map[bool]int{false: 0, true: 2}[o.Up], zeroAt, "0 percent is more than none")
	}
	got := c.inPages(app.Filter{}, app.Order{By: app.OrderCompletion}, 1)
	assert.Equal(c, read.ID, got[0].ID)
	assert.ElementsMatch(c, []app.RecordID{begun.ID, zero.ID}, ids(got[1:]))
	assert.Equal(c, []app.Record{zero}, c.inPages(app.Filter{ScoreBelow: 1}, app.Order{By: app.OrderScore, Up: true}, 1))
}

func newNameInOrder(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	c.begin(p, module(1), minute(0))
	last := c.begin(other, module(1), minute(0))
	p.Name = "aaron"
	c.signIn(p)
	begun := c.begin(person(mercy, "rivera"), module(2), minute(1)) // by a page that does not know of it
	byName := app.Order{By: app.OrderName, Up: true}
	got := c.inPages(app.Filter{}, byName, 1)
	assert.Equal(c, last.ID, got[2].ID)
	assert.Equal(c, "aaron", begun.Name)
	assert.Contains(c, got[:2], begun)
}
