package mongostore

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// calledDoc is who somebody is: in the person, and copied into each of their
// records, so that a listing needs no other document.
type calledDoc struct {
	Subject string `bson:"subject"`
	Name    string `bson:"name"`
	Email   string `bson:"email"`
	NPI     string `bson:"npi"`
	Named   int    `bson:"named"` // the revision of the person that this comes from
}

// notCompared is the revision of a record's names that come from whoever began
// it, and were not compared with the person.
const notCompared = -1

// compareNames gives a record that was just begun the names that the person has
// now, since the caller may know older ones. A sign-in writes the person first
// and then changes the names of an earlier revision in all records, so whichever
// comes first, no old name stays.
func (s *Store) compareNames(ctx context.Context, d *recordDoc) error {
	if d.Called.Named != notCompared {
		return nil
	}
	of := bson.D{{Key: "_id", Value: d.Learner}}
	now, err := calledIn(ctx, s.db.Collection(people), of)
	if errors.Is(err, mongo.ErrNoDocuments) {
		return nil // whoever signs in later names the record
	}
	if err != nil {
		return err
	}
	its := d.itself()
	older := append(d.itself(), bson.E{Key: "named", Value: bson.D{{Key: "$lt", Value: now.Named}}})
	done, err := s.db.Collection(records).UpdateOne(ctx, older, bson.D{{Key: "$set", Value: now.inRecord()}})
	if err != nil {
		return err
	}
	if done.MatchedCount == 0 { // somebody was first, perhaps with a name that is newer still
		now, err = calledIn(ctx, s.db.Collection(records), its)
	}
	d.Called = now
	return err
}

// inRecord returns the fields of a record that come from its person.
func (c calledDoc) inRecord() bson.D {
	return bson.D{
		{Key: "subject", Value: c.Subject}, {Key: "name", Value: c.Name}, {Key: "email", Value: c.Email}, {Key: "npi", Value: c.NPI},
		{Key: "folded", Value: folded(c.Name, c.Email, c.Subject)}, {Key: "named", Value: c.Named},
	}
}

func calledIn(ctx context.Context, in *mongo.Collection, filter bson.D) (calledDoc, error) {
	var c calledDoc
	names := bson.D{{Key: "subject", Value: 1}, {Key: "name", Value: 1}, {Key: "email", Value: 1}, {Key: "npi", Value: 1}, {Key: "named", Value: 1}}
	err := in.FindOne(ctx, filter, options.FindOne().SetProjection(names)).Decode(&c)
	return c, err
}
