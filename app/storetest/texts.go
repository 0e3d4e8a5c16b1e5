package storetest

import (
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/content"
)

func texts() []test {
	return []test{
		{"of people come back as they went in", textsOfPeople},
		{"of sessions and what is used once come back as they went in", textsOfSessions},
		{"of events come back as they went in", textsOfEvents},
		{"of records and completions come back as they went in", textsOfRecords},
		{"of withdrawals come back as they went in", textsOfWithdrawals},
		{"of workbooks come back as they went in", textsOfWorkbooks},
		{"of answers come back as they went in", textsOfAnswers},
		{"of publications come back as they went in", textsOfPublications},
		{"may be as long as a book", textsAsLongAsABook},
	}
}

// anyText are texts that are not what a developer types.
func anyText() []string {
	return []string{
		"Dr. 🩺👩🏽‍⚕️ Rivera", "e\u0301 is not \u00e9", "עברית and عربي \u202bmixed\u202c", "漢字かな交じり",
		strings.Repeat("ü", 10_000), `'single' "double" \back\ ; -- ' OR 1=1`, "line\nbreak\r\nand\ttab",
		" blanks around ", "<b>&amp;</b>\u2028\u2029", "\ufeffBOM and \u0001 control", "$dollar.dot{brace}", "null", "0", "\U0010ffff",
	}
}

func textsOfPeople(c clinic) {
	for _, text := range anyText() {
		p := person(mercy, text)
		p.Name, p.Email, p.NPI = text, text, text
		p.Roles = []app.Role{app.Role(text), app.Manager}
		s := c.signIn(p)
		assert.Equal(c, p, c.personOf(s))
		r := c.begin(p, module(1), minute(0))
		assert.Equal(c, text, r.Name)
		assert.Equal(c, text, r.Email)
		assert.Equal(c, text, r.NPI)
		assert.Equal(c, text, r.Subject)
		if !strings.ContainsAny(text, "\n") {
			assert.Contains(c, c.finds(text), text)
		}
	}
}

func textsOfSessions(c clinic) {
	p := person(mercy, "rivera")
	for _, text := range anyText() {
		s := sessionOf(p, minute(0))
		s.Hash, s.Provider, s.LogoutHint = app.SessionHash(text), app.ProviderSession(text), text
		c.signInAs(p, s)
		got, _, err := c.store.Session(c.Context(), s.Hash)
		require.NoError(c, err)
		assert.Equal(c, withoutHint(s), got)
		for _, which := range []app.SessionFilter{{Hash: s.Hash}, {Learner: s.Learner}, {Provider: s.Provider}} {
			assert.Equal(c, []app.Session{s}, c.end(which))
			c.signInAs(p, s)
		}
		c.end(app.SessionFilter{Hash: s.Hash})

		require.NoError(c, c.use(app.OnceKey(text), minute(1)))
		assert.ErrorIs(c, c.use(app.OnceKey(text), minute(1)), app.ErrConflict)
	}
}

func textsOfEvents(c clinic) {
	for n, text := range anyText() {
		p := person(app.InstitutionID(text), text)
		p.Name = text
		c.signIn(p)
		want := eventOf(p, app.EventID(text), minute(n))
		want.Kind, want.Details = app.EventKind(text), app.Details{text: text, "": text, "empty": ""}
		c.add(want)
		for _, f := range []app.EventFilter{{Institution: want.Institution}, {Kind: want.Kind}, {Learner: want.Learner}} {
			assert.Equal(c, []app.Event{want}, c.events(f))
		}
	}
}

func textsOfRecords(c clinic) {
	p := c.learner(mercy, "rivera")
	for _, text := range anyText() {
		want := recordOf(p, text, minute(0))
		want.Program, want.Title, want.Edition = text, text, text
		got, err := c.store.Begin(c.Context(), want)
		require.NoError(c, err)
		assert.Equal(c, want, got)

		a := earning(attemptAt(want, app.AttemptID(app.NewToken()), 4, minute(1)))
		a.Completion.Name, a.Completion.Title, a.Completion.Institution = text, text, text
		a.Completion.Credit = text
		assert.Equal(c, a.Completion, c.save(want, a).Completion)
		for _, f := range []app.Filter{{Program: text}, {Module: text}} {
			got := c.listed(mercy, f, app.Cursor{}, 10)
			require.Len(c, got, 1)
			assert.Equal(c, c.record(want.ID), got[0])
		}
	}
}

func textsOfWithdrawals(c clinic) {
	p := c.learner(mercy, "rivera")
	for n, text := range append(anyText(), "") {
		done := completion(app.Passed, minute(1))
		done.Certificate = app.CertificateID("certificate " + text)
		want := c.complete(recordOf(p, module(n), minute(0)), done)
		w, told := withdrawal(want, 2)
		w.Reason = text
		require.NoError(c, c.store.Withdraw(c.Context(), done.Certificate, w, told))
		want.Withdrawn, want.ChangedAt = &w, w.At
		c.everywhere(want)
	}
}

func textsOfWorkbooks(c clinic) {
	p := c.learner(mercy, "rivera")
	for _, text := range anyText() {
		want := workbookOf(p, text)
		want.Edition, want.Title, want.Card = text, text, text
		want.Reflections = []app.Reflection{{ID: text, Prompt: text, Text: text, At: minute(1)}, {ID: "", Prompt: "", Text: text, At: minute(1)}}
		want.Commitments = []app.Commitment{{Text: text, At: minute(1)}, {Text: "", At: minute(1)}}
		c.saveWorkbook(want)
		assert.Equal(c, want, c.workbook(p, text))
	}
	assert.Len(c, c.workbooksOf(p), len(anyText()))
}

func textsOfAnswers(c clinic) {
	p := c.learner(mercy, "rivera")
	r := c.begin(p, module(1), minute(0))
	for _, text := range anyText() {
		want := attemptAt(r, app.AttemptID("counted "+text), 1, minute(1))
		want.Module, want.Answers = text, content.Answers{text: {text, "", text}}
		c.save(r, want)
		got, err := c.store.Attempt(c.Context(), p.Learner, want.ID)
		require.NoError(c, err)
		assert.Equal(c, want, got)

		waits := parked(p, app.AttemptID("parked "+text), 1)
		waits.Module, waits.Answers = text, content.Answers{text: {text}}
		c.park(waits)
		assert.Contains(c, c.parkedBy(p), waits)
	}
}

func textsOfPublications(c clinic) {
	for n, text := range anyText() {
		v := version(app.ModuleVersion, text, 1)
		v.Program, v.Hash = text, text
		v.Source = content.Source{{Name: text, Data: []byte(text)}}
		p := publication(n+1, v)
		p.Origin = text
		require.NoError(c, c.store.Publish(c.Context(), p, []app.Version{v}, published(p)))
		assert.Equal(c, p, c.lastPublication())
		assert.Contains(c, c.versions(), heads(v)[0])
		assert.Equal(c, v.Source, c.source(v))
	}
}

// longName is the name of somebody who pasted a book into their profile.
func longName() string { return strings.Repeat("Ana Éluard ", 20_000) }

func textsAsLongAsABook(c clinic) {
	p := person(mercy, "rivera")
	p.Name = longName()
	s := c.signIn(p)
	assert.Equal(c, p, c.personOf(s))
	want := c.begin(p, module(1), minute(0))
	assert.Equal(c, p.Name, want.Name)
	assert.Equal(c, []app.Record{want}, c.listed(mercy, app.Filter{Query: "éluard ana"}, app.Cursor{}, 10))
	assert.Equal(c, []app.Record{want}, c.all(mercy, app.Filter{}))

	done := completion(app.Passed, minute(1))
	done.Name = p.Name
	want = c.complete(want, done)
	assert.Equal(c, p.Name, want.Completion.Name)
	assert.Equal(c, want, c.record(want.ID))

	w := workbookOf(p, module(1))
	w.Reflections[0].Text, w.Commitments[1].Text = longName(), longName()
	c.saveWorkbook(w)
	assert.Equal(c, w, c.workbook(p, module(1)))
}

func times() []test {
	return []test{
		{"come back in UTC, cut to the millisecond", timesCut},
		{"before 1970 and far ahead are times as any other", timesFar},
		{"that differ by a millisecond keep their order", timesInOrder},
	}
}

func timesCut(c clinic) {
	zone := time.FixedZone("far west", -10*3600)
	given := time.Date(2026, 10, 1, 9, 30, 0, 123_999_999, zone)
	want := time.Date(2026, 10, 1, 19, 30, 0, 123_000_000, time.UTC)
	c.roundTrip(given, want)
}

func timesFar(c clinic) {
	for _, at := range []time.Time{
		time.Date(1969, 12, 31, 23, 59, 59, 999_000_000, time.UTC),
		time.Date(1936, 2, 29, 0, 0, 0, 1_000_000, time.UTC),
		time.Date(2400, 2, 29, 0, 0, 0, 0, time.UTC),
	} {
		c.roundTrip(at, at)
	}
}

// roundTrip puts a time everywhere that a store takes one.
func (c clinic) roundTrip(given, want time.Time) {
	c.Helper()
	p := person(mercy, app.NewToken())
	p.SignedInAt = given
	s := sessionOf(p, given)
	c.signInAs(p, s)
	require.NoError(c, c.store.TouchSession(c.Context(), s.Hash, given))
	session, got, err := c.store.Session(c.Context(), s.Hash)
	require.NoError(c, err)

	happened := eventOf(p, app.EventID(app.NewToken()), given)
	c.add(happened)
	found := c.events(app.EventFilter{Learner: p.Learner, From: given, To: given.Add(time.Millisecond)})
	require.Len(c, found, 1)

	r := c.begin(p, module(1), given)
	r = c.save(r, earning(attemptAt(r, "first", 4, given)))
	a, err := c.store.Attempt(c.Context(), p.Learner, "first")
	require.NoError(c, err)
	waits := parked(p, "second", 0)
	waits.At = given
	c.park(waits)
	w := app.Withdrawal{At: given, Reason: "It was somebody else's quiz."}
	require.NoError(c, c.store.Withdraw(c.Context(), r.Completion.Certificate, w, event(app.EventID(app.NewToken()), given)))
	book := c.bookAt(p, given)

	v := version(app.ModuleVersion, app.NewToken(), 1)
	v.At = given
	next := publication(1, v)
	last, err := c.store.LastPublication(c.Context())
	if err == nil {
		next.Number = last.Number + 1
	}
	next.At = given
	require.NoError(c, c.store.Publish(c.Context(), next, []app.Version{v}, published(next)))

	times := []time.Time{
		got.SignedInAt, session.CreatedAt, session.SeenAt, r.StartedAt, r.ActiveAt, r.Completion.At,
		a.At, c.parkedBy(p)[0].At, c.lastPublication().At,
		found[0].At, c.sessionsOf(p)[0].CreatedAt, c.sessionsOf(p)[0].SeenAt,
		c.record(r.ID).Withdrawn.At, c.record(r.ID).ChangedAt, book.CardAt, book.Reflections[0].At, book.Commitments[0].At, book.Commitments[0].DoneAt,
	}
	for _, v := range c.versions() {
		if v.Slug == next.Current[0].Slug {
			times = append(times, v.At)
		}
	}
	require.Len(c, times, 19)
	ended := c.end(app.SessionFilter{Learner: p.Learner, CreatedBy: given})
	require.Len(c, ended, 1)
	times = append(times, ended[0].CreatedAt, ended[0].SeenAt)
	for i, at := range times {
		assert.Equal(c, want, at, "number %d", i)
	}
}

// bookAt returns a workbook of the person's in which all happened at one time.
func (c clinic) bookAt(p app.Person, at time.Time) app.Workbook {
	c.Helper()
	w := workbookOf(p, module(1))
	w.CardAt, w.Reflections[0].At, w.Commitments[0].At, w.Commitments[0].DoneAt = at, at, at, at
	c.saveWorkbook(w)
	return c.workbook(p, module(1))
}

func timesInOrder(c clinic) {
	p := c.learner(mercy, "rivera")
	var want []app.Record
	for n := range 20 {
		want = append(want, c.begin(p, module(n), minute(0).Add(time.Duration(n*7%20)*time.Millisecond)))
	}
	sortByActivity(want)
	assert.Equal(c, want, c.paged(mercy, app.Filter{}, 3))
	f := app.Filter{From: minute(0).Add(5 * time.Millisecond), To: minute(0).Add(15 * time.Millisecond)}
	assert.Equal(c, want[5:15], c.paged(mercy, f, 3))
}
