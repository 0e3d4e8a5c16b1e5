package archivetest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

// RunMany tests that a store answers as it should with a hundred thousand
// records in it. open returns a new store with nothing in it, which RunMany closes.
func RunMany(t *testing.T, open func(t *testing.T) Both) {
	store := open(t)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	all := manyRecords(t, store)
	t.Run("each is downloaded once, in order", func(t *testing.T) { allDownloaded(t, store, all) })
	t.Run("they are counted by every filter", func(t *testing.T) { allCounted(t, store, all) })
	t.Run("a page goes on where another ended", func(t *testing.T) { pagesOfMany(t, store, all) })
	t.Run("one learner's are found", func(t *testing.T) { learnersOfMany(t, store, all) })
}

const (
	manyPeople = 2_000
	ofEach     = 50 // records
)

// manyRecords puts people and records, and returns those as they should be.
func manyRecords(t *testing.T, store Both) []app.Record {
	t.Helper()
	var people, records []archive.Item
	var all []app.Record
	for n := range manyPeople {
		p := person(fmt.Sprintf("learner-%05d", n))
		people = append(people, archive.Item{Kind: archive.People, Person: &archive.Person{Learner: p.Learner, Institution: p.Institution,
			Issuer: p.Issuer, Subject: p.Subject, Name: p.Name, Email: p.Email, NPI: p.NPI, Roles: []app.Role{},
			SignedInAt: p.SignedInAt, Sessions: []archive.Session{}}})
		for m := range ofEach {
			r := record(p, fmt.Sprintf("module-%02d", m))
			r.ActiveAt = minute(n % 977) // many at one time
			if m%2 == 0 {
				r.Completion = &app.Completion{Status: app.Passed, At: r.ActiveAt, Version: 1, Title: r.Title, Name: r.Name,
					Certificate: app.CertificateID("certificate of " + r.ID)}
			}
			all = append(all, r)
			records = append(records, archive.Item{Kind: archive.Records, Record: archived(r)})
		}
	}
	for _, items := range [][]archive.Item{people, records} {
		for part := range slices.Chunk(items, 1000) {
			require.NoError(t, store.Put(t.Context(), part))
		}
	}
	slices.SortFunc(all, func(a, b app.Record) int {
		return cmp.Or(b.ActiveAt.Compare(a.ActiveAt), strings.Compare(string(b.ID), string(a.ID)))
	})
	return all
}

func archived(r app.Record) *archive.Record {
	i := &archive.Record{ID: r.ID, Institution: r.Institution, Learner: r.Learner, Program: r.Program, Module: r.Module, Title: r.Title,
		Edition: r.Edition, Version: r.Version, StartedAt: r.StartedAt, ActiveAt: r.ActiveAt, ChangedAt: r.ChangedAt, Attempts: []archive.Attempt{}}
	if c := r.Completion; c != nil {
		i.Completion = &archive.Completion{Status: c.Status, At: c.At, Version: c.Version, Certificate: c.Certificate, Name: c.Name, Title: c.Title}
	}
	return i
}

func allDownloaded(t *testing.T, store Both, all []app.Record) {
	want := slices.Clone(all)
	slices.SortFunc(want, func(a, b app.Record) int { return strings.Compare(string(a.ID), string(b.ID)) })
	n := 0
	for r, err := range store.AllRecords(t.Context(), "mercy-lakes", app.Filter{}) {
		require.NoError(t, err)
		require.Equal(t, want[n], r)
		n++
	}
	assert.Len(t, all, n)
}

func allCounted(t *testing.T, store Both, all []app.Record) {
	for _, f := range []app.Filter{
		{}, {Status: app.Passed}, {Module: "module-07"}, {From: minute(100), To: minute(200)}, {Query: "LEARNER-0199"},
		{Status: app.InProgress, Query: "learner-00017", From: minute(1)}, {Module: "none"},
	} {
		want := 0
		for _, r := range all {
			if (f.Status == "" || r.Status() == f.Status) && (f.Module == "" || r.Module == f.Module) &&
				!r.ActiveAt.Before(f.From) && (f.To.IsZero() || r.ActiveAt.Before(f.To)) &&
				strings.Contains(r.Subject, strings.ToLower(f.Query)) {
				want++
			}
		}
		got, err := store.CountRecords(t.Context(), "mercy-lakes", f)
		require.NoError(t, err)
		assert.Equal(t, want, got, "%+v", f)
	}
}

func pagesOfMany(t *testing.T, store Both, all []app.Record) {
	for _, at := range []int{0, 1, 99, 50_000, 99_950} {
		var after app.Cursor
		if at > 0 {
			after = app.Order{}.After(all[at-1])
		}
		got, err := store.Records(t.Context(), "mercy-lakes", app.Filter{}, app.Order{}, after, 100)
		require.NoError(t, err)
		assert.Equal(t, all[at:min(at+100, len(all))], got, "from number %d on", at)
	}
}

func learnersOfMany(t *testing.T, store Both, all []app.Record) {
	p := person("learner-01234")
	var want []app.Record
	for _, r := range all {
		if r.Learner == p.Learner {
			want = append(want, r)
		}
	}
	got, err := store.LearnerRecords(t.Context(), p.Learner)
	require.NoError(t, err)
	assert.Equal(t, want, got)
}
