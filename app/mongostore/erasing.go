package mongostore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// forgetsAtOnce is of how many records the names are forgotten before it is
// looked for more.
const forgetsAtOnce = 500

// onItsWay is for how long something may still come in for somebody after their
// erasure, from a call that looked for them before: much longer than any call
// lasts.
const onItsWay = time.Hour

// erasing is one call of [Store.Erase].
type erasing struct {
	store *Store
	id    string // by which the person's Done tells that it was done
	e     app.Erasure
	told  []eventDoc
}

// Erase implements [app.Store]. One write to the person decides it: it takes away
// who they are and their sessions, holds the event, and notes that the erasure is
// to be finished. Then comes all that is theirs. What is broken off is finished by
// Forget, by whoever erases them again, or before they sign in. Forget removes
// the note, when nothing that was on its way can have come in since it looked.
func (s *Store) Erase(ctx context.Context, e app.Erasure, told app.Event) error {
	c := erasing{store: s, id: app.NewToken(), e: e, told: newEventDocs([]app.Event{told})}
	return s.do(ctx, "erasing a person", c.run)
}

func (c erasing) run(ctx context.Context) error {
	for round := 1; ; round++ {
		d, err := c.store.onePerson(ctx, bson.D{{Key: "_id", Value: c.e.Learner}}, bson.D{{Key: "sessions", Value: 0}, {Key: "told", Value: 0}})
		switch {
		case err != nil:
			return err
		case d.Revision == 0:
			return app.ErrNotFound
		case d.did(c.id): // and perhaps the reply was lost
			c.store.tell(ctx, people, idOf(d.Learner), c.told)
			return c.store.finishErasure(ctx, d, whole(c.e.At))
		case !d.ErasedAt.IsZero():
			return c.store.finishErasure(ctx, d, whole(c.e.At))
		case !c.e.SignedInBefore.IsZero() && !d.SignedInAt.Before(c.e.SignedInBefore):
			return fmt.Errorf("%w: they have signed in since", app.ErrConflict)
		}
		err = c.write(ctx, d)
		if err != nil {
			return err
		}
		err = pause(ctx, round)
		if err != nil {
			return err
		}
	}
}

func idOf(learner app.LearnerID) bson.D { return bson.D{{Key: "_id", Value: learner}} }

// write takes away who the person is, unless they have changed since before was
// read.
func (c erasing) write(ctx context.Context, before personDoc) error {
	at := whole(c.e.At)
	d := newPersonDoc(app.Person{Learner: before.Learner, Identity: app.Identity{Institution: before.Institution},
		SignedInAt: before.SignedInAt, ErasedAt: at}, before)
	_, err := c.store.db.Collection(people).UpdateOne(ctx,
		bson.D{{Key: "_id", Value: d.Learner}, {Key: "revision", Value: before.Revision}},
		bson.D{
			{Key: "$set", Value: append(bson.D{
				{Key: "issuer", Value: d.Issuer}, {Key: "subject", Value: d.Subject}, {Key: "name", Value: d.Name}, {Key: "email", Value: d.Email},
				{Key: "npi", Value: d.NPI}, {Key: "roles", Value: d.Roles}, {Key: "sessions", Value: d.Sessions},
				{Key: "revision", Value: d.Revision}, {Key: "named", Value: d.Named}, {Key: "erased_at", Value: at}, {Key: "erasing_since", Value: at},
			}, d.Keys.all()...)},
			{Key: "$push", Value: bson.D{
				{Key: "done", Value: lastOf(bson.A{c.id}, changesKept)},
				{Key: "told", Value: bson.D{{Key: "$each", Value: c.told}}},
			}},
		})
	if err != nil {
		return fmt.Errorf("a person: %w", err)
	}
	return nil
}

// finishErasure does what follows from an erasure that is decided, at a time:
// nothing, where there is none, or none that may be unfinished. It can be
// repeated, and be done by many at once. The person signs in only after it, which
// ends it, so that it takes nothing that comes after that; who is slower than
// another by a whole sign-in and more looks first whether it is still to be done.
func (s *Store) finishErasure(ctx context.Context, d personDoc, at time.Time) error {
	if d.ErasingSince.IsZero() {
		return nil
	}
	err := s.eraseRecords(ctx, d, at)
	if err != nil {
		return err
	}
	still, err := s.onePerson(ctx, d.noted(), withoutSessions())
	if err != nil || still.Revision == 0 {
		return err
	}
	of := bson.D{{Key: "learner", Value: d.Learner}}
	_, err = s.db.Collection(attempts).UpdateMany(ctx, of, bson.D{{Key: "$set", Value: bson.D{{Key: "answers", Value: bson.A{}}}}})
	if err != nil {
		return fmt.Errorf("answers: %w", err)
	}
	for _, collection := range []string{workbooks, parked} {
		_, err = s.db.Collection(collection).DeleteMany(ctx, of)
		if err != nil {
			return fmt.Errorf("%s: %w", collection, err)
		}
	}
	return nil
}

// noted returns the filter of the person as long as their erasure is to be
// finished.
func (d personDoc) noted() bson.D {
	return append(idOf(d.Learner), bson.E{Key: "erasing_since", Value: d.ErasingSince})
}

// isErased says whether somebody was erased, and has not come back.
func (s *Store) isErased(ctx context.Context, learner app.LearnerID) (bool, error) {
	d, err := s.onePerson(ctx, idOf(learner), bson.D{{Key: "erased_at", Value: 1}})
	return !d.ErasedAt.IsZero(), err
}

// eraseRecords makes a former learner's records of all that show an earlier
// revision of the person, at a time, until there is none.
func (s *Store) eraseRecords(ctx context.Context, p personDoc, at time.Time) error {
	for round := 1; ; round++ {
		docs, err := findAll[recordDoc](ctx, s.db.Collection(records), showingOlder(p), options.Find().SetProjection(withoutAttempts()))
		if err != nil || len(docs) == 0 {
			return err
		}
		for _, d := range docs {
			as := d.asIs()
			change := d.erase(p, at)
			_, err = s.db.Collection(records).UpdateOne(ctx, as, change)
			s.tallies.written(d, err)
			if err != nil {
				return fmt.Errorf("a record: %w", err)
			}
		}
		err = pause(ctx, round)
		if err != nil {
			return err
		}
	}
}

// eraseAgain takes from a former learner's record what a completion that came
// after the erasure says, and notes when its name is to be forgotten.
func (s *Store) eraseAgain(ctx context.Context, d *recordDoc, at time.Time) error {
	if !d.Former || d.Complete == nil || d.Complete.Name == "" || !d.ForgetAt.IsZero() {
		return nil
	}
	p, err := s.onePerson(ctx, idOf(d.Learner), withoutSessions())
	if err != nil || p.ErasedAt.IsZero() {
		return err
	}
	as := d.asIs()
	_, err = s.db.Collection(records).UpdateOne(ctx, as, d.erase(p, at))
	if err != nil {
		return fmt.Errorf("a former learner's record: %w", err)
	}
	return nil
}

// erase makes the record that of a former learner, at a time, and returns the
// change that does so.
func (d *recordDoc) erase(p personDoc, at time.Time) bson.D {
	unset := bson.D{}
	set := bson.D{{Key: "former", Value: true}, {Key: "attempts.$[].answers", Value: bson.A{}}}
	d.Former, d.ForgetAt = true, time.Time{}
	if c := d.Complete.completion(); c != nil && c.Name != "" {
		d.ForgetAt = whole(app.Erasure{Learner: p.Learner, At: p.ErasedAt}.ForgetAt(*c))
	}
	switch {
	case d.ForgetAt.After(p.ErasedAt):
		set = append(set, bson.E{Key: "forget_at", Value: d.ForgetAt})
	case !d.ForgetAt.IsZero(): // it has come already
		set = append(set, d.forget()...)
	}
	if d.ForgetAt.IsZero() {
		unset = append(unset, bson.E{Key: "forget_at", Value: ""})
	}
	set = append(append(set, d.dropReasons()...), d.named(p)...)
	if at.After(d.Changed) {
		d.Changed = at
	}
	change := bson.D{{Key: "$set", Value: set}, latestChange(at)}
	if len(unset) > 0 {
		change = append(change, bson.E{Key: "$unset", Value: unset})
	}
	return change
}

// dropReasons takes the reasons of a waiver and of a withdrawal out of the record,
// and returns the fields that this changes: people write there of people.
func (d *recordDoc) dropReasons() bson.D {
	set := bson.D{}
	if d.Complete != nil && d.Complete.Reason != "" {
		without := *d.Complete
		without.Reason = ""
		d.Complete = &without
		set = append(set, bson.E{Key: "completion.reason", Value: ""})
	}
	if d.Withdrawn != nil && d.Withdrawn.Reason != "" {
		without := *d.Withdrawn
		without.Reason = ""
		d.Withdrawn = &without
		set = append(set, bson.E{Key: "withdrawn.reason", Value: ""})
	}
	return set
}

// forget takes the name out of the record's completion, and returns the field
// that this changes.
func (d *recordDoc) forget() bson.D {
	nameless := *d.Complete
	nameless.Name = ""
	d.Complete, d.ForgetAt = &nameless, time.Time{}
	d.Keys = d.keyed()
	return bson.D{{Key: "completion.name", Value: ""}}
}

// Forget implements [app.Store].
func (s *Store) Forget(ctx context.Context, now time.Time) error {
	return s.do(ctx, "forgetting former learners", func(ctx context.Context) error {
		err := s.finishErasures(ctx, now)
		if err != nil {
			return err
		}
		for {
			more, err := s.forgetSome(ctx, whole(now))
			if err != nil || !more {
				return err
			}
		}
	})
}

// finishErasures finishes all erasures that were broken off, at now, and removes
// what came in for those who were erased a short while ago. It is the last to do
// so for those of whom nothing can be on its way.
func (s *Store) finishErasures(ctx context.Context, now time.Time) error {
	begun, err := findAll[personDoc](ctx, s.db.Collection(people),
		bson.D{{Key: "erasing_since", Value: bson.D{{Key: "$gte", Value: time.Time{}}}}}, options.Find().SetProjection(withoutSessions()))
	if err != nil {
		return fmt.Errorf("unfinished erasures: %w", err)
	}
	for _, d := range begun {
		err = s.finishErasure(ctx, d, whole(now))
		if err == nil && now.Sub(d.ErasingSince) >= onItsWay {
			_, err = s.db.Collection(people).UpdateOne(ctx, d.noted(), bson.D{{Key: "$unset", Value: bson.D{{Key: "erasing_since", Value: ""}}}})
		}
		if err != nil {
			return fmt.Errorf("an unfinished erasure: %w", err)
		}
	}
	return nil
}

// forgetSome takes the names out of some of the completions whose time has come,
// and says whether there may be more.
func (s *Store) forgetSome(ctx context.Context, now time.Time) (more bool, err error) {
	docs, err := findAll[recordDoc](ctx, s.db.Collection(records),
		bson.D{{Key: "forget_at", Value: bson.D{{Key: "$lte", Value: now}}}},
		options.Find().SetSort(bson.D{{Key: "forget_at", Value: 1}}).SetLimit(forgetsAtOnce).SetProjection(withoutAttempts()))
	if err != nil {
		return false, fmt.Errorf("names to forget: %w", err)
	}
	for _, d := range docs {
		if d.Complete == nil {
			return false, errors.New("a name is to be forgotten of a record without a completion")
		}
		which := append(d.itself(), bson.E{Key: "forget_at", Value: d.ForgetAt}) // unless they came back
		set := d.forget()
		_, err = s.db.Collection(records).UpdateOne(ctx, which, bson.D{
			{Key: "$set", Value: append(set, d.Keys.ofName()...)},
			{Key: "$unset", Value: bson.D{{Key: "forget_at", Value: ""}}},
			latestChange(now),
		})
		if err != nil {
			return false, fmt.Errorf("a name to forget: %w", err)
		}
	}
	return len(docs) == forgetsAtOnce, nil
}
