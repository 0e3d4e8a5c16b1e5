package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"first5/app"
)

// withdrawalDoc is an [app.Withdrawal], in its record.
type withdrawalDoc struct {
	At     time.Time `bson:"at"`
	Reason string    `bson:"reason"`
	By     string    `bson:"by"` // the id of the call, which finds by it that it was done
}

func newWithdrawalDoc(w app.Withdrawal) *withdrawalDoc {
	return &withdrawalDoc{At: whole(w.At), Reason: w.Reason, By: app.NewToken()}
}

// withdrawal returns nil for nil.
func (d *withdrawalDoc) withdrawal() *app.Withdrawal {
	if d == nil {
		return nil
	}
	return &app.Withdrawal{At: d.At, Reason: d.Reason}
}

// withdrawing is one call of [Store.Withdraw].
type withdrawing struct {
	store       *Store
	certificate app.CertificateID
	doc         *withdrawalDoc
	told        []eventDoc
}

// Withdraw implements [app.Store]. One write to the record decides it, and holds
// the event.
func (s *Store) Withdraw(ctx context.Context, id app.CertificateID, w app.Withdrawal, told app.Event) error {
	c := withdrawing{store: s, certificate: id, doc: newWithdrawalDoc(w), told: newEventDocs([]app.Event{told})}
	return s.do(ctx, "withdrawing a certificate", c.run)
}

// run withdraws the certificate, unless it was withdrawn by what a majority has.
// It can be repeated.
func (c withdrawing) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for round := 1; ; round++ {
		d, err := findRecord(ctx, c.store.db, certified(c.certificate))
		if err != nil {
			return err
		}
		done := d.Withdrawn != nil && d.Withdrawn.By == c.doc.By // and the reply was lost
		if d.Withdrawn != nil && !done {
			return fmt.Errorf("%w: the certificate was withdrawn before", app.ErrConflict)
		}
		if !done {
			done, err = c.write(ctx, d)
		}
		if err != nil {
			return err
		}
		if done {
			c.store.tell(ctx, records, d.itself(), c.told)
			return nil
		}
		err = pause(ctx, round)
		if err != nil {
			return fmt.Errorf("%w: another call is withdrawing the certificate: %w", app.ErrStoreAway, err)
		}
	}
}

// write withdraws the certificate, unless somebody has since the record was read.
func (c withdrawing) write(ctx context.Context, d recordDoc) (won bool, err error) {
	still := append(d.itself(),
		bson.E{Key: "completion.certificate", Value: c.certificate},
		bson.E{Key: "withdrawn", Value: bson.D{{Key: "$exists", Value: false}}})
	result, err := c.store.db.Collection(records).UpdateOne(ctx, still, bson.D{
		{Key: "$set", Value: bson.D{{Key: "withdrawn", Value: c.doc}}}, latestChange(c.doc.At),
		{Key: "$push", Value: bson.D{{Key: "told", Value: bson.D{{Key: "$each", Value: c.told}}}}},
	})
	if err != nil {
		return false, err
	}
	return result.MatchedCount == 1, nil
}
