package site_test

import (
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// follow makes changes of every kind, by replicas whose clocks are behind, while a
// system follows them: it is told of each one, and has in the end what there is.
func (c *comparison) follow(times int) {
	c.t.Helper()
	have, changed := map[string][]string{}, map[app.RecordID]bool{}
	rows, since := c.fetch("/api/v1/records?", 1+c.chance.IntN(60))
	take := func() {
		for _, row := range rows {
			have[row[0]] = row
			delete(changed, app.RecordID(row[0]))
		}
	}
	take()
	for n := range times {
		for _, id := range c.change(changes()[n%len(changes())]) {
			changed[id] = true
		}
		c.clock.pass(time.Duration(c.chance.Int64N(int64(40 * time.Second))))
		if c.chance.IntN(4) == 0 {
			rows, since = c.fetch("/api/v1/records?since="+since, 1+c.chance.IntN(20))
			take()
		}
	}
	c.settled()
	rows, since = c.fetch("/api/v1/records?since="+since, 1+c.chance.IntN(20))
	take()
	assert.Empty(c.t, changed, "what has changed is told")
	want := map[string][]string{}
	for _, row := range rowsOf(c.stored(c.at, app.Filter{})) {
		want[row[0]] = row
	}
	assert.Equal(c.t, want, have, "whoever follows has what there is")
	rows, _ = c.fetch("/api/v1/records?since="+since, 5)
	assert.Empty(c.t, rows, "and nothing is told twice")
}

func changes() []string {
	return []string{"begun", "attempt", "waived", "withdrawn", "renamed", "left", "came back"}
}

// change makes a change of that kind to some record that it fits, and says which
// records show it.
func (c *comparison) change(kind string) []app.RecordID {
	c.t.Helper()
	at := c.now().Add(-time.Duration(c.chance.IntN(30_000)) * time.Millisecond)
	told := app.Event{ID: app.EventID(app.NewToken()), At: at, Institution: c.at, Kind: app.ModuleWaived}
	r := pick(c.chance, fit(kind, c.stored(c.at, app.Filter{})))
	r.ChangedAt = at
	ctx := c.t.Context()
	var err error
	switch kind {
	case "begun":
		r.Edition, r.Completion, r.Withdrawn, r.StartedAt, r.ActiveAt = "2030-"+app.NewToken()[:4], nil, nil, at, at
		r.ID = app.NewRecordID(r.Learner, r.Module, r.Edition)
		_, err = c.store.Begin(ctx, r)
	case "attempt":
		_, err = c.store.SaveAttempt(ctx, r, c.try(r, at))
	case "waived":
		_, err = c.store.Complete(ctx, r, app.Completion{Status: app.Waived, At: at, Version: r.Version, Name: r.Name, Title: r.Title, Reason: "Knows it."}, told)
	case "withdrawn":
		err = c.store.Withdraw(ctx, r.Completion.Certificate, app.Withdrawal{At: at, Reason: "By mistake."}, told)
	case "left":
		require.NoError(c.t, c.store.Erase(ctx, app.Erasure{Learner: r.Learner, At: at}, told))
		return c.recordsOf(r.Learner)
	default:
		return c.renamed(r.Learner, at)
	}
	require.NoError(c.t, err, "%s %s", kind, r.ID)
	return []app.RecordID{r.ID}
}

// fit returns the records to which a kind of change can happen.
func fit(kind string, all []app.Record) []app.Record {
	return slices.DeleteFunc(all, func(r app.Record) bool {
		switch kind {
		case "came back":
			return !r.Former
		case "withdrawn":
			return r.Completion == nil || r.Completion.Certificate == "" || r.Withdrawn != nil
		case "waived":
			return r.Former || r.Completion != nil
		}
		return r.Former
	})
}

// try is an attempt at a record, which may complete it.
func (c *comparison) try(r app.Record, at time.Time) app.Attempt {
	right := c.chance.IntN(21)
	a := app.Attempt{ID: app.AttemptID(app.NewToken()), Record: r.ID, Learner: r.Learner, Module: r.Module, Version: r.Version, Grade: content.Grade{Right: right, Graded: 20}, At: at}
	if score := a.Grade.Score(); score >= 80 {
		a.Completion = &app.Completion{
			Status: app.Passed, At: at, Version: r.Version, Score: &score, Certificate: app.CertificateID(app.NewToken()), Attempt: a.ID,
			Name: r.Name, Title: r.Title, Institution: "Mercy Lakes Health",
		}
	}
	return a
}

// renamed signs somebody in: under another name, or none, unless they had left.
func (c *comparison) renamed(learner app.LearnerID, at time.Time) []app.RecordID {
	c.t.Helper()
	id := c.known[learner]
	before, err := c.store.Person(c.t.Context(), learner)
	require.NoError(c.t, err)
	for id.Name == before.Name && before.ErasedAt.IsZero() {
		id.Name = pick(c.chance, oddTexts())
	}
	p := app.Person{Learner: learner, Identity: id, SignedInAt: at}
	s := app.Session{Hash: app.SessionHash(app.NewToken()), Learner: learner, CreatedAt: at, SeenAt: at}
	require.NoError(c.t, c.store.SignIn(c.t.Context(), p, s, func(app.Person) []app.Event { return nil }))
	return c.recordsOf(learner)
}

func (c *comparison) recordsOf(learner app.LearnerID) []app.RecordID {
	c.t.Helper()
	records, err := c.store.LearnerRecords(c.t.Context(), learner)
	require.NoError(c.t, err)
	return idsOf(records)
}
