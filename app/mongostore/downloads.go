package mongostore

import (
	"context"
	"errors"
	"iter"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
)

// How many documents a download reads at once. It begins with few, so that the
// first ones come soon also where a filter chooses hardly any.
const (
	firstPart = 64
	wholePart = 1000
)

const (
	// partPatience is how long a download waits for one part. It is longer than
	// [patience], since the server may have to pass over a million documents to
	// find one, and nobody at a page waits for it.
	partPatience = time.Minute

	// partTries is how often in a row a download tries to read on without getting
	// a document: as long as it takes a replica set to find another primary.
	// firstTries is how often it tries to begin, while somebody at a page waits.
	partTries  = 5
	firstTries = 2
)

// walk is a query over a whole collection, in an order of which no two documents
// have the same place, nor any one ever another.
type walk[Doc, Row any] struct {
	doing  string
	from   *mongo.Collection
	again  *mongo.Collection // where it is read on after a fault; nil: there, too
	sort   bson.D
	fields bson.D // the projection; nil: all

	// along are the keys of the index that has this order; nil: the server finds it
	// itself. With another one it would sort what it has found, and a document that
	// changes its place there meanwhile could come twice, or not at all.
	along bson.D

	// begin is done before the first document is read, at least once. It may be nil.
	begin func(ctx context.Context) error
	// after returns the filter of what comes after a document; nil: of all.
	after func(last *Doc) bson.D
	// rows makes rows of a part's documents, one of each.
	rows func(ctx context.Context, docs []Doc) ([]Row, error)
}

// download yields all rows of a walk, each once, in constant memory. However
// slowly it is read it keeps no connection, and where the server has lost the
// place, or is another one by now, it goes on after the last document that it
// read.
func download[Doc, Row any](ctx context.Context, s *Store, w walk[Doc, Row]) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var none Row
		err := s.begin(w.doing)
		if err != nil {
			yield(none, err)
			return
		}
		defer s.end()
		err = ctx.Err()
		if err == nil {
			err = w.run(ctx, func(r Row) bool { return yield(r, nil) })
		}
		if err != nil {
			yield(none, failed(w.doing, err))
		}
	}
}

// run hands each row to yield, until that returns false.
func (w walk[Doc, Row]) run(ctx context.Context, yield func(Row) bool) error {
	p := place[Doc, Row]{walk: w}
	defer p.leave(ctx)
	for {
		part, err := p.next(ctx)
		if err != nil || len(part) == 0 {
			return err
		}
		for _, r := range part {
			if !yield(r) {
				return nil
			}
			err = ctx.Err() // which the next part alone would notice
			if err != nil {
				return err
			}
		}
	}
}

// place is how far a walk has come.
type place[Doc, Row any] struct {
	walk[Doc, Row]
	cursor *mongo.Cursor // nil where it has to be found (again)
	last   *Doc          // nil before the first
}

// next returns the next rows, or none at the end.
func (p *place[Doc, Row]) next(ctx context.Context) ([]Row, error) {
	most := partTries
	if p.last == nil {
		most = firstTries
	}
	for tries := 1; ; tries++ {
		rows, err := p.try(ctx)
		err = givenUp(ctx, err)
		if err == nil || ctx.Err() != nil || tries == most || !isAway(err) {
			return rows, err
		}
		p.leave(ctx)
		err = pause(ctx, tries)
		if err != nil {
			return nil, err
		}
	}
}

// try reads the next rows. The driver gives each fetch of a cursor a time of its
// own, and tells the server none for the cursor as a whole.
func (p *place[Doc, Row]) try(ctx context.Context) ([]Row, error) {
	ctx, cancel := context.WithTimeout(ctx, partPatience)
	defer cancel()
	if p.cursor == nil {
		err := p.find(ctx)
		if err != nil {
			return nil, err
		}
	}
	docs, err := readPart[Doc](ctx, p.cursor)
	if err != nil || len(docs) == 0 {
		return nil, err
	}
	rows, err := p.rows(ctx, docs)
	if err != nil {
		return nil, err // the documents come again, since last is still the one before them
	}
	last := docs[len(docs)-1] // a copy, which keeps the others from being kept
	p.last = &last
	return rows, nil
}

// find asks for what comes after the last document.
func (p *place[Doc, Row]) find(ctx context.Context) error {
	if p.last == nil && p.begin != nil {
		err := p.begin(ctx)
		if err != nil {
			return err
		}
	}
	set := options.Find().SetSort(p.sort).SetBatchSize(firstPart)
	if p.fields != nil {
		set.SetProjection(p.fields)
	}
	if p.along != nil {
		set.SetHint(p.along)
	}
	from := p.from
	if p.last != nil && p.again != nil {
		from = p.again
	}
	found, err := from.Find(ctx, p.after(p.last), set)
	if p.along != nil && isNoIndex(err) {
		found, err = from.Find(ctx, p.after(p.last), set.SetHint(nil))
	}
	if err != nil {
		return err
	}
	found.SetBatchSize(wholePart) // of the parts after the first
	p.cursor = found
	return nil
}

// isNoIndex says whether a query was refused since it names an index that is not
// there: the one thing that is wrong with it as it may be.
func isNoIndex(err error) bool {
	var e mongo.ServerError
	return errors.As(err, &e) && e.HasErrorCodeWithMessage(2, "hint") // BadValue
}

// readPart returns what the server sends at once, or nothing at the end.
func readPart[Doc any](ctx context.Context, c *mongo.Cursor) ([]Doc, error) {
	var docs []Doc
	for c.Next(ctx) {
		var d Doc
		err := c.Decode(&d)
		if err != nil {
			return nil, err
		}
		docs = append(docs, d)
		if c.RemainingBatchLength() == 0 {
			return docs, nil
		}
	}
	return docs, c.Err()
}

// leave lets go of the cursor.
func (p *place[Doc, Row]) leave(ctx context.Context) {
	if p.cursor == nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	_ = p.cursor.Close(ctx) // the server forgets it by itself, too
	p.cursor = nil
}
