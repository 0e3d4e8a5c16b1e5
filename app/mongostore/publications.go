package mongostore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// publicationDoc is an [app.Publication] with the heads of the versions that are
// new in it. To insert it is to publish them.
type publicationDoc struct {
	Number   int          `bson:"_id"`
	At       time.Time    `bson:"at"`
	Origin   string       `bson:"origin"`
	Current  []refDoc     `bson:"current"`
	Versions []versionDoc `bson:"versions"`
	By       string       `bson:"by"`   // the id of the call, which finds by it that it was done
	Told     []eventDoc   `bson:"told"` // see toldDoc
}

// refDoc is an [app.VersionRef].
type refDoc struct {
	Kind   app.VersionKind `bson:"kind"`
	Slug   string          `bson:"slug"`
	Number int             `bson:"number"`
}

// versionDoc is an [app.Version] without its files, which are those of that id.
type versionDoc struct {
	Ref     refDoc    `bson:",inline"`
	Program string    `bson:"program"`
	Hash    string    `bson:"hash"`
	At      time.Time `bson:"at"`
	Files   string    `bson:"files"`
}

func newRefDoc(r app.VersionRef) refDoc { return refDoc{r.Kind, r.Slug, r.Number} }

func (d refDoc) ref() app.VersionRef {
	return app.VersionRef{Kind: d.Kind, Slug: d.Slug, Number: d.Number}
}

// in returns the filter of the version in a list of them.
func (d refDoc) in(list string) bson.D {
	return bson.D{{Key: list, Value: bson.D{{Key: "$elemMatch", Value: d}}}}
}

func (d versionDoc) version() app.Version {
	return app.Version{VersionRef: d.Ref.ref(), Program: d.Program, Hash: d.Hash, At: d.At}
}

func (d publicationDoc) publication() app.Publication {
	p := app.Publication{Number: d.Number, At: d.At, Origin: d.Origin}
	for _, r := range d.Current {
		p.Current = append(p.Current, r.ref())
	}
	return p
}

func lastPublished() *options.FindOneOptionsBuilder {
	return options.FindOne().SetSort(bson.D{{Key: "_id", Value: -1}})
}

// LastPublication implements [app.Store].
func (s *Store) LastPublication(ctx context.Context) (app.Publication, error) {
	var last publicationDoc
	err := s.do(ctx, "reading the last publication", func(ctx context.Context) error {
		return s.db.Collection(publications).FindOne(ctx, bson.D{}, lastPublished().
			SetProjection(bson.D{{Key: "versions", Value: 0}, {Key: "told", Value: 0}})).Decode(&last)
	})
	if err != nil {
		return app.Publication{}, err
	}
	return last.publication(), nil
}

// Versions implements [app.Store].
func (s *Store) Versions(ctx context.Context) ([]app.Version, error) {
	var docs []publicationDoc
	err := s.do(ctx, "reading the versions", func(ctx context.Context) error {
		var err error
		docs, err = findAll[publicationDoc](ctx, s.db.Collection(publications), bson.D{},
			options.Find().SetProjection(bson.D{{Key: "versions", Value: 1}}))
		return err
	})
	if err != nil {
		return nil, err
	}
	var all []app.Version
	for _, d := range docs {
		for _, v := range d.Versions {
			all = append(all, v.version())
		}
	}
	slices.SortFunc(all, func(a, b app.Version) int {
		return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Slug, b.Slug), cmp.Compare(a.Number, b.Number))
	})
	return all, nil
}
