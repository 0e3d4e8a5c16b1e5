package mongostore

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/content"
)

const (
	writers  = 16   // at once
	learners = 256  // of a round, each with a record of their own
	round    = 1024 // attempts in one way before it is the other's turn
)

// BenchmarkAttempt measures an attempt from the answers to the acknowledgement,
// as a page calls it, and in the same run the driver's bare findAndModify with
// upsert, of a document that has the same in it and no index: times-bare is how
// many of those one attempt takes.
func BenchmarkAttempt(b *testing.B) {
	w := newWard(b)
	t := trainingOn(b, w.Store)
	plain := w.db.Collection("plain")
	var ours, bare time.Duration
	sent := 0
	for b.Loop() {
		people := make([]app.Person, learners)
		inTurns(learners, func(i int) {
			people[i] = learnerNumber(sent + i)
			w.signIn(people[i])
			require.NoError(b, t.Begin(b.Context(), people[i], "greet"))
		})
		bare += inTurns(round, func(i int) { require.NoError(b, upsert(b.Context(), plain, people[i%learners], sent+i)) })
		ours += inTurns(round, func(i int) { require.NoError(b, t.Submit(b.Context(), people[i%learners], submission(sent+i))) })
		sent += round
	}
	b.ReportMetric(float64(sent)/ours.Seconds(), "attempts/s")
	b.ReportMetric(float64(sent)/bare.Seconds(), "bare-upserts/s")
	b.ReportMetric(ours.Seconds()/bare.Seconds(), "times-bare")
}

// inTurns calls f with the numbers below n, by all writers at once, and returns
// how long that took.
func inTurns(n int, f func(i int)) time.Duration {
	var next atomic.Int64
	var wait sync.WaitGroup
	began := time.Now()
	for range writers {
		wait.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				f(int(i))
			}
		})
	}
	wait.Wait()
	return time.Since(began)
}

func submission(n int) app.Submission {
	return app.Submission{Attempt: app.AttemptID(fmt.Sprint("attempt-", n)), Module: "greet", Version: 1,
		Answers: content.Answers{"q": {"yes"}, "r": {"no"}}}
}

// upsert adds an attempt as plainly as the driver can: once, in one document.
func upsert(ctx context.Context, in *mongo.Collection, p app.Person, n int) error {
	r := newRecordDoc(recordAt(p, "greet"))
	a := attemptNumber(r.record(), n)
	a.Answers = submission(n).Answers
	id := sentAttempt(a.ID)
	return in.FindOneAndUpdate(ctx,
		bson.D{{Key: "_id", Value: r.ID}, {Key: "sent", Value: bson.D{{Key: "$ne", Value: id}}}},
		bson.D{
			{Key: "$setOnInsert", Value: bson.D{
				{Key: "institution", Value: r.Institution}, {Key: "learner", Value: r.Learner}, {Key: "subject", Value: r.Called.Subject},
				{Key: "name", Value: r.Called.Name}, {Key: "email", Value: r.Called.Email}, {Key: "npi", Value: r.Called.NPI},
				{Key: "folded", Value: r.Keys.Folded}, {Key: "named", Value: 1}, {Key: "program", Value: r.Program}, {Key: "module", Value: r.Module},
				{Key: "title", Value: r.Title}, {Key: "edition", Value: r.Edition}, {Key: "version", Value: 1}, {Key: "older", Value: 0},
				{Key: "started_at", Value: r.Started}, {Key: "status", Value: r.Status}}},
			{Key: "$inc", Value: bson.D{{Key: "counted", Value: 1}}},
			{Key: "$max", Value: bson.D{{Key: "score", Value: 50}, {Key: "active_at", Value: a.At}}},
			{Key: "$push", Value: bson.D{{Key: "attempts", Value: newHeldAttempt(a)}, {Key: "sent", Value: id}}},
		},
		options.FindOneAndUpdate().SetUpsert(true).SetReturnDocument(options.After).SetProjection(withoutAttempts())).Err()
}

// trainingOn returns a Training with one module of two questions. The pass mark
// is out of reach of the answers that are sent.
func trainingOn(b *testing.B, s *Store) *app.Training {
	b.Helper()
	lib, findings, err := content.Load(fstest.MapFS{
		"first-5-minutes/program.md":      {Data: []byte("---\ntitle: First\naudience: Physicians\norder: [greet]\n---\n\nA programme.\n")},
		"first-5-minutes/greet/module.md": {Data: []byte(greet)},
	})
	require.NoError(b, err)
	require.Empty(b, findings)
	t := &app.Training{Store: s, Institutions: []app.Institution{{ID: "mercy-lakes", Name: "Mercy Lakes"}}, Now: time.Now,
		SessionIdle: app.DefaultSessionIdle, SessionLife: app.DefaultSessionLife}
	_, err = t.Publish(b.Context(), lib, "benchmark")
	require.NoError(b, err)
	require.NoError(b, t.Load(b.Context()))
	return t
}

const greet = `---
title: Greet
summary: A module.
minutes: 2
edition: "2026"
objectives: [Learn]
authors: [A. Educator]
pass: 80
---

## A card {#card}

You greet.

## A question {#q}

- [x] Yes

  Indeed.
- [ ] No

  Not so.

## Another {#r}

- [x] Yes

  Indeed.
- [ ] No

  Not so.
`
