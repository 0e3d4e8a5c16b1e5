package mongostore

import (
	"context"
	"errors"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// recordDoc is an [app.Record] with its last attempts.
type recordDoc struct {
	ID          app.RecordID      `bson:"_id"`
	Institution app.InstitutionID `bson:"institution"`
	Learner     app.LearnerID     `bson:"learner"`
	Called      calledDoc         `bson:",inline"`
	Keys        keysDoc           `bson:",inline"` // made of the rest; see keyed
	Program     string            `bson:"program"`
	Module      string            `bson:"module"`
	Title       string            `bson:"title"`
	Edition     string            `bson:"edition"`
	Version     int               `bson:"version"`

	// So many attempts were ever counted, and so many of those have moved to the
	// collection of attempts. The others stand here, in the order in which they
	// were counted.
	Counted  int            `bson:"counted"`
	Older    int            `bson:"older"`
	Attempts []heldAttempt  `bson:"attempts"`
	Sent     []string       `bson:"sent"` // see sentAttempt; what is in it, no other record of the learner has
	Score    *int           `bson:"score,omitempty"`
	Started  time.Time      `bson:"started_at"`
	Active   time.Time      `bson:"active_at"`
	Changed  time.Time      `bson:"changed_at"`
	Status   app.Status     `bson:"status"`
	Complete *completionDoc `bson:"completion,omitempty"`

	Withdrawn *withdrawalDoc `bson:"withdrawn,omitempty"` // of the completion's certificate
	Former    bool           `bson:"former"`              // the learner was erased, or has moved to another institution
	ForgetAt  time.Time      `bson:"forget_at,omitempty"` // when the completion's name is to be forgotten
	Done      []string       `bson:"done,omitempty"`      // ids of the last changes by managers, as in personDoc
	Told      []eventDoc     `bson:"told,omitempty"`      // see toldDoc
}

// completionDoc is an [app.Completion].
type completionDoc struct {
	Status      app.Status        `bson:"status"`
	At          time.Time         `bson:"at"`
	Version     int               `bson:"version"`
	Score       *int              `bson:"score,omitempty"`
	Certificate app.CertificateID `bson:"certificate"`
	Attempt     app.AttemptID     `bson:"attempt,omitempty"`
	Name        string            `bson:"name"`
	Title       string            `bson:"title"`
	Institution string            `bson:"institution"`
	Credit      string            `bson:"credit,omitempty"`
	Reason      string            `bson:"reason,omitempty"`
}

// sentAttempt returns what stands in a record's sent for an attempt in it, and
// sentRecord what stands there first of a record that was begun: the guard that
// of a learner's records one alone has an attempt takes two that have nothing
// there for the same.
func sentAttempt(id app.AttemptID) string { return "attempt/" + string(id) }

func sentRecord(id app.RecordID) string { return "record/" + string(id) }

// newRecordDoc returns the record as it is begun: without attempts or completion.
func newRecordDoc(r app.Record) recordDoc {
	d := recordDoc{
		ID:          r.ID,
		Institution: r.Institution,
		Learner:     r.Learner,
		Called:      calledDoc{Subject: r.Subject, Name: r.Name, Email: r.Email, NPI: r.NPI, Named: notCompared},
		Program:     r.Program,
		Module:      r.Module,
		Title:       r.Title,
		Edition:     r.Edition,
		Version:     r.Version,
		Attempts:    []heldAttempt{},
		Sent:        []string{sentRecord(r.ID)},
		Started:     whole(r.StartedAt),
		Active:      whole(r.StartedAt),
		Changed:     whole(r.ChangedAt),
		Status:      app.InProgress,
	}
	d.Keys = d.keyed()
	return d
}

// whole returns a time as the database keeps it.
func whole(t time.Time) time.Time { return t.UTC().Truncate(time.Millisecond) }

func (d recordDoc) record() app.Record {
	return app.Record{
		ID:          d.ID,
		Institution: d.Institution,
		Learner:     d.Learner,
		Subject:     d.Called.Subject,
		Name:        d.Called.Name,
		Email:       d.Called.Email,
		NPI:         d.Called.NPI,
		Program:     d.Program,
		Module:      d.Module,
		Title:       d.Title,
		Edition:     d.Edition,
		Version:     d.Version,
		Attempts:    d.Counted,
		Score:       d.Score,
		StartedAt:   d.Started,
		ActiveAt:    d.Active,
		ChangedAt:   d.Changed,
		Completion:  d.Complete.completion(),
		Withdrawn:   d.Withdrawn.withdrawal(),
		Former:      d.Former,
	}
}

// newCompletionDoc returns nil for nil.
func newCompletionDoc(c *app.Completion) *completionDoc {
	if c == nil {
		return nil
	}
	return &completionDoc{Status: c.Status, At: whole(c.At), Version: c.Version, Score: c.Score,
		Certificate: c.Certificate, Attempt: c.Attempt,
		Name: c.Name, Title: c.Title, Institution: c.Institution, Credit: c.Credit, Reason: c.Reason}
}

func (d *completionDoc) completion() *app.Completion {
	if d == nil {
		return nil
	}
	return &app.Completion{Status: d.Status, At: d.At, Version: d.Version, Score: d.Score,
		Certificate: d.Certificate, Attempt: d.Attempt,
		Name: d.Name, Title: d.Title, Institution: d.Institution, Credit: d.Credit, Reason: d.Reason}
}

// itself returns the filter of the record alone, with its shard key.
func (d recordDoc) itself() bson.D {
	return bson.D{{Key: "_id", Value: d.ID}, {Key: "institution", Value: d.Institution}, {Key: "learner", Value: d.Learner}}
}

// withoutAttempts leaves out what a record needs only to count, and to tell of.
func withoutAttempts() bson.D {
	return bson.D{{Key: "attempts", Value: 0}, {Key: "sent", Value: 0}, {Key: "done", Value: 0}, {Key: "told", Value: 0}}
}

// Begin implements [app.Store].
func (s *Store) Begin(ctx context.Context, r app.Record) (app.Record, error) {
	return s.writeRecord(ctx, "beginning a record", r.ChangedAt, func(ctx context.Context) (recordDoc, error) {
		return s.beginRecord(ctx, r)
	})
}

// writeRecord runs a step and returns the record as the step leaves it, with the
// names that its learner has. What this changes is changed at a time.
func (s *Store) writeRecord(ctx context.Context, doing string, at time.Time, step func(context.Context) (recordDoc, error)) (app.Record, error) {
	var after recordDoc
	err := s.do(ctx, doing, func(ctx context.Context) error {
		var err error
		after, err = step(ctx)
		if err == nil {
			err = s.compareNames(ctx, &after, whole(at))
		}
		if err == nil {
			err = s.mendKeys(ctx, &after)
		}
		if err == nil {
			err = s.eraseAgain(ctx, &after, whole(at))
		}
		return err
	})
	if err != nil {
		return app.Record{}, err
	}
	return after.record(), nil
}

// beginRecord looks first: in a sharded cluster no index guards that an id is
// there once, if the record was begun under another institution.
func (s *Store) beginRecord(ctx context.Context, r app.Record) (recordDoc, error) {
	found, err := findRecord(ctx, s.db, bson.D{{Key: "_id", Value: r.ID}})
	if !errors.Is(err, mongo.ErrNoDocuments) {
		return found, err
	}
	begun := newRecordDoc(r)
	_, err = s.db.Collection(records).InsertOne(ctx, begun)
	s.tallies.written(begun, err)
	if isThere(err) { // somebody was first
		err = untilSeen(ctx, func(ctx context.Context) error {
			begun, err = findRecord(ctx, s.db, bson.D{{Key: "_id", Value: r.ID}})
			return err
		})
	}
	return begun, err
}

func findRecord(ctx context.Context, from *mongo.Database, filter bson.D) (recordDoc, error) {
	var d recordDoc
	err := from.Collection(records).FindOne(ctx, filter, options.FindOne().SetProjection(withoutAttempts())).Decode(&d)
	return d, err
}

// Record implements [app.Store].
func (s *Store) Record(ctx context.Context, id app.RecordID) (app.Record, error) {
	return s.readRecord(ctx, "reading a record", s.db, bson.D{{Key: "_id", Value: id}})
}

// CertifiedRecord implements [app.Store].
func (s *Store) CertifiedRecord(ctx context.Context, id app.CertificateID) (app.Record, error) {
	return s.readRecord(ctx, "reading a certified record", s.db, certified(id))
}

// certified returns the filter of the record whose completion has the certificate.
// Nothing forbids a completion without one, which none must find.
func certified(id app.CertificateID) bson.D {
	return bson.D{{Key: "completion.certificate", Value: bson.D{{Key: "$eq", Value: id}, {Key: "$gt", Value: ""}}}}
}

func (s *Store) readRecord(ctx context.Context, doing string, from *mongo.Database, filter bson.D) (app.Record, error) {
	var found recordDoc
	err := s.do(ctx, doing, func(ctx context.Context) error {
		var err error
		found, err = findRecord(ctx, from, filter)
		return err
	})
	if err != nil {
		return app.Record{}, err
	}
	return found.record(), nil
}

// LearnerRecords implements [app.Store].
func (s *Store) LearnerRecords(ctx context.Context, learner app.LearnerID) ([]app.Record, error) {
	return s.readRecords(ctx, "reading a learner's records", bson.D{{Key: "learner", Value: learner}},
		options.Find().SetSort(lastActive()))
}

// lastActive is the order of listings: the last active first, by descending id
// where that is equal.
func lastActive() bson.D { return bson.D{{Key: "active_at", Value: -1}, {Key: "_id", Value: -1}} }

func (s *Store) readRecords(ctx context.Context, doing string, filter bson.D, o *options.FindOptionsBuilder) ([]app.Record, error) {
	var all []app.Record
	err := s.do(ctx, doing, func(ctx context.Context) error {
		docs, err := findAll[recordDoc](ctx, s.db.Collection(records), filter, o.SetProjection(withoutAttempts()))
		if err != nil {
			return err
		}
		all = nil
		for _, d := range docs {
			all = append(all, d.record())
		}
		return nil
	})
	return all, err
}

// findAll returns all documents that fit a filter.
func findAll[Doc any](ctx context.Context, in *mongo.Collection, filter bson.D, o *options.FindOptionsBuilder) ([]Doc, error) {
	cursor, err := in.Find(ctx, filter, o)
	if err != nil {
		return nil, err
	}
	var all []Doc
	err = cursor.All(ctx, &all)
	return all, err
}
