package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// toldDoc is a document of which nothing matters but where it is and the events
// in its field told. The write that changes the document puts them there, so that
// they stand with the change or not at all; from there they are moved to the
// collection events by whoever comes first.
type toldDoc struct {
	Told []eventDoc `bson:"told"`
}

// tell moves the events of the one document that the filter chooses on, after the
// write that has put them there. They are decided already: what fails here is
// done by whoever reads the trail next, and so is no failure of the step.
func (s *Store) tell(ctx context.Context, collection string, which bson.D, told []eventDoc) {
	_ = s.moveTold(ctx, collection, which, told)
}

// moveTold adds the events to the trail, and only then takes them out of the
// document. Any number may do it at once.
func (s *Store) moveTold(ctx context.Context, collection string, which bson.D, told []eventDoc) error {
	if len(told) == 0 {
		return nil
	}
	err := s.insertEvents(ctx, told)
	if err != nil {
		return err
	}
	ids := make(bson.A, len(told))
	for n, e := range told {
		ids[n] = e.ID
	}
	_, err = s.db.Collection(collection).UpdateOne(ctx, which,
		bson.D{{Key: "$pull", Value: bson.D{{Key: "told", Value: bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}}}}}})
	if err != nil {
		return fmt.Errorf("events that were told: %w", err)
	}
	return nil
}

// tellAll moves all events on that are decided: whoever reads the trail after it
// finds everything that was done before it began.
func (s *Store) tellAll(ctx context.Context) error {
	for _, c := range collections() {
		if !c.tells() {
			continue
		}
		err := s.tellAllOf(ctx, c)
		if err != nil {
			return fmt.Errorf("events of %s: %w", c.name, err)
		}
	}
	return nil
}

func (s *Store) tellAllOf(ctx context.Context, c collection) error {
	fields := bson.D{{Key: "told", Value: 1}}
	for _, key := range c.shardKey {
		fields = append(fields, bson.E{Key: key.Key, Value: 1})
	}
	// Any id, which $exists would say too, but not find in the index.
	untold, err := s.db.Collection(c.name).Find(ctx, bson.D{{Key: "told._id", Value: bson.D{{Key: "$gte", Value: ""}}}},
		options.Find().SetProjection(fields))
	if err != nil {
		return err
	}
	defer func(c *mongo.Cursor) { _ = c.Close(ctx) }(untold) // its error is that of Err
	for untold.Next(ctx) {
		var d toldDoc
		err = untold.Decode(&d)
		if err != nil {
			return err
		}
		err = s.moveTold(ctx, c.name, c.itself(untold.Current), d.Told)
		if err != nil {
			return err
		}
	}
	return untold.Err()
}
