package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
)

func records() []test {
	return []test{
		{"are begun without attempts or completion", recordBegun},
		{"are begun once", recordBegunOnce},
		{"begun again come back as they are", recordBegunAgain},
		{"are not found before they are begun", recordNotFound},
		{"of a learner come last active first", learnersRecords},
		{"of a learner who was active at one time come by descending id", learnersRecordsAtOneTime},
	}
}

func completions() []test {
	return []test{
		{"keep what they were given", completionComesBack},
		{"keep the credit that they carry, or that they carry none", creditComesBack},
		{"are found by their certificate", certified},
	}
}

func recordBegun(c clinic) {
	p := c.learner(mercy, "rivera")
	want := recordOf(p, module(1), minute(3))
	given := want
	given.Attempts, given.Score = 5, percent(100)
	done := completion(app.Passed, minute(4))
	given.Completion = &done

	got, err := c.store.Begin(c.Context(), given)
	require.NoError(c, err)
	assert.Equal(c, want, got)
	assert.Equal(c, want, c.record(want.ID))
	assert.Equal(c, app.InProgress, got.Status())
}

func recordBegunOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	first := c.begin(p, module(1), minute(3))
	later := recordOf(p, module(1), minute(30))
	later.Version, later.Title, later.Program = 7, "Another title", "another-program"

	got, err := c.store.Begin(c.Context(), later)
	require.NoError(c, err)
	assert.Equal(c, first, got)
	assert.Equal(c, first, c.record(first.ID))
	assert.Len(c, c.all(mercy, app.Filter{}), 1)
}

func recordBegunAgain(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	done := c.save(r, earning(attemptAt(r, "first", 3, minute(5))))
	assert.Equal(c, done, c.begin(p, module(1), minute(9)))
}

func recordNotFound(c clinic) {
	p := c.learner(mercy, "rivera")
	c.begin(p, module(1), minute(0))
	_, err := c.store.Record(c.Context(), app.NewRecordID(p.Learner, module(2), "2026"))
	assert.ErrorIs(c, err, app.ErrNotFound)
	_, err = c.store.Record(c.Context(), "")
	assert.ErrorIs(c, err, app.ErrNotFound)

	none, err := c.store.LearnerRecords(c.Context(), person(mercy, "okafor").Learner)
	assert.NoError(c, err, "having none is no fault")
	assert.Empty(c, none)
}

func learnersRecords(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	c.begin(other, module(1), minute(4))
	third := c.begin(p, module(1), minute(1))
	second := c.begin(p, module(2), minute(2))
	first := c.begin(p, module(3), minute(0))
	first = c.save(first, attemptAt(first, "late", 1, minute(3)))

	got, err := c.store.LearnerRecords(c.Context(), p.Learner)
	require.NoError(c, err)
	assert.Equal(c, []app.Record{first, second, third}, got)
}

func learnersRecordsAtOneTime(c clinic) {
	p := c.learner(mercy, "rivera")
	for n := range 20 {
		c.begin(p, module(n), minute(0))
	}
	got, err := c.store.LearnerRecords(c.Context(), p.Learner)
	require.NoError(c, err)
	require.Len(c, got, 20)
	for i := 1; i < len(got); i++ {
		assert.Greater(c, got[i-1].ID, got[i].ID)
	}
}

func completionComesBack(c clinic) {
	p := c.learner(mercy, "rivera")
	for n, score := range []*int{nil, percent(0), percent(1), percent(100)} {
		for i, status := range []app.Status{app.Passed, app.Read, app.TestedOut, app.Waived} {
			want := completion(status, minute(n))
			want.Score = score
			want.Version = 10 + i
			r := recordOf(p, module(10*n+i), minute(0))
			c.complete(r, want)
			got := c.record(r.ID)
			assert.Equal(c, &want, got.Completion)
			assert.Equal(c, status, got.Status())
			assert.Nil(c, got.Score, "the record's own score is that of attempts")
		}
	}
}

func creditComesBack(c clinic) {
	p := c.learner(mercy, "rivera")
	for n, credit := range []string{"", "0.25 AMA PRA Category 1 Credit™", "as long as a page: " + longName()[:4000]} {
		r := recordOf(p, module(n), minute(0))
		a := earning(attemptAt(r, app.AttemptID(r.Module), 4, minute(1)))
		a.Completion.Credit = credit
		want := c.save(r, a)
		assert.Equal(c, a.Completion, want.Completion)
		assert.Equal(c, want, c.save(r, a), "sent twice")

		later := earning(attemptAt(r, app.AttemptID("later "+r.Module), 4, minute(2)))
		later.Completion.Credit = "1 AMA PRA Category 1 Credit™"
		want.Attempts, want.ActiveAt = 2, minute(2)
		assert.Equal(c, want, c.save(r, later), "what the programme carries by then changes nothing")
		assert.Equal(c, want, c.record(r.ID))
		assert.Contains(c, c.all(mercy, app.Filter{}), want)
	}
}

func certified(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(prairie, "okafor")
	for _, p := range []app.Person{p, other} {
		done := completion(app.Passed, minute(1))
		want := c.complete(recordOf(p, module(1), minute(0)), done)
		c.begin(p, module(2), minute(0))
		got, err := c.store.CertifiedRecord(c.Context(), done.Certificate)
		require.NoError(c, err)
		assert.Equal(c, want, got)
	}
	for _, id := range []app.CertificateID{"", "nobody's", app.CertificateID(app.NewToken())} {
		_, err := c.store.CertifiedRecord(c.Context(), id)
		assert.ErrorIs(c, err, app.ErrNotFound, "%q", id)
	}
}
