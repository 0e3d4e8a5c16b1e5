package app_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

// certified returns a certificate that somebody of mercy's has earned.
func (c *course) certified(subject string) (app.CertificateID, app.Person) {
	c.t.Helper()
	_, p := c.signIn("mercy", subject)
	err := c.Submit(c.t.Context(), p, app.Submission{Attempt: "attempt-1", Module: "greet", Answers: content.Answers{"q": {"yes"}}})
	require.NoError(c.t, err)
	r, err := c.Store.Record(c.t.Context(), app.NewRecordID(p.Learner, "greet", "2026"))
	require.NoError(c.t, err)
	require.NotNil(c.t, r.Completion)
	return r.Completion.Certificate, p
}

func TestAManagerWithdrawsACertificateOnceAndSaysWhy(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	id, ana := c.certified("ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	c.then()
	before, err := c.Certificate(t.Context(), id)
	require.NoError(t, err)
	require.NoError(t, c.Withdraw(t.Context(), boss, id, " Somebody else\r\n took\tthe quiz.  "))

	r, err := c.Certificate(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, &app.Withdrawal{At: c.time, Reason: "Somebody else took the quiz."}, r.Withdrawn)
	assert.Equal(t, before.Completion, r.Completion, "what it said stays")
	told := []string{"certificate_withdrawn mercy boss map[certificate:" + string(id) + " reason:Somebody else took the quiz. record:" + string(r.ID) + "]"}
	assert.Equal(t, told, c.trail(boss, app.EventFilter{Kind: app.CertificateWithdrawn}))

	learning, err := c.Learning(t.Context(), ana)
	require.NoError(t, err)
	require.Len(t, learning.Done, 1)
	assert.NotNil(t, learning.Done[0].Withdrawn, "the learner sees it too")

	c.then()
	assert.ErrorIs(t, c.Withdraw(t.Context(), boss, id, "Once more."), app.ErrConflict)
	again, err := c.Certificate(t.Context(), id)
	require.NoError(t, err)
	assert.Equal(t, r, again)
	assert.Len(t, c.trail(boss, app.EventFilter{Kind: app.CertificateWithdrawn}), 1)
}

func TestOnlyManagersOfItsInstitutionWithdrawACertificate(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	id, ana := c.certified("ana")
	for who, p := range map[string]app.Person{
		"its learner":         ana,
		"another's manager":   managerOf("harbor"),
		"an educator":         {Identity: app.Identity{Institution: "mercy", Roles: []app.Role{app.Educator}}},
		"an operator":         operator,
		"nobody who is known": {},
	} {
		assert.ErrorIs(t, c.Withdraw(t.Context(), p, id, "A reason."), app.ErrForbidden, who)
	}
	assert.ErrorIs(t, c.Withdraw(t.Context(), managerOf("mercy"), "nobody's", "A reason."), app.ErrNotFound)
	r, err := c.Certificate(t.Context(), id)
	require.NoError(t, err)
	assert.Nil(t, r.Withdrawn)
}

func TestAWithdrawalNeedsAReasonOfAtMost280Characters(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	for _, reason := range []string{"", " \r\n\t ", "\u200b\u202e", "\xff", strings.Repeat("ñ", 281)} {
		id, _ := c.certified("ana")
		assert.ErrorIs(t, c.Withdraw(t.Context(), managerOf("mercy"), id, reason), app.ErrInvalid, "%q", reason)
	}
	for subject, reason := range map[string]string{"bo": strings.Repeat("ñ", 280), "cy": strings.Repeat("ñ", 280) + "\r\n", "di": "x"} {
		id, _ := c.certified(subject)
		require.NoError(t, c.Withdraw(t.Context(), managerOf("mercy"), id, reason))
		r, err := c.Certificate(t.Context(), id)
		require.NoError(t, err)
		assert.Equal(t, strings.TrimSpace(reason), r.Withdrawn.Reason)
	}
}

func TestOfManagersWhoWithdrawACertificateAtOnceOneDoes(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	id, _ := c.certified("ana")
	_, boss := c.signIn("mercy", "boss", app.Manager)
	var done atomic.Int32
	var everybody sync.WaitGroup
	for range 8 {
		everybody.Go(func() {
			err := c.Withdraw(t.Context(), boss, id, "Somebody else took the quiz.")
			if err == nil {
				done.Add(1)
				return
			}
			assert.ErrorIs(t, err, app.ErrConflict)
		})
	}
	everybody.Wait()
	assert.EqualValues(t, 1, done.Load())
	assert.Len(t, c.trail(boss, app.EventFilter{Kind: app.CertificateWithdrawn}), 1)
}

// unwilling is a store that withdraws nothing.
type unwilling struct {
	app.Store
	err error
}

func (s unwilling) Withdraw(context.Context, app.CertificateID, app.Withdrawal, app.Event) error {
	return s.err
}

func TestWhatAStoreSaysOfAWithdrawalIsPassedOn(t *testing.T) {
	c := newCourse(t)
	c.publish(map[string]string{"greet": "Hello."})
	id, _ := c.certified("ana")
	store := c.Store
	for _, err := range []error{app.ErrConflict, app.ErrStoreAway, errors.New("the disk is full")} {
		c.Store = unwilling{store, err}
		assert.ErrorIs(t, c.Withdraw(t.Context(), managerOf("mercy"), id, "A reason."), err)
	}
}

func FuzzReasonLine(f *testing.F) {
	for _, reason := range []string{"", "A reason.", " a\r\nb\u2028c ", "\u200b\u202e", "\xff\xfe a"} {
		f.Add(reason)
	}
	f.Fuzz(func(t *testing.T, written string) {
		line := app.ReasonLine(written)
		assert.True(t, utf8.ValidString(line))
		assert.Equal(t, line, app.ReasonLine(line), "it is kept as it is")
		assert.NotContains(t, line, "  ")
		assert.False(t, strings.ContainsAny(line, "\r\n\t\u2028\u202e"))
	})
}
