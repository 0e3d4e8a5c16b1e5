package mongostore

import (
	"bytes"
	"context"
	"embed"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
)

// A server that checks documents refuses one that is wrong, but lets what was
// wrong before be changed: it may be what mends it.
const (
	validationLevel  = "moderate"
	validationAction = "error"
)

// schemas holds what each collection's documents must be like, as JSON Schema in
// MongoDB's dialect. They name what must be there and of what type, and allow
// more, so that a newer First5 may add to a document while an older one runs.
//
//go:embed schemas/*.json
var schemas embed.FS

// validatorOf returns what the server checks the documents of a collection by.
func validatorOf(collection string) (bson.D, error) {
	text, err := schemas.ReadFile("schemas/" + collection + ".json")
	if err != nil {
		return nil, fmt.Errorf("reading the schema of %s: %w", collection, err)
	}
	var schema bson.D
	err = bson.UnmarshalExtJSON(text, false, &schema)
	if err != nil {
		return nil, fmt.Errorf("reading the schema of %s: %w", collection, err)
	}
	return bson.D{{Key: "$jsonSchema", Value: schema}}, nil
}

// addValidators has the server check the documents of collections that it does
// not check so yet. A server that can't is no fault: First5 writes nothing else
// in any case.
func (s *Store) addValidators(ctx context.Context, all []collection, told func(string)) error {
	checked, err := s.validators(ctx)
	if err != nil {
		return err
	}
	for _, c := range all {
		validator, err := validatorOf(c.name)
		if err != nil {
			return err
		}
		wanted, err := bson.Marshal(validator)
		if err != nil {
			return fmt.Errorf("writing the schema of %s: %w", c.name, err)
		}
		if checked[c.name].is(wanted) {
			continue
		}
		told("having the server check the documents of " + c.name)
		err = s.db.RunCommand(ctx, bson.D{
			{Key: "collMod", Value: c.name}, {Key: "validator", Value: validator},
			{Key: "validationLevel", Value: validationLevel}, {Key: "validationAction", Value: validationAction},
		}).Err()
		switch {
		case hasCode(err, codeCommandNotFound):
			told("this server can't check documents: it takes them as they come")
			return nil
		case hasCode(err, codeUnauthorized):
			return fmt.Errorf("the user in the database's address may not have documents checked: give it the role dbAdmin there, "+
				"or run \"first5 indexes\" as a user that has it: %w", err)
		case err != nil:
			return fmt.Errorf("having the server check the documents of %s: %w", c.name, err)
		}
	}
	return nil
}

// validation is how the server checks a collection's documents.
type validation struct {
	Validator bson.Raw `bson:"validator"`
	Level     string   `bson:"validationLevel"`
	Action    string   `bson:"validationAction"`
}

func (v validation) is(validator bson.Raw) bool {
	return bytes.Equal(v.Validator, validator) && v.Level == validationLevel && v.Action == validationAction
}

// validators returns how the server checks documents, by collection.
func (s *Store) validators(ctx context.Context) (map[string]validation, error) {
	listed, err := s.db.ListCollections(ctx, bson.D{})
	if err != nil {
		return nil, fmt.Errorf("listing the collections: %w", err)
	}
	var all []struct {
		Name    string     `bson:"name"`
		Options validation `bson:"options"`
	}
	err = listed.All(ctx, &all)
	if err != nil {
		return nil, fmt.Errorf("listing the collections: %w", err)
	}
	checked := map[string]validation{}
	for _, c := range all {
		checked[c.Name] = c.Options
	}
	return checked, nil
}
