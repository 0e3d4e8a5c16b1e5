package mongostore

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"first5/app"
)

// peopleAtOnce is of how many people it is asked at once whether they have a
// record.
const peopleAtOnce = 1000

// Person implements [app.Store].
func (s *Store) Person(ctx context.Context, learner app.LearnerID) (app.Person, error) {
	var d personDoc
	err := s.do(ctx, "reading a person", func(ctx context.Context) error {
		var err error
		d, err = s.onePerson(ctx, idOf(learner), withoutSessions())
		if err == nil && d.Revision == 0 {
			return mongo.ErrNoDocuments
		}
		return err
	})
	if err != nil {
		return app.Person{}, err
	}
	return d.person(), nil
}

// notErased returns the query of the people of an institution who have not left.
func notErased(institution app.InstitutionID) bson.D {
	return bson.D{{Key: "institution", Value: institution}, {Key: "present", Value: true}}
}

// attending returns the query of the people whom a filter chooses, whatever they
// have begun, from the cursor on.
func attending(institution app.InstitutionID, f app.PersonFilter, after app.PersonCursor) bson.D {
	query := notErased(institution)
	if f.Query != "" {
		query = append(query, bson.E{Key: "folded", Value: bson.D{{Key: "$regex", Value: literally(strings.ToLower(f.Query))}}})
	}
	if after != (app.PersonCursor{}) {
		query = append(query, bson.E{Key: "name_key", Value: bson.D{{Key: "$gte", Value: after.Key}}},
			bson.E{Key: "$or", Value: bson.A{
				bson.D{{Key: "name_key", Value: bson.D{{Key: "$gt", Value: after.Key}}}},
				bson.D{{Key: "name_key", Value: after.Key}, {Key: "_id", Value: bson.D{{Key: "$gt", Value: after.Learner}}}},
			}})
	}
	return query
}

// People implements [app.Store].
func (s *Store) People(ctx context.Context, institution app.InstitutionID, f app.PersonFilter, after app.PersonCursor, limit int) ([]app.Person, error) {
	var found []app.Person
	err := s.do(ctx, "listing people", func(ctx context.Context) error {
		found = nil
		atOnce := limit
		if f.NotBegun != (app.EditionRef{}) {
			atOnce = max(limit, peopleAtOnce)
		}
		return s.eachPart(ctx, institution, f, after, atOnce, withoutSessions(), func(part []personDoc) bool {
			for _, d := range part[:min(len(part), limit-len(found))] {
				found = append(found, d.person())
			}
			return len(found) < limit
		})
	})
	return found, err
}

// CountPeople implements [app.Store]. Of those who have not begun something it
// looks at all, as of no other people: there is no index of what is not there.
func (s *Store) CountPeople(ctx context.Context, institution app.InstitutionID, f app.PersonFilter) (int, error) {
	n := 0
	err := s.do(ctx, "counting people", func(ctx context.Context) error {
		n = 0
		if f.NotBegun == (app.EditionRef{}) {
			all, err := s.db.Collection(people).CountDocuments(ctx, attending(institution, f, app.PersonCursor{}))
			n = int(all)
			return err
		}
		ids := bson.D{{Key: "name_key", Value: 1}}
		return s.eachPart(ctx, institution, f, app.PersonCursor{}, peopleAtOnce, ids, func(part []personDoc) bool {
			n += len(part)
			return true
		})
	})
	return n, err
}

// eachPart hands the people whom a filter chooses to take, so many at once less
// those who have begun, until there is none left or take returns false.
func (s *Store) eachPart(ctx context.Context, institution app.InstitutionID, f app.PersonFilter, after app.PersonCursor, atOnce int, fields bson.D, take func([]personDoc) bool) error {
	for {
		part, err := findAll[personDoc](ctx, s.db.Collection(people), attending(institution, f, after), options.Find().
			SetSort(bson.D{{Key: "name_key", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(atOnce)).SetProjection(fields))
		if err != nil || len(part) == 0 {
			return err
		}
		left, err := s.notBegun(ctx, institution, f.NotBegun, part)
		if err != nil {
			return err
		}
		if !take(left) || len(part) < atOnce {
			return nil
		}
		last := part[len(part)-1]
		after = app.PersonCursor{Key: last.Keys.Name, Learner: last.Learner}
	}
}

// notBegun returns those of the people who have no record of an edition; all, if
// none is named.
func (s *Store) notBegun(ctx context.Context, institution app.InstitutionID, e app.EditionRef, part []personDoc) ([]personDoc, error) {
	if e == (app.EditionRef{}) {
		return part, nil
	}
	ids := make([]app.RecordID, len(part))
	for n, d := range part {
		ids[n] = app.NewRecordID(d.Learner, e.Module, e.Edition)
	}
	begun, err := findAll[recordDoc](ctx, s.db.Collection(records),
		bson.D{{Key: "institution", Value: institution}, {Key: "_id", Value: bson.D{{Key: "$in", Value: ids}}}},
		options.Find().SetProjection(bson.D{{Key: "_id", Value: 1}}))
	if err != nil {
		return nil, err
	}
	has := map[app.RecordID]bool{}
	for _, r := range begun {
		has[r.ID] = true
	}
	var left []personDoc
	for n, d := range part {
		if !has[ids[n]] {
			left = append(left, d)
		}
	}
	return left, nil
}

// PeopleNamed implements [app.Store]. An empty name is nobody's.
func (s *Store) PeopleNamed(ctx context.Context, institution app.InstitutionID, names []string) ([]app.Person, error) {
	names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "" })
	if len(names) == 0 {
		return nil, nil
	}
	emails := make([]string, len(names))
	for n, name := range names {
		emails[n] = strings.ToLower(name)
	}
	return s.peopleBy(ctx, "looking for people", append(notErased(institution), bson.E{Key: "$or", Value: bson.A{
		bson.D{{Key: "email_key", Value: bson.D{{Key: "$in", Value: emails}}}},
		bson.D{{Key: "subject", Value: bson.D{{Key: "$in", Value: names}}}},
	}}), options.Find(), func(a, b personDoc) int {
		return cmp.Or(strings.Compare(a.Keys.Name, b.Keys.Name), strings.Compare(string(a.Learner), string(b.Learner)))
	})
}

// LeftBefore implements [app.Store].
func (s *Store) LeftBefore(ctx context.Context, institution app.InstitutionID, before time.Time, limit int) ([]app.Person, error) {
	which := append(notErased(institution), bson.E{Key: "signed_in_at", Value: bson.D{{Key: "$lt", Value: before}}})
	return s.peopleBy(ctx, "looking for people who have left", which, options.Find().
		SetSort(bson.D{{Key: "signed_in_at", Value: 1}, {Key: "_id", Value: 1}}).SetLimit(int64(limit)), nil)
}

// peopleBy returns the people who fit, in an order if there is one.
func (s *Store) peopleBy(ctx context.Context, doing string, which bson.D, o *options.FindOptionsBuilder, order func(a, b personDoc) int) ([]app.Person, error) {
	var found []app.Person
	err := s.do(ctx, doing, func(ctx context.Context) error {
		docs, err := findAll[personDoc](ctx, s.db.Collection(people), which, o.SetProjection(withoutSessions()))
		if err != nil {
			return err
		}
		if order != nil {
			slices.SortFunc(docs, order)
		}
		found = nil
		for _, d := range docs {
			found = append(found, d.person())
		}
		return nil
	})
	return found, err
}

// LearnerAttempts implements [app.Store]. It looks among the older ones last, as
// isCounted does: what moves there meanwhile is found twice, and comes once.
func (s *Store) LearnerAttempts(ctx context.Context, learner app.LearnerID) ([]app.Attempt, error) {
	var all []app.Attempt
	err := s.do(ctx, "reading a learner's attempts", func(ctx context.Context) error {
		of := bson.D{{Key: "learner", Value: learner}}
		held, err := findAll[recordDoc](ctx, s.db.Collection(records), of,
			options.Find().SetProjection(bson.D{{Key: "attempts", Value: 1}}))
		if err != nil {
			return err
		}
		older, err := findAll[attemptDoc](ctx, s.db.Collection(attempts), of, options.Find())
		if err != nil {
			return err
		}
		all = nil
		for _, d := range held {
			for _, h := range d.Attempts {
				all = append(all, h.attempt(learner, d.ID))
			}
		}
		for _, o := range older {
			all = append(all, o.Held.attempt(learner, o.Record))
		}
		all = eachOnce(all)
		return nil
	})
	return all, err
}

// eachOnce orders attempts, the oldest first, and leaves out what comes again.
func eachOnce(all []app.Attempt) []app.Attempt {
	slices.SortFunc(all, func(a, b app.Attempt) int {
		return cmp.Or(a.At.Compare(b.At), strings.Compare(string(a.ID), string(b.ID)), strings.Compare(string(a.Record), string(b.Record)))
	})
	return slices.CompactFunc(all, func(a, b app.Attempt) bool { return a.ID == b.ID && a.Record == b.Record })
}
