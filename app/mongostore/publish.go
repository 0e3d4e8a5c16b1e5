package mongostore

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/content"
)

// publishing is one call of Publish.
type publishing struct {
	doc     publicationDoc
	sources []content.Source // of the versions, in their order
}

// newPublishing gives the call an id, and the files of each version one under
// which nobody else puts any.
func newPublishing(p app.Publication, versions []app.Version, told app.Event) publishing {
	d := publicationDoc{Number: p.Number, At: whole(p.At), Origin: p.Origin, By: app.NewToken(),
		Current: []refDoc{}, Versions: []versionDoc{}, Told: []eventDoc{newEventDoc(told)}}
	for _, r := range p.Current {
		d.Current = append(d.Current, newRefDoc(r))
	}
	var sources []content.Source
	for _, v := range versions {
		d.Versions = append(d.Versions, versionDoc{newRefDoc(v.VersionRef), v.Program, v.Hash, whole(v.At), app.NewToken()})
		sources = append(sources, v.Source)
	}
	return publishing{d, sources}
}

// Publish implements [app.Store].
func (s *Store) Publish(ctx context.Context, p app.Publication, versions []app.Version, told app.Event) error {
	call := newPublishing(p, versions, told)
	return s.do(ctx, "adding a publication", func(ctx context.Context) error { return s.publish(ctx, call) })
}

// publish puts the files there, where nobody looks for them yet, and then inserts
// the publication. It can be repeated.
func (s *Store) publish(ctx context.Context, call publishing) error {
	done, err := s.mayPublish(ctx, call.doc)
	if err != nil {
		return err
	}
	if !done {
		err = s.insertPublication(ctx, call)
	}
	if err != nil {
		return err
	}
	s.tell(ctx, publications, bson.D{{Key: "_id", Value: call.doc.Number}}, call.doc.Told)
	return nil
}

// mayPublish returns [app.ErrConflict] if the publication is not the next one or
// has a version that there is. It returns true if the publication is there
// already, by the same call.
func (s *Store) mayPublish(ctx context.Context, d publicationDoc) (bool, error) {
	all := s.db.Collection(publications)
	var last publicationDoc
	err := all.FindOne(ctx, bson.D{}, lastPublished().SetProjection(bson.D{{Key: "_id", Value: 1}})).Decode(&last)
	if err != nil && !errors.Is(err, mongo.ErrNoDocuments) {
		return false, err
	}
	if 1 <= d.Number && d.Number <= last.Number {
		return s.published(ctx, d)
	}
	if d.Number != last.Number+1 {
		return false, fmt.Errorf("%w: number %d, after number %d", app.ErrConflict, d.Number, last.Number)
	}
	for i, v := range d.Versions {
		if hasVersion(d.Versions[:i], v.Ref) {
			return false, thereAlready(v.Ref)
		}
	}
	return false, s.noneThere(ctx, d.Versions)
}

func hasVersion(all []versionDoc, r refDoc) bool {
	return slices.ContainsFunc(all, func(v versionDoc) bool { return v.Ref == r })
}

func thereAlready(r refDoc) error {
	return fmt.Errorf("%w: %s %s has a version %d already", app.ErrConflict, r.Kind, r.Slug, r.Number)
}

// published returns true if the publication of that number is that of the same
// call, and else an error.
func (s *Store) published(ctx context.Context, d publicationDoc) (bool, error) {
	var there publicationDoc
	err := untilSeen(ctx, func(ctx context.Context) error {
		return s.db.Collection(publications).FindOne(ctx, bson.D{{Key: "_id", Value: d.Number}},
			options.FindOne().SetProjection(bson.D{{Key: "by", Value: 1}})).Decode(&there)
	})
	if err != nil {
		return false, err
	}
	if there.By == d.By {
		return true, nil
	}
	return false, fmt.Errorf("%w: number %d is there already", app.ErrConflict, d.Number)
}

// noneThere returns an error if one of the versions exists. No other can come in
// between before the next publication, which has their number.
func (s *Store) noneThere(ctx context.Context, versions []versionDoc) error {
	for part := range slices.Chunk(versions, 100) {
		either := bson.A{}
		for _, v := range part {
			either = append(either, v.Ref.in("versions"))
		}
		var in publicationDoc
		err := s.db.Collection(publications).FindOne(ctx, bson.D{{Key: "$or", Value: either}},
			options.FindOne().SetProjection(bson.D{{Key: "versions", Value: 1}})).Decode(&in)
		if errors.Is(err, mongo.ErrNoDocuments) {
			continue
		}
		if err != nil {
			return err
		}
		for _, v := range part {
			if hasVersion(in.Versions, v.Ref) {
				return thereAlready(v.Ref)
			}
		}
	}
	return nil
}

func (s *Store) insertPublication(ctx context.Context, call publishing) error {
	err := s.insertFiles(ctx, call)
	if err != nil {
		return err
	}
	_, err = s.db.Collection(publications).InsertOne(ctx, call.doc)
	if !isThere(err) {
		return err // where it is not known whether it was done, the files stay
	}
	mine, err := s.published(ctx, call.doc)
	if !mine && errors.Is(err, app.ErrConflict) {
		s.removeFiles(ctx, call)
	}
	return err
}
