package mongostore

import (
	"context"
	"fmt"
	"slices"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/app/archive"
)

// officeDoc is an [app.Office], in the collection offices: so one write saves all
// of it.
type officeDoc struct {
	Institution app.InstitutionID `bson:"_id"`
	Revision    int               `bson:"revision"`
	Assignments []assignmentDoc   `bson:"assignments"`
	Tokens      []tokenDoc        `bson:"tokens"`
	Filters     []filterDoc       `bson:"filters"`
	Done        []string          `bson:"done"` // as in personDoc
	Told        []eventDoc        `bson:"told"` // see toldDoc
}

// assignmentDoc is an [app.Assignment].
type assignmentDoc struct {
	ID      string        `bson:"id"`
	Maker   app.LearnerID `bson:"maker"`
	MadeAt  time.Time     `bson:"made_at"`
	People  []string      `bson:"people"`
	Program string        `bson:"program"`
	Module  string        `bson:"module"`
	By      string        `bson:"by"`
	Because string        `bson:"because"`
	Due     time.Time     `bson:"due,omitempty"`
}

// tokenDoc is an [app.AccessToken].
type tokenDoc struct {
	ID        string        `bson:"id"`
	Hash      app.TokenHash `bson:"hash"`
	Name      string        `bson:"name"`
	Scopes    []app.Scope   `bson:"scopes"`
	Maker     app.LearnerID `bson:"maker"`
	MadeAt    time.Time     `bson:"made_at"`
	ExpiresAt time.Time     `bson:"expires_at"`
}

// filterDoc is an [app.SavedFilter].
type filterDoc struct {
	Name  string `bson:"name"`
	Query string `bson:"query"`
}

func newOfficeDoc(o app.Office) officeDoc {
	d := officeDoc{Institution: o.Institution, Revision: o.Revision, Assignments: []assignmentDoc{}, Tokens: []tokenDoc{},
		Filters: []filterDoc{}, Done: []string{}, Told: []eventDoc{}}
	for _, a := range o.Assignments {
		a.People, a.MadeAt, a.Due = append([]string{}, a.People...), whole(a.MadeAt), whole(a.Due)
		d.Assignments = append(d.Assignments, assignmentDoc(a))
	}
	for _, t := range o.Tokens {
		t.Scopes, t.MadeAt, t.ExpiresAt = append([]app.Scope{}, t.Scopes...), whole(t.MadeAt), whole(t.ExpiresAt)
		d.Tokens = append(d.Tokens, tokenDoc(t))
	}
	for _, f := range o.Filters {
		d.Filters = append(d.Filters, filterDoc(f))
	}
	return d
}

func (d officeDoc) office() app.Office {
	o := app.Office{Institution: d.Institution, Revision: d.Revision}
	for _, a := range d.Assignments {
		if len(a.People) == 0 {
			a.People = nil
		}
		o.Assignments = append(o.Assignments, app.Assignment(a))
	}
	for _, t := range d.Tokens {
		if len(t.Scopes) == 0 {
			t.Scopes = nil
		}
		o.Tokens = append(o.Tokens, app.AccessToken(t))
	}
	for _, f := range d.Filters {
		o.Filters = append(o.Filters, app.SavedFilter(f))
	}
	return o
}

func officeOf(institution app.InstitutionID) bson.D {
	return bson.D{{Key: "_id", Value: institution}}
}

// Office implements [app.Store].
func (s *Store) Office(ctx context.Context, institution app.InstitutionID) (app.Office, error) {
	var found officeDoc
	err := s.do(ctx, "reading what managers keep", func(ctx context.Context) error {
		var err error
		found, err = s.findOffice(ctx, institution, bson.D{{Key: "done", Value: 0}, {Key: "told", Value: 0}})
		return err
	})
	if err != nil {
		return app.Office{}, err
	}
	return found.office(), nil
}

func (s *Store) findOffice(ctx context.Context, institution app.InstitutionID, fields bson.D) (officeDoc, error) {
	var d officeDoc
	err := s.db.Collection(offices).FindOne(ctx, officeOf(institution), options.FindOne().SetProjection(fields)).Decode(&d)
	return d, err
}

// savingOffice is one call of [Store.SaveOffice].
type savingOffice struct {
	store *Store
	id    string // by which the office's Done tells that it was done
	doc   officeDoc
}

// SaveOffice implements [app.Store]. One write decides it, and holds the events.
func (s *Store) SaveOffice(ctx context.Context, o app.Office, told ...app.Event) error {
	c := savingOffice{store: s, id: app.NewToken(), doc: newOfficeDoc(o)}
	c.doc.Done, c.doc.Told = []string{c.id}, newEventDocs(told)
	return s.do(ctx, "saving what managers keep", c.run)
}

// run saves the office if it is the next revision, by what a majority has, as
// savingWorkbook does.
func (c savingOffice) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for round := 1; ; round++ {
		done, err := c.write(ctx)
		if err == nil && !done {
			done, err = c.settle(ctx)
		}
		if err != nil {
			return err
		}
		if done {
			c.store.tell(ctx, offices, officeOf(c.doc.Institution), c.doc.Told)
			return nil
		}
		err = pause(ctx, round)
		if err != nil {
			return fmt.Errorf("%w: another call is saving the office: %w", app.ErrStoreAway, err)
		}
	}
}

// write adds the office if it is the first, or puts it in the place of the one
// before, whose events may still wait in it. It returns false if that is not what
// is there.
func (c savingOffice) write(ctx context.Context) (won bool, err error) {
	in := c.store.db.Collection(offices)
	if c.doc.Revision == 1 {
		_, err = in.InsertOne(ctx, c.doc)
		if isThere(err) {
			return false, nil
		}
		return err == nil, err
	}
	before := append(officeOf(c.doc.Institution), bson.E{Key: "revision", Value: c.doc.Revision - 1})
	result, err := in.UpdateOne(ctx, before, bson.D{
		{Key: "$set", Value: bson.D{{Key: "revision", Value: c.doc.Revision}, {Key: "assignments", Value: c.doc.Assignments},
			{Key: "tokens", Value: c.doc.Tokens}, {Key: "filters", Value: c.doc.Filters}}},
		{Key: "$push", Value: bson.D{
			{Key: "done", Value: lastOf(c.doc.Done, changesKept)},
			{Key: "told", Value: bson.D{{Key: "$each", Value: c.doc.Told}}},
		}},
	})
	if err != nil {
		return false, err
	}
	return result.MatchedCount == 1, nil
}

// settle finds out why nothing was written: it was done before and the reply was
// lost, or there is a conflict. It returns false where the one before is there and
// yet was not found by the write, as in savingWorkbook.
func (c savingOffice) settle(ctx context.Context) (done bool, err error) {
	is, err := c.store.findOffice(ctx, c.doc.Institution, bson.D{{Key: "revision", Value: 1}, {Key: "done", Value: 1}})
	switch {
	case err != nil && !isNone(err):
		return false, err
	case slices.Contains(is.Done, c.id):
		return true, nil
	case is.Revision == c.doc.Revision-1: // 0 where there is none
		return false, nil
	}
	return false, fmt.Errorf("%w: revision %d, after revision %d", app.ErrConflict, c.doc.Revision, is.Revision)
}

func (s *Store) putOffices(ctx context.Context, items []archive.Item) error {
	var all []replacement
	for _, i := range items {
		o := i.Office
		d := officeDoc{Institution: o.Institution, Revision: o.Revision, Assignments: []assignmentDoc{}, Tokens: []tokenDoc{},
			Filters: []filterDoc{}, Done: []string{}, Told: []eventDoc{}}
		for _, a := range o.Assignments {
			d.Assignments = append(d.Assignments, assignmentDoc(a))
		}
		for _, t := range o.Tokens {
			d.Tokens = append(d.Tokens, tokenDoc(t))
		}
		for _, f := range o.Filters {
			d.Filters = append(d.Filters, filterDoc(f))
		}
		all = append(all, replacing(d.Institution, d))
	}
	return s.replaceAll(ctx, offices, all)
}
