package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// signingIn is one call of [Store.SignIn].
type signingIn struct {
	store   *Store
	id      string // by which the person's Done tells that it was done
	person  app.Person
	session app.Session
	note    func(before app.Person) []app.Event

	tried bool // it may have been done, though nobody said so
}

// SignIn implements [app.Store]. One write to the person decides it, and holds
// the session and the events. The records get the new name after it, or at the
// person's next sign-in if this one is broken off before.
//
// A person has at most 500 sessions: with the next one the oldest ends.
func (s *Store) SignIn(ctx context.Context, p app.Person, session app.Session, note func(before app.Person) []app.Event) error {
	p.ErasedAt = time.Time{} // whoever signs in is back
	c := signingIn{store: s, id: app.NewToken(), person: p, session: session, note: note}
	return s.do(ctx, "signing in", c.run)
}

// run does it unless it was done, again and again until nobody else comes
// between reading the person and writing them.
func (c *signingIn) run(ctx context.Context) error {
	for round := 1; ; round++ {
		before, err := c.store.onePerson(ctx, bson.D{{Key: "_id", Value: c.person.Learner}}, bson.D{{Key: "sessions.hint", Value: 0}})
		if err != nil {
			return err
		}
		if c.wasDone(before) {
			return c.store.signedIn(ctx, before)
		}
		err = c.store.finishErasure(ctx, before, whole(c.person.SignedInAt)) // or it would take what comes after it
		if err != nil {
			return err
		}
		after, won, err := c.write(ctx, before)
		if err != nil {
			return err
		}
		if won {
			return c.store.signedIn(ctx, after)
		}
		err = pause(ctx, round)
		if err != nil {
			return err
		}
	}
}

// wasDone says whether a try whose reply was lost has signed the person in.
func (c *signingIn) wasDone(d personDoc) bool {
	_, there := d.session(c.session.Hash)
	return c.tried && (there || d.did(c.id))
}

// write signs the person in, unless they have changed since before was read. It
// returns the person with what is still to be told.
func (c *signingIn) write(ctx context.Context, before personDoc) (after personDoc, won bool, err error) {
	after = newPersonDoc(c.person, before)
	after.Done = []string{c.id}
	after.Sessions = []sessionDoc{newSessionDoc(c.session)}
	after.Told = newEventDocs(c.note(before.person()))
	c.tried = true
	if before.Revision == 0 {
		_, err = c.store.db.Collection(people).InsertOne(ctx, after)
		if isThere(err) {
			return after, false, nil
		}
		return after, err == nil, err
	}
	result, err := c.store.db.Collection(people).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: after.Learner}, {Key: "revision", Value: before.Revision}}, after.signIn())
	if err != nil {
		return after, false, fmt.Errorf("a person: %w", err)
	}
	return after, result.MatchedCount == 1, nil
}

// signIn returns the change that makes a person who was known before what d
// says, and adds d's session and events to theirs.
func (d personDoc) signIn() bson.D {
	return bson.D{
		{Key: "$set", Value: append(bson.D{
			{Key: "institution", Value: d.Institution}, {Key: "issuer", Value: d.Issuer}, {Key: "subject", Value: d.Subject},
			{Key: "name", Value: d.Name}, {Key: "email", Value: d.Email}, {Key: "npi", Value: d.NPI}, {Key: "roles", Value: d.Roles},
			{Key: "signed_in_at", Value: d.SignedInAt}, {Key: "revision", Value: d.Revision}, {Key: "named", Value: d.Named},
		}, d.Keys.all()...)},
		{Key: "$unset", Value: bson.D{{Key: "erased_at", Value: ""}, {Key: "erasing_since", Value: ""}}},
		{Key: "$push", Value: bson.D{
			{Key: "sessions", Value: lastOf(d.Sessions, sessionsKept)},
			{Key: "done", Value: lastOf(d.Done, changesKept)},
			{Key: "told", Value: bson.D{{Key: "$each", Value: d.Told}}},
		}},
	}
}

// lastOf adds values to a list, and then keeps the last so many.
func lastOf(values any, kept int) bson.D {
	return bson.D{{Key: "$each", Value: values}, {Key: "$slice", Value: -kept}}
}

// signedIn does what follows from a sign-in that is decided.
func (s *Store) signedIn(ctx context.Context, d personDoc) error {
	s.tell(ctx, people, bson.D{{Key: "_id", Value: d.Learner}}, d.Told)
	return s.nameRecords(ctx, d)
}
