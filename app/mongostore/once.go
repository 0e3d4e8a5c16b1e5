package mongostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"first5/app"
)

// onceDoc is a key that was used, in the collection once.
type onceDoc struct {
	Key   app.OnceKey `bson:"_id"`
	Until time.Time   `bson:"until"`
	By    string      `bson:"by"`   // the id of the call that used it
	At    time.Time   `bson:"at"`   // when that began
	Done  bool        `bson:"done"` // whether what may happen once has happened
}

// onceTakes is how long a call may take between using a key and being done.
// After that it is taken to have died, and another may use the key in its place.
const onceTakes = time.Minute

// usingOnce is one call's use of a key.
type usingOnce struct {
	store *Store
	doc   onceDoc
}

// newUse returns the use of a key by one call. done says whether using it is all
// that happens.
func (s *Store) newUse(once app.Once, done bool) *usingOnce {
	return &usingOnce{store: s, doc: onceDoc{Key: once.Key, Until: once.Until, By: app.NewToken(), At: time.Now(), Done: done}}
}

// UseOnce implements [app.Store].
func (s *Store) UseOnce(ctx context.Context, once app.Once) error {
	return s.do(ctx, "using a key once", s.newUse(once, true).use)
}

// use remembers the key. It returns [app.ErrConflict] if another call did and is
// done. While that one is at it, use waits: it may yet fail.
func (u *usingOnce) use(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for round := 1; ; round++ {
		settled, err := u.try(ctx)
		if settled || err != nil {
			return err
		}
		err = pause(ctx, round)
		if err != nil {
			return fmt.Errorf("%w: another call is using the key: %w", app.ErrStoreAway, err)
		}
	}
}

// try returns false where it is not known yet whether the key is used: another
// call has it that is not done, or that a majority does not have yet.
func (u *usingOnce) try(ctx context.Context) (settled bool, err error) {
	_, err = u.store.db.Collection(once).InsertOne(ctx, u.doc)
	if !isThere(err) {
		return true, err
	}
	var was onceDoc
	err = u.store.db.Collection(once).FindOne(ctx, u.itself()).Decode(&was)
	switch {
	case errors.Is(err, mongo.ErrNoDocuments):
		return false, nil
	case err != nil:
		return true, err
	case was.By == u.doc.By:
		return true, nil // the reply was lost
	case was.Done:
		return true, usedBefore()
	case u.doc.At.Sub(was.At) < onceTakes:
		return false, nil
	}
	return u.succeed(ctx, was)
}

// succeed uses the key in the place of a call that has died.
func (u *usingOnce) succeed(ctx context.Context, was onceDoc) (settled bool, err error) {
	result, err := u.store.db.Collection(once).UpdateOne(ctx,
		append(u.itself(), bson.E{Key: "by", Value: was.By}, bson.E{Key: "done", Value: false}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "by", Value: u.doc.By}, {Key: "at", Value: u.doc.At}, {Key: "done", Value: u.doc.Done}}}})
	if err != nil {
		return true, err
	}
	return result.MatchedCount == 1, nil
}

// finish remembers that what may happen once has happened.
func (u *usingOnce) finish(ctx context.Context) error {
	_, err := u.store.db.Collection(once).UpdateOne(ctx, append(u.itself(), bson.E{Key: "by", Value: u.doc.By}),
		bson.D{{Key: "$set", Value: bson.D{{Key: "done", Value: true}}}})
	if err != nil {
		return fmt.Errorf("a key that was used: %w", err)
	}
	return nil
}

// release forgets the key, where what may happen once has not happened. If that
// fails as well, another may use it after [onceTakes].
func (u *usingOnce) release(ctx context.Context) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second) // somebody has waited long already
	defer cancel()
	_, _ = u.store.db.Collection(once).DeleteOne(ctx,
		append(u.itself(), bson.E{Key: "by", Value: u.doc.By}, bson.E{Key: "done", Value: false}))
}

func (u *usingOnce) itself() bson.D { return bson.D{{Key: "_id", Value: u.doc.Key}} }

func usedBefore() error { return fmt.Errorf("%w: its key was used before", app.ErrConflict) }

// forgetOnce removes the keys that need not be kept after a time.
func (s *Store) forgetOnce(ctx context.Context, now time.Time) error {
	_, err := s.db.Collection(once).DeleteMany(ctx, bson.D{{Key: "until", Value: bson.D{{Key: "$lt", Value: now}}}})
	if err != nil {
		return fmt.Errorf("old keys: %w", err)
	}
	return nil
}
