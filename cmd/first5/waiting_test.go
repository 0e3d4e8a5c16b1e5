package main

import (
	"bytes"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"first5/app/archive"
)

func TestThatTheDatabaseDoesNotAnswerIsToldAtOnceAndThenEverMoreRarely(t *testing.T) {
	now := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	begun := now
	var told []time.Duration
	var said string
	w := waiting{
		now:  func() time.Time { return now },
		hide: func(err error) error { return err },
		tell: func(what, more string) { told, said = append(told, now.Sub(begun)), what+"|"+more },
	}
	w.over()
	assert.Empty(t, told, "who need not wait is told nothing")
	for range 1200 { // ten times a second, for two minutes
		w.failed(errors.New("refused,\n\tby everybody"))
		now = now.Add(100 * time.Millisecond)
	}
	assert.Equal(t, []time.Duration{0, 1 * time.Second, 3 * time.Second, 7 * time.Second, 15 * time.Second, 31 * time.Second,
		61 * time.Second, 91 * time.Second}, told)
	assert.Equal(t, "the database does not answer yet|refused, by everybody", said, "in one line")
	w.over()
	assert.Equal(t, "the database answers now|", said)
}

func TestWhyADatabaseDoesNotAnswerIsSaidInShort(t *testing.T) {
	const none = "waiting for the database: the store is away: server selection error: server selection timeout, current topology: { "
	for text, want := range map[string]string{
		none + "Type: Unknown, Servers: [{ Addr: db:1, Type: Unknown, Last error: dial tcp 127.0.0.1:1: connect: connection refused }, ] }": "connection refused",
		none + "Type: Unknown, Servers: [{ Addr: db:1, Type: Unknown, Last error: dial tcp: lookup db on 10.0.0.1:53: no such host }, ] }":  "no such host",
		none + "Type: ReplicaSetNoPrimary, Servers: [{ Addr: db:1, Type: RSSecondary }, ] }":                                                "the replica set has no primary",
		none + "Type: Unknown, Servers: [{ Addr: db:1, Type: Unknown }, ] }":                                                                "there was no answer",
		"lookup db.first5.invalid: no such host":                                                                                            "lookup db.first5.invalid: no such host",
	} {
		assert.Equal(t, want, cause(errors.New(text)))
	}
}

func TestAFirstTryThatTakesLongIsToldOfWhileItLasts(t *testing.T) {
	told := make(chan string, 1)
	w := waiting{
		now:  time.Now,
		hide: func(err error) error { return err },
		tell: func(what, more string) { told <- what + ": " + more },
	}
	end := w.begin()
	assert.Equal(t, "the database does not answer yet: there was no answer in the first second", <-told)
	end()
	w.failed(errors.New("late"))
	assert.Empty(t, told, "nothing is told any more in the end")
}

func TestALongMoveSaysNowAndThenHowFarItIs(t *testing.T) {
	now := time.Date(2026, 10, 1, 9, 0, 0, 0, time.UTC)
	var out bytes.Buffer
	p := newProgress(&out, func() time.Time { return now })
	for n := range 131 { // ten a second
		p.told(archive.Records, n)
		now = now.Add(100 * time.Millisecond)
	}
	assert.Equal(t, "record: 50 so far\nrecord: 100 so far\n", out.String(), "and a short one says nothing")
}
