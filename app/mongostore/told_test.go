package mongostore

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// dead leaves a person, a record and a publication as they stand where the program
// has died right after the writes that decided them.
func (d desk) dead() {
	d.Helper()
	doc := newPersonDoc(known("rivera"), personDoc{})
	doc.Told = newEventDocs([]app.Event{happens(app.SignedIn, doc.Learner, "at last"), happens(app.RolesChanged, doc.Learner, "at last")})
	d.put(people, doc)
	d.put(records, withdrawnAndUntold(known("rivera")))
	d.put(publications, bson.D{{Key: "_id", Value: 1},
		{Key: "told", Value: []eventDoc{newEventDoc(happens(app.ModulesPublished, "", "at last"))}}})
}

// withdrawnAndUntold returns a record of the person's as the write that withdraws
// its certificate leaves it.
func withdrawnAndUntold(p app.Person) recordDoc {
	r := newRecordDoc(recordAt(p, "open-questions"))
	r.Status = app.Passed
	r.Complete = newCompletionDoc(earned(app.Attempt{At: after(0)}).Completion)
	r.Withdrawn = newWithdrawalDoc(app.Withdrawal{At: after(1), Reason: "It was somebody else's quiz."})
	r.Told = newEventDocs([]app.Event{happens(app.CertificateWithdrawn, p.Learner, "at last")})
	return r
}

func TestWhatWasDecidedIsToldThoughTheProgramDied(t *testing.T) {
	want := []string{"signed_in at last", "roles_changed at last", "certificate_withdrawn at last", "modules_published at last"}
	for what, look := range map[string]func(d desk){
		"by a page of the trail": func(d desk) {
			page, err := d.store.Events(d.Context(), app.EventFilter{Kind: app.RolesChanged}, app.EventCursor{}, 10)
			require.NoError(d, err)
			require.Len(d, page, 1)
			assert.Equal(d, "Dr. rivera", page[0].Name)
		},
		"by a download of the trail": func(d desk) {
			n := 0
			for _, err := range d.store.AllEvents(d.Context(), app.EventFilter{}) {
				require.NoError(d, err)
				n++
			}
			assert.Equal(d, len(want), n)
		},
		"by a sweep": func(d desk) { require.NoError(d, d.store.Sweep(d.Context(), after(0), after(0), after(0))) },
	} {
		t.Run(what, func(t *testing.T) {
			d := atDesk(t)
			d.dead()
			look(d)
			d.nothingUntold()
			assert.Equal(t, len(want), d.count(events, bson.D{}))
			assert.ElementsMatch(t, want, d.told())
		})
	}
}

func TestWhatWasDecidedIsToldOnceHoweverManyLook(t *testing.T) {
	d := atDesk(t)
	d.dead()
	var done sync.WaitGroup
	for range 16 {
		done.Go(func() {
			page, err := d.store.Events(t.Context(), app.EventFilter{}, app.EventCursor{}, 10)
			assert.NoError(t, err)
			assert.Len(t, page, 4, "nobody sees less than was decided before")
		})
	}
	done.Wait()
	assert.Len(t, d.told(), 4)
	d.nothingUntold()
}

func TestAnEventIsTakenOutOnlyWhenItIsInTheTrail(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	doc := newPersonDoc(p, personDoc{})
	doc.Told = newEventDocs([]app.Event{happens(app.SignedIn, p.Learner, "first"), happens(app.SignedIn, p.Learner, "second")})
	d.put(people, doc)
	d.store.tell(t.Context(), people, idIs(p.Learner), doc.Told[:1])
	assert.Equal(t, doc.Told[1:], d.personDoc(p).Told, "the other one waits")
	assert.Equal(t, 1, d.count(events, bson.D{}))
	assert.ElementsMatch(t, []string{"signed_in first", "signed_in second"}, d.told())
}

func TestAnEventAddedOverABrokenLineIsAddedOnce(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		e := happens(app.Downloaded, "", "records.csv")
		breaks()
		require.NoError(t, s.AddEvent(t.Context(), e))
		assert.Equal(t, []string{"downloaded records.csv"}, d.told())
	})
}

func TestThePageOfTheTrailIsWholeOverABrokenLine(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		d.dead()
		breaks()
		assert.Len(t, d.told(), 4)
	})
}

func TestDetailsComeBackWhateverTheirNamesAre(t *testing.T) {
	for n, details := range []app.Details{nil, {"": ""}, {"a.b": "1", "$set": "2", "a": "3", "ü": "\x00"}} {
		e := happens(app.SettingsChanged, "rivera", "")
		e.Details = details
		assert.Equal(t, e, newEventDoc(e).event(), "number %d", n)
	}
	doc := newEventDoc(app.Event{Details: app.Details{"c": "", "a": "", "b": ""}})
	assert.Equal(t, "[{a } {b } {c }]", fmt.Sprint(doc.Details), "in order, so that the same event is the same document")
}
