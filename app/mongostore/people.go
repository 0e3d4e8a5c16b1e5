package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// personDoc is a person with all their sessions, in the collection people: so
// one write signs in, and one signs out.
type personDoc struct {
	Learner     app.LearnerID     `bson:"_id"`
	Institution app.InstitutionID `bson:"institution"`
	Issuer      string            `bson:"issuer"`
	Subject     string            `bson:"subject"`
	Name        string            `bson:"name"`
	Email       string            `bson:"email"`
	NPI         string            `bson:"npi"`
	Roles       []app.Role        `bson:"roles"`
	SignedInAt  time.Time         `bson:"signed_in_at"`
	ErasedAt    time.Time         `bson:"erased_at,omitempty"`

	// What people are found and ordered by, made of the rest; see keyed. None of it
	// is ever missing.
	Keys personKeys `bson:",inline"`

	// ErasingSince is set from an erasure on until nothing that was on its way then
	// can come in any more; see Store.finishErasure.
	ErasingSince time.Time `bson:"erasing_since,omitempty"`

	// Revision goes up with every change but a session's SeenAt: a change that is
	// made of what was read is done only if it is still the same. Named is the
	// revision at which the institution, subject, name, e-mail address or NPI last
	// changed; what is shown in records is never of an earlier one for long.
	Revision int `bson:"revision"`
	Named    int `bson:"named"`

	// Done are the ids of the last such changes, the latest at the end, by which
	// one whose reply was lost finds that it was done.
	Done []string `bson:"done"`

	Sessions []sessionDoc `bson:"sessions"` // in the order in which they began
	Told     []eventDoc   `bson:"told"`     // events that are decided, on their way; see Store.tell
}

const (
	// changesKept is how many ids a person's Done holds.
	changesKept = 16
	// sessionsKept is how many sessions a person may have: with the next one the
	// oldest ends. Documents can't grow for ever.
	sessionsKept = 500
)

// newPersonDoc returns the document of a person without sessions, of the
// revision after before. before is the zero personDoc if there is none.
func newPersonDoc(p app.Person, before personDoc) personDoc {
	d := personDoc{
		Learner: p.Learner, Institution: p.Institution, Issuer: p.Issuer, Subject: p.Subject,
		Name: p.Name, Email: p.Email, NPI: p.NPI, Roles: append([]app.Role{}, p.Roles...), SignedInAt: p.SignedInAt, ErasedAt: p.ErasedAt,
		Revision: before.Revision + 1, Named: before.Named,
		Done: []string{}, Sessions: []sessionDoc{}, Told: []eventDoc{}, // lists even where empty, so that more can be added
	}
	if before.Revision == 0 || d.Institution != before.Institution || d.called() != before.called() || d.ErasedAt != before.ErasedAt {
		d.Named = d.Revision
	}
	d.Keys = d.keyed()
	return d
}

// personKeys is what people are found and ordered by.
type personKeys struct {
	Name    string `bson:"name_key"`
	Email   string `bson:"email_key"` // without regard to case
	Folded  string `bson:"folded"`    // what a search looks in
	Present bool   `bson:"present"`   // they were not erased
}

// keyed returns the keys that the person should have.
func (d personDoc) keyed() personKeys {
	return personKeys{Name: app.NameKey(d.Name, d.Subject), Email: strings.ToLower(d.Email),
		Folded: folded(d.Name, d.Email, d.Subject), Present: d.ErasedAt.IsZero()}
}

// all returns all fields.
func (k personKeys) all() bson.D {
	return bson.D{{Key: "name_key", Value: k.Name}, {Key: "email_key", Value: k.Email},
		{Key: "folded", Value: k.Folded}, {Key: "present", Value: k.Present}}
}

// person returns what the document knows, without the sessions.
func (d personDoc) person() app.Person {
	if len(d.Roles) == 0 {
		d.Roles = nil
	}
	return app.Person{
		Learner: d.Learner,
		Identity: app.Identity{
			Institution: d.Institution, Issuer: d.Issuer, Subject: d.Subject,
			Name: d.Name, Email: d.Email, NPI: d.NPI, Roles: d.Roles,
		},
		SignedInAt: d.SignedInAt,
		ErasedAt:   d.ErasedAt,
	}
}

// called returns what records show of the person.
func (d personDoc) called() calledDoc {
	return calledDoc{Subject: d.Subject, Name: d.Name, Email: d.Email, NPI: d.NPI, Named: d.Named}
}

// did says whether the change of that id was done. It is certain of the last
// few changes alone.
func (d personDoc) did(change string) bool { return slices.Contains(d.Done, change) }

// folded returns the text in which a search of records looks for a part of it.
func folded(name, email, subject string) string {
	return strings.ToLower(name + "\n" + email + "\n" + subject)
}

// withoutHints leaves out of a person's document what pages don't need, most of
// all the sessions' hints, which are long.
func withoutHints() bson.D {
	return bson.D{{Key: "sessions.hint", Value: 0}, {Key: "done", Value: 0}, {Key: "told", Value: 0}}
}

// withoutSessions leaves out all but what the person is.
func withoutSessions() bson.D {
	return bson.D{{Key: "sessions", Value: 0}, {Key: "done", Value: 0}, {Key: "told", Value: 0}}
}

// onePerson returns the first document that the filter chooses, without the
// fields left out, or the zero personDoc if there is none.
func (s *Store) onePerson(ctx context.Context, filter, without bson.D) (personDoc, error) {
	var d personDoc
	err := s.db.Collection(people).FindOne(ctx, filter, options.FindOne().SetProjection(without)).Decode(&d)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return personDoc{}, nil
	}
	if err != nil {
		return personDoc{}, fmt.Errorf("a person: %w", err)
	}
	return d, nil
}
