package storetest

import (
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

func attempts() []test {
	return []test{
		{"count in the record that was begun", attemptCounts},
		{"begin the record where it was not", attemptBegins},
		{"raise the score and never lower it", attemptRaisesScore},
		{"leave the score empty where nothing is graded", attemptWithoutScore},
		{"move the last activity forward and never back", attemptMovesActivity},
		{"count once however often they are sent", attemptOnce},
		{"count once for a learner, whatever the module", attemptOnceForLearner},
		{"of two learners may have one id", attemptOfAnother},
		{"give the completion that they earn", attemptCompletes},
		{"give no second completion", attemptCompletesOnce},
		{"come back as they went in", attemptComesBack},
		{"are not found where there are none", attemptNotFound},
	}
}

func attemptCounts(c clinic) {
	p := c.learner(mercy, "rivera")
	want := c.begin(p, module(1), minute(0))
	other := c.begin(p, module(2), minute(0))
	want.Attempts, want.Score, want.ActiveAt, want.ChangedAt = 1, percent(50), minute(4), minute(4)

	got := c.save(recordOf(p, module(1), minute(4)), attemptAt(want, "first", 2, minute(4)))
	assert.Equal(c, want, got, "counted, and otherwise as it was begun")
	assert.Equal(c, want, c.record(want.ID))
	assert.Equal(c, other, c.record(other.ID), "the other module was not touched")
}

func attemptBegins(c clinic) {
	p := c.learner(mercy, "rivera")
	want := recordOf(p, module(1), minute(3))
	got := c.save(want, attemptAt(want, "first", 1, minute(4)))
	want.Attempts, want.Score, want.ActiveAt = 1, percent(25), minute(4)
	assert.Equal(c, want, got)
	assert.Equal(c, want, c.record(want.ID))
}

func attemptRaisesScore(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	assert.Nil(c, r.Score)
	steps := []struct {
		id          app.AttemptID
		right, best int
	}{
		{"none right", 0, 0}, {"two right", 2, 50}, {"one right", 1, 50},
		{"two again", 2, 50}, {"three right", 3, 75}, {"none again", 0, 75}, {"all right", 4, 100},
	}
	for n, step := range steps {
		got := c.save(r, attemptAt(r, step.id, step.right, minute(n+1)))
		assert.Equal(c, percent(step.best), got.Score, step.id)
		assert.Equal(c, n+1, got.Attempts, step.id)
		assert.Nil(c, got.Completion, "no attempt brought a completion")
	}
}

func attemptWithoutScore(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	ungraded := func(id app.AttemptID, n int) app.Attempt {
		a := attemptAt(r, id, 0, minute(n))
		a.Grade = content.Grade{}
		return a
	}
	assert.Nil(c, c.save(r, ungraded("first", 1)).Score)
	assert.Equal(c, percent(50), c.save(r, attemptAt(r, "second", 2, minute(2))).Score)
	got := c.save(r, ungraded("third", 3))
	assert.Equal(c, percent(50), got.Score, "nothing graded is no score of 0")
	assert.Equal(c, 3, got.Attempts)
}

func attemptMovesActivity(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(10))
	steps := []struct {
		id         app.AttemptID
		at, active int
	}{
		{"sent before it was begun here", 5, 10}, {"later", 20, 20}, {"at the same time", 20, 20},
		{"parked meanwhile", 15, 20}, {"latest", 30, 30},
	}
	for _, step := range steps {
		got := c.save(r, attemptAt(r, step.id, 1, minute(step.at)))
		assert.Equal(c, minute(step.active), got.ActiveAt, step.id)
		assert.Equal(c, minute(10), got.StartedAt, step.id)
	}
}

func attemptOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	sent := attemptAt(r, "first", 2, minute(4))
	want := c.save(r, sent)
	assert.Equal(c, want, c.save(r, sent))

	better := earning(attemptAt(r, "first", 4, minute(9)))
	better.Answers = content.Answers{"need": {"other"}}
	assert.Equal(c, want, c.save(r, better), "nor does it count with other answers")
	assert.Equal(c, want, c.record(r.ID))
	got, err := c.store.Attempt(c.Context(), p.Learner, "first")
	require.NoError(c, err)
	assert.Equal(c, sent, got)
}

func attemptOnceForLearner(c clinic) {
	p := c.learner(mercy, "rivera")
	first, second := c.begin(p, module(1), minute(0)), c.begin(p, module(2), minute(0))
	want := c.save(first, attemptAt(first, "one id", 2, minute(4)))

	assert.Equal(c, second, c.save(second, earning(attemptAt(second, "one id", 4, minute(5)))))
	assert.Equal(c, second, c.record(second.ID))
	assert.Equal(c, want, c.record(first.ID))

	third := recordOf(p, module(3), minute(6))
	_, err := c.store.SaveAttempt(c.Context(), third, attemptAt(third, "one id", 4, minute(6)))
	assert.ErrorIs(c, err, app.ErrNotFound, "a record that was not there is not begun by nothing")
	_, err = c.store.Record(c.Context(), third.ID)
	assert.ErrorIs(c, err, app.ErrNotFound)
}

func attemptOfAnother(c clinic) {
	var counted []app.Record
	for _, p := range []app.Person{c.learner(mercy, "rivera"), c.learner(mercy, "okafor"), c.learner(prairie, "rivera")} {
		r := c.begin(p, module(1), minute(0))
		counted = append(counted, c.save(r, attemptAt(r, "one id", 2, minute(4))))
	}
	for _, r := range counted {
		assert.Equal(c, 1, r.Attempts)
		a, err := c.store.Attempt(c.Context(), r.Learner, "one id")
		require.NoError(c, err)
		assert.Equal(c, r.ID, a.Record)
	}
}

func attemptCompletes(c clinic) {
	p := c.learner(mercy, "rivera")
	want := c.begin(p, module(1), minute(0))
	a := earning(attemptAt(want, "first", 4, minute(4)))
	want.Attempts, want.Score, want.ActiveAt, want.ChangedAt = 1, percent(100), minute(4), minute(4)
	want.Completion, want.Version, want.Title = a.Completion, a.Completion.Version, a.Completion.Title

	got := c.save(recordOf(p, module(1), minute(4)), a)
	assert.Equal(c, want, got)
	assert.Equal(c, want, c.record(want.ID))
	found, err := c.store.CertifiedRecord(c.Context(), a.Completion.Certificate)
	require.NoError(c, err)
	assert.Equal(c, want, found)

	unseen := recordOf(p, module(2), minute(5))
	b := earning(attemptAt(unseen, "second", 3, minute(6)))
	got = c.save(unseen, b)
	assert.Equal(c, b.Completion, got.Completion, "also in a record that it begins")
	assert.Equal(c, b.Completion.Version, got.Version)
	assert.Equal(c, b.Completion.Title, got.Title)
}

func attemptCompletesOnce(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	done := c.save(r, earning(attemptAt(r, "first", 3, minute(4))))

	again := earning(attemptAt(r, "second", 4, minute(5)))
	again.Completion.Version, again.Completion.Title, again.Completion.Status = 9, "Later", app.TestedOut
	got := c.save(r, again)
	want := done
	want.Attempts, want.Score, want.ActiveAt = 2, percent(100), minute(5)
	assert.Equal(c, want, got, "counted, with a better score, and completed as the first time")
	assert.Equal(c, want, c.record(r.ID))
	_, err := c.store.CertifiedRecord(c.Context(), again.Completion.Certificate)
	assert.ErrorIs(c, err, app.ErrNotFound)

	without := c.save(r, attemptAt(r, "third", 0, minute(6)))
	assert.Equal(c, done.Completion, without.Completion, "failing afterwards takes nothing away")
}

func attemptComesBack(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	for _, answers := range []content.Answers{
		nil,
		{},
		{"need": {"heard"}, "which": {"a", "c", "b"}},
		{"dots.in.ids": {"$set", "a.b"}, "": {""}},
	} {
		want := earning(attemptAt(r, app.AttemptID(app.NewToken()), 3, minute(4)))
		want.Answers, want.Version = answers, 12
		c.save(r, want)

		got, err := c.store.Attempt(c.Context(), p.Learner, want.ID)
		require.NoError(c, err)
		assert.Nil(c, got.Completion, "what an attempt earned stands in its record")
		want.Completion = nil
		if len(answers) == 0 {
			assert.Empty(c, got.Answers)
			got.Answers = want.Answers
		}
		assert.Equal(c, want, got)
	}
}

func attemptNotFound(c clinic) {
	p, other := c.learner(mercy, "rivera"), c.learner(mercy, "okafor")
	r := c.begin(p, module(1), minute(0))
	c.save(r, attemptAt(r, "first", 2, minute(4)))
	for _, k := range []struct {
		learner app.LearnerID
		id      app.AttemptID
	}{{p.Learner, "second"}, {other.Learner, "first"}, {p.Learner, ""}, {"", "first"}} {
		_, err := c.store.Attempt(c.Context(), k.learner, k.id)
		assert.ErrorIs(c, err, app.ErrNotFound)
	}
}
