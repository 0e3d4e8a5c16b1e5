package archivetest

import (
	"fmt"
	"slices"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

func putElsewhere(w ward) {
	from, to := w.filled(), w.open()
	all := w.all(from)
	w.put(to, all, archive.Kinds()...)
	w.same(all, to)
	assert.Equal(w, w.answers(from), w.answers(to), "pages show the same")
}

// answers returns what a store says to all that pages ask.
func (w ward) answers(s app.Store) map[string]any {
	w.Helper()
	all := map[string]any{}
	keep := func(what string, answer any, err error) {
		require.NoError(w, err, what)
		all[what] = answer
	}
	for _, p := range []app.Person{rivera(), odd(), okafor(), person("gone"), person("gone at once")} {
		sessions, err := s.Sessions(w.Context(), p.Learner)
		keep("sessions "+p.Subject, sessions, err)
		for _, has := range sessions {
			_, got, err := s.Session(w.Context(), has.Hash)
			keep("session "+string(has.Hash), got, err)
		}
		records, err := s.LearnerRecords(w.Context(), p.Learner)
		keep("records "+p.Subject, records, err)
		waits, err := s.ParkedBy(w.Context(), p.Learner)
		keep("parked "+p.Subject, waits, err)
		books, err := s.Workbooks(w.Context(), p.Learner)
		keep("workbooks "+p.Subject, books, err)
		known, err := s.Person(w.Context(), p.Learner)
		keep("person "+p.Subject, known, err)
		sent, err := s.LearnerAttempts(w.Context(), p.Learner)
		keep("attempts "+p.Subject, sent, err)
	}
	w.managed(s, keep)
	for _, id := range []app.AttemptID{"a", "b", "c", "late", "counted by now", "read"} {
		a, err := s.Attempt(w.Context(), rivera().Learner, id)
		keep("attempt "+string(id), a, err)
	}
	r, err := s.CertifiedRecord(w.Context(), "certificate of c")
	keep("certified", r, err)
	r, err = s.CertifiedRecord(w.Context(), "certificate of taken back")
	keep("withdrawn", r, err)
	book, err := s.Workbook(w.Context(), rivera().Learner, record(rivera(), "names-first").ID)
	keep("workbook", book, err)
	listed, err := s.Records(w.Context(), "mercy-lakes", app.Filter{Query: "RIVERA"}, app.Order{}, app.Cursor{}, 10)
	keep("found by name", listed, err)
	n, err := s.CountRecords(w.Context(), "mercy-lakes", app.Filter{Status: app.Passed})
	keep("passed", n, err)
	events, err := s.Events(w.Context(), app.EventFilter{}, app.EventCursor{}, 100)
	keep("events", events, err)
	last, err := s.LastPublication(w.Context())
	keep("publication", last, err)
	heads, err := s.Versions(w.Context())
	keep("versions", heads, err)
	for _, v := range heads {
		source, err := s.Source(w.Context(), v.VersionRef)
		require.NoError(w, err)
		keep(fmt.Sprint("source ", v.VersionRef), source.Hash(), nil) // some are long
	}
	return all
}

func putAndUsed(w ward) {
	from, to := w.filled(), w.open()
	w.put(to, w.all(from), archive.Kinds()...)
	for _, s := range []app.Store{from, to} {
		w.use(s)
	}
	assert.Equal(w, w.answers(from), w.answers(to))
	w.same(w.all(from), to)
}

// use does something of everything with what [Fill] has put into a store.
func (w ward) use(s app.Store) {
	w.Helper()
	r := record(rivera(), "names-first")
	got, err := s.SaveAttempt(w.Context(), r, attempt(r, "b", 4, 30))
	require.NoError(w, err)
	assert.Equal(w, 5, got.Attempts, "an old attempt is not counted again")
	got, err = s.SaveAttempt(w.Context(), r, attempt(r, "waits", 4, 31))
	require.NoError(w, err)
	assert.Equal(w, 6, got.Attempts, "a new one is, also if it was parked")
	assert.Equal(w, rivera().Name, got.Name)
	assert.ErrorIs(w, s.UseOnce(w.Context(), app.Once{Key: "state", Until: minute(10)}), app.ErrConflict)
	require.NoError(w, s.AddEvent(w.Context(), app.Event{ID: "by nobody", At: minute(40), Kind: "changed"}))

	book := workbook(r)
	assert.ErrorIs(w, s.SaveWorkbook(w.Context(), book), app.ErrConflict, "it was saved twice")
	book.Revision = 3
	require.NoError(w, s.SaveWorkbook(w.Context(), book))
	back := app.Withdrawal{At: minute(41), Reason: "Another."}
	assert.ErrorIs(w, s.Withdraw(w.Context(), "certificate of taken back", back, app.Event{ID: "nothing"}), app.ErrConflict)
	require.NoError(w, s.Withdraw(w.Context(), "certificate of c", back, app.Event{ID: "withdrawn, too", At: minute(41)}))
	w.manage(s)

	renamed := odd()
	renamed.Name = "Dr. Odd"
	require.NoError(w, s.SignIn(w.Context(), renamed, session(renamed, "another", 9), func(before app.Person) []app.Event {
		assert.Equal(w, oddText, before.Name)
		return nil
	}))
	records, err := s.LearnerRecords(w.Context(), renamed.Learner)
	require.NoError(w, err)
	assert.Equal(w, "Dr. Odd", records[0].Name)
	ended, err := s.EndSessions(w.Context(), app.SessionFilter{Provider: session(rivera(), "the phone", 1).Provider}, app.Once{}, nil)
	require.NoError(w, err)
	assert.Equal(w, []app.Session{session(rivera(), "the phone", 1)}, ended)

	first, _ := versions()
	told := app.Event{ID: "publication 5", At: minute(50), Kind: app.ModulesPublished}
	next := app.Publication{Number: 5, At: minute(50), Origin: "a folder"}
	assert.ErrorIs(w, s.Publish(w.Context(), next, first[:1], told), app.ErrConflict, "that version is there")
	require.NoError(w, s.Publish(w.Context(), next, []app.Version{version(app.ModuleVersion, "names-first", 3)}, told))
}

func putAgain(w ward) {
	from, to := w.filled(), w.open()
	all := w.all(from)
	for range 2 {
		w.put(to, all, archive.Kinds()...)
	}
	w.same(all, to)
	w.put(from, all, archive.Kinds()...)
	w.same(all, from, "also where it came from")
	assert.Equal(w, w.answers(from), w.answers(to))
}

func putOver(w ward) {
	store := w.filled()
	all := w.all(store)
	changed := w.all(store)
	r := *w.item(store, archive.Records, string(record(rivera(), "names-first").ID)).Record
	r.Attempts, r.Title, r.Completion, r.Score, r.ChangedAt = r.Attempts[1:3], "Names first", nil, nil, minute(61)
	kept := w.item(store, archive.Offices, "mercy-lakes").Office
	p := *w.item(store, archive.People, string(rivera().Learner)).Person
	p.Name, p.Roles, p.Sessions = "Dr. Rivera-Luna", []app.Role{}, p.Sessions[1:]
	book := *w.item(store, archive.Workbooks, string(record(rivera(), "names-first").ID)).Workbook
	book.Revision, book.Card, book.Read, book.Reflections, book.Commitments = 9, "", false, book.Reflections[:1], []archive.Commitment{}
	for kind, i := range map[archive.Kind]archive.Item{
		archive.Workbooks: {Kind: archive.Workbooks, Workbook: &book},
		archive.Offices: {Kind: archive.Offices, Office: &archive.Office{Institution: "mercy-lakes", Revision: 9, Assignments: kept.Assignments[1:],
			Tokens: []archive.AccessToken{}, Filters: kept.Filters[:1]}},
		archive.Records:  {Kind: archive.Records, Record: &r},
		archive.People:   {Kind: archive.People, Person: &p},
		archive.OnceKeys: {Kind: archive.OnceKeys, Once: &archive.Once{Key: "state", Until: minute(33)}},
		archive.Files: {Kind: archive.Files, File: &archive.File{
			Version: archive.Ref{Kind: app.ModuleVersion, Slug: "names", Number: 1}, Name: "a/picture.webp", Data: []byte("smaller")}},
	} {
		require.NoError(w, store.Put(w.Context(), []archive.Item{i}))
		at := slices.IndexFunc(changed[kind], func(other archive.Item) bool { return other.Key() == i.Key() })
		changed[kind][at] = i
	}
	w.same(changed, store, "in the place of what was there, and touching nothing else")
	got, err := store.Record(w.Context(), r.ID)
	require.NoError(w, err)
	assert.Equal(w, 2, got.Attempts)
	assert.Equal(w, "Dr. Rivera-Luna", got.Name)
	w.put(store, all, archive.Kinds()...)
	w.same(all, store)
}

func putInAnyOrder(w ward) {
	from, to := w.filled(), w.open()
	all := w.all(from)
	kinds := archive.Kinds()
	slices.Reverse(kinds)
	w.put(to, all, kinds...)
	w.same(all, to)
	assert.Equal(w, w.answers(from), w.answers(to))
}

func putCounted(w ward) {
	all := w.all(w.filled())
	late := archive.Parked{ID: "counted by now", Learner: rivera().Learner, Module: "names-first", Version: 3, Answers: []archive.Answer{}, At: minute(6)}
	both := map[archive.Kind][]archive.Item{
		archive.ParkedAnswers: append([]archive.Item{{Kind: archive.ParkedAnswers, Parked: &late}}, all[archive.ParkedAnswers]...),
		archive.Records:       all[archive.Records],
	}
	for _, order := range [][]archive.Kind{{archive.ParkedAnswers, archive.Records}, {archive.Records, archive.ParkedAnswers}} {
		to := w.open()
		w.put(to, both, order...)
		w.put(to, all, archive.People)
		assert.Equal(w, all[archive.ParkedAnswers], w.items(to, archive.ParkedAnswers), "%s first", order[0])
		assert.Equal(w, all[archive.Records], w.items(to, archive.Records), "%s first", order[0])
		waits, err := to.ParkedBy(w.Context(), rivera().Learner)
		require.NoError(w, err)
		assert.Len(w, waits, 2)
	}
}

func putMany(w ward) {
	all := map[archive.Kind][]archive.Item{}
	r := record(rivera(), "names-first")
	often := archive.Record{ID: r.ID, Institution: r.Institution, Learner: r.Learner, Program: r.Program, Module: r.Module,
		Title: r.Title, Edition: r.Edition, Version: 1, StartedAt: minute(1), ActiveAt: minute(1)}
	for n := range 1500 {
		id := fmt.Sprintf("number-%04d", n)
		often.Attempts = append(often.Attempts, archive.Attempt{ID: app.AttemptID(id), Module: r.Module, Version: 1,
			Answers: []archive.Answer{{Question: "need", Chosen: []string{id}}}, At: minute(n / 7)})
		all[archive.OnceKeys] = append(all[archive.OnceKeys], archive.Item{Kind: archive.OnceKeys, Once: &archive.Once{Key: app.OnceKey(id), Until: minute(n)}})
	}
	all[archive.Records] = []archive.Item{{Kind: archive.Records, Record: &often}}
	p := rivera()
	all[archive.People] = []archive.Item{{Kind: archive.People, Person: &archive.Person{Learner: p.Learner, Institution: p.Institution,
		Issuer: p.Issuer, Subject: p.Subject, Roles: []app.Role{}, SignedInAt: minute(0), Sessions: []archive.Session{}}}}
	store := w.open()
	for range 2 {
		w.put(store, all, archive.Kinds()...)
		w.same(all, store)
	}
	for _, n := range []int{0, 700, 1499} {
		id := fmt.Sprintf("number-%04d", n)
		a, err := store.Attempt(w.Context(), p.Learner, app.AttemptID(id))
		require.NoError(w, err)
		assert.Equal(w, content.Answers{"need": {id}}, a.Answers)
		got, err := store.SaveAttempt(w.Context(), r, attempt(r, id, 0, 59))
		require.NoError(w, err)
		assert.Equal(w, 1500, got.Attempts)
	}
	got, err := store.SaveAttempt(w.Context(), r, attempt(r, "one more", 0, 59))
	require.NoError(w, err)
	assert.Equal(w, 1501, got.Attempts)
}
