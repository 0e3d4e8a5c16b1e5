package mongostore

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

var _ archive.Store = (*Store)(nil)

// Items implements [archive.Store]. It reads what a majority has, and while the
// program goes on working what it yields of one document is of one moment: a
// record with all its attempts, a person with all sessions.
func (s *Store) Items(ctx context.Context, kind archive.Kind) iter.Seq2[archive.Item, error] {
	switch kind {
	case archive.Records:
		return items(ctx, s, records, s.recordItems)
	case archive.Workbooks:
		return items(ctx, s, workbooks, workbookItems)
	case archive.Offices:
		return items(ctx, s, offices, officeItems)
	case archive.ParkedAnswers:
		return items(ctx, s, parked, s.parkedItems)
	case archive.OnceKeys:
		return items(ctx, s, once, onceItems)
	case archive.Events:
		return items(ctx, s, events, eventItems)
	case archive.People:
		return items(ctx, s, people, personItems)
	case archive.Publications:
		return items(ctx, s, publications, publicationItems)
	}
	return s.fileItems(ctx)
}

// keyed is a document that tells its id.
type keyed interface{ key() any }

func (d recordDoc) key() any      { return d.ID }
func (d workbookDoc) key() any    { return d.Record }
func (d officeDoc) key() any      { return d.Institution }
func (d parkedDoc) key() any      { return d.Key }
func (d onceDoc) key() any        { return d.Key }
func (d eventDoc) key() any       { return d.ID }
func (d personDoc) key() any      { return d.Learner }
func (d publicationDoc) key() any { return d.Number }

// items yields what a collection holds, ordered by id. What is decided and not yet
// done everywhere is done before.
func items[Doc keyed](ctx context.Context, s *Store, collection string, rows func(context.Context, []Doc) ([]archive.Item, error)) iter.Seq2[archive.Item, error] {
	return download(ctx, s, walk[Doc, archive.Item]{
		doing: "reading " + collection,
		from:  s.db.Collection(collection),
		sort:  bson.D{{Key: "_id", Value: 1}},
		begin: func(ctx context.Context) error { return errors.Join(s.tellAll(ctx), s.finishErasures(ctx, time.Now())) },
		after: func(last *Doc) bson.D {
			if last == nil {
				return bson.D{}
			}
			return bson.D{{Key: "_id", Value: bson.D{{Key: "$gt", Value: (*last).key()}}}}
		},
		rows: rows,
	})
}

// recordItems returns records with all their attempts: those that have moved
// away are read here, as many as had by the time of the record.
func (s *Store) recordItems(ctx context.Context, docs []recordDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		held := d.Attempts
		if d.Older > 0 {
			older, err := findAll[attemptDoc](ctx, s.db.Collection(attempts), bson.D{
				{Key: "record", Value: d.ID}, {Key: "number", Value: bson.D{{Key: "$lte", Value: d.Older}}}}, options.Find())
			if err != nil {
				return nil, fmt.Errorf("older attempts: %w", err)
			}
			for _, o := range older {
				held = append(held, o.Held)
			}
		}
		all = append(all, archive.Item{Kind: archive.Records, Record: d.archived(held)})
	}
	return all, nil
}

func (d recordDoc) archived(held []heldAttempt) *archive.Record {
	r := &archive.Record{
		ID: d.ID, Institution: d.Institution, Learner: d.Learner, Program: d.Program, Module: d.Module,
		Title: d.Title, Edition: d.Edition, Version: d.Version, Score: d.Score,
		StartedAt: d.Started, ActiveAt: d.Active, ChangedAt: d.Changed, Former: d.Former, ForgetAt: d.ForgetAt,
		Attempts: []archive.Attempt{},
	}
	r.Completion = (*archive.Completion)(d.Complete)
	r.Withdrawn = (*archive.Withdrawal)(d.Withdrawn.withdrawal())
	for _, h := range held {
		r.Attempts = append(r.Attempts, archive.Attempt{ID: h.ID, Module: h.Module, Version: h.Version,
			Answers: archivedAnswers(h.Answers), Right: h.Right, Graded: h.Graded, At: h.At})
	}
	slices.SortFunc(r.Attempts, func(a, b archive.Attempt) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(string(a.ID), string(b.ID)))
	})
	return r
}

func archivedAnswers(docs []answerDoc) []archive.Answer {
	answers := []archive.Answer{}
	for _, d := range docs {
		answers = append(answers, archive.Answer{Question: d.Question, Chosen: append([]string{}, d.Chosen...)})
	}
	return answers
}

func workbookItems(_ context.Context, docs []workbookDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		w := &archive.Workbook{Record: d.Record, Learner: d.Learner, Module: d.Module, Edition: d.Edition, Title: d.Title,
			Revision: d.Revision, Card: d.Card, CardAt: d.CardAt, Read: d.Read,
			Reflections: []archive.Reflection{}, Commitments: []archive.Commitment{}}
		for _, r := range d.Reflections {
			w.Reflections = append(w.Reflections, archive.Reflection(r))
		}
		for _, c := range d.Commitments {
			w.Commitments = append(w.Commitments, archive.Commitment(c))
		}
		all = append(all, archive.Item{Kind: archive.Workbooks, Workbook: w})
	}
	return all, nil
}

func officeItems(_ context.Context, docs []officeDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		o := &archive.Office{Institution: d.Institution, Revision: d.Revision, Assignments: []archive.Assignment{},
			Tokens: []archive.AccessToken{}, Filters: []archive.SavedFilter{}}
		for _, a := range d.Assignments {
			a.People = append([]string{}, a.People...)
			o.Assignments = append(o.Assignments, archive.Assignment(a))
		}
		for _, t := range d.Tokens {
			t.Scopes = append([]app.Scope{}, t.Scopes...)
			o.Tokens = append(o.Tokens, archive.AccessToken(t))
		}
		for _, f := range d.Filters {
			o.Filters = append(o.Filters, archive.SavedFilter(f))
		}
		all = append(all, archive.Item{Kind: archive.Offices, Office: o})
	}
	return all, nil
}

// parkedItems leaves out what is counted meanwhile, and so is as good as gone.
func (s *Store) parkedItems(ctx context.Context, docs []parkedDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		counted, err := s.isCounted(ctx, d.Learner, d.ID)
		if err != nil {
			return nil, err
		}
		if !counted {
			all = append(all, archive.Item{Kind: archive.ParkedAnswers, Parked: &archive.Parked{ID: d.ID, Learner: d.Learner,
				Module: d.Module, Version: d.Version, Answers: archivedAnswers(d.Answers), Quiz: d.Quiz, At: d.At}})
		}
	}
	return all, nil
}

func onceItems(_ context.Context, docs []onceDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		all = append(all, archive.Item{Kind: archive.OnceKeys, Once: &archive.Once{Key: d.Key, Until: d.Until}})
	}
	return all, nil
}

func eventItems(_ context.Context, docs []eventDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		e := &archive.Event{ID: d.ID, At: d.At, Kind: d.Kind, Institution: d.Institution, Learner: d.Learner, Details: []archive.Detail{}}
		for _, detail := range d.Details {
			e.Details = append(e.Details, archive.Detail(detail))
		}
		all = append(all, archive.Item{Kind: archive.Events, Event: e})
	}
	return all, nil
}

func personItems(_ context.Context, docs []personDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		p := &archive.Person{
			Learner: d.Learner, Institution: d.Institution, Issuer: d.Issuer, Subject: d.Subject, Name: d.Name,
			Email: d.Email, NPI: d.NPI, Roles: append([]app.Role{}, d.Roles...), SignedInAt: d.SignedInAt,
			ErasedAt: d.ErasedAt, Sessions: []archive.Session{},
		}
		for _, s := range d.Sessions {
			p.Sessions = append(p.Sessions, archive.Session{Hash: s.Hash, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt,
				Provider: s.Provider, LogoutHint: s.Hint})
		}
		slices.SortFunc(p.Sessions, func(a, b archive.Session) int { return strings.Compare(string(a.Hash), string(b.Hash)) })
		all = append(all, archive.Item{Kind: archive.People, Person: p})
	}
	return all, nil
}

func publicationItems(_ context.Context, docs []publicationDoc) ([]archive.Item, error) {
	var all []archive.Item
	for _, d := range docs {
		p := &archive.Publication{Number: d.Number, At: d.At, Origin: d.Origin, Current: []archive.Ref{}, Versions: []archive.Version{}}
		for _, r := range d.Current {
			p.Current = append(p.Current, archive.Ref(r))
		}
		for _, v := range d.Versions {
			p.Versions = append(p.Versions, archive.Version{Ref: archive.Ref(v.Ref), Program: v.Program, Hash: v.Hash, At: v.At})
		}
		slices.SortFunc(p.Versions, func(a, b archive.Version) int {
			return cmp.Or(strings.Compare(string(a.Kind), string(b.Kind)), strings.Compare(a.Slug, b.Slug), cmp.Compare(a.Number, b.Number))
		})
		all = append(all, archive.Item{Kind: archive.Publications, Publication: p})
	}
	return all, nil
}

// fileItems yields the files of all versions, those of one version at a time in
// memory.
func (s *Store) fileItems(ctx context.Context) iter.Seq2[archive.Item, error] {
	return func(yield func(archive.Item, error) bool) {
		versions, err := s.Versions(ctx)
		if err != nil {
			yield(archive.Item{}, err)
			return
		}
		// By the whole key: a slug that another begins with does not come first in it.
		first := func(v app.Version) string {
			return archive.Item{Kind: archive.Files, File: fileItem(v.VersionRef, 0, content.File{})}.Key()
		}
		slices.SortFunc(versions, func(a, b app.Version) int { return strings.Compare(first(a), first(b)) })
		for _, v := range versions {
			source, err := s.Source(ctx, v.VersionRef)
			if err != nil {
				yield(archive.Item{}, err)
				return
			}
			for position, f := range source {
				if !yield(archive.Item{Kind: archive.Files, File: fileItem(v.VersionRef, position, f)}, nil) {
					return
				}
			}
		}
	}
}

func fileItem(of app.VersionRef, position int, f content.File) *archive.File {
	return &archive.File{Version: archive.Ref{Kind: of.Kind, Slug: of.Slug, Number: of.Number}, Position: position,
		Name: f.Name, Data: append([]byte{}, f.Data...)}
}

// Empty implements [archive.Store].
func (s *Store) Empty(ctx context.Context) (bool, error) {
	empty := true
	err := s.do(ctx, "looking whether the database is empty", func(ctx context.Context) error {
		for _, c := range collections() {
			if c.name == state {
				continue
			}
			err := s.db.Collection(c.name).FindOne(ctx, bson.D{}, options.FindOne().SetProjection(bson.D{{Key: "_id", Value: 1}})).Err()
			if err == nil {
				empty = false
				return nil
			}
			if !isNone(err) {
				return err
			}
		}
		return nil
	})
	return empty, err
}

func isNone(err error) bool { return errors.Is(err, mongo.ErrNoDocuments) }

// stateDoc is something that the store knows of itself.
type stateDoc struct {
	Key  string `bson:"_id"`
	Text string `bson:"text"`
}

// unfinished is the key of what is being moved into the store.
const unfinished = "unfinished"

// Unfinished implements [archive.Store].
func (s *Store) Unfinished(ctx context.Context) (string, error) {
	var d stateDoc
	err := s.do(ctx, "looking for an unfinished move", func(ctx context.Context) error {
		err := s.db.Collection(state).FindOne(ctx, bson.D{{Key: "_id", Value: unfinished}}).Decode(&d)
		if isNone(err) {
			return nil
		}
		return err
	})
	return d.Text, err
}

// SetUnfinished implements [archive.Store].
func (s *Store) SetUnfinished(ctx context.Context, what string) error {
	return s.do(ctx, "noting a move", func(ctx context.Context) error {
		which := bson.D{{Key: "_id", Value: unfinished}}
		if what == "" {
			_, err := s.db.Collection(state).DeleteOne(ctx, which)
			return err
		}
		_, err := s.db.Collection(state).ReplaceOne(ctx, which, stateDoc{unfinished, what}, options.Replace().SetUpsert(true))
		return err
	})
}
