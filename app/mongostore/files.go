package mongostore

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/content"
)

// fileDoc is a piece of a file of a version's source. No document may be larger
// than 16 MB, and a video may.
type fileDoc struct {
	Key      string `bson:"_id"`      // of the next three
	Version  string `bson:"version"`  // the id under which the version has its files
	Position int    `bson:"position"` // of the file among them: 0, 1, 2, …
	Piece    int    `bson:"piece"`    // 0, 1, 2, … of the file
	Name     string `bson:"name"`
	Data     []byte `bson:"data"`
}

const (
	// pieceSize is how much of a file one document holds.
	pieceSize = 8 << 20
	// sentAtOnce is how many bytes of files are sent before the server's answer is
	// waited for: as many as a slow line takes in the time of one call.
	sentAtOnce = 8 << 20
)

// pieces calls each with every piece of a source that is put under an id.
func pieces(id string, source content.Source, each func(fileDoc) error) error {
	for position, f := range source {
		for _, d := range piecesOf(id, position, f) {
			err := each(d)
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// piecesOf returns the pieces of one file: one at least.
func piecesOf(id string, position int, f content.File) []fileDoc {
	var all []fileDoc
	for piece := 0; piece == 0 || piece*pieceSize < len(f.Data); piece++ {
		data := f.Data[piece*pieceSize : min((piece+1)*pieceSize, len(f.Data))]
		if len(data) == 0 {
			data = []byte{} // nil would be null
		}
		all = append(all, fileDoc{fmt.Sprintf("%s/%d/%d", id, position, piece), id, position, piece, f.Name, data})
	}
	return all
}

// insertFiles puts the files of all versions there. Those that are there already
// are no fault: the same call has put them.
func (s *Store) insertFiles(ctx context.Context, call publishing) error {
	var waiting []fileDoc
	size := 0
	send := func() error {
		if len(waiting) == 0 {
			return nil
		}
		_, err := s.db.Collection(files).InsertMany(ctx, waiting, options.InsertMany().SetOrdered(false))
		if err != nil && !allThere(err) {
			return fmt.Errorf("the files: %w", err)
		}
		waiting, size = nil, 0
		return nil
	}
	for i, v := range call.doc.Versions {
		err := pieces(v.Files, call.sources[i], func(d fileDoc) error {
			waiting, size = append(waiting, d), size+len(d.Data)
			if size < sentAtOnce && len(waiting) < 1000 {
				return nil
			}
			return send()
		})
		if err != nil {
			return err
		}
	}
	return send()
}

// removeFiles removes the files of a publication that was not to be. Nobody
// would ever look for them, so that they take room is all that a failure does.
func (s *Store) removeFiles(ctx context.Context, call publishing) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	ids := bson.A{}
	for _, v := range call.doc.Versions {
		ids = append(ids, v.Files)
	}
	_, _ = s.db.Collection(files).DeleteMany(ctx, bson.D{{Key: "version", Value: bson.D{{Key: "$in", Value: ids}}}})
}

// Source implements [app.Store].
func (s *Store) Source(ctx context.Context, ref app.VersionRef) (content.Source, error) {
	var source content.Source
	err := s.do(ctx, "reading a version", func(ctx context.Context) error {
		v, err := s.findVersion(ctx, newRefDoc(ref))
		if err != nil {
			return err
		}
		source, err = s.readFiles(ctx, v.Files)
		return err
	})
	if err != nil {
		return nil, err
	}
	return source, nil
}

func (s *Store) findVersion(ctx context.Context, ref refDoc) (versionDoc, error) {
	var in publicationDoc
	err := s.db.Collection(publications).FindOne(ctx, ref.in("versions"),
		options.FindOne().SetProjection(ref.in("versions"))).Decode(&in)
	if err != nil {
		return versionDoc{}, err
	}
	if len(in.Versions) == 0 {
		return versionDoc{}, mongo.ErrNoDocuments
	}
	return in.Versions[0], nil
}

// readFiles puts the pieces of files together.
func (s *Store) readFiles(ctx context.Context, id string) (content.Source, error) {
	cursor, err := s.db.Collection(files).Find(ctx, bson.D{{Key: "version", Value: id}},
		options.Find().SetSort(bson.D{{Key: "position", Value: 1}, {Key: "piece", Value: 1}}))
	if err != nil {
		return nil, err
	}
	defer func() { _ = cursor.Close(ctx) }() // its error is that of Err
	var source content.Source
	next := 0 // the piece that follows
	for cursor.Next(ctx) {
		var d fileDoc
		err = cursor.Decode(&d)
		if err != nil {
			return nil, err
		}
		if d.Piece == 0 && d.Position == len(source) {
			source, next = append(source, content.File{Name: d.Name, Data: d.Data}), 1
			continue
		}
		if d.Position != len(source)-1 || d.Piece != next {
			return nil, fmt.Errorf("file %d of %s lacks a piece before piece %d", d.Position, id, d.Piece)
		}
		file := &source[d.Position]
		file.Data = append(file.Data, d.Data...)
		next++
	}
	return source, cursor.Err()
}
