package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// ending is one call of [Store.EndSessions].
type ending struct {
	store *Store
	which app.SessionFilter
	note  func(ended []app.Session) []app.Event

	tries []endingTry   // those that were sent and of which nobody said that they failed
	ended []app.Session // so far

	// decided says that the sessions have ended, and of none that fits is more to
	// be read; told are the events of it that stand in no person.
	decided bool
	told    []eventDoc
}

// endingTry is a write that removes sessions of one person.
type endingTry struct {
	id       string // by which the person's Done tells that it was done
	learner  app.LearnerID
	sessions []app.Session
	told     []eventDoc
	last     bool // of the last person, with the events of all
}

// EndSessions implements [app.Store]. Sessions are nearly always one person's;
// then one write ends them and holds the events. Of several people's the last
// write holds the events of all: if the program dies before it, those of the
// people before have ended without a word.
func (s *Store) EndSessions(ctx context.Context, which app.SessionFilter, once app.Once, note func(ended []app.Session) []app.Event) ([]app.Session, error) {
	if note == nil {
		note = func([]app.Session) []app.Event { return nil }
	}
	e := &ending{store: s, which: which, note: note}
	var err error
	if once == (app.Once{}) {
		err = s.do(ctx, "ending sessions", e.run)
	} else {
		err = e.onWord(ctx, s.newUse(once, false))
	}
	if err != nil {
		return nil, err
	}
	return e.ended, nil
}

// onWord ends the sessions on a word that counts once. Where that fails the word
// may be said again at once: a provider does, when it is told so.
func (e *ending) onWord(ctx context.Context, word *usingOnce) error {
	err := e.store.do(ctx, "ending sessions", func(ctx context.Context) error {
		err := word.use(ctx)
		if err != nil {
			return err
		}
		err = e.run(ctx)
		if err != nil {
			return err
		}
		return word.finish(ctx)
	})
	if err != nil && !e.decided && !errors.Is(err, app.ErrConflict) {
		word.release(ctx)
	}
	return err
}

// run ends the sessions that fit, again and again until nobody else changes
// their people between reading and writing them.
func (e *ending) run(ctx context.Context) error {
	for round := 1; !e.decided; round++ {
		err := e.settle(ctx)
		if err != nil || e.decided {
			return err
		}
		found, err := e.find(ctx)
		if err != nil {
			return err
		}
		err = e.endThese(ctx, found)
		if err != nil {
			return err
		}
		if e.decided {
			break
		}
		err = pause(ctx, round)
		if err != nil {
			return err
		}
	}
	return e.store.insertEvents(ctx, e.told)
}

// settle finds out which of the tries were done whose replies were lost.
func (e *ending) settle(ctx context.Context) error {
	for _, t := range slices.Clone(e.tries) {
		d, err := e.store.onePerson(ctx, bson.D{{Key: "_id", Value: t.learner}}, bson.D{{Key: "sessions", Value: 0}})
		if err != nil {
			return err
		}
		if d.did(t.id) {
			e.done(ctx, t)
		}
	}
	return nil
}

// find returns the people who have a session that fits.
func (e *ending) find(ctx context.Context) ([]personDoc, error) {
	query, ok := withSessions(e.which)
	if !ok {
		return nil, nil
	}
	found, err := e.store.db.Collection(people).Find(ctx, query,
		options.Find().SetProjection(bson.D{{Key: "done", Value: 0}, {Key: "told", Value: 0}}))
	if err != nil {
		return nil, err
	}
	var docs []personDoc
	err = found.All(ctx, &docs)
	if err != nil {
		return nil, fmt.Errorf("people with sessions: %w", err)
	}
	return docs, nil
}

// withSessions returns the query of the people who have a session that fits all
// that is set in the filter. It returns false for a filter that names nobody.
func withSessions(which app.SessionFilter) (bson.D, bool) {
	query, session := bson.D{}, bson.D{}
	if which.Learner != "" {
		query = append(query, bson.E{Key: "_id", Value: which.Learner})
	}
	if which.Hash != "" {
		session = append(session, bson.E{Key: "hash", Value: which.Hash})
	}
	if which.Provider != "" {
		session = append(session, bson.E{Key: "provider", Value: which.Provider})
	}
	named := len(query)+len(session) > 0
	if !which.CreatedBy.IsZero() {
		session = append(session, bson.E{Key: "created_at", Value: bson.D{{Key: "$lte", Value: which.CreatedBy}}})
	}
	if len(session) == 0 {
		return append(query, bson.E{Key: "sessions.0", Value: bson.D{{Key: "$exists", Value: true}}}), named
	}
	return append(query, bson.E{Key: "sessions", Value: bson.D{{Key: "$elemMatch", Value: session}}}), named
}

// fits says whether a session fits all that is set in the filter but the
// learner.
func fits(s sessionDoc, which app.SessionFilter) bool {
	return (which.Hash == "" || s.Hash == which.Hash) &&
		(which.Provider == "" || s.Provider == which.Provider) &&
		(which.CreatedBy.IsZero() || s.CreatedAt.UnixMilli() <= which.CreatedBy.UnixMilli())
}

// endThese ends the sessions of the people, as far as nobody else changes them.
func (e *ending) endThese(ctx context.Context, found []personDoc) error {
	if len(found) == 0 {
		e.decided, e.told = true, newEventDocs(e.note(e.ended))
		return nil
	}
	for n, d := range found {
		t := endingTry{id: app.NewToken(), learner: d.Learner, told: []eventDoc{}, last: n == len(found)-1}
		for _, s := range d.Sessions {
			if fits(s, e.which) {
				t.sessions = append(t.sessions, s.session(d.Learner))
			}
		}
		if t.last {
			t.told = newEventDocs(e.note(slices.Concat(e.ended, t.sessions)))
		}
		won, err := e.write(ctx, t, d.Revision)
		if err != nil || !won {
			return err
		}
	}
	return nil
}

// write removes sessions of one person, unless the person has changed since the
// sessions were read.
func (e *ending) write(ctx context.Context, t endingTry, revision int) (won bool, err error) {
	e.tries = append(e.tries, t)
	result, err := e.store.db.Collection(people).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: t.learner}, {Key: "revision", Value: revision}}, t.change())
	if err != nil {
		return false, fmt.Errorf("a person's sessions: %w", err)
	}
	if result.MatchedCount == 0 {
		e.forget(t)
		return false, nil
	}
	e.done(ctx, t)
	return true, nil
}

// change returns what the try does to its person.
func (t endingTry) change() bson.D {
	hashes := make(bson.A, len(t.sessions))
	for n, s := range t.sessions {
		hashes[n] = s.Hash
	}
	return bson.D{
		{Key: "$pull", Value: bson.D{{Key: "sessions", Value: bson.D{{Key: "hash", Value: bson.D{{Key: "$in", Value: hashes}}}}}}},
		{Key: "$inc", Value: bson.D{{Key: "revision", Value: 1}}},
		{Key: "$push", Value: bson.D{
			{Key: "done", Value: lastOf(bson.A{t.id}, changesKept)},
			{Key: "told", Value: bson.D{{Key: "$each", Value: t.told}}},
		}},
	}
}

// done counts what a try has done. No other try of the same person can be done
// any more: each was made of what is no longer so.
func (e *ending) done(ctx context.Context, t endingTry) {
	e.forget(t)
	e.ended = append(e.ended, t.sessions...)
	if t.last {
		e.decided = true
		e.store.tell(ctx, people, bson.D{{Key: "_id", Value: t.learner}}, t.told)
	}
}

func (e *ending) forget(t endingTry) {
	e.tries = slices.DeleteFunc(e.tries, func(other endingTry) bool { return other.id == t.id })
}
