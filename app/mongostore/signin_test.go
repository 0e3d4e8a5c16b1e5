package mongostore

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

func TestAFirstSignInOverABrokenLineIsOneSignIn(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		p := known("rivera")
		breaks()
		d.signIn(p, browser(p, "phone", 1))
		assert.Equal(t, []app.SessionHash{"rivera's phone"}, d.browsers(p))
		assert.Equal(t, []string{"signed_in before: "}, d.told())
		assert.Equal(t, 1, d.personDoc(p).Revision)
		d.nothingUntold()
	})
}

func TestALaterSignInOverABrokenLineIsOneSignIn(t *testing.T) {
	atEachBreak(t, func(t *testing.T, s *Store, breaks func()) {
		d := desk{t, s}
		p := known("rivera")
		d.signIn(p, browser(p, "phone", 1))
		r := d.begin(p)
		p.Name = "Dr. Rivera-Cho"
		breaks()
		d.signIn(p, browser(p, "desk", 2))
		assert.Equal(t, []app.SessionHash{"rivera's desk", "rivera's phone"}, d.browsers(p))
		assert.ElementsMatch(t, []string{"signed_in before: ", "signed_in before: Dr. rivera"}, d.told())
		assert.Equal(t, "Dr. Rivera-Cho", d.recordOf(r).Name)
		assert.Equal(t, 2, d.personDoc(p).Revision)
		d.nothingUntold()
	})
}

// begin begins a module and returns the record's id.
func (d desk) begin(p app.Person) app.RecordID {
	d.Helper()
	_, r := aRecord()
	r.ID, r.Learner, r.Subject, r.Name = app.NewRecordID(p.Learner, r.Module, r.Edition), p.Learner, p.Subject, p.Name
	_, err := d.store.Begin(d.Context(), r)
	require.NoError(d, err)
	return r.ID
}

func (d desk) recordOf(id app.RecordID) app.Record {
	d.Helper()
	r, err := d.store.Record(d.Context(), id)
	require.NoError(d, err)
	return r
}

func TestASignInAfterSomebodyElsesIsMadeOfIt(t *testing.T) {
	d := atDesk(t)
	p, other := known("rivera"), known("rivera")
	other.Name = "Dr. Rivera-Cho"
	d.signIn(p, browser(p, "phone", 1))
	asked := 0
	err := d.store.SignIn(t.Context(), p, browser(p, "desk", 2), func(before app.Person) []app.Event {
		asked++
		if asked == 1 { // somebody comes between reading the person and writing them
			d.signIn(other, browser(p, "tablet", 3))
		}
		return []app.Event{happens(app.SignedIn, p.Learner, fmt.Sprintf("%d, before: %s", asked, before.Name))}
	})
	require.NoError(t, err)
	assert.ElementsMatch(t, []string{"signed_in before: ", "signed_in before: Dr. rivera", "signed_in 2, before: Dr. Rivera-Cho"}, d.told())
	assert.Len(t, d.browsers(p), 3, "and no session is lost")
	assert.Equal(t, "Dr. rivera", d.personDoc(p).Name)
}

func TestWithOneSessionTooManyTheOldestEnds(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	doc := newPersonDoc(p, personDoc{})
	for n := range sessionsKept {
		doc.Sessions = append(doc.Sessions, newSessionDoc(browser(p, fmt.Sprint(n), n)))
	}
	d.put(people, doc)
	d.signIn(p, browser(p, "phone", sessionsKept))
	hashes := d.browsers(p)
	assert.Len(t, hashes, sessionsKept)
	assert.Equal(t, app.SessionHash("rivera's phone"), hashes[0])
	assert.NotContains(t, hashes, app.SessionHash("rivera's 0"))
	assert.Contains(t, hashes, app.SessionHash("rivera's 1"))
}

func TestOfAPersonsChangesTheLastOnesAreKnown(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	for n := range 2 * changesKept {
		d.signIn(p, browser(p, fmt.Sprint(n), n))
	}
	assert.Len(t, d.personDoc(p).Done, changesKept)
	assert.Equal(t, 2*changesKept, d.personDoc(p).Revision)
}

func TestANameThatDidNotReachTheRecordsDoesAtTheNextSignIn(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	r := d.begin(p)
	renamed := p
	renamed.Name = "Dr. Rivera-Cho"
	signing := signingIn{store: d.store, id: "died after this", person: renamed, session: browser(p, "desk", 2),
		note: func(app.Person) []app.Event { return nil }}
	_, won, err := signing.write(t.Context(), d.personDoc(p))
	require.NoError(t, err)
	require.True(t, won)
	require.Equal(t, "Dr. rivera", d.recordOf(r).Name, "the program died")

	d.signIn(renamed, browser(p, "tablet", 3)) // which changes no name
	assert.Equal(t, "Dr. Rivera-Cho", d.recordOf(r).Name)
	found, err := d.store.Records(t.Context(), "mercy-lakes", app.Filter{Query: "rivera-cho"}, app.Order{}, app.Cursor{}, 2)
	require.NoError(t, err)
	assert.Len(t, found, 1, "by the name that is shown")
}

func TestAnOlderNameDoesNotReachTheRecordsAfterANewerOne(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	r := d.begin(p)
	older := d.personDoc(p)
	older.Name, older.Named = "Dr. Between", 2
	p.Name = "Dr. Rivera-Cho"
	d.signIn(p, browser(p, "desk", 2))
	p.Name = "Dr. Rivera-Luna"
	d.signIn(p, browser(p, "tablet", 3))
	require.NoError(t, d.store.nameRecords(t.Context(), older)) // a slow replica comes last
	assert.Equal(t, "Dr. Rivera-Luna", d.recordOf(r).Name)
}

func TestARecordKnowsFromWhichSignInItsNameIs(t *testing.T) {
	before := newPersonDoc(known("rivera"), personDoc{})
	assert.Equal(t, [2]int{1, 1}, [2]int{before.Revision, before.Named}, "the first sign-in")
	before.Revision = 7
	for what, c := range map[string]struct {
		change func(p *app.Person)
		named  int
	}{
		"nothing changes":    {func(p *app.Person) {}, 1},
		"a name":             {func(p *app.Person) { p.Name = "" }, 8},
		"an e-mail address":  {func(p *app.Person) { p.Email = "" }, 8},
		"an NPI":             {func(p *app.Person) { p.NPI = "" }, 8},
		"roles":              {func(p *app.Person) { p.Roles = []app.Role{app.Manager} }, 1},
		"the time":           {func(p *app.Person) { p.SignedInAt = after(5) }, 1},
		"another's hospital": {func(p *app.Person) { p.Institution = "prairie-view" }, 8},
	} {
		p := known("rivera")
		c.change(&p)
		d := newPersonDoc(p, before)
		assert.Equal(t, [2]int{8, c.named}, [2]int{d.Revision, d.Named}, what)
		assert.Equal(t, p, d.person(), what)
	}
}

func TestASignInThatIsCancelledChangesNothingLater(t *testing.T) {
	d := atDesk(t)
	p := known("rivera")
	d.signIn(p, browser(p, "phone", 1))
	ctx, cancel := context.WithCancel(t.Context())
	err := d.store.SignIn(ctx, p, browser(p, "desk", 2), func(app.Person) []app.Event {
		cancel()
		return []app.Event{happens(app.SignedIn, p.Learner, "cancelled")}
	})
	assert.ErrorIs(t, err, context.Canceled)
	assert.Equal(t, []app.SessionHash{"rivera's phone"}, d.browsers(p))
	assert.Equal(t, []string{"signed_in before: "}, d.told())
	assert.Equal(t, 1, d.count(people, bson.D{}))
}
