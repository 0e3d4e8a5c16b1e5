package mongostore

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// desk is where the people of a test sign in and out.
type desk struct {
	*testing.T
	store *Store
}

// atDesk returns a desk with a new store.
func atDesk(t *testing.T) desk {
	t.Helper()
	s, _ := openOn(t)
	return desk{t, s}
}

// after returns a time so many minutes after the clinic has opened.
func after(minutes int) time.Time { return opened().Add(time.Duration(minutes) * time.Minute) }

// known returns somebody of the institution.
func known(subject string) app.Person {
	const issuer = "https://login.mercy-lakes.example"
	return app.Person{
		Learner: app.NewLearnerID(issuer, subject),
		Identity: app.Identity{
			Institution: "mercy-lakes", Issuer: issuer, Subject: subject, Name: "Dr. " + subject,
			Email: subject + "@mercy-lakes.example", NPI: "1234567890",
		},
		SignedInAt: after(0),
	}
}

// browser returns a session of the person, by the name of a browser.
func browser(p app.Person, name string, minutes int) app.Session {
	return app.Session{
		Hash: app.SessionHash(p.Subject + "'s " + name), Learner: p.Learner, CreatedAt: after(minutes), SeenAt: after(minutes),
		Provider: app.ProviderSession("the provider's " + name), LogoutHint: "hint of " + name,
	}
}

// happens returns an event that is new whenever it is asked for, as those of
// [app.Training] are.
func happens(kind app.EventKind, learner app.LearnerID, what string) app.Event {
	return app.Event{ID: app.EventID(app.NewToken()), At: after(1), Kind: kind, Institution: "mercy-lakes", Learner: learner,
		Details: app.Details{"what": what}}
}

// signIn signs the person in, with one event.
func (d desk) signIn(p app.Person, s app.Session) {
	d.Helper()
	err := d.store.SignIn(d.Context(), p, s, func(before app.Person) []app.Event {
		return []app.Event{happens(app.SignedIn, p.Learner, "before: "+before.Name)}
	})
	require.NoError(d, err)
}

// told returns what the trail tells, the same line as often as it stands there.
func (d desk) told() []string {
	d.Helper()
	all, err := d.store.Events(d.Context(), app.EventFilter{}, app.EventCursor{}, 1000)
	require.NoError(d, err)
	var told []string
	for _, e := range all {
		told = append(told, string(e.Kind)+" "+e.Details["what"])
	}
	return told
}

// browsers returns the hashes of the person's sessions, the last seen first.
func (d desk) browsers(p app.Person) []app.SessionHash {
	d.Helper()
	all, err := d.store.Sessions(d.Context(), p.Learner)
	require.NoError(d, err)
	var hashes []app.SessionHash
	for _, s := range all {
		hashes = append(hashes, s.Hash)
	}
	return hashes
}

// put adds a document as it would be found after a crash.
func (d desk) put(collection string, document any) {
	d.Helper()
	_, err := d.store.db.Collection(collection).InsertOne(d.Context(), document)
	require.NoError(d, err)
}

// personDoc returns the person as they stand in the database.
func (d desk) personDoc(p app.Person) personDoc {
	d.Helper()
	doc, err := d.store.onePerson(d.Context(), bson.D{{Key: "_id", Value: p.Learner}}, bson.D{{Key: "none", Value: 0}})
	require.NoError(d, err)
	return doc
}

// count returns how many documents of a collection fit.
func (d desk) count(collection string, filter bson.D) int {
	d.Helper()
	n, err := d.store.db.Collection(collection).CountDocuments(context.Background(), filter)
	require.NoError(d, err)
	return int(n)
}

// nothingUntold makes sure that no event waits to be moved into the trail.
func (d desk) nothingUntold() {
	d.Helper()
	for _, c := range collections() {
		assert.Zero(d, d.count(c.name, bson.D{{Key: "told.0", Value: bson.D{{Key: "$exists", Value: true}}}}), c.name)
	}
}
