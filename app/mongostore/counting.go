package mongostore

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// counting is an attempt that is to be counted, and in what.
type counting struct {
	record   app.Record
	attempt  heldAttempt
	answers  []answerDoc    // of the attempt, which keeps them unless its learner was erased
	complete *completionDoc // what the attempt earns; nil: nothing, or its record has a completion

	// The record, as far as it is known: where it stands, and how many of its
	// attempts have moved away. At first that is guessed, mostly rightly: where the
	// learner is now, none, and that they have not left.
	institution app.InstitutionID
	learner     app.LearnerID
	older       int
	former      bool
	named       int // of a former learner's, so that no erasure goes by unseen
}

// SaveAttempt implements [app.Store]. It is one write, which counts the attempt
// if neither this record nor another one of the learner holds it; what they hold
// is guarded by an index. Where that write finds nothing to change, SaveAttempt
// finds out why, and comes back. The write inserts nothing itself: in a sharded
// cluster it would begin a second record on another shard if the first one was
// begun before the institution's id was changed.
//
// No attempt counts twice in a record when the oldest ones move away from it:
// the write demands that as many have moved as were known to when the attempt
// was looked for among them, and what moves is there before it is gone here. It
// begins with none moved, so that it need not look for any.
//
// It demands likewise that the record is not a former learner's. Of such a one
// it is looked whether its learner was erased: then the answers are not written
// at all.
//
// What is not guarded: an id that has moved away with another record's oldest
// attempts may count once more in a record whose own have not moved, and so may
// an id in two records of which one was begun before its institution's id was
// changed. A page makes an id anew for each attempt, so both take a learner who
// does it by hand, to their own record.
func (s *Store) SaveAttempt(ctx context.Context, r app.Record, a app.Attempt) (app.Record, error) {
	return s.writeRecord(ctx, "saving an attempt", r.ChangedAt, func(ctx context.Context) (recordDoc, error) {
		return s.countAttempt(ctx, countingOf(r, a))
	})
}

// countingOf returns an attempt as SaveAttempt begins to count it.
func countingOf(r app.Record, a app.Attempt) *counting {
	return &counting{
		record:      r,
		attempt:     newHeldAttempt(a),
		answers:     newAnswerDocs(a.Answers),
		complete:    newCompletionDoc(a.Completion),
		institution: r.Institution,
		learner:     r.Learner,
	}
}

// countAttempt counts an attempt, unless it is counted. It can be repeated: the
// attempt itself tells whether it was done.
func (s *Store) countAttempt(ctx context.Context, c *counting) (recordDoc, error) {
	for round := 0; ; round++ {
		after, err := s.count(ctx, c)
		if err == nil {
			s.makeRoom(ctx, after)
			return after, nil
		}
		if !foundOtherwise(err) {
			return recordDoc{}, err
		}
		is, settled, err := s.settle(ctx, c)
		if settled || err != nil {
			return is, err
		}
		err = pause(ctx, round)
		if err != nil {
			return recordDoc{}, err
		}
	}
}

// foundOtherwise says whether a write was refused since something is not as it
// was taken to be.
func foundOtherwise(err error) bool {
	return errors.Is(err, mongo.ErrNoDocuments) || mongo.IsDuplicateKeyError(err)
}

// count counts the attempt if all is as c says, and returns the record after it.
func (s *Store) count(ctx context.Context, c *counting) (recordDoc, error) {
	which := append(c.itself(),
		bson.E{Key: "older", Value: c.older},
		bson.E{Key: "sent", Value: bson.D{{Key: "$ne", Value: sentAttempt(c.attempt.ID)}}})
	which = append(which, c.left()...)
	most := bson.D{{Key: "active_at", Value: c.attempt.At}, {Key: "changed_at", Value: whole(c.record.ChangedAt)}}
	if score := c.attempt.score(); score != nil {
		most = append(most, bson.E{Key: "score", Value: *score}, bson.E{Key: "score_key", Value: *score})
	}
	change := bson.D{
		{Key: "$inc", Value: bson.D{{Key: "counted", Value: 1}}},
		{Key: "$max", Value: most},
		{Key: "$push", Value: bson.D{{Key: "attempts", Value: c.attempt}, {Key: "sent", Value: sentAttempt(c.attempt.ID)}}},
	}
	if c.complete != nil {
		which = append(which, bson.E{Key: "completion", Value: bson.D{{Key: "$exists", Value: false}}})
		var earned recordDoc
		earned.complete(c.complete)
		change = append(change, bson.E{Key: "$set", Value: earned.completed()})
	}
	var after recordDoc
	err := s.db.Collection(records).FindOneAndUpdate(ctx, which, change, options.FindOneAndUpdate().
		SetReturnDocument(options.After).SetProjection(withoutAttempts())).Decode(&after)
	s.tallies.written(after, err)
	return after, err
}

func (c *counting) itself() bson.D {
	return bson.D{{Key: "_id", Value: c.record.ID}, {Key: "institution", Value: c.institution}, {Key: "learner", Value: c.learner}}
}

// left returns what is so of the record if its learner has left, or has not, as c
// says.
func (c *counting) left() bson.D {
	if c.former {
		return bson.D{{Key: "former", Value: true}, {Key: "named", Value: c.named}}
	}
	return bson.D{{Key: "former", Value: bson.D{{Key: "$ne", Value: true}}}}
}

// strip takes the answers from the attempt if its learner was erased. A record
// that is begun with it is a former learner's from the beginning.
func (s *Store) strip(ctx context.Context, c *counting) error {
	erased, err := s.isErased(ctx, c.learner)
	if err != nil {
		return err
	}
	c.attempt.Answers = c.answers
	if erased {
		c.attempt.Answers, c.former = []answerDoc{}, true
	}
	return nil
}

// settle finds out why an attempt could not be counted. Either that settles it,
// and settle returns the record as it is and true, or it changes c to what is so.
// It reads what a majority has: that an attempt is counted is said to no one
// before.
func (s *Store) settle(ctx context.Context, c *counting) (recordDoc, bool, error) {
	is, err := findRecord(ctx, s.db, bson.D{{Key: "_id", Value: c.record.ID}})
	missing := errors.Is(err, mongo.ErrNoDocuments)
	if err != nil && !missing {
		return recordDoc{}, false, err
	}
	if !missing {
		c.institution, c.learner, c.older = is.Institution, is.Learner, is.Older
	}
	c.former, c.named = is.Former, is.Called.Named
	// After the record: whatever had moved away by then is found now.
	counted, err := s.isCounted(ctx, c.learner, c.attempt.ID)
	switch {
	case err != nil:
		return recordDoc{}, false, err
	case counted: // perhaps since the record was read, or was not there
		is, err = findRecord(ctx, s.db, bson.D{{Key: "_id", Value: c.record.ID}})
		return is, true, err
	}
	if missing || is.Former {
		err = s.strip(ctx, c)
	} else {
		c.attempt.Answers = c.answers
	}
	if err != nil {
		return recordDoc{}, false, err
	}
	if missing {
		return s.beginWith(ctx, c)
	}
	if is.Complete != nil {
		c.complete = nil
	}
	return is, false, nil
}

// beginWith begins the record with the attempt in it, unless somebody is first.
func (s *Store) beginWith(ctx context.Context, c *counting) (recordDoc, bool, error) {
	d := newRecordDoc(c.record)
	d.Former = c.former
	d.Counted, d.Score = 1, c.attempt.score()
	d.Attempts, d.Sent = []heldAttempt{c.attempt}, append(d.Sent, sentAttempt(c.attempt.ID))
	if c.attempt.At.After(d.Active) {
		d.Active = c.attempt.At
	}
	if c.complete != nil {
		d.complete(c.complete)
	}
	d.Keys = d.keyed()
	_, err := s.db.Collection(records).InsertOne(ctx, d)
	s.tallies.written(d, err)
	if isThere(err) {
		return recordDoc{}, false, nil
	}
	return d, err == nil, err
}
