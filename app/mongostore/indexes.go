package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// buildTime is how long the building of an index may take: there may be years
// of records to go through.
const buildTime = 24 * time.Hour

// What the server says by number.
const (
	codeIndexNotFound        = 27
	codeUnauthorized         = 13
	codeAuthenticationFailed = 18
	codeNamespaceExists      = 48
	codeCommandNotFound      = 59
	codeAtlasError           = 8000 // that the hosted service refuses the user, mostly
)

// shardKeyIndex is the name of the index that a sharded cluster needs of a
// shard key. Another index that begins with the same keys does not do where it
// has an array in it.
const shardKeyIndex = "by_shard_key"

// CreateIndexes creates the indexes that are missing, and has the server check
// documents where it can. It gives told what it is about to do, in words. The
// database goes on working meanwhile: MongoDB builds indexes beside the writes
// that come in. It changes no index that is there: one of the same name with other
// keys is an error that says what to do. Indexes of an earlier First5 that others
// have taken the place of are removed, and documents of an earlier one get the
// fields that it did not have.
func (s *Store) CreateIndexes(ctx context.Context, told func(step string)) error {
	ctx, cancel := context.WithTimeout(ctx, buildTime) // in place of a call's usual patience
	defer cancel()
	return s.do(ctx, "creating the indexes", func(ctx context.Context) error {
		needed, err := s.needed(ctx)
		if err != nil {
			return err
		}
		there, err := s.there(ctx)
		if err != nil {
			return err
		}
		for _, c := range needed {
			err = s.createCollection(ctx, c, there, told)
			if err == nil {
				err = s.addIndexes(ctx, c, told)
			}
			if err != nil {
				return err
			}
		}
		err = s.addValidators(ctx, needed, told)
		if err != nil {
			return err
		}
		return s.fillKeys(ctx, told)
	})
}

// needed returns the collections with the indexes that this server needs of them.
func (s *Store) needed(ctx context.Context) ([]collection, error) {
	sharded, err := s.isSharded(ctx)
	if err != nil {
		return nil, err
	}
	all := collections()
	for i, c := range all {
		if sharded && c.shardKey != nil && !c.hasShardKey() {
			all[i].indexes = append(slices.Clip(c.indexes), index{name: shardKeyIndex, keys: c.shardKey})
		}
	}
	return all, nil
}

// isSharded says whether the server is the router of a sharded cluster.
func (s *Store) isSharded(ctx context.Context) (bool, error) {
	var answer struct {
		Msg string `bson:"msg"`
	}
	err := s.db.RunCommand(ctx, bson.D{{Key: "hello", Value: 1}}).Decode(&answer)
	if hasCode(err, codeCommandNotFound) { // before MongoDB 5
		err = s.db.RunCommand(ctx, bson.D{{Key: "isMaster", Value: 1}}).Decode(&answer)
	}
	if err != nil {
		return false, fmt.Errorf("asking what server it is: %w", err)
	}
	return answer.Msg == "isdbgrid", nil
}

// there returns the names of the database's collections.
func (s *Store) there(ctx context.Context) ([]string, error) {
	names, err := s.db.ListCollectionNames(ctx, bson.D{}, options.ListCollections().SetAuthorizedCollections(true))
	if err != nil {
		return nil, fmt.Errorf("listing the collections: %w", err)
	}
	return names, nil
}

// createCollection creates the collection, with its validator, unless it is there.
func (s *Store) createCollection(ctx context.Context, c collection, there []string, told func(string)) error {
	if slices.Contains(there, c.name) {
		return nil
	}
	validator, err := validatorOf(c.name)
	if err != nil {
		return err
	}
	told("creating the collection " + c.name)
	err = s.db.CreateCollection(ctx, c.name, options.CreateCollection().SetValidator(validator).
		SetValidationLevel(validationLevel).SetValidationAction(validationAction))
	if err != nil && !hasCode(err, codeNamespaceExists) { // another replica may be at it
		return fmt.Errorf("creating the collection %s: %w", c.name, err)
	}
	return nil
}

// addIndexes creates what the collection lacks.
func (s *Store) addIndexes(ctx context.Context, c collection, told func(string)) error {
	has, err := s.indexesOf(ctx, c.name)
	if err != nil {
		return err
	}
	for _, i := range c.indexes {
		name := c.name + "." + i.name
		if other, ok := has[i.name]; ok {
			if !i.is(other) {
				return fmt.Errorf("the index %s is there with other keys (%s): find out who needs it so, "+
					"remove it with db.%s.dropIndex(%q), and run \"first5 indexes\" again", name, other.KeysDocument, c.name, i.name)
			}
			continue
		}
		if i.in(has) {
			continue
		}
		told("creating the index " + name)
		_, err = s.db.Collection(c.name).Indexes().CreateOne(ctx, i.model())
		if err != nil {
			return fmt.Errorf("creating the index %s: %w", name, err)
		}
	}
	for _, old := range c.retired {
		if _, ok := has[old]; !ok {
			continue
		}
		told("removing the index " + c.name + "." + old + ", which others have taken the place of")
		err = s.db.Collection(c.name).Indexes().DropOne(ctx, old)
		if err != nil && !hasCode(err, codeIndexNotFound) { // another replica may be at it
			return fmt.Errorf("removing the index %s.%s: %w", c.name, old, err)
		}
	}
	return nil
}

// indexesOf returns the indexes that a collection has, by name.
func (s *Store) indexesOf(ctx context.Context, name string) (map[string]mongo.IndexSpecification, error) {
	specs, err := s.db.Collection(name).Indexes().ListSpecifications(ctx)
	if err != nil {
		return nil, fmt.Errorf("listing the indexes of %s: %w", name, err)
	}
	has := map[string]mongo.IndexSpecification{}
	for _, spec := range specs {
		has[spec.Name] = spec
	}
	return has, nil
}

func (i index) model() mongo.IndexModel {
	o := options.Index().SetName(i.name)
	if i.unique {
		o.SetUnique(true)
	}
	if i.sparse {
		o.SetSparse(true)
	}
	return mongo.IndexModel{Keys: i.keys, Options: o}
}

// is says whether the index that the server has is this one.
func (i index) is(has mongo.IndexSpecification) bool {
	elements, err := has.KeysDocument.Elements()
	if err != nil || len(elements) != len(i.keys) {
		return false
	}
	for n, e := range elements {
		direction, ok := e.Value().AsInt64OK() // a shell writes 1 as a double
		if !ok || e.Key() != i.keys[n].Key || direction != int64(i.keys[n].Value.(int)) {
			return false
		}
	}
	return isTrue(has.Unique) == i.unique && isTrue(has.Sparse) == i.sparse
}

// in says whether the index is one of those, by whatever name: a cluster names
// that of a shard key itself.
func (i index) in(has map[string]mongo.IndexSpecification) bool {
	for _, other := range has {
		if i.is(other) {
			return true
		}
	}
	return false
}

func isTrue(b *bool) bool { return b != nil && *b }

// MissingIndexes returns the indexes that the store needs and the database does
// not have, as "collection.index", ordered. Where documents of an earlier First5
// still lack the fields that indexes are made of, "records.keys" is among them.
func (s *Store) MissingIndexes(ctx context.Context) ([]string, error) {
	var missing []string
	err := s.do(ctx, "looking for missing indexes", func(ctx context.Context) error {
		missing = nil
		needed, err := s.needed(ctx)
		if err != nil {
			return err
		}
		for _, c := range needed {
			has, err := s.indexesOf(ctx, c.name) // none, where there is no such collection
			if err != nil {
				return err
			}
			for _, i := range c.indexes {
				if !i.in(has) {
					missing = append(missing, c.name+"."+i.name)
				}
			}
		}
		filled, err := s.keysFilled(ctx)
		if err != nil {
			return err
		}
		if !filled {
			missing = append(missing, missingKeys)
		}
		slices.Sort(missing)
		return nil
	})
	return missing, err
}

// New says whether the database has no collection of First5.
func (s *Store) New(ctx context.Context) (bool, error) {
	isNew := false
	err := s.do(ctx, "looking what the database holds", func(ctx context.Context) error {
		there, err := s.there(ctx)
		isNew = !slices.ContainsFunc(collections(), func(c collection) bool { return slices.Contains(there, c.name) })
		return err
	})
	return isNew, err
}

// hasCode says whether err is what the server says by one of the numbers.
func hasCode(err error, codes ...int) bool {
	var server mongo.ServerError
	return errors.As(err, &server) && slices.ContainsFunc(codes, server.HasErrorCode)
}
