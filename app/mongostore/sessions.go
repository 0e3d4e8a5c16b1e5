package mongostore

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// sessionDoc is a session, in its person.
type sessionDoc struct {
	Hash      app.SessionHash     `bson:"hash"`
	CreatedAt time.Time           `bson:"created_at"`
	SeenAt    time.Time           `bson:"seen_at"`
	Provider  app.ProviderSession `bson:"provider,omitempty"`
	Hint      string              `bson:"hint,omitempty"` // for logging out; long, and so rarely read
}

func newSessionDoc(s app.Session) sessionDoc {
	return sessionDoc{Hash: s.Hash, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt, Provider: s.Provider, Hint: s.LogoutHint}
}

func (d sessionDoc) session(learner app.LearnerID) app.Session {
	return app.Session{
		Hash: d.Hash, Learner: learner, CreatedAt: d.CreatedAt, SeenAt: d.SeenAt,
		Provider: d.Provider, LogoutHint: d.Hint,
	}
}

// session returns the person's session with the hash, and whether there is one.
func (d personDoc) session(hash app.SessionHash) (app.Session, bool) {
	for _, s := range d.Sessions {
		if s.Hash == hash {
			return s.session(d.Learner), true
		}
	}
	return app.Session{}, false
}

// Session implements [app.Store].
func (s *Store) Session(ctx context.Context, hash app.SessionHash) (app.Session, app.Person, error) {
	var session app.Session
	var p app.Person
	err := s.do(ctx, "reading a session", func(ctx context.Context) error {
		d, err := s.onePerson(ctx, bson.D{{Key: "sessions.hash", Value: hash}}, withoutHints())
		if err != nil {
			return err
		}
		found := false
		session, found = d.session(hash)
		p = d.person()
		if !found {
			return app.ErrNotFound
		}
		return nil
	})
	if err != nil {
		return app.Session{}, app.Person{}, err
	}
	return session, p, nil
}

// Sessions implements [app.Store].
func (s *Store) Sessions(ctx context.Context, learner app.LearnerID) ([]app.Session, error) {
	var d personDoc
	err := s.do(ctx, "listing sessions", func(ctx context.Context) error {
		var err error
		d, err = s.onePerson(ctx, bson.D{{Key: "_id", Value: learner}}, withoutHints())
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []app.Session
	for _, session := range d.Sessions {
		all = append(all, session.session(learner))
	}
	slices.SortFunc(all, func(a, b app.Session) int {
		return cmp.Or(b.SeenAt.Compare(a.SeenAt), cmp.Compare(a.Hash, b.Hash))
	})
	return all, nil
}

// TouchSession implements [app.Store]. It changes one session where it stands,
// and so brings none back, and disturbs no change of the person.
func (s *Store) TouchSession(ctx context.Context, hash app.SessionHash, seen time.Time) error {
	return s.do(ctx, "touching a session", func(ctx context.Context) error {
		_, err := s.db.Collection(people).UpdateOne(ctx, bson.D{{Key: "sessions.hash", Value: hash}},
			bson.D{{Key: "$set", Value: bson.D{{Key: "sessions.$.seen_at", Value: seen}}}})
		return err
	})
}

// Sweep implements [app.Store].
func (s *Store) Sweep(ctx context.Context, created, seen, now time.Time) error {
	return s.do(ctx, "removing what has ended", func(ctx context.Context) error {
		err := s.pullSessions(ctx, "created_at", created)
		if err != nil {
			return err
		}
		err = s.pullSessions(ctx, "seen_at", seen)
		if err != nil {
			return err
		}
		err = s.forgetOnce(ctx, now)
		if err != nil {
			return err
		}
		return s.tellAll(ctx)
	})
}

// pullSessions removes the sessions of which a time is before another.
func (s *Store) pullSessions(ctx context.Context, field string, before time.Time) error {
	earlier := bson.D{{Key: "$lt", Value: before}}
	_, err := s.db.Collection(people).UpdateMany(ctx, bson.D{{Key: "sessions." + field, Value: earlier}},
		bson.D{
			{Key: "$pull", Value: bson.D{{Key: "sessions", Value: bson.D{{Key: field, Value: earlier}}}}},
			{Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}}, // whoever ends one of them by now reads again
		})
	if err != nil {
		return fmt.Errorf("old sessions: %w", err)
	}
	return nil
}
