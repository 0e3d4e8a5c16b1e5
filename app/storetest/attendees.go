package storetest

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

func attendees() []test {
	return []test{
		{"are read by their ids", personRead},
		{"come by name, whole and in pages", peopleByName},
		{"who have not begun an edition are chosen", peopleNotBegun},
		{"who have come from elsewhere have begun nothing here", notBegunHere},
		{"are found by address and subject, and by nothing else", peopleNamed},
		{"are found a thousand at once", thousandNamed},
		{"who have been away longest come first", awayLongest},
		{"have their attempts, the oldest first", attemptsOfALearner},
	}
}

func personRead(c clinic) {
	want := person(mercy, "rivera")
	want.Roles = []app.Role{app.Manager, app.Educator}
	c.signIn(want)
	c.learner(mercy, "okafor")
	assert.Equal(c, want, c.personBy(want.Learner))
	want.Name, want.Roles, want.SignedInAt = "", nil, minute(9)
	c.signIn(want)
	assert.Equal(c, want, c.personBy(want.Learner))
	for _, learner := range []app.LearnerID{"", "nobody", person(prairie, "rivera").Learner} {
		_, err := c.store.Person(c.Context(), learner)
		assert.ErrorIs(c, err, app.ErrNotFound)
	}
}

// staff signs people in, of whom one has left and two are another institution's,
// and returns mercy's by name.
func (c clinic) staff() []app.Person {
	c.Helper()
	var all []app.Person
	for n, name := range []string{"Zoe Adler", "Émile Zola", "emil Zorn", "", "ana", "Ana", "ANA", "Ольга", "李", "gone"} {
		p := person(mercy, fmt.Sprintf("S-%d", n))
		p.Name, p.Email = name, fmt.Sprintf("Person.%d@Mercy.Example", n)
		c.signIn(p)
		if name == "gone" {
			c.erase(p.Learner, minute(1))
			continue
		}
		all = append(all, p)
	}
	c.learner(prairie, "S-1")
	c.learner(prairie, "other")
	slices.SortFunc(all, func(a, b app.Person) int {
		if a.NameKey() != b.NameKey() {
			return strings.Compare(a.NameKey(), b.NameKey())
		}
		return strings.Compare(string(a.Learner), string(b.Learner))
	})
	return all
}

func (c clinic) people(i app.InstitutionID, f app.PersonFilter, after app.PersonCursor, limit int) []app.Person {
	c.Helper()
	page, err := c.store.People(c.Context(), i, f, after, limit)
	require.NoError(c, err)
	require.LessOrEqual(c, len(page), limit)
	return plainRoles(page)
}

func plainRoles(all []app.Person) []app.Person {
	for i := range all {
		all[i].Roles = append([]app.Role(nil), all[i].Roles...)
	}
	return all
}

// samePeople makes sure that a filter chooses these, whole, in pages and counted.
func (c clinic) samePeople(want []app.Person, f app.PersonFilter) {
	c.Helper()
	for _, limit := range []int{1, 2, 3, 100} {
		var got []app.Person
		after := app.PersonCursor{}
		for {
			page := c.people(mercy, f, after, limit)
			got = append(got, page...)
			if len(page) < limit {
				break
			}
			after = app.AfterPerson(page[limit-1])
		}
		assert.Equal(c, want, got, "%+v by %d", f, limit)
	}
	n, err := c.store.CountPeople(c.Context(), mercy, f)
	require.NoError(c, err)
	assert.Equal(c, len(want), n, "%+v", f)
}

func peopleByName(c clinic) {
	all := c.staff()
	c.samePeople(all, app.PersonFilter{})
	assert.Equal(c, []string{"", "", ""}, []string{all[0].Name[3:], all[1].Name[3:], all[2].Name[3:]}, "three are called Ana")
	for query, names := range map[string][]string{
		"ana": {"ana", "Ana", "ANA"}, "ÉMIL": {"Émile Zola"}, "s-3": {""}, "mercy.EXAMPLE": nil, "PERSON.7": {"Ольга"}, "nobody": {}, "gone": {}, "%": {},
	} {
		var want []app.Person
		for _, p := range all {
			if names == nil || slices.Contains(names, p.Name) {
				want = append(want, p)
			}
		}
		c.samePeople(want, app.PersonFilter{Query: query})
	}
	assert.Empty(c, c.people("", app.PersonFilter{}, app.PersonCursor{}, 10))
	assert.Len(c, c.people(prairie, app.PersonFilter{}, app.PersonCursor{}, 10), 2)
	assert.Equal(c, all[5:], c.people(mercy, app.PersonFilter{}, app.PersonCursor{Key: all[4].NameKey(), Learner: all[4].Learner + "~"}, 10), "after somebody who is not there")
}

func peopleNotBegun(c clinic) {
	all := c.staff()
	for n, p := range all {
		switch n % 4 {
		case 0:
			c.begin(p, module(1), minute(0))
		case 1:
			c.certifiedRecord(p, module(1))
		case 2:
			r := recordOf(p, module(1), minute(0))
			r.Edition, r.ID = "2027", app.NewRecordID(p.Learner, module(1), "2027")
			c.beginAs(r)
		}
	}
	var not, anas []app.Person
	for n, p := range all {
		if n%4 >= 2 {
			not = append(not, p)
			if contains(p.Name, "ana") {
				anas = append(anas, p)
			}
		}
	}
	ref := app.EditionRef{Module: module(1), Edition: "2026"}
	c.samePeople(not, app.PersonFilter{NotBegun: ref})
	c.samePeople(anas, app.PersonFilter{NotBegun: ref, Query: "ANA"})
	c.samePeople(all, app.PersonFilter{NotBegun: app.EditionRef{Module: module(2), Edition: "2026"}})
	c.waive(recordOf(not[0], module(1), minute(3)), minute(3))
	c.samePeople(not[1:], app.PersonFilter{NotBegun: ref})
}

func notBegunHere(c clinic) {
	p := c.learner(prairie, "rivera")
	c.certifiedRecord(p, module(1))
	p = c.move(p, mercy, minute(40))
	for n := range 2 {
		c.samePeople([]app.Person{p}, app.PersonFilter{NotBegun: app.EditionRef{Module: module(n + 1), Edition: "2026"}})
	}
	c.begin(p, module(2), minute(41))
	c.samePeople(nil, app.PersonFilter{NotBegun: app.EditionRef{Module: module(2), Edition: "2026"}})
	c.samePeople([]app.Person{p}, app.PersonFilter{NotBegun: app.EditionRef{Module: module(1), Edition: "2026"}})
}

func (c clinic) named(names ...string) []app.Person {
	c.Helper()
	found, err := c.store.PeopleNamed(c.Context(), mercy, names)
	require.NoError(c, err)
	return plainRoles(found)
}

func peopleNamed(c clinic) {
	all := c.staff()
	named := func(names ...string) []string {
		c.Helper()
		subjects := []string{}
		for _, p := range c.named(names...) {
			subjects = append(subjects, p.Subject)
		}
		return subjects
	}
	for _, k := range []struct{ names, want []string }{
		{nil, []string{}}, {[]string{""}, []string{}}, {[]string{"nobody", "Zoe Adler", "Person", "%"}, []string{}},
		{[]string{"PERSON.1@mercy.example"}, []string{"S-1"}}, {[]string{"S-1"}, []string{"S-1"}}, {[]string{"s-1"}, []string{}},
		{[]string{"S-1", "person.1@mercy.example", "S-1"}, []string{"S-1"}}, {[]string{"S-9", "person.9@mercy.example"}, []string{}},
		{[]string{"S-0", "person.8@MERCY.EXAMPLE", "other", "S-2"}, []string{"S-2", "S-0", "S-8"}},
	} {
		assert.Equal(c, k.want, named(k.names...), "%q", k.names)
	}
	p := all[0]
	p.Email = "ÉLOÏSE@mercy.example"
	c.signIn(p)
	assert.Equal(c, []app.Person{p}, c.named("éloïse@MERCY.example"))
	p.Email = ""
	c.signIn(p)
	assert.Empty(c, c.named("éloïse@mercy.example", ""), "who has no address is not called by none")
}

func thousandNamed(c clinic) {
	var names []string
	for n := range 1000 {
		if n%50 == 0 {
			c.learner(mercy, fmt.Sprint("learner-", n))
		}
		name := fmt.Sprint("learner-", n)
		if n%100 == 0 {
			name += "@MERCY-LAKES.example"
		}
		names = append(names, name)
	}
	found := c.named(names...)
	assert.Len(c, found, 20)
	assert.True(c, slices.IsSortedFunc(found, func(a, b app.Person) int { return strings.Compare(a.NameKey(), b.NameKey()) }))
}

func awayLongest(c clinic) {
	var all []app.Person
	for n := range 9 {
		p := person(mercy, fmt.Sprint("learner-", n))
		p.SignedInAt = minute(n / 2)
		c.signIn(p)
		all = append(all, p)
	}
	other := person(prairie, "theirs")
	other.SignedInAt = minute(-9)
	c.signIn(other)
	slices.SortFunc(all, func(a, b app.Person) int {
		if !a.SignedInAt.Equal(b.SignedInAt) {
			return a.SignedInAt.Compare(b.SignedInAt)
		}
		return strings.Compare(string(a.Learner), string(b.Learner))
	})
	away := func(before time.Time, limit int) []app.LearnerID {
		c.Helper()
		people, err := c.store.LeftBefore(c.Context(), mercy, before, limit)
		require.NoError(c, err)
		learners := []app.LearnerID{}
		for _, p := range people {
			learners = append(learners, p.Learner)
			assert.Equal(c, c.personBy(p.Learner), plainRoles([]app.Person{p})[0])
		}
		return learners
	}
	var want []app.LearnerID
	for _, p := range all {
		want = append(want, p.Learner)
	}
	assert.ElementsMatch(c, want[:4], away(minute(2), 100), "who came at that time has not left before it")
	assert.ElementsMatch(c, want, away(minute(5), 100))
	assert.ElementsMatch(c, want[:2], away(minute(5), 2))
	assert.Empty(c, away(minute(0), 100))
	c.erase(all[0].Learner, minute(30))
	back := all[2]
	back.SignedInAt = minute(31)
	c.signIn(back)
	assert.ElementsMatch(c, []app.LearnerID{want[1], want[3]}, away(minute(2), 100), "nor who was erased, nor who came back")
}

func attemptsOfALearner(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	first, second, theirs := c.begin(p, module(1), minute(0)), c.begin(p, module(2), minute(0)), c.begin(other, module(1), minute(0))
	var want []app.Attempt
	for n := range 25 {
		r := []app.Record{first, second}[n%2]
		a := attemptAt(r, attemptNumber(n), n%5, minute(40-n/2))
		a.Answers = content.Answers{"need": {fmt.Sprint(n)}}
		c.save(r, earning(a))
		want = append(want, a)
	}
	c.save(theirs, attemptAt(theirs, "theirs", 1, minute(1)))
	c.park(parked(p, "waits", 1))
	slices.SortFunc(want, func(a, b app.Attempt) int {
		if !a.At.Equal(b.At) {
			return a.At.Compare(b.At)
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	got, err := c.store.LearnerAttempts(c.Context(), p.Learner)
	require.NoError(c, err)
	assert.Equal(c, want, got)
	none, err := c.store.LearnerAttempts(c.Context(), "nobody")
	require.NoError(c, err, "having none is no fault")
	assert.Empty(c, none)
}
