package mongostore

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	lru "github.com/hashicorp/golang-lru/v2"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

const (
	// talliesHeld is of how many institutions tallies are held.
	talliesHeld = 512
	// tallyOverlap is how long before the last count a record may have changed and
	// is counted anew: clocks differ, and writes take their time.
	tallyOverlap = 2 * time.Minute
	// tallyAgain is after how long everything is counted anew.
	tallyAgain = 15 * time.Minute
	// mostChanges is how many records may have changed, and mostEditions of how many
	// editions, for less than everything to be counted anew.
	mostChanges  = 2000
	mostEditions = 20
)

// editionDoc is what is counted anew together: all of an institution's records of
// an edition of a module.
type editionDoc struct {
	Program string `bson:"program"`
	Module  string `bson:"module"`
	Edition string `bson:"edition"`
}

func (d recordDoc) edition() editionDoc { return editionDoc{d.Program, d.Module, d.Edition} }

// tallies holds what was counted of institutions, so that only what has changed
// since is counted anew. The zero value is ready.
//
// What this process has changed is known by [tallies.changed], which comes after
// each write, whenever the record says that it was changed; after a write of which
// nobody knows whether it was done, nothing is held any more. What other processes
// have changed is found by the time of the change: they are expected to tell it by
// a clock that is less than two minutes behind this one's, and to write it within
// that time. Where they don't, it is counted within a quarter of an hour. Records
// that are put here from elsewhere were changed at any time: a note tells of them. So is a record right that changed its kind in the moment in
// which the server counted: it was changed since, whoever did it.
type tallies struct {
	mu  sync.Mutex
	all *lru.Cache[app.InstitutionID, *tally]
}

// tally is what was counted of one institution.
type tally struct {
	turn chan struct{} // whose is in it may read and change what follows

	counted map[editionDoc][]app.Tally // nil: nothing yet
	at      time.Time                  // when it was last brought up to date
	wholeAt time.Time                  // when all of it was last counted
	put     string                     // what was noted by then of records that were put here; see Store.notePut

	fresh map[editionDoc]bool // changed here since then; under the mutex of all
}

// of returns what is held of an institution.
func (t *tallies) of(i app.InstitutionID) *tally {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		t.all, _ = lru.New[app.InstitutionID, *tally](talliesHeld) // fails only for a size below 1
	}
	held, ok := t.all.Get(i)
	if !ok {
		held = &tally{turn: make(chan struct{}, 1), fresh: map[editionDoc]bool{}}
		t.all.Add(i, held)
	}
	return held
}

// changed says that a record of the institution was written.
func (t *tallies) changed(i app.InstitutionID, e editionDoc) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all == nil {
		return
	}
	if held, ok := t.all.Peek(i); ok {
		held.fresh[e] = true
	}
}

// written says that a record was written, or that nobody knows whether it was.
func (t *tallies) written(d recordDoc, err error) {
	switch {
	case err == nil:
		t.changed(d.Institution, d.edition())
	case !foundOtherwise(err):
		t.forget()
	}
}

// forget lets go of everything.
func (t *tallies) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.all != nil {
		t.all.Purge()
	}
}

// take returns what was changed here, and holds it no longer.
func (t *tallies) take(held *tally) map[editionDoc]bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	fresh := held.fresh
	held.fresh = map[editionDoc]bool{}
	return fresh
}

// Counts implements [app.Store]. Whatever was acknowledged by this process before
// is counted; see [tallies] for others.
func (s *Store) Counts(ctx context.Context, institution app.InstitutionID) (app.Counts, error) {
	var counts app.Counts
	err := s.do(ctx, "counting what an institution has", func(ctx context.Context) error {
		n, err := s.db.Collection(people).CountDocuments(ctx, notErased(institution))
		if err != nil {
			return fmt.Errorf("people: %w", err)
		}
		all, err := s.tallied(ctx, institution)
		counts = app.Counts{People: int(n), Records: all}
		return err
	})
	if err != nil {
		return app.Counts{}, err
	}
	return counts, nil
}

// tallied returns the tallies of an institution, counted by one caller at a time.
func (s *Store) tallied(ctx context.Context, institution app.InstitutionID) ([]app.Tally, error) {
	held := s.tallies.of(institution)
	select {
	case held.turn <- struct{}{}:
		defer func() { <-held.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	begun := time.Now()
	err := s.bringUpToDate(ctx, institution, held, begun)
	if err != nil {
		held.counted = nil // of what was to be counted anew, nobody knows any more
		return nil, fmt.Errorf("records: %w", err)
	}
	held.at = begun
	all := slices.Concat(slices.Collect(maps.Values(held.counted))...)
	slices.SortFunc(all, func(a, b app.Tally) int {
		return cmp.Or(cmp.Compare(a.Program, b.Program), cmp.Compare(a.Module, b.Module), cmp.Compare(a.Edition, b.Edition),
			cmp.Compare(a.Status, b.Status), a.Week.Compare(b.Week))
	})
	return all, nil
}

// bringUpToDate counts anew what has changed, or everything.
func (s *Store) bringUpToDate(ctx context.Context, institution app.InstitutionID, held *tally, now time.Time) error {
	stale := s.tallies.take(held)
	put, err := s.lastPut(ctx)
	if err != nil {
		return err
	}
	few := held.counted != nil && now.Sub(held.wholeAt) < tallyAgain && put == held.put
	if few {
		few, err = s.addChanged(ctx, institution, held.at.Add(-tallyOverlap), stale)
		if err != nil {
			return err
		}
	}
	if !few || len(stale) > mostEditions {
		counted, err := s.countKinds(ctx, bson.D{{Key: "institution", Value: institution}})
		held.counted, held.wholeAt, held.put = counted, now, put
		return err
	}
	for e := range stale {
		counted, err := s.countKinds(ctx, bson.D{{Key: "institution", Value: institution},
			{Key: "program", Value: e.Program}, {Key: "module", Value: e.Module}, {Key: "edition", Value: e.Edition}})
		if err != nil {
			return err
		}
		held.counted[e] = counted[e]
	}
	return nil
}

// putLast is the id of the note that records were put here.
const putLast = "put"

// notePut notes that records were put here, so that all processes count them.
func (s *Store) notePut(ctx context.Context) error {
	_, err := s.db.Collection(state).ReplaceOne(ctx, bson.D{{Key: "_id", Value: putLast}},
		stateDoc{putLast, app.NewToken()}, options.Replace().SetUpsert(true))
	if err != nil && !isThere(err) { // another one is putting some, and their note does
		return fmt.Errorf("noting that records were put here: %w", err)
	}
	return nil
}

// lastPut returns the note, or nothing where there is none.
func (s *Store) lastPut(ctx context.Context) (string, error) {
	var d stateDoc
	err := s.db.Collection(state).FindOne(ctx, bson.D{{Key: "_id", Value: putLast}}).Decode(&d)
	if isNone(err) {
		err = nil
	}
	return d.Text, err
}

// addChanged adds the editions of which a record has changed since a time. It
// returns false if too many have.
func (s *Store) addChanged(ctx context.Context, institution app.InstitutionID, since time.Time, to map[editionDoc]bool) (few bool, err error) {
	changed, err := findAll[editionDoc](ctx, s.db.Collection(records),
		bson.D{{Key: "institution", Value: institution}, {Key: "changed_at", Value: bson.D{{Key: "$gte", Value: since}}}},
		options.Find().SetSort(bson.D{{Key: "changed_at", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(mostChanges+1).
			SetProjection(bson.D{{Key: "program", Value: 1}, {Key: "module", Value: 1}, {Key: "edition", Value: 1}}))
	for _, e := range changed {
		to[e] = true
	}
	return len(changed) <= mostChanges, err
}

// tallyDoc is how many records the server has counted of one kind.
type tallyDoc struct {
	Kind struct {
		Edition editionDoc `bson:",inline"`
		Status  app.Status `bson:"status"`
		Week    time.Time  `bson:"week"`
		Former  bool       `bson:"former"`
	} `bson:"_id"`
	Records int `bson:"records"`
}

// countKinds counts the records that fit by kind, in the index alone.
func (s *Store) countKinds(ctx context.Context, which bson.D) (map[editionDoc][]app.Tally, error) {
	kind := bson.D{}
	for _, key := range ofKind()[1:] {
		kind = append(kind, bson.E{Key: key.Key, Value: "$" + key.Key})
	}
	pipeline := bson.A{
		bson.D{{Key: "$match", Value: which}},
		bson.D{{Key: "$group", Value: bson.D{{Key: "_id", Value: kind}, {Key: "records", Value: bson.D{{Key: "$sum", Value: 1}}}}}},
	}
	cursor, err := s.db.Collection(records).Aggregate(ctx, pipeline, options.Aggregate().SetHint(ofKind()))
	if isNoIndex(err) {
		cursor, err = s.db.Collection(records).Aggregate(ctx, pipeline)
	}
	if err != nil {
		return nil, err
	}
	var docs []tallyDoc
	err = cursor.All(ctx, &docs)
	if err != nil {
		return nil, err
	}
	counted := map[editionDoc][]app.Tally{}
	for _, d := range docs {
		e := d.Kind.Edition
		counted[e] = append(counted[e], app.Tally{Program: e.Program, Module: e.Module, Edition: e.Edition,
			Status: d.Kind.Status, Week: d.Kind.Week, Former: d.Kind.Former, Records: d.Records})
	}
	return counted, nil
}

// isWide says whether a filter asks for nothing but what all records of a tally
// have in common, and for no module, whose records alone are soon counted.
func isWide(f app.Filter) bool {
	wide := app.Filter{Dates: f.Dates, Program: f.Program, Edition: f.Edition, Status: f.Status, Present: f.Present}
	return f == wide
}

// sum returns how many records of the tallies a wide filter chooses.
func sum(all []app.Tally, f app.Filter) int {
	n := 0
	for _, t := range all {
		switch {
		case f.Program != "" && t.Program != f.Program, f.Edition != "" && t.Edition != f.Edition, f.Present && t.Former,
			(f.Dates == app.ByCompletion || f.Status == app.Completed) && t.Status == app.InProgress,
			f.Status != "" && f.Status != app.Completed && t.Status != f.Status:
		default:
			n += t.Records
		}
	}
	return n
}
