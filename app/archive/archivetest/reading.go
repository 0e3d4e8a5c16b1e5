package archivetest

import (
	"slices"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"first5/app"
	"first5/app/archive"
)

func readInOrder(w ward) {
	all := w.all(w.filled())
	for kind, want := range map[archive.Kind]int{
		archive.ParkedAnswers: 3, archive.Records: 11, archive.Workbooks: 3, archive.Offices: 2, archive.OnceKeys: 4, archive.Events: 19,
		archive.People: 5, archive.Publications: 4, archive.Files: 17,
	} {
		assert.Len(w, all[kind], want, "%s", kind)
		var keys []string
		for _, i := range all[kind] {
			assert.Equal(w, kind, i.Kind)
			keys = append(keys, i.Key())
		}
		assert.True(w, slices.IsSorted(keys), "%q", keys)
		assert.Len(w, slices.Compact(keys), want, "each comes once")
	}
}

// item returns the item of a kind with a key.
func (w ward) item(store archive.Store, kind archive.Kind, key string) archive.Item {
	w.Helper()
	all := w.items(store, kind)
	i := slices.IndexFunc(all, func(i archive.Item) bool { return i.Key() == key })
	require.GreaterOrEqual(w, i, 0, "%s %q", kind, key)
	return all[i]
}

func readAsItWentIn(w ward) {
	store := w.filled()
	w.readPeople(store)
	w.readRecords(store)
	w.readWorkbooks(store)
	w.readWaivers(store)
	w.readOffices(store)
	w.readErased(store)
	w.readTrail(store)
	w.readPublications(store)
}

func (w ward) readPeople(store archive.Store) {
	p, hash := rivera(), session(rivera(), "the phone", 1)
	assert.Equal(w, &archive.Person{
		Learner: p.Learner, Institution: p.Institution, Issuer: p.Issuer, Subject: p.Subject,
		Name: p.Name, Email: p.Email, NPI: p.NPI, Roles: p.Roles, SignedInAt: p.SignedInAt,
		Sessions: []archive.Session{
			{Hash: "hash of the desk", CreatedAt: minute(2), SeenAt: minute(3)},
			{Hash: hash.Hash, CreatedAt: minute(0), SeenAt: minute(1), Provider: hash.Provider, LogoutHint: "hint of the phone"},
		},
	}, w.item(store, archive.People, string(p.Learner)).Person)
	left := w.item(store, archive.People, string(okafor().Learner)).Person
	assert.Equal(w, []archive.Session{}, left.Sessions, "whose session has ended")
	assert.Equal(w, []app.Role{}, left.Roles)
	assert.Equal(w, okafor().SignedInAt, left.SignedInAt)
	assert.Equal(w, oddText, w.item(store, archive.People, string(odd().Learner)).Person.Name)
}

func (w ward) readRecords(store archive.Store) {
	r := record(rivera(), "names-first")
	got := w.item(store, archive.Records, string(r.ID)).Record
	var ids []app.AttemptID
	for _, a := range got.Attempts {
		ids = append(ids, a.ID)
	}
	assert.Equal(w, []app.AttemptID{"counted by now", "c", "a", "b", "late"}, ids, "by time, then by id")
	assert.Equal(w, archive.Attempt{ID: "a", Module: r.Module, Version: 1, Right: 2, Graded: 4, At: minute(9), Answers: []archive.Answer{
		{Question: oddText, Chosen: []string{oddText, ""}}, {Question: "left.out", Chosen: []string{}},
		{Question: "next", Chosen: []string{"wait", "ask"}}, {Question: "rivera", Chosen: []string{"listen"}},
	}}, got.Attempts[2])
	hundred, ninety := 100, 90
	got.Attempts = nil
	assert.Equal(w, &archive.Record{
		ID: r.ID, Institution: r.Institution, Learner: r.Learner, Program: r.Program, Module: r.Module,
		Title: oddText, Edition: "2026", Version: 2, Score: &hundred, StartedAt: minute(1), ActiveAt: minute(59), ChangedAt: minute(59),
		Completion: &archive.Completion{Status: app.Passed, At: minute(7), Version: 2, Score: &ninety, Certificate: "certificate of c", Attempt: "c",
			Name: "The learner, on that day", Title: oddText, Institution: "Mercy Lakes, on that day",
			Credit: credits(app.Passed)},
	}, got)

	begun := w.item(store, archive.Records, string(record(okafor(), "only-begun").ID)).Record
	assert.Equal(w, []archive.Attempt{}, begun.Attempts)
	assert.Nil(w, begun.Score)
	assert.Nil(w, begun.Completion)
	read := w.item(store, archive.Records, string(record(rivera(), "read").ID)).Record
	assert.Equal(w, []archive.Answer{}, read.Attempts[0].Answers)
	assert.Nil(w, read.Completion.Score)
	assert.Empty(w, read.Completion.Credit)
	taken := w.item(store, archive.Records, string(record(okafor(), "withdrawn").ID)).Record
	assert.Equal(w, &archive.Withdrawal{At: minute(20), Reason: oddText}, taken.Withdrawn)
	assert.Equal(w, app.Passed, taken.Completion.Status)
	assert.Equal(w, minute(20), taken.ChangedAt, "when it was withdrawn")

	p := rivera()
	assert.Equal(w, &archive.Parked{ID: "waits", Learner: p.Learner, Module: "names-first", Version: 3,
		Answers: []archive.Answer{{Question: "need", Chosen: []string{"heard"}}}, Quiz: true, At: minute(8)},
		w.item(store, archive.ParkedAnswers, string(p.Learner)+"/waits").Parked)
}

func (w ward) readWorkbooks(store archive.Store) {
	r := record(rivera(), "names-first")
	assert.Equal(w, &archive.Workbook{
		Record: r.ID, Learner: r.Learner, Module: r.Module, Edition: "2026", Title: r.Title, Revision: 2, Card: "rivera", CardAt: minute(6), Read: true,
		Reflections: []archive.Reflection{
			{ID: "when", Prompt: oddText, Text: oddText, At: minute(3)}, {ID: "ask", Prompt: "What would you ask?", Text: "A name.", At: minute(2)},
		},
		Commitments: []archive.Commitment{{Text: oddText, At: minute(4), DoneAt: minute(9)}, {Text: "Sit down first", At: minute(5)}},
	}, w.item(store, archive.Workbooks, string(r.ID)).Workbook)
	begun := record(okafor(), "no record")
	assert.Equal(w, &archive.Workbook{Record: begun.ID, Learner: begun.Learner, Module: "no record", Edition: "2026", Revision: 1,
		Reflections: []archive.Reflection{}, Commitments: []archive.Commitment{}}, w.item(store, archive.Workbooks, string(begun.ID)).Workbook)
}

func (w ward) readTrail(store archive.Store) {
	before := time.UnixMilli(-1).UTC()
	assert.Equal(w, &archive.Event{ID: "by a stranger", At: minute(5), Kind: app.SignInFailed, Institution: "mercy-lakes",
		Learner: person("a stranger").Learner, Details: []archive.Detail{{Name: "", Text: "unnamed"}, {Name: "reason", Text: ""}}},
		w.item(store, archive.Events, "by a stranger").Event)
	assert.Equal(w, &archive.Event{ID: app.EventID(oddText), At: before, Kind: app.EventKind(oddText),
		Institution: app.InstitutionID(oddText), Details: []archive.Detail{}}, w.item(store, archive.Events, oddText).Event)
	w.item(store, archive.Events, "publication 4")
	w.item(store, archive.Events, "sign-in to hash of okafor's")
	var once []archive.Once
	for _, i := range w.items(store, archive.OnceKeys) {
		once = append(once, *i.Once)
	}
	assert.Equal(w, []archive.Once{{Key: oddText, Until: before}, {Key: "State", Until: minute(11)},
		{Key: "okafor's word", Until: minute(60)}, {Key: "state", Until: minute(10)}}, once)
}

func (w ward) readPublications(store archive.Store) {
	first, second := versions()
	head := func(v app.Version) archive.Version {
		return archive.Version{Ref: archive.Ref(v.VersionRef), Program: v.Program, Hash: v.Hash, At: v.At}
	}
	published := w.items(store, archive.Publications)
	assert.Equal(w, &archive.Publication{Number: 1, At: minute(1), Origin: "embedded",
		Current:  []archive.Ref{head(first[0]).Ref, head(first[1]).Ref, head(first[2]).Ref},
		Versions: []archive.Version{head(first[1]), head(first[0]), head(first[2])}}, published[0].Publication)
	assert.Equal(w, []archive.Version{head(second[0]), head(second[1])}, published[1].Publication.Versions)
	assert.Equal(w, &archive.Publication{Number: 3, At: minute(0), Origin: "everything withdrawn",
		Current: []archive.Ref{}, Versions: []archive.Version{}}, published[2].Publication)
	assert.Empty(w, published[3].Publication.Versions, "what is served again is not new")

	var files []archive.File
	for _, i := range w.items(store, archive.Files) {
		files = append(files, *i.File)
	}
	want := filesOf(first[0])
	want = append(want, filesOf(first[1])...)
	want = append(want, filesOf(second[1])...)
	want = append(want, filesOf(first[2])...)
	assert.True(w, assert.ObjectsAreEqual(want, files), "the files are not those that were published, in the order of their keys")
}

// filesOf returns the files of a version. One file alone is an item.
func filesOf(v app.Version) []archive.File {
	var files []archive.File
	for n, f := range v.Source {
		files = append(files, archive.File{Version: archive.Ref(v.VersionRef), Position: n, Name: f.Name, Data: f.Data})
	}
	return files
}

func readInPart(w ward) {
	store := w.filled()
	for _, kind := range archive.Kinds() {
		for range 20 { // nothing is used up by it
			for _, err := range store.Items(w.Context(), kind) {
				require.NoError(w, err)
				break
			}
		}
	}
}
