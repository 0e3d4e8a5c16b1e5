package mongostore

import (
	"context"
	"fmt"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
	"first5/app/archive"
	"first5/content"
)

// clearPatience is how long removing everything may take.
const clearPatience = time.Hour

// replacement is a document that takes the place of the one that the filter
// chooses, if there is one.
type replacement struct {
	which bson.D
	doc   any
}

func replacing(id, doc any) replacement { return replacement{bson.D{{Key: "_id", Value: id}}, doc} }

// ofTheLearner names the shard key too, so that one shard is asked.
func ofTheLearner(id any, institution app.InstitutionID, learner app.LearnerID, doc any) replacement {
	return replacement{bson.D{{Key: "_id", Value: id}, {Key: "institution", Value: institution}, {Key: "learner", Value: learner}}, doc}
}

// Put implements [archive.Store].
func (s *Store) Put(ctx context.Context, items []archive.Item) error {
	if len(items) == 0 {
		return nil
	}
	put := map[archive.Kind]func(context.Context, []archive.Item) error{
		archive.Records: s.putRecords, archive.Workbooks: s.putWorkbooks, archive.ParkedAnswers: s.putParked,
		archive.Offices: s.putOffices, archive.OnceKeys: s.putOnce, archive.Events: s.putEvents, archive.People: s.putPeople, archive.Publications: s.putPublications, archive.Files: s.putFiles,
	}[items[0].Kind]
	return s.do(ctx, "putting items", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, partPatience)
		defer cancel()
		defer s.tallies.forget()
		return put(ctx, items)
	})
}

// replaceAll puts documents in their places. Mostly there are none, so that is
// tried first.
func (s *Store) replaceAll(ctx context.Context, collection string, all []replacement) error {
	if len(all) == 0 {
		return nil
	}
	docs := make([]any, len(all))
	models := make([]mongo.WriteModel, len(all))
	for n, r := range all {
		docs[n] = r.doc
		models[n] = mongo.NewReplaceOneModel().SetFilter(r.which).SetReplacement(r.doc).SetUpsert(true)
	}
	_, err := s.db.Collection(collection).InsertMany(ctx, docs, options.InsertMany().SetOrdered(false))
	if err == nil || !allThere(err) {
		return err
	}
	_, err = s.db.Collection(collection).BulkWrite(ctx, models, options.BulkWrite().SetOrdered(false))
	return err
}

// putRecords gives the records the names that their people have, where those are
// there already; others get theirs with them.
func (s *Store) putRecords(ctx context.Context, items []archive.Item) error {
	err := s.makeWay(ctx, items)
	if err != nil {
		return err
	}
	called, err := s.calledOf(ctx, items)
	if err != nil {
		return err
	}
	var all, older []replacement
	for _, i := range items {
		d := unarchivedRecord(i.Record)
		if p, ok := called[d.Learner]; ok {
			d.named(p)
		}
		for _, o := range d.moveAway() {
			older = append(older, ofTheLearner(o.Key, o.Institution, o.Learner, o))
		}
		all = append(all, ofTheLearner(d.ID, d.Institution, d.Learner, d))
	}
	err = s.replaceAll(ctx, attempts, older)
	if err != nil {
		return fmt.Errorf("older attempts: %w", err)
	}
	err = s.replaceAll(ctx, records, all)
	if err != nil {
		return err
	}
	return s.notePut(ctx)
}

// makeWay removes what stands outside of records that are to be replaced, and is
// theirs: older attempts, and parked answers that they count.
func (s *Store) makeWay(ctx context.Context, items []archive.Item) error {
	ids, learners := bson.A{}, bson.A{}
	for _, i := range items {
		ids, learners = append(ids, i.Record.ID), append(learners, i.Record.Learner)
	}
	waiting, err := findAll[parkedDoc](ctx, s.db.Collection(parked),
		bson.D{{Key: "learner", Value: bson.D{{Key: "$in", Value: learners}}}}, options.Find())
	if err != nil {
		return fmt.Errorf("their parked answers: %w", err)
	}
	for _, d := range waiting {
		_, err = s.uncounted(ctx, d.Learner, []parkedDoc{d})
		if err != nil {
			return fmt.Errorf("their parked answers: %w", err)
		}
	}
	_, err = s.db.Collection(attempts).DeleteMany(ctx, bson.D{{Key: "record", Value: bson.D{{Key: "$in", Value: ids}}}})
	if err != nil {
		return fmt.Errorf("older attempts: %w", err)
	}
	return nil
}

// calledOf returns who the people of the records are, of those that are there.
func (s *Store) calledOf(ctx context.Context, items []archive.Item) (map[app.LearnerID]personDoc, error) {
	ids := map[app.LearnerID]bool{}
	for _, i := range items {
		ids[i.Record.Learner] = true
	}
	list := bson.A{}
	for id := range ids {
		list = append(list, id)
	}
	found, err := findAll[personDoc](ctx, s.db.Collection(people), bson.D{{Key: "_id", Value: bson.D{{Key: "$in", Value: list}}}},
		options.Find().SetProjection(withoutSessions()))
	if err != nil {
		return nil, fmt.Errorf("their people: %w", err)
	}
	called := map[app.LearnerID]personDoc{}
	for _, d := range found {
		called[d.Learner] = d
	}
	return called, nil
}

func unarchivedRecord(r *archive.Record) *recordDoc {
	d := newRecordDoc(app.Record{ID: r.ID, Institution: r.Institution, Learner: r.Learner, Program: r.Program,
		Module: r.Module, Title: r.Title, Edition: r.Edition, Version: r.Version, StartedAt: r.StartedAt})
	d.Active, d.Changed, d.Score, d.Counted = r.ActiveAt, r.ChangedAt, r.Score, len(r.Attempts)
	d.Former, d.ForgetAt = r.Former, r.ForgetAt
	if c := r.Completion; c != nil {
		d.Status, d.Complete = c.Status, (*completionDoc)(c)
	}
	if w := r.Withdrawn; w != nil {
		d.Withdrawn = newWithdrawalDoc(app.Withdrawal(*w))
	}
	d.Keys = d.keyed()
	for _, a := range r.Attempts {
		d.Attempts = append(d.Attempts, heldAttempt{ID: a.ID, Module: a.Module, Version: a.Version,
			Answers: unarchivedAnswers(a.Answers), Right: a.Right, Graded: a.Graded, At: a.At})
		d.Sent = append(d.Sent, sentAttempt(a.ID))
	}
	return &d
}

// moveAway takes the oldest attempts out of a record that is put together with
// more than stand in one.
func (d *recordDoc) moveAway() []attemptDoc {
	n := len(d.Attempts) - mostHeld
	if n <= 0 {
		return nil
	}
	older := d.olderDocs(d.Attempts[:n])
	d.Older, d.Attempts = n, d.Attempts[n:]
	d.Sent = append(d.Sent[:1:1], d.Sent[1+n:]...) // the first is the record's own
	return older
}

func unarchivedAnswers(answers []archive.Answer) []answerDoc {
	docs := []answerDoc{}
	for _, a := range answers {
		docs = append(docs, answerDoc{a.Question, append([]string{}, a.Chosen...)})
	}
	return docs
}

func (s *Store) putWorkbooks(ctx context.Context, items []archive.Item) error {
	var all []replacement
	for _, i := range items {
		d := unarchivedWorkbook(i.Workbook)
		all = append(all, replacement{workbookOf(d.Learner, d.Record), d})
	}
	return s.replaceAll(ctx, workbooks, all)
}

func unarchivedWorkbook(w *archive.Workbook) workbookDoc {
	d := workbookDoc{Record: w.Record, Learner: w.Learner, Module: w.Module, Edition: w.Edition, Title: w.Title,
		Revision: w.Revision, Card: w.Card, CardAt: w.CardAt, Read: w.Read,
		Reflections: []reflectionDoc{}, Commitments: []commitmentDoc{}}
	for _, r := range w.Reflections {
		d.Reflections = append(d.Reflections, reflectionDoc(r))
	}
	for _, c := range w.Commitments {
		d.Commitments = append(d.Commitments, commitmentDoc(c))
	}
	return d
}

func (s *Store) putParked(ctx context.Context, items []archive.Item) error {
	var all []replacement
	for _, i := range items {
		p := i.Parked
		d := parkedDoc{Key: learnersOwn(p.Learner, p.ID), Learner: p.Learner, ID: p.ID, Module: p.Module,
			Version: p.Version, Answers: unarchivedAnswers(p.Answers), Quiz: p.Quiz, At: p.At}
		all = append(all, replacing(d.Key, d))
	}
	return s.replaceAll(ctx, parked, all)
}

func (s *Store) putOnce(ctx context.Context, items []archive.Item) error {
	var all []replacement
	for _, i := range items {
		all = append(all, replacing(i.Once.Key, onceDoc{Key: i.Once.Key, Until: i.Once.Until, By: app.NewToken(), At: time.Now(), Done: true}))
	}
	return s.replaceAll(ctx, once, all)
}

func (s *Store) putEvents(ctx context.Context, items []archive.Item) error {
	var all []replacement
	for _, i := range items {
		e := i.Event
		d := eventDoc{ID: e.ID, At: e.At, Kind: e.Kind, Institution: e.Institution, Learner: e.Learner, Details: []detailDoc{}}
		for _, detail := range e.Details {
			d.Details = append(d.Details, detailDoc(detail))
		}
		all = append(all, replacement{bson.D{{Key: "_id", Value: d.ID}, {Key: "institution", Value: d.Institution}}, d})
	}
	return s.replaceAll(ctx, events, all)
}

// putPeople gives their records the names, too, where those came first.
func (s *Store) putPeople(ctx context.Context, items []archive.Item) error {
	var all []replacement
	named := map[app.LearnerID]personDoc{}
	learners := bson.A{}
	for _, i := range items {
		d := unarchivedPerson(i.Person)
		all = append(all, replacing(d.Learner, d))
		learners = append(learners, d.Learner)
		named[d.Learner] = d
	}
	err := s.replaceAll(ctx, people, all)
	if err != nil {
		return err
	}
	theirs, err := findAll[recordDoc](ctx, s.db.Collection(records), bson.D{{Key: "learner", Value: bson.D{{Key: "$in", Value: learners}}}},
		options.Find().SetProjection(withoutAttempts()))
	if err == nil {
		err = s.nameAll(ctx, theirs, named)
	}
	if err != nil {
		return fmt.Errorf("the names in records: %w", err)
	}
	return nil
}

func unarchivedPerson(p *archive.Person) personDoc {
	d := newPersonDoc(app.Person{
		Learner: p.Learner,
		Identity: app.Identity{Institution: p.Institution, Issuer: p.Issuer, Subject: p.Subject,
			Name: p.Name, Email: p.Email, NPI: p.NPI, Roles: p.Roles},
		SignedInAt: p.SignedInAt, ErasedAt: p.ErasedAt,
	}, personDoc{})
	for _, s := range p.Sessions {
		d.Sessions = append(d.Sessions, sessionDoc{Hash: s.Hash, CreatedAt: s.CreatedAt, SeenAt: s.SeenAt,
			Provider: s.Provider, Hint: s.LogoutHint})
	}
	return d
}

func (s *Store) putPublications(ctx context.Context, items []archive.Item) error {
	var all []replacement
	for _, i := range items {
		p := i.Publication
		d := publicationDoc{Number: p.Number, At: p.At, Origin: p.Origin, By: app.NewToken(),
			Current: []refDoc{}, Versions: []versionDoc{}, Told: []eventDoc{}}
		for _, r := range p.Current {
			d.Current = append(d.Current, refDoc(r))
		}
		for _, v := range p.Versions {
			files, err := s.filesOf(ctx, refDoc(v.Ref))
			if err != nil {
				return err
			}
			d.Versions = append(d.Versions, versionDoc{Ref: refDoc(v.Ref), Program: v.Program, Hash: v.Hash, At: v.At, Files: files})
		}
		all = append(all, replacing(d.Number, d))
	}
	return s.replaceAll(ctx, publications, all)
}

// filesOf returns the id under which a version has its files. One that is not
// there yet has them under its name: a publication's own ids are random, and
// have no slash.
func (s *Store) filesOf(ctx context.Context, ref refDoc) (string, error) {
	v, err := s.findVersion(ctx, ref)
	if isNone(err) {
		return fmt.Sprintf("%s/%s/%d", ref.Kind, ref.Slug, ref.Number), nil
	}
	if err != nil {
		return "", fmt.Errorf("the version of files: %w", err)
	}
	return v.Files, nil
}

// putFiles puts one file after the other: one alone may be as large as all that
// is sent at once.
func (s *Store) putFiles(ctx context.Context, items []archive.Item) error {
	for _, i := range items {
		id, err := s.filesOf(ctx, refDoc(i.File.Version))
		if err != nil {
			return err
		}
		var all []replacement
		for _, d := range piecesOf(id, i.File.Position, content.File{Name: i.File.Name, Data: i.File.Data}) {
			all = append(all, replacing(d.Key, d))
		}
		err = s.replaceAll(ctx, files, all)
		if err != nil {
			return err
		}
		_, err = s.db.Collection(files).DeleteMany(ctx, bson.D{{Key: "version", Value: id}, {Key: "position", Value: i.File.Position},
			{Key: "piece", Value: bson.D{{Key: "$gte", Value: len(all)}}}})
		if err != nil {
			return fmt.Errorf("pieces of a longer file: %w", err)
		}
	}
	return nil
}

// Clear implements [archive.Store]. The collections stay, with their indexes.
func (s *Store) Clear(ctx context.Context) error {
	return s.do(ctx, "removing everything", func(ctx context.Context) error {
		ctx, cancel := context.WithTimeout(ctx, clearPatience)
		defer cancel()
		for _, c := range collections() {
			if c.name == state {
				continue
			}
			_, err := s.db.Collection(c.name).DeleteMany(ctx, bson.D{})
			s.tallies.forget()
			if err != nil {
				return fmt.Errorf("%s: %w", c.name, err)
			}
		}
		return nil
	})
}
